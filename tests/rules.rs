//! The pages are the tests: *Bad* is found exactly, *Good* is clean, fixes mend, and every claim about Python is run.

mod support;

use std::fs;

use pyprep_lint::config::{Config, DEFAULT_TARGET, Teach};
use pyprep_lint::diagnostic::{Diagnostic, Severity};
use pyprep_lint::guide::{Block, Page, RULE_SECTIONS, blocks, hover, without_front_matter};
use pyprep_lint::rules::{RULES, Rule};
use pyprep_lint::source::Source;
use support::{Snippet, assert_none, diagnostics, python, root, rules, without_markers};

fn section_snippets(rule: &'static Rule, section: &str) -> Vec<Snippet> {
    let blocks: Vec<Block> =
        blocks(Page::parse(rule.page).section(section)).into_iter().filter(|block| block.is("python")).collect();
    let number = |block: &Block| 1 + blocks.iter().take_while(|other| *other != block).count();
    Snippet::of_section(&blocks, |block| format!("{}, {section} {}", rule.name, number(block)))
}

/// The edge cases of a rule: heading, snippet, and the text that its fixes must give, if the file says.
fn cases(rule: &'static Rule) -> Vec<(&'static str, Snippet, Option<String>)> {
    let path = root().join(format!("tests/cases/{}.md", rule.name));
    let Ok(text) = fs::read_to_string(&path) else { return Vec::new() };
    let text: &'static str = text.leak();
    let mut cases: Vec<(&str, Snippet, Option<String>)> = Vec::new();
    for (heading, section) in Page::parse(text).sections {
        let start = section.as_ptr() as usize - text.as_ptr() as usize;
        let place = |block: &Block| {
            let line = 1 + text[..start + block.offset].matches('\n').count();
            format!("tests/cases/{}.md:{line} ({heading})", rule.name)
        };
        let blocks = blocks(section);
        let shown: Vec<Block> = blocks.iter().filter(|block| !block.has("fixed")).copied().collect();
        let mut snippets = Snippet::of_section(&shown, place).into_iter();
        for block in blocks {
            if block.has("fixed") {
                let (_, _, fixed) = cases.last_mut().expect("a fixed block follows another");
                *fixed = Some(block.code.to_owned());
            } else {
                cases.push((heading, snippets.next().expect("one for each block"), None));
            }
        }
    }
    cases
}

#[test]
fn pages_have_all_sections() {
    let mut problems = Vec::new();
    for rule in rules() {
        let page = Page::parse(rule.page);
        let titles: Vec<&str> = page.sections.iter().map(|(title, _)| *title).collect();
        if titles != RULE_SECTIONS {
            problems.push(format!("{}: its sections are {titles:?}", rule.name));
        }
        if page.headline.is_empty() || page.sections.iter().any(|(_, text)| text.is_empty()) {
            problems.push(format!("{}: something is empty", rule.name));
        }
        let lines = without_front_matter(rule.page).lines().count();
        if lines > 80 {
            problems.push(format!("{}: {lines} lines, 80 are allowed", rule.name));
        }
    }
    assert_none(&problems);
}

#[test]
fn findings_are_those_that_the_markers_announce() {
    let mut problems = Vec::new();
    for rule in rules() {
        for section in ["Bad", "Good"] {
            for snippet in section_snippets(rule, section) {
                // In a project, one file may have to do with the mistake of another.
                let is_marked = !snippet.expected.is_empty();
                if (section == "Bad") != is_marked && rule.code != "PP0001" && snippet.others.is_empty() {
                    problems.push(format!("{}: wrong markers for its section", snippet.place));
                }
                problems.extend(snippet.check(rule));
            }
        }
        for (_, snippet, _) in cases(rule) {
            problems.extend(snippet.check(rule));
        }
    }
    assert_none(&problems);
}

