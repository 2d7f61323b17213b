//! What a test tells of the variable that it looks at.
//!
//! `isinstance`, `type(x) is`, `is None`, truth, and their combinations with `not`, `and`, `or`; class patterns.

use ruff_python_ast::{self as ast, AnyNodeRef, BoolOp, CmpOp, Expr, Operator, Pattern, UnaryOp};
use ruff_text_size::{Ranged, TextSize};

use super::Inference;
use super::notation::class_named;
use super::stdlib;
use super::union::{Object, Type, Union};
use crate::python::model::{BindingKind, NodeId, SymbolId};

/// Whether an object is an instance of a class.
#[derive(Clone, Copy, PartialEq)]
enum Fits {
    Yes,
    No,
    /// Of a subclass that is not known here.
    Maybe,
}

impl<'a> Inference<'_, 'a> {
    /// What the variable is once `test` turned out to be `truth`.
    pub(super) fn narrow(&self, union: Union<'a>, symbol: SymbolId, test: &Expr, truth: bool) -> Union<'a> {
        if !self.spend(1) {
            return Union::unknown();
        }
        match test {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => self.narrow(union, symbol, &node.operand, !truth),
            Expr::BoolOp(node) if (node.op == BoolOp::And) == truth => {
                node.values.iter().fold(union, |union, value| self.narrow(union, symbol, value, truth))
            }
            // Some value ends the chain; those before it did not.
            Expr::BoolOp(node) => {
                let mut result = Union::never();
                let mut passed = union;
                for value in &node.values {
                    result = result.or(self.narrow(passed.clone(), symbol, value, truth));
                    passed = self.narrow(passed, symbol, value, !truth);
                }
                result
            }
            Expr::Compare(node) => self.narrow_by_comparison(union, symbol, node, truth),
            Expr::Call(call) => self.narrow_by_call(union, symbol, call, truth),
            test if self.is_about(test, symbol) => self.with_truth(union, truth),
            _ => union,
        }
    }

    /// Whether `expr` is the variable, and nothing binds it anew before the end of the expression around it.
    fn is_about(&self, expr: &Expr, symbol: SymbolId) -> bool {
        match expr {
            Expr::Name(name) => {
                self.model.symbol_of(name) == Some(symbol) && !self.is_rebound_in_expression(symbol, expr)
            }
            Expr::Named(node) => matches!(&*node.target, Expr::Name(name)
                if self.model.symbol_of(name) == Some(symbol) && !self.is_rebound_in_expression(symbol, expr)),
            _ => false,
        }
    }

    fn is_rebound_in_expression(&self, symbol: SymbolId, expr: &Expr) -> bool {
        let whole =
            self.model.ancestors(self.model.expr_id(expr)).take_while(|&id| self.model.node(id).is_expression());
        let end = whole.last().map_or(expr.end(), |id| self.model.node(id).end());
        self.is_bound_between(symbol, expr.end(), end)
    }

    /// What a value is whose truth is known.
    pub(super) fn with_truth(&self, union: Union<'a>, truth: bool) -> Union<'a> {
        union.filter(|object| match object.class {
            Type::None => !truth,
            Type::Function(_) | Type::Lambda(_) | Type::Class(_) | Type::Generator => truth,
            Type::External(ref name) => truth || !IS_ALWAYS_TRUE.contains(&name.as_str()),
            _ => true,
        })
    }

    fn narrow_by_comparison(
        &self,
        union: Union<'a>,
        symbol: SymbolId,
        node: &ast::ExprCompare,
        truth: bool,
    ) -> Union<'a> {
        let ([op], [right]) = (&*node.ops, &*node.comparators) else { return union };
        let left = &*node.left;
        let (is_same, truth) = match op {
            CmpOp::Is => (true, truth),
            CmpOp::IsNot => (true, !truth),
            CmpOp::Eq => (false, truth),
            CmpOp::NotEq => (false, !truth),
            _ => return union,
        };
        // `type(x) is int`
        if let Expr::Call(call) = left
            && self.model.is_builtin(&call.func, "type")
            && let [argument] = &*call.arguments.args
            && self.is_about(argument, symbol)
        {
            return match (truth, self.classes(right)) {
                (true, Some(class)) => self.instances(union, &class),
                _ => union,
            };
        }
        let other = match (self.is_about(left, symbol), self.is_about(right, symbol)) {
            (true, false) => right,
            (false, true) => left,
            _ => return union,
        };
        match other {
            Expr::NoneLiteral(_) if !truth => union.filter(|object| object.class != Type::None),
            Expr::NoneLiteral(_) if is_same => {
                let may_be = union.is_open() || union.has_none();
                if may_be { Type::None.into() } else { Union::never() }
            }
            Expr::BooleanLiteral(_) if is_same && truth => {
                let may_be = union.is_open()
                    || union.objects().iter().any(|object| matches!(object.class, Type::Bool | Type::Int));
                if may_be { Type::Bool.into() } else { Union::never() }
            }
            _ => union,
        }
    }

    fn narrow_by_call(&self, union: Union<'a>, symbol: SymbolId, call: &ast::ExprCall, truth: bool) -> Union<'a> {
        match (self.model.builtin_name(&call.func), &*call.arguments.args) {
            (Some("isinstance"), [subject, classes]) if self.is_about(subject, symbol) => {
                match (self.classes(classes), truth) {
                    (Some(classes), true) => self.instances(union, &classes),
                    (Some(classes), false) => self.others(union, &classes),
                    (None, _) => union,
                }
            }
            (Some("bool"), [subject]) if self.is_about(subject, symbol) => self.with_truth(union, truth),
            (Some("callable"), [subject]) if truth && self.is_about(subject, symbol) => union.filter(|object| {
                matches!(
                    object.class,
                    Type::Instance(_) | Type::External(_) | Type::Function(_) | Type::Lambda(_) | Type::Class(_)
                )
            }),
            _ => union,
        }
    }

    /// The instances of the classes that the second argument of `isinstance` names; open where not all are known; `None` if
    /// it can't be told which they are.
    pub(super) fn classes(&self, expr: &Expr) -> Option<Union<'a>> {
        Some(match expr {
            Expr::Tuple(node) => {
                let mut all = Union::never();
                for class in &node.elts {
                    all = all.or(self.classes(class).unwrap_or(Union::unknown()));
                }
                all
            }
            Expr::BinOp(node) if node.op == Operator::BitOr => {
                let left = self.classes(&node.left).unwrap_or(Union::unknown());
                left.or(self.classes(&node.right).unwrap_or(Union::unknown()))
            }
            Expr::NoneLiteral(_) => Type::None.into(),
            // `type(None)`
            Expr::Call(call)
                if self.model.is_builtin(&call.func, "type")
                    && matches!(&*call.arguments.args, [Expr::NoneLiteral(_)]) =>
            {
                Type::None.into()
            }
            Expr::Name(name)
                if let Some(class) = self.model.symbol_of(name).and_then(|symbol| self.model.class_of(symbol)) =>
            {
                Some(self.instance_by_annotation(class)).filter(|union| !union.is_unknown())?
            }
            _ => {
                let name = self.model.qualified_name(expr)?;
                let path = name.as_str();
                if let Some(class) = path.strip_prefix("builtins.").and_then(Type::builtin) {
                    return Some(class.into());
                }
                let is_abstract = path.starts_with("collections.abc.");
                (path == "types.NoneType" || is_abstract || stdlib::is_class(path)).then(|| class_named(path))?.into()
            }
        })
    }

    /// The objects that are instances of one of `classes`.
    fn instances(&self, union: Union<'a>, classes: &Union<'a>) -> Union<'a> {
        let mut result = if union.is_open() {
            // Anything: then it is what the test says.
            classes.clone()
        } else {
            Union::never()
        };
        for object in union.objects() {
            for class in classes.objects() {
                result = match self.fits(object, &class.class) {
                    Fits::Yes => result.or(super::operators::single(object)),
                    Fits::Maybe => result.or(Union::holding(class.class.clone(), class.items.clone())),
                    Fits::No => result,
                };
            }
            if classes.is_open() {
                result = result.or(super::operators::single(object)).open();
            }
        }
        // That an abstract collection is concrete tells nothing new of its elements, but they are as promised.
        result
    }

    /// The objects that are not instances of any of `classes`.
    fn others(&self, union: Union<'a>, classes: &Union<'a>) -> Union<'a> {
        union.filter(|object| !classes.objects().iter().any(|class| self.fits(object, &class.class) == Fits::Yes))
    }

    fn fits(&self, object: &Object<'a>, class: &Type<'a>) -> Fits {
        if object.class == *class {
            return Fits::Yes;
        }
        let is_own = |class: &Type| matches!(class, Type::Instance(_) | Type::External(_));
        match (&object.class, class) {
            (Type::Bool, Type::Int) => Fits::Yes,
            // What is annotated `int` may be a bool.
            (Type::Int, Type::Bool) => Fits::Maybe,
            (Type::Instance(one), Type::Instance(two)) if self.is_subclass(one, two) => Fits::Yes,
            (Type::Instance(_), Type::Instance(_)) => Fits::Maybe,
            (Type::External(one), Type::External(two)) => match (one.as_str(), two.as_str()) {
                ("datetime.datetime", "datetime.date") | ("pathlib.Path", "pathlib.PurePath") => Fits::Yes,
                _ => Fits::Maybe,
            },
            (Type::External(_), class) if object.class.is_abstract() && *class != Type::None => Fits::Maybe,
            (Type::External(name), _) if matches!(name.as_str(), "builtins.object") => Fits::Maybe,
            // Subclasses of `dict`.
            (Type::External(name), Type::Dict)
                if matches!(
                    name.as_str(),
                    "collections.defaultdict" | "collections.OrderedDict" | "collections.Counter"
                ) =>
            {
                Fits::Yes
            }
            (Type::External(_) | Type::Instance(_), Type::None) => Fits::No,
            (Type::Instance(_), _) => Fits::Maybe,
            (one, Type::External(_)) if class.is_abstract() => is_registered(one, class),
            (Type::Dict, Type::External(_)) => Fits::Maybe,
            (one, two) if is_own(one) || is_own(two) => {
                // A subclass of a builtin may be an instance of both; of `None` and functions there are no subclasses.
                if matches!(
                    one,
                    Type::None
                        | Type::Bool
                        | Type::Function(_)
                        | Type::Lambda(_)
                        | Type::Class(_)
                        | Type::Generator
                        | Type::Range
                ) {
                    Fits::No
                } else {
                    Fits::Maybe
                }
            }
            _ => Fits::No,
        }
    }

    /// What the subject is if the pattern matches.
    pub(super) fn matching(&self, union: Union<'a>, pattern: &Pattern) -> Union<'a> {
        match pattern {
            Pattern::MatchClass(node) => match self.classes(&node.cls) {
                Some(classes) => self.instances(union, &classes),
                None => union,
            },
            Pattern::MatchSingleton(node) => match node.value {
                ast::Singleton::None => Type::None.into(),
                _ => Type::Bool.into(),
            },
            Pattern::MatchOr(node) => {
                node.patterns.iter().fold(Union::never(), |all, pattern| all.or(self.matching(union.clone(), pattern)))
            }
            Pattern::MatchAs(node) => match node.pattern.as_deref() {
                Some(pattern) => self.matching(union, pattern),
                None => union,
            },
            // A string is no sequence to `match`, and nothing but a mapping matches `{}`.
            Pattern::MatchSequence(_) | Pattern::MatchMapping(_) => union.filter(|object| {
                !matches!(object.class, Type::None | Type::Str | Type::Bytes | Type::Int | Type::Float | Type::Bool)
            }),
            _ => union,
        }
    }

    /// What the subject is if the pattern, without guard, doesn't match.
    pub(super) fn unmatched(&self, union: Union<'a>, pattern: &Pattern) -> Union<'a> {
        match pattern {
            Pattern::MatchClass(node) if node.arguments.patterns.is_empty() && node.arguments.keywords.is_empty() => {
                match self.classes(&node.cls) {
                    Some(classes) => self.others(union, &classes),
                    None => union,
                }
            }
            Pattern::MatchSingleton(node) if node.value == ast::Singleton::None => {
                union.filter(|object| object.class != Type::None)
            }
            Pattern::MatchOr(node) => node.patterns.iter().fold(union, |union, pattern| self.unmatched(union, pattern)),
            Pattern::MatchAs(node) => match node.pattern.as_deref() {
                Some(pattern) => self.unmatched(union, pattern),
                None => union,
            },
            _ => union,
        }
    }

    /// What the parts of the expression that were evaluated before `id` tell: `x and x.y`, `x.y if x else …`,
    /// `[… for … if x]`.
    pub(super) fn narrowed_within_expression(&self, union: Union<'a>, symbol: SymbolId, id: NodeId) -> Union<'a> {
        let mut tests: Vec<(&Expr, bool)> = Vec::new();
        let mut child = id;
        for ancestor in self.model.ancestors(id) {
            let is_child = |expr: &Expr| self.model.expr_id(expr) == child;
            match self.model.node(ancestor) {
                AnyNodeRef::ExprBoolOp(node) => {
                    let before = node.values.iter().take_while(|value| !is_child(value));
                    tests.extend(before.map(|value| (value, node.op == BoolOp::And)));
                }
                AnyNodeRef::ExprIf(node) => {
                    if is_child(&node.body) {
                        tests.push((&node.test, true));
                    } else if is_child(&node.orelse) {
                        tests.push((&node.test, false));
                    }
                }
                AnyNodeRef::ExprListComp(node) => self.conditions(&node.generators, child, &mut tests),
                AnyNodeRef::ExprSetComp(node) => self.conditions(&node.generators, child, &mut tests),
                AnyNodeRef::ExprDictComp(node) => self.conditions(&node.generators, child, &mut tests),
                AnyNodeRef::ExprGenerator(node) => {
                    // Later, what was tested outside may have changed; what the generator tests itself has not.
                    self.conditions(&node.generators, child, &mut tests);
                    let is_outer = !self
                        .model
                        .scope_opened_by(node)
                        .is_some_and(|scope| self.model.scope_is_within(self.model.symbol_scope(symbol), scope));
                    if is_outer && !self.is_consumed_at_once(node) {
                        break;
                    }
                }
                AnyNodeRef::Comprehension(node) => {
                    let before = node.ifs.iter().take_while(|value| !is_child(value));
                    if node.ifs.iter().any(is_child) {
                        tests.extend(before.map(|value| (value, true)));
                    }
                }
                AnyNodeRef::ExprLambda(_) => break,
                node if node.is_statement() => break,
                _ => {}
            }
            child = ancestor;
        }
        let start = self.model.node(id).start();
        tests.into_iter().rev().fold(union, |union, (test, truth)| {
            if self.is_bound_between(symbol, test.end(), start) {
                union
            } else {
                self.narrow(union, symbol, test, truth)
            }
        })
    }

    fn conditions<'e>(&self, generators: &'e [ast::Comprehension], child: NodeId, tests: &mut Vec<(&'e Expr, bool)>) {
        let before = generators.iter().take_while(|generator| self.model.id(*generator) != Some(child));
        for generator in before {
            tests.extend(generator.ifs.iter().map(|test| (test, true)));
        }
    }

    fn is_bound_between(&self, symbol: SymbolId, from: TextSize, to: TextSize) -> bool {
        self.model.bindings(symbol).any(|binding| {
            matches!(binding.kind, BindingKind::Walrus(_)) && binding.range.start() >= from && binding.range.end() <= to
        })
    }
}

/// Classes from elsewhere whose instances are true.
const IS_ALWAYS_TRUE: &[&str] = &["re.Match", "re.Pattern", "types.ModuleType", "pathlib.Path", "logging.Logger"];

/// Whether a builtin is registered for an abstract class.
fn is_registered(builtin: &Type, class: &Type) -> Fits {
    let Type::External(name) = class else { return Fits::Maybe };
    let name = name.last();
    let yes = match builtin {
        Type::List => matches!(
            name,
            "Iterable" | "Sequence" | "MutableSequence" | "Collection" | "Container" | "Sized" | "Reversible"
        ),
        Type::Str | Type::Tuple | Type::Bytes | Type::Range => {
            matches!(name, "Iterable" | "Sequence" | "Collection" | "Container" | "Sized" | "Reversible" | "Hashable")
        }
        Type::Dict => matches!(
            name,
            "Iterable" | "Mapping" | "MutableMapping" | "Collection" | "Container" | "Sized" | "Reversible"
        ),
        Type::Set => matches!(name, "Iterable" | "Set" | "MutableSet" | "Collection" | "Container" | "Sized"),
        Type::FrozenSet => matches!(name, "Iterable" | "Set" | "Collection" | "Container" | "Sized" | "Hashable"),
        Type::None | Type::Bool => return if name == "Hashable" { Fits::Yes } else { Fits::No },
        _ => return Fits::Maybe,
    };
    if yes { Fits::Yes } else { Fits::Maybe }
}
