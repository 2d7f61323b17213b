//! Real code: 15 well-known packages (`PYPREP_CORPUS`, see `benches/corpus.sh`) and the whole standard library with its deliberately
//! broken tests. Nothing panics, nothing is passed over in silence, and every fix leaves code that parses, without the
//! finding and without a new one. Ignored in plain `cargo test`; `tests/all.sh` runs it.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::Config;
use pyprep_lint::diagnostic::Diagnostic;
use pyprep_lint::fix::{self, Applicability};
use pyprep_lint::project::Project;
use pyprep_lint::source::Source;
use rayon::prelude::*;
use support::{assert_none, standard_library};

#[test]
#[ignore = "analyses some thousand files"]
fn real_code_is_analysed_and_mended() {
    rayon::ThreadPoolBuilder::new().stack_size(32 << 20).build_global().expect("the first pool");
    let corpus = std::env::var("PYPREP_CORPUS").expect("PYPREP_CORPUS names the corpus; benches/corpus.sh makes it");
    let files = [python_files(Path::new(&corpus)), python_files(&standard_library())].concat();
    assert!(files.len() > 4_000, "only {} files were found", files.len());
    let config = Config::default();
    let outcomes: Vec<Outcome> = files.par_iter().map(|path| examine(path, &config)).collect();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in &outcomes {
        for finding in &outcome.found {
            *found.entry(finding.clone()).or_default() += 1;
        }
    }
    println!("{} files, {} fixes applied", files.len(), outcomes.iter().map(|outcome| outcome.fixes).sum::<usize>());
    for (rule, count) in found {
        println!("  {rule}: {count}");
    }
    assert_none(&outcomes.into_iter().flat_map(|outcome| outcome.problems).collect::<Vec<_>>());
}

#[derive(Default)]
struct Outcome {
    /// Rule and severity of each finding.
    found: Vec<String>,
    fixes: usize,
    problems: Vec<String>,
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .filter_entry(|entry| entry.file_name() != "site-packages")
        .build()
        .filter_map(|entry| Some(entry.ok()?.into_path()))
        .filter(|path| path.is_file() && path.extension().is_some_and(|extension| extension == "py"))
        .collect()
}

fn findings(source: &Source, config: &Config) -> Vec<Diagnostic> {
    settle(source, &analyse(source, config), &Project::default(), config)
}

fn syntax_errors(source: &Source) -> usize {
    ruff_python_parser::parse_unchecked_source(source.text(), ruff_python_ast::PySourceType::Python).errors().len()
}

fn examine(path: &Path, config: &Config) -> Outcome {
    let mut outcome = Outcome::default();
    // Undecodable files are reported by name: `tests/syntax.rs` compares them with CPython's opinion.
    let Ok(source) = Source::from_bytes(path, std::fs::read(path).expect("a readable file")) else { return outcome };
    let mut problem = |what: String| outcome.problems.push(format!("{}: {what}", path.display()));
    if let Some(trouble) = analyse(&source, config).not_analysed() {
        problem(trouble.message.clone());
        return outcome;
    }
    let before = findings(&source, config);
    let errors = syntax_errors(&source);
    let find = |source: &Source| findings(source, config);
    match fix::to_the_end(source, Applicability::Unsafe, find, syntax_errors) {
        Err(endless) => problem(endless.to_string()),
        Ok(fixed) => {
            for dropped in &fixed.dropped {
                problem(format!("{}: the fix of {} breaks the code", dropped.place, dropped.rule.name));
            }
            if syntax_errors(&fixed.source) > errors {
                problem("does not parse any more".to_owned());
            }
            let after = findings(&fixed.source, config);
            for rule in pyprep_lint::rules::RULES {
                let count = |findings: &[Diagnostic]| findings.iter().filter(|finding| finding.rule == rule).count();
                let applied = |code: &str| fixed.applied.iter().filter(|applied| applied.code == code).count();
                let mended = applied(rule.code);
                // A silent `except:` is PP0801's; once it says `except Exception:`, its silence is PP0802's.
                let handed_over = if rule.code == "PP0802" { applied("PP0801") } else { 0 };
                if count(&after) + mended > count(&before) + handed_over {
                    let (before, after) = (count(&before), count(&after));
                    problem(format!("{}: {before} findings, {mended} mended, {after} left", rule.name));
                }
            }
            outcome.fixes = fixed.applied.len();
        }
    }
    outcome.found =
        before.iter().map(|finding| format!("{} {}", finding.rule.name, finding.severity.as_str())).collect();
    outcome
}
