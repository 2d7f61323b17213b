//! PP0101: syntax of Python 2, named as such.
//!
//! Most of it doesn't parse and is known from its tokens ([`crate::python::python2`]); `print >>file, x` parses.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{self as ast, Expr, Operator};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::Model;
use crate::python::python2::{self, Construct, Kind};
use crate::rules::{Check, Code, Context, Finding, SyntaxErrors};

pub const CHECKS: &[Check] = &[Check::SyntaxErrors(check), Check::ExprStmt(check_redirection)];

/// Longer code is not written out in a message.
const MAX_SHOWN: usize = 36;

fn check<'a>(errors: &SyntaxErrors<'_>, ctx: &mut Context<'_, 'a>) {
    let found = python2::constructs(ctx.model, ctx.tokens, errors.parser, errors.unsupported);
    for (index, construct) in found.iter().enumerate() {
        let holds_other = found.iter().enumerate().any(|(other, inner)| {
            other != index && operand(construct).is_some_and(|operand| operand.contains_range(inner.range))
        });
        report(construct, holds_other, ctx);
    }
}

fn operand(construct: &Construct) -> Option<TextRange> {
    match construct.kind {
        Kind::Print { operand, .. } | Kind::Exec { operand } | Kind::Backticks { operand } => Some(operand),
        Kind::Raise { .. } => Some(construct.range),
        _ => None,
    }
}

fn report<'a>(construct: &Construct, holds_other: bool, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let new = if holds_other { None } else { replacement(construct, model) };
    let new = new.unwrap_or_else(|| outline(construct).to_owned());
    let (new, remedy) = match construct.kind {
        Kind::TupleParameter { .. } => ("one name".to_owned(), new),
        _ => (format!("`{new}`"), format!("write `{new}`")),
    };
    let (what, when) = (subject(construct, model), when(construct));
    let range = construct.range;
    let finding = Finding::new(range, format!("{what} Python 2, {when}; {remedy}"))
        .name("old", old(construct, model))
        .name("new", new)
        .steps(move |code| steps(range, code));
    let kind = construct.kind.clone();
    ctx.report(finding.fix(move |code| fix(range, &kind, code)));
}

/// What is Python 2, as the start of a sentence.
fn subject(construct: &Construct, model: &Model) -> String {
    let text = model.slice(construct.range);
    match construct.kind {
        Kind::Print { .. } => "`print` without parentheses is".to_owned(),
        Kind::Exec { .. } => "`exec` without parentheses is".to_owned(),
        Kind::Raise { .. } => "`raise` with a comma is".to_owned(),
        Kind::Except { .. } => "`except` with a comma is".to_owned(),
        Kind::Backticks { .. } => "backticks are".to_owned(),
        Kind::NotEqual => "`<>` is".to_owned(),
        Kind::Octal { .. } => format!("`{text}` is an octal number in"),
        Kind::UnicodeRaw => format!("the prefix `{text}` is"),
        Kind::Long { .. } => format!("`{text}` is"),
        Kind::TupleParameter { .. } => "a tuple as parameter is".to_owned(),
    }
}

fn when(construct: &Construct) -> &'static str {
    match construct.kind {
        Kind::Except { .. } => "a SyntaxError before 3.14",
        _ => "a SyntaxError now",
    }
}

/// What to write instead, in the reader's own words; `None` where that would be long.
fn replacement(construct: &Construct, model: &Model) -> Option<String> {
    let part = |range: TextRange| model.slice(range);
    let text = match &construct.kind {
        Kind::Print { operand, comma, .. } => {
            let end = if comma.is_some() { ", end=\" \"" } else { "" };
            format!("print({}{end})", part(*operand))
        }
        Kind::Exec { operand } => format!("exec({})", exec_arguments(part(*operand))),
        Kind::Raise { parts } => raised(&parts.iter().map(|range| part(*range)).collect::<Vec<_>>())?,
        Kind::Except { class, target } => format!("except {} as {}", part(*class), part(*target)),
        Kind::Backticks { operand } => format!("repr({})", part(*operand)),
        Kind::NotEqual => "!=".to_owned(),
        Kind::Octal { digits } => octal(part(*digits)),
        Kind::UnicodeRaw => "r".to_owned(),
        Kind::Long { number } => part(*number).to_owned(),
        Kind::TupleParameter { .. } => return None,
    };
    is_short(&text).then_some(text)
}

