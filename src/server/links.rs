//! Links on the comments that silence findings, to the pages of their rules.

use tower_lsp_server::ls_types::{DocumentLink, Uri};

use super::analysed::{Analysed, PlacedPart};
use super::{pages, uri};
use crate::rules::Rule;

/// The links of a file or cell. Where they lead is told when one is followed: only then the page is written.
pub fn links(analysed: &Analysed, part: &PlacedPart) -> Vec<DocumentLink> {
    let codes = analysed.result.own_codes().filter(|(range, _)| analysed.is_in(range.start(), &part.uri));
    let links = codes.filter_map(|(range, code)| {
        let rule = Rule::find(code)?;
        Some(DocumentLink {
            range: analysed.range(range),
            target: None,
            tooltip: Some(format!("{} {}: what it is about", rule.code, rule.name)),
            data: Some(rule.code.into()),
        })
    });
    links.collect()
}

/// Where a link leads: the page of its rule, written now.
pub fn resolve(link: DocumentLink) -> DocumentLink {
    let rule = link.data.as_ref().and_then(|data| Rule::find(data.as_str()?));
    let target: Option<Uri> = rule.and_then(|rule| match pages::write_rule(rule) {
        Ok(path) => uri::from_path(&path),
        Err(error) => {
            tracing::warn!("the page of {} can't be written: {error}", rule.name);
            None
        }
    });
    DocumentLink { target, ..link }
}
