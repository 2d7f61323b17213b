// Drives VS Code's window as a person does, with mouse and keys, and leaves pictures of what that person sees.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { until } from "./harness.js";
import { settingsWith } from "./vscode.mjs";

const CAFE = `"""What the guests of each table have ordered."""


def take_order(drink, lines=[]):
    """Notes a drink, after what the table has ordered before."""
    lines.append(drink)
    return lines


def price(size: str) -> int:
    if size is "large":
        return 460
    return 380


print(take_order("espresso"))
print(take_order("tea"))
`;

const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern" };
const QUESTION = "How do functions and default arguments work?";

/** The tests, for a running VS Code, a folder for their files and one for their pictures. */
export function windowTests(code, scratch, pictures) {
  /** Opens a window on a new folder with `cafe.py` in it, for as long as `look` looks at it. */
  async function see(settings, look, more = {}) {
    const folder = join(mkdtempSync(join(scratch, "window-")), "cafe");
    mkdirSync(folder);
    for (const [name, content] of Object.entries({ "cafe.py": CAFE, ...more })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const page = await code.open(folder, { settings });
    try {
      await openFile(page, "cafe.py");
      await look(page);
    } catch (error) {
      await page.screenshot({ path: join(pictures, "failed.png") });
      throw error;
    } finally {
      await page.context().close();
    }
  }

  const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`), animations: "disabled" });

  /** A test in the dark and in the light theme; `look` is told the theme's name. */
  const inBothThemes = (name, settings, look) =>
    Object.fromEntries(
      Object.entries(THEMES).map(([theme, label]) => [
        `${name}: ${theme}`,
        () => see({ "workbench.colorTheme": label, ...settings }, (page) => look(page, theme)),
      ]),
    );

  return {
    ...inBothThemes(
      "a finding is underlined, and its lesson shows remedy and question without scrolling",
      { "editor.hover.delay": 100 },
      async (page, theme) => {
        const hover = await lesson(page);
        await isWhollyVisible(page, hover);
        for (const part of ["line 4", "line 6", "Make the default", QUESTION, "Read it here", "Ask me about this"]) {
          await isInside(hover, hover.getByText(part).first());
        }
        if ((await hover.locator('a[data-href^="https://"]').count()) === 0) throw new Error("the lesson has no link");
        await picture(page, `hover-${theme}`);
      },
    ),

    ...inBothThemes("findings are in the Problems panel and counted in the status bar", {}, async (page, theme) => {
      await page.locator(".squiggly-warning").first().waitFor();
      const status = page.locator(".statusbar-item", { has: page.locator(".codicon-mortar-board") });
      // Of two questions with one finding each, the one with the worse finding.
      await until("count and question in the status bar", async () => /2 · Q30/.test(await status.innerText()));
      await page.keyboard.press("Control+Shift+M");
      const row = page.locator(".markers-panel .monaco-list-row", { hasText: "PP0301" });
      await row.waitFor();
      const text = await row.innerText();
      for (const part of ["pyprep", "lines", "take_order"]) {
        if (!text.includes(part)) throw new Error(`the Problems panel doesn't say ${part}: ${text}`);
      }
      await picture(page, `problems-${theme}`);
      await status.click();
      await guide(page).getByRole("heading", { level: 1, name: /CPython|internals|work/i }).waitFor();
    }),

    ...inBothThemes("the light bulb offers the fix, which mends the line", {}, async (page, theme) => {
      await page.locator(".squiggly-error").first().waitFor();
      const action = page.locator(".action-widget .monaco-list-row.action", { hasText: "==" }).first();
      // VS Code shows what it has when the key is pressed, which may be nothing yet.
      await until("the fix in the menu", async () => {
        await page.keyboard.press("Escape");
        await word(page, '"large"').click();
        await page.keyboard.press("Control+.");
        return action.waitFor({ timeout: 5_000 }).then(() => true, () => false);
      });
      await picture(page, `quick-fix-${theme}`);
      await page.keyboard.press("Enter");
      await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
      await word(page, "==").waitFor();
    }),

    "what is safe is fixed on save": () =>
      see({ "editor.codeActionsOnSave": { "source.fixAll.pyprep": "explicit" } }, async (page) => {
        await page.locator(".squiggly-error").first().waitFor();
        await word(page, '"large"').click();
        // VS Code saves without the fixes when these take too long, as on a busy machine.
        await until("the fix on save", async () => {
          await page.keyboard.press("End");
          await page.keyboard.type(" ");
          await page.keyboard.press("Control+S");
          return word(page, "==").waitFor({ timeout: 5_000 }).then(() => true, () => false);
        });
        await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
        await page.locator(".squiggly-warning").first().waitFor();
      }),

    ...inBothThemes("the guide opens beside the code, in the editor's colours", {}, async (page, theme) => {
      const complaints = [];
      page.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
      });
      await page.locator(".squiggly-warning").first().waitFor();
      await page.keyboard.press("Control+B");
      await word(page, "lines=[]").click();
      await command(page, "pyprep-lint: Open the Question at the Cursor");
      const shown = guide(page);
      await shown.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
      const paper = await shown.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
      const editor = await page.locator(".monaco-editor-background").first().evaluate((it) => getComputedStyle(it).backgroundColor);
      if (paper !== editor) throw new Error(`the guide is ${paper}, the editor ${editor}`);
      await picture(page, `guide-${theme}`);

      // To a rule and back.
      await shown.getByRole("link", { name: "mutable-default-argument" }).first().click();
      await shown.getByRole("heading", { level: 1, name: "One list for every call" }).waitFor();
      await page.locator(".editor-actions .codicon-arrow-left").click();
      await shown.getByRole("heading", { level: 1, name: QUESTION }).waitFor();

      // Code can be taken along.
      await shown.locator("figure.code").first().hover();
      await shown.getByRole("button", { name: "Copy" }).first().click();
      await shown.getByRole("button", { name: "Copied" }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      if (!copied.includes("def shipping")) throw new Error(`copied was ${JSON.stringify(copied)}`);

      // By the words of somebody who has the problem.
      await shown.getByRole("combobox", { name: "Search" }).fill("list keeps growing");
      await shown.getByRole("option", { name: "mutable-default-argument" }).first().click();
      await shown.getByRole("heading", { level: 1, name: "One list for every call" }).waitFor();
      if (complaints.length > 0) throw new Error(complaints.join("\n"));
    }),

    "who asks to be asked sees the own code, and the answer only when it is unfolded": () =>
      see({ "editor.hover.delay": 100 }, async (page) => {
        const hover = await lesson(page);
        await hover.getByText("Ask me about this").click();
        await page.mouse.move(5, 5);
        const shown = guide(page);
        await shown.getByRole("heading", { level: 2, name: "Your code" }).waitFor();
        await shown.getByText("cafe.py, line 4").waitFor();
        const answer = shown.getByText("is a statement: when Python reaches it");
        await answer.waitFor({ state: "hidden" });
        await picture(page, "asked");
        await shown.locator("#the-answer-in-short summary").click();
        await answer.waitFor();
      }),

    "the guide is there again after the window was reloaded": () =>
      see({}, async (page) => {
        await page.locator(".squiggly-warning").first().waitFor();
        await command(page, "pyprep-lint: Open the Guide");
        await guide(page).getByRole("link", { name: QUESTION }).click();
        await guide(page).getByRole("heading", { level: 1, name: QUESTION }).waitFor();
        await page.locator(".monaco-workbench").evaluate((workbench) => workbench.setAttribute("data-is-old", ""));
        await command(page, "Developer: Reload Window");
        await page.locator(".monaco-workbench:not([data-is-old])").waitFor();
        await guide(page).getByRole("heading", { level: 1, name: QUESTION }).waitFor();
      }),

    "a cell of a notebook is underlined": () => {
      const cell = { cell_type: "code", metadata: {}, source: CAFE, outputs: [], execution_count: null };
      const metadata = { language_info: { name: "python" } };
      const notebook = JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 4 });
      return see(
        {},
        async (page) => {
          // Before extensions are up, VS Code doesn't know how to show a notebook.
          await page.locator(".squiggly-warning").first().waitFor();
          await openFile(page, "cafe.ipynb");
          await page.locator(".notebookOverlay .cell .squiggly-warning").first().waitFor();
          await picture(page, "notebook");
        },
        { "cafe.ipynb": notebook },
      );
    },

    "a setting that is changed holds at once": () =>
      see({}, async (page) => {
        await page.locator(".squiggly-warning").first().waitFor();
        await page.locator(".squiggly-error").first().waitFor();
        await set(page, { "pyprep-lint.ignore": ["PP03"] });
        await page.locator(".squiggly-warning").first().waitFor({ state: "detached" });
        await page.locator(".squiggly-error").first().waitFor();
        await set(page, { "pyprep-lint.severity": { "is-with-literal": "off" } });
        await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
        await page.locator(".squiggly-warning").first().waitFor();
      }),

    "a server that dies comes back, and the lesson with it": () =>
      see({ "editor.hover.delay": 100 }, async (page) => {
        await page.locator(".squiggly-warning").first().waitFor();
        const before = code.servers();
        if (before.length !== 1) throw new Error(`there are servers ${before}`);
        process.kill(before[0], "SIGKILL");
        await until("another server", () => code.servers().some((pid) => pid !== before[0]));
        // Whether it lives is seen by a new finding.
        await word(page, "tea").click();
        await page.keyboard.press("Control+End");
        await page.keyboard.type('"x" is "y"\n');
        await until("a second error", async () => (await page.locator(".squiggly-error").count()) === 2);
        await lesson(page);
      }),

    "the walkthrough shows what to do, in pictures": () =>
      see({}, async (page) => {
        await page.locator(".squiggly-warning").first().waitFor();
        await page.keyboard.press("F1");
        await page.locator(".quick-input-widget input").first().fill(">Welcome: Open Walkthrough");
        await page.locator(".quick-input-list .monaco-list-row", { hasText: "Open Walkthrough" }).first().click();
        await page.locator(".quick-input-list .monaco-list-row", { hasText: "Learn from your own code" }).first().click();
        const image = page.locator(".getting-started-media img").first();
        await until("a picture", () => image.evaluate((it) => it.naturalWidth > 0));
        await picture(page, "walkthrough");
        await page.locator(".getting-started-step").getByText("Open the file", { exact: true }).click();
        await until("many findings", async () => (await page.locator(".squiggly-warning").count()) >= 2);
        await page.locator(".tab", { hasText: "Untitled" }).waitFor();
      }),

    "a folder that is not trusted is linted, and has no say on which program runs": () =>
      see(
        { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
        async (page) => {
          await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
          await page.locator(".squiggly-warning").first().waitFor();
        },
        { ".vscode/settings.json": JSON.stringify({ "pyprep-lint.path": "/nowhere/pyprep-lint" }) },
      ),

    "without any binary there is a message": () =>
      code.withoutBinaries(() =>
        see({}, async (page) => {
          const message = page.locator(".notification-toast", { hasText: "neither in the extension nor on PATH" });
          await message.waitFor();
          await message.getByRole("button", { name: "Open settings" }).waitFor();
        }),
      ),

    "without the binary that is set there is a message, and its button opens the setting": () =>
      see({ "pyprep-lint.path": "/nowhere/pyprep-lint" }, async (page) => {
        const message = page.locator(".notification-toast", { hasText: "/nowhere/pyprep-lint" });
        await message.waitFor();
        await page.locator(".statusbar-item", { has: page.locator(".codicon-mortar-board + .codicon-warning") }).waitFor();
        await picture(page, "no-binary");
        await message.getByRole("button", { name: "Open settings" }).click();
        await page.locator(".settings-editor .setting-item-label", { hasText: "Path" }).first().waitFor();
      }),
  };
}