#[test]
fn good_code_has_no_warning_of_any_rule() {
    let all: Vec<&Rule> = RULES.iter().collect();
    let mut problems = Vec::new();
    for rule in rules() {
        for snippet in section_snippets(rule, "Good") {
            for diagnostic in snippet.diagnostics(&all) {
                if diagnostic.severity >= Severity::Warning {
                    problems.push(format!("{}: {} {}", snippet.place, diagnostic.rule.code, diagnostic.message));
                }
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn fixes_lead_to_clean_code_that_parses() {
    let mut problems = Vec::new();
    for rule in rules() {
        let bad = section_snippets(rule, "Bad").into_iter().map(|snippet| (snippet, None));
        let cases = cases(rule).into_iter().map(|(_, snippet, fixed)| (snippet, fixed));
        for (snippet, wanted) in bad.chain(cases) {
            let fixed = snippet.fixed(rule);
            let broken = |text: &str| ruff_python_parser::parse_module(text).is_err();
            if broken(&fixed) && !broken(snippet.source.text()) {
                problems.push(format!("{}: the fix breaks the code:\n{fixed}", snippet.place));
            }
            let left = snippet.diagnostics_of(&fixed, rule);
            if left.iter().any(|diagnostic| {
                !diagnostic.fixes.is_empty()
                    && diagnostic.fixes[0].applicability != pyprep_lint::fix::Applicability::Display
            }) {
                problems.push(format!("{}: fixing does not come to an end:\n{fixed}", snippet.place));
            }
            if wanted.is_some_and(|wanted| without_markers(&wanted) != without_markers(&fixed)) {
                problems.push(format!("{}: fixed differently:\n{fixed}", snippet.place));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn python_does_what_the_pages_say() {
    let mut problems = Vec::new();
    for rule in rules().into_iter().filter(|rule| rule.runs) {
        let section = blocks(Page::parse(rule.page).section("What Python does"));
        let [script, output] = &section[..] else {
            problems.push(format!("{}: What Python does wants a script and its output", rule.name));
            continue;
        };
        match python(script.code) {
            Ok(real) if real.trim_end() == output.code.trim_end() => {}
            Ok(real) => problems.push(format!("{}: Python prints\n{real}", rule.name)),
            Err(error) => problems.push(format!("{}: the script fails\n{error}", rule.name)),
        }
    }
    assert_none(&problems);
}

#[test]
fn every_clause_has_a_snippet_that_names_it() {
    let mut problems = Vec::new();
    for rule in rules() {
        let path = root().join(format!("tests/clauses/{}.txt", rule.name));
        let Ok(clauses) = fs::read_to_string(&path) else {
            problems.push(format!("{}: no clauses are listed", rule.name));
            continue;
        };
        let cases = cases(rule);
        let named: Vec<&str> = cases.iter().flat_map(|(heading, ..)| heading.split(',')).map(str::trim).collect();
        let listed: Vec<&str> = clauses.lines().filter_map(|line| Some(line.split_once(':')?.0.trim())).collect();
        for clause in &listed {
            if !named.contains(clause) {
                problems.push(format!("{}: no snippet for the clause {clause}", rule.name));
            }
        }
        for name in named {
            if !listed.contains(&name) {
                problems.push(format!("{}: a snippet names {name}, which is no clause", rule.name));
            }
        }
    }
    assert_none(&problems);
}

/// The codes of all findings in a text, in source order.
fn codes(source: &Source) -> Vec<&'static str> {
    let all: Vec<&Rule> = RULES.iter().collect();
    diagnostics(source, &all, DEFAULT_TARGET).iter().map(|diagnostic| diagnostic.rule.code).collect()
}

#[test]
fn a_cause_is_found_once() {
    let mut problems = Vec::new();
    for (text, expected) in [
        // A silent `except:` is the flagship's, which says so, unless that has nothing to say.
        ("try:\n    f()\nexcept:\n    pass\n", &["PP0801"][..]),
        ("try:\n    f()\nexcept (KeyboardInterrupt, SystemExit):\n    raise\nexcept:\n    pass\n", &["PP0802"]),
        // What is Python 2 is named as such; what isn't is a syntax error; the rest is linted all the same.
        ("print 'a'\nx = 0777\nif True\n    pass\n", &["PP0101", "PP0101", "PP0002"]),
        ("print 'a'\ndef f(x=[]):\n    x.append(1)\n    return x\n", &["PP0101", "PP0301"]),
        ("try:\n    f()\nexcept E, e:\n    print(e)\n", &["PP0101"]),
        ("def f((a, b)):\n    print a\n", &["PP0101", "PP0101"]),
        ("print 'a\nx = 1\n", &["PP0101", "PP0002"]),
        ("print the results of the day\n", &["PP0002"]),
    ] {
        let found = codes(&Source::from_text("shop.py", text));
        if found != expected {
            problems.push(format!("{text:?}: {found:?}, not {expected:?}"));
        }
    }
    assert_none(&problems);
}

#[test]
fn a_magic_may_bind_names() {
    let notebook = |first: &str| {
        let cell = |code: &str| {
            format!(
                r#"{{"cell_type": "code", "execution_count": null, "metadata": {{}}, "outputs": [], "source": ["{code}"]}}"#
            )
        };
        let cells = [cell(first), cell("print(xrange(3))")].join(", ");
        let text = format!(r#"{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}"#);
        codes(&Source::from_bytes("shop.ipynb", text.into_bytes()).expect("it is a notebook"))
    };
    assert_eq!(notebook("x = 1"), ["PP0102"]);
    assert_eq!(notebook("%run compat.py"), [""; 0]);
}

/// Nothing unfilled, at most twelve lines, and a first line that stands for itself.
fn check_hover(diagnostic: &Diagnostic, teach: Teach, place: &str, problems: &mut Vec<String>) {
    let mut config = Config::default();
    config.teach = teach;
    let text = hover(diagnostic, &config);
    if let Some(at) = text.find('{').filter(|at| text[at + 1..].starts_with(char::is_alphabetic)) {
        let unfilled = text[at..].split('}').next().unwrap_or_default();
        if !unfilled.contains([' ', '"', '\'', ':', '`']) {
            problems.push(format!("{place}: {teach:?}: unfilled {unfilled}}}"));
        }
    }
    let lines = text.lines().filter(|line| !line.is_empty()).count();
    if lines > 12 {
        problems.push(format!("{place}: {teach:?}: a hover of {lines} lines, 12 are allowed"));
    }
    let asks = text.lines().next().is_some_and(|line| line.contains('?'));
    if teach == Teach::Nudge && !asks {
        problems.push(format!("{place}: the nudge asks nothing"));
    }
}

#[test]
fn messages_and_hovers_teach() {
    let mut problems = Vec::new();
    for rule in rules() {
        let bad = section_snippets(rule, "Bad");
        let shown = bad.len();
        let cases = cases(rule).into_iter().map(|(_, snippet, _)| snippet);
        for (index, snippet) in bad.into_iter().chain(cases).enumerate() {
            for diagnostic in snippet.diagnostics(&[rule]) {
                let message = &diagnostic.message;
                let first = message.chars().next().unwrap_or(' ');
                if !(first.is_lowercase() || first == '`') || message.ends_with('.') || message.contains('\n') {
                    problems.push(format!("{}: message style: {message}", snippet.place));
                }
                if index < shown && message.chars().count() > 100 {
                    problems.push(format!("{}: {} characters: {message}", snippet.place, message.chars().count()));
                }
                for teach in [Teach::Nudge, Teach::Explain, Teach::Fix] {
                    check_hover(&diagnostic, teach, &snippet.place, &mut problems);
                }
                for caveat in diagnostic.fixes.iter().filter_map(|fix| fix.caveat.as_ref()) {
                    let first = caveat.chars().next().unwrap_or(' ');
                    if first.is_uppercase() && !caveat.starts_with("Ctrl-C") || caveat.ends_with('.') {
                        problems.push(format!("{}: caveat style: {caveat}", snippet.place));
                    }
                }
                if rule.question > 0 && diagnostic.steps.is_empty() {
                    problems.push(format!("{}: no steps of its own: {message}", snippet.place));
                }
                let stands_alone = matches!(rule.code, "PP0101" | "PP0102" | "PP3001");
                let has_place = !diagnostic.related.is_empty() || !diagnostic.elsewhere.is_empty();
                if rule.question > 0 && !stands_alone && !has_place && index < shown {
                    problems.push(format!("{}: no related place: {message}", snippet.place));
                }
                for related in &diagnostic.related {
                    if related.message.starts_with(char::is_uppercase) && !related.message.starts_with("Ctrl-C")
                        || related.message.ends_with('.')
                    {
                        problems.push(format!("{}: style of a related text: {}", snippet.place, related.message));
                    }
                }
                for step in &diagnostic.steps {
                    if step.text.starts_with(char::is_uppercase) || step.text.ends_with('.') {
                        problems.push(format!("{}: step style: {}", snippet.place, step.text));
                    }
                }
                for fix in &diagnostic.fixes {
                    if !fix.title.starts_with(char::is_uppercase) || fix.title.ends_with('.') {
                        problems.push(format!("{}: fix title: {}", snippet.place, fix.title));
                    }
                }
            }
        }
    }
    assert_none(&problems);
}
