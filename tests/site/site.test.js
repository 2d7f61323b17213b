// What a reader can do with the site, tried in Chromium on the files that `guide --html` wrote to $SITE.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { after, before, test } = require("node:test");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const folder = fs.realpathSync(process.env.SITE);
const pages = fs
  .readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith(".html"))
  .sort();
const questions = pages.filter((page) => /^[0-9]+-[^/]*\/index\.html$/.test(page));
const rules = pages.filter((page) => page.includes("/") && !questions.includes(page));
const RULE = "03-functions/mutable-default-argument.html";
const QUESTION = "03-functions/index.html";
// A test that takes longer hangs.
const limit = { timeout: 300_000 };

let browser;
before(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args });
}, limit);
after(() => browser?.close());

const url = (page, query = "") => pathToFileURL(path.join(folder, page)).href + query;

/** Calls `use` with a fresh browser window, and fails if the page complained of anything. */
async function visit(options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(20_000);
  const complaints = [];
  try {
    const page = await context.newPage();
    page.on("console", (message) => complaints.push(`${page.url()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure().errorText}`));
    page.on("request", (request) => {
      if (!/^(file|data):|^http:\/\/127\.0\.0\.1/.test(request.url())) complaints.push(`${request.url()} was asked for`);
    });
    await use(page, context);
  } finally {
    await context.close();
  }
  assert.deepEqual(complaints, []);
}

const onPhone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

