//! The tokens of parts of a file. In half-typed code nodes end inside a token, and parts stand in the wrong order: here that
//! gives fewer tokens, where the parser's own look-ups panic.

use std::ops::Deref;

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::token::{self, Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// A file's tokens in source order, comments included.
#[derive(Clone, Copy)]
pub struct Tokens<'a>(&'a [Token]);

impl<'a> From<&'a token::Tokens> for Tokens<'a> {
    fn from(tokens: &'a token::Tokens) -> Self {
        Tokens(tokens)
    }
}

impl<'a> Tokens<'a> {
    /// Those that start before `offset`.
    pub fn before(self, offset: TextSize) -> &'a [Token] {
        &self.0[..self.0.partition_point(|token| token.start() < offset)]
    }

    /// Those that start at `offset` or after it; without what has no width and stands right there.
    pub fn after(self, offset: TextSize) -> &'a [Token] {
        let tokens = &self.0[self.0.partition_point(|token| token.start() < offset)..];
        &tokens[tokens.partition_point(|token| token.end() <= offset)..]
    }

    /// Those that stand whole between two offsets; none if `end` comes first.
    pub fn between(self, start: TextSize, end: TextSize) -> &'a [Token] {
        let tokens = self.after(start);
        &tokens[..tokens.partition_point(|token| token.start() < end && token.end() <= end)]
    }

    /// Those that stand whole in `range`.
    pub fn in_range(self, range: TextRange) -> &'a [Token] {
        self.between(range.start(), range.end())
    }

    /// The last one in `range` that is neither a comment nor a line break.
    pub fn last_in(self, range: TextRange) -> Option<&'a Token> {
        self.in_range(range).iter().rev().find(|token| !token.kind().is_trivia())
    }

    /// The outermost parentheses around `expr` that are its own: not those of a call, if `parent` is its arguments.
    pub fn parentheses(self, expr: impl Ranged, parent: AnyNodeRef) -> Option<TextRange> {
        let of_kind = |kind| move |token: &&Token| token.kind() == kind;
        let is_code = |token: &&Token| !token.kind().is_trivia();
        let own_end = if parent.is_arguments() { TextSize::of(')') } else { TextSize::new(0) };
        let closing = self.between(expr.end(), parent.end() - own_end);
        let closing = closing.iter().filter(is_code).take_while(of_kind(TokenKind::Rpar));
        let opening = self.before(expr.start()).iter().rev().filter(is_code).take_while(of_kind(TokenKind::Lpar));
        opening.zip(closing).last().map(|(open, close)| TextRange::new(open.start(), close.end()))
    }
}

impl Deref for Tokens<'_> {
    type Target = [Token];

    fn deref(&self) -> &[Token] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_ast::{Expr, Stmt};
    use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

    use super::*;

    fn texts<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
        tokens.iter().map(|token| &text[token.range()]).collect()
    }

    #[test]
    fn offsets_inside_tokens_and_in_the_wrong_order_give_fewer_tokens() {
        let text = "alpha + beta  # gamma\n";
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let tokens = Tokens::from(parsed.tokens());
        let at = |offset: u32| TextSize::new(offset);
        assert_eq!(texts(text, tokens.between(at(0), at(12))), ["alpha", "+", "beta"]);
        assert_eq!(texts(text, tokens.between(at(2), at(10))), ["+"]);
        assert_eq!(texts(text, tokens.between(at(3), at(4))), [""; 0]);
        assert_eq!(texts(text, tokens.between(at(12), at(5))), [""; 0]);
        assert_eq!(texts(text, tokens.before(at(9))), ["alpha", "+", "beta"]);
        assert_eq!(texts(text, &tokens.after(at(9))[..1]), ["# gamma"]);
    }

    #[test]
    fn parentheses_of_calls_are_not_those_of_arguments() {
        let ranges = [
            ("f((x))", Some("(x)")),
            ("f(x)", None),
            ("f(( (x) ), y)", Some("( (x) )")),
            ("f((x", None),
            ("f(x", None),
        ];
        for (text, expected) in ranges {
            let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
            let module = parsed.syntax().as_module().expect("parsed as a module");
            let [Stmt::Expr(stmt)] = &*module.body else { panic!("one statement: {text}") };
            let Expr::Call(call) = &*stmt.value else { panic!("a call: {text}") };
            let tokens = Tokens::from(parsed.tokens());
            let found = tokens.parentheses(&call.arguments.args[0], AnyNodeRef::Arguments(&call.arguments));
            assert_eq!(found.map(|range| &text[range]), expected, "{text}");
        }
    }
}
