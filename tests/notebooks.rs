//! Notebooks: every rule works in them as in files, whatever is broken in them is told, and fixes touch nothing else.

mod support;

use std::fs;

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::{Config, DEFAULT_TARGET};
use pyprep_lint::diagnostic::Diagnostic;
use pyprep_lint::fingerprint::fingerprints;
use pyprep_lint::fix::{self, Applicability, Fixed};
use pyprep_lint::guide::{Block, Page, blocks};
use pyprep_lint::notebook::CellText;
use pyprep_lint::project::Project;
use pyprep_lint::python::model::NodeKinds;
use pyprep_lint::python::parse::{Arenas, parse};
use pyprep_lint::python::{Model, builder};
use pyprep_lint::rules::{RULES, Rule};
use pyprep_lint::source::{DecodeError, Source};
use rayon::prelude::*;
use ruff_python_ast::{AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use serde::Deserialize;
use serde_json::value::RawValue;
use support::{Snippet, assert_none, diagnostics, root};

/// A notebook with these code cells.
fn notebook(cells: &[&str]) -> Source {
    let cell = |(index, text): (usize, &&str)| CellText { index, id: None, text: (*text).to_owned() };
    Source::from_cells("x.ipynb", cells.iter().enumerate().map(cell))
}

/// What the pages and cases of a rule show, as Python files.
fn snippets(rule: &'static Rule) -> Vec<Snippet> {
    let cases: &'static str =
        fs::read_to_string(root().join(format!("tests/cases/{}.md", rule.name))).unwrap_or_default().leak();
    let page = blocks(Page::parse(rule.page).section("Bad")).into_iter().chain(blocks(cases));
    let is_python = |block: &Block| {
        let file = block.value("file");
        let is_module = file.is_none_or(|file| file.ends_with(".py") && !file.ends_with("__init__.py"));
        block.is("python") && !block.has("fixed") && is_module
    };
    let snippet = |block: Block| Snippet::new(format!("{} at {}", rule.name, block.offset), &block);
    page.filter(is_python).map(snippet).collect()
}

/// Rules about files that others import: nobody imports a notebook.
const ONLY_FOR_MODULES: [&str; 2] = ["PP0902", "PP0903"];

/// All that a finding says, but for how lines are called.
fn told(found: &[Diagnostic]) -> Vec<String> {
    let tell = |finding: &Diagnostic| {
        let fixes: Vec<_> = finding.fixes.iter().map(|fix| (&fix.title, fix.applicability)).collect();
        let steps: Vec<_> = finding.steps.iter().map(|step| step.range).collect();
        let Diagnostic { rule, range, severity, message, related, names, scope, .. } = finding;
        let words = without_lines(&format!("{message} {related:?} {names:?}"));
        format!("{} {range:?} {severity:?} {words} {scope} {steps:?} {fixes:?}", rule.code)
    };
    found.iter().map(tell).collect()
}

/// "line 11" of a file may be "line 8 of cell 2" of a notebook.
fn without_lines(text: &str) -> String {
    let zeros: Vec<&str> = text.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    zeros.join("0").replace(" of cell 0", "")
}

/// Where the text can be cut into two cells: after each statement that stands in no block and ends its line.
fn cuts(text: &str) -> Vec<usize> {
    let parsed = ruff_python_parser::parse_unchecked_source(text, ruff_python_ast::PySourceType::Python);
    let end = |stmt: &ruff_python_ast::Stmt| {
        let end = stmt.end().to_usize();
        Some(end + text[end..].find('\n').filter(|&rest| is_nothing(&text[end..end + rest]))? + 1)
    };
    parsed.suite().iter().filter_map(end).filter(|&cut| cut < text.len()).collect()
}

fn is_nothing(rest: &str) -> bool {
    rest.trim().is_empty() || rest.trim().starts_with('#')
}

/// A snippet's text, cut in two wherever it can be, the last time behind its end.
fn halves(text: &str) -> Vec<[String; 2]> {
    let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let all = cuts(&text).into_iter().chain([text.len()]);
    all.map(|cut| [text[..cut].to_owned(), text[cut..].to_owned()]).collect()
}

/// The meta test: for every rule, what it finds in a file it finds in a notebook, too.
#[test]
fn every_rule_finds_the_same_in_cells() {
    let compare = |rule: &'static Rule, snippet: &Snippet, problems: &mut Vec<String>| {
        let mut count = 0;
        for halves in halves(snippet.source.text()) {
            // A cell may end with an expression whose value it shows: that is another matter.
            let cells = halves.map(|half| half + "pass\n");
            let file = Source::from_text(snippet.source.path(), cells.concat());
            let cells = notebook(&[&cells[0], &cells[1]]);
            assert_eq!(file.text(), cells.text());
            let wanted = told(&diagnostics(&file, &[rule], snippet.target));
            let found = told(&diagnostics(&cells, &[rule], snippet.target));
            count += found.len();
            if wanted != found {
                problems.push(format!("{}:\n{}\n{wanted:#?}\n{found:#?}", snippet.place, cells.text()));
            }
        }
        count
    };
    let look = |rule: &'static Rule| {
        let mut problems = Vec::new();
        let counts = snippets(rule).iter().map(|snippet| compare(rule, snippet, &mut problems)).sum::<usize>();
        if (counts == 0) != ONLY_FOR_MODULES.contains(&rule.code) {
            problems.push(format!("{} found {counts} mistakes in notebooks", rule.name));
        }
        problems
    };
    assert_none(&RULES.par_iter().flat_map_iter(look).collect::<Vec<_>>());
}

