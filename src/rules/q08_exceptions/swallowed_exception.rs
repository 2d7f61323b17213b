//! PP0802: a handler that catches every error and does nothing with it.

use std::sync::LazyLock;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::python::exceptions::Exceptions;
use crate::python::handler::Clause;
use crate::python::layout::has_comment;
use crate::python::tokens::Tokens;
use crate::python::{Model, ScopeKind};
use crate::rules::{Check, Code, Context, Finding, Rule};

use super::{does_nothing, quoted};

pub const CHECKS: &[Check] = &[Check::ExceptHandler(check)];

/// Longer lists of classes are shown in part.
const MAX_CLASSES: usize = 30;

/// Parts of words that announce, above a `try` or an `except`, that errors will be ignored.
const ANNOUNCING: &[&str] = &["ignor", "suppress", "swallow", "silen", "best effort", "best-effort", "don't care"];

const EXCEPT: TextSize = TextSize::new("except".len() as u32);

fn check<'a>(handler: &'a ast::ExceptHandlerExceptHandler, ctx: &mut Context<'_, 'a>) {
    let (model, type_) = (ctx.model, handler.type_.as_deref());
    if !does_nothing(&handler.body) || type_.is_some_and(|type_| !model.catches_every_error(type_)) {
        return;
    }
    let Some(AnyNodeRef::StmtTry(attempt)) = model.parent_of(handler) else { return };
    // Half-typed code has blocks without statements.
    if handler.body.is_empty() || attempt.body.is_empty() {
        return;
    }
    let is_deliberate = || {
        // What is raised here on purpose is caught on purpose.
        matches!(attempt.body.last(), Some(Stmt::Raise(_)))
            || has_reason(handler, model, ctx.tokens)
            || is_announced(attempt.start(), model)
            || is_announced(attempt.body[0].start(), model)
            || is_announced(handler.start(), model)
            || is_in_deliberate_function(handler, model)
    };
    if type_.is_none() && is_told_by_flagship(handler, ctx) || is_deliberate() {
        return;
    }
    report(handler, attempt, ctx);
}

/// Whether PP0801 reports the clause: its message says that it is silent, too.
fn is_told_by_flagship<'a>(handler: &'a ast::ExceptHandlerExceptHandler, ctx: &Context<'_, 'a>) -> bool {
    static FLAGSHIP: LazyLock<&'static Rule> = LazyLock::new(|| Rule::find("PP0801").expect("the rule has a page"));
    ctx.config.is_enabled(&FLAGSHIP)
        && Clause::of(ctx.model, handler).is_some_and(|clause| clause.requests_lost(ctx.model).is_some())
}

/// Whether a comment on the `except` line or in the body says why.
fn has_reason(handler: &ast::ExceptHandlerExceptHandler, model: &Model, tokens: Tokens) -> bool {
    if has_comment(tokens, handler.range()) {
        return true;
    }
    let own = model.indentation(handler.start()).len();
    let end = model.line_end(handler.end());
    tokens
        .after(handler.end())
        .iter()
        .take_while(|token| {
            matches!(
                token.kind(),
                TokenKind::Comment | TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::Semi
            )
        })
        .filter(|token| token.kind() == TokenKind::Comment)
        .any(|comment| comment.start() < end || model.indentation(comment.start()).len() > own)
}

/// Whether the comment right above a line says that errors will be ignored.
fn is_announced(line: TextSize, model: &Model) -> bool {
    let above = &model.text()[..model.line_start(line).to_usize()];
    let comment = above.lines().rev().map(str::trim).take_while(|line| line.starts_with('#'));
    let words: Vec<String> = comment.map(str::to_ascii_lowercase).collect();
    words.iter().any(|text| ANNOUNCING.iter().any(|word| text.contains(word)))
}

/// Whether a function around is one where errors get lost by design: `__del__`, out of which Python lets none anyway, or one
/// whose docstring says so.
fn is_in_deliberate_function(handler: &ast::ExceptHandlerExceptHandler, model: &Model) -> bool {
    let Some(scope) = model.id(handler).map(|id| model.scope_of(id)) else { return false };
    model.scope_chain(scope).any(|scope| match model.scope(scope).kind {
        ScopeKind::Function(function) => {
            function.name.as_str() == "__del__" || docstring(&function.body).is_some_and(promises_silence)
        }
        _ => false,
    })
}

fn docstring(body: &[Stmt]) -> Option<&str> {
    Some(body.first()?.as_expr_stmt()?.value.as_string_literal_expr()?.value.to_str())
}

/// Whether a sentence of a docstring says that errors will be ignored.
fn promises_silence(text: &str) -> bool {
    let has_one = |sentence: &str, words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let mut sentences = text.split(['.', ';']).map(str::to_ascii_lowercase);
    sentences.any(|sentence| has_one(&sentence, ANNOUNCING) && has_one(&sentence, &["exception", "error", "fail"]))
}

fn report<'a>(handler: &'a ast::ExceptHandlerExceptHandler, attempt: &'a ast::StmtTry, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let clause = clause(handler, attempt, model);
    let caught = handler.type_.as_deref().map_or(Exceptions::all(), |type_| model.exceptions_caught_by(type_));
    let claim = if caught.contains(Exceptions::KEYBOARD_INTERRUPT) {
        "hides every error, Ctrl-C too; name the one you expect"
    } else {
        "hides every error, bugs too; name the one you expect"
    };
    let message = format!("`{clause}: {}` {claim}", body_word(handler, model));
    let start = TextRange::at(attempt.start(), TextSize::of("try"));
    let finding = Finding::new(TextRange::at(handler.start(), EXCEPT), message)
        .name("code", quoted(model, &attempt.body[0]))
        .name("clause", format!("{clause}:"))
        .related(start, "no error in this block is ever seen")
        .steps(move |code| steps(handler, attempt, code));
    ctx.report(finding);
}

/// `except Exception`, without the name that it may bind.
fn clause(handler: &ast::ExceptHandlerExceptHandler, attempt: &ast::StmtTry, model: &Model) -> String {
    let keyword = if attempt.is_star { "except*" } else { "except" };
    let Some(type_) = handler.type_.as_deref() else { return keyword.to_owned() };
    let classes = model.slice(type_).split_whitespace().collect::<Vec<_>>().join(" ");
    if classes.chars().count() > MAX_CLASSES || classes.contains('{') {
        return format!("{keyword} (…)");
    }
    format!("{keyword} {classes}")
}

/// What the body says, in a word.
fn body_word(handler: &ast::ExceptHandlerExceptHandler, model: &Model) -> &'static str {
    match &handler.body[0] {
        Stmt::Continue(_) => "continue",
        Stmt::Expr(node) if matches!(&*node.value, Expr::EllipsisLiteral(_)) => "...",
        Stmt::Expr(node) if !model.slice(node).is_empty() => "\"…\"",
        _ => "pass",
    }
}

fn steps(handler: &ast::ExceptHandlerExceptHandler, attempt: &ast::StmtTry, code: &Code) -> Vec<Step> {
    let (first, body) = (&attempt.body[0], &handler.body[0]);
    let raises = format!(
        "line {}: whatever goes wrong in `{}`, even a mistyped name, raises an exception",
        code.line(first),
        quoted(code.model, first)
    );
    let catches = format!("line {}: this clause catches it, whichever it is", code.line(handler));
    let drops = format!("line {}: the body does nothing, and its traceback is gone", code.line(body));
    vec![Step::new(first.range(), raises), Step::new(handler.range(), catches), Step::new(body.range(), drops)]
}
