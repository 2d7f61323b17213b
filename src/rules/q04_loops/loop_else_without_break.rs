//! PP0401: an `else` on a loop that no `break` can leave.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::flow::constant_truth;
use crate::python::{Model, NodeId};
use crate::rules::{Check, Code, Context, Finding};

/// The checks of this rule.
pub const CHECKS: &[Check] = &[Check::For(check_for), Check::While(check_while)];

fn check_for<'a>(node: &'a ast::StmtFor, ctx: &mut Context<'_, 'a>) {
    let Some(id) = ctx.model.id(node) else { return };
    let header = Loop { id, header: &node.iter, body: &node.body, orelse: &node.orelse };
    check(header, ctx);
}

fn check_while<'a>(node: &'a ast::StmtWhile, ctx: &mut Context<'_, 'a>) {
    // It never comes to its `else`, with or without `break`.
    let is_endless = || constant_truth(ctx.model, &node.test) == Some(true);
    if node.orelse.is_empty() || is_endless() {
        return;
    }
    let Some(id) = ctx.model.id(node) else { return };
    check(Loop { id, header: &node.test, body: &node.body, orelse: &node.orelse }, ctx);
}

/// A `for` or `while` statement.
#[derive(Clone, Copy)]
struct Loop<'a> {
    id: NodeId,
    /// The iterable or the condition.
    header: &'a Expr,
    body: &'a [Stmt],
    orelse: &'a [Stmt],
}

fn check<'a>(node: Loop<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let (Some(first), Some(last)) = (node.orelse.first(), node.body.last()) else { return };
    if model.has_break(node.id) {
        return;
    }
    let between = ctx.tokens.between(last.end(), first.start());
    let Some(keyword) = between.iter().find(|token| token.kind() == TokenKind::Else).map(Ranged::range) else { return };
    let header = TextRange::new(model.node(node.id).start(), node.header.end());
    let message = "this `else` runs each time the loop ends: it has no `break`; add one, or dedent these lines";
    let mut finding = Finding::new(keyword, message)
        .name("loop", model.quoted(header))
        .related(header, "no `break` of its own leaves this loop");
    if let Some(inner) = inner_break(model, node.id) {
        finding = finding.related(model.node(inner).range(), "this `break` leaves the loop inside only");
    }
    let finding = finding.steps(move |code| steps(node.id, header, keyword, code));
    ctx.report(finding.fix(move |code| dedent(node, keyword, code)));
}

/// A `break` in the loop that belongs to a loop inside.
fn inner_break(model: &Model, region: NodeId) -> Option<NodeId> {
    let is_break = |node: AnyNodeRef| matches!(node, AnyNodeRef::StmtBreak(_));
    model.descendants(region).find(|&(id, node)| is_break(node) && model.is_part_of_turn(id, region)).map(|(id, _)| id)
}

fn steps(id: NodeId, header: TextRange, keyword: TextRange, code: &Code) -> Vec<Step> {
    let model = code.model;
    let mut steps = vec![Step::new(header, "the loop goes on to its end: no `break` of its own stops it")];
    if let Some(inner) = inner_break(model, id) {
        steps.push(Step::new(model.node(inner).range(), "this `break` stops the loop inside, not this one"));
    }
    let leaves = |node: AnyNodeRef| matches!(node, AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtRaise(_));
    let leaving = model.descendants(id).find(|&(at, node)| leaves(node) && model.is_part_of_turn(at, id));
    if let Some((_, node)) = leaving {
        steps.push(Step::new(
            node.range(),
            "this leaves the loop, and would skip lines below it just as it skips the `else`",
        ));
    }
    steps.push(Step::new(keyword, "so whenever the loop has ended, this runs: as if it stood below the loop"));
    steps
}

/// Takes the `else` away and moves its lines to the loop's indentation.
fn dedent(node: Loop, keyword: TextRange, code: &Code) -> Option<Fix> {
    let model = code.model;
    let (first, last) = (node.orelse.first()?, node.orelse.last()?);
    let head = code.tokens.between(keyword.start(), first.start());
    let colon = head.iter().find(|token| token.kind() == TokenKind::Colon)?;
    let after_colon = head.iter().skip_while(|token| token.start() <= colon.start());
    let Some(newline) = after_colon.clone().find(|token| token.kind() == TokenKind::Newline) else {
        // `else: print()`
        let edit = Edit::delete(TextRange::new(keyword.start(), first.start()));
        return Some(Fix::safe("Take the `else` away", vec![edit]));
    };
    let comment =
        after_colon.clone().find(|token| token.kind() == TokenKind::Comment && token.end() <= newline.start());
    let body = model.next_line(newline.start());
    let mut edits = vec![Edit::delete(match comment {
        Some(comment) => TextRange::new(keyword.start(), comment.start()),
        None => TextRange::new(model.line_start(keyword.start()), body),
    })];
    let (outer, inner) = (model.indentation(keyword.start()), model.indentation(first.start()));
    let end = end_of_block(model, last.end(), inner);
    let strings = long_strings(code.tokens.between(first.start(), last.end()));
    let mut line = body;
    while line < end {
        let is_text = strings.iter().any(|string| string.start() < line && line < string.end());
        if !is_text && model.text()[line.to_usize()..].starts_with(inner) {
            edits.push(Edit::replace(TextRange::at(line, TextSize::of(inner)), outer));
        }
        line = model.next_line(model.line_end(line));
    }
    Some(Fix::safe("Take the `else` away and dedent its lines", edits))
}

/// The end of a block's last line, comments that belong to it included.
fn end_of_block(model: &Model, last: TextSize, indentation: &str) -> TextSize {
    let mut end = model.line_end(last);
    let mut line = model.next_line(end);
    while line.to_usize() < model.text().len() && !model.is_last_line(end) {
        let text = &model.text()[TextRange::new(line, model.line_end(line))];
        if text.starts_with(indentation) && text.trim_start().starts_with('#') {
            end = model.line_end(line);
        } else if !text.trim().is_empty() {
            break;
        }
        line = model.next_line(model.line_end(line));
    }
    end
}

/// The string literals that go over several lines: what stands inside is text, not layout.
fn long_strings(tokens: &[Token]) -> Vec<TextRange> {
    let mut strings = Vec::new();
    let mut open: Vec<TextSize> = Vec::new();
    for token in tokens {
        match token.kind() {
            TokenKind::String => strings.push(token.range()),
            TokenKind::FStringStart | TokenKind::TStringStart => open.push(token.start()),
            TokenKind::FStringEnd | TokenKind::TStringEnd => {
                strings.extend(open.pop().map(|start| TextRange::new(start, token.end())));
            }
            _ => {}
        }
    }
    strings
}
