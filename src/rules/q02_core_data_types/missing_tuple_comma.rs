//! Parentheses around one value, where a tuple of one was meant.
//!
//! The comma makes the tuple (<https://docs.python.org/3/reference/expressions.html#parenthesized-forms>).

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, ExprContext};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::exceptions::last_name;
use crate::python::values::Type;
use crate::python::{Binding, BindingKind, Model, ScopeId, ScopeKind};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[
    Check::Compare(check_membership),
    Check::For(check_for),
    Check::ListComp(|node, ctx| check_comprehension(&node.generators, ctx)),
    Check::SetComp(|node, ctx| check_comprehension(&node.generators, ctx)),
    Check::DictComp(|node, ctx| check_comprehension(&node.generators, ctx)),
    Check::Generator(|node, ctx| check_comprehension(&node.generators, ctx)),
    Check::Call(check_call),
    Check::Assign(check_assign),
    Check::AnnAssign(check_annotated),
    Check::AugAssign(check_augmented),
];

/// The longest code that is quoted whole.
const CODE_WIDTH: usize = 24;

/// Callables that unpack the tuple `args`, with its position.
const RUNNERS: &[(&str, usize)] = &[
    ("threading.Thread", 3),
    ("threading.Timer", 2),
    ("multiprocessing.Process", 3),
    ("multiprocessing.context.Process", 3),
    ("multiprocessing.context.SpawnProcess", 3),
    ("multiprocessing.context.ForkProcess", 3),
    ("multiprocessing.context.ForkServerProcess", 3),
    ("multiprocessing.process.BaseProcess", 3),
    ("multiprocessing.dummy.Process", 3),
    ("billiard.Process", 3),
    ("torch.multiprocessing.Process", 3),
    ("_thread.start_new_thread", 1),
];

/// Names of single characters: their membership in a string may be meant.
const CHARACTERS: &[&str] =
    &["c", "ch", "char", "character", "digit", "letter", "op", "operator", "sep", "sign", "symbol"];

fn check_membership<'a>(node: &'a ast::ExprCompare, ctx: &mut Context<'_, 'a>) {
    let mut left = &*node.left;
    for (op, right) in node.ops.iter().zip(&node.comparators) {
        if matches!(op, CmpOp::In | CmpOp::NotIn)
            && is_string(right)
            && let Some(lone) = parenthesized(right, AnyNodeRef::ExprCompare(node), ctx)
            && !is_tuple(ctx.model, left)
        {
            report(lone, Use::Membership(left), ctx);
        }
        left = right;
    }
}

fn check_for<'a>(node: &'a ast::StmtFor, ctx: &mut Context<'_, 'a>) {
    check_iterable(&node.target, &node.iter, AnyNodeRef::StmtFor(node), ctx);
}

fn check_comprehension<'a>(generators: &'a [ast::Comprehension], ctx: &mut Context<'_, 'a>) {
    for node in generators {
        check_iterable(&node.target, &node.iter, AnyNodeRef::Comprehension(node), ctx);
    }
}

fn check_iterable<'a>(target: &'a Expr, iter: &'a Expr, parent: AnyNodeRef<'a>, ctx: &mut Context<'_, 'a>) {
    if is_string(iter)
        && let Some(lone) = parenthesized(iter, parent, ctx)
    {
        report(lone, Use::Loop(target), ctx);
    }
}

fn check_assign<'a>(node: &'a ast::StmtAssign, ctx: &mut Context<'_, 'a>) {
    if !is_list_of_names(&node.value) {
        return;
    }
    let Some(target) = node.targets.iter().find(|target| wants_names(target, ctx.model)) else { return };
    if let Some(lone) = parenthesized(&node.value, AnyNodeRef::StmtAssign(node), ctx) {
        report(lone, Use::Names(target), ctx);
    }
}

