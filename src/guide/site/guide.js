// pyprep-lint guide: search, interview mode, themes, keys, copying. The pages can be read without it.
"use strict";

const { root: start, path: here } = document.body.dataset;
const byId = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];

/* The pages' texts are loaded when they are needed first. */

let loading;

const loadPages = () => (loading ??= guide.loadPages());

/* Interview mode */

const folds = all("details.fold");

function isInterview() {
  return guide.root.dataset.interview === "on";
}

function showInterview(on) {
  guide.root.dataset.interview = on ? "on" : "off";
  byId("mode").setAttribute("aria-pressed", on);
  folds.forEach((fold) => (fold.open = !on));
}

function setInterview(on) {
  showInterview(on);
  guide.rememberInterview(on);
}

function showNextAnswer() {
  const fold = all("details").find((details) => !details.open && details.checkVisibility());
  if (fold) {
    fold.open = true;
    fold.querySelector("summary").focus();
  }
}

// A question that was not asked before, as long as there is one.
async function ask(level) {
  const questions = (await loadPages()).filter((page) => page.level && (!level || page.level === level));
  let asked = [];
  try {
    asked = JSON.parse(sessionStorage.getItem("pyprep-guide-asked")) ?? [];
  } catch {}
  const current = questions.find((page) => page.url === here);
  if (current && !asked.includes(current.code)) asked.push(current.code);
  let fresh = questions.filter((page) => !asked.includes(page.code));
  if (fresh.length === 0) {
    asked = asked.filter((code) => !questions.some((page) => page.code === code));
    fresh = questions.filter((page) => page !== current || questions.length === 1);
  }
  try {
    sessionStorage.setItem("pyprep-guide-asked", JSON.stringify(asked));
  } catch {}
  if (!isInterview()) setInterview(true);
  guide.open(fresh[Math.floor(Math.random() * fresh.length)].url);
}

byId("mode").addEventListener("click", () => setInterview(!isInterview()));
all("[data-ask]").forEach((button) => button.addEventListener("click", () => ask(button.dataset.ask)));
showInterview(isInterview());
guide.root.classList.add("ready");

/* Themes */

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return guide.root.dataset.theme ? guide.root.dataset.theme === "dark" : darkSystem.matches;
}

function showTheme() {
  byId("colours").textContent = isDark() ? "Light" : "Dark";
}

byId("colours").addEventListener("click", () => {
  guide.root.dataset.theme = isDark() ? "light" : "dark";
  guide.remember("theme", guide.root.dataset.theme);
  showTheme();
});
darkSystem.addEventListener("change", showTheme);
showTheme();

/* Search */

const field = byId("search");
const results = byId("results");
const weights = { code: 10, name: 8, title: 6, symptoms: 5, text: 1 };
let chosen = -1;

const plain = (text) => text.toLowerCase().normalize("NFKD");
const wordsOf = (text) => plain(text).match(/[\p{L}\p{N}_]+/gu) ?? [];
// "closures" is to find "closure".
const stem = (word) => (word.length > 4 && word.endsWith("s") ? word.slice(0, -1) : word);

function weightIn(page, word) {
  page.words ??= Object.fromEntries(Object.keys(weights).map((key) => [key, wordsOf([page[key]].flat().join(" "))]));
  const key = Object.keys(weights).find((key) => page.words[key].some((other) => other.startsWith(word)));
  return key ? weights[key] : 0;
}

// The pages that have most of the words; rare words and words in names count more.
function find(pages, query) {
  const words = [...new Set(wordsOf(query).map(stem))];
  const scores = new Map();
  const counts = new Map();
  for (const word of words) {
    const found = pages.map((page) => [page, weightIn(page, word)]).filter(([, weight]) => weight > 0);
    for (const [page, weight] of found) {
      const rarity = Math.log(1 + pages.length / found.length);
      scores.set(page, (scores.get(page) ?? 0) + weight * rarity);
      counts.set(page, (counts.get(page) ?? 0) + 1);
    }
  }
  const needed = Math.ceil(words.length * 0.6);
  return [...scores.keys()]
    .filter((page) => counts.get(page) >= needed)
    .sort((a, b) => counts.get(b) - counts.get(a) || scores.get(b) - scores.get(a))
    .slice(0, 12);
}

