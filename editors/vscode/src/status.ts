import * as vscode from "vscode";

import { findingsIn, questionOf, type Question } from "./findings";
import { DOCUMENTS, type Server } from "./server";

/** How many findings the file in front has, and which question to revise, in the status bar; a click opens that question. */
export function countFindings(server: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("pyprep-lint.findings", vscode.StatusBarAlignment.Right, 90);
  item.name = "pyprep-lint: findings of this file";
  const update = () => { show(item, server); };
  update();
  return vscode.Disposable.from(
    item,
    server.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.window.onDidChangeActiveNotebookEditor(update),
    vscode.languages.onDidChangeDiagnostics(update),
  );
}

function show(item: vscode.StatusBarItem, server: Server): void {
  const uris = documentsInFront();
  if (uris.length === 0) {
    item.hide();
    return;
  }
  if (server.isRunning) {
    tell(item, uris.flatMap(findingsIn));
  } else {
    // No findings, because nobody looks, must not look like none.
    item.text = "$(mortar-board) $(warning)";
    item.tooltip = "pyprep-lint is not running";
    item.command = "pyprep-lint.showLog";
  }
  item.show();
}

function tell(item: vscode.StatusBarItem, findings: vscode.Diagnostic[]): void {
  const count = findings.length === 1 ? "1 finding" : `${findings.length.toString()} findings`;
  const tooltip = new vscode.MarkdownString(`pyprep-lint: ${count}`);
  tooltip.isTrusted = { enabledCommands: ["workbench.actions.view.problems", "pyprep-lint.showGuide"] };
  item.text = `$(mortar-board) ${findings.length.toString()}`;
  item.tooltip = tooltip;
  const revised = toRevise(findings);
  if (revised === undefined) {
    item.command = { title: "Open the guide", command: "pyprep-lint.showGuide" };
    tooltip.appendMarkdown(", nothing to revise.\n\nClick to open the guide.");
    return;
  }
  const { question, title } = revised;
  const name = `Q${question.toString().padStart(2, "0")}`;
  item.text += ` · ${name}`;
  item.command = { title: "Open the question", command: "pyprep-lint.showGuide", arguments: [{ question }] };
  tooltip.appendMarkdown(`. To revise: **${name}** `).appendText(title);
  tooltip.appendMarkdown("\n\nClick to open it, or [see all findings](command:workbench.actions.view.problems).");
}

/** The question that most findings belong to; of several the one with the worst finding, then the first of the guide. */
function toRevise(findings: vscode.Diagnostic[]): Question | undefined {
  const all = new Map<number, { question: Question; count: number; severity: number }>();
  for (const finding of findings) {
    const question = questionOf(finding);
    if (question !== undefined) {
      const known = all.get(question.question) ?? { count: 0, severity: Infinity };
      // The worst severity is the lowest number.
      all.set(question.question, { question, count: known.count + 1, severity: Math.min(known.severity, finding.severity) });
    }
  }
  const order = [...all.values()].sort(
    (a, b) => b.count - a.count || a.severity - b.severity || a.question.question - b.question.question,
  );
  return order[0]?.question;
}

/** The file in front, or all cells of the notebook in front. */
function documentsInFront(): vscode.Uri[] {
  const editor = vscode.window.activeTextEditor;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  const isCell = editor === undefined || editor.document.uri.scheme === "vscode-notebook-cell";
  const documents = notebook && isCell ? notebook.getCells().map((cell) => cell.document) : editor ? [editor.document] : [];
  return documents.filter((document) => vscode.languages.match(DOCUMENTS, document) > 0).map(({ uri }) => uri);
}