fn find(source: &Source) -> Vec<Diagnostic> {
    let config = Config::default();
    settle(source, &analyse(source, &config), &Project::default(), &config)
}

fn errors(source: &Source) -> usize {
    parse(source, DEFAULT_TARGET).map_or(usize::MAX, |parsed| parsed.errors().len())
}

fn fixed(source: &Source) -> Fixed {
    fix::to_the_end(source.clone(), Applicability::Unsafe, find, errors).expect("fixes come to an end")
}

/// The same lines, wherever an import stands: in a file it may stand further down than in a cell.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn every_fix_does_the_same_in_cells() {
    let compare = |snippet: &Snippet| {
        let mut problems = Vec::new();
        for halves in halves(snippet.source.text()) {
            // A cell may end with an expression whose value it shows: that is another matter.
            let halves = halves.map(|half| half + "pass\n");
            let file = fixed(&Source::from_text("x.py", halves.concat()));
            let cells = fixed(&notebook(&[&halves[0], &halves[1]]));
            problems.extend(cells.dropped.iter().map(|dropped| format!("{}: dropped {dropped:?}", snippet.place)));
            if lines(file.source.text()) != lines(cells.source.text()) || cells.source.cells().len() != 2 {
                let (file, cells) = (file.source.text(), cells.source.text());
                problems.push(format!("{}:\n{file}\n--- in cells\n{cells}", snippet.place));
            }
        }
        problems
    };
    let look = |rule: &'static Rule| snippets(rule).par_iter().flat_map(compare).collect::<Vec<_>>();
    assert_none(&RULES.par_iter().flat_map(look).collect::<Vec<_>>());
}

/// Every so many bytes a snippet is cut into two cells; a prime, so that all kinds of places are met.
const STEP: usize = 7;

#[test]
fn cells_may_end_anywhere() {
    let config = Config::default();
    let snippets: Vec<Snippet> = RULES.iter().flat_map(snippets).collect();
    let look = |snippet: &Snippet| {
        let text = snippet.source.text();
        let places = (0..text.len()).step_by(STEP).filter(|&at| text.is_char_boundary(at));
        let mut problems = Vec::new();
        for at in places {
            let source = notebook(&[&text[..at], "", &text[at..]]);
            let result = analyse(&source, &config);
            if let Some(trouble) = result.not_analysed() {
                problems.push(format!("{}\n{}", trouble.message, source.text()));
            }
            for finding in settle(&source, &result, &Project::default(), &config) {
                let steps = finding.steps.iter().map(|step| step.range);
                let related = finding.related.iter().map(|related| related.range);
                for range in steps.chain(related).chain([finding.range]) {
                    let cell = source.cell_at(range.start()).expect("all text is in cells").content();
                    if range.start() > cell.end() || range.end() > cell.end() {
                        problems.push(format!("{finding:?} leaves its cell\n{}", source.text()));
                    }
                }
            }
        }
        problems
    };
    let problems: Vec<String> = snippets.par_iter().flat_map_iter(look).collect();
    assert_none(&problems.into_iter().take(5).collect::<Vec<_>>());
}

// ---- what is different in cells

