//! A default in a function's parameters: whose it is, whether it is ever used, and who shares it.

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr, Stmt};
use ruff_text_size::Ranged;

use super::Context;
use crate::python::uses::Body;
use crate::python::{Model, NodeId, ScopeId, ScopeKind, SymbolId};
use crate::source::SourceKind;

/// A parameter's default, and the function that it belongs to.
#[derive(Clone, Copy)]
pub struct DefaultArgument<'a> {
    pub function: Function<'a>,
    pub parameter: &'a ast::ParameterWithDefault,
    pub default: &'a Expr,
}

impl<'a> DefaultArgument<'a> {
    /// The parameter's name.
    pub fn name(&self) -> &'a str {
        self.parameter.parameter.name.as_str()
    }
}

#[derive(Clone, Copy)]
pub struct Function<'a> {
    pub kind: FunctionKind<'a>,
    pub class: Option<&'a ast::StmtClassDef>,
    pub scope: ScopeId,
    pub node: NodeId,
}

#[derive(Clone, Copy)]
pub enum FunctionKind<'a> {
    Def(&'a ast::StmtFunctionDef),
    Lambda(&'a ast::ExprLambda),
}

impl<'a> Function<'a> {
    /// The function that has these parameters.
    pub fn with(parameters: &'a ast::Parameters, model: &Model<'a>) -> Option<Self> {
        let parent = model.parent_of(parameters)?;
        let (kind, scope) = match parent {
            AnyNodeRef::StmtFunctionDef(node) => (FunctionKind::Def(node), model.scope_opened_by(node)?),
            AnyNodeRef::ExprLambda(node) => (FunctionKind::Lambda(node), model.scope_opened_by(node)?),
            _ => return None,
        };
        let class = match kind {
            FunctionKind::Def(node) => model.class_of_method(node),
            FunctionKind::Lambda(_) => None,
        };
        Some(Function { kind, class, scope, node: model.id(&parent)? })
    }

    pub fn body(&self) -> Body<'a> {
        match self.kind {
            FunctionKind::Def(node) => Body::Statements(&node.body),
            FunctionKind::Lambda(node) => Body::Expression(&node.body),
        }
    }

    pub fn name(&self) -> &'a str {
        match self.kind {
            FunctionKind::Def(node) => node.name.as_str(),
            FunctionKind::Lambda(_) => "lambda",
        }
    }

    /// As a text speaks of it.
    pub fn shown(&self) -> String {
        match (self.kind, self.class) {
            (FunctionKind::Def(node), Some(class)) if node.name.starts_with("__") => {
                format!("`{}.{}`", class.name, node.name)
            }
            (FunctionKind::Def(node), _) => format!("`{}`", node.name),
            (FunctionKind::Lambda(_), _) => "this lambda".to_owned(),
        }
    }
}

/// Code for a text of one line.
pub fn one_line(code: &str) -> String {
    const LONGEST: usize = 60;
    let mut line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        line = line.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    line
}

/// Stubs, overloads, protocols, abstract methods and code for type checkers: the default is a promise, never used.
pub fn is_never_run(function: &Function, ctx: &Context) -> bool {
    let model = ctx.model;
    if ctx.source.kind() == SourceKind::Stub || model.is_type_checking_only(function.node) {
        return true;
    }
    let FunctionKind::Def(node) = function.kind else { return false };
    let has_decorator = |is: &dyn Fn(&Expr) -> bool| node.decorator_list.iter().any(|it| is(&it.expression));
    if has_decorator(&|it| model.is_typing_member(it, "overload")) {
        return true;
    }
    match stub_body(&node.body) {
        None => false,
        Some(Stub::Explicit) => true,
        Some(Stub::Empty) => {
            has_decorator(&|it| model.qualified_name(it).is_some_and(|name| is_abstract_decorator(name.as_str())))
                || function.class.is_some_and(|class| is_protocol(class, model))
        }
    }
}

fn is_abstract_decorator(path: &str) -> bool {
    path.strip_prefix("abc.").is_some_and(|name| name.starts_with("abstract"))
}

fn is_protocol(class: &ast::StmtClassDef, model: &Model) -> bool {
    class.bases().iter().any(|base| {
        let base = if let Expr::Subscript(node) = base { &node.value } else { base };
        model.is_typing_member(base, "Protocol")
    })
}

/// A body without code.
enum Stub {
    /// `...` or `raise NotImplementedError`: somebody else has the code.
    Explicit,
    /// `pass` or a docstring: nothing happens.
    Empty,
}

fn stub_body(body: &[Stmt]) -> Option<Stub> {
    let mut stub = Stub::Empty;
    for stmt in body {
        match stmt {
            Stmt::Pass(_) => {}
            Stmt::Expr(node) if node.value.is_string_literal_expr() => {}
            Stmt::Expr(node) if node.value.is_ellipsis_literal_expr() => stub = Stub::Explicit,
            Stmt::Raise(node) if node.exc.as_deref().is_some_and(is_not_implemented) => stub = Stub::Explicit,
            _ => return None,
        }
    }
    Some(stub)
}

fn is_not_implemented(raised: &Expr) -> bool {
    let class = if let Expr::Call(call) = raised { &call.func } else { raised };
    matches!(class, Expr::Name(name) if name.id == "NotImplementedError")
}