fn check_annotated<'a>(node: &'a ast::StmtAnnAssign, ctx: &mut Context<'_, 'a>) {
    let Some(value) = node.value.as_deref().filter(|value| is_list_of_names(value)) else { return };
    if wants_names(&node.target, ctx.model)
        && let Some(lone) = parenthesized(value, AnyNodeRef::StmtAnnAssign(node), ctx)
    {
        report(lone, Use::Names(&node.target), ctx);
    }
}

fn check_augmented<'a>(node: &'a ast::StmtAugAssign, ctx: &mut Context<'_, 'a>) {
    if is_list_of_names(&node.value)
        && wants_names(&node.target, ctx.model)
        && let Some(lone) = parenthesized(&node.value, AnyNodeRef::StmtAugAssign(node), ctx)
    {
        report(lone, Use::Names(&node.target), ctx);
    }
}

fn check_call<'a>(node: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    let arguments = &node.arguments;
    let (value, parent) = match arguments.find_keyword("args") {
        Some(keyword) if unpacks(node, Slot::Keyword, ctx.model) => (&keyword.value, AnyNodeRef::Keyword(keyword)),
        Some(_) => return,
        None => {
            // Most calls have no parentheses inside.
            let mut lone = arguments.args.iter().enumerate().skip(1).filter(|(_, value)| !value.is_starred_expr());
            let Some((_, value)) = lone.find(|(index, value)| {
                starts_in_parentheses(value, ctx.model) && unpacks(node, Slot::At(*index), ctx.model)
            }) else {
                return;
            };
            (value, AnyNodeRef::Arguments(arguments))
        }
    };
    if let Some(lone) = parenthesized(value, parent, ctx)
        && !may_be_arguments(node, value, ctx.model)
    {
        report(lone, Use::Arguments(node), ctx);
    }
}

// What is looked at.

/// A value in parentheses of its own.
#[derive(Clone, Copy)]
struct Lone<'a> {
    value: &'a Expr,
    /// The outermost parentheses.
    range: TextRange,
}

