//! Files, sockets and archives that nobody is sure to close: `with` closes on every way out
//! (<https://docs.python.org/3/tutorial/inputoutput.html#reading-and-writing-files>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::handles::{Destiny, Held};
use crate::python::layout::has_comment;
use crate::python::{Model, NodeId, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Call(check)];

/// Longer calls are quoted in part.
const LONGEST: usize = 30;

fn check<'a>(call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(kind) = model.opened_kind(call) else { return };
    let Some(id) = model.id(call).filter(|_| !model.wraps_open_file(call)) else { return };
    // Where it is to fail, there is nothing to close; what a test has replaced opens nothing.
    let fails = model.expecting_manager(id).is_some_and(|manager| manager.contains("aises"));
    if fails || is_patched(id, model) {
        return;
    }
    match model.handle_destiny(id) {
        Destiny::Given => {}
        Destiny::Used { at, .. } => report_unnamed(call, kind, Some(at), ctx),
        Destiny::Dropped => report_unnamed(call, kind, None, ctx),
        Destiny::Named(symbol) => {
            if let Some(held) = model.held(symbol, id) {
                report_named(call, kind, held, ctx);
            }
        }
    }
}

/// Whether a `with` around replaces `open`: `patch("builtins.open", …)`.
fn is_patched(id: NodeId, model: &Model) -> bool {
    let names_open = |argument: &Expr| model.slice(argument).contains("open");
    let replaces = |item: &ast::WithItem| {
        let Expr::Call(call) = &item.context_expr else { return false };
        model.slice(&*call.func).contains("patch") && call.arguments.args.iter().any(names_open)
    };
    model.ancestors(id).any(|around| match model.node(around) {
        AnyNodeRef::StmtWith(node) => node.items.iter().any(replaces),
        _ => false,
    })
}

// ---- the finding

/// The shortest way to quote a call that opens something.
fn shown(call: &ast::ExprCall, model: &Model) -> String {
    model.excerpt(call, LONGEST)
}

fn report_unnamed<'a>(call: &'a ast::ExprCall, kind: &'static str, used: Option<TextRange>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let opened = shown(call, model);
    let message = format!("nothing closes the {kind} of `{opened}` for certain; open it in a `with` statement");
    let at = used.unwrap_or(call.func.range());
    let reason = "Here no name holds it, so nobody can.";
    ctx.report(
        Finding::new(call.range(), message)
            .related(at, format!("after this, nothing holds the {kind} that could close it"))
            .name("call", opened.clone())
            .name("kind", kind)
            .name("handle", "file")
            .name("reason", reason)
            .steps(move |code| {
                vec![
                    Step::new(call.range(), format!("line {}: `{opened}` opens the {kind}", code.line(call))),
                    Step::new(
                        at,
                        format!("line {}: after this nothing can call `close()` on it any more", code.line(at)),
                    ),
                ]
            })
            .fix(move |code| around_statement(call, code)),
    );
}

fn report_named<'a>(call: &'a ast::ExprCall, kind: &'static str, held: Held, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let opened = shown(call, model);
    let name = model.name(held.symbol);
    let (message, reason) = match held.close {
        Some(close) => (
            format!("an error before `{name}.close()` leaves `{name}` open; use `with … as {name}:`"),
            format!("An error before `{name}.close()` in line {} jumps over it.", ctx.line(close)),
        ),
        None => (
            format!("nothing closes `{name}` for certain; use `with … as {name}:`"),
            format!("Here nothing closes `{name}`."),
        ),
    };
    let place = held.close.or(held.last_use).unwrap_or(call.func.range());
    let told = match held.close {
        Some(_) => "not reached if anything before it raises".to_owned(),
        None => format!("after this, `{name}` is still open"),
    };
    ctx.report(
        Finding::new(call.range(), message)
            .related(place, told)
            .name("call", opened.clone())
            .name("kind", kind)
            .name("handle", name)
            .name("reason", reason)
            .steps(move |code| {
                let end = match held.close {
                    Some(_) => format!("line {}: an error on the way jumps over this `close()`", code.line(place)),
                    None => format!("line {}: after this nobody closes `{name}`", code.line(place)),
                };
                vec![
                    Step::new(call.range(), format!("line {}: `{opened}` opens the {kind}", code.line(call))),
                    Step::new(place, end),
                ]
            })
            .fix(move |code| around_use(call, held.symbol, code)),
    );
}

// ---- the fix

const TITLE: &str = "Open it in a `with` statement";

