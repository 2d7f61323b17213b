//! The proof of the semantic model: scopes and kinds of names are those of CPython's `symtable`, for every file of the
//! standard library with its test suite. Ignored in plain `cargo test`; `tests/all.sh` runs it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use pyprep_lint::python::model::NodeKinds;
use pyprep_lint::python::model::{Resolution, SymbolFlags};
use pyprep_lint::python::parse::{self, Arenas};
use pyprep_lint::python::{Model, ScopeId, ScopeKind, builder};
use pyprep_lint::source::Source;
use ruff_python_ast::{ExprGenerator, PythonVersion};
use ruff_text_size::{Ranged, TextSize};

/// Kind, name and line of a scope, and the flags of its symbols.
type Scope = (String, String, usize, BTreeMap<String, String>);

#[test]
#[ignore = "reads the whole standard library"]
fn scopes_and_names_are_those_of_cpython() {
    let mut python = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dump_symtable.py"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let (mut files, mut scopes, mut symbols) = (0, 0, 0);
    let mut differences = Vec::new();
    for line in BufReader::new(python.stdout.take().expect("piped")).lines() {
        let (path, theirs): (String, Option<Vec<Scope>>) =
            serde_json::from_str(&line.expect("the script prints UTF-8")).expect("the script prints JSON");
        let Some(mut theirs) = theirs else { continue };
        let mut ours = describe(Path::new(&path));
        files += 1;
        scopes += ours.len();
        symbols += ours.iter().map(|(.., symbols)| symbols.len()).sum::<usize>();
        ours.sort();
        theirs.sort();
        for (ours, theirs) in ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).take(1) {
            differences.push(format!(
                "{path}: ours {}\n    theirs {}",
                difference(ours, theirs),
                difference(theirs, ours)
            ));
        }
        if ours.len() != theirs.len() {
            differences.push(format!("{path}: {} scopes, CPython has {}", ours.len(), theirs.len()));
        }
    }
    assert!(python.wait().expect("it ran").success(), "tests/dump_symtable.py failed, see above");
    println!("{files} files, {scopes} scopes, {symbols} names: {} files differ", differences.len());
    assert!(files > 1_000, "only {files} files of the standard library were found");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn difference(a: &Scope, b: &Scope) -> String {
    let symbols: Vec<_> = a.3.iter().filter(|(name, flags)| b.3.get(*name) != Some(flags)).collect();
    format!("{} {} line {}: {symbols:?}", a.0, a.1, a.2)
}

fn describe(path: &Path) -> Vec<Scope> {
    let source =
        Source::from_bytes(path, std::fs::read(path).expect("CPython could read it")).expect("CPython decoded it");
    let parsed = parse::parse(&source, PythonVersion::latest()).expect("CPython could parse it");
    let arenas = Arenas::default();
    let model = builder::build(&source, parsed.syntax(), &arenas, PythonVersion::latest(), NodeKinds::default())
        .expect("CPython could compile it");
    model
        .scopes()
        .filter(|(id, _)| !is_in_unevaluated_annotation(&model, *id))
        .map(|(id, scope)| {
            let (kind, name, line) = match scope.kind {
                ScopeKind::Builtins | ScopeKind::Module => ("module", "top", 0),
                ScopeKind::Class(node) => ("class", node.name.as_str(), source.line(node.name.start())),
                ScopeKind::Function(node) => ("function", node.name.as_str(), source.line(node.name.start())),
                ScopeKind::Lambda(node) => ("function", "lambda", source.line(node.start())),
                ScopeKind::ListComprehension(node) => ("function", "listcomp", source.line(node.start())),
                ScopeKind::SetComprehension(node) => ("function", "setcomp", source.line(node.start())),
                ScopeKind::DictComprehension(node) => ("function", "dictcomp", source.line(node.start())),
                ScopeKind::Generator(node) => ("function", "genexpr", source.line(generator_start(&source, node))),
                ScopeKind::TypeParameters(node) => ("type parameters", "", source.line(node.start())),
                ScopeKind::TypeAlias(node) => ("type alias", "", source.line(node.start())),
            };
            (kind.to_owned(), name.to_owned(), line, symbols(&model, id))
        })
        .collect()
}

/// CPython behaviour (3.8 to 3.14): a generator expression that is a call's only argument begins with the call's parenthesis.
fn generator_start(source: &Source, node: &ExprGenerator) -> TextSize {
    let before = &source.text()[..node.start().to_usize()];
    match before.rfind('(') {
        Some(parenthesis) if !node.parenthesized => TextSize::of(&before[..parenthesis]),
        _ => node.start(),
    }
}

/// CPython behaviour (all versions): forgets scopes in annotations that are never evaluated: strings, and all under `from __future__ import annotations`.
fn is_in_unevaluated_annotation(model: &Model, scope: ScopeId) -> bool {
    model.scope(scope).kind.is_function_like() && model.is_in_unevaluated_annotation(model.scope(scope).node)
}

fn symbols(model: &Model, scope: ScopeId) -> BTreeMap<String, String> {
    let letters = [
        (SymbolFlags::GLOBAL | SymbolFlags::DECLARED_GLOBAL, 'g'),
        (SymbolFlags::LOCAL, 'l'),
        (SymbolFlags::PARAMETER, 'p'),
        (SymbolFlags::NONLOCAL, 'n'),
        (SymbolFlags::USED, 'u'),
        (SymbolFlags::IMPORTED, 'i'),
        (SymbolFlags::ANNOTATED, 'a'),
    ];
    model
        .symbols_in(scope)
        .filter_map(|symbol| {
            let flags = model.symbol_flags(symbol);
            let mut shown: String =
                letters.iter().filter(|(flag, _)| flags.intersects(*flag)).map(|(_, letter)| letter).collect();
            if shown.is_empty() {
                return None;
            }
            shown.push(match model.resolution(symbol) {
                Resolution::Local => 'L',
                Resolution::GlobalExplicit => 'E',
                Resolution::GlobalImplicit => 'I',
                Resolution::Free => 'F',
            });
            Some((model.name(symbol).to_owned(), shown))
        })
        .collect()
}
