//! Reading a whole file to go through its lines: the file is an iterator over them itself
//! (<https://docs.python.org/3/library/io.html#io.IOBase>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::flow::{self, Analysis, Next};
use crate::python::layout::has_comment;
use crate::python::values::Type;
use crate::python::{BindingKind, Model, NodeId, ScopeKind};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Call(check)];

/// Longer calls are quoted in part.
const LONGEST: usize = 40;

fn check<'a>(call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(reading) = Reading::of(call, model) else { return };
    let Some(iteration) = Iteration::over(call, model) else { return };
    if reading.is_used_in(&iteration, call, model) {
        return;
    }
    let shown = model.excerpt(call, LONGEST);
    let message = match reading.way {
        Way::ReadLines => format!("`{shown}` reads all lines before the first is used; loop over the file"),
        Way::Split => format!("`{shown}` holds the whole file before the first line is used; loop over the file"),
    };
    ctx.report(
        Finding::new(call.range(), message)
            .related(iteration.target, "used one at a time here")
            .name("call", shown)
            .name("file", model.excerpt(reading.file, LONGEST))
            .steps(move |code| steps(call, &iteration, code))
            .fix(move |code| fix(call, reading, iteration, code)),
    );
}

/// A call that gives all lines of a file.
#[derive(Clone, Copy)]
struct Reading<'a> {
    file: &'a Expr,
    way: Way,
    /// Whether the file certainly is one that can be looped over.
    is_known: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// `file.readlines()`
    ReadLines,
    /// `file.read().splitlines()`, `file.read().split("\n")`
    Split,
}

impl<'a> Reading<'a> {
    fn of(call: &'a ast::ExprCall, model: &Model<'a>) -> Option<Self> {
        let (owner, name) = method(call)?;
        let (file, way) = match name {
            "readlines" if call.arguments.is_empty() => (owner, Way::ReadLines),
            "splitlines" => (read_from(owner)?, Way::Split),
            "split" if splits_lines(&call.arguments) => (read_from(owner)?, Way::Split),
            _ => return None,
        };
        let is_known = match FileKind::of(file, model) {
            FileKind::File => true,
            // Who calls `readlines` has a file; `read` is a method of much else.
            FileKind::Unknown if way == Way::ReadLines && !defines_readlines(model) => false,
            _ => return None,
        };
        Some(Reading { file, way, is_known })
    }

    /// Whether the code of the loop uses the file, its path, or the lines that are yet to come: it needs them all at once.
    fn is_used_in(&self, iteration: &Iteration, call: &ast::ExprCall, model: &Model<'a>) -> bool {
        let Some(body) = iteration.body else { return false };
        let file = model.slice(self.file);
        let path = opened_path(self.file, model).map(|path| model.slice(path));
        let is_in_body = |range: TextRange| body.range.contains_range(range) && !call.range().contains_range(range);
        model.descendants(body.region).filter(|(_, node)| is_in_body(node.range())).any(|(_, node)| match node {
            AnyNodeRef::ExprCall(node) if model.is_builtin(&node.func, "input") => file.contains("stdin"),
            node if node.is_expression() => model.slice(node) == file || Some(model.slice(node)) == path,
            _ => false,
        })
    }
}

fn method(call: &ast::ExprCall) -> Option<(&Expr, &str)> {
    let Expr::Attribute(attribute) = &*call.func else { return None };
    Some((&attribute.value, attribute.attr.as_str()))
}

/// The file of `file.read()`, with what is stripped off its ends.
fn read_from(expr: &Expr) -> Option<&Expr> {
    let call = expr.as_call_expr()?;
    let (owner, name) = method(call)?;
    match name {
        "read" if call.arguments.is_empty() => Some(owner),
        "strip" | "rstrip" | "lstrip" => read_from(owner),
        _ => None,
    }
}

