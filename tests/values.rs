//! What the model says of values: `tests/values/*.py` hold `reveal(value)  # what it is`, and Python is asked too.
//!
//! `?` stands for "not known". With brackets or `|`, all that is known is compared; else the one class. A line of comment
//! `# --- title` begins a snippet, which is analysed by itself; `(not run)` in the title says that Python can't run it.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use pyprep_lint::python::builder;
use pyprep_lint::python::model::NodeKinds;
use pyprep_lint::python::parse::{self, Arenas};
use pyprep_lint::python::values::{Items, Object, Type, Union};
use pyprep_lint::source::Source;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{AnyNodeRef, Expr, PythonVersion};
use ruff_text_size::Ranged;
use support::{assert_none, root};

struct Case {
    line: usize,
    expected: String,
    class: String,
    union: String,
}

fn files() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("tests/values")).expect("the cases are there");
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension().is_some_and(|it| it == "py") && !path.ends_with("run.py") && !path.ends_with("observe.py")
    });
    files.sort();
    files
}

/// The snippets of a file: title and text, with empty lines before it that keep line numbers.
fn snippets(text: &str) -> Vec<(String, String)> {
    let mut snippets: Vec<(String, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("# ---") {
            snippets.push((line.to_owned(), "\n".repeat(index)));
        }
        let (_, snippet) = snippets.last_mut().expect("a file begins with a title");
        snippet.push_str(line);
        snippet.push('\n');
    }
    snippets
}

fn cases(text: &str) -> Vec<Case> {
    let source = Source::from_text("snippet.py", text);
    let parsed = parse::parse(&source, PythonVersion::PY313).expect("snippets are not deep");
    assert!(parsed.has_valid_syntax(), "{:?}\n{text}", parsed.errors());
    let arenas = Arenas::default();
    let model = builder::build(&source, parsed.syntax(), &arenas, PythonVersion::latest(), NodeKinds::default())
        .expect("snippets are not deep");
    let mut cases = Vec::new();
    for (_, node) in model.nodes() {
        let AnyNodeRef::ExprCall(call) = node else { continue };
        let Expr::Name(name) = &*call.func else { continue };
        let [argument, ..] = &*call.arguments.args else { continue };
        if name.id.as_str() != "reveal" {
            continue;
        }
        let line = source.line(call.start());
        let text = text.lines().nth(line - 1).unwrap();
        let (_, expected) = text.rsplit_once("  # ").unwrap_or_else(|| panic!("line {line} says nothing: {text}"));
        cases.push(Case {
            line,
            expected: expected.to_owned(),
            class: model.type_of(argument).map_or("?".to_owned(), |class| class_name(&class)),
            union: union_name(&model.union_of(argument)),
        });
    }
    cases
}

fn class_name(class: &Type) -> String {
    match class {
        Type::Instance(class) => class.name.to_string(),
        Type::Class(class) => format!("class {}", class.name),
        Type::None => "None".to_owned(),
        Type::Generator => "generator".to_owned(),
        Type::Function(_) | Type::Lambda(_) => "function".to_owned(),
        class => class.path().unwrap().rsplit_once('.').unwrap().1.to_owned(),
    }
}

fn union_name(union: &Union) -> String {
    let object = |object: &Object| {
        let items = match &object.items {
            Items::Unknown => return class_name(&object.class),
            Items::Each(element) => union_name(element),
            Items::Positions(elements) => elements.iter().map(union_name).collect::<Vec<_>>().join(", "),
            Items::Mapping(pair) => format!("{}: {}", union_name(&pair.0), union_name(&pair.1)),
        };
        format!("{}[{items}]", class_name(&object.class))
    };
    let mut names: Vec<String> = union.objects().iter().map(object).collect();
    if union.is_open() {
        names.push("?".to_owned());
    }
    names.join(" | ")
}

#[test]
fn values_are_what_the_cases_say() {
    let mut problems = Vec::new();
    let mut count = 0;
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (title, snippet) in snippets(&fs::read_to_string(&path).unwrap()) {
            for case in cases(&snippet) {
                count += 1;
                let is_whole = case.expected.contains(['[', '|']);
                let found = if is_whole { &case.union } else { &case.class };
                if *found != case.expected {
                    problems.push(format!(
                        "{name}:{} ({title}): {}, not {} ({})",
                        case.line, found, case.expected, case.union
                    ));
                }
            }
        }
    }
    assert_none(&problems);
    assert!(count >= 150, "only {count} cases");
}

/// What Python calls a class that we call otherwise.
fn names_in_python(name: &str) -> Vec<&str> {
    match name {
        "None" => vec!["NoneType"],
        "ModuleType" => vec!["module"],
        "FunctionType" => vec!["function"],
        "MappingProxyType" => vec!["mappingproxy"],
        "CoroutineType" => vec!["coroutine"],
        "AsyncGeneratorType" => vec!["async_generator"],
        "EllipsisType" => vec!["ellipsis"],
        "HASH" => vec!["HASH", "_Hash"],
        // `reversed(…)` makes what the argument's `__reversed__` returns.
        "reversed" => vec!["Iterator"],
        // Shown as the class itself.
        name if name.starts_with("class ") => vec!["type"],
        name => vec![name],
    }
}

/// Builtins are meant exactly.
const EXACT: &[&str] = &["bool", "int", "float", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "range"];

