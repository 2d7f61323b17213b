//! What an expression certainly is, as far as the file shows it. No answer where it could be something else.
//!
//! Every answer is worked out when asked for, by an [`Inference`] with a bounded number of steps. Names are followed to
//! their bindings ([`variables`], [`targets`]), where it matters along the paths that reach the name ([`reaching`]), with what tests
//! on the way tell ([`narrowing`]). Facts about builtins and the standard library are tables ([`stdlib`]) in the notation of
//! annotations ([`notation`]).
//!
//! Taken for granted, since no file can show the contrary: annotations tell the truth, builtins and the standard library are not
//! patched, other modules don't rebind this one's names, and subclasses in other files keep to what they override.

mod annotations;
mod calls;
mod classes;
mod contents;
mod expressions;
mod hashing;
mod narrowing;
mod notation;
mod operators;
mod reaching;
mod stdlib;
mod targets;
mod union;
mod variables;

use std::cell::{Cell, RefCell};

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::TextRange;

use super::model::{Model, SymbolId};

pub use hashing::{Element, NoHash};
pub use union::{Items, Object, Type, Union};

/// How many expressions are looked at for one answer.
const MAX_STEPS: u32 = 3_000;

/// How deep expressions, names and calls are followed.
const MAX_DEPTH: u32 = 40;

/// How often assumptions about something that depends on itself are corrected.
const MAX_ROUNDS: u8 = 4;

impl<'a> Model<'a> {
    /// What `expr` certainly is: one class, or `None`. For a name that is assigned here, what it is assigned; for the target of
    /// an augmented assignment, what it was before.
    pub fn type_of(&self, expr: &Expr) -> Option<Type<'a>> {
        self.union_of(expr).class().cloned()
    }

    /// All that `expr` may be, with what it holds.
    pub fn union_of(&self, expr: &Expr) -> Union<'a> {
        Inference::new(self).infer(expr)
    }

    /// What a variable certainly is wherever it is read: all its bindings give the same class.
    pub fn type_of_symbol(&self, symbol: SymbolId) -> Option<Type<'a>> {
        Inference::new(self).variable(symbol).class().cloned()
    }

    /// All that a variable may be wherever it is read.
    pub fn union_of_symbol(&self, symbol: SymbolId) -> Union<'a> {
        Inference::new(self).variable(symbol)
    }

    /// What iterating over `expr` certainly yields.
    pub fn element_type(&self, expr: &Expr) -> Option<Type<'a>> {
        self.elements_of(expr).class().cloned()
    }

    /// All that iterating over `expr` may yield.
    pub fn elements_of(&self, expr: &Expr) -> Union<'a> {
        let inference = Inference::new(self);
        inference.elements(&inference.infer(expr))
    }

    /// Whether `expr` may be `None`: `Some(true)` if the file says so, `Some(false)` if it certainly is something else, `None` if
    /// nothing is known.
    pub fn may_be_none(&self, expr: &Expr) -> Option<bool> {
        let union = self.union_of(expr);
        match union.has_none() {
            true => Some(true),
            false if union.is_open() || union.is_never() => None,
            false => Some(false),
        }
    }

    /// The class that an annotation promises, if it is a single one: `int`, `list[str]`, `"Basket"`. Not for `Optional[int]`, nor for
    /// `float`, which stands for `float | int`
    /// (<https://typing.python.org/en/latest/spec/special-types.html#special-cases-for-float-and-complex>).
    pub fn annotated_type(&self, annotation: &Expr) -> Option<Type<'a>> {
        self.annotated_union(annotation).class().cloned()
    }

    /// All that an annotation allows.
    pub fn annotated_union(&self, annotation: &Expr) -> Union<'a> {
        Inference::new(self).annotation(annotation)
    }
}

/// One question and all that is asked on the way to its answer.
struct Inference<'m, 'a> {
    model: &'m Model<'a>,
    steps: Cell<u32>,
    depth: Cell<u32>,
    progress: RefCell<Vec<Progress<'a>>>,
}

/// A question that waits for the answer to others, and what they may assume if they come back to it.
struct Progress<'a> {
    question: Question<'a>,
    assumption: Union<'a>,
    /// Whether something came back to it.
    is_consulted: bool,
}

/// What can depend on itself.
#[derive(Clone, Copy, PartialEq)]
enum Question<'a> {
    /// What a variable is, wherever it is read.
    Variable(SymbolId),
    /// What a variable is in the atom (see [`super::flow::Analysis::atom`]) that is being evaluated.
    Atom(SymbolId, TextRange),
    /// What a variable's containers hold.
    Contents(SymbolId),
    /// What a function returns.
    Returns(ByAddress<'a, ast::StmtFunctionDef>),
    /// What an attribute of a class's instances is.
    Attribute(ByAddress<'a, ast::StmtClassDef>, &'a str),
    /// What an annotation that is made of names means.
    Alias(SymbolId),
}

/// A node, compared by identity.
struct ByAddress<'a, T>(&'a T);

impl<T> Clone for ByAddress<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ByAddress<'_, T> {}

impl<T> PartialEq for ByAddress<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl<'m, 'a> Inference<'m, 'a> {
    fn new(model: &'m Model<'a>) -> Self {
        Inference { model, steps: Cell::new(MAX_STEPS), depth: Cell::new(0), progress: RefCell::default() }
    }

    /// Takes steps; false if there are none left.
    fn spend(&self, steps: u32) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Answers a part of the question, unless that leads too deep.
    fn deeper(&self, answer: impl FnOnce() -> Union<'a>) -> Union<'a> {
        let depth = self.depth.get();
        if depth >= MAX_DEPTH || !self.spend(1) {
            return Union::unknown();
        }
        self.depth.set(depth + 1);
        let result = answer();
        self.depth.set(depth);
        result
    }

    /// What is assumed about a question that is being answered.
    fn assumption(&self, question: Question<'a>) -> Option<Union<'a>> {
        let mut progress = self.progress.borrow_mut();
        let found = progress.iter_mut().rev().find(|progress| progress.question == question)?;
        found.is_consulted = true;
        Some(found.assumption.clone())
    }

    /// Answers a question while `assumption` is taken for the answer.
    fn assuming(&self, question: Question<'a>, assumption: Union<'a>, answer: impl FnOnce() -> Union<'a>) -> Union<'a> {
        self.assume(question, assumption, answer).0
    }

    /// The answer, and whether it depends on the assumption.
    fn assume(
        &self,
        question: Question<'a>,
        assumption: Union<'a>,
        answer: impl FnOnce() -> Union<'a>,
    ) -> (Union<'a>, bool) {
        self.progress.borrow_mut().push(Progress { question, assumption, is_consulted: false });
        let result = answer();
        let is_consulted = self.progress.borrow_mut().pop().is_some_and(|progress| progress.is_consulted);
        (result, is_consulted)
    }

    /// Answers a question whose answer may depend on itself: first as if there were no other way, then with that as
    /// assumption, until it holds.
    fn fixpoint(&self, question: Question<'a>, answer: impl Fn() -> Union<'a>) -> Union<'a> {
        if let Some(assumption) = self.assumption(question) {
            return assumption;
        }
        let mut assumption = Union::never();
        for _ in 0..MAX_ROUNDS {
            let mut is_final = true;
            let result = self.deeper(|| {
                let (result, depends) = self.assume(question, assumption.clone(), &answer);
                is_final = !depends;
                result
            });
            if is_final || result.is_open() {
                return result;
            }
            let wider = assumption.clone().or(result);
            if wider == assumption {
                return wider;
            }
            assumption = wider;
        }
        Union::unknown()
    }
}
