//! What is Python 2 in a file that doesn't parse: constructs that the tokens show, each with the errors that it explains.
//!
//! Only lines with errors are looked at, and only for spellings that no valid Python 3 has.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_python_parser::{
    LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError, UnsupportedSyntaxErrorKind,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::model::{BindingKind, Model, ScopeId};
use super::tokens::Tokens;

/// What a construct is. Ranges are those of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `print x`. Whether nothing else is wrong in it, and where its trailing comma is.
    Print { operand: TextRange, is_whole: bool, comma: Option<TextRange> },
    /// `exec code in names`.
    Exec { operand: TextRange },
    /// `raise E, "m", tb`: the parts between the commas.
    Raise { parts: Vec<TextRange> },
    /// `except E, e`.
    Except { class: TextRange, target: TextRange },
    /// What stands between backticks.
    Backticks { operand: TextRange },
    /// `<>`.
    NotEqual,
    /// `0777`: its digits, without an `L`.
    Octal { digits: TextRange },
    /// The prefix `ur` of a string.
    UnicodeRaw,
    /// `10L`: the number without the `L`.
    Long { number: TextRange },
    /// A tuple in a parameter list: whether that of a lambda.
    TupleParameter { in_lambda: bool },
}

/// A construct of Python 2.
#[derive(Clone, Debug)]
pub struct Construct {
    /// What it is.
    pub kind: Kind,
    /// The code that must change.
    pub range: TextRange,
    /// Errors that start here are its doing.
    explained: TextRange,
}

impl Construct {
    /// Whether something that starts at `offset` is wrong because of this construct.
    pub fn explains(&self, offset: TextSize) -> bool {
        self.explained.contains_inclusive(offset)
    }

    /// Whether the parser's error is this construct's doing. A string that is never closed is a mistake of its own.
    pub fn explains_error(&self, error: &ParseError) -> bool {
        !is_unclosed_string(error) && self.explains(error.location.start())
    }
}

/// The constructs in the lines with errors, in source order.
pub fn constructs(
    model: &Model,
    tokens: Tokens,
    errors: &[ParseError],
    unsupported: &[UnsupportedSyntaxError],
) -> Vec<Construct> {
    let mut found: Vec<Construct> = unsupported.iter().filter_map(|error| except_with_comma(model, error)).collect();
    if !errors.is_empty() {
        for line in lines(&tokens) {
            let range = TextRange::new(line[0].start(), line[line.len() - 1].end());
            if errors.iter().any(|error| range.contains_inclusive(error.location.start())) {
                Line::new(model, line, tokens).find(errors, &mut found);
            }
        }
    }
    found.sort_by_key(|construct| construct.range.start());
    found
}

/// `except E, e`, which the parser takes for two classes, as Python 3.14 does.
fn except_with_comma(model: &Model, error: &UnsupportedSyntaxError) -> Option<Construct> {
    if error.kind != UnsupportedSyntaxErrorKind::UnparenthesizedExceptionTypes {
        return None;
    }
    let AnyNodeRef::ExprTuple(tuple) = model.node(model.node_at(error.range)?) else { return None };
    let [class, target] = &*tuple.elts else { return None };
    let kind = Kind::Except { class: class.range(), target: target.range() };
    may_be_target(model, target).then_some(Construct { kind, range: error.range, explained: error.range })
}

/// Whether an expression is what an exception is bound to, not a class of exceptions.
fn may_be_target(model: &Model, target: &Expr) -> bool {
    let is_lower = |name: &str| !name.trim_start_matches('_').starts_with(char::is_uppercase);
    match target {
        Expr::Name(name) => {
            let Some(symbol) = model.symbol_of(name) else { return false };
            if model.symbol_scope(symbol) == ScopeId::BUILTINS {
                // A star import may bring classes, too.
                return model.builtin_name(target).is_none()
                    && (model.qualified_name(target).is_none() || is_lower(name.id.as_str()));
            }
            let is_class = |kind: BindingKind| {
                matches!(kind, BindingKind::Import(_) | BindingKind::ImportFrom(..) | BindingKind::Class(_))
            };
            is_lower(name.id.as_str()) && !model.bindings(symbol).any(|binding| is_class(binding.kind))
        }
        Expr::Tuple(tuple) => tuple.elts.iter().all(|target| may_be_target(model, target)),
        Expr::Attribute(node) => is_lower(node.attr.as_str()) && model.qualified_name(target).is_none(),
        Expr::Subscript(_) => true,
        _ => false,
    }
}

