import * as vscode from "vscode";

import { findingsIn } from "./findings";
import { DOCUMENTS, type Server } from "./server";

/** How many findings the file in front has, in the status bar; a click shows them. */
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
    const count = uris.reduce((sum, uri) => sum + findingsIn(uri).length, 0);
    item.text = `$(mortar-board) ${count.toString()}`;
    item.tooltip = count === 1 ? "pyprep-lint: 1 finding" : `pyprep-lint: ${count.toString()} findings`;
    item.command = "workbench.actions.view.problems";
  } else {
    // No findings, because nobody looks, must not look like none.
    item.text = "$(mortar-board) $(warning)";
    item.tooltip = "pyprep-lint is not running";
    item.command = "pyprep-lint.showLog";
  }
  item.show();
}

/** The file in front, or all cells of the notebook in front. */
function documentsInFront(): vscode.Uri[] {
  const editor = vscode.window.activeTextEditor;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  const isCell = editor === undefined || editor.document.uri.scheme === "vscode-notebook-cell";
  const documents = notebook && isCell ? notebook.getCells().map((cell) => cell.document) : editor ? [editor.document] : [];
  return documents.filter((document) => vscode.languages.match(DOCUMENTS, document) > 0).map(({ uri }) => uri);
}