/// Builds the model of a source and hands it to `ask` with its top-level statements.
fn with_model<T>(source: &Source, ask: impl FnOnce(&Model, &[Stmt]) -> T) -> T {
    let parsed = parse(source, DEFAULT_TARGET).expect("cells are not deep");
    let arenas = Arenas::default();
    let model = builder::build(source, parsed.syntax(), &arenas, DEFAULT_TARGET, NodeKinds::default());
    ask(&model.expect("cells are not deep"), &parsed.syntax().body)
}

/// The same for the expression that ends the last cell.
fn with_last<T>(cells: &[&str], ask: impl FnOnce(&Model, &Expr) -> T) -> T {
    with_model(&notebook(cells), |model, body| {
        let Some(Stmt::Expr(last)) = body.last() else { panic!("the last cell ends with an expression") };
        ask(model, &last.value)
    })
}

/// The expressions whose values are shown.
fn shown(source: &Source) -> Vec<&str> {
    with_model(source, |model, _| {
        let statements = model.nodes().filter_map(|(_, node)| match node {
            AnyNodeRef::StmtExpr(stmt) => Some(stmt),
            _ => None,
        });
        statements.filter(|stmt| model.is_cell_result(stmt)).map(|stmt| &source.text()[stmt.range]).collect()
    })
}

#[test]
fn the_value_at_the_end_of_a_cell_is_shown() {
    for cell in ["x", "y\nx", "y; x", "x # ;", "x\n\n# comment\n", "%%time\nx", "(\n x\n)", "await x"] {
        assert_eq!(shown(&notebook(&["1", cell, "2"])).len(), 3, "{cell}");
    }
    // Neither what a semicolon follows, nor what isn't the last statement, nor what stands in a block.
    for cell in ["x;", "x ; # comment", "x\n%pwd", "x\ny = 1", "if x:\n    x", "def f():\n    x", "", "# x"] {
        assert_eq!(shown(&notebook(&["1", cell, "2"])), ["1", "2"], "{cell}");
    }
    assert!(shown(&Source::from_text("x.py", "x\n")).is_empty(), "a file shows nothing");
}

#[test]
fn names_flow_from_cell_to_cell() {
    let name = |cells: &[&str]| with_last(cells, |model, last| Some(model.qualified_name(last)?.to_string()));
    assert_eq!(name(&["import functools as ft", "ft.cache"]).as_deref(), Some("functools.cache"));
    assert_eq!(name(&["%%time\nfrom functools import cache", "cache"]).as_deref(), Some("functools.cache"));
    let kind = |cells: &[&str]| with_last(cells, |model, last| model.type_of(last).map(|kind| kind.path().is_some()));
    assert_eq!(kind(&["x = 1", "x"]), Some(true));
    // An error in one cell does not keep the next from running.
    assert_eq!(kind(&["raise OSError", "x = 1", "x"]), Some(true));
    assert_eq!(kind(&["x = 1\nraise OSError\nx = None", "x"]), Some(true));
    // Some commands bind names that nobody sees.
    for (command, is_known) in [
        ("%time x = f()", false),
        ("%run other.py", false),
        ("%%capture x\n0", false),
        ("%%time\n0", true),
        ("%timeit f(x)", true),
        ("%matplotlib inline", true),
        ("!echo {x}", true),
        ("x?", true),
    ] {
        assert_eq!(kind(&["x = 1", command, "x"]).is_some(), is_known, "{command}");
    }
}

