//! The questions' pages: complete, and true when run.

mod support;

use pulldown_cmark::{Event, Options, Parser, Tag};
use pyprep_lint::guide::{Block, Page, QUESTION_SECTIONS, blocks, for_readers, index};
use pyprep_lint::rules::{QUESTIONS, RULES};
use support::{assert_none, python, root, run_python};

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
        if mistake.len() < 2 {
            problems.push(format!("{place}: the common mistake is shown wrong and right"));
        }
        if !page.section("Follow-up").starts_with("**") {
            problems.push(format!("{place}: the follow-up starts with its question in bold"));
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

/// What a rule's or question's pages may show, and the highlighter knows.
const LANGUAGES: [&str; 5] = ["python", "text", "toml", "yaml", "console"];

fn language<'p>(block: &Block<'p>) -> &'p str {
    block.info.split_whitespace().next().unwrap_or_default()
}

#[test]
fn pages_use_what_all_readers_can_show() {
    let mut problems = Vec::new();
    let pages = RULES.iter().map(|rule| (rule.path, rule.page));
    for (path, page) in pages.chain(QUESTIONS.iter().map(|question| (question.path, question.page))) {
        for block in blocks(page).iter().filter(|block| !LANGUAGES.contains(&language(block))) {
            problems.push(format!("{path}: a block is `{}`, not one of {LANGUAGES:?}", block.info));
        }
        if Parser::new_ext(page, Options::ENABLE_TABLES).any(|event| matches!(event, Event::Start(Tag::Table(_)))) {
            problems.push(format!("{path}: a table doesn't fit on a phone or in a hover; write a list"));
        }
    }
    assert_none(&problems);
}

/// Why a block is not run, if it says so: `python norun — needs a server`.
fn norun<'p>(block: &Block<'p>) -> Option<&'p str> {
    let (_, reason) = block.info.split_once(" norun")?;
    Some(reason.trim_start_matches([' ', '—']))
}

#[test]
fn what_is_not_run_says_why() {
    let mut problems = Vec::new();
    for question in QUESTIONS {
        for block in blocks(question.page) {
            match norun(&block) {
                Some("") => problems.push(format!("{}: write `norun — reason`", question.path)),
                Some(reason) => eprintln!("{}: {reason}", question.path),
                None => {}
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
            problems.push(format!("{}: Example wants a script and its output", question.path));
            continue;
        };
        if norun(script).is_some() {
            continue;
        }
        match python(script.code) {
            Ok(real) if real.trim_end() == output.code.trim_end() => {}
            Ok(real) => problems.push(format!("{}: Python prints\n{real}", question.path)),
            Err(error) => problems.push(format!("{}: the script fails\n{error}", question.path)),
        }
    }
    assert_none(&problems);
}

/// Says which exception ends the script.
const RAISES: &str = "# raises: ";

/// What the comments after `print(...)` say that these lines print.
fn claims(code: &str) -> Vec<&str> {
    let prints = code.lines().filter(|line| line.trim_start().starts_with("print(") && !line.contains(RAISES));
    prints.filter_map(|line| Some(line.rsplit_once(")  # ")?.1)).collect()
}

#[test]
fn mistakes_do_what_the_pages_say() {
    let mut problems = Vec::new();
    for question in QUESTIONS {
        let mistake = blocks(Page::parse(question.page).section("The common mistake"));
        let scripts = mistake.iter().filter(|block| block.is("python") && norun(block).is_none());
        for (index, block) in scripts.enumerate() {
            let place = format!("{}, mistake {}", question.path, index + 1);
            let ran = run_python(block.code);
            let raises = block.code.lines().find_map(|line| Some(line.split_once(RAISES)?.1.trim()));
            if ran.exception() != raises {
                let error = ran.error.as_deref().unwrap_or("nothing");
                problems.push(format!("{place}: the page says that it raises {raises:?}; it raises\n{error}"));
            }
            let claims = claims(block.code);
            if !claims.is_empty() && ran.output.lines().ne(claims.iter().copied()) {
                problems.push(format!("{place}: the comments say {claims:?}; Python prints\n{}", ran.output));
            }
        }
    }
    assert_none(&problems);
}

/// Compares a file that is made from the pages with what they make of it now.
#[test]
fn the_index_is_fresh() {
    let path = root().join("rules/README.md");
    let refresh = "SNAPSHOTS=overwrite cargo test --test guide";
    let made = format!("<!-- Made from the pages; `{refresh}` makes it anew. -->\n{}", index(str::to_owned));
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        std::fs::write(&path, made).expect("the project can be written");
    } else {
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == made, "rules/README.md is stale: run {refresh}");
    }
}

#[test]
fn the_index_names_every_page_and_leads_to_it() {
    let index = index(str::to_owned);
    let pages = RULES.iter().map(|rule| rule.path).chain(QUESTIONS.iter().map(|question| question.path));
    let lost = pages.filter(|path| !index.contains(&format!("({path})")) || !root().join("rules").join(path).is_file());
    assert_none(&lost.map(|path| format!("{path} is not linked")).collect::<Vec<_>>());
}
