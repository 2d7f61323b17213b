//! Turns the pages under `rules/` into the static tables of rules and questions. A page without code, code without a page,
//! a missing `mod` line or wrong front matter fails the build with a line that says what to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut registry = Registry::default();
    for folder in entries(&root.join("rules")) {
        if folder.is_dir() {
            registry.read_folder(&root, &folder);
        }
    }
    registry.find_orphaned_code(&root);
    if !registry.problems.is_empty() {
        for problem in &registry.problems {
            println!("cargo::error={problem}");
        }
        return;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("registry.rs"), registry.to_rust()).expect("OUT_DIR is writable");
}

#[derive(Default)]
struct Registry {
    /// By code, so that the table is sorted.
    rules: BTreeMap<String, Page>,
    questions: BTreeMap<u8, Page>,
    problems: Vec<String>,
}

struct Page {
    file: PathBuf,
    /// `rules/03-functions/x.md`, for messages.
    shown: String,
    keys: BTreeMap<String, String>,
    /// `q03_functions::mutable_default_argument`; empty for questions.
    module: String,
}

impl Page {
    /// `03-functions/x.md`.
    fn path(&self) -> &str {
        self.shown.trim_start_matches("rules/")
    }
}

impl Registry {
    fn read_folder(&mut self, root: &Path, folder: &Path) {
        let name = file_name(folder);
        let module = format!("q{}", name.replace('-', "_"));
        let Some(number) = name.split('-').next().and_then(|number| number.parse::<u8>().ok()) else {
            self.problems.push(format!("rules/{name}: name the folder NN-topic, as in 03-functions"));
            return;
        };
        for path in entries(folder) {
            let shown = format!("rules/{name}/{}", file_name(&path));
            if path.extension().is_none_or(|extension| extension != "md") {
                self.problems.push(format!("{shown}: only pages (.md) belong here"));
                continue;
            }
            let text = fs::read_to_string(&path).expect("a page is UTF-8");
            let keys = match front_matter(&text) {
                Ok(keys) => keys,
                Err(problem) => {
                    self.problems.push(format!("{shown}: {problem}"));
                    continue;
                }
            };
            let mut page = Page { file: path.clone(), shown, keys, module: String::new() };
            if file_name(&path) == "README.md" {
                self.require(&page, &["question", "level", "title", "fragment"]);
                if page.keys.get("question") != Some(&number.to_string()) {
                    self.problems.push(format!("{}: `question` must be {number}, as the folder says", page.shown));
                }
                self.questions.insert(number, page);
            } else {
                self.require(
                    &page,
                    &["code", "name", "severity", "fix", "equivalents", "since", "options", "symptoms", "see-also"],
                );
                let stem = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
                page.module = format!("{module}::{}", stem.replace('-', "_"));
                self.check_rule(root, &page, number, &stem);
                self.rules.insert(page.keys.get("code").cloned().unwrap_or_default(), page);
            }
        }
    }

    fn require(&mut self, page: &Page, keys: &[&str]) {
        for key in keys {
            if !page.keys.contains_key(*key) {
                self.problems.push(format!("{}: front matter lacks `{key}`", page.shown));
            }
        }
    }

    fn check_rule(&mut self, root: &Path, page: &Page, question: u8, stem: &str) {
        let Page { shown, keys, module, .. } = page;
        let value = |key: &str| keys.get(key).map_or("", String::as_str);
        if value("name") != stem {
            self.problems.push(format!("{shown}: `name` must be {stem}, as the file"));
        }
        if !value("code").starts_with(&format!("PP{question:02}")) {
            self.problems.push(format!("{shown}: `code` must start with PP{question:02}, as the folder"));
        }
        if !["error", "warning", "info", "hint"].contains(&value("severity")) {
            self.problems.push(format!("{shown}: `severity` must be error, warning, info or hint"));
        }
        if !["safe", "unsafe", "none"].contains(&value("fix")) {
            self.problems.push(format!("{shown}: `fix` must be safe, unsafe or none"));
        }
        if !["", "unnecessary", "deprecated"].contains(&value("tag")) {
            self.problems.push(format!("{shown}: `tag` must be unnecessary or deprecated"));
        }
        if !["", "off"].contains(&value("default")) {
            self.problems.push(format!("{shown}: `default` must be off; leave it out for a rule that is on"));
        }
        let (folder, file) = module.split_once("::").expect("made above");
        let code = format!("src/rules/{folder}/{file}.rs");
        if !root.join(&code).is_file() {
            self.problems.push(format!("{shown}: there is no {code}; write it (see README, how to add a rule)"));
        } else if !declares(&root.join(format!("src/rules/{folder}/mod.rs")), file) {
            self.problems.push(format!("{shown}: add `pub mod {file};` to src/rules/{folder}/mod.rs"));
        } else if !declares(&root.join("src/rules/mod.rs"), folder) {
            self.problems.push(format!("{shown}: add `pub mod {folder};` to src/rules/mod.rs"));
        }
    }

