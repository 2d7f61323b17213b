//! PP0801: `except:` that does not pass on what it caught.
//!
//! A handler is fine if every path through it raises again what it caught, ends the process or hands the exception over
//! ([`Clause::outcome`]), or if earlier clauses let the requests to stop pass.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::{Severity, Step};
use crate::fix::{Edit, Fix};
use crate::python::earlier::{Earlier, is_yield, statement_ends_process};
use crate::python::exceptions::{Exceptions, last_name};
use crate::python::flow::{self, Analysis, Next, constant_truth};
use crate::python::handler::{Clause, Outcome};
use crate::python::{Model, ScopeKind};
use crate::rules::{Check, Code, Context, Finding};

use super::{does_nothing, quoted};

pub const CHECKS: &[Check] = &[Check::ExceptHandler(check)];

const EXCEPT: TextSize = TextSize::new("except".len() as u32);

fn check<'a>(handler: &'a ast::ExceptHandlerExceptHandler, ctx: &mut Context<'_, 'a>) {
    if handler.type_.is_some() {
        return;
    }
    let Some(clause) = Clause::of(ctx.model, handler) else { return };
    if let Some((earlier, outcome)) = clause.requests_lost(ctx.model) {
        report(clause, &earlier, outcome, ctx);
    }
}

// ---- the clause and what stands around it

impl<'a> Clause<'a> {
    /// The name of the function around it.
    fn function(self, model: &Model<'a>) -> Option<&'a str> {
        match model.scope(self.scope(model)).kind {
            ScopeKind::Function(node) => Some(node.name.as_str()),
            _ => None,
        }
    }

    /// The `while True` around it that goes on after the handler has swallowed something.
    fn endless_loop(self, model: &Model<'a>) -> Option<&'a ast::StmtWhile> {
        model.loops_around(model.stmt_id(self.stmt)).find_map(|around| {
            let Stmt::While(node) = around else { return None };
            if constant_truth(model, &node.test) != Some(true) {
                return None;
            }
            let exits = flow::run(model, &mut ThroughHandler { model, handler: self.handler }, &node.body, false);
            (exits.falls == Some(true) || exits.continues == Some(true)).then_some(node)
        })
    }

    /// The keyword.
    fn keyword(self) -> TextRange {
        TextRange::at(self.handler.start(), EXCEPT)
    }
}

fn is_await(node: AnyNodeRef) -> bool {
    match node {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::StmtFor(node) => node.is_async,
        AnyNodeRef::StmtWith(node) => node.is_async,
        AnyNodeRef::Comprehension(node) => node.is_async,
        _ => false,
    }
}

/// True after a path has come through the handler.
struct ThroughHandler<'m, 'a> {
    model: &'m Model<'a>,
    handler: &'a ast::ExceptHandlerExceptHandler,
}

impl<'a> Analysis<'a> for ThroughHandler<'_, 'a> {
    type State = bool;

    fn atom(&mut self, node: AnyNodeRef<'a>, _: &mut bool) -> Next {
        if statement_ends_process(self.model, node).is_some() { Next::Ends } else { Next::Continues }
    }

    fn caught(&mut self, handler: &'a ast::ExceptHandlerExceptHandler, state: &mut bool) {
        *state |= std::ptr::eq(handler, self.handler);
    }
}

// ---- the finding

/// What the finding says.
#[derive(Clone, Copy)]
struct Words<'a> {
    clause: Clause<'a>,
    lost: Exceptions,
    endless: Option<&'a ast::StmtWhile>,
}

fn report<'a>(clause: Clause<'a>, earlier: &Earlier, outcome: Outcome, ctx: &mut Context<'_, 'a>) {
    let model = ctx.model;
    let stops_program = Exceptions::KEYBOARD_INTERRUPT | Exceptions::SYSTEM_EXIT;
    // What an earlier clause names does not arrive here, even if that clause swallows it.
    let lost = outcome.lost - earlier.named;
    let endless = lost.intersects(stops_program).then(|| clause.endless_loop(model)).flatten();
    let eats_request = lost.intersects(Exceptions::GENERATOR_EXIT | Exceptions::CANCELLED);
    let severity = match () {
        () if eats_request || endless.is_some() => Severity::Error,
        () if outcome.is_logged => Severity::Info,
        () => Severity::Warning,
    };
    let words = Words { clause, lost, endless };
    let names_exception =
        !earlier.has_exception && !outcome.cleans_up && !outcome.is_discarded && is_free(model, clause, "Exception");
    let appends_raise = outcome.only_falls;
    let remedy = match () {
        () if outcome.is_suppressed => "raise outside of it",
        () if outcome.is_discarded => "don't jump out of `finally`",
        () if outcome.is_caught_again && appends_raise => "put a `raise` after it",
        () if names_exception && !does_nothing(&clause.handler.body) => "use `except Exception:`",
        () if !names_exception && appends_raise => "end it with `raise`",
        () => "name what you expect",
    };
    let message = format!("{}; {remedy}", words.claim(&outcome, model));
    let attempt = TextRange::at(clause.node.start(), TextSize::of("try"));
    let mut finding = Finding::new(clause.keyword(), message)
        .severity(severity)
        .related(attempt, "Ctrl-C and `sys.exit()` in this block end up in the `except:`");
    if let Some(endless) = endless {
        finding = finding.related(TextRange::at(endless.start(), TextSize::of("while")), "this loop goes on");
    }
    finding = finding.steps(move |code| words.steps(&outcome, code));
    if names_exception {
        finding = finding.fix(move |_| Some(name_class(clause, "Exception")));
    }
    if appends_raise {
        finding = finding.fix(move |code| append_raise(clause, code));
    }
    if is_free(model, clause, "BaseException") {
        finding = finding.fix(move |_| {
            let Fix { edits, .. } = name_class(clause, "BaseException");
            Some(Fix::display("Say `except BaseException:`, which does the same", edits))
        });
    }
    ctx.report(finding);
}

