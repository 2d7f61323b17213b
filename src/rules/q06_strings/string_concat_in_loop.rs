//! Building a string with `+=` in a loop: strings can't grow, so each turn may copy all that is there already
//! (<https://docs.python.org/3/library/stdtypes.html#common-sequence-operations>, note 6). CPython spares that for `s += x` on a
//! function's own variable (`unicode_concatenate` in `Python/ceval.c`).

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::python::flow::{self, Analysis, Next};
use crate::python::values::Type;
use crate::python::{Binding, BindingKind, Model, NodeId, ScopeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

pub const CHECKS: &[Check] = &[Check::AugAssign(check_augmented), Check::Assign(check_assignment)];

fn check_augmented<'a>(node: &'a ast::StmtAugAssign, ctx: &mut Context<'_, 'a>) {
    if let (Operator::Add, Expr::Name(name)) = (node.op, &*node.target) {
        check(name, ctx);
    }
}

fn check_assignment<'a>(node: &'a ast::StmtAssign, ctx: &mut Context<'_, 'a>) {
    if let [Expr::Name(name)] = &*node.targets
        && !matches!(&*node.value, Expr::Name(_) | Expr::StringLiteral(_))
    {
        check(name, ctx);
    }
}

fn check<'a>(target: &'a ast::ExprName, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(id) = model.id(target) else { return };
    // Nearly all assignments of good code stand outside of loops.
    if model.loops_around(id).next().is_none() {
        return;
    }
    let Some(binding) = model.binding_at(id) else { return };
    let Some(growth) = Growth::of(binding, model) else { return };
    let Some(building) = Building::around(&growth, model) else { return };
    if building.growths.first() == Some(&growth) && !is_short_text(&building, model) && building.is_mistake(model) {
        report(&building, ctx);
    }
}

/// Whether what is built stays short in all likelihood: what an object looks like, or what an exception says.
fn is_short_text(building: &Building, model: &Model) -> bool {
    let Some(growth) = building.growths.first() else { return false };
    if let ScopeKind::Function(function) = model.scope(model.function_scope(growth.scope)).kind
        && matches!(function.name.as_str(), "__str__" | "__repr__" | "__unicode__" | "__format__")
    {
        return true;
    }
    let mut reads = model.reads(building.symbol).filter(|read| !building.is_own(read.expr, model)).peekable();
    reads.peek().is_some()
        && reads.all(|read| {
            let statement = model.statement(read.node).map(|id| model.node(id));
            matches!(statement, Some(AnyNodeRef::StmtRaise(_)))
        })
}

/// A statement that makes a variable's string longer: `text += piece`, `text = text + piece`.
#[derive(Clone, Copy)]
struct Growth<'a> {
    statement: NodeId,
    range: TextRange,
    /// Where the statement reads the variable.
    source: &'a Expr,
    operator: &'static str,
    symbol: SymbolId,
    scope: ScopeId,
}

impl PartialEq for Growth<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.statement == other.statement
    }
}

impl<'a> Growth<'a> {
    fn of(binding: &Binding<'a>, model: &Model<'a>) -> Option<Self> {
        let symbol = model.symbol_of_binding(binding);
        let (source, range, operator) = match binding.kind {
            BindingKind::Augmented(node) if node.op == Operator::Add => (&*node.target, node.range, "+="),
            BindingKind::Assignment(node) if node.targets.len() == 1 => {
                (lengthened(&node.value)?, node.range, plain_sum(&node.value))
            }
            _ => return None,
        };
        let is_same = model.symbol_of(source.as_name_expr()?) == Some(symbol);
        let statement = model.statement(binding.node)?;
        is_same.then_some(Growth { statement, range, source, operator, symbol, scope: binding.scope })
    }

    /// How the text speaks of it.
    fn shown(&self, model: &Model) -> String {
        let name = model.name(self.symbol);
        if self.operator == "+=" { format!("{name} += …") } else { format!("{name} = {name} + …") }
    }
}

