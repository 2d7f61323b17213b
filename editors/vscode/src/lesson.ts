import * as vscode from "vscode";

import { codeOf } from "./findings";

/** The link to a lesson's question, on a line of its own. */
const QUESTION_LINK = /^\[Q(\d\d) .*\]\(\S+\)$/gm;

/** Where a hover is. */
export interface LessonPlace {
  uri: string;
  line: number;
  character: number;
}

/** The lesson of a hover as VS Code can show it best: nothing that VS Code itself says above it, and more to click on. */
export function adapt(lesson: vscode.MarkdownString, findings: vscode.Diagnostic[], place: LessonPlace): vscode.MarkdownString {
  const links = (link: string, question: string) => `${link} · ${open(Number(question))} · ${ask(place)}`;
  const adapted = new vscode.MarkdownString(withoutRepetition(lesson.value, findings).replace(QUESTION_LINK, links));
  adapted.isTrusted = { enabledCommands: ["pyprep-lint.showGuide", "pyprep-lint.askAtCursor"] };
  return adapted;
}

/**
 * The lesson without the finding's message, and its question in that place: VS Code shows some 250 pixels, and what is to be
 * clicked on has to be among them. With several lessons, the messages tell which is whose, and stay.
 */
function withoutRepetition(text: string, findings: vscode.Diagnostic[]): string {
  const messages = findings.map((finding) => `**${finding.message}** \`${codeOf(finding)}\`\n`);
  const [message, another] = messages.filter((line) => text.includes(line));
  const [question] = text.match(QUESTION_LINK) ?? [];
  if (message === undefined || another !== undefined || question === undefined) {
    return text;
  }
  return text.replace(`${question}\n\n`, "").replace(message, `${question}\n\n`);
}

const open = (question: number) => command("Read it here", "pyprep-lint.showGuide", { question });
const ask = (place: LessonPlace) => command("Ask me about this", "pyprep-lint.askAtCursor", place);

function command(title: string, id: string, argument: object): string {
  return `[${title}](command:${id}?${encodeURIComponent(JSON.stringify(argument))})`;
}
