//! PP0002: what keeps the file from compiling, in plain words.

use std::sync::LazyLock;

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::semantic_errors::{SemanticSyntaxError, SemanticSyntaxErrorKind as Semantic};
use ruff_python_parser::{LexicalErrorType, ParseError, ParseErrorType as Parse};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Step};
use crate::python::python2;
use crate::rules::{Check, Code, Context, Finding, Rule, SyntaxErrors};

pub const CHECKS: &[Check] = &[Check::SyntaxErrors(check)];

/// This rule.
pub fn rule() -> &'static Rule {
    static RULE: LazyLock<&'static Rule> = LazyLock::new(|| Rule::find("PP0002").expect("the rule has a page"));
    &RULE
}

/// The rule that names what is Python 2.
static PYTHON2_SYNTAX: LazyLock<&'static Rule> = LazyLock::new(|| Rule::find("PP0101").expect("the rule has a page"));

/// What is wrong, and the question that explains it (0 if none does).
type Explanation = (String, u8);

fn check<'a>(errors: &SyntaxErrors<'_>, ctx: &mut Context<'_, 'a>) {
    let code = **ctx;
    let unit = |place: TextRange| code.source.unit_at(place.start());
    // What PP0101 names is told by that rule.
    let told = match ctx.config.is_enabled(&PYTHON2_SYNTAX) {
        true => python2::constructs(code.model, code.tokens, errors.parser, errors.unsupported),
        false => Vec::new(),
    };
    let mut broken: Vec<TextRange> = Vec::new();
    let mut previous: Option<TextRange> = None;
    let is_own = |error: &&ParseError| !is_indented_cell(&code, error) && !is_lost_dedent(error);
    for error in errors.parser.iter().filter(is_own) {
        let range = at_character(&code, error.location);
        if broken.last() != Some(&unit(range)) {
            broken.push(unit(range));
        }
        if told.iter().any(|construct| construct.explains_error(error)) {
            continue;
        }
        // After an error the parser guesses; only a statement that is whole shows that it has found its way back.
        let is_new = |previous| unit(previous) != unit(range) || has_whole_statement_between(&code, previous, range);
        if previous.is_none_or(is_new) {
            let explanation = explain_parse_error(&code, error);
            let ending =
                format!("nothing in this {} runs before that is mended, not even the lines above", unit_name(&code));
            report(ctx, range, explanation, ending);
        }
        previous = Some(range);
    }
    // The compiler does not get further where the parser failed, and what that guessed may be wrong.
    let is_whole = |place: TextRange| !broken.contains(&unit(place));
    let is_told = |place: TextRange| told.iter().any(|construct| construct.explains(place.start()));
    for error in errors.semantic.iter().filter(|error| is_whole(error.range)) {
        // IPython compiles and runs a cell statement by statement.
        let ending = match code.source.cell_at(error.range.start()) {
            Some(_) => "the cell ends with an error here: what stands above has run, what stands below never does",
            None => "nothing in this file runs before that is mended, not even the lines above",
        };
        report(ctx, error.range, explain_compile_error(error), ending);
    }
    // Without a version that the project names, any Python may be meant.
    if ctx.config.names_target_version {
        for error in errors.unsupported.iter().filter(|error| is_whole(error.range()) && !is_told(error.range())) {
            report_too_new(ctx, error.range(), lower_first(&error.to_string()));
        }
    }
}

/// Whether the parser misses, at the end of the file, the end of a block whose indentation was wrong further up.
fn is_lost_dedent(error: &ParseError) -> bool {
    matches!(error.error, Parse::ExpectedToken { expected: TokenKind::Dedent, found: TokenKind::EndOfFile })
}

/// Whether all that is wrong is that a notebook's cell is indented as a whole: IPython takes the indentation away.
fn is_indented_cell(code: &Code, error: &ParseError) -> bool {
    let Some(cell) = code.source.cell_at(error.location.start()) else { return false };
    let indentation = code.model.slice(error.location);
    let mut lines = code.model.slice(cell.range()).lines().filter(|line| !line.trim().is_empty());
    matches!(error.error, Parse::UnexpectedIndentation) && lines.all(|line| line.starts_with(indentation))
}

fn report<'a>(
    ctx: &mut Context<'_, 'a>,
    range: TextRange,
    (message, question): Explanation,
    ending: impl Into<String> + 'a,
) {
    let finding = Finding::new(range, message).question(question).steps(move |code| {
        let line = code.line(range);
        let text = code.source.line_text(code.source.line(range.start())).trim();
        vec![
            Step::new(range, format!("line {line}: Python can't make sense of `{}`", excerpt(text))),
            Step::new(range, ending),
        ]
    });
    ctx.report(finding);
}

