//! PP2801: a function made in a loop looks its names up when it runs, and then the loop has moved on.
//!
//! A name is found through the scopes each time the code that uses it runs
//! (<https://docs.python.org/3/reference/executionmodel.html#resolution-of-names>,
//! <https://docs.python.org/3/faq/programming.html#why-do-lambdas-defined-in-a-loop-with-different-values-all-return-the-same-result>); the name of
//! `except … as` is deleted when its clause ends (<https://docs.python.org/3/reference/compound_stmts.html#except-clause>).

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::{Severity, Step};
use crate::fix::Fix;
use crate::python::fate::{Fate, Keeping};
use crate::python::model::SymbolFlags;
use crate::python::{Binding, BindingKind, Model, NodeId, ScopeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Scope(check)];

fn check(scope: ScopeId, ctx: &mut Context<'_, '_>) {
    let model = ctx.model;
    for symbol in model.symbols_in(scope) {
        if model.owner(symbol) == symbol && may_be_captured(model, symbol, scope) && is_rebound(model, symbol) {
            check_variable(symbol, ctx);
        }
    }
}

fn may_be_captured(model: &Model, symbol: SymbolId, scope: ScopeId) -> bool {
    scope == ScopeId::MODULE || model.symbol_flags(symbol).contains(SymbolFlags::CAPTURED)
}

/// Whether some binding is in a loop, or deleted by the end of a handler.
fn is_rebound(model: &Model, symbol: SymbolId) -> bool {
    model.bindings(symbol).any(|binding| match binding.kind {
        BindingKind::For(_) | BindingKind::Comprehension(_) | BindingKind::Except(_) => true,
        _ => model.ancestors(binding.node).any(|around| is_repeating(model.node(around))),
    })
}

fn is_repeating(node: AnyNodeRef) -> bool {
    matches!(
        node,
        AnyNodeRef::StmtFor(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_)
    )
}

fn check_variable<'a>(symbol: SymbolId, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let mut reported: Vec<NodeId> = Vec::new();
    for usage in uses(model, symbol) {
        let Some(lesson) = lesson(model, symbol, usage) else { continue };
        if !reported.contains(&lesson.closure) {
            reported.push(lesson.closure);
            report(lesson, ctx);
        }
    }
}

/// A place that asks for the value of a name.
#[derive(Clone, Copy)]
struct Usage<'a> {
    name: &'a ast::ExprName,
    node: NodeId,
    scope: ScopeId,
}

/// The reads of a variable in source order; `count += 1` reads it, too.
fn uses<'a>(model: &Model<'a>, symbol: SymbolId) -> Vec<Usage<'a>> {
    let reads = model.reads(symbol).filter(|read| !read.in_string && !is_annotation(model, read.node));
    let reads = reads.map(|read| Usage { name: read.expr, node: read.node, scope: read.scope });
    let updates = model.bindings(symbol).filter_map(|binding| match binding.kind {
        BindingKind::Augmented(ast::StmtAugAssign { target, .. }) => {
            Some(Usage { name: target.as_name_expr()?, node: binding.node, scope: binding.scope })
        }
        _ => None,
    });
    let mut uses: Vec<Usage> = reads.chain(updates).filter(|it| it.scope != model.symbol_scope(symbol)).collect();
    uses.sort_by_key(|it| it.node);
    uses
}

/// Whether `id` is part of the annotation of a variable: a function never evaluates those.
fn is_annotation(model: &Model, id: NodeId) -> bool {
    let mut child = id;
    model.ancestors(id).take_while(|&around| !model.node(around).is_statement()).for_each(|around| child = around);
    matches!(model.parent(child).map(|statement| model.node(statement)),
        Some(AnyNodeRef::StmtAnnAssign(node)) if model.expr_id(&node.annotation) == child)
}

/// All that a finding tells.
struct Lesson<'a> {
    symbol: SymbolId,
    usage: Usage<'a>,
    /// The function, lambda or generator expression that must bind the name.
    closure: NodeId,
    /// What rebinds the name, or deletes it.
    rebinding: Binding<'a>,
    /// The loop, comprehension or handler.
    region: NodeId,
    fate: Fate,
}

impl Lesson<'_> {
    fn certainty(&self) -> bool {
        !matches!(self.fate, Fate::Unknown(_))
    }
}

