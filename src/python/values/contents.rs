//! What the containers hold that a variable is bound to: only certain while nothing else can change them.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext};

use super::operators;
use super::union::{Items, Object, Type, Union};
use super::{Inference, Question};
use crate::python::model::{BindingKind, NodeId, Read, ScopeKind, SymbolId};

/// What one use of a container does to it.
enum Use<'a> {
    /// It only looks.
    Reads,
    /// It adds this element.
    Adds(&'a Expr),
    /// It sets this key to this value.
    Sets(&'a Expr, &'a Expr),
    /// Anything: it hands the container on.
    Escapes,
}

impl<'a> Inference<'_, 'a> {
    /// `union` with the items that all uses of the variable leave and add.
    pub(super) fn contained(&self, symbol: SymbolId, union: Union<'a>) -> Union<'a> {
        let has_items = |object: &Object| object.class.is_mutable_container() && object.items != Items::Unknown;
        if !union.objects().iter().any(has_items) || self.is_promised(symbol) {
            return union;
        }
        // `a = b = []` is one list with two names.
        let is_shared = self.model.bindings(symbol).any(|binding| match binding.kind {
            BindingKind::Assignment(node) => node.targets.len() > 1,
            BindingKind::Walrus(_) => true,
            _ => false,
        });
        if is_shared || self.assumption(Question::Contents(symbol)).is_some() {
            return union.without_mutable_items();
        }
        let mut added = Vec::new();
        for read in self.model.reads(symbol).filter(|read| !read.in_string) {
            if !self.spend(1) {
                return union.without_mutable_items();
            }
            match self.use_of(symbol, read) {
                Use::Reads => {}
                Use::Escapes => return union.without_mutable_items(),
                addition => added.push(addition),
            }
        }
        // What containers inside hold could be changed through elements.
        let strip = |union: &Union<'a>| union.without_mutable_items();
        let mut additions = Vec::new();
        self.assuming(Question::Contents(symbol), Union::unknown(), || {
            for addition in added {
                additions.push(match addition {
                    Use::Adds(element) => (strip(&self.infer(element)), None),
                    Use::Sets(key, value) => (strip(&self.infer(key)), Some(strip(&self.infer(value)))),
                    Use::Reads | Use::Escapes => continue,
                });
            }
            Union::unknown()
        });
        union.map(|object| {
            if !has_items(object) {
                return Some(operators::single(object));
            }
            let mut items = match &object.items {
                Items::Each(element) => Items::each(strip(element)),
                Items::Mapping(pair) => Items::mapping(strip(&pair.0), strip(&pair.1)),
                other => other.clone(),
            };
            for (first, value) in &additions {
                items = match (&items, value) {
                    (Items::Each(element), None) => Items::each((**element).clone().or(first.clone())),
                    // `xs[0] = value`
                    (Items::Each(element), Some(value)) => Items::each((**element).clone().or(value.clone())),
                    (Items::Mapping(pair), Some(value)) => {
                        Items::mapping(pair.0.clone().or(first.clone()), pair.1.clone().or(value.clone()))
                    }
                    _ => Items::Unknown,
                };
            }
            Some(Union::holding(object.class.clone(), items))
        })
    }

    /// Whether an annotation says what the variable's containers hold.
    fn is_promised(&self, symbol: SymbolId) -> bool {
        self.model.bindings(symbol).any(|binding| match binding.kind {
            BindingKind::Annotated(_) => true,
            BindingKind::Parameter(node) => node.parameter.annotation.is_some(),
            BindingKind::KwArgs(_) => false,
            _ => false,
        })
    }

    fn use_of(&self, symbol: SymbolId, read: &Read<'a>) -> Use<'a> {
        let Some(parent) = self.model.parent(read.node) else { return Use::Escapes };
        match self.model.node(parent) {
            AnyNodeRef::ExprAttribute(attribute) => self.method_use(parent, attribute),
            AnyNodeRef::ExprSubscript(node) if self.model.expr_id(&node.value) == read.node => self.subscript_use(node),
            AnyNodeRef::ExprSubscript(_)
            | AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::ExprBinOp(_)
            | AnyNodeRef::ExprStarred(_)
            | AnyNodeRef::ExprFString(_)
            | AnyNodeRef::ExprUnaryOp(_)
            | AnyNodeRef::StmtFor(_)
            | AnyNodeRef::Comprehension(_)
            | AnyNodeRef::StmtIf(_)
            | AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::StmtWhile(_)
            | AnyNodeRef::StmtAssert(_)
            | AnyNodeRef::StmtExpr(_) => Use::Reads,
            AnyNodeRef::StmtAugAssign(node) if self.model.expr_id(&node.value) == read.node => Use::Reads,
            AnyNodeRef::StmtAssign(node)
                if node.targets.iter().all(|target| matches!(target, Expr::Tuple(_) | Expr::List(_))) =>
            {
                Use::Reads
            }
            // Its frame is gone then.
            AnyNodeRef::StmtReturn(_) => {
                let owner = self.model.symbol_scope(symbol);
                match self.model.scope(owner).kind {
                    ScopeKind::Function(_) if read.scope == owner => Use::Reads,
                    _ => Use::Escapes,
                }
            }
            AnyNodeRef::ExprCall(call) if self.only_reads(call, read.node) => Use::Reads,
            _ => Use::Escapes,
        }
    }

    fn method_use(&self, id: NodeId, attribute: &'a ast::ExprAttribute) -> Use<'a> {
        let Some(AnyNodeRef::ExprCall(call)) = self.model.parent(id).map(|call| self.model.node(call)) else {
            return Use::Escapes;
        };
        if self.model.expr_id(&call.func) != id {
            return Use::Escapes;
        }
        match (attribute.attr.as_str(), &*call.arguments.args) {
            ("append" | "add" | "appendleft", [element]) if !element.is_starred_expr() => Use::Adds(element),
            ("insert", [_, element]) if !element.is_starred_expr() => Use::Adds(element),
            (
                "count"
                | "index"
                | "copy"
                | "sort"
                | "reverse"
                | "pop"
                | "popleft"
                | "popitem"
                | "remove"
                | "discard"
                | "clear"
                | "keys"
                | "values"
                | "items"
                | "get"
                | "isdisjoint"
                | "issubset"
                | "issuperset"
                | "union"
                | "intersection"
                | "difference"
                | "symmetric_difference"
                | "most_common"
                | "decode"
                | "hex"
                | "startswith"
                | "endswith"
                | "rotate",
                _,
            ) => Use::Reads,
            _ => Use::Escapes,
        }
    }

    fn subscript_use(&self, node: &'a ast::ExprSubscript) -> Use<'a> {
        match (node.ctx, self.model.parent_of(node)) {
            (ExprContext::Load | ExprContext::Del, _) => Use::Reads,
            (_, Some(AnyNodeRef::StmtAssign(assign))) if !node.slice.is_slice_expr() => {
                Use::Sets(&node.slice, &assign.value)
            }
            _ => Use::Escapes,
        }
    }

    /// Whether a call only looks at its argument.
    fn only_reads(&self, call: &ast::ExprCall, argument: NodeId) -> bool {
        if self.model.expr_id(&call.func) == argument {
            return false;
        }
        if let Expr::Attribute(attribute) = &*call.func
            && attribute.attr.as_str() == "join"
            && self.infer(&attribute.value).is(&Type::Str)
        {
            return true;
        }
        let Some(path) = self.model.qualified_name(&call.func) else { return false };
        match path.builtin() {
            Some(name) => matches!(
                name,
                "len"
                    | "sorted"
                    | "enumerate"
                    | "zip"
                    | "sum"
                    | "min"
                    | "max"
                    | "any"
                    | "all"
                    | "print"
                    | "list"
                    | "tuple"
                    | "set"
                    | "frozenset"
                    | "dict"
                    | "iter"
                    | "reversed"
                    | "str"
                    | "repr"
                    | "isinstance"
                    | "bool"
                    | "map"
                    | "filter"
                    | "bytes"
                    | "type"
                    | "id"
            ),
            None => {
                matches!(path.as_str(), "json.dumps" | "json.dump" | "random.choice" | "copy.copy" | "copy.deepcopy")
            }
        }
    }
}
