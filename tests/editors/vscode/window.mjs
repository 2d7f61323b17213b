// Drives VS Code's window as a person does, with mouse and keys, and leaves pictures of what that person sees.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { until } from "./harness.js";

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

/** The tests, for a running VS Code, a folder for their files and one for their pictures. */
export function windowTests(code, scratch, pictures) {
  /** Opens a window on a new folder with `cafe.py` in it, for as long as `look` looks at it. */
  async function see(settings, look, more = {}) {
    const folder = join(mkdtempSync(join(scratch, "window-")), "cafe");
    mkdirSync(folder);
    for (const [name, content] of Object.entries({ "cafe.py": CAFE, ...more })) {
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

  const lesson = (theme, name) => () =>
    see({ "workbench.colorTheme": theme, "editor.hover.delay": 100 }, async (page) => {
      await page.locator(".squiggly-warning").first().waitFor();
      await page.locator(".squiggly-error").first().waitFor();
      const hover = page.locator(".monaco-hover:visible", { hasText: "PP0301" });
      await until("the hover", async () => {
        // While a window is being built, things move away from under the pointer.
        const box = await page.locator(".squiggly-warning").first().boundingBox();
        if (box === null) return false;
        await page.mouse.move(box.x + box.width / 2, box.y - 100);
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
        return hover.waitFor({ timeout: 5_000 }).then(() => true, () => false);
      });
      const text = await until("the lesson", async () => {
        const now = await hover.innerText();
        return /lines.append\(drink\)/.test(now) && now;
      });
      for (const part of ["take_order", "lines", "How do functions and default arguments work?"]) {
        if (!text.includes(part)) throw new Error(`the lesson doesn't say ${part}:\n${text}`);
      }
      const link = await hover.locator('a[data-href^="https://"]').count();
      if (link === 0) throw new Error("the lesson has no link");
      await picture(page, name);
      await isWhollyVisible(page, hover);
    });

  return {
    "a finding is underlined and its lesson can be read: dark": lesson("Default Dark Modern", "hover-dark"),
    "a finding is underlined and its lesson can be read: light": lesson("Default Light Modern", "hover-light"),

    "findings are in the Problems panel and counted in the status bar": () =>
      see({}, async (page) => {
        await page.locator(".squiggly-warning").first().waitFor();
        const count = page.locator(".statusbar-item", { has: page.locator(".codicon-mortar-board") });
        await until("two findings in the status bar", async () => /2/.test(await count.innerText()));
        await count.click();
        const row = page.locator(".markers-panel .monaco-list-row", { hasText: "PP0301" });
        await row.waitFor();
        const text = await row.innerText();
        for (const part of ["pyprep", "lines", "take_order"]) {
          if (!text.includes(part)) throw new Error(`the Problems panel doesn't say ${part}: ${text}`);
        }
        await picture(page, "problems");
      }),

    "the light bulb offers the fix, which mends the line": () =>
      see({}, async (page) => {
        await page.locator(".squiggly-error").first().waitFor();
        const action = page.locator(".action-widget .monaco-list-row.action", { hasText: "==" }).first();
        // VS Code shows what it has when the key is pressed, which may be nothing yet.
        await until("the fix in the menu", async () => {
          await page.keyboard.press("Escape");
          await word(page, '"large"').click();
          await page.keyboard.press("Control+.");
          return action.waitFor({ timeout: 5_000 }).then(() => true, () => false);
        });
        await picture(page, "quick-fix");
        await page.keyboard.press("Enter");
        await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
        await word(page, "==").waitFor();
      }),

    "the question opens as a page beside the code": () =>
      see({ "markdown.preview.fontSize": 13 }, async (page) => {
        await page.locator(".squiggly-warning").first().waitFor();
        await word(page, "lines=[]").click();
        await command(page, "pyprep-lint: Open the Question at the Cursor");
        await page.locator(".tab", { hasText: "Preview" }).waitFor();
        const question = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
        await question.getByRole("heading", { name: "How do functions and default arguments work?" }).waitFor();
        await picture(page, "question");
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

    "without a binary there is a message, and its button opens the setting": () =>
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

async function command(page, title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
}

/** Nothing of it may be outside the window, and nothing above it on the screen. */
async function isWhollyVisible(page, hover) {
  const { x, y, width, height } = await hover.boundingBox();
  const view = page.viewportSize();
  if (x < 0 || y < 0 || x + width > view.width || y + height > view.height) {
    throw new Error(`the hover is cut off: ${JSON.stringify({ x, y, width, height })} in ${JSON.stringify(view)}`);
  }
}
