// pyprep-lint guide: what must be known before the page is painted.
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
