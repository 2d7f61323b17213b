import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

import { findingAt, findingsIn, questionOf } from "./findings";
import { Guide, type Wanted } from "./guide";
import { adapt, type LessonPlace } from "./lesson";
import { Server } from "./server";
import { countFindings } from "./status";

let server: Server | undefined;

/** VS Code calls this when the first Python file or notebook is opened, or one of the commands is chosen. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const middleware: Middleware = {
    // The server would open files; here pages are shown in a panel.
    executeCommand: async (command, args: unknown[], next) => {
      if (["pyprep-lint.openQuestion", "pyprep-lint.openGuide", "pyprep-lint.ask"].includes(command)) {
        await guide.show(args[0] as Wanted | undefined);
      } else {
        await next(command, args);
      }
    },
    // From a comment that silences a rule to that rule's page: in the panel as well.
    resolveDocumentLink: (link) => {
      const { data: rule } = link as vscode.DocumentLink & { data?: string };
      link.target = vscode.Uri.parse(`command:pyprep-lint.showGuide?${encodeURIComponent(JSON.stringify({ rule }))}`);
      return link;
    },
    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      const place = { uri: document.uri.toString(), line: position.line, character: position.character };
      const adapted = hover?.contents.map((part) =>
        part instanceof vscode.MarkdownString ? adapt(part, findingsIn(document.uri), place) : part,
      );
      return adapted && new vscode.Hover(adapted, hover?.range);
    },
  };
  const started = (server = new Server(context.extensionPath, middleware));
  const guide = new Guide(started, context.extensionPath);
  const commands: Record<string, (argument?: never) => unknown> = {
    // The server's own commands are registered by the client under the names that the server gives.
    "pyprep-lint.restart": () => started.restart(),
    "pyprep-lint.showLog": () => { started.log.show(); },
    "pyprep-lint.showGuide": (wanted?: Wanted) => guide.show(wanted),
    "pyprep-lint.guideBack": () => guide.back(),
    "pyprep-lint.openQuestionAtCursor": () => openAtCursor(started, guide, "pyprep-lint.openQuestion"),
    "pyprep-lint.askAtCursor": (place?: LessonPlace) => openAtCursor(started, guide, "pyprep-lint.ask", place),
    "pyprep-lint.fixAll": fixAll,
    "pyprep-lint.openSample": () => openSample(context.extensionPath),
  };
  context.subscriptions.push(
    started,
    countFindings(started),
    vscode.window.registerWebviewPanelSerializer(Guide.viewType, guide),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      // The client tells the server of all others.
      if (event.affectsConfiguration("pyprep-lint.path")) {
        await started.restart();
      }
    }),
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
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

/** A file to try the linter on, that is nobody's: it was never saved. */
async function openSample(folder: string): Promise<void> {
  const content = await readFile(join(folder, "media", "pitfalls.py"), "utf8");
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "python", content }));
}

/** Shows what a command of the server is about for the finding at a place, or at the cursor. */
async function openAtCursor(server: Server, guide: Guide, command: string, lesson?: LessonPlace): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const here = lesson
    ? { uri: vscode.Uri.parse(lesson.uri), place: new vscode.Position(lesson.line, lesson.character) }
    : editor && { uri: editor.document.uri, place: editor.selection.active };
  const finding = here && findingAt(here.uri, here.place);
  if (here === undefined || finding === undefined) {
    void vscode.window.showInformationMessage("There is no finding of pyprep-lint on this line.");
    return;
  }
  const question = questionOf(finding);
  if (question === undefined) {
    void vscode.window.showInformationMessage("This finding belongs to no question.");
    return;
  }
  const offered = await server.commandsAt(here.uri, finding.range);
  const wanted = offered?.find((offer) => offer.command === command && offer.argument.question === question.question);
  // Else the text has changed since the finding was made.
  await guide.show(wanted?.argument ?? { question: question.question });
}
