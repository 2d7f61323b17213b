//! Question 39: `functools.lru_cache`.
//!
//! What the question's rules share: which decorators keep results, and how many.

use ruff_python_ast::{self as ast, Expr, Number, UnaryOp};
use ruff_text_size::Ranged;

use crate::python::{BindingKind, Model};

pub mod lru_cache_on_method;

/// How many names are followed from a decorator to the cache it stands for.
const MAX_ALIASES: u8 = 4;

/// Whose cache it is: they differ in what they accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// `functools`, its backport, and `cachetools.func`, which imitates it.
    Functools,
    /// `async_lru.alru_cache`: made for coroutine functions.
    AsyncLru,
    /// `cachetools.cached`: the cache is an argument.
    Cachetools,
}

/// How much a cache keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Everything.
    None,
    /// So many results; the number as far as the file shows it.
    Entries(Option<u64>),
    /// Nothing at all: `maxsize=0`.
    Nothing,
}

/// A decorator that keeps the results of the function it is put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    /// Whose it is.
    pub library: Library,
    /// Its own name: `lru_cache`.
    pub name: &'static str,
    /// How much it keeps.
    pub limit: Limit,
}

/// The size of `functools.lru_cache` and its imitations unless told otherwise.
const DEFAULT_SIZE: u64 = 128;

/// The cache that `decorator` puts on a function: `cache`, `lru_cache(maxsize=8)`, or a name bound to one of them.
pub fn cache_decorator(model: &Model, decorator: &Expr) -> Option<Cache> {
    cache_within(model, decorator, MAX_ALIASES)
}

fn cache_within(model: &Model, decorator: &Expr, aliases: u8) -> Option<Cache> {
    match decorator {
        Expr::Named(node) => cache_within(model, &node.value, aliases),
        Expr::Call(call) => factory_call(model, call, aliases),
        Expr::Name(_) | Expr::Attribute(_) => bare(model, decorator).or_else(|| bound(model, decorator, aliases)),
        _ => None,
    }
}

/// `@cache`, `@lru_cache` without brackets.
fn bare(model: &Model, decorator: &Expr) -> Option<Cache> {
    let (library, name) = known(model, decorator)?;
    let limit = match (library, name) {
        (Library::Cachetools, _) => return None,
        (_, "cache") => Limit::None,
        _ => Limit::Entries(Some(DEFAULT_SIZE)),
    };
    Some(Cache { library, name, limit })
}

/// `memo = lru_cache(maxsize=None)`, then `@memo`: all that binds the name must be a cache.
fn bound(model: &Model, decorator: &Expr, aliases: u8) -> Option<Cache> {
    let aliases = aliases.checked_sub(1)?;
    let symbol = model.symbol_of(decorator.as_name_expr()?)?;
    let mut caches = model.bindings(symbol).filter(|binding| binding.is_executed()).map(|binding| match binding.kind {
        BindingKind::Assignment(_) | BindingKind::Annotated(_) | BindingKind::Walrus(_) => {
            cache_within(model, binding.value()?, aliases)
        }
        BindingKind::ImportFrom(node, alias) if node.level == 0 => {
            let (library, name) = by_path(node.module.as_deref()?, alias.name.as_str())?;
            let limit = if name == "cache" { Limit::None } else { Limit::Entries(Some(DEFAULT_SIZE)) };
            (library != Library::Cachetools).then_some(Cache { library, name, limit })
        }
        _ => None,
    });
    let first = caches.next()??;
    caches.all(|cache| cache.is_some()).then_some(first)
}

/// `@lru_cache(…)`: a call that gives the decorator.
fn factory_call(model: &Model, call: &ast::ExprCall, aliases: u8) -> Option<Cache> {
    let Some((library, name)) = known(model, &call.func) else {
        return partial_call(model, call, aliases);
    };
    let limit = match (library, name) {
        // `cache()` raises: it takes the function itself.
        (_, "cache") => return None,
        (Library::Cachetools, _) => cachetools_limit(model, &call.arguments)?,
        _ => lru_limit(model, &call.arguments)?,
    };
    Some(Cache { library, name, limit })
}

/// `remember = partial(lru_cache, maxsize=None)`, then `@remember()`.
fn partial_call(model: &Model, call: &ast::ExprCall, aliases: u8) -> Option<Cache> {
    aliases.checked_sub(1)?;
    let symbol = model.symbol_of(call.func.as_name_expr()?)?;
    let partial = model.only_binding(symbol)?.value()?.as_call_expr()?;
    let (factory, rest) = partial.arguments.args.split_first()?;
    if !rest.is_empty() || !model.is_any_of(&partial.func, &["functools.partial"]) {
        return None;
    }
    let (library, name) =
        known(model, factory).filter(|(library, name)| *library != Library::Cachetools && *name != "cache")?;
    let own = &call.arguments;
    let arguments = if own.is_empty() { &partial.arguments } else { own };
    let maxsize = arguments.find_keyword("maxsize").map(|keyword| &keyword.value);
    let limit = maxsize.map_or(Limit::Entries(Some(DEFAULT_SIZE)), |size| limit_of(model, size));
    Some(Cache { library, name, limit })
}

/// The cache that `expr` stands for by its import.
fn known(model: &Model, expr: &Expr) -> Option<(Library, &'static str)> {
    let name = model.qualified_name(expr)?;
    let (module, member) = name.as_str().rsplit_once('.')?;
    by_path(module, member)
}