/// Follows a read outwards: through the functions that it stands in, to each loop and handler around them.
fn lesson<'a>(model: &Model<'a>, symbol: SymbolId, usage: Usage<'a>) -> Option<Lesson<'a>> {
    let mut closures: Vec<NodeId> = Vec::new();
    let mut at = usage.node;
    for scope in model.scope_chain(usage.scope) {
        let kind = model.scope(scope).kind;
        if let ScopeKind::TypeAlias(_) = kind {
            return None;
        }
        if closures.iter().any(|&closure| is_closure(model.node(closure))) {
            let regions = regions_around(model, scope, at);
            let lessons = regions.into_iter().filter_map(|region| lesson_in(model, symbol, usage, &closures, region));
            // The innermost one, unless more is known of another: `max_by_key` gives the last.
            if let Some(lesson) = lessons.collect::<Vec<_>>().into_iter().rev().max_by_key(|lesson| lesson.certainty())
            {
                return Some(lesson);
            }
        }
        if scope == model.symbol_scope(symbol) {
            return None;
        }
        at = model.scope(scope).node;
        if matches!(kind, ScopeKind::Function(_) | ScopeKind::Lambda(_) | ScopeKind::Generator(_) | ScopeKind::Class(_))
        {
            closures.push(at);
        }
    }
    None
}

fn is_closure(node: AnyNodeRef) -> bool {
    !matches!(node, AnyNodeRef::StmtClassDef(_))
}

/// The loops, comprehensions and handlers of `scope` that hold `at`, the innermost first.
fn regions_around(model: &Model, scope: ScopeId, at: NodeId) -> Vec<NodeId> {
    let mut regions = Vec::new();
    let end = model.scope(scope).node;
    let mut child = at;
    for around in model.ancestors(at).take_while(|&around| around != end) {
        let inside = std::mem::replace(&mut child, around);
        let repeats = match model.node(around) {
            AnyNodeRef::StmtFor(node) => model.is_one_of(&node.body, inside) && !has_single_element(&node.iter),
            AnyNodeRef::StmtWhile(node) => model.is_one_of(&node.body, inside) || model.expr_id(&node.test) == inside,
            AnyNodeRef::ExceptHandlerExceptHandler(node) => node.name.is_some() && model.is_one_of(&node.body, inside),
            _ => false,
        };
        if repeats {
            regions.push(around);
        }
    }
    let has_turns = match model.scope(scope).kind.generators() {
        [] => false,
        [only] => !has_single_element(&only.iter),
        _ => true,
    };
    if has_turns {
        regions.push(end);
    }
    regions
}

/// `for x in [y]`: one turn.
fn has_single_element(iterable: &Expr) -> bool {
    let elements = match iterable {
        Expr::Tuple(node) => &node.elts,
        Expr::List(node) => &node.elts,
        _ => return false,
    };
    matches!(&elements[..], [only] if !only.is_starred_expr())
}

fn lesson_in<'a>(
    model: &Model<'a>,
    symbol: SymbolId,
    usage: Usage<'a>,
    closures: &[NodeId],
    region: NodeId,
) -> Option<Lesson<'a>> {
    let rebinding = rebinding(model, symbol, region)?;
    let outermost = *closures.last()?;
    let lesson = |closure, fate| Lesson { symbol, usage, closure, rebinding, region, fate };
    // The outermost function is what the loop makes; where that is used up at once, it may still hand out those inside it.
    for (index, &made) in closures.iter().enumerate().rev() {
        let fate = model.fate(made, region);
        if made == rebinding.node {
            return None;
        }
        if is_late(model, symbol, region, fate) {
            let closure = closures[..=index].iter().rev().copied().find(|&id| is_closure(model.node(id)))?;
            return Some(lesson(closure, fate));
        }
        if made == outermost && !matches!(fate, Fate::Used) {
            return None;
        }
    }
    None
}

/// What rebinds the variable in each turn of the loop or comprehension, or deletes it at the end of the handler.
fn rebinding<'a>(model: &Model<'a>, symbol: SymbolId, region: NodeId) -> Option<Binding<'a>> {
    if let AnyNodeRef::ExceptHandlerExceptHandler(_) = model.node(region) {
        let binding = *model.binding_at(region)?;
        let is_gone = model
            .bindings(symbol)
            .all(|other| other.node <= region || matches!(other.kind, BindingKind::Except(_) | BindingKind::Delete(_)));
        return (model.symbol_of_binding(&binding) == symbol && is_gone).then_some(binding);
    }
    let first = model.rebindings(symbol, region).next()?;
    (!model.is_same_in_every_turn(symbol, region)).then_some(first)
}

/// Whether the closure can still be used when the name has its next value, or none.
fn is_late(model: &Model, symbol: SymbolId, region: NodeId, fate: Fate) -> bool {
    match (model.node(region), fate) {
        (AnyNodeRef::ExceptHandlerExceptHandler(_), fate) => matches!(fate, Fate::Kept(..) | Fate::Returned(_)),
        (AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_), Fate::Kept(at, keeping)) => {
            keeping == Keeping::NextTurn || model.goes_round(symbol, region, at)
        }
        (AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_), Fate::Unknown(at)) => model.goes_round(symbol, region, at),
        (_, fate) => matches!(fate, Fate::Kept(..) | Fate::Unknown(_)),
    }
}