#[test]
fn python_agrees() {
    let mut problems = Vec::new();
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let output = Command::new("python3").arg(root().join("tests/values/run.py")).arg(&path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let output = String::from_utf8(output.stdout).unwrap();
        let mut seen: BTreeMap<usize, Vec<Vec<&str>>> = BTreeMap::new();
        for line in output.lines() {
            let mut fields = line.split('\t');
            match fields.next() {
                Some("failed") => problems.push(format!("{name}: {line}")),
                Some(at) => seen.entry(at.parse().unwrap()).or_default().push(fields.collect()),
                None => {}
            }
        }
        for (title, snippet) in snippets(&fs::read_to_string(&path).unwrap()) {
            for case in cases(&snippet) {
                let Some(values) = seen.get(&case.line) else {
                    if !title.contains("(not run)") {
                        problems.push(format!("{name}:{} ({title}): not reached", case.line));
                    }
                    continue;
                };
                if case.class == "?" {
                    continue;
                }
                let names = names_in_python(&case.class);
                for value in values {
                    let fits =
                        |name: &&str| if EXACT.contains(name) { value[0] == *name } else { value.contains(name) };
                    if !names.iter().any(fits) {
                        problems.push(format!("{name}:{} ({title}): {}, but Python: {value:?}", case.line, case.class));
                    }
                }
            }
        }
    }
    assert_none(&problems);
}

/// Asks what every expression of the files under `PYPREP_CORPUS` is: nothing panics. Prints how much is known and what took long.
#[test]
#[ignore = "needs a folder of Python files"]
fn every_expression_of_real_code_can_be_asked() {
    let folder = std::env::var("PYPREP_CORPUS").expect("PYPREP_CORPUS names a folder of Python files");
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|it| it == "py") => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    // As deep as the analysis' own threads.
    let run = move || {
        let mut known = BTreeMap::<&str, [usize; 3]>::new();
        let mut slowest = Vec::new();
        for path in &files {
            let Ok(source) = Source::from_bytes(path, fs::read(path).unwrap()) else { continue };
            let Ok(parsed) = parse::parse(&source, PythonVersion::PY313) else { continue };
            let arenas = Arenas::default();
            let Ok(model) =
                builder::build(&source, parsed.syntax(), &arenas, PythonVersion::latest(), NodeKinds::default())
            else {
                continue;
            };
            let start = std::time::Instant::now();
            let mut asked = 0;
            let mut expressions = Expressions(Vec::new());
            expressions.visit_body(parsed.suite());
            for expr in expressions.0 {
                asked += 1;
                let kind = match expr {
                    Expr::Name(_) => "names",
                    Expr::Call(_) => "calls",
                    Expr::Attribute(_) => "attributes",
                    Expr::Subscript(_) => "subscripts",
                    Expr::BinOp(_) => "operators",
                    _ => "others",
                };
                let union = model.union_of(expr);
                for kind in [kind, "all"] {
                    let count = known.entry(kind).or_default();
                    count[0] += 1;
                    count[1] += usize::from(union.single().is_some());
                    count[2] += usize::from(!union.objects().is_empty());
                }
            }
            slowest.push((start.elapsed(), asked, path.clone()));
        }
        slowest.sort();
        let total: std::time::Duration = slowest.iter().map(|(time, ..)| *time).sum();
        println!("{} files in {total:?}", slowest.len());
        for (kind, [all, certain, partly]) in known {
            println!("{kind}: {all}, certain {:.1}%, partly {:.1}%", percent(certain, all), percent(partly, all));
        }
        for (time, asked, path) in slowest.iter().rev().take(8) {
            println!("{time:?} for {asked} expressions of {}", path.display());
        }
    };
    std::thread::Builder::new().stack_size(32 << 20).spawn(run).unwrap().join().unwrap();
}

struct Expressions<'a>(Vec<&'a Expr>);

impl<'a> Visitor<'a> for Expressions<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.0.push(expr);
        walk_expr(self, expr);
    }
}

fn percent(part: usize, all: usize) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

/// Prints what is claimed of the expressions of the files that `PYPREP_CLAIMS` lists, for `tests/values/observe.py`.
#[test]
#[ignore = "a tool for tests/values/observe.py"]
fn claims() {
    let files = std::env::var("PYPREP_CLAIMS").expect("PYPREP_CLAIMS lists Python files");
    for path in files.split_whitespace() {
        let source = Source::from_bytes(path, fs::read(path).unwrap()).unwrap();
        let Ok(parsed) = parse::parse(&source, PythonVersion::PY313) else { continue };
        let arenas = Arenas::default();
        let Ok(model) =
            builder::build(&source, parsed.syntax(), &arenas, PythonVersion::latest(), NodeKinds::default())
        else {
            continue;
        };
        let mut expressions = Expressions(Vec::new());
        expressions.visit_body(parsed.suite());
        let place = |offset| {
            let line = source.code().line_index(offset);
            (line.get(), u32::from(offset - source.code().line_start(line)))
        };
        for expr in expressions.0 {
            let Some(class) = model.type_of(expr) else { continue };
            let ((line, column), (end_line, end_column)) = (place(expr.start()), place(expr.end()));
            let names = names_in_python(&class_name(&class)).join(",");
            println!("claim\t{path}\t{line}\t{column}\t{end_line}\t{end_column}\t{names}");
        }
    }
}