/// The name that an expression puts something behind: `text + a + b`, `f"{text}…"`, `"%s…" % (text, …)`, `"{}…".format(text, …)`.
fn lengthened(value: &Expr) -> Option<&Expr> {
    match value {
        Expr::BinOp(node) if node.op == Operator::Add => match &*node.left {
            name @ Expr::Name(_) => Some(name),
            left => lengthened(left),
        },
        Expr::BinOp(node) if node.op == Operator::Mod => {
            let (Expr::StringLiteral(format), Expr::Tuple(values)) = (&*node.left, &*node.right) else { return None };
            format.value.to_str().starts_with("%s").then(|| values.elts.first())?
        }
        Expr::FString(node) => {
            let first = node.value.elements().next()?.as_interpolation()?;
            let is_plain =
                first.conversion.is_none() && first.format_spec.is_none() && node.value.elements().count() > 1;
            is_plain.then_some(&*first.expression)
        }
        Expr::Call(call) => {
            let method = call.func.as_attribute_expr()?;
            let format = method.value.as_string_literal_expr().filter(|_| method.attr.as_str() == "format")?;
            let is_first = ["{}", "{0}"].iter().any(|field| format.value.to_str().starts_with(field));
            call.arguments.args.first().filter(|_| is_first && call.arguments.len() > 1)
        }
        _ => None,
    }
}

/// `+` for `text + piece`, which CPython can do in place as well as `+=`; `=` for all else.
fn plain_sum(value: &Expr) -> &'static str {
    match value {
        Expr::BinOp(node) if node.op == Operator::Add && node.left.is_name_expr() => "+",
        _ => "=",
    }
}

/// A loop that builds a string.
struct Building<'a> {
    symbol: SymbolId,
    stmt: &'a Stmt,
    /// The loop without its `else`.
    region: TextRange,
    /// What grows the string in it, those that can run more than once first in the file's order.
    growths: Vec<Growth<'a>>,
}

impl<'a> Building<'a> {
    /// The outermost loop in which the variable only ever grows.
    fn around(growth: &Growth<'a>, model: &Model<'a>) -> Option<Self> {
        let bindings: Vec<&Binding> = model.bindings(growth.symbol).collect();
        if bindings.iter().any(|binding| binding.scope != growth.scope) {
            return None;
        }
        let mut found = None;
        for stmt in model.loops_around(growth.statement) {
            let region = region(stmt)?;
            let inside = || bindings.iter().filter(|binding| region.contains_range(binding.range));
            let growths: Vec<Growth> = inside().filter_map(|binding| Growth::of(binding, model)).collect();
            if growths.len() < inside().count() {
                break;
            }
            found = Some(Building { symbol: growth.symbol, stmt, region, growths });
        }
        let mut building = found?;
        let region = std::slice::from_ref(building.stmt);
        building.growths.retain(|growth| flow::can_reach(model, region, growth.statement, &[growth.statement]));
        Some(building)
    }

    fn is_mistake(&self, model: &Model<'a>) -> bool {
        let Some(first) = self.growths.first() else { return false };
        let scope = model.symbol_scope(self.symbol);
        scope == first.scope
            && !matches!(model.scope(scope).kind, ScopeKind::Class(_))
            && self.start(model).is_some()
            && self.is_text(first, model)
            && !self.is_read_inside(model)
            && self.is_read_after(model)
    }

    /// Whether the variable holds a str before the loop. Whatever is added to a str gives a str, or an exception.
    fn is_text(&self, growth: &Growth<'a>, model: &Model<'a>) -> bool {
        let is_str = |binding: &Binding<'a>| match binding.kind {
            BindingKind::Parameter(node) => annotated_as_str(node.parameter.annotation.as_deref(), model),
            BindingKind::Annotated(node) if annotated_as_str(Some(&node.annotation), model) => true,
            _ => binding.value().is_some_and(|value| model.type_of(value) == Some(Type::Str)),
        };
        model.type_of(growth.source) == Some(Type::Str)
            || model
                .bindings(self.symbol)
                .filter(|binding| binding.range.start() < self.region.start() && Growth::of(binding, model).is_none())
                .all(is_str)
    }

    /// The last binding before the loop.
    fn start<'m>(&self, model: &'m Model<'a>) -> Option<&'m Binding<'a>> {
        let before = |binding: &&Binding| binding.is_executed() && binding.range.start() < self.region.start();
        model.bindings(self.symbol).filter(before).last()
    }

    /// Whether the loop looks at the string while it grows. A `return` or `raise` ends it.
    fn is_read_inside(&self, model: &Model<'a>) -> bool {
        model.reads(self.symbol).any(|read| {
            self.region.contains_range(read.expr.range)
                && !self.is_own(read.expr, model)
                && !self.ends_with(read.node, model)
        })
    }

    fn ends_with(&self, read: NodeId, model: &Model<'a>) -> bool {
        model.statement(read).is_some_and(|statement| {
            matches!(model.node(statement), AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtRaise(_))
                && model.scope_of(statement) == model.symbol_scope(self.symbol)
        })
    }

    /// Whether a read is what makes the string longer.
    fn is_own(&self, name: &ast::ExprName, model: &Model<'a>) -> bool {
        model
            .bindings(self.symbol)
            .filter_map(|binding| Growth::of(binding, model))
            .any(|growth| growth.source.range() == name.range)
    }

    /// Whether a path leads from the loop to a read of what it has built.
    fn is_read_after(&self, model: &Model<'a>) -> bool {
        let scope = model.symbol_scope(self.symbol);
        let reads: Vec<NodeId> = model
            .reads(self.symbol)
            .filter(|read| !read.in_string && !self.is_own(read.expr, model))
            .map(|read| read.node)
            .collect();
        let is_elsewhere = |&read: &NodeId| model.function_scope(model.scope_of(read)) != scope;
        if reads.iter().any(is_elsewhere) {
            return true;
        }
        let body = match model.scope(scope).kind {
            ScopeKind::Function(function) => &function.body,
            ScopeKind::Module => match model.node(model.scope(scope).node) {
                AnyNodeRef::ModModule(module) => &module.body,
                _ => return false,
            },
            _ => return false,
        };
        let fresh = model
            .bindings(self.symbol)
            .filter(|binding| Growth::of(binding, model).is_none() && binding.is_executed())
            .map(|binding| binding.node)
            .collect();
        let growths = self.growths.iter().map(|growth| growth.statement).collect();
        let mut after = After { model, growths, fresh, reads, found: false };
        flow::run(model, &mut after, body, false);
        after.found
    }
}