fn fix(edits: Vec<Edit>) -> Fix {
    Fix::r#unsafe(TITLE, "is it needed open afterwards?", edits)
}

/// Edits that move the lines of `range` one level in, but for those that start in `except`; `None` where that would change a string.
fn indented(range: TextRange, except: TextRange, code: &Code) -> Option<Vec<Edit>> {
    let model = code.model;
    let unit = model.indentation_unit(code.tokens);
    let spans_lines = |token: &ruff_python_ast::token::Token| {
        let is_text = matches!(
            token.kind(),
            TokenKind::String | TokenKind::FStringMiddle | TokenKind::FStringStart | TokenKind::TStringMiddle
        );
        is_text && model.slice(token.range()).contains(['\n', '\r'])
    };
    if code.tokens.in_range(range).iter().any(|token| spans_lines(token) && !except.contains_range(token.range())) {
        return None;
    }
    let mut edits = Vec::new();
    let mut start = model.line_start(range.start());
    while start < range.end() {
        let end = model.line_end(start);
        let is_inside = except.start() < start && start <= except.end();
        if !model.slice(TextRange::new(start, end)).trim().is_empty() && !is_inside {
            edits.push(Edit::insert(start, unit));
        }
        let next = model.next_line(end);
        if next == start {
            break;
        }
        start = next;
    }
    Some(edits)
}

/// Whether a statement has its lines for itself.
fn owns_lines(stmt: &Stmt, model: &Model) -> bool {
    let rest = model.slice(TextRange::new(stmt.end(), model.line_end(stmt.end()))).trim_start();
    model.starts_line(stmt.start()) && (rest.is_empty() || rest.starts_with('#'))
}

/// `text = open(path).read()` → `with open(path) as file:` and `text = file.read()` in it.
fn around_statement<'a>(call: &'a ast::ExprCall, code: &Code<'_, 'a>) -> Option<Fix> {
    let model = code.model;
    let id = model.id(call)?;
    let statement = model.statement(id)?;
    let stmt = model.stmt_at(statement)?;
    let is_once = match stmt {
        Stmt::For(node) => node.iter.range().contains_range(call.range()),
        Stmt::Assign(_)
        | Stmt::AnnAssign(_)
        | Stmt::AugAssign(_)
        | Stmt::Return(_)
        | Stmt::Expr(_)
        | Stmt::Assert(_) => true,
        _ => false,
    };
    let scope = model.scope_of(statement);
    let is_eager = matches!(model.handle_destiny(id), Destiny::Used { is_lazy: false, .. });
    if !is_once
        || !is_eager
        || !is_evaluated_once(id, scope, model)
        || !owns_lines(stmt, model)
        || has_comment(code.tokens, call.range())
    {
        return None;
    }
    let is_free = |name: &&&str| {
        model.resolve(scope, name).is_none() && model.lookup(scope, name).is_none()
            || is_our_own(name, statement, model)
    };
    // Another call further left gets a name, too.
    let is_earlier = |node: AnyNodeRef| {
        matches!(node, AnyNodeRef::ExprCall(other)
        if other.end() <= call.start() && model.opened_kind(other).is_some())
    };
    let earlier = model.descendants(statement).filter(|(_, node)| is_earlier(*node)).count();
    let mut names = ["file", "handle"].iter().filter(|name| is_free(name) && !is_mentioned(name, stmt, model));
    let name = names.nth(earlier)?;
    let indentation = model.indentation(stmt.start());
    let opening = format!("with {} as {name}:\n{indentation}", model.slice(call));
    let start = model.line_start(stmt.start());
    let mut edits = indented(stmt.range(), call.range(), code)?;
    edits.retain(|edit| edit.range.start() != start);
    let unit = model.indentation_unit(code.tokens);
    edits.push(Edit::insert(stmt.start(), format!("{opening}{unit}")));
    edits.push(Edit::replace(call.range(), *name));
    Some(fix(edits))
}

/// Whether every binding of a name in the scope is a `with` or stands elsewhere: then it is free again.
fn is_our_own(name: &str, statement: NodeId, model: &Model) -> bool {
    use crate::python::BindingKind;
    let scope = model.scope_of(statement);
    model.lookup(scope, name).filter(|&symbol| model.symbol_scope(symbol) == scope).is_some_and(|symbol| {
        let is_with = |kind| matches!(kind, BindingKind::With(_));
        model.bindings(symbol).all(|binding| is_with(binding.kind) && binding.scope == scope)
            && !model.reads(symbol).any(|read| read.scope != scope && !model.scope(read.scope).kind.is_comprehension())
    })
}

