//! Text files without `encoding=`: up to Python 3.14 the locale decides
//! (<https://docs.python.org/3/library/io.html#text-encoding>), from 3.15 on it is UTF-8 (<https://peps.python.org/pep-0686/>).

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, Expr, PythonVersion};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::files::TextEncoding;
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Call(check)];

/// The first version with the same encoding everywhere.
const UTF8_BY_DEFAULT: PythonVersion = PythonVersion { major: 3, minor: 15 };

const ENCODING: &str = "encoding=\"utf-8\"";

/// Longer callees and calls are quoted in part.
const LONGEST: usize = 30;

fn check<'a>(call: &'a ast::ExprCall, ctx: &mut Context<'_, 'a>) {
    if ctx.target_version() >= UTF8_BY_DEFAULT {
        return;
    }
    let encoding = match ctx.model.text_encoding(call) {
        Some(encoding @ (TextEncoding::Unnamed | TextEncoding::None(_))) => encoding,
        _ => return,
    };
    let callee = ctx.model.excerpt(&*call.func, LONGEST);
    let message = format!("the encoding of `{callee}()` depends on the machine; say `{ENCODING}`");
    let file = match &*call.func {
        Expr::Attribute(method) if ctx.model.qualified_name(&call.func).is_none() => Some(method.value.range()),
        _ => call.arguments.args.first().map(Ranged::range),
    };
    let mut finding = Finding::new(call.range(), message)
        .name("call", ctx.model.excerpt(call, LONGEST))
        .steps(move |code| steps(call, code))
        .fix(move |code| Some(fix(call, encoding, code)));
    if let Some(file) = file {
        finding = finding.related(file, "whose bytes mean other text on another machine");
    }
    ctx.report(finding);
}

fn steps(call: &ast::ExprCall, code: &Code) -> Vec<Step> {
    let line = code.line(call);
    let shown = code.model.excerpt(call, LONGEST);
    vec![
        Step::new(call.range(), format!("line {line}: `{shown}` turns text into bytes or back, but names no encoding")),
        Step::new(
            call.range(),
            "so Python asks the machine: UTF-8 on most Linux and macOS machines, on Windows often cp1252",
        ),
    ]
}

fn fix(call: &ast::ExprCall, encoding: TextEncoding, code: &Code) -> Fix {
    let edit = match encoding {
        TextEncoding::None(value) => Edit::replace(value.range(), "\"utf-8\""),
        _ => append(call, code),
    };
    Fix::r#unsafe(format!("Add `{ENCODING}`"), "are the files that it meets in UTF-8?", vec![edit])
}

/// Adds the argument after the last one.
fn append(call: &ast::ExprCall, code: &Code) -> Edit {
    let inside = TextRange::new(call.arguments.start(), call.arguments.end() - TextSize::of(')'));
    let last = code.tokens.last_in(inside);
    let (place, before) = match last {
        Some(token) if token.kind() == TokenKind::Comma => (token.end(), " "),
        Some(token) if call.arguments.is_empty() => (token.end(), ""),
        Some(token) => (token.end(), ", "),
        None => (inside.end(), ""),
    };
    Edit::insert(place, format!("{before}{ENCODING}"))
}
