import * as vscode from "vscode";

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

/** The number of the guide's question that a finding belongs to: `PP0301` is of question 3, `PP00…` of none. */
export function questionOf(finding: vscode.Diagnostic): number | undefined {
  const code = typeof finding.code === "object" ? finding.code.value : finding.code;
  const question = Number(/^PP(\d\d)\d\d$/.exec(String(code))?.[1] ?? 0);
  return question > 0 ? question : undefined;
}
