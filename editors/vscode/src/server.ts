import * as vscode from "vscode";
import {
  ErrorAction,
  LanguageClient,
  State,
  type CodeAction,
  type ErrorHandler,
  type InitializeParams,
  type LanguageClientOptions,
  type Middleware,
} from "vscode-languageclient/node";

import { findBinary } from "./binary";
import type { Wanted } from "./guide";

/** The documents that are linted; the cells of a notebook are documents of their own. */
export const DOCUMENTS = ["file", "untitled", "vscode-notebook-cell"].map((scheme) => ({ scheme, language: "python" }));

/** The library's client, with what it gets wrong put right. */
class Client extends LanguageClient {
  /**
   * The library says that it asks for findings, and then asks neither for those of a notebook's cells nor when a file is
   * saved. It is not to say so; then the server sends them.
   */
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    delete params.capabilities.textDocument?.diagnostic;
  }

  /**
   * What is written to a server that has just died is lost. The library takes that for a reason to end it for good; but
   * the end of the connection follows anyway, and from that it recovers.
   */
  override createDefaultErrorHandler(maxRestartCount?: number): ErrorHandler {
    const library = super.createDefaultErrorHandler(maxRestartCount);
    return { error: () => ({ action: ErrorAction.Continue, handled: true }), closed: () => library.closed() };
  }
}

/** The language server of this window, and the only one who starts and stops it. */
export class Server implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel("pyprep-lint");
  private readonly changed = new vscode.EventEmitter<void>();
  /** Fires when the server has come up or gone. */
  readonly onDidChange = this.changed.event;
  private client: LanguageClient | undefined;
  /** Starts and stops, one after the other: two restarts in a row must not leave two servers. */
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly folder: string, private readonly middleware: Middleware) {}

  /** Starts the server, after having stopped the one that ran. Says by itself what went wrong. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.stopNow());
  }

  get isRunning(): boolean {
    return this.client?.state === State.Running;
  }

  /** What the server answers; without a server, offers to start it. What goes wrong is said here. */
  async request<Answer>(method: string, params?: object): Promise<Answer | undefined> {
    // It may be starting.
    await this.queue;
    if (this.client === undefined || !this.isRunning) {
      void complain("pyprep-lint is not running.", { title: "Restart", run: () => this.restart() });
      return undefined;
    }
    try {
      return await (params ? this.client.sendRequest<Answer>(method, params) : this.client.sendRequest<Answer>(method));
    } catch (error) {
      this.log.appendLine(`${method}: ${String(error)}`);
      void complain("pyprep-lint could not answer that.", { title: "Show log", run: () => { this.log.show(); } });
      return undefined;
    }
  }

  /** The commands of the server that it offers for a range, with their arguments. */
  async commandsAt(uri: vscode.Uri, range: vscode.Range): Promise<{ command: string; argument: Wanted }[] | undefined> {
    const convert = this.client?.code2ProtocolConverter;
    const actions = await this.request<CodeAction[] | null>("textDocument/codeAction", {
      textDocument: { uri: convert?.asUri(uri) },
      range: convert?.asRange(range),
      context: { diagnostics: [] },
    });
    const commands = actions?.flatMap((action) => action.command ?? []);
    return commands?.map(({ command, arguments: args }) => ({ command, argument: args?.[0] as Wanted }));
  }

  dispose(): void {
    this.changed.dispose();
    this.log.dispose();
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work, work);
    return this.queue;
  }

  private async startNow(): Promise<void> {
    const setting = vscode.workspace.getConfiguration("pyprep-lint").get("path", "");
    const found = await findBinary(setting, this.folder);
    if ("problem" in found) {
      this.log.appendLine(found.problem);
      // Not awaited: the message stays until it is answered.
      void complain(found.problem, { title: "Open settings", run: () => openSettings("pyprep-lint.path") });
      return;
    }
    this.log.appendLine(`Starting ${found.command}`);
    const run = { command: found.command, args: ["server"] };
    this.client = new Client("pyprep-lint", "pyprep-lint", run, this.options());
    this.client.onDidChangeState(() => { this.changed.fire(); });
    try {
      await this.client.start();
    } catch (error) {
      this.log.appendLine(String(error));
      void complain(`${found.command} did not start.`, { title: "Show log", run: () => { this.log.show(); } });
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // One that never came up, or has died, refuses to be stopped; it is gone all the same.
    await client?.dispose().catch((error: unknown) => { this.log.appendLine(String(error)); });
    this.changed.fire();
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: DOCUMENTS,
      outputChannel: this.log,
      initializationOptions: vscode.workspace.getConfiguration().get("pyprep-lint"),
      middleware: this.middleware,
    };
  }
}

/** An error with one button that mends it. */
async function complain(message: string, remedy: { title: string; run: () => unknown }): Promise<void> {
  if ((await vscode.window.showErrorMessage(message, remedy.title)) === remedy.title) {
    await remedy.run();
  }
}

/** Where the linter is, is a matter of the machine it runs on, which may not be the one with the window. */
function openSettings(id: string): Thenable<unknown> {
  const command = vscode.env.remoteName === undefined ? "openSettings" : "openRemoteSettings";
  return vscode.commands.executeCommand(`workbench.action.${command}`, { query: `@id:${id}` });
}
