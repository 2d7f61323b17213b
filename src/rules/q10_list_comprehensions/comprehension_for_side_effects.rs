//! PP1002: a comprehension whose value nobody takes.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, Comprehension, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Step;
use crate::fix::{Edit, Fix};
use crate::python::layout::has_comment;
use crate::python::{Model, NodeId, ScopeId, ScopeKind, SymbolId};
use crate::rules::{Check, Code, Context, Finding};

/// The checks of this rule.
pub const CHECKS: &[Check] = &[Check::ExprStmt(check)];

fn check<'a>(stmt: &'a ast::StmtExpr, ctx: &mut Context<'_, 'a>) {
    let Some(made) = Made::of(&stmt.value) else { return };
    let model = ctx.model;
    let Some(id) = model.id(stmt) else { return };
    let is_wanted = || is_measured(model, id) || model.wants_exception(id);
    if model.is_cell_result(stmt) || model.is_cut_off(stmt) || !made.is_lazy() && is_wanted() {
        return;
    }
    let element = made.shown_element().range();
    let kind = made.kind;
    let (message, effect) = if made.is_lazy() {
        (
            "this generator never runs, as nobody asks it for an item; write a `for` loop".to_owned(),
            "this is never evaluated",
        )
    } else {
        let message = format!("this line builds a {kind} of results and throws it away; write a `for` loop");
        (message, "each result of this is stored, then thrown away")
    };
    let finding = Finding::new(stmt.value.range(), message)
        .name("result", format!("the {kind}"))
        .name("line", ctx.line(stmt.value.range()).to_string())
        .name("element", model.quoted(element))
        .related(element, effect);
    let finding = finding.steps(move |code| steps(made, code));
    ctx.report(finding.fix(move |code| unrolled(stmt, made, code)));
}

/// Whether building the value is what a benchmark is about: the function around is called one, or gets `pytest-benchmark`'s
/// fixture.
fn is_measured(model: &Model, at: NodeId) -> bool {
    let ScopeKind::Function(function) = model.scope(model.scope_of(at)).kind else { return false };
    let says_so = |name: &str| {
        name.split('_').any(|word| matches!(word.to_ascii_lowercase().as_str(), "bench" | "benchmark" | "benchmarks"))
    };
    says_so(&function.name) || function.parameters.iter().any(|parameter| parameter.name() == "benchmark")
}

/// A comprehension or generator expression.
#[derive(Clone, Copy)]
struct Made<'a> {
    kind: &'static str,
    node: &'a Expr,
    /// A dict's key.
    key: Option<&'a Expr>,
    /// The element, or a dict's value.
    element: &'a Expr,
    clauses: &'a [Comprehension],
}

impl<'a> Made<'a> {
    fn of(node: &'a Expr) -> Option<Self> {
        let (kind, key, element, clauses) = match node {
            Expr::ListComp(comp) => ("list", None, &comp.elt, &comp.generators),
            Expr::SetComp(comp) => ("set", None, &comp.elt, &comp.generators),
            Expr::DictComp(comp) => ("dict", comp.key.as_deref(), &comp.value, &comp.generators),
            Expr::Generator(comp) => ("generator", None, &comp.elt, &comp.generators),
            _ => return None,
        };
        Some(Made { kind, node, key, element, clauses })
    }

    fn is_lazy(self) -> bool {
        self.node.is_generator_expr()
    }

    /// What its loop evaluates each time.
    fn elements(self) -> impl Iterator<Item = &'a Expr> {
        self.key.into_iter().chain([self.element])
    }

    /// The part that does something, as far as can be seen.
    fn shown_element(self) -> &'a Expr {
        self.elements().find(|element| !is_idle(element)).unwrap_or(self.element)
    }
}

/// Whether evaluating it as a statement would do nothing.
fn is_idle(expr: &Expr) -> bool {
    expr.is_literal_expr() || expr.is_name_expr() || expr.is_lambda_expr()
}

fn steps(made: Made, code: &Code) -> Vec<Step> {
    let element = made.shown_element();
    let shown = code.model.quoted(element.range());
    let kind = made.kind;
    let Some(first) = made.clauses.first() else { return Vec::new() };
    if made.is_lazy() {
        return vec![
            Step::new(first.iter.range(), "this is evaluated once, to make the generator"),
            Step::new(element.range(), format!("`{shown}` waits until somebody asks the generator for an item")),
            Step::new(made.node.range(), "nobody can: the line ends, and the generator is gone"),
        ];
    }
    vec![
        Step::new(first.iter.range(), "for each item of this …"),
        Step::new(element.range(), format!("… `{shown}` runs, and its result goes into a new {kind}")),
        Step::new(made.node.range(), format!("no name takes the {kind}: with the end of the line it is gone")),
    ]
}

// ---- the fix