/// `def look_up(key, _missing=[])` that asks `value is _missing`: the object stands for itself.
pub fn is_sentinel(symbol: SymbolId, model: &Model) -> bool {
    model.reads(symbol).any(|read| match model.parent_of(read.expr) {
        Some(AnyNodeRef::ExprCompare(node)) => {
            let is_constant = |side: &Expr| side.is_none_literal_expr() || side.is_boolean_literal_expr();
            matches!(&*node.ops, [CmpOp::Is | CmpOp::IsNot])
                && !is_constant(&node.left)
                && !node.comparators.iter().any(is_constant)
        }
        _ => false,
    })
}

/// A parameter whose name says that it is a memory between calls, and that no call of the file passes.
pub fn is_cache(symbol: SymbolId, argument: &DefaultArgument, model: &Model) -> bool {
    let name = argument.parameter.parameter.name.as_str();
    let is_word = |word: &str| {
        let word = word.to_ascii_lowercase();
        matches!(word.as_str(), "cache" | "caches" | "cached" | "memo" | "memos" | "memoize" | "memoized")
    };
    name.split('_').any(is_word)
        && !calls_of(&argument.function, model).any(|call| passes(call, symbol, argument, model))
}

/// The calls of a function in the file, as far as its name tells.
fn calls_of<'m, 'a>(function: &Function<'a>, model: &'m Model<'a>) -> impl Iterator<Item = &'a ast::ExprCall> + 'm {
    let own = bound_name(function, model);
    let attribute = match function.kind {
        FunctionKind::Def(node) => function.class.map(|_| node.name.as_str()),
        FunctionKind::Lambda(_) => None,
    };
    model.nodes().filter_map(move |(_, node)| {
        let AnyNodeRef::ExprCall(call) = node else { return None };
        let is_call_of = match &*call.func {
            Expr::Name(name) => own.is_some() && model.symbol_of(name) == own,
            Expr::Attribute(method) => attribute == Some(method.attr.as_str()),
            _ => false,
        };
        is_call_of.then_some(call)
    })
}

/// The variable that a function is bound to; for `__init__`, its class.
fn bound_name(function: &Function, model: &Model) -> Option<SymbolId> {
    match function.kind {
        FunctionKind::Def(node) if matches!(node.name.as_str(), "__init__" | "__new__") => {
            model.symbol_bound_at(model.id(function.class?)?)
        }
        FunctionKind::Def(_) => model.symbol_bound_at(function.node),
        FunctionKind::Lambda(node) => match model.parent_of(node)? {
            AnyNodeRef::StmtAssign(assign) => model.symbol_of(assign.targets.first()?.as_name_expr()?),
            _ => None,
        },
    }
}

/// Whether a call gives the parameter a value of its own. Handing the parameter on in a recursive call does not.
fn passes(call: &ast::ExprCall, symbol: SymbolId, argument: &DefaultArgument, model: &Model) -> bool {
    argument_for(call, argument, model)
        .is_some_and(|argument| argument.as_name_expr().and_then(|name| model.symbol_of(name)) != Some(symbol))
}

fn argument_for<'c>(call: &'c ast::ExprCall, argument: &DefaultArgument, model: &Model) -> Option<&'c Expr> {
    let name = argument.parameter.parameter.name.as_str();
    if let Some(keyword) = call.arguments.find_keyword(name) {
        return Some(&keyword.value);
    }
    let parameters = match argument.function.kind {
        FunctionKind::Def(node) => &node.parameters,
        FunctionKind::Lambda(node) => node.parameters.as_ref()?,
    };
    let mut positional = parameters.posonlyargs.iter().chain(&parameters.args);
    let position = positional.position(|parameter| parameter.range == argument.parameter.range)?;
    let is_bound = match argument.function.kind {
        FunctionKind::Def(node) => {
            argument.function.class.is_some()
                && !node.decorator_list.iter().any(|it| model.is_builtin(&it.expression, "staticmethod"))
        }
        FunctionKind::Lambda(_) => false,
    };
    let arguments = &call.arguments.args;
    let argument = arguments.get(position.checked_sub(usize::from(is_bound))?)?;
    (!arguments.iter().any(Expr::is_starred_expr)).then_some(argument)
}

/// Whether a default is shared by more than one call of the function around: not if a nested function is only called right there,
/// and no two results of it are the same object.
pub fn outlives_the_call_around(argument: &DefaultArgument, leaves: bool, model: &Model) -> bool {
    let FunctionKind::Def(node) = argument.function.kind else { return true };
    let around = model.scope_of(argument.function.node);
    let is_nested = matches!(model.scope(around).kind, ScopeKind::Function(_));
    if !is_nested || !node.decorator_list.is_empty() {
        return true;
    }
    let Some(symbol) = model.symbol_bound_at(argument.function.node) else { return true };
    let mut calls = 0;
    let mut results = 0;
    for read in model.reads(symbol) {
        let Some(AnyNodeRef::ExprCall(call)) = model.parent_of(read.expr) else { return true };
        if call.func.range() != read.expr.range {
            return true;
        }
        calls += 1;
        if model.scope_is_within(read.scope, argument.function.scope) {
            continue;
        }
        if model.function_scope(read.scope) != around {
            return true;
        }
        if argument_for(call, argument, model).is_none() && is_result_used(call, model) {
            let repeats = read.scope != around || model.loops_around(read.node).next().is_some();
            results += if repeats { 2 } else { 1 };
        }
    }
    calls == 0 || results > 1 && leaves
}

fn is_result_used(call: &ast::ExprCall, model: &Model) -> bool {
    match model.parent_of(call) {
        Some(AnyNodeRef::StmtExpr(_)) => false,
        Some(AnyNodeRef::ExprAwait(node)) => !matches!(model.parent_of(node), Some(AnyNodeRef::StmtExpr(_))),
        _ => true,
    }
}