fn is_unclosed_string(error: &ParseError) -> bool {
    matches!(error.error, ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError))
}

/// The logical lines, without what only lays them out.
fn lines(tokens: &[Token]) -> impl Iterator<Item = Vec<Token>> {
    tokens.split_inclusive(|token| token.kind() == TokenKind::Newline).filter_map(|line| {
        let line: Vec<Token> = line.iter().copied().filter(|token| !is_layout(token.kind())).collect();
        (!line.is_empty()).then_some(line)
    })
}

fn is_layout(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Comment
            | TokenKind::Newline
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent
            | TokenKind::EndOfFile
    )
}

/// A logical line in which something is wrong.
struct Line<'m, 'a> {
    model: &'m Model<'a>,
    tokens: Vec<Token>,
    /// For each token how many brackets and headers of lambdas are open before it.
    depths: Vec<usize>,
    /// Where the first token of the next line starts.
    next: TextSize,
}

impl<'m, 'a> Line<'m, 'a> {
    fn new(model: &'m Model<'a>, tokens: Vec<Token>, all: Tokens) -> Self {
        let mut depths = Vec::with_capacity(tokens.len());
        let mut open: Vec<TokenKind> = Vec::new();
        for token in &tokens {
            match token.kind() {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => while open.pop() == Some(TokenKind::Lambda) {},
                TokenKind::Colon if open.last() == Some(&TokenKind::Lambda) => {
                    depths.push(open.len());
                    open.pop();
                    continue;
                }
                _ => {}
            }
            depths.push(open.len());
            if matches!(token.kind(), TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::Lambda) {
                open.push(token.kind());
            }
        }
        let end = tokens[tokens.len() - 1].end();
        let next =
            all.iter().skip(all.partition_point(|token| token.end() <= end)).find(|token| !is_layout(token.kind()));
        let next = next.map_or(end, |token| token.start());
        Line { model, tokens, depths, next }
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(Token::kind)
    }

    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| self.model.slice(token.range()))
    }

    fn range(&self, from: usize, to: usize) -> TextRange {
        TextRange::new(self.tokens[from].start(), self.tokens[to].end())
    }

    fn end(&self) -> TextSize {
        self.tokens[self.tokens.len() - 1].end()
    }

    /// Whether nothing stands between a token and the one before it.
    fn is_tight(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|token| token.start() == self.tokens[at - 1].end())
    }

    fn find(&self, errors: &[ParseError], found: &mut Vec<Construct>) {
        let first = found.len();
        self.find_backticks(found);
        for at in 0..self.tokens.len() {
            found.extend(self.small(at));
            self.find_tuple_parameters(at, found);
        }
        let inner = found[first..].to_vec();
        for (start, end) in self.statements() {
            found.extend(self.statement(start, end, errors, &inner));
        }
    }

    /// Text between backticks. Several in a row are Markdown.
    fn find_backticks(&self, found: &mut Vec<Construct>) {
        let marks: Vec<usize> = (0..self.tokens.len())
            .filter(|&at| self.kind(at) == Some(TokenKind::Unknown) && self.text(at) == "`")
            .collect();
        for pair in marks.chunks_exact(2) {
            let (open, close) = (pair[0], pair[1]);
            if marks.iter().any(|&mark| self.is_tight(mark) && marks.contains(&(mark - 1))) {
                return;
            }
            if close == open + 1 {
                return;
            }
            let range = self.range(open, close);
            let operand = self.range(open + 1, close - 1);
            let explained = TextRange::new(range.start(), self.end());
            found.push(Construct { kind: Kind::Backticks { operand }, range, explained });
        }
    }

    /// What a token or two give away.
    fn small(&self, at: usize) -> Option<Construct> {
        let token = self.tokens[at];
        let is_suffix = |at: usize| self.is_tight(at) && matches!(self.text(at), "l" | "L");
        match token.kind() {
            TokenKind::Less if self.is_tight(at + 1) && self.kind(at + 1) == Some(TokenKind::Greater) => {
                let range = self.range(at, at + 1);
                Some(Construct { kind: Kind::NotEqual, range, explained: range })
            }
            TokenKind::Unknown if is_old_octal(self.text(at)) => {
                let last = if is_suffix(at + 1) { at + 1 } else { at };
                let range = self.range(at, last);
                let explained = TextRange::new(range.start(), self.end());
                Some(Construct { kind: Kind::Octal { digits: token.range() }, range, explained })
            }
            TokenKind::Int if is_suffix(at + 1) => {
                let range = self.range(at, at + 1);
                Some(Construct { kind: Kind::Long { number: token.range() }, range, explained: range })
            }
            TokenKind::Name if self.text(at).eq_ignore_ascii_case("ur") => {
                let is_string = self.is_tight(at + 1) && self.kind(at + 1) == Some(TokenKind::String);
                let is_quoted = self.text(at + 1).starts_with(['"', '\'']);
                (is_string && is_quoted).then(|| Construct {
                    kind: Kind::UnicodeRaw,
                    range: token.range(),
                    explained: token.range(),
                })
            }
            _ => None,
        }
    }

    /// Tuples in the parameter list of the `def` or `lambda` at `at`.
    fn find_tuple_parameters(&self, at: usize, found: &mut Vec<Construct>) {
        let (list, after) = match self.kind(at) {
            Some(TokenKind::Lambda) => (at, self.end()),
            Some(TokenKind::Def) => {
                let Some(list) = (at..self.tokens.len()).find(|&at| self.kind(at) == Some(TokenKind::Lpar)) else {
                    return;
                };
                (list, self.next)
            }
            _ => return,
        };
        let depth = self.depths[list] + 1;
        for at in list + 1..self.tokens.len() {
            if self.depths[at] < depth {
                return;
            }
            let is_first = at == list + 1 || self.kind(at - 1) == Some(TokenKind::Comma);
            if self.depths[at] == depth && is_first && self.kind(at) == Some(TokenKind::Lpar) {
                let closes = |&at: &usize| self.kind(at) == Some(TokenKind::Rpar) && self.depths[at] == depth;
                let Some(close) = (at + 1..self.tokens.len()).find(closes) else { return };
                let range = self.range(at, close);
                let explained = TextRange::new(range.start(), after);
                let kind = Kind::TupleParameter { in_lambda: self.kind(list) == Some(TokenKind::Lambda) };
                found.push(Construct { kind, range, explained });
            }
            if self.depths[at] == depth
                && self.kind(at) == Some(TokenKind::Colon)
                && self.kind(list) != Some(TokenKind::Lpar)
            {
                return;
            }
        }
    }

    /// The simple statements, each as its first token and the one behind its last.
    fn statements(&self) -> Vec<(usize, usize)> {
        let opens_block = matches!(
            self.tokens[0].kind(),
            TokenKind::If
                | TokenKind::Elif
                | TokenKind::Else
                | TokenKind::For
                | TokenKind::While
                | TokenKind::Try
                | TokenKind::Except
                | TokenKind::Finally
                | TokenKind::With
                | TokenKind::Def
                | TokenKind::Class
                | TokenKind::Async
                | TokenKind::Match
                | TokenKind::Case
        );
        let is_top = |at: usize, kind: TokenKind| self.depths[at] == 0 && self.kind(at) == Some(kind);
        let count = self.tokens.len();
        let header = if opens_block { (0..count).find(|&at| is_top(at, TokenKind::Colon)) } else { None };
        let mut start = header.map_or(0, |colon| colon + 1);
        let mut statements = Vec::new();
        let ends: Vec<usize> = (start..count).filter(|&at| is_top(at, TokenKind::Semi)).collect();
        for end in ends {
            statements.push((start, end));
            start = end + 1;
        }
        statements.push((start, count));
        statements.retain(|(start, end)| start < end);
        statements
    }

    fn statement(&self, start: usize, end: usize, errors: &[ParseError], inner: &[Construct]) -> Option<Construct> {
        match (self.tokens[start].kind(), self.text(start)) {
            (TokenKind::Raise, _) => self.raise(start, end),
            (TokenKind::Name, "print" | "exec") if self.starts_operand(start + 1, end) => {
                self.old_function(start, end, errors, inner)
            }
            _ => None,
        }
    }

    fn raise(&self, start: usize, end: usize) -> Option<Construct> {
        let is_top = |at: usize, kind: TokenKind| self.depths[at] == 0 && self.kind(at) == Some(kind);
        if (start..end).any(|at| is_top(at, TokenKind::From)) {
            return None;
        }
        let mut parts = Vec::new();
        let mut from = start + 1;
        for at in start + 1..=end {
            if at == end || is_top(at, TokenKind::Comma) {
                if from == at {
                    return None;
                }
                parts.push(self.range(from, at - 1));
                from = at + 1;
            }
        }
        let range = self.range(start, end - 1);
        (2..=3).contains(&parts.len()).then_some(Construct { kind: Kind::Raise { parts }, range, explained: range })
    }

    /// `print x`, `exec x`.
    fn old_function(&self, start: usize, end: usize, errors: &[ParseError], inner: &[Construct]) -> Option<Construct> {
        let range = self.tokens[start].range();
        let is_print = self.text(start) == "print";
        let first = start + 1;
        let comma = (is_print && self.kind(end - 1) == Some(TokenKind::Comma)).then(|| self.tokens[end - 1].range());
        let last = if comma.is_some() { end - 2 } else { end - 1 };
        let operand = self.range(first, last);
        let own = self.tokens[first].start();
        // A list that the parser takes for an index: what is wrong inside is this.
        let is_list = self.kind(first) == Some(TokenKind::Lsqb);
        let is_other = |error: &ParseError| {
            let is_own = error.location.start() == own && !is_unclosed_string(error);
            operand.contains_inclusive(error.location.start())
                && !is_own
                && !is_list
                && !inner.iter().any(|construct| construct.explains_error(error))
        };
        let is_whole = !errors.iter().any(is_other);
        let is_literal = matches!(
            self.kind(first)?,
            TokenKind::String | TokenKind::FStringStart | TokenKind::Int | TokenKind::Float | TokenKind::Complex
        );
        if !is_whole && !is_literal {
            return None;
        }
        let explained = if is_list { TextRange::new(own, self.end()) } else { TextRange::empty(own) };
        let kind = if is_print { Kind::Print { operand, is_whole, comma } } else { Kind::Exec { operand } };
        Some(Construct { kind, range, explained })
    }

    /// Whether the tokens can only be the operand of a statement: no operator, call or assignment.
    fn starts_operand(&self, at: usize, end: usize) -> bool {
        let Some(kind) = self.kind(at).filter(|_| at < end) else { return false };
        let assigns = |at: usize| {
            let text = self.text(at);
            let is_comparison = matches!(text, "==" | "!=" | "<=" | ">=");
            self.depths[at] == 0
                && self.kind(at) != Some(TokenKind::String)
                && (text == ":" || text.ends_with('=') && !is_comparison)
        };
        let can_start = match kind {
            TokenKind::Name
            | TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::True
            | TokenKind::False
            | TokenKind::None
            | TokenKind::Lambda
            | TokenKind::Lbrace
            | TokenKind::Tilde
            | TokenKind::Ellipsis => true,
            TokenKind::Unknown => self.text(at) == "`" || is_old_octal(self.text(at)),
            TokenKind::Not => self.kind(at + 1) != Some(TokenKind::In),
            TokenKind::Lsqb => self.is_list(at, end),
            kind => kind.is_soft_keyword(),
        };
        can_start && !(at..end).any(assigns)
    }

    /// Whether what looks like an index is a list: empty, or a comprehension.
    fn is_list(&self, open: usize, end: usize) -> bool {
        let depth = self.depths[open] + 1;
        self.kind(open + 1) == Some(TokenKind::Rsqb)
            || (open + 1..end)
                .take_while(|&at| self.depths[at] >= depth)
                .any(|at| self.depths[at] == depth && self.kind(at) == Some(TokenKind::For))
    }
}

/// Whether a number that Python 3 rejects is an octal one of Python 2.
fn is_old_octal(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
}
