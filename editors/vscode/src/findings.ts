import * as vscode from "vscode";

/** A question of the guide. */
export interface Question {
  question: number;
  title: string;
}

/** What the linter has found in a document, or in one cell of a notebook. */
export function findingsIn(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((finding) => finding.source === "pyprep");
}

/** The finding that a reader at this place means: the narrowest one around it, else the first on its line. */
export function findingAt(uri: vscode.Uri, place: vscode.Position): vscode.Diagnostic | undefined {
  const onLine = findingsIn(uri).filter(({ range }) => range.start.line <= place.line && place.line <= range.end.line);
  const around = onLine.filter(({ range }) => range.contains(place));
  const narrowest = (best: vscode.Diagnostic, other: vscode.Diagnostic) => (best.range.contains(other.range) ? other : best);
  return around.length > 0 ? around.reduce(narrowest) : onLine[0];
}

/** The question that a finding belongs to. Findings about the tool itself have none. */
export function questionOf(finding: vscode.Diagnostic): Question | undefined {
  // What the server sends along with a finding, the client's library keeps beside VS Code's own fields.
  return (finding as vscode.Diagnostic & { data?: Question }).data;
}

/** `PP0301` */
export function codeOf(finding: vscode.Diagnostic): string {
  return String(typeof finding.code === "object" ? finding.code.value : finding.code);
}
