//! PP0403: a `continue` that jumps over what would end its `while` loop.

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::python::standstill::Standstill;
use crate::rules::{Check, Code, Context, Finding};

/// The checks of this rule.
pub const CHECKS: &[Check] = &[Check::While(check)];

fn check<'a>(node: &'a ast::StmtWhile, ctx: &mut Context<'_, 'a>) {
    for found in ctx.model.standstills(node) {
        let model = ctx.model;
        let jump = model.node(found.jump).range();
        let update = update_range(ctx, &found);
        let (counter, shown) = (model.quoted(found.counter), model.quoted(update));
        let message = format!("this loop never ends: `continue` skips `{shown}`; update `{counter}` before it");
        let finding = Finding::new(jump, message)
            .name("line", ctx.line(jump).to_string())
            .name("counter", counter.clone())
            .name("test", model.quoted(node.test.range()))
            .name("update", shown)
            .related(update, format!("`continue` jumps over this change of `{counter}`"));
        ctx.report(finding.steps(move |code| steps(node, jump, update, &counter, code)));
    }
}

/// The statement that changes the counter.
fn update_range(code: &Code, found: &Standstill) -> TextRange {
    let model = code.model;
    let statement = model.statement(found.update).unwrap_or(found.update);
    model.node(statement).range()
}

fn steps(node: &ast::StmtWhile, jump: TextRange, update: TextRange, counter: &str, code: &Code) -> Vec<Step> {
    let test = code.model.quoted(node.test.range());
    vec![
        Step::new(node.test.range(), format!("a turn starts: `{test}` is true, with `{counter}` as it is")),
        Step::new(jump, "nothing that the tests look at has changed up to here; this goes back to the top"),
        Step::new(update, format!("this is skipped, so `{counter}` is still the same")),
        Step::new(node.test.range(), format!("`{test}` is true again, and the next turn goes the same way: for ever")),
    ]
}