fn by_path(module: &str, member: &str) -> Option<(Library, &'static str)> {
    Some(match (module, member) {
        ("functools", "cache") => (Library::Functools, "cache"),
        ("functools" | "backports.functools_lru_cache" | "cachetools.func", "lru_cache") => {
            (Library::Functools, "lru_cache")
        }
        ("cachetools.func", "ttl_cache") => (Library::Functools, "ttl_cache"),
        ("cachetools.func", "lfu_cache") => (Library::Functools, "lfu_cache"),
        ("cachetools.func", "rr_cache") => (Library::Functools, "rr_cache"),
        ("cachetools.func", "fifo_cache") => (Library::Functools, "fifo_cache"),
        ("cachetools.func", "mru_cache") => (Library::Functools, "mru_cache"),
        ("async_lru", "alru_cache") => (Library::AsyncLru, "alru_cache"),
        ("cachetools" | "cachetools.decorators", "cached") => (Library::Cachetools, "cached"),
        _ => return None,
    })
}

/// What `lru_cache(…)` keeps; `None` if it is put on a function right there: `lru_cache(f)`.
fn lru_limit(model: &Model, arguments: &ast::Arguments) -> Option<Limit> {
    match arguments.find_argument_value("maxsize", 0) {
        Some(size) if is_function(model, size) => None,
        Some(size) => Some(limit_of(model, size)),
        None if arguments.keywords.iter().any(|keyword| keyword.arg.is_none()) => Some(Limit::Entries(None)),
        None => Some(Limit::Entries(Some(DEFAULT_SIZE))),
    }
}

fn is_function(model: &Model, expr: &Expr) -> bool {
    match expr {
        Expr::Lambda(_) => true,
        Expr::Name(name) => model.symbol_of(name).is_some_and(|symbol| {
            model
                .bindings(symbol)
                .any(|binding| matches!(binding.kind, BindingKind::Function(_) | BindingKind::Class(_)))
        }),
        // `lru_cache(str.lower)`, `lru_cache(staticmethod(f))`; sizes are rarely computed by calls.
        Expr::Call(call) => model.builtin_name(&call.func).is_some_and(is_descriptor_name),
        _ => false,
    }
}

fn is_descriptor_name(name: &str) -> bool {
    matches!(name, "staticmethod" | "classmethod" | "property")
}

/// What a `maxsize` means. Negative sizes are taken as 0 (`Lib/functools.py`).
fn limit_of(model: &Model, size: &Expr) -> Limit {
    match size {
        Expr::NoneLiteral(_) => Limit::None,
        Expr::NumberLiteral(node) => match &node.value {
            Number::Int(size) if *size == 0 => Limit::Nothing,
            Number::Int(size) => Limit::Entries(size.as_u64()),
            _ => Limit::Entries(None),
        },
        Expr::UnaryOp(node) if node.op == UnaryOp::USub && node.operand.is_number_literal_expr() => Limit::Nothing,
        Expr::Name(name) => {
            let binding = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol));
            match binding.and_then(|binding| binding.value()) {
                Some(value) if !value.is_name_expr() => limit_of(model, value),
                _ => Limit::Entries(None),
            }
        }
        _ => Limit::Entries(None),
    }
}

/// What `cachetools.cached(…)` keeps; `None` if a key function of its own may leave `self` out.
fn cachetools_limit(model: &Model, arguments: &ast::Arguments) -> Option<Limit> {
    let key_holds_all_arguments = arguments
        .find_argument_value("key", 1)
        .is_none_or(|key| model.is_any_of(key, &["cachetools.keys.hashkey", "cachetools.keys.typedkey"]));
    let store = arguments.find_argument_value("cache", 0)?;
    key_holds_all_arguments.then(|| store_limit(model, store))
}

fn store_limit(model: &Model, store: &Expr) -> Limit {
    match store {
        Expr::NoneLiteral(_) => Limit::Nothing,
        Expr::Dict(_) | Expr::DictComp(_) => Limit::None,
        Expr::Name(name) => {
            let binding = model.symbol_of(name).and_then(|symbol| model.only_binding(symbol));
            match binding.and_then(|binding| binding.value()) {
                Some(value) if !value.is_name_expr() => store_limit(model, value),
                _ => Limit::Entries(None),
            }
        }
        Expr::Call(call) => match model.qualified_name(&call.func).as_ref().map(|name| name.as_str()) {
            Some("builtins.dict" | "collections.defaultdict" | "collections.OrderedDict") => Limit::None,
            Some(name) if name.starts_with("cachetools.") => call
                .arguments
                .find_argument_value("maxsize", 0)
                .map_or(Limit::Entries(None), |size| limit_of(model, size)),
            _ => Limit::Entries(None),
        },
        _ => Limit::Entries(None),
    }
}

/// A cache put on a function by a call: `lru_cache(f)`, `lru_cache()(f)`, `memo(f)`. The expression that makes the cache,
/// the cache, and what it is put on.
pub fn cache_application<'a>(model: &Model<'a>, call: &'a ast::ExprCall) -> Option<(&'a Expr, Cache, &'a Expr)> {
    let [function] = &*call.arguments.args else { return None };
    if !call.arguments.keywords.is_empty() || !is_function(model, function) {
        return None;
    }
    let cache = cache_decorator(model, &call.func)?;
    debug_assert!(call.func.start() <= function.start());
    Some((&call.func, cache, function))
}
