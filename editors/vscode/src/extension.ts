import * as vscode from "vscode";

import { findingAt, questionOf } from "./findings";
import { Server } from "./server";
import { countFindings } from "./status";

let server: Server | undefined;

/** VS Code calls this when the first Python file or notebook is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const started = (server = new Server(context.extensionPath));
  context.subscriptions.push(
    started,
    countFindings(started),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      // The client tells the server of all others.
      if (event.affectsConfiguration("pyprep-lint.path")) {
        await started.restart();
      }
    }),
    // The server's own commands are registered by the client under the names that the server gives.
    vscode.commands.registerCommand("pyprep-lint.restart", () => started.restart()),
    vscode.commands.registerCommand("pyprep-lint.showLog", () => { started.log.show(); }),
    vscode.commands.registerCommand("pyprep-lint.fixAll", fixAll),
    vscode.commands.registerCommand("pyprep-lint.openQuestionAtCursor", () => openQuestionAtCursor(started)),
  );
  await started.restart();
}

/** VS Code waits for this before it ends the extension. */
export async function deactivate(): Promise<void> {
  await server?.stop();
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.pyprep", apply: "first" });
}

async function openQuestionAtCursor(server: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const finding = editor && findingAt(editor.document.uri, editor.selection.active);
  const question = finding && questionOf(finding);
  if (question !== undefined) {
    await server.execute("pyprep-lint.openQuestion", { question });
  } else {
    const reason = finding ? "This finding belongs to no question." : "There is no finding of pyprep-lint on this line.";
    void vscode.window.showInformationMessage(reason);
  }
}