/// Whether the arguments of `split` name the line end, and no limit.
fn splits_lines(arguments: &ast::Arguments) -> bool {
    let separator = match (&*arguments.args, &*arguments.keywords) {
        ([separator], []) => separator,
        ([], [keyword]) if keyword.arg.as_ref().is_some_and(|name| name.as_str() == "sep") => &keyword.value,
        _ => return false,
    };
    match separator {
        Expr::StringLiteral(text) => matches!(text.value.to_str(), "\n" | "\r\n"),
        Expr::BytesLiteral(bytes) => bytes.value.bytes().eq(*b"\n"),
        _ => false,
    }
}

enum FileKind {
    File,
    Unknown,
    /// In memory already, or no file.
    Other,
}

impl FileKind {
    fn of(file: &Expr, model: &Model) -> FileKind {
        if model.is_any_of(file, &["sys.stdin", "sys.stdin.buffer"]) || model.opening(file).is_some() {
            return FileKind::File;
        }
        let union = model.union_of(file);
        if union.is_open() && union.objects().is_empty() {
            return FileKind::Unknown;
        }
        let is_file = |class: &Type| match class.path() {
            Some(path) => matches!(
                path,
                "io.TextIOWrapper"
                    | "io.BufferedReader"
                    | "io.BufferedRandom"
                    | "io.FileIO"
                    | "typing.IO"
                    | "typing.TextIO"
                    | "typing.BinaryIO"
                    | "io.IOBase"
                    | "io.TextIOBase"
                    | "gzip.GzipFile"
                    | "bz2.BZ2File"
                    | "lzma.LZMAFile"
            ),
            None => false,
        };
        if union.objects().iter().all(|object| is_file(&object.class)) { FileKind::File } else { FileKind::Other }
    }
}

/// Whether a class of the file has a method `readlines`: what it is called on may be such an object.
fn defines_readlines(model: &Model) -> bool {
    model.all_bindings().iter().any(|binding| {
        matches!(binding.kind, BindingKind::Function(function) if function.name.as_str() == "readlines")
            && matches!(model.scope(binding.scope).kind, ScopeKind::Class(_))
    })
}

/// The path that the file was opened with.
fn opened_path<'a>(file: &'a Expr, model: &Model<'a>) -> Option<&'a Expr> {
    let call = model.opening(file)?;
    match &*call.func {
        Expr::Attribute(method) if model.is_path(&method.value) => Some(&method.value),
        _ => call.arguments.args.first(),
    }
}

/// A loop or comprehension that goes through the lines.
#[derive(Clone, Copy)]
struct Iteration {
    target: TextRange,
    /// What runs for each line; `None` for the lazy function that takes them.
    body: Option<Body>,
    /// Whether it may stop before the last line.
    may_stop: bool,
}

#[derive(Clone, Copy)]
struct Body {
    region: NodeId,
    range: TextRange,
}

