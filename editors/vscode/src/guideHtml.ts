import { randomBytes } from "node:crypto";

/** A page of the guide, as the server gives it. */
export interface Page {
  path: string;
  title: string;
  body: string;
  style: string;
  script: string;
}

/** What the editor adds to every page. */
export interface Frame {
  theme: string;
  host: string;
}

/** The page as a document for a webview. It may load nothing at all: what it needs is in it. */
export function guideHtml(page: Page, frame: Frame, look: { fragment: string; isInterview: boolean }): string {
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  const root = page.path.includes("/") ? "../" : "";
  const style = (text: string) => `<style nonce="${nonce}">${text}</style>`;
  const script = (text: string) => `<script nonce="${nonce}">${text}</script>`;
  return `<!doctype html>
<html lang="en" data-interview="${look.isInterview ? "on" : "off"}" data-fragment="${attribute(look.fragment)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(page.title)}</title>
${style(page.style)}
${style(frame.theme)}
${script(frame.host)}
</head>
<body data-root="${root}" data-path="${attribute(page.path)}">
${page.body}
${script(page.script)}
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0).toString()};`);
}
