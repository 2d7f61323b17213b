//! Half-typed code: every snippet of the pages and cases, cut off and with single characters missing. No rule may panic, those
//! that are off by default included.

mod support;

use std::fs;

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::Config;
use pyprep_lint::guide::blocks;
use pyprep_lint::project::Project;
use pyprep_lint::rules::RULES;
use pyprep_lint::source::Source;
use rayon::prelude::*;
use support::{assert_none, root};

/// Every so many bytes a snippet is broken; a prime, so that all kinds of places are met.
const STEP: usize = 7;

#[test]
fn half_typed_code_is_analysed() {
    rayon::ThreadPoolBuilder::new().stack_size(32 << 20).build_global().expect("the first pool");
    let config = Config::new(RULES, Config::default().target_version);
    let mut texts: Vec<String> = RULES.iter().map(|rule| rule.page.to_owned()).collect();
    for rule in RULES {
        texts.push(
            fs::read_to_string(root().join(format!("tests/cases/{}.md", rule.name))).expect("every rule has cases"),
        );
    }
    let snippets: Vec<&str> = texts.iter().flat_map(|text| blocks(text)).map(|block| block.code).collect();
    let problems: Vec<String> = snippets
        .par_iter()
        .flat_map_iter(|snippet| {
            let places = (0..snippet.len()).step_by(STEP).filter(|&at| snippet.is_char_boundary(at));
            places.flat_map(move |at| {
                let next = at + snippet[at..].chars().next().map_or(0, char::len_utf8);
                [snippet[..at].to_owned(), snippet[at..].to_owned(), format!("{}{}", &snippet[..at], &snippet[next..])]
            })
        })
        .filter_map(|text| {
            let source = Source::from_text("broken.py", text);
            let result = analyse(&source, &config);
            settle(&source, &result, &Project::default(), &config);
            result.not_analysed().map(|trouble| format!("{}\n{}", trouble.message, source.text()))
        })
        .collect();
    assert_none(&problems.into_iter().take(5).collect::<Vec<_>>());
}