fn annotated_as_str(annotation: Option<&Expr>, model: &Model) -> bool {
    annotation.and_then(|annotation| model.annotated_type(annotation)) == Some(Type::Str)
}

/// True after the string has grown, until the variable gets another value.
struct After<'m, 'a> {
    model: &'m Model<'a>,
    growths: Vec<NodeId>,
    fresh: Vec<NodeId>,
    reads: Vec<NodeId>,
    found: bool,
}

impl<'a> Analysis<'a> for After<'_, 'a> {
    type State = bool;

    fn atom(&mut self, node: AnyNodeRef<'a>, grown: &mut bool) -> Next {
        let holds_any = |ids: &[NodeId]| ids.iter().any(|&id| self.model.atom_holds(node, id));
        self.found |= *grown && holds_any(&self.reads);
        *grown &= !holds_any(&self.fresh);
        *grown |= holds_any(&self.growths);
        Next::Continues
    }
}

/// A loop without its `else`.
fn region(stmt: &Stmt) -> Option<TextRange> {
    let body = match stmt {
        Stmt::For(node) => &node.body,
        Stmt::While(node) => &node.body,
        _ => return None,
    };
    Some(TextRange::new(stmt.start(), body.last()?.end()))
}

fn report<'a>(building: &Building<'a>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(&growth) = building.growths.first() else { return };
    let Some(start) = building.start(model).map(|binding| binding.range) else { return };
    let name = model.name(building.symbol);
    let operation = growth.shown(model);
    // Nothing else holds the string between two turns: CPython may make it longer where it stands.
    let is_spared = growth.operator != "=" && !matches!(model.scope(growth.scope).kind, ScopeKind::Module);
    let copies = if is_spared { "may copy" } else { "copies" };
    let header = TextRange::at(building.stmt.start(), if building.stmt.is_for_stmt() { 3.into() } else { 5.into() });
    let loop_start = building.stmt.start();
    ctx.report(
        Finding::new(
            growth.range,
            format!("`{operation}` {copies} all of `{name}` on every turn; `\"\".join` the pieces"),
        )
        .related(start, format!("`{name}` starts here"))
        .related(header, "each turn of this loop makes it longer")
        .name("text", name)
        .name("operation", operation.clone())
        .steps(move |code| steps(name, &operation, start, growth.range, TextRange::empty(loop_start), code)),
    );
}

fn steps(
    name: &str,
    operation: &str,
    start: TextRange,
    growth: TextRange,
    header: TextRange,
    code: &Code,
) -> Vec<Step> {
    let line = |range: TextRange| code.line(range);
    vec![
        Step::new(start, format!("line {}: `{name}` starts as one string", line(start))),
        Step::new(
            growth,
            format!(
                "line {}: `{operation}` wants a new string: all of `{name}` so far, and the new piece",
                line(growth)
            ),
        ),
        Step::new(header, format!("line {}: the next turn does that again, with a longer `{name}`", line(header))),
    ]
}
