import * as vscode from "vscode";

import { codeOf } from "./findings";

/** The link to a lesson's question, on a line of its own. */
const QUESTION_LINK = /^\[Q(\d\d) .*\]\(\S+\)$/gm;

/** The lesson of a hover as VS Code can show it best: nothing that VS Code itself says above it, and more to click on. */
export function adapt(lesson: vscode.MarkdownString, findings: vscode.Diagnostic[], place: LessonPlace): vscode.MarkdownString {
  const repeated = findings.map((finding) => `**${finding.message}** \`${codeOf(finding)}\``).filter((line) => lesson.value.includes(line));
  // With several lessons, these lines tell which is whose.
  const text = repeated.length === 1 ? lesson.value.replace(`${repeated.join()}\n`, "") : lesson.value;
  const adapted = new vscode.MarkdownString(
    text.replace(QUESTION_LINK, (link, question) => `${link} · ${open(Number(question))} · ${ask(place)}`),
  );
  adapted.isTrusted = { enabledCommands: ["pyprep-lint.showGuide", "pyprep-lint.askAtCursor"] };
  return adapted;
}

/** Where a hover is. */
export interface LessonPlace {
  uri: string;
  line: number;
  character: number;
}

const open = (question: number) => command("Read it here", "pyprep-lint.showGuide", { question });
const ask = (place: LessonPlace) => command("Ask me about this", "pyprep-lint.askAtCursor", place);

function command(title: string, id: string, argument: object): string {
  return `[${title}](command:${id}?${encodeURIComponent(JSON.stringify(argument))})`;
}