/** Code on the screen. VS Code draws a line as many pieces, with hard spaces between words. */
const word = (page, text) => page.locator(".view-line", { hasText: text }).getByText(text).first();

const openFile = (page, name) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).dblclick();

/** What the panel with the guide shows. */
const guide = (page) => page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");

/** Rests the mouse on the first underlined default argument, and gives the hover when its lesson is there. */
async function lesson(page) {
  await page.locator(".squiggly-warning").first().waitFor();
  await page.locator(".squiggly-error").first().waitFor();
  const hover = page.locator(".monaco-hover:visible", { hasText: "lines.append(drink)" });
  await until("the lesson", async () => {
    // While a window is being built, things move away from under the pointer.
    const box = await page.locator(".squiggly-warning").first().boundingBox();
    if (box === null) return false;
    await page.mouse.move(box.x + box.width / 2, box.y - 100);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    return hover.waitFor({ timeout: 5_000 }).then(() => true, () => false);
  });
  return hover;
}

/** Writes the user's settings in the editor, as a user does, and goes back to the code. */
async function set(page, settings) {
  await command(page, "Preferences: Open User Settings (JSON)");
  const tab = page.locator(".tab.active", { hasText: "settings.json" });
  await tab.waitFor();
  await page.locator(".view-line", { hasText: "telemetry" }).first().click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(settingsWith(settings));
  await page.keyboard.press("Control+S");
  await page.locator(".tab.active:not(.dirty)", { hasText: "settings.json" }).waitFor();
  await page.locator(".tab", { hasText: "cafe.py" }).click();
  await word(page, "take_order").waitFor();
}

async function command(page, title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
}

/** Nothing of it may be outside the window. */
async function isWhollyVisible(page, hover) {
  const view = page.viewportSize();
  await fits("the hover", await hover.boundingBox(), { x: 0, y: 0, ...view });
}

/** It can be seen in the hover without scrolling. */
async function isInside(hover, part) {
  await part.waitFor();
  await fits(JSON.stringify(await part.innerText()), await part.boundingBox(), await hover.boundingBox());
}

function fits(what, inner, outer) {
  const right = ({ x, width }) => x + width;
  const bottom = ({ y, height }) => y + height;
  if (inner.x < outer.x || inner.y < outer.y || right(inner) > right(outer) + 1 || bottom(inner) > bottom(outer) + 1) {
    throw new Error(`${what} is cut off: ${JSON.stringify(inner)} in ${JSON.stringify(outer)}`);
  }
}
