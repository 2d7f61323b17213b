//! Where a function or lambda takes one more parameter.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextSize};

use super::model::{Model, NodeId};
use super::tokens::Tokens;
use crate::fix::Edit;

impl Model<'_> {
    /// Gives the function or lambda a parameter `name` whose default is the name's present value. It is keyword-only where
    /// there are other parameters, or if `keyword_only`, so that no positional argument can overwrite it.
    pub fn bind_as_default(&self, tokens: Tokens, function: NodeId, name: &str, keyword_only: bool) -> Option<Edit> {
        let (parameters, start, space) = match self.node(function) {
            AnyNodeRef::StmtFunctionDef(node) => {
                (Some(&*node.parameters), node.parameters.start() + TextSize::of('('), "")
            }
            AnyNodeRef::ExprLambda(node) => (node.parameters.as_deref(), node.start() + TextSize::of("lambda"), " "),
            _ => return None,
        };
        Some(match parameters {
            Some(parameters) if !parameters.is_empty() => among(tokens, parameters, &format!("{name}={name}")),
            _ => {
                let star = if keyword_only { "*, " } else { "" };
                Edit::insert(start, format!("{space}{star}{name}={name}"))
            }
        })
    }
}

/// After the parameters that there are, behind a `*` unless all of them are such bindings; before `**kwargs`.
fn among(tokens: Tokens, parameters: &ast::Parameters, binding: &str) -> Edit {
    let has_star = parameters.vararg.is_some() || !parameters.kwonlyargs.is_empty();
    let is_plain = has_star || parameters.posonlyargs.iter().chain(&parameters.args).all(is_own_default);
    let star = if is_plain { "" } else { "*, " };
    if let Some(kwarg) = &parameters.kwarg {
        return Edit::insert(kwarg.start(), format!("{star}{binding}, "));
    }
    let last = parameters.iter().map(|parameter| parameter.range().end()).max().unwrap_or(parameters.start());
    let end = if has_star || !parameters.args.is_empty() { last } else { after_slash(tokens, last) };
    Edit::insert(end, format!(", {star}{binding}"))
}

/// `i=i`: put there to bind a name.
fn is_own_default(parameter: &ast::ParameterWithDefault) -> bool {
    matches!(parameter.default.as_deref(), Some(Expr::Name(name)) if name.id == parameter.parameter.name.id)
}

/// The end of the `/` that follows positional-only parameters.
fn after_slash(tokens: Tokens, last: TextSize) -> TextSize {
    let mut following = tokens.after(last).iter();
    let slash = following.find(|token| !token.kind().is_trivia() && token.kind() != TokenKind::Comma);
    slash.filter(|token| token.kind() == TokenKind::Slash).map_or(last, |token| token.end())
}