/// Whether a name is used in the statement or by a `with` around it.
fn is_mentioned(name: &str, stmt: &Stmt, model: &Model) -> bool {
    let id = model.stmt_id(stmt);
    let inside =
        model.descendants(id).any(|(_, node)| matches!(node, AnyNodeRef::ExprName(node) if node.id.as_str() == name));
    inside
        || model.ancestors(id).any(|around| match model.node(around) {
            AnyNodeRef::StmtWith(with) => with.items.iter().any(|item| {
                item.optional_vars
                    .as_deref()
                    .is_some_and(|target| matches!(target, Expr::Name(target) if target.id.as_str() == name))
            }),
            _ => false,
        })
}

/// Whether an expression is evaluated once whenever its statement is.
fn is_evaluated_once(id: NodeId, scope: crate::python::ScopeId, model: &Model) -> bool {
    if model.scope_of(id) != scope {
        return false;
    }
    let mut child = id;
    for around in model.ancestors(id) {
        let range = model.node(child).range();
        match model.node(around) {
            AnyNodeRef::ExprBoolOp(node) if node.values[0].range() != range => return false,
            AnyNodeRef::ExprIf(node) if node.test.range() != range => return false,
            AnyNodeRef::ExprLambda(_) => return false,
            node if node.is_statement() => return true,
            _ => {}
        }
        child = around;
    }
    false
}

/// `file = open(path)`, one statement that uses it, and perhaps `file.close()` → a `with` statement.
fn around_use<'a>(call: &'a ast::ExprCall, symbol: SymbolId, code: &Code<'_, 'a>) -> Option<Fix> {
    let model = code.model;
    let statement = model.statement(model.id(call)?)?;
    let block = model.block_of(statement)?;
    let at = block.iter().position(|stmt| model.stmt_id(stmt) == statement)?;
    let (opening, user) = (block.get(at)?, block.get(at + 1)?);
    let Stmt::Assign(assign) = opening else { return None };
    let [Expr::Name(target)] = &*assign.targets else { return None };
    if assign.value.range() != call.range() || assign.range.end() != call.end() {
        return None;
    }
    let close = block.get(at + 2).filter(|stmt| is_close(stmt, symbol, model));
    let is_inside = |range: TextRange| {
        user.range().contains_range(range) || close.is_some_and(|close| close.range().contains_range(range))
    };
    let is_eager = |read: NodeId| {
        model.tested(read).is_some() || matches!(model.handle_destiny(read), Destiny::Used { is_lazy: false, .. })
    };
    let is_closed = |read: NodeId| close.is_some_and(|close| close.range().contains_range(model.node(read).range()));
    let opened = model.id(call)?;
    let mut reads = model.reads(symbol).filter(|read| !model.holds_another(symbol, opened, read.node));
    let is_fit = reads.all(|read| is_inside(read.expr.range) && (is_closed(read.node) || is_eager(read.node)));
    let last = close.unwrap_or(user);
    if !is_fit
        || !model.is_one_unit(opening.start(), last.start())
        || ![opening, user].into_iter().chain(close).all(|stmt| owns_lines(stmt, model))
        || matches!(user, Stmt::FunctionDef(_) | Stmt::ClassDef(_))
    {
        return None;
    }
    let body = TextRange::new(model.next_line(model.line_end(opening.end())), user.end());
    let mut edits = indented(body, TextRange::empty(opening.start()), code)?;
    edits.push(Edit::replace(TextRange::new(assign.range.start(), call.start()), "with "));
    edits.push(Edit::insert(call.end(), format!(" as {}:", target.id)));
    if let Some(close) = close {
        let rest = TextRange::new(close.end(), model.line_end(close.end()));
        let comment = model.slice(rest).find('#').map(|at| close.end() + TextSize::new(at as u32));
        let removed = match comment {
            Some(comment) => TextRange::new(close.start(), comment),
            // The line goes, and the end of the line before it stays.
            None => TextRange::new(model.line_start(close.start()), model.next_line(rest.end())),
        };
        edits.push(Edit::delete(removed));
    }
    Some(fix(edits))
}

/// `file.close()`
fn is_close(stmt: &Stmt, symbol: SymbolId, model: &Model) -> bool {
    let Stmt::Expr(node) = stmt else { return false };
    let Expr::Call(call) = &*node.value else { return false };
    let Expr::Attribute(method) = &*call.func else { return false };
    method.attr.as_str() == "close"
        && matches!(&*method.value, Expr::Name(name) if model.symbol_of(name) == Some(symbol))
}