/// What wants a tuple.
#[derive(Clone, Copy)]
enum Use<'a> {
    /// `in`: what is looked for.
    Membership(&'a Expr),
    /// A loop: its target.
    Loop(&'a Expr),
    /// `__slots__` and its like.
    Names(&'a Expr),
    /// A call that unpacks its argument.
    Arguments(&'a ast::ExprCall),
}

/// Where a call takes the value.
#[derive(Clone, Copy, PartialEq)]
enum Slot {
    Keyword,
    At(usize),
}

fn is_string(expr: &Expr) -> bool {
    matches!(expr, Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::FString(_))
}

/// Whether a string may be a name; not a pattern to be filled in.
fn is_list_of_names(value: &Expr) -> bool {
    matches!(value, Expr::StringLiteral(node) if !node.value.to_str().contains('%'))
}

fn starts_in_parentheses(expr: &Expr, model: &Model) -> bool {
    let before = &model.text().as_bytes()[..expr.start().to_usize()];
    before.trim_ascii_end().ends_with(b"(")
}

/// The value with its parentheses; not text that is put together over several lines, which needs them.
fn parenthesized<'a>(value: &'a Expr, parent: AnyNodeRef<'a>, ctx: &Context<'_, 'a>) -> Option<Lone<'a>> {
    let model = ctx.model;
    if model.is_in_string_annotation(value) {
        return None;
    }
    let range = ctx.tokens.parentheses(value, parent)?;
    let is_put_together = is_concatenated(value) && model.slice(value).contains(['\n', '\r']);
    (!is_put_together).then_some(Lone { value, range })
}

fn is_concatenated(value: &Expr) -> bool {
    match value {
        Expr::StringLiteral(node) => node.value.is_implicit_concatenated(),
        Expr::BytesLiteral(node) => node.value.is_implicit_concatenated(),
        Expr::FString(node) => node.value.is_implicit_concatenated(),
        _ => false,
    }
}

/// Whether the target is `__all__` of the module, or `__slots__` or `__match_args__` of a class.
fn wants_names(target: &Expr, model: &Model) -> bool {
    let Expr::Name(name) = target else { return false };
    if name.ctx != ExprContext::Store {
        return false;
    }
    let scope = model.id(name).map(|id| model.scope_of(id));
    match name.id.as_str() {
        "__all__" => scope == Some(ScopeId::MODULE),
        "__slots__" | "__match_args__" => {
            scope.is_some_and(|scope| matches!(model.scope(scope).kind, ScopeKind::Class(_)))
        }
        _ => false,
    }
}

/// Whether the call unpacks what it gets there.
fn unpacks(call: &ast::ExprCall, slot: Slot, model: &Model) -> bool {
    let Some(name) = last_name(&call.func) else { return false };
    let fits = |position: usize| slot == Slot::Keyword || slot == Slot::At(position);
    // Methods are known by their names.
    if let Expr::Attribute(attribute) = &*call.func {
        match name {
            "apply" | "apply_async" if slot == Slot::At(1) => return is_pool(&attribute.value, model),
            "apply" | "apply_async" | "submit" => return slot == Slot::Keyword,
            "__init__" => {
                let class = match &*attribute.value {
                    Expr::Call(node) if model.is_builtin(&node.func, "super") => {
                        return slot == Slot::Keyword
                            && model.id(call).is_some_and(|id| {
                                model.scope_chain(model.scope_of(id)).any(|scope| {
                                    matches!(model.scope(scope).kind, ScopeKind::Class(class) if is_runner(class, model))
                                })
                            });
                    }
                    class => class,
                };
                return runner_position(class, model).is_some_and(|position| fits(position + 1));
            }
            _ => {}
        }
    }
    if let Some(position) = runner_position(&call.func, model) {
        return fits(position);
    }
    match &*call.func {
        // A subclass that takes the same arguments.
        Expr::Name(callee) => {
            let class = model.symbol_of(callee).and_then(|symbol| model.class_of(symbol));
            class.is_some_and(|class| {
                slot == Slot::Keyword && is_runner(class, model) && model.bound_in_class(class, "__init__").is_none()
            })
        }
        // `context.Process(target=…)`
        Expr::Attribute(_) => {
            matches!(name, "Process" | "Thread" | "Timer")
                && slot == Slot::Keyword
                && model.qualified_name(&call.func).is_none()
                && ["target", "function"].iter().any(|key| call.arguments.find_keyword(key).is_some())
        }
        _ => false,
    }
}

fn runner_position(callee: &Expr, model: &Model) -> Option<usize> {
    if !last_name(callee).is_some_and(|_| matches!(callee, Expr::Name(_) | Expr::Attribute(_))) {
        return None;
    }
    let path = model.qualified_name(callee)?;
    RUNNERS.iter().find(|(runner, _)| *runner == path.as_str()).map(|(_, position)| *position)
}

fn is_runner(class: &ast::StmtClassDef, model: &Model) -> bool {
    model.any_external_base(class, &|base| RUNNERS.iter().any(|(runner, _)| *runner == base))
}

/// Whether an expression is a pool of workers, by its name or by what made it.
fn is_pool(expr: &Expr, model: &Model) -> bool {
    let is_called_pool = |expr: &Expr| last_name(expr).is_some_and(|name| name.to_ascii_lowercase().contains("pool"));
    let makes_pool = |expr: &Expr| matches!(expr, Expr::Call(call) if is_called_pool(&call.func));
    if is_called_pool(expr) || makes_pool(expr) {
        return true;
    }
    let Expr::Name(name) = expr else { return false };
    let binding = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol));
    binding.is_some_and(|binding: &Binding| match binding.kind {
        BindingKind::With(item) => makes_pool(&item.context_expr),
        _ => binding.value().is_some_and(makes_pool),
    })
}

// What the value may be.

fn is_tuple(model: &Model, expr: &Expr) -> bool {
    model.union_of(expr).objects().iter().any(|object| is_tuple_class(&object.class))
}

fn is_tuple_class(class: &Type) -> bool {
    match class {
        Type::Tuple => true,
        Type::Instance(class) => class.bases().iter().any(|base| last_name(base) == Some("NamedTuple")),
        _ => false,
    }
}

/// Whether the value may well be all the arguments: a tuple, or a list in its place.
fn may_be_arguments(call: &ast::ExprCall, value: &Expr, model: &Model) -> bool {
    match value {
        Expr::Tuple(_)
        | Expr::Generator(_)
        | Expr::ListComp(_)
        | Expr::Starred(_)
        | Expr::Yield(_)
        | Expr::YieldFrom(_) => true,
        Expr::List(node) => match parameters_of_target(call, model) {
            Some(count) => count == node.elts.len() || node.elts.iter().any(Expr::is_starred_expr),
            None => true,
        },
        Expr::BoolOp(_) | Expr::If(_) | Expr::BinOp(_) | Expr::Named(_) | Expr::Await(_) => {
            model.union_of(value).is_open() || is_tuple(model, value)
        }
        Expr::Name(_) | Expr::Attribute(_) => is_tuple(model, value) || is_named_arguments(value),
        Expr::Call(node) => is_tuple(model, value) || is_named_arguments(&node.func),
        _ => is_tuple(model, value),
    }
}

/// `args`, `self.call_args`, `get_params`: who names it so means all arguments.
fn is_named_arguments(expr: &Expr) -> bool {
    last_name(expr).is_some_and(|name| {
        let name = name.trim_matches('_').to_ascii_lowercase();
        ["args", "argv", "arguments", "params", "parameters", "tuple"].iter().any(|end| name.ends_with(end))
    })
}

/// How many arguments the function takes that the call is to run, if that is one of the file's.
fn parameters_of_target(call: &ast::ExprCall, model: &Model) -> Option<usize> {
    let keyword = ["target", "function", "func"].iter().find_map(|key| call.arguments.find_keyword(key));
    let target = match keyword {
        Some(keyword) => &keyword.value,
        None => call.arguments.args.iter().find(|argument| argument.is_name_expr())?,
    };
    let function = model.function_of(model.symbol_of(target.as_name_expr()?)?)?;
    let parameters = &function.parameters;
    (parameters.vararg.is_none()).then_some(parameters.posonlyargs.len() + parameters.args.len())
}

// What is reported.

fn report<'a>(lone: Lone<'a>, usage: Use<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let inside =
        if lone.value.is_f_string_expr() { "f\"…\"".to_owned() } else { model.excerpt(lone.value, CODE_WIDTH) };
    let value = format!("({inside})");
    let fixed = format!("({inside},)");
    let (holder, message, effect, place, story): (String, String, &str, TextRange, String) = match usage {
        Use::Membership(left) => {
            let sought = model.excerpt(left, CODE_WIDTH);
            (
                "in".to_owned(),
                format!("`{value}` is a string, so `in` also finds part of a string; write `{fixed}`, or `==`"),
                "After `in`, a string is searched for a part: half a word is found, and so is the empty text.",
                left.range(),
                format!("`{sought}` is looked for as a part of that string"),
            )
        }
        Use::Loop(target) => (
            "for".to_owned(),
            format!("`{value}` is a string, so the loop gets one character at a time; write `{fixed}`"),
            "A loop over a string gets one character at a time.",
            target.range(),
            format!("`{}` gets one character after the other", model.excerpt(target, CODE_WIDTH)),
        ),
        Use::Names(target) => {
            let name = model.excerpt(target, CODE_WIDTH);
            let effect = match name.as_str() {
                "__all__" => "A star import takes each character of the string for a name, and fails.",
                "__match_args__" => "`match` wants a tuple there, and raises `TypeError`.",
                _ => "Python takes the string for one slot; whoever adds a second name makes one long name of it.",
            };
            (
                name.clone(),
                format!("`{value}` is a string, not a tuple, in `{name}`; write `{fixed}`"),
                effect,
                target.range(),
                format!("`{name}` gets a string"),
            )
        }
        Use::Arguments(call) => {
            let name = last_name(&call.func).unwrap_or("the call").to_owned();
            (
                name.clone(),
                format!("`{value}` is no tuple, and `{name}` unpacks it into arguments; write `{fixed}`"),
                "It is unpacked into arguments: a string into its characters, a number not at all.",
                call.func.range(),
                format!("`{name}` unpacks it, as `f(*{inside})` does"),
            )
        }
    };
    let range = lone.range;
    let told = story.clone();
    let is_one_string = is_concatenated(lone.value);
    let message = if is_one_string {
        "strings side by side are one string; a comma after each makes the tuple".to_owned()
    } else {
        message
    };
    let finding = Finding::new(range, message)
        .name("value", value.clone())
        .name("holder", holder)
        .name("effect", effect)
        .name("fixed", fixed)
        .related(place, story)
        .steps(move |code| {
            vec![
                Step::new(
                    range,
                    format!("line {}: the parentheses only group, `{value}` is `{inside}`", code.line(range)),
                ),
                Step::new(place, format!("line {}: {told}", code.line(place))),
            ]
        })
        .fix(move |code| add_comma(lone, usage, code));
    ctx.report(finding);
}

