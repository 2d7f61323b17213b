//! Recall: every spelling in `tests/seeds/` is planted at 50 places of the standard library, at module level, in functions and in
//! methods, and must be found at 95 % of them. Ignored in plain `cargo test`; `tests/all.sh` runs it.

mod support;

use std::fs;
use std::path::PathBuf;

use pyprep_lint::config::{Config, DEFAULT_TARGET};
use pyprep_lint::python::model::NodeKinds;
use pyprep_lint::python::parse::{self, Arenas};
use pyprep_lint::python::{Model, NodeId, ScopeKind, builder};
use pyprep_lint::rules::Rule;
use pyprep_lint::source::Source;
use rayon::prelude::*;
use ruff_python_ast::AnyNodeRef;
use ruff_text_size::Ranged;
use support::{assert_none, diagnostics_among, root, rules, standard_library};

const PLACES: usize = 50;

/// A line of a real file before which statements can be planted.
struct Place {
    path: PathBuf,
    text: String,
    /// Byte offset of the line's start.
    offset: usize,
    indentation: String,
}

#[test]
#[ignore = "analyses some thousand files"]
fn planted_mistakes_are_found() {
    rayon::ThreadPoolBuilder::new().stack_size(32 << 20).build_global().expect("the first pool");
    let places = places();
    assert!(places.len() > PLACES, "the standard library is installed");
    let mut problems = Vec::new();
    for rule in rules().into_iter().filter(|rule| rule.question > 0) {
        let path = root().join(format!("tests/seeds/{}.py", rule.name));
        let seeds = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let Seeds::Some { text, only_modules, is_imported } = Seeds::read(&seeds) else { continue };
        let places: Vec<&Place> = places.iter().filter(|place| !only_modules || place.indentation.is_empty()).collect();
        let (mut planted, mut found) = (0, 0);
        for (number, seed) in text.split("# ---\n").filter(|seed| !seed.trim().is_empty()).enumerate() {
            // Each spelling gets other places.
            let chosen: Vec<&Place> =
                (0..PLACES).map(|index| places[(index * places.len() / PLACES + number * 7) % places.len()]).collect();
            let missed: Vec<&Place> =
                chosen.into_par_iter().filter(|place| !is_found(place, seed, rule, is_imported)).collect();
            planted += PLACES;
            found += PLACES - missed.len();
            if missed.len() * 20 > PLACES {
                let first = missed[0];
                let line = 1 + first.text[..first.offset].matches('\n').count();
                problems.push(format!(
                    "{}: spelling {} is missed at {} of {PLACES} places, as in {}:{line}\n{seed}",
                    rule.name,
                    number + 1,
                    missed.len(),
                    first.path.display(),
                ));
            }
        }
        println!("{}: {found} of {planted} planted mistakes found", rule.name);
    }
    assert_none(&problems);
}

/// A file of seeds. Its first line may say where they can be planted: `# places: module imported`.
enum Seeds<'s> {
    /// `# none — the reason`.
    None,
    Some {
        text: &'s str,
        /// Not in functions.
        only_modules: bool,
        /// Another file imports the one that they are planted in.
        is_imported: bool,
    },
}

impl<'s> Seeds<'s> {
    fn read(text: &'s str) -> Seeds<'s> {
        if text.starts_with("# none — ") {
            return Seeds::None;
        }
        let words = text.strip_prefix("# places: ").and_then(|rest| rest.split_once('\n'));
        let (words, text) = words.unwrap_or(("", text));
        let has = |word: &str| words.split(' ').any(|found| found == word);
        Seeds::Some { text, only_modules: has("module"), is_imported: has("imported") }
    }
}

fn is_found(place: &Place, seed: &str, rule: &'static Rule, is_imported: bool) -> bool {
    let planted: String = seed
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{}{line}\n", place.indentation) })
        .collect();
    let (before, after) = place.text.split_at(place.offset);
    let source = Source::from_text(&place.path, format!("{before}{planted}{after}"));
    let range = place.offset..place.offset + planted.len();
    let module = place.path.file_stem().expect("a module").to_string_lossy();
    let importer = Source::from_text(place.path.with_file_name("pp_importer.py"), format!("import {module}\n"));
    let others: &[Source] = if is_imported { &[importer] } else { &[] };
    diagnostics_among(&source, others, &[rule], DEFAULT_TARGET)
        .iter()
        .any(|diagnostic| range.contains(&diagnostic.range.start().to_usize()))
}

/// Places spread over the standard library, those at module level and in functions in turn.
fn places() -> Vec<Place> {
    let mut files: Vec<PathBuf> = fs::read_dir(standard_library())
        .expect("the standard library can be read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    files.sort();
    files.par_iter().flat_map_iter(places_in).collect()
}

fn places_in(path: &PathBuf) -> Vec<Place> {
    let Ok(source) = Source::from_bytes(path, fs::read(path).expect("a readable file")) else { return Vec::new() };
    let config = Config::default();
    let parsed = parse::parse(&source, config.target_version).expect("the standard library is no puzzle");
    let arenas = Arenas::default();
    let model = builder::build(&source, parsed.syntax(), &arenas, config.target_version, NodeKinds::default())
        .expect("nor is it deep");
    let good: Vec<NodeId> = model.nodes().filter(|(id, node)| is_place(&model, *id, *node)).map(|(id, _)| id).collect();
    // A few of each file, so that all files count.
    let step = good.len().div_ceil(4).max(1);
    good.into_iter()
        .step_by(step)
        .map(|id| {
            let start = model.node(id).start();
            Place {
                path: path.clone(),
                text: source.text().to_owned(),
                offset: model.line_start(start).to_usize(),
                indentation: model.indentation(start).to_owned(),
            }
        })
        .collect()
}

/// A statement on its own line, right in a module's or function's body, not part of the head of the file.
fn is_place(model: &Model, id: NodeId, node: AnyNodeRef) -> bool {
    if !node.is_statement() || !model.starts_line(node.start()) {
        return false;
    }
    let is_head = |node: AnyNodeRef| match node {
        AnyNodeRef::StmtImport(_) | AnyNodeRef::StmtImportFrom(_) => true,
        AnyNodeRef::StmtExpr(node) => node.value.is_string_literal_expr(),
        _ => false,
    };
    let is_body = match model.parent(id).map(|parent| model.node(parent)) {
        Some(AnyNodeRef::ModModule(_)) => true,
        Some(AnyNodeRef::StmtFunctionDef(_)) => {
            matches!(model.scope(model.scope_of(id)).kind, ScopeKind::Function(_))
        }
        _ => false,
    };
    is_body && !is_head(node)
}
