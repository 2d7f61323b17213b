// run.mjs VSIX: the packed extension in a real VS Code, asked through the extension host (host/) and through its window (window.mjs).
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { run, within } from "./harness.js";
import { VsCode } from "./vscode.mjs";
import { windowTests } from "./window.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const editors = resolve(here, "../../../target/editors");
const vsix = resolve(process.argv[2]);
const pictures = join(editors, "screenshots");
mkdirSync(pictures, { recursive: true });

const total = { passed: 0, failed: 0 };
const add = ({ passed, failed }) => {
  total.passed += passed;
  total.failed += failed;
};

const scratch = mkdtempSync(join(tmpdir(), "pyprep-workspace-"));
let code;
try {
  code = await VsCode.start(editors, vsix);
  console.log("-- through the extension host");
  add(await within(900_000, "the tests in the extension host", hostTests(code)));
  console.log("-- through the window");
  add(await run(windowTests(code, scratch, pictures), console.log));
} catch (error) {
  console.log(`FAIL ${error.stack}`);
  total.failed += 1;
} finally {
  await code?.stop();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** Runs host/index.js inside VS Code's extension host, which logs to us and says at the end how it went. */
async function hostTests(code) {
  const folder = join(scratch, "host");
  mkdirSync(folder);
  let count;
  let end;
  const over = new Promise((done) => (end = done));
  const page = await code.open(folder, {
    payload: [
      ["extensionDevelopmentPath", code.remote(join(here, "host"))],
      ["extensionTestsPath", code.remote(join(here, "host/index.js"))],
      ["enableProposedApi", ""],
    ],
    expose: {
      codeAutomationLog: (_kind, [line]) => {
        const [, told, rest] = /^pyprep (test|count) ([^]*)$/.exec(line) ?? [];
        if (told === "test") console.log(rest);
        if (told === "count") count = JSON.parse(rest);
      },
      codeAutomationExit: end,
    },
  });
  await over;
  await page.context().close();
  if (!count) throw new Error("the extension host ended before its tests");
  return count;
}