/// Whether code can be written out in a message.
fn is_short(text: &str) -> bool {
    text.chars().count() <= MAX_SHOWN && !text.contains(['\n', '\r', '`', '{'])
}

/// The same without the reader's own words.
fn outline(construct: &Construct) -> &'static str {
    match construct.kind {
        Kind::Print { comma: Some(_), .. } => "print(…, end=\" \")",
        Kind::Print { .. } => "print(…)",
        Kind::Exec { .. } => "exec(…)",
        Kind::Raise { .. } => "raise …(…)",
        Kind::Except { .. } => "except … as error",
        Kind::Backticks { .. } => "repr(…)",
        Kind::NotEqual => "!=",
        Kind::Octal { .. } => "0o…",
        Kind::UnicodeRaw => "r",
        Kind::Long { .. } => "the number alone",
        Kind::TupleParameter { in_lambda: true } => "take one name and use `name[0]`",
        Kind::TupleParameter { in_lambda: false } => "take one name and unpack it in the body",
    }
}

/// The reader's own code, if it is short.
fn old(construct: &Construct, model: &Model) -> String {
    let range = operand(construct).map_or(construct.range, |operand| construct.range.cover(operand));
    let text = model.slice(range);
    if is_short(text) {
        return text.to_owned();
    }
    match construct.kind {
        Kind::Print { .. } => "print …".to_owned(),
        Kind::Exec { .. } => "exec …".to_owned(),
        Kind::Raise { .. } => "raise …, …".to_owned(),
        Kind::Except { .. } => "except …, …".to_owned(),
        Kind::Backticks { .. } => "text between backticks".to_owned(),
        _ => "this".to_owned(),
    }
}

/// `code in names, local` as arguments.
fn exec_arguments(operand: &str) -> String {
    operand.replacen(" in ", ", ", 1)
}

/// `raise E, value, traceback` as one expression.
fn raised(parts: &[&str]) -> Option<String> {
    let class = *parts.first()?;
    // Neither a text nor an instance takes arguments.
    if class.contains(['"', '\'', '(']) {
        return None;
    }
    let new = match parts.get(1)? {
        &"None" => class.to_owned(),
        value if value.starts_with('(') && value.ends_with(')') => format!("{class}{value}"),
        value => format!("{class}({value})"),
    };
    Some(match parts.get(2) {
        Some(traceback) => format!("raise {new}.with_traceback({traceback})"),
        None => format!("raise {new}"),
    })
}

/// The same number in Python 3.
fn octal(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    if digits.len() == 1 { digits.to_owned() } else { format!("0o{digits}") }
}

fn steps(range: TextRange, code: &Code) -> Vec<Step> {
    let unit = if code.source.cells().is_empty() { "file" } else { "cell" };
    let stops = format!("line {}: Python 3 can't read this, and stops", code.line(range));
    let nothing = format!("so it compiles nothing of the {unit}: not even the lines above run");
    vec![Step::new(range, stops), Step::new(range, nothing)]
}

fn fix(range: TextRange, kind: &Kind, code: &Code) -> Option<Fix> {
    match kind {
        Kind::Print { operand, is_whole: true, comma } => {
            let open = Edit::replace(TextRange::new(range.end(), operand.start()), "(");
            let close = match comma {
                Some(comma) => Edit::replace(TextRange::new(operand.end(), comma.end()), ", end=\" \")"),
                None => Edit::insert(operand.end(), ")"),
            };
            Some(Fix::safe("Put parentheses around what is printed", vec![open, close]))
        }
        Kind::NotEqual => Some(Fix::safe("Compare with `!=`", vec![Edit::replace(range, "!=")])),
        Kind::Octal { digits } => {
            let new = octal(code.model.slice(*digits));
            Some(Fix::safe(format!("Write `{new}`"), vec![Edit::replace(range, new)]))
        }
        _ => None,
    }
}

// ---- `print >>file, x`

/// A redirected `print`, taken apart.
struct Redirection {
    statement: TextRange,
    file: TextRange,
    /// What is printed, if anything.
    rest: Option<TextRange>,
    keeps_line_open: bool,
    /// Whether nothing else is wrong in it.
    is_whole: bool,
}