/// Checked with IPython 9: what it takes, and what it rejects.
#[test]
fn ipython_allows_more_than_python() {
    let rule = Rule::find("PP0002").expect("a rule");
    let messages = |cells: &[&str]| -> Vec<String> {
        let source = notebook(cells);
        let found = diagnostics(&source, &[rule], DEFAULT_TARGET);
        found.iter().map(|finding| format!("{} {}", source.place(finding.range.start()), finding.message)).collect()
    };
    for cells in [
        &["%matplotlib inline\n!pip install x\nfiles = !ls\nx = %timeit -o f()\nfiles?\n?files\nfiles??"][..],
        &["await f()", "async with f() as x:\n    pass", "async for x in f():\n    pass"],
        &[
            "[await f() for x in y]",
            "[x async for x in y]",
            "{await f() for x in [await g()]}",
            "(await f() for x in y)",
        ],
        &["x = 1", "from __future__ import annotations"],
        &["x = 1\nfrom __future__ import annotations"],
        &["x = 1", "global x"],
        &["    x = 1\n\n    y = 2\n    if x:\n        y = 3"],
        &["  # comment\n  x = 1"],
        &["\n\n%%time\nx = 1"],
        &["%%bash\nfor f in *; do echo; done", "%%html\n<p>", "pip install numpy", "%md\nNo code"],
        &["for x in y:\n    !echo {x}\n    %time x"],
    ] {
        assert!(messages(cells).is_empty(), "{cells:?}: {:?}", messages(cells));
    }
    for (cell, message) in [
        ("return 1", "1:1 `return` outside a function: there is nothing to return from"),
        ("yield 1", "1:1 `yield` outside a function"),
        ("def f():\n    await g()", "2:5 `await` outside `async def`: nothing could suspend here"),
        ("    x = 1\n  y = 2", "1:1 this line is indented, but no block starts above it"),
        ("# comment\n    x = 1", "2:1 this line is indented, but no block starts above it"),
        ("x = 1\n    y = 2", "2:1 this line is indented, but no block starts above it"),
        ("ls -la\nx = )", "2:5 "),
    ] {
        let found = messages(&["x = 1", cell, "y = 2"]);
        let [found] = &found[..] else { panic!("{cell}: {found:?}") };
        assert!(found.starts_with(&format!("cell 2:{message}")), "{cell}: {found}");
    }
}

#[test]
fn an_error_spoils_its_own_cell_only() {
    let source = notebook(&[
        "def f(x=[]):\n    x.append(1)\n    return x",
        "def g(:\n",
        "'''open",
        "x = (1\n",
        "return 1",
        "return 2",
    ]);
    let found = find(&source);
    let places: Vec<String> =
        found.iter().map(|finding| format!("{} {}", source.place(finding.range.start()), finding.rule.code)).collect();
    assert_eq!(
        places,
        [
            "cell 1:1:9 PP0301",
            "cell 2:1:7 PP0002",
            "cell 3:1:1 PP0002",
            "cell 4:1:7 PP0002",
            "cell 5:1:1 PP0002",
            "cell 6:1:1 PP0002"
        ]
    );
    // A parse error keeps the whole cell from running, a later one only what follows.
    assert_eq!(found[1].steps[1].text, "nothing in this cell runs before that is mended, not even the lines above");
    assert!(found[4].steps[1].text.ends_with("what stands above has run, what stands below never does"));
}

#[test]
fn limits_hold_in_each_cell() {
    let open = "(".repeat(150);
    let found = find(&notebook(&[&open, &open]));
    assert!(found.iter().all(|finding| !finding.message.contains("open brackets")), "{found:?}");
    let deep = format!("{}{}", "(".repeat(201), ")".repeat(201));
    let long = format!("{deep}\n{}", "# padding\n".repeat(10_000));
    let indented: String = (0..150).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect();
    let indented = indented + &" ".repeat(150) + "pass";
    for (cell, place) in [(&deep, "cell 2:1:201"), (&long, "cell 2:1:201"), (&indented, "cell 2:101:1")] {
        let source = notebook(&["x = '''(", cell, "y"]);
        let found = find(&source);
        assert_eq!(source.place(found[0].range.start()).to_string(), place);
        assert!(found[0].message.starts_with("more than "), "{found:?}");
    }
    let chain = vec!["1"; 20_000].join(" + ");
    assert!(analyse(&notebook(&["x", &chain]), &Config::default()).not_analysed().is_some());
}

/// A mistake whose fix needs `functools`.
const DECORATOR: &str =
    "def log(f):\n    def wrapper(*args):\n        return f(*args)\n    return wrapper\n@log\ndef g(): pass";

/// The texts of the cells, in which `DECORATOR` stands for the above, when it is mended.
fn with_import(cells: &[&str]) -> Vec<String> {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace("DECORATOR", DECORATOR)).collect();
    let fixed = fixed(&notebook(&cells.iter().map(String::as_str).collect::<Vec<_>>())).source;
    assert!(fixed.text().contains("wraps(f)\n    def wrapper"), "not fixed: {}", fixed.text());
    fixed.cells().iter().map(|cell| fixed.text()[cell.content()].to_owned()).collect()
}

