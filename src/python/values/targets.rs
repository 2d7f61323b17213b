//! What targets get: of assignments, loops, `with` and `match`, whole or in parts.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Pattern};

use super::notation;
use super::stdlib;
use super::union::{Items, Object, Type, Union};
use super::{Inference, operators};
use crate::python::model::{Binding, NodeId};

/// The way from a whole target to one of its parts.
#[derive(Clone, Copy)]
enum Part {
    /// The element at this index, counted from the end if it stands after a starred one.
    At { index: usize, from_end: bool },
    /// What a starred target collects, after so many elements and before so many.
    Rest { before: usize, after: usize },
}

impl<'a> Inference<'_, 'a> {
    /// What the target `node` (a name, attribute or subscript) is assigned.
    pub(super) fn assigned(&self, node: NodeId) -> Union<'a> {
        let mut way = Vec::new();
        let mut child = node;
        loop {
            let Some(parent) = self.model.parent(child) else { return Union::unknown() };
            let elements = match self.model.node(parent) {
                AnyNodeRef::ExprTuple(node) => &node.elts,
                AnyNodeRef::ExprList(node) => &node.elts,
                AnyNodeRef::ExprStarred(_) => {
                    child = parent;
                    continue;
                }
                statement => return self.assigned_by(statement, child, &way),
            };
            let Some(part) = self.part(elements, child) else { return Union::unknown() };
            way.insert(0, part);
            child = parent;
        }
    }

    fn part(&self, elements: &[Expr], child: NodeId) -> Option<Part> {
        let index = elements.iter().position(|element| self.model.expr_id(element) == child)?;
        let star = elements.iter().position(Expr::is_starred_expr);
        Some(match star {
            Some(star) if star == index => Part::Rest { before: star, after: elements.len() - star - 1 },
            Some(star) if star < index => Part::At { index: elements.len() - 1 - index, from_end: true },
            _ => Part::At { index, from_end: false },
        })
    }

    /// What the statement or clause `by` gives to the part `way` of its target.
    fn assigned_by(&self, by: AnyNodeRef<'a>, target: NodeId, way: &[Part]) -> Union<'a> {
        match by {
            AnyNodeRef::StmtAssign(node) => self.part_of(&node.value, way),
            AnyNodeRef::ExprNamed(node) => self.infer(&node.value),
            AnyNodeRef::StmtAnnAssign(node) => {
                let annotated = self.annotation(&node.annotation);
                match node.value.as_deref() {
                    Some(value) => refine(self.infer(value), annotated),
                    None => annotated,
                }
            }
            AnyNodeRef::StmtAugAssign(node) => {
                let before = self.infer_before(node);
                self.augmented(&before, node.op, &self.infer(&node.value))
            }
            AnyNodeRef::StmtFor(node) if node.is_async || self.model.expr_id(&node.target) != target => {
                Union::unknown()
            }
            AnyNodeRef::StmtFor(node) => self.parts(self.elements(&self.infer(&node.iter)), way),
            AnyNodeRef::Comprehension(node) if node.is_async => Union::unknown(),
            AnyNodeRef::Comprehension(node) => self.parts(self.elements(&self.infer(&node.iter)), way),
            AnyNodeRef::WithItem(node) => self.parts(self.entered(node), way),
            _ => Union::unknown(),
        }
    }

    /// What the target of an augmented assignment is before it.
    fn infer_before(&self, node: &'a ast::StmtAugAssign) -> Union<'a> {
        self.infer(&node.target)
    }

    /// The part `way` of `value`; of a display, only that part is looked at.
    fn part_of(&self, value: &Expr, way: &[Part]) -> Union<'a> {
        let elements = match value {
            Expr::Tuple(node) => &node.elts[..],
            Expr::List(node) => &node.elts[..],
            _ => &[],
        };
        if let [Part::At { index, from_end }, rest @ ..] = way
            && !elements.is_empty()
            && !elements.iter().any(Expr::is_starred_expr)
        {
            let index = if *from_end { elements.len().checked_sub(index + 1) } else { Some(*index) };
            return index
                .and_then(|index| elements.get(index))
                .map_or(Union::unknown(), |element| self.part_of(element, rest));
        }
        self.parts(self.infer(value), way)
    }

    fn parts(&self, whole: Union<'a>, way: &[Part]) -> Union<'a> {
        way.iter().fold(whole, |whole, part| whole.map(|object| Some(self.part_of_object(object, *part))))
    }

    fn part_of_object(&self, object: &Object<'a>, part: Part) -> Union<'a> {
        match (&object.items, part) {
            (Items::Positions(elements), Part::At { index, from_end }) => {
                let index = if from_end { elements.len().checked_sub(index + 1) } else { Some(index) };
                index.and_then(|index| elements.get(index)).cloned().unwrap_or(Union::unknown())
            }
            (Items::Positions(elements), Part::Rest { before, after }) => {
                let rest = elements.get(before..elements.len().saturating_sub(after)).unwrap_or_default();
                let all = rest.iter().fold(Union::never(), |all, element| all.or(element.clone()));
                Union::holding(Type::List, Items::each(all))
            }
            (_, Part::At { .. }) => self.elements_of(object),
            (_, Part::Rest { .. }) => Union::holding(Type::List, Items::each(self.elements_of(object))),
        }
    }

    /// What iterating over a value yields.
    pub(super) fn elements(&self, iterable: &Union<'a>) -> Union<'a> {
        iterable.map(|object| match object.class {
            // Not iterable: that raises.
            Type::None | Type::Int | Type::Bool | Type::Float => None,
            _ => Some(self.elements_of(object)),
        })
    }

    fn elements_of(&self, object: &Object<'a>) -> Union<'a> {
        match &object.class {
            Type::Str => Type::Str.into(),
            Type::Bytes | Type::ByteArray | Type::Range => Type::Int.into(),
            Type::External(name) => match name.as_str() {
                "io.TextIOWrapper" | "io.StringIO" => Type::Str.into(),
                "io.BufferedReader" | "io.BufferedRandom" | "io.BytesIO" | "io.FileIO" => Type::Bytes.into(),
                "pathlib.Path" => Union::unknown(),
                _ => object.items.element(),
            },
            _ => object.items.element(),
        }
    }

    /// What `with … as` binds.
    fn entered(&self, item: &'a ast::WithItem) -> Union<'a> {
        if let Some(AnyNodeRef::StmtWith(with)) = self.model.parent_of(item)
            && with.is_async
        {
            return Union::unknown();
        }
        if let Expr::Call(call) = &item.context_expr
            && let Some(path) = self.model.qualified_name(&call.func)
        {
            let first = || call.arguments.find_positional(0).map(|argument| self.infer(argument));
            match path.as_str() {
                "contextlib.closing" | "contextlib.nullcontext" => return first().unwrap_or(Type::None.into()),
                "contextlib.suppress" => return Type::None.into(),
                "tempfile.TemporaryDirectory" => {
                    return if call.arguments.is_empty() { Type::Str.into() } else { Union::unknown() };
                }
                _ => {}
            }
        }
        self.infer(&item.context_expr).map(|manager| {
            Some(match &manager.class {
                Type::External(name) if stdlib::ENTERS_ITSELF.contains(&name.as_str()) => operators::single(manager),
                Type::Instance(class) => self.entered_instance(class),
                _ => Union::unknown(),
            })
        })
    }

    /// What a `match` captures in a name.
    pub(super) fn captured(&self, node: &'a ast::StmtMatch, binding: &Binding<'a>) -> Union<'a> {
        match self.model.node(binding.node) {
            AnyNodeRef::PatternMatchStar(_) => Type::List.into(),
            // `{**rest}`
            AnyNodeRef::PatternMatchMapping(_) => Type::Dict.into(),
            AnyNodeRef::PatternMatchAs(capture) => {
                let by_pattern = capture.pattern.as_deref().map(|pattern| self.matched(pattern));
                let by_pattern = by_pattern.unwrap_or(Union::unknown());
                if !by_pattern.is_unknown() {
                    return by_pattern;
                }
                match self.model.parent(binding.node).map(|parent| self.model.node(parent)) {
                    // `case str(text)`: the builtin classes capture the subject itself.
                    Some(AnyNodeRef::PatternMatchClass(class)) if class.arguments.patterns.len() == 1 => {
                        self.matched_builtin(&class.cls)
                    }
                    Some(AnyNodeRef::MatchCase(_)) => self.infer(&node.subject),
                    _ => Union::unknown(),
                }
            }
            _ => Union::unknown(),
        }
    }

    /// What certainly matches a pattern.
    pub(super) fn matched(&self, pattern: &Pattern) -> Union<'a> {
        match pattern {
            Pattern::MatchClass(node) => self.classes(&node.cls).unwrap_or(Union::unknown()),
            Pattern::MatchSingleton(node) => match node.value {
                ast::Singleton::None => Type::None.into(),
                _ => Type::Bool.into(),
            },
            Pattern::MatchOr(node) => {
                node.patterns.iter().fold(Union::never(), |all, pattern| all.or(self.matched(pattern)))
            }
            Pattern::MatchAs(node) => node.pattern.as_deref().map_or(Union::unknown(), |inner| self.matched(inner)),
            // A value pattern compares with `==`: `1.0` matches `case 1`.
            _ => Union::unknown(),
        }
    }

    fn matched_builtin(&self, class: &Expr) -> Union<'a> {
        match self.model.builtin_name(class) {
            Some(name) => match Type::builtin(name) {
                Some(Type::None | Type::Complex | Type::Range) | None => Union::unknown(),
                Some(class) => notation::holding(class, Vec::new(), false),
            },
            None => Union::unknown(),
        }
    }
}

/// What a value is that has an annotation: what it is at run time, with the items that the annotation promises.
fn refine<'a>(value: Union<'a>, annotated: Union<'a>) -> Union<'a> {
    if value.is_open() {
        return annotated;
    }
    let Some(object) = value.single() else { return value };
    let same = annotated.objects().iter().find(|other| other.class == object.class);
    same.map_or(value.clone(), operators::single)
}