    fn find_orphaned_code(&mut self, root: &Path) {
        for folder in entries(&root.join("src/rules")) {
            if !folder.is_dir() {
                continue;
            }
            for file in entries(&folder) {
                let stem = file.file_stem().expect("it has a name").to_string_lossy();
                let module = format!("{}::{stem}", file_name(&folder));
                if stem != "mod" && !self.rules.values().any(|page| page.module == module) {
                    let page = module.trim_start_matches('q').replace("::", "/").replace('_', "-");
                    self.problems.push(format!(
                        "src/rules/{}/{}: no page describes this rule; write rules/{page}.md",
                        file_name(&folder),
                        file_name(&file),
                    ));
                }
            }
        }
    }

    fn to_rust(&self) -> String {
        let mut rust = String::from("/// Every rule, by code.\npub static RULES: &[Rule] = &[\n");
        for (index, (code, page)) in self.rules.iter().enumerate() {
            let value = |key: &str| page.keys.get(key).map_or("", String::as_str);
            let fix = match value("fix") {
                "safe" => "Some(Applicability::Safe)",
                "unsafe" => "Some(Applicability::Unsafe)",
                _ => "None",
            };
            let severity = value("severity");
            let tag = match value("tag") {
                "unnecessary" => "Some(Tag::Unnecessary)",
                "deprecated" => "Some(Tag::Deprecated)",
                _ => "None",
            };
            writeln!(
                rust,
                "Rule {{ index: {index}, code: {code:?}, name: {:?}, question: {}, severity: Severity::{}{}, fix: {fix}, \
                 tag: {tag}, equivalents: &{:?}, since: {:?}, symptoms: &{:?}, see_also: &{:?}, runs: {}, \
                 on_by_default: {}, path: {:?}, page: include_str!({:?}), checks: {}::CHECKS }},",
                value("name"),
                code[2..4].parse::<u8>().unwrap_or(0),
                severity[..1].to_uppercase(),
                &severity[1..],
                list(value("equivalents"), ','),
                value("since"),
                list(value("symptoms"), ';'),
                list(value("see-also"), ','),
                !page.keys.contains_key("python"),
                value("default") != "off",
                page.path(),
                page.file,
                page.module,
            )
            .expect("a String takes everything");
        }
        rust.push_str("];\n\n/// The questions that have a page, by number.\npub static QUESTIONS: &[Question] = &[\n");
        for (number, page) in &self.questions {
            let value = |key: &str| page.keys.get(key).map_or("", String::as_str);
            writeln!(
                rust,
                "Question {{ number: {number}, level: {:?}, title: {:?}, fragment: {:?}, path: {:?}, page: include_str!({:?}) }},",
                value("level"),
                value("title"),
                value("fragment"),
                page.path(),
                page.file,
            )
            .expect("a String takes everything");
        }
        rust.push_str("];\n");
        rust
    }
}

fn front_matter(text: &str) -> Result<BTreeMap<String, String>, String> {
    let body = text.strip_prefix("---\n").ok_or("must start with a line `---`")?;
    let (head, _) = body.split_once("\n---\n").ok_or("front matter must end with a line `---`")?;
    head.lines()
        .map(|line| {
            let (key, value) = line.split_once(':').ok_or(format!("not `key: value`: {line}"))?;
            Ok((key.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
        })
        .collect()
}

fn list(value: &str, separator: char) -> Vec<&str> {
    value.split(separator).map(str::trim).filter(|item| !item.is_empty() && *item != "none").collect()
}

fn declares(file: &Path, module: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().any(|line| line == format!("pub mod {module};") || line == format!("mod {module};"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().expect("it has a name").to_string_lossy().into_owned()
}
