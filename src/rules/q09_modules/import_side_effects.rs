//! PP0902: a module that other files import does at its top level what only a program should do.
//!
//! What is asked of this file alone: which calls an import is sure to reach ([`Model::runs_at_import`]). Whether anybody
//! imports it, the other files say.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, Expr, ModModule, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::{Diagnostic, Step, file_name};
use crate::fix::{Edit, Fix};
use crate::project::View;
use crate::python::{BindingKind, Model, NodeId, ScopeId};
use crate::rules::{Check, Code, Context, Finding};
use crate::source::SourceKind;

pub const CHECKS: &[Check] = &[Check::Module(check_names), Check::ExprStmt(check_statement)];

/// Longer calls are quoted without their arguments.
const MAX_QUOTED: usize = 30;

const GUARD: &str = "if __name__ == \"__main__\":";

/// Functions that serve until they are stopped.
#[rustfmt::skip]
const SERVING: &[&str] = &[
    "aiohttp.web.run_app", "bottle.run", "cherrypy.quickstart", "eventlet.wsgi.server", "http.server.test",
    "hypercorn.run", "uvicorn.run", "waitress.serve", "werkzeug.serving.run_simple",
];
/// Classes whose `run()` serves.
#[rustfmt::skip]
const APPLICATIONS: &[&str] = &[
    "bottle.Bottle", "dash.Dash", "flask.Flask", "flask_socketio.SocketIO", "quart.Quart", "sanic.Sanic",
];

/// What an import would start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Input,
    Main,
    Server,
    Thread,
}

impl Effect {
    fn consequence(self) -> &'static str {
        match self {
            Effect::Input => "it waits there for somebody to type, and raises EOFError where nobody can",
            Effect::Main => "the whole program runs before the importing file gets to its next line",
            Effect::Server => "it serves there, and the importing file never gets to its next line",
            Effect::Thread => "a thread runs from there on, whether the importing file wants it or not",
        }
    }
}

fn is_importable(ctx: &Context) -> bool {
    ctx.source.kind() == SourceKind::Python
}

/// `input()` and `main()`, by their names.
fn check_names<'a>(_: &'a ModModule, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    if !is_importable(ctx) {
        return;
    }
    for call in model.calls_of_builtin("input") {
        check_call(call, Effect::Input, ctx);
    }
    let Some(main) = model.lookup(ScopeId::MODULE, "main") else { return };
    let mut bindings = model.bindings(main).filter(|binding| binding.is_executed()).peekable();
    if bindings.peek().is_none() || !bindings.all(|binding| matches!(binding.kind, BindingKind::Function(_))) {
        return;
    }
    for call in model.reads(main).filter_map(|read| model.call_of(read.node)) {
        check_call(call, Effect::Main, ctx);
    }
}

/// Servers and threads, which are started by statements.
fn check_statement<'a>(stmt: &'a ast::StmtExpr, ctx: &mut Context<'_, 'a>) {
    let Expr::Call(call) = &*stmt.value else { return };
    let Some(id) = ctx.model.id(stmt).filter(|_| is_importable(ctx)) else { return };
    if ctx.model.function_scope(ctx.model.scope_of(id)) != ScopeId::MODULE {
        return;
    }
    // `asyncio.run(server.serve_forever())`
    let inner = call.arguments.args.first().and_then(Expr::as_call_expr);
    for call in std::iter::once(call).chain(inner) {
        if let Some(effect) = started(ctx.model, call) {
            check_call(call, effect, ctx);
        }
    }
}

/// What the call starts, if it is a server or a thread.
fn started(model: &Model, call: &ast::ExprCall) -> Option<Effect> {
    if let Some(name) = model.qualified_name(&call.func) {
        match name.as_str() {
            "_thread.start_new_thread" => return Some(Effect::Thread),
            name if SERVING.contains(&name) => return Some(Effect::Server),
            _ => {}
        }
    }
    let method = call.func.as_attribute_expr()?;
    let receiver = &*method.value;
    match method.attr.as_str() {
        "serve_forever" => Some(Effect::Server),
        "run" => {
            let is_app = matches!(receiver, Expr::Name(name) if name.id.as_str() == "app");
            (is_app || is_instance(model, receiver, APPLICATIONS)).then_some(Effect::Server)
        }
        "start" => is_instance(model, receiver, &["threading.Thread", "threading.Timer"]).then_some(Effect::Thread),
        _ => None,
    }
}

/// Whether an expression is made by calling one of these classes, or a class of the file that derives from one.
fn is_instance(model: &Model, expr: &Expr, classes: &[&str]) -> bool {
    if let Some(class) = model.type_of(expr)
        && class.path().is_some_and(|path| classes.contains(&path))
    {
        return true;
    }
    let made = match expr {
        Expr::Call(call) => call,
        Expr::Name(name) => {
            let binding = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol));
            let Some(Expr::Call(call)) = binding.and_then(|binding| match binding.kind {
                BindingKind::For(node) => match &*node.iter {
                    Expr::Name(name) => element_made(model, name),
                    _ => None,
                },
                _ => binding.value(),
            }) else {
                return false;
            };
            call
        }
        _ => return false,
    };
    model.is_any_of(&made.func, classes)
        || model
            .base_in_file(&made.func)
            .is_some_and(|class| model.any_external_base(class, &|base| classes.contains(&base)))
}