// ---- the lesson in words

fn report<'a>(lesson: Lesson<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let name = lesson.usage.name.id.as_str();
    let can_bind = can_bind(model, &lesson);
    let remedy = match (can_bind, model.node(lesson.closure)) {
        (true, _) => format!("bind it now with `{name}={name}`"),
        (false, AnyNodeRef::ExprGenerator(_)) => "build a list instead".to_owned(),
        (false, _) => format!("make it in a function that takes `{name}`"),
    };
    let closure = closure_name(model, lesson.closure);
    let is_handler = matches!(model.node(lesson.region), AnyNodeRef::ExceptHandlerExceptHandler(_));
    let (severity, message) = match lesson.fate {
        _ if is_handler => {
            let message =
                format!("`{name}` is deleted when the `except` ends: the {closure} will raise NameError; {remedy}");
            (Severity::Error, message)
        }
        Fate::Unknown(at) => {
            let callee = callee_name(model, at);
            (Severity::Info, format!("if {callee} keeps this {closure}, it will see the latest `{name}`; {remedy}"))
        }
        _ => {
            let message = format!("every {closure} made here will see the latest `{name}`, not its own; {remedy}");
            (Severity::Warning, message)
        }
    };
    let finding = Finding::new(lesson.usage.name.range(), message)
        .severity(severity)
        .name("name", name)
        .name("closure", closure)
        .related(lesson.rebinding.range, rebinding_text(&lesson, name));
    let (function, keyword_only) = (lesson.closure, is_signal(model, lesson.fate));
    let finding = finding.steps(move |code| steps(code, &lesson));
    ctx.report(if can_bind {
        finding.fix(move |code| {
            let edit = code.model.bind_as_default(code.tokens, function, name, keyword_only)?;
            let title = format!("Bind `{name}` now, as the default `{name}={name}`");
            Some(Fix::r#unsafe(title, format!("callers can pass a `{name}` of their own then"), vec![edit]))
        })
    } else {
        finding
    });
}

fn closure_name(model: &Model, closure: NodeId) -> String {
    match model.node(closure) {
        AnyNodeRef::StmtFunctionDef(node) => format!("`{}`", node.name),
        AnyNodeRef::ExprLambda(_) => "lambda".to_owned(),
        _ => "generator".to_owned(),
    }
}

fn callee_name(model: &Model, call: NodeId) -> String {
    match model.node(call) {
        AnyNodeRef::ExprCall(call) if call.func.is_name_expr() || call.func.is_attribute_expr() => {
            let text = model.slice(&*call.func);
            if text.len() <= 30 && !text.contains('\n') { format!("`{text}`") } else { "the callee".to_owned() }
        }
        _ => "the callee".to_owned(),
    }
}

fn rebinding_text(lesson: &Lesson, name: &str) -> String {
    match lesson.rebinding.kind {
        BindingKind::Except(_) => format!("`{name}` is bound for this `except` only"),
        _ => format!("`{name}` gets a new value here in each turn"),
    }
}

fn steps(code: &Code, lesson: &Lesson) -> Vec<Step> {
    let model = code.model;
    let name = lesson.usage.name.id.as_str();
    let closure = closure_name(model, lesson.closure);
    let made = model.node(lesson.closure).range();
    let rebound = lesson.rebinding.range;
    let mut steps = vec![Step::new(
        TextRange::empty(made.start()),
        format!("line {}: Python makes the {closure}, which keeps the name `{name}`, not its value", code.line(made)),
    )];
    let kept = match lesson.fate {
        Fate::Kept(at, keeping) => {
            Some((at, format!("{}, so it can be called later", keeping_text(model, at, keeping))))
        }
        Fate::Unknown(at) => Some((at, format!("{} gets it, and may call it later", callee_name(model, at)))),
        _ => None,
    };
    if let Some((at, text)) = kept {
        let range = model.node(at).range();
        steps.push(Step::new(range, format!("line {}: {text}", code.line(range))));
    }
    let line = code.line(rebound);
    steps.push(match lesson.rebinding.kind {
        BindingKind::Except(_) => {
            Step::new(rebound, format!("line {line}: when this `except` ends, Python deletes `{name}`"))
        }
        _ => Step::new(rebound, format!("line {line}: the next turn gives `{name}` another value")),
    });
    let range = lesson.usage.name.range();
    let line = code.line(range);
    steps.push(match lesson.rebinding.kind {
        BindingKind::Except(_) => Step::new(range, format!("line {line}: a later call looks for `{name}`: NameError")),
        _ => Step::new(range, format!("line {line}: a later call looks `{name}` up and finds that other value")),
    });
    steps
}

