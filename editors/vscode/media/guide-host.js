// What the guide's script asks of the place where its pages are shown: here, of a webview. In a browser, it is early.js.
"use strict";

const editor = acquireVsCodeApi();

const guide = {
  root: document.documentElement,
  recall: () => null,
  remember: () => true,
  rememberInterview: (on) => editor.postMessage({ interview: on }),
  open: (path, fragment = "") => editor.postMessage({ open: { path, fragment } }),
  loadPages: () =>
    new Promise((resolve) => {
      guide.pages = resolve;
      editor.postMessage({ search: true });
    }),
};

guide.root.classList.add("js");

addEventListener("message", ({ data }) => guide.pages(data.pages));

addEventListener("DOMContentLoaded", () => {
  const { path } = document.body.dataset;
  // What the editor brings the page back with after it was restarted.
  editor.setState({ path });
  document.getElementById(guide.root.dataset.fragment)?.scrollIntoView();
});

// Before VS Code, which follows links to other sites and within a page only.
document.addEventListener(
  "click",
  (event) => {
    const href = event.target.closest?.("a[href]")?.getAttribute("href");
    if (!href || href.startsWith("#") || /^[a-z]+:/i.test(href)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { pathname, hash } = new URL(href, `guide:///${document.body.dataset.path}`);
    guide.open(pathname.slice(1), hash.slice(1));
  },
  true,
);