/// What Python compiles at once, as readers call it.
fn unit_name(code: &Code) -> &'static str {
    if code.source.cells().is_empty() { "file" } else { "cell" }
}

/// Syntax that a newer Python reads, but not the oldest that the project supports.
fn report_too_new<'a>(ctx: &mut Context<'_, 'a>, range: TextRange, message: String) {
    let finding = Finding::new(range, message).question(1).steps(move |code| {
        let (line, version) = (code.line(range), code.target_version());
        vec![
            Step::new(
                range,
                format!("line {line}: Python {version}, which this project says it supports, can't read this"),
            ),
            Step::new(range, format!("there, nothing in the {} runs, not even the lines above", unit_name(code))),
        ]
    });
    ctx.report(finding);
}

/// A place to show for an error: at least one character, none of it beyond the text.
fn at_character(code: &Code, range: TextRange) -> TextRange {
    let text = code.model.text();
    if !range.is_empty() || text.is_empty() {
        return range;
    }
    match text[range.start().to_usize()..].chars().next() {
        Some(character) if !matches!(character, '\n' | '\r') => TextRange::at(range.start(), TextSize::of(character)),
        _ => range,
    }
}

fn has_whole_statement_between(code: &Code, previous: TextRange, next: TextRange) -> bool {
    let (after, before) = (code.source.line(previous.end()), code.source.line(next.start()));
    code.model.nodes().any(|(_, node)| {
        node.is_statement()
            && node.start() > previous.end()
            && node.end() < next.start()
            && code.source.line(node.start()) > after
            && code.source.line(node.end()) < before
    })
}

