//! `find()` as a test: it gives a position, and -1 for "not there" (<https://docs.python.org/3/library/stdtypes.html#str.find>).
//! -1 is true, and 0, the very start, is false.

use ruff_python_ast::{self as ast, BoolOp, Expr, UnaryOp};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::layout::has_comment;
use crate::python::truth::Tested;
use crate::python::values::Type;
use crate::python::{Model, Read, ScopeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Call(check)];

/// Longer calls and operands are quoted in part.
const LONGEST_CALL: usize = 30;
const LONGEST_OPERAND: usize = 16;

fn check<'a>(call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    let Some(search) = Search::of(call, ctx.model) else { return };
    let Some(id) = ctx.model.id(call) else { return };
    if let Some(tested) = ctx.model.tested(id) {
        report_call(search, tested, ctx);
    } else if let Some(symbol) = ctx.model.assigned_symbol(id)
        && let Some(reads) = only_tested(symbol, call, ctx.model)
    {
        for (read, tested) in reads {
            report_name(search, &read, tested, ctx);
        }
    }
}

/// `receiver.find(needle)`, of a str or bytes.
#[derive(Clone, Copy)]
struct Search<'a> {
    call: &'a ast::ExprCall,
    receiver: &'a Expr,
    needle: &'a Expr,
    method: &'a str,
    /// Whether it looks in a part of the receiver only.
    has_range: bool,
}

impl<'a> Search<'a> {
    fn of(call: &'a ast::ExprCall, model: &Model<'a>) -> Option<Self> {
        let Expr::Attribute(attribute) = &*call.func else { return None };
        let method = attribute.attr.as_str();
        if !matches!(method, "find" | "rfind") || !call.arguments.keywords.is_empty() {
            return None;
        }
        let (receiver, rest) = match &*call.arguments.args {
            [receiver, rest @ ..] if is_text_class(&attribute.value, model) => (receiver, rest),
            all => (&*attribute.value, all),
        };
        let is_known = || matches!(model.type_of(receiver), Some(Type::Str | Type::Bytes | Type::ByteArray));
        let (needle, range) = rest.split_first()?;
        (is_text_class(&attribute.value, model) || is_known()).then_some(Search {
            call,
            receiver,
            needle,
            method,
            has_range: !range.is_empty(),
        })
    }

    fn is_starred(&self) -> bool {
        self.call.arguments.args.iter().any(Expr::is_starred_expr)
    }

    fn shown(&self, model: &Model) -> String {
        model.excerpt(self.call, LONGEST_CALL)
    }

    fn needle_shown(&self, model: &Model) -> String {
        model.excerpt(self.needle, LONGEST_OPERAND)
    }

    /// The finding with the reader's names.
    fn finding(&self, range: TextRange, message: String, model: &Model) -> Finding<'a> {
        Finding::new(range, message)
            .name("call", self.shown(model))
            .name("needle", self.needle_shown(model))
            .name("receiver", model.excerpt(self.receiver, LONGEST_OPERAND))
            .name("method", self.method)
    }

    /// `needle in receiver`, `needle not in receiver`.
    fn membership(&self, operator: &str, model: &Model) -> String {
        let text = format!("{} {operator} {}", operand(self.needle, model), operand(self.receiver, model));
        if text.contains(['\n', '\r']) { format!("({text})") } else { text }
    }
}

/// `str` in `str.find(text, "x")`.
fn is_text_class(expr: &Expr, model: &Model) -> bool {
    matches!(model.builtin_name(expr), Some("str" | "bytes" | "bytearray"))
}

/// An operand of `in`, in parentheses where it binds more loosely.
fn operand(expr: &Expr, model: &Model) -> String {
    let binds_loosely = match expr {
        Expr::Named(_)
        | Expr::Lambda(_)
        | Expr::If(_)
        | Expr::BoolOp(_)
        | Expr::Compare(_)
        | Expr::Yield(_)
        | Expr::YieldFrom(_)
        | Expr::Generator(_) => true,
        Expr::UnaryOp(node) => node.op == UnaryOp::Not,
        _ => false,
    };
    let text = model.slice(expr);
    if binds_loosely { format!("({text})") } else { text.to_owned() }
}

// ---- a test of the call itself

fn report_call<'a>(search: Search<'a>, tested: Tested<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let (call, needle) = (search.shown(model), search.needle_shown(model));
    let message = match tested.negation {
        Some(_) => format!("`not {call}` is true only if it starts with `{needle}`; use `not in`"),
        None => format!("`{call}` is true when `{needle}` is missing (-1), false at the start (0); use `in`"),
    };
    ctx.report(
        search
            .finding(search.call.range(), message, model)
            .related(search.needle.range(), "-1 if this is missing, 0 if the text starts with it")
            .steps(move |code| steps(&search, search.call.range(), tested.negation.is_some(), code))
            .fix(move |code| fix_call(search, tested, code))
            .fix(move |code| keep_meaning(search, tested, code)),
    );
}

fn steps(search: &Search, test: TextRange, negated: bool, code: &Code) -> Vec<Step> {
    let model = code.model;
    let needle = search.needle_shown(model);
    let line = code.line(search.call);
    let (miss, hit) = if negated { ("false", "true") } else { ("true", "false") };
    let not = if negated { "`not` makes of it" } else { "as a test that is" };
    vec![
        Step::new(
            search.call.range(),
            format!("line {line}: `{}` gives a position: 0 for the start, -1 for nowhere", search.shown(model)),
        ),
        Step::new(test, format!("line {}: without `{needle}` it is -1, {not} {miss}", code.line(test))),
        Step::new(test, format!("with `{needle}` at the very start it is 0, {not} {hit}")),
    ]
}