/** Runs in the page: texts whose colours are too much alike for WCAG's AA. */
function faintTexts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const isClear = (color) => channels(color).length === 4 && channels(color)[3] === 0;
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!isClear(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const style = getComputedStyle(element);
    const [high, low] = [luminance(style.color), luminance(ground(element))].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${location.pathname}: ${ratio.toFixed(2)} ${text.data.trim().slice(0, 40)}`);
  }
  return faint;
}

test("there are pages of all kinds", () => {
  assert.ok(pages.includes("index.html") && questions.includes(QUESTION) && rules.includes(RULE), String(pages));
});

test("no page is wider than a phone, and all can be read by keyboard and by ear", limit, async () => {
  await visit(onPhone, async (page) => {
    for (const file of pages) {
      await page.goto(url(file));
      const found = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        headlines: document.querySelectorAll("h1").length,
        skips: [...document.querySelectorAll("h1, h2, h3")].map((head) => Number(head.tagName[1])).filter((level, at, all) => level > (all[at - 1] ?? 0) + 1).length,
        nameless: [...document.querySelectorAll("a, button, input")].filter((part) => !(part.textContent.trim() || part.ariaLabel || part.labels?.length)).length,
        stuck: [...document.querySelectorAll("pre")].filter((code) => code.scrollWidth > code.clientWidth && code.tabIndex < 0).length,
      }));
      assert.ok(found.width <= 360, `${file} is ${found.width} px wide`);
      assert.deepEqual({ ...found, width: 0 }, { width: 0, headlines: 1, skips: 0, nameless: 0, stuck: 0 }, file);
    }
  });
});

for (const colorScheme of ["light", "dark"]) {
  test(`all text stands out from its ground in the ${colorScheme} theme`, limit, async () => {
    await visit({ colorScheme }, async (page) => {
      const faint = [];
      for (const file of pages) {
        await page.goto(url(file));
        faint.push(...(await page.evaluate(faintTexts)));
      }
      await page.goto(url(QUESTION, "?interview"));
      await page.fill("#search", "closure");
      await page.waitForSelector("#results [aria-selected=true]");
      faint.push(...(await page.evaluate(faintTexts)));
      assert.deepEqual(faint, []);
    });
  });
}

test("the search finds a rule by its name, its code and a symptom", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url("index.html"));
    for (const words of ["mutable-default-argument", "mutable default", "pp0301", "default list keeps growing between calls", "my list remembers values from earlier call"]) {
      await page.fill("#search", words);
      await page.waitForFunction(() => document.querySelector("#results [aria-selected=true] code")?.textContent === "PP0301");
    }
    await page.fill("#search", "closures");
    await page.waitForFunction(() => document.querySelector("#results code")?.textContent === "Q28");
    await page.fill("#search", "zzzzqqq");
    await page.getByText("Nothing found").waitFor();
    await page.fill("#search", "late-binding");
    await page.click("#results a");
    await page.waitForURL(url("28-closures/late-binding-closure.html"));
  });
});

test("the search can be used without a mouse", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url(RULE));
    await page.keyboard.press("/");
    await page.keyboard.type("decorator");
    await page.waitForSelector("#result-1");
    const chosen = () => page.getAttribute("#search", "aria-activedescendant");
    assert.equal(await chosen(), "result-0");
    await page.keyboard.press("ArrowDown");
    assert.equal(await chosen(), "result-1");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    assert.notEqual(await chosen(), "result-0");
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#results"), false);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("decorators");
    await page.waitForSelector("#results [aria-selected=true]");
    await page.keyboard.press("Enter");
    await page.waitForURL(url("12-decorators/index.html"));
  });
});

const openFolds = (page) => page.locator("details.fold[open]").count();

test("interview mode folds the answers until they are asked for, and is remembered", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url(QUESTION));
    assert.equal(await page.locator("details.fold:not([open])").count(), 0);
    assert.equal(await page.isVisible(".fold > summary"), false);
    await page.click("#mode");
    assert.equal(await openFolds(page), 0);
    assert.equal(await page.getAttribute("#mode", "aria-pressed"), "true");
    assert.ok(await page.getByText("How do *args and **kwargs differ?").isVisible());
    assert.equal(await page.getByText("collects the positional arguments").isVisible(), false);
    await page.click("#follow-up summary");
    assert.ok(await page.getByText("collects the positional arguments").isVisible());
    assert.match(await page.innerText("#follow-up summary"), /^Hide/);
    await page.keyboard.press("a");
    assert.ok(await page.locator("#the-answer-in-short details").getAttribute("open") !== null);

    await page.goto(url(RULE));
    assert.equal(await openFolds(page), 0);
    assert.ok(await page.locator("#nudge p").isVisible());
    await page.keyboard.press("i");
    assert.ok((await openFolds(page)) > 5);
    await page.reload();
    assert.ok((await openFolds(page)) > 5);

    await page.goto(url("index.html", "?interview"));
    assert.equal(await page.isVisible("ol .rules"), false);
    const answer = page.locator("#q3 details");
    assert.equal(await answer.locator("p").first().isVisible(), false);
    await answer.locator("summary").click();
    assert.ok(await answer.locator("p").first().isVisible());
  });
});

test("the next question is one of the level that was not asked yet", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url("index.html", "?interview"));
    const count = await page.locator("#basic ol > li").count();
    await page.click(".ask [data-ask=Basic]");
    const asked = new Set();
    for (let turn = 0; turn < count; turn++) {
      await page.waitForURL((at) => !asked.has(at.pathname) && questions.some((file) => at.pathname.endsWith(file)));
      asked.add(new URL(page.url()).pathname);
      assert.ok((await page.textContent(".eyebrow")).includes("Basic"));
      assert.equal(await openFolds(page), 0);
      if (turn < count - 1) await page.click(".ask [data-ask=Basic]");
    }
    assert.equal(asked.size, count);
  });
});

test("where nothing can be remembered, the address tells of the interview mode", limit, async () => {
  await visit({}, async (page, context) => {
    await context.addInitScript(() => {
      for (const name of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, name, { get: () => { throw new DOMException("no storage", "SecurityError"); } });
      }
    });
    await page.goto(url(QUESTION));
    await page.click("#colours");
    await page.click("#mode");
    assert.match(page.url(), /\?interview/);
    await page.click("a[rel=next]");
    await page.waitForURL(/\?interview/);
    assert.equal(await openFolds(page), 0);
    await page.click("[data-ask='']");
    await page.waitForURL(/\?interview/);
    assert.equal(await openFolds(page), 0);
    await page.click("#mode");
    assert.doesNotMatch(page.url(), /interview=?$/);
    assert.ok((await openFolds(page)) > 3);
  });
});

test("the theme follows the system until the reader chooses, and that is remembered", limit, async () => {
  const isDark = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).every((value) => value < 100));
  await visit({ colorScheme: "dark" }, async (page) => {
    await page.goto(url("index.html"));
    assert.ok(await isDark(page));
    await page.emulateMedia({ colorScheme: "light" });
    assert.ok(!(await isDark(page)));
    await page.getByRole("button", { name: "Dark" }).click();
    assert.ok(await isDark(page));
    await page.goto(url(RULE));
    assert.ok(await isDark(page));
    await page.getByRole("button", { name: "Light" }).click();
    assert.ok(!(await isDark(page)));
  });
});

test("keys lead from question to question", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url("index.html"));
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.waitForURL(url(questions[0]));
    await page.keyboard.press("j");
    await page.waitForURL(url(questions[1]));
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(url(questions[2]));
    await page.keyboard.press("k");
    await page.waitForURL(url(questions[1]));
    await page.keyboard.press("Tab");
    const skip = page.locator(".skip");
    assert.ok(await skip.evaluate((link) => link === document.activeElement && link.getBoundingClientRect().top >= 0));
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  });
});

test("links lead from question to rule, to another rule, and to sections", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url(QUESTION));
    await page.click("#rules-that-catch-it a:not(.anchor)");
    await page.waitForURL(url(RULE));
    await page.click("main p a >> text=PP2801");
    await page.waitForURL(url("28-closures/late-binding-closure.html"));
    await page.click(".contents a >> text=Good");
    assert.ok(page.url().endsWith("#good"));
  });
});

test("without scripts everything can be read and folded", limit, async () => {
  await visit({ javaScriptEnabled: false }, async (page) => {
    await page.goto(url(QUESTION));
    const answer = page.locator("#the-answer-in-short details > p").first();
    assert.ok(await answer.isVisible());
    await page.click("#the-answer-in-short summary");
    assert.equal(await answer.isVisible(), false);
    for (const part of ["#search", "#mode", "#colours", ".keys"]) assert.equal(await page.isVisible(part), false, part);
  });
});

test("printing shows what is folded", limit, async () => {
  await visit({}, async (page) => {
    await page.goto(url(QUESTION, "?interview"));
    await page.evaluate(() => addEventListener("beforeprint", () => (window.printed = document.querySelectorAll("details:not([open])").length)));
    const paper = await page.pdf();
    assert.ok(paper.length > 10_000);
    assert.equal(await page.evaluate(() => window.printed), 0);
    assert.equal(await openFolds(page), 0);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.isVisible(".bar"), false);
  });
});

test("a server with the strictest policy can serve it, and code can be copied", limit, async () => {
  const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };
  const server = http.createServer((request, response) => {
    const file = path.join(folder, new URL(request.url, "http://x").pathname);
    response.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:");
    response.setHeader("Content-Type", types[path.extname(file)]);
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await visit({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.goto(`http://127.0.0.1:${server.address().port}/${RULE}`);
      await page.hover("#good figure");
      await page.click("#good .copy");
      await page.getByText("Copied").waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(copied.startsWith("def add_stop(stop, route=None):\n    if route is None:\n"), copied);
      await page.fill("#search", "closure");
      await page.waitForSelector("#results [aria-selected=true]");
    });
  } finally {
    server.close();
  }
});