/// What makes the elements of a list that a comprehension filled.
fn element_made<'a>(model: &Model<'a>, list: &ast::ExprName) -> Option<&'a Expr> {
    match model.only_binding(model.symbol_of(list)?)?.value()? {
        Expr::ListComp(node) => Some(&node.elt),
        Expr::List(node) => node.elts.first(),
        _ => None,
    }
}

fn check_call<'a>(call: &'a ast::ExprCall, effect: Effect, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(id) = model.id(call).filter(|&id| model.runs_at_import(id)) else { return };
    let quoted = quoted(model, call);
    let path = ctx.source.path();
    let module = match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("__init__") | None => path.parent().and_then(|folder| folder.file_name()?.to_str()).unwrap_or("module"),
        Some(stem) => stem,
    };
    let finding = Finding::new(call.range(), format!("an import calls `{quoted}`"))
        .name("module", module)
        .name("call", quoted.as_str());
    let text = quoted.clone();
    let steps = move |code: &Code<'_, 'a>| {
        let line = code.line(call);
        vec![
            Step::new(call.range(), format!("line {line}: that runs the file down to here, and calls `{text}`")),
            Step::new(call.range(), effect.consequence()),
        ]
    };
    let bound = bound_by(model, id);
    ctx.report(
        finding
            .steps(steps)
            .fix(move |code| wrap(code, id))
            .pending(move |found, view| answer(found, view, &quoted, &bound)),
    );
}

fn answer(mut found: Diagnostic, view: &View<'_>, call: &str, bound: &[String]) -> Option<Diagnostic> {
    let importer = view.importer()?;
    let name = file_name(&importer.path);
    found.message = format!("`{name}` imports this file, which calls `{call}`: guard it with `{GUARD}`");
    found.names.push(("importer", format!("`{name}`")));
    let place = importer.import.place;
    found.steps.insert(0, Step::new(found.range, format!("`{name}` imports this file on line {}", place.line)));
    found.elsewhere.push(importer.elsewhere(format!("this import calls `{call}`")));
    let taken = view.taken_from();
    if bound.iter().any(|name| taken.contains(name.as_str())) {
        found.fixes.clear();
    }
    Some(found)
}

/// The call's text; without its arguments if that is long.
fn quoted(model: &Model, call: &ast::ExprCall) -> String {
    let text = model.slice(call);
    if text.chars().count() <= MAX_QUOTED && !text.contains(['\n', '`']) {
        return text.to_owned();
    }
    let arguments = if call.arguments.is_empty() { "" } else { "…" };
    format!("{}({arguments})", without_arguments(&call.func))
}

/// The names and dots of a chain of calls: `Thread(…).start()`.
fn without_arguments(expr: &Expr) -> String {
    match expr {
        Expr::Call(call) if call.arguments.is_empty() => format!("{}()", without_arguments(&call.func)),
        Expr::Call(call) => format!("{}(…)", without_arguments(&call.func)),
        Expr::Attribute(node) if node.value.is_call_expr() => {
            format!("{}.{}", without_arguments(&node.value), node.attr)
        }
        Expr::Attribute(node) => node.attr.to_string(),
        Expr::Name(name) => name.id.to_string(),
        _ => "…".to_owned(),
    }
}

/// The names of the module that the top-level statement around `id` binds.
fn bound_by(model: &Model, id: NodeId) -> Vec<String> {
    let Some(statement) = model.top_level_statement(id) else { return Vec::new() };
    let range = model.node(statement).range();
    let bindings = model.all_bindings().iter().filter(|binding| range.contains_range(binding.range));
    bindings
        .map(|binding| model.symbol_of_binding(binding))
        .filter(|&symbol| model.symbol_scope(symbol) == ScopeId::MODULE)
        .map(|symbol| model.name(symbol).to_owned())
        .collect()
}

/// Puts the top-level statement under a main guard, if it has its lines to itself and nothing else needs what it binds.
fn wrap(code: &Code, id: NodeId) -> Option<Fix> {
    let model = code.model;
    let statement = model.top_level_statement(id)?;
    let stmt = model.stmt_at(statement)?;
    let range = stmt.range();
    if matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) || !model.starts_line(range.start()) {
        return None;
    }
    let after = &model.text()[TextRange::new(range.end(), model.line_end(range.end()))];
    if !(after.trim().is_empty() || after.trim_start().starts_with('#')) {
        return None;
    }
    let is_needed = |name: &str| {
        let symbol = model.lookup(ScopeId::MODULE, name);
        symbol.is_some_and(|symbol| model.reads(symbol).any(|read| !range.contains_range(read.expr.range())))
    };
    // What stands in a string of several lines must not be indented.
    let has_long_string = code.tokens.in_range(range).iter().any(|token| {
        matches!(token.kind(), TokenKind::String | TokenKind::FStringMiddle | TokenKind::TStringMiddle)
            && model.slice(token.range()).contains(['\n', '\r'])
    });
    if has_long_string || bound_by(model, id).iter().any(|name| is_needed(name)) {
        return None;
    }
    let unit = model.indentation_unit(code.tokens);
    let mut edits = vec![Edit::insert(range.start(), format!("{GUARD}\n{unit}"))];
    let mut line = model.next_line(model.line_end(range.start()));
    while line < range.end() {
        let end = model.line_end(line);
        if !model.text()[TextRange::new(line, end)].trim().is_empty() {
            edits.push(Edit::insert(line, unit));
        }
        line = model.next_line(end);
    }
    let caveat = "what it did at the import no longer happens there";
    Some(Fix::r#unsafe("Run it only when the file is the program", caveat, edits))
}
