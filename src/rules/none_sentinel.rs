//! The remedy for a default that should be made on each call: the parameter defaults to `None`, and the body makes the value.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, Pattern, PythonVersion, Stmt, StringFlags};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Code;
use super::default_argument::{DefaultArgument, Function, FunctionKind};
use crate::fix::Edit;
use crate::python::{BindingKind, Model, NodeId, ScopeId, SymbolId};

/// The edits after which the body makes the value, by the code `value`; `None` where that could mean something else.
pub fn none_sentinel<'a>(
    argument: &DefaultArgument<'a>,
    symbol: SymbolId,
    value: &str,
    code: &Code<'_, 'a>,
) -> Option<Vec<Edit>> {
    let FunctionKind::Def(function) = argument.function.kind else { return None };
    let model = code.model;
    if function.decorator_list.iter().any(|it| reads_signature(&it.expression, model))
        || !means_the_same_inside(argument, model)
        || none_has_meaning(symbol, model)
    {
        return None;
    }
    let mut edits = vec![Edit::replace(default_range(argument, code), "None")];
    if let Some(annotation) = argument.parameter.parameter.annotation.as_deref() {
        widen(annotation, argument.function.node, code, &mut edits);
    }
    edits.extend(Insertion::find(function, argument, code)?.edits(argument.name(), value));
    Some(edits)
}

/// The default's source, as one expression of a statement of its own.
pub fn source_of(argument: &DefaultArgument, code: &Code) -> String {
    let text = code.model.slice(default_range(argument, code));
    let brings_brackets = text.starts_with(['[', '{', '(']) && !is_operation(argument.default)
        || matches!(argument.default, Expr::Call(call) if !code.model.slice(&*call.func).contains(['\n', '\r']));
    if text.contains(['\n', '\r']) && !brings_brackets { format!("({text})") } else { text.to_owned() }
}

/// Decorators of frameworks that make options, query parameters or fixtures out of the signature.
fn reads_signature(decorator: &Expr, model: &Model) -> bool {
    let callee = if let Expr::Call(call) = decorator { &call.func } else { decorator };
    if let Some(name) = model.qualified_name(callee) {
        let package = name.as_str().split('.').next().unwrap_or_default();
        if matches!(package, "fastapi" | "typer" | "click" | "pytest" | "pytest_asyncio" | "pydantic") {
            return true;
        }
    }
    // `@app.get("/")`, `@cli.command()`: the object is usually made elsewhere.
    matches!(callee, Expr::Attribute(method) if matches!(
        method.attr.as_str(),
        "get" | "post" | "put" | "delete" | "patch" | "options" | "head" | "trace" | "route" | "api_route" | "websocket"
            | "command" | "group" | "callback" | "fixture" | "tool" | "task"
    ))
}

/// Whether the default gives the same when the body evaluates it: all its names are those of the body, and keep their values.
fn means_the_same_inside(argument: &DefaultArgument, model: &Model) -> bool {
    let root = model.expr_id(argument.default);
    let mut nodes = model.nodes().skip_while(|(id, _)| *id != root);
    nodes.by_ref().take_while(|(id, _)| model.is_within(*id, root)).all(|(_, node)| match node {
        AnyNodeRef::ExprNamed(_)
        | AnyNodeRef::ExprAwait(_)
        | AnyNodeRef::ExprYield(_)
        | AnyNodeRef::ExprYieldFrom(_) => false,
        AnyNodeRef::ExprName(name) => model.symbol_of(name).is_none_or(|symbol| {
            let scope = model.symbol_scope(symbol);
            let is_own = scope != ScopeId::BUILTINS && model.is_within(model.scope(scope).node, root);
            is_own || keeps_value(name, symbol, &argument.function, model)
        }),
        _ => true,
    })
}

fn keeps_value(name: &ast::ExprName, symbol: SymbolId, function: &Function, model: &Model) -> bool {
    match model.resolve(function.scope, name.id.as_str()) {
        None => return model.symbol_scope(symbol) == ScopeId::BUILTINS,
        Some(inside) if inside != symbol => return false,
        Some(_) => {}
    }
    let loops: Vec<_> = model.loops_around(function.node).collect();
    model.bindings(symbol).all(|binding| {
        let is_stable = !matches!(
            binding.kind,
            BindingKind::For(_) | BindingKind::Comprehension(_) | BindingKind::Delete(_) | BindingKind::Except(_)
        );
        is_stable
            && binding.scope == model.symbol_scope(symbol)
            && binding.range.start() < name.start()
            && !loops.iter().any(|it| it.range().contains_range(binding.range))
    })
}

