//! The fix engine with the real rules: whatever their fixes do, line ends, encodings and the code's validity survive.

mod support;

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::Config;
use pyprep_lint::diagnostic::Diagnostic;
use pyprep_lint::fix::{self, Applicability, Fixed};
use pyprep_lint::guide::{Page, blocks};
use pyprep_lint::project::Project;
use pyprep_lint::rules::RULES;
use pyprep_lint::source::Source;
use support::{assert_none, root};

/// Python with mistakes: the *Bad* blocks of the pages, the edge cases and the seeds, each with its place.
fn mistakes() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for rule in RULES {
        let bad = blocks(Page::parse(rule.page).section("Bad"));
        texts.extend(bad.iter().map(|block| (format!("{}, Bad", rule.name), block.code.to_owned())));
        let cases = std::fs::read_to_string(root().join(format!("tests/cases/{}.md", rule.name))).unwrap_or_default();
        let cases = blocks(&cases).into_iter().filter(|block| block.is("python"));
        texts.extend(cases.map(|block| (format!("{}, cases at {}", rule.name, block.offset), block.code.to_owned())));
        let seeds = std::fs::read_to_string(root().join(format!("tests/seeds/{}.py", rule.name))).unwrap_or_default();
        let seeds = seeds.split("# ---\n").enumerate().filter(|(_, seed)| !seed.trim().is_empty());
        texts.extend(seeds.map(|(index, seed)| (format!("{}, seed {index}", rule.name), seed.to_owned())));
    }
    texts
}

fn find(source: &Source) -> Vec<Diagnostic> {
    let config = Config::default();
    settle(source, &analyse(source, &config), &Project::default(), &config)
}

fn errors(source: &Source) -> usize {
    ruff_python_parser::parse_unchecked(
        source.text(),
        ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module),
    )
    .errors()
    .len()
}

fn fixed(text: &str) -> Result<Fixed, fix::Endless> {
    fix::to_the_end(Source::from_text("x.py", text), Applicability::Unsafe, find, errors)
}

#[test]
fn no_fix_breaks_code_and_all_come_to_an_end() {
    let mut problems = Vec::new();
    for (place, text) in mistakes() {
        match fixed(&text) {
            Ok(fixed) => {
                problems.extend(fixed.dropped.iter().map(|dropped| format!("{place}: dropped {dropped:?}")));
                let before = errors(&Source::from_text("x.py", text.as_str()));
                if errors(&fixed.source) > before {
                    problems.push(format!("{place}: broken:\n{}", fixed.source.text()));
                }
            }
            Err(endless) => problems.push(format!("{place}: {endless}")),
        }
    }
    assert_none(&problems);
}

#[test]
fn line_ends_make_no_difference() {
    let mut problems = Vec::new();
    for (place, text) in mistakes() {
        let Ok(wanted) = fixed(&text) else { continue };
        for end in ["\r\n", "\r"] {
            let Ok(found) = fixed(&text.replace('\n', end)) else { continue };
            if found.source.text() != wanted.source.text().replace('\n', end) {
                problems.push(format!(
                    "{place} with {end:?}:\n{:?}\nnot\n{}",
                    found.source.text(),
                    wanted.source.text()
                ));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn comments_survive() {
    let mut problems = Vec::new();
    let comments = |text: &str| -> Vec<String> {
        let parsed = ruff_python_parser::parse_unchecked(
            text,
            ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module),
        );
        let is_comment =
            |token: &&ruff_python_ast::token::Token| token.kind() == ruff_python_ast::token::TokenKind::Comment;
        let mut comments: Vec<String> = parsed
            .tokens()
            .iter()
            .filter(is_comment)
            .map(|token| text[ruff_text_size::Ranged::range(token)].trim_end().to_owned())
            // These are what PP0001 removes.
            .filter(|comment| !comment.contains("pyprep:"))
            .collect();
        comments.sort_unstable();
        comments
    };
    for (place, text) in mistakes() {
        let Ok(fixed) = fixed(&text) else { continue };
        let left = comments(fixed.source.text());
        let lost: Vec<String> = comments(&text).into_iter().filter(|comment| !left.contains(comment)).collect();
        if !lost.is_empty() {
            problems.push(format!("{place}: lost {lost:?} in\n{}", fixed.source.text()));
        }
    }
    assert_none(&problems);
}
