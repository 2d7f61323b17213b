//! PP1001: more loops and conditions in one comprehension than a reader can follow.

use ruff_python_ast::{self as ast, AnyNodeRef, Comprehension, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::python::{Model, NodeId};
use crate::rules::{Check, Context, Finding};

/// The checks of this rule.
pub const CHECKS: &[Check] =
    &[Check::ListComp(list), Check::SetComp(set), Check::DictComp(dict), Check::Generator(generator)];

/// So many `for` clauses are too many.
const LOOPS: usize = 3;

/// So many `for` and `if` clauses together are.
const CLAUSES: usize = 4;

/// So many comprehensions, each inside the one before, are.
const LEVELS: usize = 3;

/// The most clauses that the steps tell of.
const MAX_STEPS: usize = 5;

fn list<'a>(node: &'a ast::ExprListComp, ctx: &mut Context<'_, 'a>) {
    check(ctx.model.id(node), ctx);
}

fn set<'a>(node: &'a ast::ExprSetComp, ctx: &mut Context<'_, 'a>) {
    check(ctx.model.id(node), ctx);
}

fn dict<'a>(node: &'a ast::ExprDictComp, ctx: &mut Context<'_, 'a>) {
    check(ctx.model.id(node), ctx);
}

fn generator<'a>(node: &'a ast::ExprGenerator, ctx: &mut Context<'_, 'a>) {
    check(ctx.model.id(node), ctx);
}

fn check<'a>(id: Option<NodeId>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let Some(id) = id else { return };
    let is_inner = comprehensions_around(model, id).next().is_some();
    if is_inner || model.is_in_string_annotation(&model.node(id)) {
        return;
    }
    let all = std::iter::once(id).chain(model.descendants(id).map(|(id, _)| id));
    let all: Vec<NodeId> = all.filter(|&id| !clauses(model, id).is_empty()).collect();
    if let Some(&large) = all.iter().find(|&&id| is_too_large(clauses(model, id))) {
        report_clauses(id, clauses(model, large), ctx);
    } else if let Some(&deepest) = all.iter().max_by_key(|&&inner| comprehensions_around(model, inner).count()) {
        let mut levels: Vec<NodeId> = comprehensions_around(model, deepest).collect();
        levels.insert(0, deepest);
        if levels.len() >= LEVELS {
            report_levels(levels, ctx);
        }
    }
}

/// The comprehensions of the same statement that `id` stands inside, the innermost first.
fn comprehensions_around(model: &Model, id: NodeId) -> impl Iterator<Item = NodeId> {
    model
        .ancestors(id)
        .take_while(|&around| !model.node(around).is_statement())
        .filter(|&around| !clauses(model, around).is_empty())
}

fn clauses<'a>(model: &Model<'a>, id: NodeId) -> &'a [Comprehension] {
    match model.node(id) {
        AnyNodeRef::ExprListComp(node) => &node.generators,
        AnyNodeRef::ExprSetComp(node) => &node.generators,
        AnyNodeRef::ExprDictComp(node) => &node.generators,
        AnyNodeRef::ExprGenerator(node) => &node.generators,
        _ => &[],
    }
}

fn count(loops: &[Comprehension]) -> usize {
    loops.iter().map(|each| 1 + each.ifs.len()).sum()
}

fn is_too_large(loops: &[Comprehension]) -> bool {
    loops.len() >= LOOPS || count(loops) >= CLAUSES
}

fn report_clauses<'a>(at: NodeId, loops: &'a [Comprehension], ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let parts = match loops.len() {
        few if few < LOOPS => format!("{} clauses", count(loops)),
        many => format!("{many} `for` clauses"),
    };
    let message = format!("blocks nested in one expression: {parts}, run left to right; write loops, or name a step");
    let finding = Finding::new(model.node(at).range(), message).name("parts", parts);
    let innermost = &loops[loops.len() - 1];
    let finding = finding.related(innermost.range, "this `for` runs anew for each turn of what stands before it");
    ctx.report(finding.steps(move |_| {
        let mut parts: Vec<(TextRange, &str)> = Vec::new();
        for each in loops {
            parts.push((TextRange::new(each.start(), each.iter.end()), "for"));
            parts.extend(each.ifs.iter().map(|test| (test.range(), "if")));
        }
        let hidden = parts.len().saturating_sub(MAX_STEPS);
        let describe = |(level, (range, keyword)): (usize, (TextRange, &str))| match (level, keyword) {
            (0, _) => Step::new(range, "the outermost loop"),
            (_, "for") => Step::new(range, format!("inside that, at level {}: another loop", level + 1)),
            _ => Step::new(range, format!("inside that, at level {}: a condition", level + 1)),
        };
        let mut steps: Vec<Step> = parts.into_iter().enumerate().take(MAX_STEPS).map(describe).collect();
        if let Some(last) = steps.last_mut().filter(|_| hidden > 0) {
            last.text += &format!(", and {hidden} more behind it");
        }
        steps
    }));
}

/// `levels`: the comprehensions, the innermost first.
fn report_levels<'a>(levels: Vec<NodeId>, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let (innermost, outermost) = (levels[0], levels[levels.len() - 1]);
    let depth = levels.len();
    let message = format!("comprehensions {depth} deep: the inner ones run anew for each outer item; name a step");
    let finding = Finding::new(model.node(outermost).range(), message)
        .name("parts", format!("{depth} comprehensions, one inside the other"))
        .related(model.node(innermost).range(), "the innermost one");
    ctx.report(finding.steps(move |code| {
        let tell = |(level, &id): (usize, &NodeId)| {
            let range = clauses(code.model, id).first().map_or(code.model.node(id).range(), loop_of);
            match level {
                0 => Step::new(range, "the loop of the outermost comprehension"),
                _ => Step::new(range, format!("level {}: a whole comprehension is part of the one before", level + 1)),
            }
        };
        levels.iter().rev().enumerate().take(MAX_STEPS).map(tell).collect()
    }));
}

/// `for x in xs`, without the conditions.
fn loop_of(clause: &Comprehension) -> TextRange {
    let iterable: &Expr = &clause.iter;
    TextRange::new(clause.start(), iterable.end())
}