/// Whether nothing in the file gives the builtin's name another meaning here.
fn is_free(model: &Model, clause: Clause, builtin: &str) -> bool {
    model.resolve(model.scope_of(clause.id), builtin).is_none()
}

impl<'a> Words<'a> {
    /// The requests to stop that it catches, as a reader knows them.
    fn requests(self) -> &'static str {
        match (self.lost.contains(Exceptions::KEYBOARD_INTERRUPT), self.lost.contains(Exceptions::SYSTEM_EXIT)) {
            (true, true) => "Ctrl-C and `sys.exit()`",
            (true, false) => "Ctrl-C",
            (false, true) => "`sys.exit()`",
            (false, false) => "the request to stop",
        }
    }

    /// What Python will do.
    fn claim(self, outcome: &Outcome, model: &Model<'a>) -> String {
        let requests = self.requests();
        let function = self.clause.function(model).unwrap_or("it");
        let silently = if does_nothing(&self.clause.handler.body) { "silently " } else { "" };
        match () {
            () if self.lost.contains(Exceptions::GENERATOR_EXIT) => {
                format!("`except:` around a `yield` {silently}eats GeneratorExit, sent to stop `{function}`")
            }
            () if self.lost.contains(Exceptions::CANCELLED) => match self.clause.pause(model, is_await) {
                Some(_) => format!("`except:` {silently}eats CancelledError, so `{function}` can't be cancelled here"),
                None => format!("`except:` {silently}eats CancelledError once this `try` in `{function}` awaits"),
            },
            () if self.lost.is_empty() => {
                format!("`except:` {silently}hides every error, and an earlier clause the request to stop")
            }
            () if outcome.is_suppressed => "`except:` re-raises, but `suppress` throws it away".to_owned(),
            () if outcome.is_discarded => "`except:` re-raises, but `finally` throws it away".to_owned(),
            () if outcome.is_caught_again => "`except:` re-raises, but an inner `except` catches it again".to_owned(),
            () if self.endless.is_some() => {
                format!("`except:` in `while True` {silently}catches {requests}: the loop goes on")
            }
            () if outcome.replaces => match self.replacement() {
                Some(class) => format!("`except:` turns {requests} into `{class}`"),
                None => format!("`except:` turns {requests} into another exception"),
            },
            () if outcome.passes_on => format!("`except:` re-raises on some paths only, elsewhere it eats {requests}"),
            () if outcome.is_logged => format!("`except:` logs {requests} like an error and goes on"),
            () if does_nothing(&self.clause.handler.body) => {
                format!("`except:` silently drops every error, {requests} too")
            }
            () => format!("`except:` also catches {requests}, and the program goes on"),
        }
    }

    /// The class that the handler raises instead, where it is plain to see.
    fn replacement(self) -> Option<&'a str> {
        self.clause.handler.body.iter().rev().find_map(|stmt| {
            let Stmt::Raise(raise) = stmt else { return None };
            let class = match raise.exc.as_deref()? {
                Expr::Call(call) => &*call.func,
                class => class,
            };
            last_name(class).filter(|name| name.starts_with(char::is_uppercase))
        })
    }

    /// What happens in the reader's code.
    fn steps(self, outcome: &Outcome, code: &Code<'_, 'a>) -> Vec<Step> {
        let model = code.model;
        let mut steps = vec![self.arrival(outcome, code)];
        let keyword = self.clause.keyword();
        steps.push(Step::new(
            keyword,
            format!("line {}: `except:` names no class, so it catches that like any error", code.line(keyword)),
        ));
        if let Some(stmt) = self.clause.handler.body.last() {
            let line = code.line(stmt);
            let end = match stmt {
                _ if does_nothing(&self.clause.handler.body) => {
                    "the handler does nothing, so nobody hears of it".to_owned()
                }
                _ if outcome.is_discarded => "what it raises is thrown away afterwards".to_owned(),
                _ if outcome.is_caught_again => "what it raises is caught again".to_owned(),
                Stmt::Return(_) => format!("`{}` answers as if nothing had happened", quoted(model, stmt)),
                Stmt::Raise(_) if outcome.replaces => {
                    format!("`{}` puts an ordinary error in its place", quoted(model, stmt))
                }
                Stmt::Break(_) => "`break` leaves the loop, the program goes on after it".to_owned(),
                _ if outcome.passes_on => "not every path comes to a `raise`".to_owned(),
                _ => format!("`{}` runs, and the program goes on after the `try`", quoted(model, stmt)),
            };
            steps.push(Step::new(stmt.range(), format!("line {line}: {end}")));
        }
        if let Some(endless) = self.endless {
            let line = code.line(endless);
            let text = format!("line {line}: `while` starts over, as if nobody had asked it to stop");
            steps.push(Step::new(TextRange::at(endless.start(), TextSize::of("while")), text));
        }
        steps
    }

    /// How a request to stop arrives in the body of the `try`.
    fn arrival(self, outcome: &Outcome, code: &Code<'_, 'a>) -> Step {
        let model = code.model;
        let text = |range: TextRange| model.slice(range).lines().next().unwrap_or_default();
        let function = self.clause.function(model).unwrap_or("it");
        if self.lost.contains(Exceptions::GENERATOR_EXIT)
            && let Some(range) = self.clause.pause(model, is_yield)
        {
            let line = code.line(range);
            let told =
                format!("line {line}: `{function}` waits at `{}`; closing it raises GeneratorExit there", text(range));
            return Step::new(range, told);
        }
        if self.lost.contains(Exceptions::CANCELLED)
            && let Some(range) = self.clause.pause(model, is_await)
        {
            let line = code.line(range);
            let told = format!("line {line}: `{}` waits; cancelling the task raises CancelledError there", text(range));
            return Step::new(range, told);
        }
        let body = &self.clause.node.body[0];
        let line = code.line(body);
        let code = quoted(model, body);
        let told = match () {
            () if self.lost.is_empty() || outcome.is_caught_again => {
                format!("line {line}: whatever `{code}` raises arrives at `except:`")
            }
            () if self.lost.contains(Exceptions::KEYBOARD_INTERRUPT) => {
                format!("line {line}: press Ctrl-C during `{code}`, and Python raises KeyboardInterrupt there")
            }
            () => format!("line {line}: `sys.exit()` during `{code}` raises SystemExit there"),
        };
        Step::new(body.range(), told)
    }
}

// ---- fixes

fn name_class(clause: Clause, class: &str) -> Fix {
    let edit = Edit::insert(clause.keyword().end(), format!(" {class}"));
    let caveat = "Ctrl-C and `sys.exit()` will pass through";
    Fix::r#unsafe(format!("Catch errors only: `except {class}:`"), caveat, vec![edit])
}

/// `raise` at the end of the handler; in place of a `pass`.
fn append_raise(clause: Clause, code: &Code) -> Option<Fix> {
    let (first, last) = (clause.handler.body.first()?, clause.handler.body.last()?);
    let does_nothing = match last {
        Stmt::Pass(_) => true,
        Stmt::Expr(node) => node.value.is_ellipsis_literal_expr(),
        _ => false,
    };
    let model = code.model;
    let edit = if does_nothing {
        Edit::replace(last.range(), "raise")
    } else if model.starts_line(first.start()) {
        let indentation = model.indentation(first.start());
        Edit::insert(model.line_end(last.end()), format!("\n{indentation}raise"))
    } else {
        Edit::insert(last.end(), "; raise")
    };
    Some(Fix::r#unsafe("Pass it on: end the handler with `raise`", "callers will see the error", vec![edit]))
}
