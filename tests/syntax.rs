//! PP0002 agrees with CPython: a file that it compiles has no syntax error for us, one that it rejects is never clean.
//! Ignored in plain `cargo test`; `tests/all.sh` runs it over the standard library and the corpus.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::Config;
use pyprep_lint::project::Project;
use pyprep_lint::rules::Rule;
use pyprep_lint::source::Source;

#[test]
#[ignore = "reads the whole standard library"]
fn files_are_rejected_as_by_cpython() {
    let mut python = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax.py"))
        .args(std::env::var("PYPREP_CORPUS").ok())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let version = Command::new("python3").args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).output();
    let version = String::from_utf8(version.expect("python3 is installed").stdout).expect("a version");
    let mut config = Config::new(Rule::find("PP0002"), version.trim().parse().expect("a version"));
    config.names_target_version = true;
    let (mut files, mut rejected) = (0, 0);
    let mut differences = Vec::new();
    for line in BufReader::new(python.stdout.take().expect("piped")).lines() {
        let (path, error): (String, Option<(String, Option<usize>)>) =
            serde_json::from_str(&line.expect("the script prints UTF-8")).expect("the script prints JSON");
        files += 1;
        rejected += usize::from(error.is_some());
        let ours = reject(&path, &config);
        if ours.is_some() != error.is_some() {
            differences.push(format!("{path}: CPython says {error:?}, we say {ours:?}"));
        }
    }
    assert!(python.wait().expect("it ran").success(), "tests/syntax.py failed, see above");
    println!("{files} files, {rejected} rejected by CPython: {} differ", differences.len());
    assert!(files > 1_000, "only {files} files of the standard library were found");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Why the file is not clean for us.
fn reject(path: &str, config: &Config) -> Option<String> {
    let source = match Source::from_bytes(path, std::fs::read(path).expect("CPython could read it")) {
        Ok(source) => source,
        Err(error) => return Some(error.to_string()),
    };
    let result = analyse(&source, config);
    if let Some(trouble) = result.not_analysed() {
        return Some(trouble.message.clone());
    }
    let first = settle(&source, &result, &Project::default(), config).into_iter().next()?;
    Some(format!("line {}: {}", source.line(first.range.start()), first.message))
}
