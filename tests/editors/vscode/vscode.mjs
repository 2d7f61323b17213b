// A real VS Code: its server on a free port of this machine, and its window in a headless Chromium.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { until } from "./harness.js";

/** Nothing that asks, greets, or wants a network. */
const QUIET = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "chat.commandCenter.enabled": false,
  "files.autoSave": "off",
};
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** What is set in every window. */
export const settingsWith = (settings) => JSON.stringify({ ...QUIET, ...settings });

export class VsCode {
  /** Starts VS Code of `editors` (what install.sh made) with the packed extension in it. */
  static async start(editors, vsix) {
    const self = new VsCode();
    const main = join(editors, "vscode/out/server-main.js");
    self.data = mkdtempSync(join(tmpdir(), "pyprep-vscode-"));
    mkdirSync(join(self.data, "data/User"), { recursive: true });

    const install = spawnSync(process.execPath, [main, "--server-data-dir", self.data, "--install-extension", vsix], {
      encoding: "utf8",
      timeout: 180_000,
    });
    if (!install.stdout.includes("successfully installed")) {
      throw new Error(`the extension could not be installed:\n${install.stdout}${install.stderr}`);
    }
    const extensions = join(self.data, "extensions");
    self.extension = join(extensions, readdirSync(extensions).find((name) => name.startsWith("pyprep.")));
    // What the extension without its own binary finds.
    const path = join(self.data, "path");
    mkdirSync(path);
    self.binaries = [join(self.extension, "bin/pyprep-lint"), join(path, "pyprep-lint")];
    copyFileSync(...self.binaries);
    self.host = `127.0.0.1:${await freePort()}`;
    const log = openSync(join(self.data, "server.log"), "w");
    const [name, port] = self.host.split(":");
    self.server = spawn(
      process.execPath,
      [main, "--host", name, "--port", port, "--without-connection-token", "--accept-server-license-terms",
        "--server-data-dir", self.data, "--telemetry-level", "off", "--enable-smoke-test-driver",
        // Else it asks a login shell for its PATH.
        "--force-disable-user-env"],
      // A group of its own, so that what it starts ends with it.
      {
        stdio: ["ignore", log, log],
        detached: true,
        env: { ...process.env, PATH: `${path}:${process.env.PATH}`, XDG_CACHE_HOME: join(self.data, "cache") },
      },
    );
    closeSync(log);
    await until("VS Code's server answers", () => fetch(`http://${self.host}/version`).then((r) => r.ok, () => false));

    self.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
    return self;
  }

  /** A fresh window on `folder`, with these user settings and what else the page is told (`payload`). */
  async open(folder, { settings = {}, payload = [], expose = {} } = {}) {
    writeFileSync(join(this.data, "data/User/settings.json"), settingsWith(settings));
    const context = await this.browser.newContext({
      viewport: { width: 1100, height: 760 },
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    for (const [name, handler] of Object.entries(expose)) {
      await page.exposeFunction(name, handler);
    }
    const query = new URLSearchParams({ folder, payload: JSON.stringify([["skipWelcome", "true"], ...payload]) });
    await page.goto(`http://${this.host}/?${query}`);
    return page;
  }

  /** The process ids of the language servers that the windows have started. */
  servers() {
    const all = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).stdout.split("\n");
    return all.filter((line) => line.endsWith(`${this.binaries[0]} server`)).map((line) => Number.parseInt(line, 10));
  }

  /** Runs `use` while the linter is neither in the extension nor on PATH. */
  async withoutBinaries(use) {
    this.binaries.forEach((file) => renameSync(file, `${file}-aside`));
    try {
      await use();
    } finally {
      this.binaries.forEach((file) => renameSync(`${file}-aside`, file));
    }
  }

  /** How VS Code's window names a file of this machine. */
  remote(file) {
    return `vscode-remote://${this.host}${file}`;
  }

  async stop() {
    await this.browser?.close();
    if (this.server) {
      process.kill(-this.server.pid, "SIGKILL");
      await new Promise((done) => (this.server.exitCode ?? this.server.signalCode ? done() : this.server.once("exit", done)));
    }
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** A port that nobody listens on at this moment. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