// How it is mended.

fn add_comma(lone: Lone, usage: Use, code: &Code) -> Option<Fix> {
    if is_concatenated(lone.value) {
        return None;
    }
    // After a comment behind the value the comma would be part of it.
    let edits = vec![Edit::insert(lone.value.end(), ",")];
    let title = "Add the comma";
    let model = code.model;
    let caveat = match usage {
        Use::Membership(left) if !is_clear(model, lone.value) || may_be_character(model, left) => {
            "a part or a character of the string may be meant"
        }
        Use::Loop(target) if !is_clear(model, lone.value) || is_character_name(target) => "the characters may be meant",
        Use::Names(_) if !is_name(lone.value) => "more than one name may be meant",
        Use::Arguments(_) if !is_single(model, lone.value) => "it may hold all arguments",
        _ => return Some(Fix::safe(title, edits)),
    };
    Some(Fix::r#unsafe(title, caveat, edits))
}

/// Whether a string looks like one value: a word or code, not a text or a set of signs.
fn is_clear(model: &Model, string: &Expr) -> bool {
    let is_word = |text: &str| text.chars().any(char::is_alphanumeric) && !text.chars().any(char::is_whitespace);
    match string {
        Expr::StringLiteral(node) => is_word(node.value.to_str()),
        Expr::BytesLiteral(_) => is_word(model.slice(string)),
        _ => false,
    }
}

fn is_name(string: &Expr) -> bool {
    matches!(string, Expr::StringLiteral(node) if ruff_python_stdlib::identifiers::is_identifier(node.value.to_str()))
}

fn is_character_name(expr: &Expr) -> bool {
    last_name(expr).is_some_and(|name| CHARACTERS.contains(&name))
}

/// Whether what is looked for may be a single character, or is a text that may well be a part.
fn may_be_character(model: &Model, left: &Expr) -> bool {
    if is_string(left) || is_character_name(left) {
        return true;
    }
    let is_text = |expr: &Expr| model.type_of(expr) == Some(Type::Str);
    match left {
        Expr::Subscript(node) => !node.slice.is_string_literal_expr(),
        Expr::Name(name) => {
            let binding = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol));
            binding.is_some_and(|binding| match binding.kind {
                BindingKind::For(node) => is_text(&node.iter),
                BindingKind::Comprehension(node) => is_text(&node.iter),
                _ => false,
            })
        }
        _ => false,
    }
}

/// Whether the value certainly is one argument, and no list of them.
fn is_single(model: &Model, value: &Expr) -> bool {
    let union = model.union_of(value);
    let is_scalar = |class: &Type| {
        matches!(
            class,
            Type::None
                | Type::Bool
                | Type::Int
                | Type::Float
                | Type::Complex
                | Type::Str
                | Type::Bytes
                | Type::Dict
                | Type::Function(_)
                | Type::Lambda(_)
                | Type::Class(_)
                | Type::Instance(_)
        )
    };
    !union.is_open() && union.objects().iter().all(|object| is_scalar(&object.class))
}
