//! `x in xs` in every turn of a loop, where `xs` is a list: the search takes as long as the list is, a set's about nothing.
//!
//! <https://wiki.python.org/moin/TimeComplexity>

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::python::constants::constant;
use crate::python::growth::Growth;
use crate::python::looks::Looks;
use crate::python::values::Type;
use crate::python::{BindingKind, Model, NodeId, ScopeKind, SymbolId};
use crate::rules::{Check, Context, Finding};

pub const CHECKS: &[Check] = &[Check::Compare(check)];

/// Up to so many elements a list is searched as quickly as a set.
const FEW: usize = 8;

/// The longest code that is quoted whole.
const CODE_WIDTH: usize = 30;

fn check<'a>(node: &'a ast::ExprCompare, ctx: &mut Context<'_, 'a>) {
    let mut left = &*node.left;
    for (op, right) in node.ops.iter().zip(&node.comparators) {
        if let (CmpOp::In | CmpOp::NotIn, Expr::Name(list)) = (op, right)
            && !ctx.model.is_in_string_annotation(node)
            && let Some(search) = search(left, right, list, ctx.model)
        {
            report(left, right, &search, ctx);
        }
        left = right;
    }
}

/// A list that is searched in every turn of a loop.
struct Search {
    /// The innermost loop or comprehension that the list outlives.
    region: NodeId,
    /// Where it grows, if it does.
    added: Option<TextRange>,
    /// How many elements it has at most, if that is written.
    most: Option<usize>,
}

fn search<'a>(left: &'a Expr, right: &'a Expr, list: &'a ast::ExprName, model: &Model<'a>) -> Option<Search> {
    // Whether a constant is in there could be asked once, before the loop.
    if constant(left).is_some() {
        return None;
    }
    let id = model.id(list)?;
    // Nearly every test ends here: it is in no loop, or the name is no list's.
    if !model.may_be(right, Looks::LIST) {
        return None;
    }
    model.turns_around(id).next()?;
    let symbol = model.symbol_of(list)?;
    if !is_variable_of_code(model, symbol) {
        return None;
    }
    let growth = model.growth_of(symbol);
    if growth.is_ordered || growth.most.is_some_and(|most| most <= FEW) {
        return None;
    }
    let region =
        model.turns_around(id).find(|&region| outlives(model, symbol, &growth, region) && !is_short(model, region))?;
    let union = model.union_of(right);
    let is_list = union.single().is_some_and(|object| object.class == Type::List);
    if !is_list || model.is_kept_short(symbol, id, FEW) || has_elements_without_hash(left, right, &growth, model) {
        return None;
    }
    Some(Search { region, added: growth.added, most: growth.most })
}

/// Whether the variable is a function's or the module's.
fn is_variable_of_code(model: &Model, symbol: SymbolId) -> bool {
    matches!(model.scope(model.symbol_scope(symbol)).kind, ScopeKind::Module | ScopeKind::Function(_))
}

/// Whether the list only grows over the turns of the loop: nothing in it binds it anew or takes anything out.
fn outlives(model: &Model, symbol: SymbolId, growth: &Growth, region: NodeId) -> bool {
    let is_bound = model.rebindings(symbol, region).any(|binding| !matches!(binding.kind, BindingKind::Augmented(_)));
    !is_bound && !growth.shrunk.iter().any(|&at| model.is_part_of_turn(at, region))
}

/// Whether the loop has a handful of turns.
fn is_short(model: &Model, region: NodeId) -> bool {
    let few = |iterable: &Expr| model.length_of(iterable).is_some_and(|length| length <= FEW);
    let all_few = |generators: &[ast::Comprehension]| generators.iter().all(|generator| few(&generator.iter));
    match model.node(region) {
        AnyNodeRef::StmtFor(node) => few(&node.iter),
        AnyNodeRef::ExprListComp(node) => all_few(&node.generators),
        AnyNodeRef::ExprSetComp(node) => all_few(&node.generators),
        AnyNodeRef::ExprDictComp(node) => all_few(&node.generators),
        AnyNodeRef::ExprGenerator(node) => all_few(&node.generators),
        _ => false,
    }
}

/// Whether something in the list, or what is looked for, can't go into a set.
fn has_elements_without_hash<'a>(left: &'a Expr, right: &'a Expr, growth: &Growth<'a>, model: &Model<'a>) -> bool {
    let is_handled_so = |expr: &Expr| {
        let symbol = expr.as_name_expr().and_then(|name| model.symbol_of(name));
        symbol.is_some_and(|symbol| model.is_handled_as_container(symbol))
    };
    let elements = model.elements_of(right);
    elements.objects().iter().any(|object| model.object_without_hash(object).is_some())
        || model.part_without_hash(left).is_some()
        || growth.elements.iter().any(|element| model.part_without_hash(element).is_some() || is_handled_so(element))
        || is_handled_so(left)
}

fn report<'a>(left: &'a Expr, right: &'a Expr, search: &Search, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let range = TextRange::new(left.start(), right.end());
    let list = model.excerpt(right, CODE_WIDTH);
    let test = model.excerpt(range, CODE_WIDTH);
    let origin = model.origin_of(right);
    let region = model.node(search.region).range();
    let (added, most) = (search.added, search.most);
    let message = format!("each turn searches the list `{list}` from the start; use a set for `{test}`");
    let mut finding = Finding::new(range, message)
        .name("list", list.clone())
        .name("test", test.clone())
        .related(origin, format!("`{list}` becomes a list here"));
    if let Some(added) = added {
        finding = finding.related(added, format!("`{list}` grows here"));
    }
    let finding = finding.steps(move |code| {
        let size = match most {
            Some(most) => format!(" of {most} elements"),
            None => String::new(),
        };
        let mut steps = vec![Step::new(origin, format!("line {}: `{list}` becomes a list{size}", code.line(origin)))];
        if let Some(added) = added {
            steps.push(Step::new(added, format!("line {}: it gets longer", code.line(added))));
        }
        let line = code.line(region);
        steps.push(Step::new(
            range,
            format!("line {line}: in every turn of this loop, `{test}` compares with one element after the other"),
        ));
        steps
    });
    ctx.report(finding);
}
