//! What calls return: of builtins, of the standard library, of functions and classes of the file.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};

use super::notation;
use super::stdlib;
use super::union::{Items, Object, Type, Union};
use super::{ByAddress, Inference, Question, operators, reaching};
use crate::python::flow::{self, Analysis, Next};
use crate::python::model::{ScopeFlags, ScopeId};

impl<'a> Inference<'_, 'a> {
    /// What a call returns.
    pub(super) fn call(&self, call: &ast::ExprCall) -> Union<'a> {
        if let Some(path) = self.model.qualified_name(&call.func) {
            // `os.environ.get(…)`: a method of a constant.
            let owner = path.as_str().rsplit_once('.').map_or("", |(owner, _)| owner);
            if stdlib::find(stdlib::CONSTANTS, owner).is_none() {
                return self.call_of_path(call, path.as_str());
            }
        }
        match &*call.func {
            Expr::Name(_) => self.infer(&call.func).map(|callee| Some(self.call_of(&callee.class))),
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                self.receiver(&attribute.value).map(|receiver| self.call_of_method(receiver, name, call))
            }
            Expr::Lambda(lambda) => self.infer(&lambda.body),
            _ => Union::unknown(),
        }
    }

    fn call_of(&self, callee: &Type<'a>) -> Union<'a> {
        match callee {
            Type::Function(function) => self.returned(function),
            Type::Lambda(lambda) => self.infer(&lambda.body),
            Type::Class(class) => self.constructed(class),
            _ => Union::unknown(),
        }
    }

    fn call_of_path(&self, call: &ast::ExprCall, path: &str) -> Union<'a> {
        let arguments = &call.arguments;
        let argument = |index: usize| arguments.find_positional(index).map(|argument| self.infer(argument));
        let has_keyword = |name: &str| arguments.find_keyword(name).is_some();
        let is_spread = arguments.args.iter().any(Expr::is_starred_expr)
            || arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        match path {
            "builtins.open" | "io.open" => {
                // Without a buffer it is another class.
                let is_special = is_spread || arguments.find_argument_value("buffering", 2).is_some();
                return self.opened(arguments.find_argument_value("mode", 1), is_special);
            }
            "builtins.abs" | "builtins.sum" | "builtins.round" | "builtins.min" | "builtins.max" | "builtins.pow"
            | "builtins.divmod" | "math.floor" | "math.ceil" | "math.trunc" => {
                return if is_spread { Union::unknown() } else { self.numeric(path, call) };
            }
            "builtins.list" | "builtins.tuple" | "builtins.set" | "builtins.frozenset" if arguments.is_empty() => {
                let class = notation::class_named(path);
                let items =
                    if class == Type::Tuple { Items::positions(Vec::new()) } else { Items::each(Union::never()) };
                return Union::holding(class, items);
            }
            "builtins.dict" => return Union::holding(Type::Dict, self.dict_items(call)),
            "builtins.vars" => return if arguments.is_empty() { Type::Dict.into() } else { Union::unknown() },
            "builtins.map" => {
                let element = match &*arguments.args {
                    [function, _] => self.call_of_value(function),
                    _ => Union::unknown(),
                };
                return Union::holding(notation::class_named(path), Items::each(element));
            }
            "builtins.filter" => {
                let element = argument(1).map_or(Union::unknown(), |iterable| self.elements(&iterable));
                let element = match arguments.find_positional(0) {
                    Some(Expr::NoneLiteral(_)) => self.with_truth(element, true),
                    _ => element,
                };
                return Union::holding(notation::class_named(path), Items::each(element));
            }
            "builtins.zip" => {
                let items = if is_spread {
                    Items::each(Type::Tuple.into())
                } else {
                    let each = arguments.args.iter().map(|iterable| self.elements(&self.infer(iterable)));
                    Items::each(Union::holding(Type::Tuple, Items::positions(each.collect())))
                };
                return Union::holding(notation::class_named(path), items);
            }
            "builtins.iter" if arguments.len() == 1 => {
                let element = argument(0).map_or(Union::unknown(), |iterable| self.elements(&iterable));
                let class = notation::class_named("collections.abc.Iterator");
                return Union::holding(class, Items::each(element));
            }
            "builtins.next" => {
                let element = argument(0).map_or(Union::unknown(), |iterator| self.elements(&iterator));
                return match argument(1) {
                    Some(default) => element.or(default),
                    None => element,
                };
            }
            "builtins.getattr" => return Union::unknown(),
            "subprocess.check_output" | "subprocess.run" => {
                let decoded = ["text", "universal_newlines", "encoding", "errors"];
                if path == "subprocess.run" {
                    return Union::external("subprocess.CompletedProcess");
                }
                let is_bytes = !is_spread && !decoded.iter().any(|name| has_keyword(name));
                let is_text = arguments
                    .find_keyword("text")
                    .or_else(|| arguments.find_keyword("universal_newlines"))
                    .is_some_and(|keyword| matches!(&keyword.value, Expr::BooleanLiteral(node) if node.value));
                return match (is_bytes, is_text) {
                    (true, _) => Type::Bytes.into(),
                    (_, true) => Type::Str.into(),
                    _ => Union::unknown(),
                };
            }
            "os.listdir" if arguments.is_empty() => {
                return Union::holding(Type::List, Items::each(Type::Str.into()));
            }
            "os.popen" => return Union::unknown(),
            "typing.cast" | "typing_extensions.cast" => {
                return arguments.find_positional(0).map_or(Union::unknown(), |class| self.cast(class));
            }
            "collections.defaultdict" => {
                let factory =
                    arguments.find_positional(0).map_or(Union::unknown(), |factory| self.call_of_value(factory));
                let values = if arguments.len() == 1 { factory.without_mutable_items() } else { Union::unknown() };
                let items = if values.is_unknown() { Items::Unknown } else { Items::mapping(Union::unknown(), values) };
                return Union::holding(notation::class_named(path), items);
            }
            "tempfile.mkdtemp" | "tempfile.mkstemp" if !arguments.is_empty() => return Union::unknown(),
            _ => {}
        }
        let receiver = Union::unknown();
        if let Some(result) = stdlib::find(stdlib::FUNCTIONS, path) {
            return self.result(result, &receiver, call);
        }
        // `datetime.datetime.now()`, `str.upper("a")`: a method by its class, which may hold on to another one.
        if let Some(result) = stdlib::find(stdlib::METHODS, path) {
            return self.result(result, &receiver, call);
        }
        if stdlib::is_class(path) {
            return Union::from(notation::class_named(path));
        }
        if is_builtin_exception(path) {
            return Union::from(notation::class_named(path));
        }
        Union::unknown()
    }

    /// `typing.cast(int, x)`: what the file says it is.
    fn cast(&self, class: &Expr) -> Union<'a> {
        match class {
            Expr::StringLiteral(_) => Union::unknown(),
            class => self.annotation(class),
        }
    }

    /// What calling a function that is passed on gives: `map(int, …)`.
    fn call_of_value(&self, function: &Expr) -> Union<'a> {
        if let Some(path) = self.model.qualified_name(function) {
            let known = matches!(
                path.as_str(),
                "builtins.int"
                    | "builtins.str"
                    | "builtins.float"
                    | "builtins.bool"
                    | "builtins.len"
                    | "builtins.repr"
                    | "builtins.ord"
                    | "builtins.chr"
                    | "builtins.list"
                    | "builtins.dict"
                    | "builtins.set"
                    | "builtins.bytes"
                    | "builtins.complex"
                    | "builtins.str.strip"
                    | "builtins.str.lower"
                    | "builtins.str.upper"
                    | "builtins.str.split"
                    | "os.path.basename"
                    | "os.path.dirname"
                    | "builtins.tuple"
                    | "builtins.frozenset"
                    | "pathlib.Path"
                    | "collections.deque"
            );
            let table = stdlib::find(stdlib::FUNCTIONS, path.as_str())
                .or_else(|| stdlib::find(stdlib::METHODS, path.as_str()))
                .or_else(|| path.as_str().strip_prefix("builtins.").filter(|name| *name == "dict"))
                .unwrap_or(path.as_str());
            return if known { notation::read(table, &|_| Union::unknown()) } else { Union::unknown() };
        }
        match function {
            Expr::Name(_) | Expr::Lambda(_) => self.infer(function).map(|callee| Some(self.call_of(&callee.class))),
            _ => Union::unknown(),
        }
    }

    /// `open(…)` by its mode.
    fn opened(&self, mode: Option<&Expr>, is_spread: bool) -> Union<'a> {
        if is_spread {
            return Union::unknown();
        }
        let mode = match mode {
            None => "r",
            Some(Expr::StringLiteral(mode)) => mode.value.to_str(),
            Some(_) => return Union::unknown(),
        };
        match (mode.contains('b'), mode.contains('+'), mode.contains('r')) {
            (false, ..) => Union::external("io.TextIOWrapper"),
            // Which of the binary files it is hangs on `buffering` too.
            (true, true, _) => Union::external("io.BufferedRandom"),
            (true, false, true) => Union::external("io.BufferedReader"),
            (true, false, false) => Union::external("io.BufferedWriter"),
        }
    }

    /// Functions whose result is made of their arguments.
    fn numeric(&self, path: &str, call: &ast::ExprCall) -> Union<'a> {
        let arguments = &call.arguments;
        let Some(first) = arguments.find_positional(0).map(|argument| self.infer(argument)) else {
            return Union::unknown();
        };
        let second = arguments.find_positional(1).map(|argument| self.infer(argument));
        match path {
            "builtins.abs" => first.map(|object| {
                Some(match object.class {
                    Type::Int | Type::Bool => Type::Int.into(),
                    Type::Float | Type::Complex => Type::Float.into(),
                    _ => Union::unknown(),
                })
            }),
            "builtins.round" => {
                let has_digits = arguments.len() > 1;
                first.map(|object| {
                    Some(match object.class {
                        Type::Int | Type::Bool => Type::Int.into(),
                        // `round(x, None)` gives an int.
                        Type::Float if !has_digits => Type::Int.into(),
                        Type::Float if second.as_ref().is_some_and(|second| second.is(&Type::Int)) => {
                            Type::Float.into()
                        }
                        _ => Union::unknown(),
                    })
                })
            }
            "math.floor" | "math.ceil" | "math.trunc" => first.map(|object| {
                Some(match object.class {
                    Type::Int | Type::Bool | Type::Float => Type::Int.into(),
                    _ => Union::unknown(),
                })
            }),
            "builtins.divmod" => {
                let second = second.unwrap_or(Union::unknown());
                let quotient = self.binary(&first, ast::Operator::FloorDiv, &second);
                match quotient.class() {
                    Some(Type::Int | Type::Float) => {
                        Union::holding(Type::Tuple, Items::positions(vec![quotient.clone(), quotient]))
                    }
                    _ => Union::unknown(),
                }
            }
            "builtins.sum" => {
                let start = match arguments.find_argument_value("start", 1) {
                    Some(start) => self.infer(start),
                    None => Type::Int.into(),
                };
                let element = self.elements(&first);
                if element.is_never() {
                    return start;
                }
                // Nothing to add leaves the start.
                let once = self.binary(&start, ast::Operator::Add, &element);
                let twice = self.binary(&once, ast::Operator::Add, &element);
                start.or(once).or(twice)
            }
            "builtins.min" | "builtins.max" => {
                let default = arguments.find_keyword("default").map(|keyword| self.infer(&keyword.value));
                let all = if arguments.args.len() == 1 {
                    self.elements(&first)
                } else {
                    let rest = arguments.args.iter().skip(1).map(|argument| self.infer(argument));
                    rest.fold(first, Union::or)
                };
                default.map_or(all.clone(), |default| all.or(default))
            }
            _ => match (first.class(), second.as_ref().and_then(Union::class), arguments.find_positional(1)) {
                _ if arguments.len() != 2 => Union::unknown(),
                (Some(Type::Float), Some(Type::Int), _) => Type::Float.into(),
                (Some(Type::Int), Some(Type::Int), Some(Expr::NumberLiteral(_))) => Type::Int.into(),
                _ => Union::unknown(),
            },
        }
    }

    /// What `dict(…)` holds.
    fn dict_items(&self, call: &ast::ExprCall) -> Items<'a> {
        let arguments = &call.arguments;
        if arguments.keywords.iter().any(|keyword| keyword.arg.is_none()) {
            return Items::Unknown;
        }
        let mut keys = if arguments.keywords.is_empty() { Union::never() } else { Type::Str.into() };
        let mut values =
            arguments.keywords.iter().fold(Union::never(), |all, keyword| all.or(self.infer(&keyword.value)));
        match &*arguments.args {
            [] => {}
            [source] => {
                let source = self.infer(source);
                let Some(object) = source.single() else { return Items::Unknown };
                match (&object.items, self.elements(&source).single().map(|pair| pair.items.clone())) {
                    (Items::Mapping(pair), _) => {
                        keys = keys.or(pair.0.clone());
                        values = values.or(pair.1.clone());
                    }
                    (_, Some(Items::Positions(pair))) if pair.len() == 2 => {
                        keys = keys.or(pair[0].clone());
                        values = values.or(pair[1].clone());
                    }
                    _ => return Items::Unknown,
                }
            }
            _ => return Items::Unknown,
        }
        Items::mapping(keys, values)
    }

    /// What `receiver.name(…)` returns; `None` if there is no such method.
    fn call_of_method(&self, receiver: &Object<'a>, name: &str, call: &ast::ExprCall) -> Option<Union<'a>> {
        Some(match &receiver.class {
            Type::None => return None,
            Type::Instance(class) | Type::Class(class) => match self.method(class, name) {
                Some(method) => self.method_returned(method),
                None => Union::unknown(),
            },
            Type::Str if name == "join" => Type::Str.into(),
            Type::External(path) if path.as_str() == "pathlib.Path" && name == "open" => {
                let is_spread = call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
                self.opened(call.arguments.find_argument_value("mode", 0), is_spread)
            }
            Type::External(path) if path.as_str() == "re.Match" && name == "group" => Union::unknown(),
            class => {
                let result = stdlib::member(stdlib::METHODS, class.path()?, name);
                result.map_or(Union::unknown(), |result| self.result(result, &operators::single(receiver), call))
            }
        })
    }

    /// What a table says that a call returns.
    fn result(&self, result: &str, receiver: &Union<'a>, call: &ast::ExprCall) -> Union<'a> {
        let argument = |index: usize| call.arguments.find_positional(index).map(|argument| self.infer(argument));
        notation::read(result, &|variable| match variable {
            "S" => receiver.clone(),
            "T" => receiver.map(|object| Some(object.items.element())),
            "K" | "V" => receiver.map(|object| {
                Some(match &object.items {
                    Items::Mapping(pair) if variable == "K" => pair.0.clone(),
                    Items::Mapping(pair) => pair.1.clone(),
                    _ => Union::unknown(),
                })
            }),
            "A" => argument(0).unwrap_or(Union::unknown()),
            "E" => argument(0).map_or(Union::unknown(), |iterable| self.elements(&iterable)),
            "D" => match call.arguments.find_argument_value("default", 1) {
                Some(default) => self.infer(default),
                None if call.arguments.args.iter().any(Expr::is_starred_expr) => Union::unknown(),
                None => Type::None.into(),
            },
            "P" => argument(1).unwrap_or(Union::never()),
            "X" => self.text_of_arguments(call),
            _ => Union::unknown(),
        })
    }

    /// `str` or `bytes`, as the arguments are: they can't be mixed.
    fn text_of_arguments(&self, call: &ast::ExprCall) -> Union<'a> {
        for argument in &call.arguments.args {
            match self.infer(argument).class() {
                Some(Type::Str) => return Type::Str.into(),
                Some(Type::Bytes) => return Type::Bytes.into(),
                Some(Type::External(path)) if path.as_str() == "pathlib.Path" => return Type::Str.into(),
                _ => {}
            }
        }
        Union::unknown()
    }

    /// Reads a type of a table that depends on no call.
    pub(super) fn notation(&self, text: &str) -> Union<'a> {
        notation::read(text, &|_| Union::unknown())
    }

    // ---- functions of the file

    /// What a call of the function gives: a generator or coroutine, or what its `return`s return.
    pub(super) fn returned(&self, function: &'a ast::StmtFunctionDef) -> Union<'a> {
        let Some(scope) = self.model.scope_opened_by(function) else { return Union::unknown() };
        let flags = self.model.scope_flags(scope);
        match (flags.contains(ScopeFlags::GENERATOR), function.is_async) {
            (true, true) => Union::external("types.AsyncGeneratorType"),
            (true, false) => Union::holding(Type::Generator, Items::each(self.yielded(function, scope))),
            (false, true) => Union::external("types.CoroutineType"),
            (false, false) => self.result_of(function),
        }
    }

    /// What `await function(…)` gives.
    pub(super) fn awaited(&self, call: &ast::ExprCall) -> Union<'a> {
        let function = match &*call.func {
            Expr::Name(_) => match self.infer(&call.func).class() {
                Some(Type::Function(function)) => Some(*function),
                _ => None,
            },
            Expr::Attribute(attribute) => match self.receiver(&attribute.value).class() {
                Some(Type::Instance(class)) => {
                    self.method(class, attribute.attr.as_str()).filter(|method| method.decorator_list.is_empty())
                }
                _ => None,
            },
            _ => None,
        };
        let Some(function) = function else { return Union::unknown() };
        match self.model.scope_opened_by(function) {
            Some(scope) if function.is_async && !self.model.scope_flags(scope).contains(ScopeFlags::GENERATOR) => {
                self.result_of(function)
            }
            _ => Union::unknown(),
        }
    }

    /// What the `return`s return, or the annotation promises where that can't be told.
    pub(super) fn result_of(&self, function: &'a ast::StmtFunctionDef) -> Union<'a> {
        let question = Question::Returns(ByAddress(function));
        if let Some(assumption) = self.assumption(question) {
            return assumption;
        }
        let inferred = if is_stub(&function.body) {
            Union::unknown()
        } else {
            self.fixpoint(question, || self.result_of_body(function))
        };
        match &function.returns {
            Some(annotation) if inferred.is_open() => self.annotation(annotation),
            // No way out: it raises, or is abstract.
            Some(annotation) if inferred.is_never() => self.annotation(annotation),
            Some(annotation) => {
                let annotated = self.annotation(annotation);
                with_promised_items(inferred, &annotated)
            }
            None if inferred.is_never() => Union::unknown(),
            None => inferred,
        }
    }

    fn result_of_body(&self, function: &'a ast::StmtFunctionDef) -> Union<'a> {
        let mut paths = Ends { inference: self, all: Union::never() };
        let exits = flow::run(self.model, &mut paths, &function.body, true);
        let mut all = paths.all;
        if exits.falls.is_some() {
            all = all.or(Type::None.into());
        }
        all
    }

    fn yielded(&self, function: &'a ast::StmtFunctionDef, scope: ScopeId) -> Union<'a> {
        let Some(id) = self.model.id(function) else { return Union::unknown() };
        let end = function.range.end();
        let mut all = Union::never();
        for (id, node) in self.model.nodes().skip(id.index() + 1) {
            use ruff_text_size::Ranged;
            if node.start() >= end || !self.spend(1) {
                break;
            }
            if self.model.scope_of(id) != scope {
                continue;
            }
            match node {
                AnyNodeRef::ExprYield(node) => {
                    all = all.or(node.value.as_deref().map_or(Type::None.into(), |value| self.infer(value)));
                }
                AnyNodeRef::ExprYieldFrom(node) => all = all.or(self.elements(&self.infer(&node.value))),
                _ => {}
            }
            if all.is_unknown() {
                break;
            }
        }
        // Lists that are handed out can be changed.
        all.without_mutable_items()
    }
}

/// Collects what is returned on the paths that are possible.
struct Ends<'i, 'm, 'a> {
    inference: &'i Inference<'m, 'a>,
    all: Union<'a>,
}

impl<'a> Analysis<'a> for Ends<'_, '_, 'a> {
    type State = bool;

    fn atom(&mut self, node: AnyNodeRef<'a>, _state: &mut bool) -> Next {
        if !self.inference.spend(1) {
            self.all = Union::unknown();
            return Next::Ends;
        }
        match node {
            AnyNodeRef::StmtReturn(node) if !self.all.is_unknown() => {
                let value = node.value.as_deref().map_or(Type::None.into(), |value| self.inference.infer(value));
                self.all = std::mem::replace(&mut self.all, Union::never()).or(value.without_mutable_items());
            }
            AnyNodeRef::StmtExpr(node) if matches!(&*node.value, Expr::Call(call) if reaching::never_returns(self.inference.model, call)) =>
            {
                return Next::Ends;
            }
            _ => {}
        }
        Next::Continues
    }
}

/// Whether a body says nothing: `...`, a docstring, `raise NotImplementedError`.
pub(super) fn is_stub(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Expr(node) => matches!(&*node.value, Expr::EllipsisLiteral(_) | Expr::StringLiteral(_)),
        Stmt::Raise(_) => true,
        Stmt::Pass(_) => body.len() > 1,
        _ => false,
    })
}

/// What is returned, holding what the annotation promises.
fn with_promised_items<'a>(inferred: Union<'a>, annotated: &Union<'a>) -> Union<'a> {
    inferred.map(|object| {
        let same = annotated.objects().iter().find(|other| other.class == object.class);
        Some(operators::single(same.filter(|same| same.items != Items::Unknown).unwrap_or(object)))
    })
}

fn is_builtin_exception(path: &str) -> bool {
    path.strip_prefix("builtins.").is_some_and(|name| {
        name.ends_with("Error")
            || name.ends_with("Exception")
            || name.ends_with("Warning")
            || matches!(
                name,
                "KeyboardInterrupt" | "StopIteration" | "StopAsyncIteration" | "SystemExit" | "GeneratorExit"
            )
    })
}