fn explain_parse_error(code: &Code, error: &ParseError) -> Explanation {
    let explained = |message: &str, question: u8| (message.to_owned(), question);
    let line = code.source.line(error.location.start());
    let text = &code.source.text()[error.location.start().to_usize()..];
    match &error.error {
        _ if text.starts_with(">>>") => {
            explained("`>>>` is the prompt of Python's shell and no part of the code; delete it", 1)
        }
        Parse::ExpectedToken { expected: TokenKind::Colon, found } => {
            let opener = opening_keyword(code, line);
            (format!("expected `:` at the end of the `{opener}` line, found {}", shown(*found)), question_of(opener))
        }
        Parse::ExpectedToken { expected, found: TokenKind::Newline | TokenKind::EndOfFile }
            if is_closing(*expected) =>
        {
            (format!("a bracket is never closed: `{}` is missing", token_text(*expected)), 0)
        }
        Parse::ExpectedToken { expected, found } => {
            (format!("expected {}, found {}", shown(*expected), shown(*found)), 0)
        }
        Parse::SimpleStatementsOnSameLine => explained("two statements on one line without `;` between them", 0),
        Parse::SimpleAndCompoundStatementOnSameLine => {
            explained("a block such as `if` or `for` can't start in the middle of a line", 4)
        }
        Parse::UnexpectedIndentation | Parse::Lexical(LexicalErrorType::IndentationError)
            if mixes_tabs_and_spaces(code, line) =>
        {
            explained("tabs and spaces are mixed: Python can't tell how deep this line is; use spaces only", 1)
        }
        Parse::UnexpectedIndentation => explained("this line is indented, but no block starts above it", 1),
        Parse::Lexical(LexicalErrorType::IndentationError) => {
            explained("the indentation matches no block above; align it with one", 1)
        }
        Parse::ExpectedExpression => explained("a value is missing here", 0),
        Parse::EmptySlice => explained("`[]` after a value needs an index or a slice", 5),
        Parse::InvalidAssignmentTarget => {
            explained("this can't be assigned to; only names, attributes and items can (`==` compares)", 2)
        }
        Parse::InvalidNamedAssignmentTarget => explained("`:=` binds a plain name only", 2),
        Parse::InvalidAugmentedAssignmentTarget => explained("an augmented assignment needs a single target", 2),
        Parse::InvalidDeleteTarget => explained("`del` takes names, attributes and items only", 24),
        Parse::NonDefaultParamAfterDefaultParam => {
            explained("a parameter without a default can't follow one with a default", 15)
        }
        Parse::ParamAfterVarKeywordParam => explained("nothing can follow `**kwargs` in a parameter list", 15),
        Parse::ExpectedKeywordParam => explained("a lone `*` needs at least one keyword parameter after it", 15),
        Parse::VarParameterWithDefault => explained("`*args` and `**kwargs` can't have a default", 15),
        Parse::PositionalAfterKeywordArgument => explained("a positional argument can't follow a keyword argument", 15),
        Parse::PositionalAfterKeywordUnpacking => explained("a positional argument can't follow `**` unpacking", 15),
        Parse::InvalidArgumentUnpackingOrder => explained("`*` unpacking can't follow `**` unpacking", 15),
        Parse::InvalidStarredExpressionUsage => explained("`*` can't unpack here", 15),
        Parse::IterableUnpackingInComprehension => explained("`*` can't unpack inside a comprehension", 10),
        Parse::UnparenthesizedGeneratorExpression => {
            explained("a generator expression beside other arguments needs parentheses", 13)
        }
        Parse::UnparenthesizedNamedExpression => explained("`:=` needs parentheses here", 2),
        Parse::UnparenthesizedTupleExpression => explained("a tuple needs parentheses here", 5),
        Parse::InvalidYieldExpressionUsage => explained("`yield` needs parentheses here or can't stand here", 13),
        Parse::InvalidLambdaExpressionUsage => explained("a lambda needs parentheses here", 14),
        Parse::Lexical(LexicalErrorType::UnclosedStringError) => {
            explained("this string is never closed: its quote is missing", 6)
        }
        Parse::Lexical(LexicalErrorType::LineContinuationError) => {
            explained("nothing may follow the backslash that continues a line", 1)
        }
        Parse::Lexical(LexicalErrorType::OtherError(message)) => match leading_zeros(code, error) {
            Some(number) => (format!("a decimal number can't start with `0`; write `{number}`"), 2),
            None => (lower_first(message), 0),
        },
        Parse::Lexical(LexicalErrorType::UnrecognizedToken { tok: '?' | '!' | '$' }) => {
            explained("this character means nothing in Python; conditions are written with `if`, `not`, `and`, `or`", 1)
        }
        Parse::Lexical(LexicalErrorType::UnrecognizedToken { tok }) => {
            (format!("`{tok}` (U+{:04X}) means nothing in Python code; was it pasted?", u32::from(*tok)), 1)
        }
        Parse::Lexical(LexicalErrorType::FStringError(_)) | Parse::FStringError(_) => {
            (lower_first(&error.error.to_string()), 6)
        }
        Parse::UnexpectedTokenAfterAsync(_) => explained("`async` is followed by `def`, `with` or `for` only", 25),
        Parse::UnexpectedIpythonEscapeCommand => {
            explained("`%`, `!` and `?` commands work in notebooks only, not in a Python file", 19)
        }
        other => (lower_first(&other.to_string()), 0),
    }
}

