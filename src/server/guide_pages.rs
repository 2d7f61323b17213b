//! Pages of the guide for clients that show them themselves, in the editor's colours: requests of our own besides the protocol's.

use serde::{Deserialize, Serialize};
use tower_lsp_server::jsonrpc::{Error, Result};

use super::commands::Asked;
use crate::guide::{self, SitePage};
use crate::rules::{Question, Rule};

/// Asks for one page: [`Wanted`] → [`Shown`].
pub const PAGE: &str = "pyprep-lint/guidePage";

/// Asks for what the pages' search has to know: nothing → [`guide::Entry`] of each page.
pub const SEARCH: &str = "pyprep-lint/guideSearch";

/// Which page: what the commands that open a question or ask it take, or a rule, or where the page stands in the site.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Wanted {
    /// A question about the reader's own code.
    Asked(Asked),
    /// A question.
    Question { question: u8, guide_url: Option<String> },
    /// A rule, by code or name.
    Rule { rule: String },
    /// A page of the site; without a path its first one.
    Page { path: Option<String>, guide_url: Option<String> },
}

/// A page, with what makes it look and work as it should.
#[derive(Debug, Serialize)]
pub struct Shown {
    #[serde(flatten)]
    page: SitePage,
    style: &'static str,
    script: &'static str,
}

/// The page that is wanted.
pub fn page(wanted: &Wanted) -> Result<Shown> {
    let page = match wanted {
        Wanted::Asked(asked) => asked.page(),
        Wanted::Question { question, guide_url } => Question::find(*question)
            .and_then(|question| guide::site_page(&guide::page_path(question.path), guide_url.as_deref())),
        Wanted::Rule { rule } => Rule::find(rule).and_then(|rule| guide::site_page(&guide::page_path(rule.path), None)),
        Wanted::Page { path, guide_url } => {
            guide::site_page(path.as_deref().unwrap_or("index.html"), guide_url.as_deref())
        }
    };
    let page = page.ok_or_else(|| Error::invalid_params("the guide has no such page"))?;
    Ok(Shown { page, style: guide::STYLE, script: guide::SCRIPT })
}
