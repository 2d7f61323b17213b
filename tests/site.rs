//! The web site: whole, self-contained, and written without touching what isn't ours.

mod support;

use std::collections::{HashMap, HashSet};

use pyprep_lint::guide::{MARK, SiteFile, site};
use pyprep_lint::rules::{QUESTIONS, RULES};
use support::assert_none;

fn pages(files: &[SiteFile]) -> impl Iterator<Item = &SiteFile> {
    files.iter().filter(|file| file.path.ends_with(".html"))
}

/// The values of an attribute, and the name of each one's tag.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<(&'p str, &'p str)> {
    let tags = page.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag));
    tags.filter_map(|tag| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some((tag.split_whitespace().next()?, rest.split_once('"')?.0))
    })
    .collect()
}

fn unescaped(page: &str) -> String {
    let characters = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    characters.iter().fold(page.to_owned(), |page, (name, character)| page.replace(name, character))
}

/// Where a relative link of a page leads.
fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn every_question_and_rule_has_a_page() {
    let files = site(None);
    let by_path: HashMap<&str, &str> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    let mut problems = Vec::new();
    for question in QUESTIONS {
        let path = question.path.replace("README.md", "index.html");
        let page = by_path.get(path.as_str()).copied().unwrap_or_default();
        let rules = question.rules().all(|rule| page.contains(rule.name));
        if !(rules && page.contains(&format!("Question {} ", question.number)) && page.contains("freebytes.in")) {
            problems.push(format!("{path} is not whole"));
        }
    }
    for rule in RULES {
        let path = rule.path.replace(".md", ".html");
        let page = unescaped(by_path.get(path.as_str()).copied().unwrap_or_default());
        if !rule.symptoms.iter().all(|symptom| page.contains(symptom)) {
            problems.push(format!("{path} lacks a symptom"));
        }
        if !by_path["assets/search.js"].contains(&format!("\"url\":\"{path}\"")) {
            problems.push(format!("{path} can't be found"));
        }
    }
    assert_eq!(files.len(), 5 + QUESTIONS.len() + RULES.len());
    assert_none(&problems);
}

#[test]
fn links_lead_somewhere() {
    let files = site(None);
    let ids: HashMap<&str, Vec<&str>> = pages(&files)
        .map(|file| (file.path.as_str(), attributes(&file.text, "id").into_iter().map(|(_, id)| id).collect()))
        .collect();
    let paths: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut problems = Vec::new();
    for file in pages(&files) {
        let own = &ids[file.path.as_str()];
        if own.iter().collect::<HashSet<_>>().len() != own.len() {
            problems.push(format!("{}: an id is there twice", file.path));
        }
        for (_, link) in [attributes(&file.text, "href"), attributes(&file.text, "src")].concat() {
            if link.starts_with("https:") || link.starts_with("data:") {
                continue;
            }
            let (path, id) = link.split_once('#').map_or((link, None), |(path, id)| (path, Some(id)));
            let path = if path.is_empty() { file.path.clone() } else { resolve(&file.path, path) };
            let has_id = id.is_none_or(|id| ids.get(path.as_str()).is_some_and(|ids| ids.contains(&id)));
            if !paths.contains(path.as_str()) || !has_id {
                problems.push(format!("{}: {link} leads nowhere", file.path));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn nothing_is_fetched_and_no_script_or_style_stands_in_a_page() {
    let files = site(None);
    let mut problems = Vec::new();
    for file in &files {
        if file.path.ends_with(".css") && (file.text.contains("url(") || file.text.contains("@import")) {
            problems.push(format!("{} loads something", file.path));
        }
        if !file.text[..file.text.floor_char_boundary(400)].contains(MARK) {
            problems.push(format!("{} doesn't say that it is ours", file.path));
        }
    }
    for SiteFile { path, text } in pages(&files) {
        let linked = attributes(text, "href").into_iter().filter(|(tag, _)| *tag != "a");
        for (tag, address) in linked.chain(attributes(text, "src")) {
            if address.contains("//") {
                problems.push(format!("{path}: <{tag}> fetches {address}"));
            }
        }
        if text.contains("<script>") || text.contains("<style") || !attributes(text, "style").is_empty() {
            problems.push(format!("{path} holds a script or style, which a strict policy forbids"));
        }
        if ["onclick", "onload", "onerror", "onkeydown"].iter().any(|name| !attributes(text, name).is_empty()) {
            problems.push(format!("{path} holds an event handler"));
        }
    }
    assert_none(&problems);
}

/// The page without its code.
fn prose(page: &str) -> String {
    page.split("<code>").map(|part| part.split_once("</code>").map_or(part, |(_, after)| after)).collect()
}

#[test]
fn pages_are_filled_and_well_formed() {
    let files = site(None);
    let mut problems = Vec::new();
    for SiteFile { path, text } in pages(&files) {
        if text.contains("# error[") || text.contains("# error\n") {
            problems.push(format!("{path}: a marker is shown"));
        }
        let gap = prose(text).split('{').skip(1).find_map(|rest| {
            let (name, _) = rest.split_once('}')?;
            (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
                .then(|| name.to_owned())
        });
        if let Some(name) = gap {
            problems.push(format!("{path}: nothing fills {{{name}}}"));
        }
        if let Err(problem) = check_nesting(text) {
            problems.push(format!("{path}: {problem}"));
        }
    }
    assert_none(&problems);
}

/// Whether every tag that is opened is closed, in order.
fn check_nesting(page: &str) -> Result<(), String> {
    let mut open = Vec::new();
    for rest in page.split('<').skip(1) {
        let (tag, _) = rest.split_once('>').ok_or("a tag without end")?;
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => match open.pop() {
                Some(opened) if opened == name => {}
                opened => return Err(format!("</{name}> closes {opened:?}")),
            },
            None if ["!doctype", "meta", "link", "input", "br", "hr"].contains(&name) => {}
            None => open.push(name),
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are never closed")) }
}