#[test]
fn imports_run_before_what_needs_them() {
    // Beside the imports that are there, wherever a cell starts with them.
    assert_eq!(with_import(&["import os", "DECORATOR"])[0], "import functools\nimport os");
    assert_eq!(with_import(&["x = 1", "import os\n", "DECORATOR"])[1], "import functools\nimport os");
    let second = "# Set up\n%pylab\nimport os";
    assert_eq!(with_import(&["%pwd\n!ls", second, "DECORATOR"])[1], "# Set up\n%pylab\nimport functools\nimport os");
    // Otherwise on top of the first cell, after what has to come first.
    assert_eq!(with_import(&["x = 1", "DECORATOR"])[0], "import functools\nx = 1");
    assert_eq!(with_import(&["%load_ext x", "DECORATOR"])[0], "%load_ext x\nimport functools");
    assert_eq!(with_import(&["'''Sales'''", "DECORATOR"])[0], "'''Sales'''\nimport functools");
    assert_eq!(with_import(&["", "DECORATOR"])[0], "import functools");
    assert_eq!(with_import(&["# only\n# comments", "DECORATOR"])[0], "import functools\n# only\n# comments");
    let future = "from __future__ import annotations";
    assert_eq!(with_import(&[future, "DECORATOR"])[0], format!("{future}\nimport functools"));
    let both = format!("{future}; x = 1");
    assert_eq!(with_import(&[&both, "DECORATOR"])[0], format!("{future}; import functools; x = 1"));
    assert!(with_import(&["DECORATOR"])[0].starts_with("import functools\ndef log"));
    // Not in a cell that a magic runs, where names may stay inside, unless it is needed there.
    assert_eq!(with_import(&["%%timeit\nimport os", "x = 1", "DECORATOR"])[1], "import functools\nx = 1");
    assert!(with_import(&["%%timeit\nDECORATOR"])[0].starts_with("%%timeit\nimport functools\ndef log"));
    // Other languages have no imports.
    assert_eq!(with_import(&["%%bash\nls", "x = 1", "DECORATOR"])[0], "import functools\nx = 1");
    // An import that is there is used, unless it comes too late or stays in its cell.
    assert_eq!(with_import(&["from functools import wraps", "DECORATOR"])[0], "from functools import wraps");
    assert!(with_import(&["DECORATOR", "import functools"])[0].starts_with("import functools\n"));
    assert_eq!(with_import(&["%%timeit\nimport functools", "DECORATOR"])[1].matches("import functools").count(), 1);
}

#[test]
fn what_fixes_insert_stays_in_its_cell() {
    let cells = ["def f(x=[]):\n    '''Adds.'''\n    return x.append(1)", "def f(x=[]): x.append(1)", "%%time\n1"];
    let fixed = fixed(&notebook(&cells)).source;
    let texts: Vec<&str> = fixed.cells().iter().map(|cell| &fixed.text()[cell.content()]).collect();
    assert!(texts[0].ends_with("        x = []\n    return x.append(1)"), "{texts:?}");
    assert!(texts[1].starts_with("def f(x=None):\n    if x is None:"), "{texts:?}");
    assert_eq!(texts[2], cells[2]);
}

#[test]
fn comments_silence_in_their_cell() {
    let rule = Rule::find("PP3001").expect("a rule");
    let found = |cells: &[&str]| diagnostics(&notebook(cells), &[rule], DEFAULT_TARGET).len();
    assert_eq!(found(&["f() is 1", "f() is 1"]), 2);
    assert_eq!(found(&["f() is 1  # pyprep: ignore[PP3001] why", "f() is 1"]), 1);
    assert_eq!(found(&["# pyprep: ignore\nf() is 1", "f() is 1"]), 1);
    // A comment on a cell's last line says nothing about the next cell.
    assert_eq!(found(&["x\n# pyprep: ignore", "f() is 1"]), 1);
    assert_eq!(found(&["# pylint: disable=literal-comparison\nf() is 1", "f() is 1"]), 1);
    // A comment about the file is about the notebook.
    for comment in ["pyprep: ignore-file[PP3001]", "pyprep: ignore-file", "ruff: noqa", "pylint: skip-file"] {
        assert_eq!(found(&["f() is 1", &format!("# {comment}"), "f() is 1"]), 0, "{comment}");
    }
}

#[test]
fn fingerprints_know_no_cells() {
    let texts = ["def f():\n    return g() is 1\n", "g() is 1\n", "g() is 1\n"];
    let of = |source: &Source| fingerprints(source, &find(source));
    assert_eq!(of(&notebook(&texts)), of(&Source::from_text("x.py", texts.concat())));
}

// ---- cells and their places

