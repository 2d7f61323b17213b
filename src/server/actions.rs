//! Code actions: the remedies of findings, ignoring them with a reason, and the way to their question.

use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, Command, Range, Uri, WorkspaceEdit,
};

use super::analysed::{Analysed, PlacedPart};
use super::commands;
use super::edits::Edits;
use super::profile::Profile;
use super::report;
use super::session::Session;
use crate::diagnostic::Diagnostic;
use crate::fix::{Applicability, Fix};
use crate::rules::Question;

/// All safe fixes of a file at once, as editors run them on save.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.pyprep");

/// The kinds of actions that there are.
pub const KINDS: [CodeActionKind; 2] = [CodeActionKind::QUICKFIX, FIX_ALL];

/// Which edit an action stands for, kept by the client until it asks for that edit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// The file or cell.
    pub uri: Uri,
    /// The text that the action was offered for.
    epoch: u64,
    what: What,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    /// The fix of a finding, both by their number.
    Fix(usize, usize),
    /// A comment that silences a finding.
    Ignore(usize),
    /// All safe fixes.
    FixAll,
}

/// The actions for a range of a file or cell.
pub fn offer(
    analysed: &Analysed,
    part: &PlacedPart,
    range: Range,
    context: &CodeActionContext,
    session: &Session,
) -> Vec<CodeActionOrCommand> {
    let wants = |kind: &CodeActionKind| {
        context.only.as_ref().is_none_or(|only| only.iter().any(|wanted| includes(wanted, kind)))
    };
    let offer = Offer { analysed, part, profile: session.profile(), session };
    let range = TextRange::new(part.offset(range.start), part.offset(range.end).max(part.offset(range.start)));
    let mut actions = Vec::new();
    if wants(&CodeActionKind::QUICKFIX) {
        let found = analysed.diagnostics.iter().enumerate().filter(|(_, found)| {
            analysed.is_in(found.range.start(), &part.uri) && found.range.intersect(range).is_some()
        });
        let found: Vec<(usize, &Diagnostic)> = found.collect();
        found.iter().for_each(|(index, found)| offer.fixes(*index, found, &mut actions));
        found.iter().for_each(|(index, found)| offer.ignore(*index, found, &mut actions));
        offer.questions(&found, &mut actions);
    }
    if wants(&FIX_ALL) {
        offer.fix_all(&mut actions);
    }
    actions
}

/// Whether the kind that a client wants is `kind` or above it.
fn includes(wanted: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.as_str().is_empty())
}

struct Offer<'o> {
    analysed: &'o Analysed,
    part: &'o PlacedPart,
    profile: &'o Profile,
    session: &'o Session,
}

impl Offer<'_> {
    fn fixes(&self, index: usize, found: &Diagnostic, actions: &mut Vec<CodeActionOrCommand>) {
        for (number, fix) in found.fixes.iter().enumerate() {
            let action = CodeAction {
                title: title(fix),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![report::diagnostic(self.analysed, found, self.profile)]),
                is_preferred: Some(number == 0 && fix.applicability == Applicability::Safe)
                    .filter(|_| self.profile.preferred_actions),
                ..CodeAction::default()
            };
            actions.extend(self.with_edit(action, What::Fix(index, number)));
        }
    }

    fn ignore(&self, index: usize, found: &Diagnostic, actions: &mut Vec<CodeActionOrCommand>) {
        let action = CodeAction {
            title: format!("Ignore {} on this line, with a reason", found.rule.name),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![report::diagnostic(self.analysed, found, self.profile)]),
            ..CodeAction::default()
        };
        actions.extend(self.with_edit(action, What::Ignore(index)));
    }

    /// One way to each question, whatever the number of its findings.
    fn questions(&self, found: &[(usize, &Diagnostic)], actions: &mut Vec<CodeActionOrCommand>) {
        let mut questions: Vec<&Question> =
            found.iter().filter_map(|(_, found)| Question::find(found.question)).collect();
        questions.sort_by_key(|question| question.number);
        questions.dedup_by_key(|question| question.number);
        for question in questions {
            let about: Vec<&Diagnostic> =
                found.iter().map(|(_, found)| *found).filter(|found| found.question == question.number).collect();
            let ask = about.first().and_then(|found| commands::ask(self.analysed, found));
            actions.extend(ask.map(|ask| self.command(ask, &about)));
            actions.push(
                self.command(commands::open_question(question, self.analysed.config.guide_url.as_deref()), &about),
            );
        }
    }

    /// A command about findings, as an action if the client takes those.
    fn command(&self, command: Command, about: &[&Diagnostic]) -> CodeActionOrCommand {
        if !self.profile.literal_actions {
            return CodeActionOrCommand::Command(command);
        }
        let about = about.iter().map(|found| report::diagnostic(self.analysed, found, self.profile));
        CodeActionOrCommand::CodeAction(CodeAction {
            title: command.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(about.collect()),
            command: Some(command),
            ..CodeAction::default()
        })
    }

    fn fix_all(&self, actions: &mut Vec<CodeActionOrCommand>) {
        let is_safe = |fix: &&Fix| fix.applicability == Applicability::Safe;
        let count = self.analysed.diagnostics.iter().filter_map(|found| found.fixes.first()).filter(is_safe).count();
        if count > 0 {
            let action = CodeAction {
                title: "Fix all that is safe to fix (pyprep-lint)".to_owned(),
                kind: Some(FIX_ALL),
                ..CodeAction::default()
            };
            actions.extend(self.with_edit(action, What::FixAll));
        }
    }

    /// The action with its edit, with the promise of one, or as a command, as the client can.
    fn with_edit(&self, action: CodeAction, what: What) -> Option<CodeActionOrCommand> {
        let pending = Pending { uri: self.part.uri.clone(), epoch: self.analysed.epoch, what };
        let data = || serde_json::to_value(&pending).ok();
        Some(if !self.profile.literal_actions {
            let arguments = self.profile.applies_edits.then(data)??;
            let command = commands::APPLY.to_owned();
            CodeActionOrCommand::Command(Command { title: action.title, command, arguments: Some(vec![arguments]) })
        } else if self.profile.resolves_edits {
            CodeActionOrCommand::CodeAction(CodeAction { data: data(), ..action })
        } else {
            let edit = pending.edit(self.analysed, self.session)?;
            CodeActionOrCommand::CodeAction(CodeAction { edit: Some(edit), ..action })
        })
    }
}

fn title(fix: &Fix) -> String {
    match &fix.caveat {
        Some(caveat) => format!("{} (look at it: {caveat})", fix.title),
        None => fix.title.clone(),
    }
}

impl Pending {
    /// The edit of the action, if the text is still the one that it was offered for.
    pub fn edit(&self, analysed: &Analysed, session: &Session) -> Option<WorkspaceEdit> {
        // What is safe to fix is looked for anew, so that it may also be a newer text.
        if analysed.epoch != self.epoch && !matches!(self.what, What::FixAll) {
            return None;
        }
        let edits = match self.what {
            What::Fix(finding, fix) => Edits::of_fix(analysed, analysed.diagnostics.get(finding)?.fixes.get(fix)?),
            What::Ignore(finding) => Edits::ignoring(analysed, analysed.diagnostics.get(finding)?),
            What::FixAll => Edits::of_all_safe_fixes(analysed, &session.project)?,
        };
        Some(edits.into_workspace_edit(analysed, session.profile()))
    }
}