fn keeping_text(model: &Model, at: NodeId, keeping: Keeping) -> String {
    match keeping {
        Keeping::Named => "this turn of the loop does not call it".to_owned(),
        Keeping::Decorator => "the decorator registers it".to_owned(),
        Keeping::Stored => "it is stored".to_owned(),
        Keeping::Collected => "all turns are over before anything is called".to_owned(),
        Keeping::Yielded => "it is yielded".to_owned(),
        Keeping::Handed => format!("{} keeps it", callee_name(model, at)),
        Keeping::Captured => "another function that lives on uses it".to_owned(),
        Keeping::NextTurn => "the next turn still uses this one".to_owned(),
    }
}

// ---- the fix

/// `button.clicked.connect(f)` passes as many arguments as `f` takes: a positional `i=i` would be overwritten.
fn is_signal(model: &Model, fate: Fate) -> bool {
    let (Fate::Kept(at, _) | Fate::Unknown(at)) = fate else { return false };
    matches!(model.node(at), AnyNodeRef::ExprCall(call)
        if matches!(&*call.func, Expr::Attribute(attribute) if attribute.attr.as_str() == "connect"))
}

/// Whether a default argument can carry the value.
fn can_bind(model: &Model, lesson: &Lesson) -> bool {
    let name = lesson.usage.name.id.as_str();
    let is_function = matches!(model.node(lesson.closure), AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_));
    is_function
        && is_bound_before(model, lesson)
        && !is_declared_outer(model, lesson, name)
        && !is_hidden_by_class(model, lesson, name)
        && !calls_itself(model, lesson.closure)
        && !has_signature_reader(model, lesson.closure)
}

/// A default is evaluated when the function is made: the name needs its value by then.
fn is_bound_before(model: &Model, lesson: &Lesson) -> bool {
    let closure = model.node(lesson.closure).start();
    lesson.rebinding.range.start() < closure
        || matches!(lesson.rebinding.kind, BindingKind::Comprehension(_) | BindingKind::Except(_))
}

/// `nonlocal` and `global` can't go with a parameter of that name.
fn is_declared_outer(model: &Model, lesson: &Lesson, name: &str) -> bool {
    let closure = model.node(lesson.closure).range();
    let declares = model
        .scope_chain(lesson.usage.scope)
        .take_while(|&scope| closure.contains_range(model.node(model.scope(scope).node).range()))
        .any(|scope| {
            model.symbols_in(scope).any(|mention| {
                model.name(mention) == name
                    && model.symbol_flags(mention).intersects(SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL)
            })
        });
    declares || model.bindings(lesson.symbol).any(|binding| model.is_within(binding.node, lesson.closure))
}

/// The default of a method is evaluated in its class: a class attribute of that name would be taken.
fn is_hidden_by_class(model: &Model, lesson: &Lesson, name: &str) -> bool {
    let scope = model.scope_of(lesson.closure);
    matches!(model.scope(scope).kind, ScopeKind::Class(_))
        && model.lookup(scope, name).is_some_and(|symbol| symbol != lesson.symbol)
}

/// A recursive call would go through the rebound function name and lose the value again.
fn calls_itself(model: &Model, closure: NodeId) -> bool {
    let own = match model.node(closure) {
        AnyNodeRef::StmtFunctionDef(_) => model.symbol_bound_at(closure),
        _ => match model.parent(closure).map(|parent| model.node(parent)) {
            Some(AnyNodeRef::StmtAssign(node)) if let [Expr::Name(name)] = &*node.targets => model.symbol_of(name),
            _ => None,
        },
    };
    own.is_some_and(|own| model.reads(own).any(|read| model.is_within(read.node, closure)))
}

/// Decorators that make something of each parameter: a query parameter, an option, a fixture.
fn has_signature_reader(model: &Model, closure: NodeId) -> bool {
    let AnyNodeRef::StmtFunctionDef(function) = model.node(closure) else { return false };
    function.decorator_list.iter().any(|decorator| {
        let callee = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        let name = model.qualified_name(callee);
        let root = name.as_ref().and_then(|name| name.as_str().split('.').next());
        let reads = matches!(root, Some("fastapi" | "typer" | "click" | "pytest" | "hypothesis" | "pydantic" | "discord"));
        reads
            || matches!(callee, Expr::Attribute(attribute) if matches!(
                attribute.attr.as_str(),
                "get" | "post" | "put" | "patch" | "delete" | "head" | "options" | "websocket" | "api_route" | "command" | "group" | "callback"
                    | "option" | "argument" | "fixture" | "tool" | "given"
            ))
    })
}
