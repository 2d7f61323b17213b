import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";

import { guideHtml, type Frame, type Page } from "./guideHtml";
import type { Server } from "./server";

/** A page, as the server knows it: the arguments of its commands, or `{ path }` in the guide's site; `{}` is the first one. */
export interface Wanted {
  question?: number;
  rule?: string;
  path?: string;
  guideUrl?: string;
  /** Only with a question that is asked about the reader's own code. */
  snippet?: string;
}

/** What the page's script says. */
interface Message {
  open?: { path: string; fragment: string };
  interview?: boolean;
  search?: true;
}

/** The guide in a panel beside the code: pages of the server's binary, in the editor's theme, without a network. */
export class Guide implements vscode.WebviewPanelSerializer<{ path: string } | undefined> {
  static readonly viewType = "pyprep-lint.guide";
  private panel: vscode.WebviewPanel | undefined;
  private current: Wanted = {};
  private readonly before: Wanted[] = [];
  private isInterview = false;
  private frame: Promise<Frame> | undefined;

  constructor(private readonly server: Server, private readonly folder: string) {}

  /** Shows a page, in the panel that is open or in a new one beside the code. */
  async show(wanted: Wanted = {}): Promise<void> {
    const page = await this.load(wanted);
    if (page === undefined) {
      return;
    }
    if (this.panel !== undefined) {
      this.before.push(this.current);
    } else {
      const place = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      this.adopt(vscode.window.createWebviewPanel(Guide.viewType, page.title, place));
    }
    this.panel?.reveal();
    await this.draw(wanted, page);
  }

  /** Shows the page that was there before. */
  async back(): Promise<void> {
    const wanted = this.before.pop();
    if (wanted === undefined) {
      return;
    }
    const page = await this.load(wanted);
    if (page !== undefined) {
      await this.draw(wanted, page);
    }
  }

  /** VS Code calls this for a panel that was open when it was closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: { path: string } | undefined): Promise<void> {
    const wanted = { path: state?.path ?? "index.html" };
    const page = await this.load(wanted);
    if (page === undefined) {
      panel.dispose();
      return;
    }
    this.adopt(panel);
    await this.draw(wanted, page);
  }

  private load(wanted: Wanted): Promise<Page | undefined> {
    return this.server.request<Page>("pyprep-lint/guidePage", wanted);
  }

  private async draw(wanted: Wanted, page: Page, fragment = ""): Promise<void> {
    this.frame ??= readFrame(this.folder);
    const frame = await this.frame;
    if (this.panel === undefined) {
      return;
    }
    this.current = wanted;
    this.panel.title = page.title;
    this.panel.webview.html = guideHtml(page, frame, {
      fragment,
      // Who has been asked thinks first.
      isInterview: this.isInterview || wanted.snippet !== undefined,
    });
    await vscode.commands.executeCommand("setContext", "pyprep-lint.guideHasHistory", this.before.length > 0);
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.before.length = 0;
    panel.iconPath = vscode.Uri.file(join(this.folder, "icon.png"));
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    panel.webview.onDidReceiveMessage((message: Message) => this.receive(message));
    panel.onDidDispose(() => {
      if (this.panel === panel) {
        this.panel = undefined;
      }
    });
  }

  private async receive(message: Message): Promise<void> {
    if (message.open) {
      const { path, fragment } = message.open;
      const { guideUrl } = this.current;
      const wanted = guideUrl === undefined ? { path } : { path, guideUrl };
      const page = await this.load(wanted);
      if (page !== undefined) {
        this.before.push(this.current);
        await this.draw(wanted, page, fragment);
      }
    }
    if (message.interview !== undefined) {
      this.isInterview = message.interview;
    }
    if (message.search) {
      const pages = await this.server.request("pyprep-lint/guideSearch");
      await this.panel?.webview.postMessage({ pages });
    }
  }
}

async function readFrame(folder: string): Promise<Frame> {
  const read = (name: string) => readFile(join(folder, "media", name), "utf8");
  const [theme, host] = await Promise.all([read("guide-theme.css"), read("guide-host.js")]);
  return { theme, host };
}