/// Whether the body asks if the parameter is `None`: then that is a value of its own.
fn none_has_meaning(symbol: SymbolId, model: &Model) -> bool {
    model.reads(symbol).any(|read| match model.parent_of(read.expr) {
        Some(AnyNodeRef::ExprCompare(node)) => {
            std::iter::once(&*node.left).chain(&node.comparators).any(|side| match side {
                Expr::NoneLiteral(_) => true,
                Expr::Tuple(tuple) => tuple.iter().any(Expr::is_none_literal_expr),
                Expr::List(list) => list.iter().any(Expr::is_none_literal_expr),
                _ => false,
            })
        }
        Some(AnyNodeRef::StmtMatch(node)) => {
            node.subject.range() == read.expr.range && node.cases.iter().any(|case| matches_none(&case.pattern))
        }
        _ => false,
    })
}

fn matches_none(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchSingleton(node) => matches!(node.value, ast::Singleton::None),
        Pattern::MatchOr(node) => node.patterns.iter().any(matches_none),
        Pattern::MatchAs(node) => node.pattern.as_deref().is_some_and(matches_none),
        _ => false,
    }
}

/// The default with the parentheses around it.
pub fn default_range(argument: &DefaultArgument, code: &Code) -> TextRange {
    code.tokens.parentheses(argument.default, argument.parameter.into()).unwrap_or(argument.default.range())
}

fn is_operation(expr: &Expr) -> bool {
    matches!(expr, Expr::BinOp(_) | Expr::BoolOp(_) | Expr::If(_) | Expr::Call(_) | Expr::Subscript(_))
}

/// Lets an annotation allow `None`, in the way that the oldest Python accepts.
fn widen(annotation: &Expr, at: NodeId, code: &Code, edits: &mut Vec<Edit>) {
    let model = code.model;
    if model.allows_none(annotation) {
        return;
    }
    if let Expr::StringLiteral(string) = annotation {
        if let (Some(part), true) = (string.value.iter().next(), !string.value.is_implicit_concatenated()) {
            let end = part.range.end() - part.flags.closer_len();
            edits.push(Edit::insert(end, " | None"));
        }
        return;
    }
    let is_union_ready = code.target_version() >= PythonVersion::PY310 || model.has_future_annotations();
    let binds_tightly = matches!(annotation, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) | Expr::BinOp(_));
    if is_union_ready && binds_tightly {
        edits.push(Edit::insert(annotation.end(), " | None"));
        return;
    }
    let (optional, import) = model.import("typing", "Optional", at);
    edits.extend(import);
    edits.push(Edit::insert(annotation.start(), format!("{optional}[")));
    edits.push(Edit::insert(annotation.end(), "]"));
}

/// Where the new statement goes in a body, and what must stand around it there.
struct Insertion {
    indentation: String,
    unit: String,
    /// Edits that move the rest of a one-line body to lines of its own.
    splits: Vec<Edit>,
    place: TextRange,
    before: String,
    after: String,
}

