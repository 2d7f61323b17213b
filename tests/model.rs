//! What the model answers about names: where they come from, and who sees them.

use pyprep_lint::python::model::NodeKinds;
use pyprep_lint::python::parse::{self, Arenas};
use pyprep_lint::python::{Model, ScopeId, builder};
use pyprep_lint::source::Source;
use ruff_python_ast::{Expr, PythonVersion, Stmt};

/// Builds the model of `text` and hands it to `ask` with the expression of the last statement.
fn with_last<T>(text: &str, ask: impl FnOnce(&Model, &Expr) -> T) -> T {
    let source = Source::from_text("snippet.py", text);
    let parsed = parse::parse(&source, PythonVersion::PY313).expect("snippets are not deep");
    let arenas = Arenas::default();
    let model = builder::build(&source, parsed.syntax(), &arenas, PythonVersion::PY313, NodeKinds::default());
    let Some(Stmt::Expr(last)) = parsed.syntax().body.last() else { panic!("the snippet ends with an expression") };
    ask(&model.expect("snippets are not deep"), &last.value)
}

fn qualified(text: &str) -> Option<String> {
    with_last(text, |model, last| model.qualified_name(last).map(|name| name.to_string()))
}

#[test]
fn names_are_followed_through_imports() {
    for (text, wanted) in [
        ("import functools as ft\nft.cache", "functools.cache"),
        ("from functools import lru_cache as memo\nmemo", "functools.lru_cache"),
        ("import os.path\nos.path.join", "os.path.join"),
        ("import functools\ncache = functools.cache\ncache", "functools.cache"),
        (
            "try:\n    from json import loads\nexcept ImportError:\n    from simplejson import loads\nloads",
            "json.loads",
        ),
        ("from .cache import memoize\nmemoize", ".cache.memoize"),
        ("print", "builtins.print"),
    ] {
        assert_eq!(qualified(text).as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn names_of_the_file_come_from_nowhere_else() {
    for text in [
        "def cache(f): return f\ncache",
        "from functools import cache\ndef cache(f): return f\ncache",
        "try:\n    from functools import cache\nexcept ImportError:\n    cache = None\ncache",
        "print = log\nprint",
        "unknown",
    ] {
        assert_eq!(qualified(text), None, "{text}");
    }
}

#[test]
fn exports_are_collected_from_all_spellings() {
    let text = "__all__ = ['a'] + ['b']\n__all__ += ('c',)\n__all__.append('d')\n__all__.extend(['e'])\n0";
    assert_eq!(
        with_last(text, |model, _| model.exports().map(|exports| exports.names.join(" "))),
        Some("a b c d e".to_owned())
    );
    assert!(with_last("0", |model, _| model.exports().is_none()));
}

#[test]
fn type_checking_blocks_are_told_from_the_rest() {
    let is_for_checkers = |text| {
        with_last(text, |model, _| {
            let symbol = model.lookup(ScopeId::MODULE, "x").expect("the snippet binds x");
            let binding = model.bindings(symbol).next().expect("once");
            model.is_type_checking_only(binding.node)
        })
    };
    assert!(is_for_checkers("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import x\nx"));
    assert!(is_for_checkers("import typing as t\nif t.TYPE_CHECKING:\n    import x\nx"));
    assert!(!is_for_checkers("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import x\nx"));
    assert!(!is_for_checkers("import x\nx"));
}

#[test]
fn strings_in_annotations_are_read() {
    let text = "from decimal import Decimal\ndef f(a: 'Decimal', b: \"list['Decimal']\"): pass\n0";
    let reads = with_last(text, |model, _| {
        let symbol = model.lookup(ScopeId::MODULE, "Decimal").expect("imported");
        model.reads(symbol).filter(|read| read.in_string).count()
    });
    assert_eq!(reads, 2);
}

#[test]
fn private_names_are_mangled() {
    let mentions = |scope_text: &str, name: &str| {
        with_last(scope_text, |model, _| model.scopes().any(|(scope, _)| model.lookup(scope, name).is_some()))
    };
    assert!(mentions("class Safe:\n    def f(self):\n        __key = 1\n        return __key\n0", "_Safe__key"));
    assert!(!mentions("def f():\n    __key = 1\n    return __key\n0", "_Safe__key"));
}
