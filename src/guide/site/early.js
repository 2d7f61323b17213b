// pyprep-lint guide: what must be known before the page is painted, and what depends on where the page is shown: here, in a
// browser. An editor that shows the pages brings its own `guide`.
"use strict";

const guide = {
  root: document.documentElement,

  // Some browsers forbid storage to pages that were opened as files; then nothing is remembered.
  recall(key) {
    try {
      return localStorage.getItem("pyprep-guide-" + key);
    } catch {
      return null;
    }
  },

  remember(key, value) {
    try {
      localStorage.setItem("pyprep-guide-" + key, value);
      return true;
    } catch {
      return false;
    }
  },

  // Where nothing is remembered, the next page learns of the mode by its address.
  passOn(url) {
    if (guide.root.dataset.interview === "on" && guide.recall("interview") !== "on") {
      url.searchParams.set("interview", "");
    }
    return url.href;
  },

  rememberInterview(on) {
    guide.remember("interview", on ? "on" : "off");
    const url = new URL(location);
    url.searchParams.delete("interview");
    history.replaceState(null, "", guide.passOn(url));
  },

  // Opens another page of the site.
  open(path) {
    location.href = guide.passOn(new URL(document.body.dataset.root + path, location));
  },

  // The texts of all pages, for the search.
  loadPages() {
    return new Promise((resolve, reject) => {
      guide.pages = resolve;
      const script = document.createElement("script");
      script.src = document.body.dataset.root + "assets/search.js";
      script.onerror = reject;
      document.head.append(script);
    });
  },
};

guide.root.classList.add("js");
if (guide.recall("theme")) {
  guide.root.dataset.theme = guide.recall("theme");
}
if (new URLSearchParams(location.search).has("interview")) {
  guide.remember("interview", "on");
  guide.root.dataset.interview = "on";
} else if (guide.recall("interview") === "on") {
  guide.root.dataset.interview = "on";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && /\.html(#|$)/.test(link.getAttribute("href"))) {
    link.href = guide.passOn(new URL(link.href));
  }
});