#[test]
fn cells_know_their_places() {
    let cell =
        |index, id: Option<&str>, text: &str| CellText { index, id: id.map(str::to_owned), text: text.to_owned() };
    let cells =
        [cell(1, Some("a"), "x = 'ä'"), cell(3, None, "%%bash\nls"), cell(4, Some("b"), "y = 1\n"), cell(7, None, "")];
    let source = Source::from_cells("x.ipynb", cells);
    assert_eq!(source.text(), "x = 'ä'\ny = 1\n\n");
    let told: Vec<_> = source.cells().iter().map(|cell| (cell.index(), cell.number(), cell.id())).collect();
    assert_eq!(told, [(1, 2, Some("a")), (4, 5, Some("b")), (7, 8, None)]);
    // In columns of characters; a cell's end is its own.
    let places = [0, 7, 8, 9, 14, 15, 16].map(|offset: u32| source.place(offset.into()).to_string());
    let wanted = ["cell 2:1:1", "cell 2:1:7", "cell 2:1:8", "cell 5:1:1", "cell 5:1:6", "cell 8:1:1", "cell 8:2:1"];
    assert_eq!(places, wanted);
    let range = |from: u32, to: u32| TextRange::new(from.into(), to.into());
    let (_, end) = source.places(range(0, 9));
    assert_eq!(end.to_string(), "cell 2:2:1", "the end of the last line is not in the next cell");
    assert_eq!(source.clip(range(0, 9)), range(0, 8));
    assert_eq!(source.clip(range(4, 15)), range(4, 8));
    assert_eq!(source.clip(range(15, 16)), range(15, 15));
    assert_eq!(source.named_line(9.into()).to_string(), "1 of cell 5");
    assert_eq!(source.to_bytes(), None, "it came from no file");
    assert!(Source::from_text("x.py", "x").cells().is_empty());
}

// ---- the file

fn real(name: &str) -> Vec<u8> {
    fs::read(root().join(format!("tests/notebooks/{name}.ipynb"))).expect("it is there")
}

fn read(json: impl Into<Vec<u8>>) -> Result<Source, DecodeError> {
    Source::from_bytes("x.ipynb", json.into())
}

#[derive(Deserialize)]
struct Sources<'a> {
    #[serde(borrow)]
    cells: Vec<Written<'a>>,
}

#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    source: &'a RawValue,
}

/// The JSON of the cells' sources, and all that stands around them.
fn taken_apart(json: &str) -> (Vec<&str>, Vec<&str>) {
    let Sources { cells } = serde_json::from_str(json).expect("a notebook");
    let sources: Vec<&str> = cells.iter().map(|cell| cell.source.get()).collect();
    let mut around = Vec::new();
    let mut at = 0;
    for source in &sources {
        let start = source.as_ptr() as usize - json.as_ptr() as usize;
        around.push(&json[at..start]);
        at = start + source.len();
    }
    around.push(&json[at..]);
    (sources, around)
}