impl Iteration {
    /// The iteration that is the only user of what `call` gives.
    fn over<'a>(call: &'a ast::ExprCall, model: &Model<'a>) -> Option<Iteration> {
        let id = model.id(call)?;
        match Iteration::at(id, model) {
            Some(iteration) => Some(iteration),
            None => Iteration::of_name(id, model),
        }
    }

    /// The iteration over the expression `id`, through functions that hand on one item at a time.
    fn at<'a>(id: NodeId, model: &Model<'a>) -> Option<Iteration> {
        let range = model.node(id).range();
        let parent = model.parent(id)?;
        match model.node(parent) {
            AnyNodeRef::StmtFor(node) if node.iter.range() == range && !node.is_async => {
                let last = node.body.last()?;
                Some(Iteration {
                    target: node.target.range(),
                    body: Some(Body { region: parent, range: TextRange::new(node.body.first()?.start(), last.end()) }),
                    may_stop: leaves_loop(&node.body, model),
                })
            }
            AnyNodeRef::Comprehension(node) if node.iter.range() == range && !node.is_async => {
                let region = model.parent(parent)?;
                let body = Body { region, range: model.node(region).range() };
                Some(Iteration { target: node.target.range(), body: Some(body), may_stop: false })
            }
            AnyNodeRef::ExprCall(node) => {
                let hands_on = matches!(
                    model.qualified_name(&node.func)?.as_str(),
                    "builtins.enumerate" | "builtins.zip" | "builtins.map" | "builtins.filter" | "itertools.islice"
                );
                let is_argument = node.arguments.args.iter().any(|argument| argument.range() == range);
                if hands_on && is_argument { Iteration::at(parent, model) } else { None }
            }
            _ => None,
        }
    }

    /// `lines = file.readlines()`, and one loop over `lines` in the same block, while the file is open.
    fn of_name<'a>(id: NodeId, model: &Model<'a>) -> Option<Iteration> {
        let symbol = model.assigned_symbol(id)?;
        let binding = model.only_binding(symbol)?;
        if !matches!(binding.kind, BindingKind::Assignment(node) if node.targets.len() == 1) {
            return None;
        }
        let mut reads = model.reads(symbol);
        let (read, None) = (reads.next()?, reads.next()) else { return None };
        let assigned = model.statement(id)?;
        let used = model.statement(read.node)?;
        let block = model.block_of(assigned)?;
        let is_same_block = block.iter().any(|stmt: &Stmt| model.stmt_id(stmt) == used);
        let is_same_scope = read.scope == binding.scope;
        if is_same_block && is_same_scope { Iteration::at(read.node, model) } else { None }
    }
}

/// Whether a `break` or `return` may end the loop early.
fn leaves_loop<'a>(body: &'a [Stmt], model: &Model<'a>) -> bool {
    struct Plain;
    impl<'a> Analysis<'a> for Plain {
        type State = bool;
        fn atom(&mut self, _: AnyNodeRef<'a>, _: &mut bool) -> Next {
            Next::Continues
        }
    }
    let exits = flow::run(model, &mut Plain, body, true);
    exits.breaks.is_some() || exits.returns.is_some()
}

fn steps(call: &ast::ExprCall, iteration: &Iteration, code: &Code) -> Vec<Step> {
    let shown = code.model.excerpt(call, LONGEST);
    let target = code.model.excerpt(iteration.target, LONGEST);
    vec![
        Step::new(
            call.range(),
            format!("line {}: `{shown}` reads to the end of the file and keeps every line", code.line(call)),
        ),
        Step::new(
            iteration.target,
            format!("line {}: only now does `{target}` get the first line", code.line(iteration.target)),
        ),
    ]
}

/// Loops over the file itself.
fn fix(call: &ast::ExprCall, reading: Reading, iteration: Iteration, code: &Code) -> Option<Fix> {
    let model = code.model;
    let is_direct = model.id(call).and_then(|id| Iteration::at(id, model)).is_some();
    if reading.way != Way::ReadLines || !is_direct {
        return None;
    }
    let after = TextRange::new(reading.file.end(), call.end());
    let dot = code.tokens.in_range(after).iter().find(|token| token.kind() == TokenKind::Dot)?;
    let removed = TextRange::new(dot.start(), call.end());
    if has_comment(code.tokens, removed) {
        return None;
    }
    let edits = vec![Edit::delete(removed)];
    let title = "Loop over the file itself";
    if !reading.is_known {
        return Some(Fix::r#unsafe(title, "can it be looped over?", edits));
    }
    if iteration.may_stop && is_read_later(reading.file, call, model) {
        return Some(Fix::r#unsafe(title, "what is read from the file after the loop?", edits));
    }
    Some(Fix::safe(title, edits))
}

/// Whether the file's name is read after the loop, for more than to close it.
fn is_read_later(file: &Expr, call: &ast::ExprCall, model: &Model) -> bool {
    let Some(symbol) = file.as_name_expr().and_then(|name| model.symbol_of(name)) else { return false };
    model.reads(symbol).any(|read| {
        read.expr.start() > call.end()
            && !matches!(model.parent_of(read.expr), Some(AnyNodeRef::ExprAttribute(node)) if node.attr.as_str() == "close")
    })
}