// The symptom or the piece of text that fits best.
function excerpt(page, query) {
  const words = wordsOf(query).map(stem);
  const hits = (text) => words.filter((word) => wordsOf(text).some((other) => other.startsWith(word))).length;
  const symptom = page.symptoms.toSorted((a, b) => hits(b) - hits(a))[0];
  if (symptom && hits(symptom) > 0) return symptom;
  const found = plain(page.text).indexOf(words[0] ?? "");
  const at = found < 40 ? 0 : page.text.indexOf(" ", found - 40) + 1;
  return (at > 0 ? "… " : "") + page.text.slice(at, page.text.lastIndexOf(" ", at + 110)) + " …";
}

function option(page, query, index) {
  const item = document.createElement("li");
  item.id = "result-" + index;
  item.role = "option";
  item.ariaSelected = "false";
  const link = document.createElement("a");
  link.href = start + page.url;
  link.tabIndex = -1;
  const code = document.createElement("code");
  code.textContent = page.code;
  const title = document.createElement("span");
  title.textContent = page.level ? page.title : page.name;
  const more = document.createElement("small");
  more.textContent = isInterview() ? "" : excerpt(page, query);
  link.append(code, " ", title, more);
  item.append(link);
  return item;
}

function choose(index) {
  const items = [...results.children];
  chosen = items.length === 0 ? -1 : (index + items.length) % items.length;
  items.forEach((item, at) => (item.ariaSelected = String(at === chosen)));
  if (chosen < 0) {
    field.removeAttribute("aria-activedescendant");
  } else {
    field.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }
}

function closeResults() {
  results.hidden = true;
  field.setAttribute("aria-expanded", "false");
}

async function search() {
  const query = field.value.trim();
  if (query === "") {
    closeResults();
    byId("result-count").textContent = "";
    return;
  }
  const found = find(await loadPages(), query);
  if (query !== field.value.trim()) return;
  results.replaceChildren(...found.map((page, index) => option(page, query, index)));
  results.hidden = found.length === 0;
  field.setAttribute("aria-expanded", String(found.length > 0));
  const count = found.length === 1 ? "1 page" : found.length + " pages";
  byId("result-count").textContent = found.length === 0 ? "Nothing found" : count;
  byId("result-count").classList.toggle("hidden", found.length > 0);
  choose(0);
}

field.addEventListener("input", search);
field.addEventListener("focus", search);
field.form.addEventListener("submit", (event) => event.preventDefault());
field.form.addEventListener("focusout", (event) => {
  if (!field.form.contains(event.relatedTarget)) closeResults();
});
// A click must not take the focus away before it has opened the page.
results.addEventListener("mousedown", (event) => event.preventDefault());
field.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Enter") results.children[chosen]?.querySelector("a").click();
  else if (event.key === "Escape" && results.hidden) field.blur();
  else if (event.key === "Escape") closeResults();
  else return;
  event.preventDefault();
});

/* Copying */

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

all("figure.code").forEach((figure) => {
  const code = figure.querySelector("pre");
  if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  if (figure.dataset.language === "text") return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await copy(code.textContent + "\n");
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  figure.append(button);
});

/* Keys */

const questions = all("a.question");

function step(direction) {
  const link = document.querySelector(`a[rel=${direction > 0 ? "next" : "prev"}]`);
  if (link) {
    link.click();
  } else if (questions.length > 0) {
    const at = questions.indexOf(document.activeElement);
    questions[Math.min(Math.max(at + direction, 0), questions.length - 1)].focus();
  }
}

const keys = {
  "/": () => field.focus(),
  j: () => step(1),
  ArrowRight: () => step(1),
  k: () => step(-1),
  ArrowLeft: () => step(-1),
  i: () => setInterview(!isInterview()),
  a: showNextAnswer,
  r: () => ask(""),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  // The arrows scroll code that is wider than its box.
  const isScrolling = event.key.startsWith("Arrow") && event.target.closest?.("pre");
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || isScrolling || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

/* Printing shows everything. */

let folded = [];
addEventListener("beforeprint", () => {
  folded = all("details:not([open])");
  folded.forEach((details) => (details.open = true));
});
addEventListener("afterprint", () => folded.forEach((details) => (details.open = false)));
