//! The commands that code actions stand for.

use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp_server::Client;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::{Command, MessageType, ShowDocumentParams};

use super::analysed::Analysed;
use super::pages;
use super::profile::Profile;
use super::uri;
use crate::diagnostic::Diagnostic;
use crate::guide::{self, Occasion, Page, SitePage};
use crate::rules::Question;

/// Opens the page of a question: `{"question": 3}`.
pub const OPEN_QUESTION: &str = "pyprep-lint.openQuestion";

/// Opens the list of all questions and rules.
pub const OPEN_GUIDE: &str = "pyprep-lint.openGuide";

/// Asks a question about the reader's own code: [`Asked`].
pub const ASK: &str = "pyprep-lint.ask";

/// Applies the edit of a code action, for clients that take commands only.
pub const APPLY: &str = "pyprep-lint.apply";

/// All commands that are executed here.
pub const ALL: [&str; 4] = [OPEN_QUESTION, OPEN_GUIDE, ASK, APPLY];

/// The most lines of the reader's code that a question shows.
const SNIPPET_LINES: usize = 12;

/// What a question is asked about. It is all in the command, since the text may have changed when that is chosen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    question: u8,
    snippet: String,
    place: String,
    message: String,
    nudge: String,
    #[serde(rename = "guideUrl")]
    guide_url: Option<String>,
}

impl Asked {
    fn occasion(&self) -> Occasion<'_> {
        let Asked { snippet, place, message, nudge, .. } = self;
        Occasion { snippet, place, message, nudge }
    }

    /// The page of the question in the guide's site.
    pub fn page(&self) -> Option<SitePage> {
        let question = Question::find(self.question)?;
        Some(guide::asked_page(question, &self.occasion(), self.guide_url.as_deref()))
    }
}

/// The command that opens a question's page.
pub fn open_question(question: &Question, guide_url: Option<&str>) -> Command {
    Command {
        title: format!("Open the question: Q{:02} {}", question.number, question.title),
        command: OPEN_QUESTION.to_owned(),
        arguments: Some(vec![json!({ "question": question.number, "guideUrl": guide_url })]),
    }
}

/// The command that asks about a finding.
pub fn ask(analysed: &Analysed, found: &Diagnostic) -> Option<Command> {
    let question = Question::find(found.question)?;
    let name = analysed.source.path().file_name().unwrap_or_default().to_string_lossy();
    let asked = Asked {
        question: question.number,
        snippet: snippet(analysed, found),
        place: format!("{name}, line {}", analysed.range(found.range).start.line + 1),
        message: found.message.clone(),
        nudge: guide::nudge(found),
        guide_url: analysed.config.guide_url.clone(),
    };
    Some(Command {
        title: format!("Ask me about this (Q{:02})", question.number),
        command: ASK.to_owned(),
        arguments: Some(vec![serde_json::to_value(asked).ok()?]),
    })
}

/// The reader's lines that the finding speaks of, without the indentation that all have.
fn snippet(analysed: &Analysed, found: &Diagnostic) -> String {
    let source = &analysed.source;
    let here = source.line(found.range.start());
    let unit = source.clip(source.unit_at(found.range.start()));
    let places = found.related.iter().map(|related| related.range).chain(found.steps.iter().map(|step| step.range));
    let is_near = |line: &usize| line.abs_diff(here) < SNIPPET_LINES;
    let in_unit = |range: &TextRange| unit.contains_range(*range);
    let lines = places.filter(in_unit).flat_map(|range| [source.line(range.start()), source.line(range.end())]);
    let lines: Vec<usize> = lines.filter(is_near).chain([here, source.line(found.statement)]).collect();
    let first = lines
        .iter()
        .copied()
        .filter(|line| *line <= here)
        .min()
        .unwrap_or(here)
        .max(here.saturating_sub(SNIPPET_LINES / 2));
    let last = lines.iter().copied().max().unwrap_or(here).min(first + SNIPPET_LINES - 1);
    let texts: Vec<&str> = (first..=last).map(|line| source.line_text(line)).collect();
    let indentation = |text: &&str| text.len() - text.trim_start().len();
    let shared = texts.iter().filter(|text| !text.trim().is_empty()).map(indentation).min().unwrap_or(0);
    let cut = |text: &&str| text.get(shared..).unwrap_or("").to_owned();
    texts.iter().map(cut).collect::<Vec<_>>().join("\n")
}

/// The page that a command wants to be shown, and its question if it is about one.
pub struct Wanted {
    question: Option<&'static Question>,
    name: String,
    text: String,
}

impl Wanted {
    /// The page that `command` names with these arguments.
    pub fn by(command: &str, arguments: Vec<Value>) -> Result<Wanted> {
        if command == OPEN_GUIDE {
            return Ok(Wanted { question: None, name: pages::INDEX.to_owned(), text: guide::index(pages::name) });
        }
        let argument = arguments.into_iter().next().unwrap_or_default();
        let number = argument.get("question").and_then(Value::as_u64).and_then(|number| u8::try_from(number).ok());
        let question = number
            .and_then(Question::find)
            .ok_or_else(|| Error::invalid_params("give the number of a question, as in {\"question\": 3}"))?;
        if command != ASK {
            let guide_url = argument.get("guideUrl").and_then(Value::as_str);
            let text = guide::question_page(question, guide_url);
            return Ok(Wanted { question: Some(question), name: pages::name(question.path), text });
        }
        let asked: Asked = serde_json::from_value(argument)
            .map_err(|error| Error::invalid_params(format!("give what the question is about: {error}")))?;
        let text = guide::asked(question, &asked.occasion(), asked.guide_url.as_deref());
        Ok(Wanted { question: Some(question), name: format!("Q{:02}-asked.md", question.number), text })
    }

    /// Shows the page: opened by the client if it can, else the answer in short and where the page is.
    pub async fn show(self, client: &Client, profile: &Profile) {
        let page = pages::write(&self.name, &self.text);
        let linked = match self.question {
            Some(question) => pages::write_rules(question),
            None => pages::write_all(),
        };
        let page = page.and_then(|page| linked.map(|()| page));
        if profile.shows_documents
            && let Some(uri) = page.as_deref().ok().and_then(uri::from_path)
        {
            let params = ShowDocumentParams { uri, external: Some(false), take_focus: Some(true), selection: None };
            match client.show_document(params).await {
                Ok(true) => return,
                Ok(false) => tracing::warn!("the client did not open {}", self.name),
                Err(error) => tracing::warn!("the client can't open {}: {error}", self.name),
            }
        }
        let (title, answer, words) = match self.question {
            Some(Question { number, title, page, .. }) => {
                (*title, Page::parse(page).section("The answer in short"), format!("guide Q{number}"))
            }
            None => ("Questions and rules", "All of them, with links to their pages.", "guide".to_owned()),
        };
        let place = match &page {
            Ok(path) => format!("The whole page: {}", path.display()),
            Err(error) => {
                format!("The page could not be written ({error}); see it with `pyprep-lint {words}`")
            }
        };
        client.show_message(MessageType::INFO, format!("{title}\n\n{answer}\n\n{place}")).await;
    }
}