fn fix_call(search: Search, tested: Tested, code: &Code) -> Option<Fix> {
    let model = code.model;
    let call = search.call;
    if search.is_starred() || tested.goes_on == Some(BoolOp::Or) || has_comment(code.tokens, call.range()) {
        return None;
    }
    if let Some(walrus) = tested.walrus {
        let parent = model.parent_of(walrus)?;
        let edits = match code.tokens.parentheses(walrus, parent) {
            Some(around) => vec![Edit::insert(around.end(), " != -1")],
            None => vec![Edit::insert(walrus.range.start(), "("), Edit::insert(walrus.range.end(), ") != -1")],
        };
        return Some(Fix::r#unsafe("Compare the position with -1", "what should a hit at the start do?", edits));
    }
    let compared = |operator: &str| format!("{} {operator} -1", model.slice(call));
    if let Some(negation) = tested.negation {
        let text = if search.has_range { compared("==") } else { search.membership("not in", model) };
        let title = if search.has_range { "Compare the position with -1" } else { "Use `not in`" };
        return Some(Fix::r#unsafe(
            title,
            "or should it ask whether the text starts with it?",
            vec![Edit::replace(negation.range, text)],
        ));
    }
    let text = if search.has_range { compared("!=") } else { search.membership("in", model) };
    let title = if search.has_range { "Compare the position with -1" } else { "Use `in`" };
    let edits = vec![Edit::replace(call.range(), text)];
    let does_more = |expr: &Expr| expr.is_call_expr() || expr.is_await_expr() || expr.is_named_expr();
    let caveat = match tested.goes_on {
        Some(_) => Some("is the number itself used afterwards?"),
        None if does_more(search.needle) && does_more(search.receiver) => Some("the other side is now evaluated first"),
        None => None,
    };
    Some(match caveat {
        Some(caveat) => Fix::r#unsafe(title, caveat, edits),
        None => Fix::safe(title, edits),
    })
}

/// What `not s.find(x)` does today, said plainly.
fn keep_meaning(search: Search, tested: Tested, code: &Code) -> Option<Fix> {
    let negation = tested.negation.filter(|_| tested.walrus.is_none() && !search.has_range && !search.is_starred())?;
    if search.method != "find"
        || has_comment(code.tokens, negation.range)
        || is_text_class(callee_owner(search.call)?, code.model)
    {
        return None;
    }
    let owner = TextRange::new(negation.operand.start(), search.receiver.end());
    let needle = code.model.slice(search.needle);
    let text = format!("{}.startswith({needle})", code.model.slice(owner));
    let is_plain = owner.start() == search.receiver.start();
    is_plain.then(|| Fix::display("Say `startswith`, which does the same", vec![Edit::replace(negation.range, text)]))
}

fn callee_owner(call: &ast::ExprCall) -> Option<&Expr> {
    call.func.as_attribute_expr().map(|attribute| &*attribute.value)
}

// ---- a test of a name that holds the position

/// The reads of a variable, if it only ever holds positions and every read asks for its truth. Given for its first binding.
fn only_tested<'a>(symbol: SymbolId, call: &ast::ExprCall, model: &Model<'a>) -> Option<Vec<(Read<'a>, Tested<'a>)>> {
    let scope = model.symbol_scope(symbol);
    let is_seen_elsewhere = matches!(model.scope(scope).kind, ScopeKind::Class(_))
        || scope == ScopeId::MODULE
            && model.exports().is_some_and(|exports| exports.names.contains(&model.name(symbol)));
    let mut searches = model.bindings(symbol).filter(|binding| binding.is_executed()).map(|binding| {
        let call = binding.value()?.as_call_expr()?;
        Search::of(call, model).map(|search| search.call.range())
    });
    if is_seen_elsewhere || searches.next()?? != call.range() || searches.any(|search| search.is_none()) {
        return None;
    }
    let reads: Option<Vec<_>> = model
        .reads(symbol)
        .map(|read| Some((*read, model.tested(read.node).filter(|it| it.goes_on.is_none() && it.walrus.is_none())?)))
        .collect();
    reads
}

fn report_name<'a>(search: Search<'a>, read: &Read<'a>, tested: Tested<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let name = read.expr.id.as_str();
    let needle = search.needle_shown(model);
    let message = match tested.negation {
        Some(_) => format!("`not {name}` is true only if `{needle}` is at the start (0); compare it with -1"),
        None => format!("`{name}` is -1, which is true, when `{needle}` is missing; compare it with -1"),
    };
    let range = read.expr.range;
    ctx.report(
        search
            .finding(range, message, model)
            .related(search.call.range(), format!("`{name}` is a position: -1 for nowhere"))
            .steps(move |code| steps(&search, range, tested.negation.is_some(), code))
            .fix(move |_| {
                let title = "Compare the position with -1";
                Some(match tested.negation {
                    Some(negation) => Fix::r#unsafe(
                        title,
                        "or should it ask whether the text starts with it?",
                        vec![Edit::replace(negation.range, format!("{name} == -1"))],
                    ),
                    None => Fix::safe(title, vec![Edit::insert(range.end(), " != -1")]),
                })
            }),
    );
}
