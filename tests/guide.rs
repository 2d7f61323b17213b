//! The questions' pages: complete, and true when run.

mod support;

use pyprep_lint::guide::{Page, QUESTION_SECTIONS, blocks, for_readers};
use pyprep_lint::rules::{QUESTIONS, RULES};
use support::{assert_none, python};

#[test]
fn question_pages_are_complete() {
    let mut problems = Vec::new();
    for question in QUESTIONS {
        let place = format!("question {}", question.number);
        let page = Page::parse(question.page);
        let titles: Vec<&str> = page.sections.iter().map(|(title, _)| *title).collect();
        if titles != QUESTION_SECTIONS || page.sections.iter().any(|(_, text)| text.is_empty()) {
            problems.push(format!("{place}: its sections are {titles:?}, all must be there and say something"));
        }
        if page.headline != question.title {
            problems.push(format!("{place}: headline and title differ"));
        }
        if !["Basic", "Intermediate", "Advanced", "Experienced", "Performance"].contains(&question.level) {
            problems.push(format!("{place}: there is no level {}", question.level));
        }
        let words = question.fragment.split_whitespace().count();
        if !(1..=5).contains(&words) {
            problems.push(format!("{place}: the fragment has {words} words, not one to five"));
        }
        let mistake = blocks(page.section("The common mistake"));
        if mistake.iter().filter(|block| block.is("python")).count() < 2 {
            problems.push(format!("{place}: the common mistake is shown wrong and right"));
        }
    }
    assert_none(&problems);
}

#[test]
fn every_rule_belongs_to_a_question_with_a_page() {
    let lost = RULES.iter().filter(|rule| rule.question > 0 && rule.question().is_none());
    assert_none(&lost.map(|rule| format!("{}: question {} has no page", rule.name, rule.question)).collect::<Vec<_>>());
}

#[test]
fn readers_see_no_markers_and_no_gaps() {
    let mut problems = Vec::new();
    for rule in RULES {
        let shown = for_readers(rule);
        if shown.contains("# error[") {
            problems.push(format!("{}: a marker is shown", rule.name));
        }
        let page = Page::parse(&shown);
        for section in ["What happens", "Fix"] {
            let text = page.section(section);
            let gap = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).find(|(name, _)| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            });
            if let Some((name, _)) = gap {
                problems.push(format!("{}: nothing fills {{{name}}} in {section}", rule.name));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn examples_print_what_the_pages_say() {
    let mut problems = Vec::new();
    for question in QUESTIONS {
        let example = blocks(Page::parse(question.page).section("Example"));
        let [script, output] = &example[..] else {
            problems.push(format!("question {}: Example wants a script and its output", question.number));
            continue;
        };
        match python(script.code) {
            Ok(real) if real.trim_end() == output.code.trim_end() => {}
            Ok(real) => problems.push(format!("question {}: Python prints\n{real}", question.number)),
            Err(error) => problems.push(format!("question {}: the script fails\n{error}", question.number)),
        }
    }
    assert_none(&problems);
}