fn explain_compile_error(error: &SemanticSyntaxError) -> Explanation {
    match &error.kind {
        Semantic::ReturnOutsideFunction => ("`return` outside a function: there is nothing to return from".into(), 3),
        Semantic::BreakOutsideLoop => ("`break` outside a loop: there is nothing to leave".into(), 4),
        Semantic::ContinueOutsideLoop => ("`continue` outside a loop: there is no next round".into(), 4),
        Semantic::YieldOutsideFunction(kind) => {
            let word = kind.to_string();
            let question = if kind.is_await() { 25 } else { 13 };
            (format!("`{word}` outside a function"), question)
        }
        Semantic::AwaitOutsideAsyncFunction(kind) => {
            (format!("{kind} outside `async def`: nothing could suspend here"), 25)
        }
        Semantic::YieldFromInAsyncFunction => {
            ("`yield from` in an `async def`; loop with `async for` and `yield`".into(), 25)
        }
        Semantic::ReturnInGenerator => ("an asynchronous generator can't return a value".into(), 13),
        Semantic::DuplicateParameter(name) => (format!("two parameters are called `{name}`"), 15),
        Semantic::DuplicateKeywordArgument(name) => (format!("`{name}` is passed twice"), 15),
        Semantic::NonlocalWithoutBinding(name) => {
            (format!("`nonlocal {name}`: no function around this one has a variable `{name}`"), 28)
        }
        Semantic::NonlocalDeclarationAtModuleLevel => {
            ("`nonlocal` at module level: there is no function around".into(), 28)
        }
        Semantic::LoadBeforeGlobalDeclaration { name, .. } => {
            (format!("`global {name}` must come before `{name}` is used in this function"), 28)
        }
        Semantic::LoadBeforeNonlocalDeclaration { name, .. } => {
            (format!("`nonlocal {name}` must come before `{name}` is used in this function"), 28)
        }
        Semantic::GlobalParameter(name) | Semantic::NonlocalParameter(name) => {
            (format!("`{name}` is a parameter, it can't be declared `global` or `nonlocal`, too"), 28)
        }
        Semantic::NonlocalAndGlobal(name) => (format!("`{name}` can't be both `nonlocal` and `global`"), 28),
        Semantic::LateFutureImport => {
            ("`from __future__` imports must come before all other code of the file".into(), 9)
        }
        Semantic::FutureFeatureNotDefined(name) => (format!("`__future__` has no feature `{name}`"), 9),
        Semantic::NonModuleImportStar(name) => (format!("`from {name} import *` works at module level only"), 9),
        Semantic::MultipleStarredExpressions => ("only one `*` target can take the rest".into(), 5),
        Semantic::SingleStarredAssignment => ("a `*` target must stand in a list or tuple: `*rest, = …`".into(), 5),
        Semantic::NamedExpressionInComprehensionIterable
        | Semantic::NamedExpressionInClassBodyComprehension
        | Semantic::ReboundComprehensionVariable => (lower_first(&error.to_string()), 10),
        _ => (lower_first(&error.to_string()), 0),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        // `EOF` and the like stay as they are.
        Some(first) if !characters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

/// A line as it can stand in a sentence.
fn excerpt(line: &str) -> String {
    const LONGEST: usize = 60;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn is_closing(token: TokenKind) -> bool {
    matches!(token, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace)
}

fn token_text(token: TokenKind) -> String {
    token.to_string().trim_matches(['\'', '`']).to_owned()
}

fn shown(token: TokenKind) -> String {
    match token {
        TokenKind::Newline => "the end of the line".to_owned(),
        TokenKind::EndOfFile => "the end of the file".to_owned(),
        TokenKind::Indent => "an indented line".to_owned(),
        TokenKind::Dedent => "a line indented less".to_owned(),
        TokenKind::Name => "a name".to_owned(),
        TokenKind::String => "a string".to_owned(),
        TokenKind::Int | TokenKind::Float | TokenKind::Complex => "a number".to_owned(),
        token => format!("`{}`", token_text(token)),
    }
}

/// Whether a line is indented in another way than the last one above that is indented, too.
fn mixes_tabs_and_spaces(code: &Code, line: usize) -> bool {
    let indentation = |line: usize| {
        let text = code.source.line_text(line);
        let white = &text[..text.len() - text.trim_start_matches([' ', '\t']).len()];
        (!white.is_empty() && !text.trim().is_empty()).then_some(white)
    };
    let Some(own) = indentation(line) else { return false };
    let above = (1..line).rev().find_map(indentation);
    above.is_some_and(|above| !own.starts_with(above) && !above.starts_with(own))
}

/// The number without its zeros, where these are what is wrong: `8` for `08`.
fn leading_zeros<'s>(code: &'s Code, error: &ParseError) -> Option<&'s str> {
    let text = &code.source.text()[error.location.start().to_usize()..];
    let end = text.find(|character: char| !matches!(character, '0'..='9' | '_')).unwrap_or(text.len());
    let number = text[..end].strip_prefix('0')?.trim_start_matches(['0', '_']);
    (!number.is_empty()).then_some(number)
}

/// The keyword with which the logical line of an error starts: `if`, `def`, `class`.
fn opening_keyword<'s>(code: &'s Code, line: usize) -> &'s str {
    let text = code.source.line_text(line).trim_start();
    let word = text.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    if word.is_empty() { "block's" } else { word }
}

fn question_of(keyword: &str) -> u8 {
    match keyword {
        "if" | "elif" | "else" | "for" | "while" | "match" | "case" => 4,
        "def" => 3,
        "class" => 11,
        "try" | "except" | "finally" => 8,
        "with" => 16,
        "async" => 25,
        "lambda" => 14,
        _ => 1,
    }
}

/// The finding for a file that is nested more deeply than CPython allows. It is not parsed at all.
pub fn too_nested(range: TextRange, limit: &str, config: &Config) -> Diagnostic {
    let message = format!("more than {limit}: Python refuses to compile this; split it up");
    Diagnostic::new(rule(), range, config.severity(rule(), None), message)
}