/// Writes the loops that do the same.
fn unrolled(stmt: &ast::StmtExpr, made: Made, code: &Code) -> Option<Fix> {
    let model = code.model;
    let rest = TextRange::new(stmt.end(), model.line_end(stmt.end()));
    let shares_line =
        !model.starts_line(stmt.start()) || !matches!(model.slice(rest).trim_start().chars().next(), None | Some('#'));
    if shares_line || has_comment(code.tokens, stmt.range) {
        return None;
    }
    let mut loops =
        Unroller { code, scope: model.scope_of(model.id(stmt)?), lines: Vec::new(), targets: Vec::new(), caveat: None };
    loops.comprehension(made, 0)?;
    let (base, unit) = (model.indentation(stmt.start()), model.indentation_unit(code.tokens));
    let lines: Vec<String> = loops.lines.iter().map(|(level, line)| unit.repeat(*level) + line).collect();
    let edits = vec![Edit::replace(stmt.range, lines.join(&format!("\n{base}")))];
    Some(match loops.caveat {
        Some(caveat) => Fix::r#unsafe("Write a `for` loop", caveat, edits),
        None => Fix::safe("Write a `for` loop", edits),
    })
}

struct Unroller<'c, 'm, 'a> {
    code: &'c Code<'m, 'a>,
    /// Where the loops' targets will live.
    scope: ScopeId,
    /// Each with its level of indentation.
    lines: Vec<(usize, String)>,
    targets: Vec<&'a str>,
    /// Why the loop needs a look.
    caveat: Option<String>,
}

impl<'a> Unroller<'_, '_, 'a> {
    fn comprehension(&mut self, made: Made<'a>, level: usize) -> Option<()> {
        self.judge(made);
        let mut level = level;
        for clause in made.clauses {
            let keyword = if clause.is_async { "async for" } else { "for" };
            let (target, iterable) = (self.piece(&clause.target), self.piece(&clause.iter));
            self.lines.push((level, format!("{keyword} {target} in {iterable}:")));
            level += 1;
            for test in &clause.ifs {
                let test = self.piece(test);
                self.lines.push((level, format!("if {test}:")));
                level += 1;
            }
        }
        let before = self.lines.len();
        if made.node.is_dict_comp_expr() && made.key.is_none() {
            return None;
        }
        for element in made.elements() {
            self.element(element, level)?;
        }
        if self.lines.len() == before {
            self.lines.push((level, "pass".to_owned()));
        }
        Some(())
    }

    /// The element as statements; none if it does nothing.
    fn element(&mut self, element: &'a Expr, level: usize) -> Option<()> {
        if let Some(inner) = Made::of(element) {
            return self.comprehension(inner, level);
        }
        match element {
            Expr::Starred(_) => return None,
            Expr::Named(node) => {
                let line = format!("{} = {}", self.piece(&node.target), self.piece(&node.value));
                self.lines.push((level, line));
            }
            Expr::If(node) => {
                let test = self.piece(&node.test);
                self.lines.push((level, format!("if {test}:")));
                let before = self.lines.len();
                self.element(&node.body, level + 1)?;
                if self.lines.len() == before {
                    self.lines.push((level + 1, "pass".to_owned()));
                }
                let before = self.lines.len();
                self.element(&node.orelse, level + 1)?;
                if self.lines.len() > before {
                    self.lines.insert(before, (level, "else:".to_owned()));
                }
            }
            _ if is_idle(element) => {}
            _ => {
                let line = self.piece(element);
                self.lines.push((level, line));
            }
        }
        Some(())
    }

    /// The text of an expression, in brackets where it could not stand without.
    fn piece(&self, expr: &Expr) -> String {
        let text = self.code.model.slice(expr);
        let mut depth = 0u32;
        let is_broken = self.code.tokens.in_range(expr.range()).iter().any(|token| match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                depth += 1;
                false
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                depth = depth.saturating_sub(1);
                false
            }
            TokenKind::NonLogicalNewline => depth == 0,
            _ => false,
        });
        if is_broken || expr.is_named_expr() { format!("({text})") } else { text.to_owned() }
    }

    /// Looks for what will be different in a loop.
    fn judge(&mut self, made: Made<'a>) {
        let model = self.code.model;
        if made.is_lazy() {
            self.warn("it will run then, which it has never done so far".to_owned());
        }
        let Some(own) = model.scope_opened_by(made.node) else { return };
        if let ScopeKind::Class(node) = model.scope(self.scope).kind {
            self.warn(format!("the loop's variable becomes an attribute of `{}`", node.name));
        }
        let targets: Vec<_> = model
            .symbols_in(own)
            .filter(|&symbol| model.symbol_scope(symbol) == own && model.bindings(symbol).next().is_some())
            .collect();
        for symbol in targets {
            let name = model.name(symbol);
            if self.targets.contains(&name) || !model.is_unused_name(self.scope, name) {
                self.warn(format!("`{name}` is used elsewhere here, and the loop will give it another value"));
            }
            if self.is_kept(symbol, own) {
                self.warn(format!("a function keeps `{name}`, which lives on after the loop"));
            }
            self.targets.push(name);
        }
    }

    /// Whether a function or generator made in the element may use the target later.
    fn is_kept(&self, symbol: SymbolId, own: ScopeId) -> bool {
        let model = self.code.model;
        model.reads(symbol).any(|read| {
            model
                .scope_chain(read.scope)
                .take_while(|&scope| scope != own)
                .any(|scope| matches!(model.scope(scope).kind, ScopeKind::Lambda(_) | ScopeKind::Generator(_)))
        })
    }

    /// The first reason is the one that is told.
    fn warn(&mut self, caveat: String) {
        self.caveat.get_or_insert(caveat);
    }
}