impl Insertion {
    /// After the docstring, leading imports and the same statements for earlier parameters.
    fn find<'a>(
        function: &'a ast::StmtFunctionDef,
        argument: &DefaultArgument<'a>,
        code: &Code<'_, 'a>,
    ) -> Option<Insertion> {
        let model = code.model;
        let body = &function.body;
        let first = body.first()?;
        let leading = leading_statements(function, argument.parameter);
        let outer = model.indentation(model.line_start(function.start()));
        let header_end = header_end(function, first, code)?;
        let is_same_line = |from, to| !has_line_end(TextRange::new(from, to), code);
        let is_one_line = is_same_line(header_end, first.start());
        let (indentation, unit) = if is_one_line {
            let unit = model.indentation_unit(code.tokens);
            (format!("{outer}{unit}"), unit)
        } else {
            let inner = model.indentation(first.start());
            (inner.to_owned(), inner.strip_prefix(outer).filter(|unit| !unit.is_empty()).unwrap_or("    "))
        };
        let new_line = format!("\n{indentation}");
        let mut insertion = Insertion {
            unit: unit.to_owned(),
            splits: Vec::new(),
            place: TextRange::default(),
            before: new_line.clone(),
            after: String::new(),
            indentation,
        };
        let previous_end = leading.checked_sub(1).map_or(header_end, |last| body[last].end());
        let next = body.get(leading).map(Ranged::start);
        if is_one_line && leading > 0 {
            insertion.splits.push(Edit::replace(TextRange::new(header_end, first.start()), new_line.clone()));
        }
        match next {
            // On the same line: break it up here.
            Some(next) if is_same_line(previous_end, next) => {
                insertion.place = TextRange::new(previous_end, next);
                insertion.after = new_line;
            }
            _ if is_one_line => insertion.place = TextRange::empty(previous_end),
            _ => insertion.take_own_line(previous_end, next, is_prologue(body, leading), model),
        }
        Some(insertion)
    }

    /// The statement gets lines of its own after the line that ends at `previous_end`.
    fn take_own_line(&mut self, previous_end: TextSize, next: Option<TextSize>, after_prologue: bool, model: &Model) {
        let line_end = model.line_end(previous_end);
        if model.is_last_line(line_end) {
            self.place = TextRange::empty(line_end);
            return;
        }
        let mut place = model.next_line(line_end);
        // The blank line that sets a docstring off stays there.
        while after_prologue
            && next.is_some_and(|next| place < model.line_start(next))
            && model.text()[place.to_usize()..model.line_end(place).to_usize()].trim().is_empty()
        {
            place = model.next_line(model.line_end(place));
        }
        self.place = TextRange::empty(place);
        self.before = self.indentation.clone();
        self.after = "\n".to_owned();
    }

    fn edits(self, name: &str, value: &str) -> Vec<Edit> {
        let Insertion { indentation, unit, mut splits, place, before, after } = self;
        let statement = format!("{before}if {name} is None:\n{indentation}{unit}{name} = {value}{after}");
        splits.push(Edit::replace(place, statement));
        splits
    }
}

/// Whether a logical line ends in `range`: a backslash joins two lines of text to one.
fn has_line_end(range: TextRange, code: &Code) -> bool {
    code.tokens.in_range(range).iter().any(|token| token.kind() == TokenKind::Newline)
}

/// The end of the colon before the body.
fn header_end(function: &ast::StmtFunctionDef, first: &Stmt, code: &Code) -> Option<TextSize> {
    let from = function.returns.as_ref().map_or(function.parameters.end(), |returns| returns.end());
    let tokens = code.tokens.between(from, first.start());
    Some(tokens.iter().find(|token| token.kind() == TokenKind::Colon)?.end())
}

/// How many statements at the start of the body stay before the new one.
fn leading_statements(function: &ast::StmtFunctionDef, parameter: &ast::ParameterWithDefault) -> usize {
    let body = &function.body;
    let docstring = body.len() - Model::after_docstring(body).len();
    let imports =
        body[docstring..].iter().take_while(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_))).count();
    let earlier: Vec<&str> = function
        .parameters
        .iter_non_variadic_params()
        .take_while(|other| other.range != parameter.range)
        .map(|other| other.parameter.name.as_str())
        .collect();
    let made = body[docstring + imports..].iter().take_while(|stmt| makes_default(stmt, &earlier)).count();
    docstring + imports + made
}

/// Whether the last of the leading statements is a docstring or an import.
fn is_prologue(body: &[Stmt], leading: usize) -> bool {
    leading > 0 && !body[leading - 1].is_if_stmt()
}

/// `if x is None: x = …` for one of these parameters.
fn makes_default(stmt: &Stmt, parameters: &[&str]) -> bool {
    let Stmt::If(node) = stmt else { return false };
    let (Expr::Compare(test), [Stmt::Assign(assign)], []) = (&*node.test, &*node.body, &*node.elif_else_clauses) else {
        return false;
    };
    let (Expr::Name(name), [CmpOp::Is], [Expr::NoneLiteral(_)]) = (&*test.left, &*test.ops, &*test.comparators) else {
        return false;
    };
    let is_target = matches!(&*assign.targets, [Expr::Name(target)] if target.id == name.id);
    is_target && parameters.contains(&name.id.as_str())
}