fn check_redirection<'a>(stmt: &'a ast::StmtExpr, ctx: &mut Context<'_, 'a>) {
    let Some(print) = shifted_print(&stmt.value, ctx.model).filter(|print| print.start() == stmt.start()) else {
        return;
    };
    // Half-typed code has no file yet.
    let Some(redirection) = redirection(stmt, ctx).filter(|redirection| !redirection.file.is_empty()) else { return };
    let new = redirection.replacement(ctx.model);
    let shown = if redirection.is_whole && is_short(&new) { new.clone() } else { "print(…, file=…)".to_owned() };
    let text = ctx.model.slice(redirection.statement);
    let old = if is_short(text) { text } else { "print >>…" };
    let finding = Finding::new(print.range(), format!("`print >>` is Python 2 and raises TypeError; write `{shown}`"))
        .name("old", old)
        .name("new", format!("`{shown}`"))
        .steps(move |code| {
            let line = code.line(print);
            vec![
                Step::new(print.range(), format!("line {line}: Python 3 reads `>>` as an operator, as in `8 >> 1`")),
                Step::new(
                    print.range(),
                    "a function such as `print` has no such operator: TypeError, nothing is written",
                ),
            ]
        })
        .fix(move |_| {
            let edit = Edit::replace(redirection.statement, new);
            redirection.is_whole.then(|| Fix::safe("Pass the file as `file=`", vec![edit]))
        });
    ctx.report(finding);
}

/// The `print` that the leftmost part of a statement shifts.
fn shifted_print<'a>(expr: &'a Expr, model: &Model<'a>) -> Option<&'a Expr> {
    match expr {
        Expr::BinOp(node) if node.op == Operator::RShift && model.is_builtin(&node.left, "print") => {
            (node.left.is_name_expr()).then_some(&*node.left)
        }
        Expr::BinOp(node) => shifted_print(&node.left, model),
        Expr::BoolOp(node) => shifted_print(&node.values[0], model),
        Expr::Compare(node) => shifted_print(&node.left, model),
        Expr::If(node) => shifted_print(&node.body, model),
        Expr::Tuple(node) if !node.parenthesized => shifted_print(node.elts.first()?, model),
        _ => None,
    }
}

fn redirection(stmt: &ast::StmtExpr, code: &Code) -> Option<Redirection> {
    let mut depth = 0_usize;
    let mut shift: Option<Token> = None;
    let mut comma: Option<Token> = None;
    let mut last: Option<Token> = None;
    let mut is_whole = true;
    for token in code.tokens.after(stmt.start()) {
        match token.kind() {
            TokenKind::Newline | TokenKind::EndOfFile => break,
            TokenKind::Semi if depth == 0 => break,
            TokenKind::Comment | TokenKind::NonLogicalNewline => continue,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth = depth.saturating_sub(1),
            TokenKind::RightShift if shift.is_none() => shift = Some(*token),
            TokenKind::Comma if depth == 0 && comma.is_none() => comma = Some(*token),
            _ => {}
        }
        // `10L`, `ur""`
        let is_suffix = matches!(token.kind(), TokenKind::Name | TokenKind::String)
            && last.is_some_and(|last| {
                last.end() == token.start() && matches!(last.kind(), TokenKind::Int | TokenKind::Name)
            });
        is_whole &= token.kind() != TokenKind::Unknown && token.end() <= stmt.end() && !is_suffix;
        last = Some(*token);
    }
    let (shift, last) = (shift?, last?);
    let between = |from, to| {
        let text = code.model.slice(TextRange::new(from, to));
        TextRange::at(from + TextSize::of(text) - TextSize::of(text.trim_start()), TextSize::of(text.trim()))
    };
    let keeps_line_open = last.kind() == TokenKind::Comma && comma != Some(last);
    let end = if last.kind() == TokenKind::Comma { last.start() } else { stmt.end() };
    Some(Redirection {
        statement: stmt.range,
        file: between(shift.end(), comma.map_or(stmt.end(), |comma| comma.start())),
        rest: comma.filter(|comma| comma.end() < end).map(|comma| between(comma.end(), end)),
        keeps_line_open,
        is_whole,
    })
}

impl Redirection {
    fn replacement(&self, model: &Model) -> String {
        let file = model.slice(self.file);
        let end = if self.keeps_line_open { ", end=\" \"" } else { "" };
        match self.rest {
            Some(rest) => format!("print({}{end}, file={file})", model.slice(rest)),
            None => format!("print(file={file})"),
        }
    }
}