/// What a source in JSON means.
fn meaning(json: &str) -> String {
    match serde_json::from_str(json).expect("JSON") {
        serde_json::Value::String(text) => text,
        serde_json::Value::Array(lines) => lines.iter().map(|line| line.as_str().expect("a line")).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn fixes_touch_nothing_but_the_cells_that_they_change() {
    for (name, changed) in [("jupyterlab", &[1, 2, 5, 7, 10][..]), ("colab", &[3, 4]), ("databricks", &[2, 5])] {
        let before = String::from_utf8(real(name)).expect("UTF-8");
        for (before, has_bom) in [(before.clone(), false), (before.replace('\n', "\r\n"), false), (before, true)] {
            let mark = if has_bom { "\u{feff}" } else { "" };
            let source = read(format!("{mark}{before}")).expect("a notebook");
            assert_eq!(source.to_bytes(), Some(format!("{mark}{before}").into_bytes()), "{name}: read and written");
            let fixed = fixed(&source).source;
            let after = String::from_utf8(fixed.to_bytes().expect("it came from a file")).expect("UTF-8");
            let after = after.strip_prefix(mark).expect("the mark is kept");
            let ((old, around), (new, still_around)) = (taken_apart(&before), taken_apart(after));
            assert_eq!(around, still_around, "{name}: around the sources");
            let differing: Vec<usize> = (0..old.len()).filter(|&index| old[index] != new[index]).collect();
            assert_eq!(differing, changed, "{name}: the changed cells");
            for cell in fixed.cells() {
                let text = meaning(new[cell.index()]);
                assert_eq!(text.trim_end_matches('\n'), fixed.text()[cell.range()].trim_end_matches('\n'), "{name}");
                assert_eq!(text.ends_with('\n'), meaning(old[cell.index()]).ends_with('\n'), "{name}");
            }
            assert_eq!(before.is_ascii(), after.is_ascii(), "{name}: escapes");
        }
    }
}

/// Fixes a one-cell notebook whose cell's source is written so.
fn fixed_source(source: &str) -> String {
    let cell = format!(r#"{{"cell_type": "code", "source": {source}, "outputs": []}}"#);
    let json = format!(r#"{{"cells": [{cell}], "nbformat": 4, "nbformat_minor": 5}}"#);
    let fixed = fixed(&read(json).expect("a notebook")).source.to_bytes().expect("it came from a file");
    taken_apart(&String::from_utf8(fixed).expect("UTF-8")).0[0].to_owned()
}

#[test]
fn sources_are_written_as_they_were() {
    for (before, after) in [
        // A string stays a string, a list a list.
        (r#""x = 's'\nx is 's'""#, r#""x = 's'\nx == 's'""#),
        (r#"["x = 's'\n", "x is 's'"]"#, r#"["x = 's'\n", "x == 's'"]"#),
        (r#"["x = 's'\n","x is 's'\n"]"#, r#"["x = 's'\n","x == 's'\n"]"#),
        ("[\n  \"f() is 1\"\n ]", "[\n  \"f() == 1\"\n ]"),
        (
            "[ \"def f(x=[]):\\n\",\n\"  return x.append(1)\" ]",
            "[ \"def f(x=None):\\n\",\n\"  if x is None:\\n\",\n\"    x = []\\n\",\n\"  return x.append(1)\" ]",
        ),
        (
            "[\"def f(x=[]): return x.append(1)\"]",
            "[\"def f(x=None):\\n\", \"    if x is None:\\n\", \"        x = []\\n\", \"    return x.append(1)\"]",
        ),
        // Escapes stay where they are, and what is new is written in their way.
        (r#"["'\u00e9\/'\n", "f() is '\u00E9'"]"#, r#"["'\u00e9\/'\n", "f() == '\u00e9'"]"#),
        (r#"["'\u003c é'\n", "f() is 'é'"]"#, r#"["'\u003c é'\n", "f() == 'é'"]"#),
        (r#"["'\ud83c\udf89'\n", "f() is '\ud83c\udf89'"]"#, r#"["'\ud83c\udf89'\n", "f() == '\ud83c\udf89'"]"#),
        // Lines that aren't lines.
        (r#"["x = ", "1\nf() is 1\n", "y"]"#, r#"["x = 1\n", "f() == 1\n", "y"]"#),
        (r#""x = '\\n'\nf() is '\\n'\n""#, r#""x = '\\n'\nf() == '\\n'\n""#),
        (r#"["x = 1\r\n", "f() is 1\r\n"]"#, r#"["x = 1\r\n", "f() == 1\r\n"]"#),
        // What is removed leaves no empty line behind, nor an empty string.
        (r##"["x = 1\n", "# pyprep: ignore[PP0301]"]"##, r#"["x = 1"]"#),
        (r##"["x = 1\n", "# pyprep: ignore[PP0301]\n"]"##, r#"["x = 1\n"]"#),
        (r##"["# pyprep: ignore[PP0301]"]"##, "[]"),
        (r##""# pyprep: ignore[PP0301]""##, r#""""#),
    ] {
        assert_eq!(fixed_source(before), after, "{before}");
    }
}

// ---- files that are no such notebooks

/// A notebook with one cell and this metadata.
fn with_metadata(metadata: &str) -> String {
    format!(r#"{{"metadata": {metadata}, "nbformat": 4, "cells": [{{"cell_type": "code", "source": "f() is 1"}}]}}"#)
}

#[test]
fn python_notebooks_are_read() {
    for metadata in [
        "{}",
        r#"{"kernelspec": {"name": "python3", "display_name": "Python 3"}}"#,
        r#"{"kernelspec": {"language": "python"}, "language_info": {"name": "pyspark"}}"#,
        r#"{"language_info": {"name": "ipython"}}"#,
        r#"{"kernelspec": {"language": ""}}"#,
    ] {
        assert_eq!(read(with_metadata(metadata)).expect(metadata).text(), "f() is 1\n");
    }
    // What isn't Python is left out, what is empty is empty.
    for (cells, text) in [
        ("", ""),
        (r#"{"cell_type": "markdown", "source": "x"}, {"cell_type": "raw", "source": ["x"]}"#, ""),
        (r#"{"cell_type": "code", "source": []}, {"cell_type": "code", "source": ["x\n", "y"]}"#, "\nx\ny\n"),
        (r#"{"cell_type": "code", "source": "x", "metadata": {"vscode": {"languageId": "sql"}}}"#, ""),
        (r#"{"cell_type": "code", "source": "x", "metadata": {"vscode": {"languageId": "python"}}}"#, "x\n"),
        (r#"{"cell_type": "code"}"#, ""),
    ] {
        let json = format!(r#"{{"cells": [{cells}], "nbformat": 4}}"#);
        assert_eq!(read(json.as_str()).expect(cells).text(), text, "{cells}");
    }
    for nothing in ["", " \n"] {
        let source = read(nothing).expect("an empty file is an empty notebook");
        assert!(find(&source).is_empty());
        assert_eq!(source.to_bytes().as_deref(), Some(nothing.as_bytes()));
    }
}

#[test]
fn other_files_are_told_what_they_are() {
    let told = |json: &[u8]| read(json).expect_err("no notebook").to_string();
    let broken = "not analysed: it is no valid notebook";
    for (json, message) in [
        (&b"import os\n"[..], format!("{broken} (expected value at line 1 column 1)")),
        (b"{\n<<<<<<< HEAD\n", format!("{broken} (key must be a string at line 2 column 1)")),
        (b"[]", format!("{broken} (")),
        (b"{}", "not analysed: it is JSON, but no notebook: it has no `cells`".into()),
        (br#"{"cells": [], "nbformat": 5}"#, "not analysed: it is a notebook of format 5".into()),
        (br#"{"worksheets": [], "nbformat": 3}"#, "not analysed: it is a notebook of the old format 3; save".into()),
        (br#"{"worksheets": []}"#, "not analysed: it is a notebook of the old format 3".into()),
        (br#"{"cells": [{"cell_type": "code", "source": 1}]}"#, "not analysed: the source of cell 1 is neither".into()),
        (br#"{"cells": [{"cell_type": "code", "source": ["", 1]}]}"#, "not analysed: the source of cell 1 is".into()),
        (b"{\n\"\xff\": 1}", "not analysed: it is not valid UTF-8 on line 2".into()),
    ] {
        assert!(told(json).starts_with(&message), "{}", told(json));
    }
    for metadata in [r#"{"kernelspec": {"language": "R"}}"#, r#"{"language_info": {"name": "R"}}"#] {
        assert_eq!(told(with_metadata(metadata).as_bytes()), "left out: a notebook for R, not for Python");
    }
}

#[test]
fn broken_json_breaks_nothing() {
    let small =
        with_metadata(r#"{"kernelspec": {"language": "python"}}"#).replace("f()", r"'\u00e9\n' + f()").into_bytes();
    let whole = real("databricks");
    let check = |bytes: Vec<u8>| {
        let Ok(source) = read(bytes.clone()) else { return };
        assert_eq!(source.to_bytes(), Some(bytes), "read and written");
        let result = analyse(&source, &Config::default());
        assert_eq!(result.not_analysed(), None);
        settle(&source, &result, &Project::default(), &Config::default());
        fixed(&source).source.to_bytes().expect("it came from a file");
    };
    (0..small.len()).into_par_iter().for_each(|at| {
        check(small[..at].to_vec());
        for other in [&b""[..], b"\"", b"\\", b"[", b"}", b"\xff", b"\n", b"0", b"\\ud83c"] {
            check([&small[..at], other, &small[at + 1..]].concat());
            check([&small[..at], other, &small[at..]].concat());
        }
    });
    (0..whole.len()).into_par_iter().for_each(|at| {
        check(whole[..at].to_vec());
        check([&whole[..at], &whole[at + 1..]].concat());
    });
}

#[test]
fn outputs_may_hold_anything() {
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for output in [nested.as_str(), r#""\ud800""#, "1e999", r#"{"a": 1, "a": 2}"#] {
        let cell = format!(r#"{{"outputs": [{output}], "cell_type": "code", "source": "f() is 1"}}"#);
        let json = format!(r#"{{"cells": [{cell}], "nbformat": 4}}"#);
        let fixed = fixed(&read(json.as_str()).expect("a notebook")).source.to_bytes();
        assert_eq!(fixed, Some(json.replace("is 1", "== 1").into_bytes()));
    }
}
