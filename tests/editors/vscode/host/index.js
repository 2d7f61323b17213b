// Runs inside VS Code's extension host: what the extension does, seen through the API that every other extension has.
const { execFileSync } = require("node:child_process");
const { existsSync, renameSync, writeFileSync } = require("node:fs");
const { delimiter, join } = require("node:path");
const vscode = require("vscode");

const { run, until, sleep } = require("../harness.js");

const extension = vscode.extensions.getExtension("pyprep.pyprep-lint");
const folder = vscode.workspace.workspaceFolders[0].uri.fsPath;

const ROUTE = `def add_stop(stop, route=[]):
    route.append(stop)
    return route
`;
const SIZE = `def is_large(size: str):
    return size is "large"
`;

const tests = {
  "findings appear when a file is opened, with code and link": async () => {
    const { document: { uri } } = await open("open.py", ROUTE);
    const [finding] = await findings(uri, ["PP0301"]);
    equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    equal(finding.source, "pyprep");
    has(finding.message, "`route`");
    has(finding.code.target.toString(true), "https://");
    equal(text(finding.range), "0:25-0:27");
  },

  "findings follow what is typed, through code that is broken for a while": async () => {
    const editor = await open("type.py", "import os\n");
    const { uri } = editor.document;
    await findings(uri, []);
    for (const key of "def f(a=[]):\n    a.append(1)\n    return a\n") {
      await insert(editor, key);
    }
    await findings(uri, ["PP0301"]);
    await insert(editor, "def broken(:\n");
    await findings(uri, ["PP0002", "PP0301"]);
    await replace(editor, "");
    await findings(uri, []);
  },

  "findings go when the file's tab is closed": async () => {
    const uri = write("close.py", ROUTE);
    // As a click does: a document that an extension opens stays open for minutes after its tab.
    await vscode.commands.executeCommand("vscode.open", uri);
    await findings(uri, ["PP0301"]);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await findings(uri, []);
  },

  "a file that was never saved is linted, too": async () => {
    const document = await vscode.workspace.openTextDocument({ language: "python", content: ROUTE });
    await vscode.window.showTextDocument(document);
    await findings(document.uri, ["PP0301"]);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  },

  "a hover tells the lesson in the reader's names": async () => {
    const { document: { uri } } = await open("hover.py", ROUTE);
    await findings(uri, ["PP0301"]);
    const lesson = await hover(uri, 0, 26);
    for (const part of ["`route`", "`add_stop`", "`route.append(stop)`", "line 2", "https://", "Ask me about this"]) {
      has(lesson, part);
    }
    // VS Code says it itself, above the lesson.
    hasNot(lesson, ours(uri)[0].message);
    equal(await hover(uri, 2, 12), "");
  },

  "a quick fix mends the code": async () => {
    const editor = await open("quickfix.py", SIZE);
    const [finding] = await findings(editor.document.uri, ["PP3001"]);
    const actions = await codeActions(editor.document.uri, finding.range, "quickfix");
    const fix = actions.find((action) => action.isPreferred);
    if (!fix) throw new Error(`no preferred fix among ${actions.map(({ title }) => title)}`);
    await apply(fix);
    await findings(editor.document.uri, []);
    has(editor.document.getText(), 'size == "large"');
  },

  "an unsafe quick fix is offered as well": async () => {
    const editor = await open("unsafe.py", ROUTE);
    const [finding] = await findings(editor.document.uri, ["PP0301"]);
    const actions = await codeActions(editor.document.uri, finding.range, "quickfix");
    await apply(actions.find(({ edit }) => edit));
    await findings(editor.document.uri, []);
    has(editor.document.getText(), "route=None");
  },

  "safe fixes are made on save": async () => {
    await configure("editor.codeActionsOnSave", { "source.fixAll.pyprep": "explicit" });
    const editor = await open("save.py", SIZE + ROUTE);
    await findings(editor.document.uri, ["PP0301", "PP3001"]);
    // VS Code saves without the fixes when these take too long, as on a busy machine.
    await until("the fixes on save", async () => {
      await insert(editor, "\n");
      await editor.document.save();
      return editor.document.getText().includes('size == "large"');
    });
    await findings(editor.document.uri, ["PP0301"]);
  },

  "the command fixes all that is safe": async () => {
    const editor = await open("command.py", SIZE + ROUTE + SIZE);
    await findings(editor.document.uri, ["PP0301", "PP3001", "PP3001"]);
    await vscode.commands.executeCommand("pyprep-lint.fixAll");
    await findings(editor.document.uri, ["PP0301"]);
  },

  "select, ignore and severity hold at once": async () => {
    const { document: { uri } } = await open("settings.py", ROUTE + SIZE);
    await findings(uri, ["PP0301", "PP3001"]);
    await configure("pyprep-lint.ignore", ["PP03"]);
    await findings(uri, ["PP3001"]);
    await configure("pyprep-lint.ignore", undefined);
    await findings(uri, ["PP0301", "PP3001"]);
    await configure("pyprep-lint.select", ["mutable-default-argument"]);
    await findings(uri, ["PP0301"]);
    await configure("pyprep-lint.select", undefined);
    await configure("pyprep-lint.severity", { "mutable-default-argument": "error", PP3001: "off" });
    await until("the finding is an error", () => {
      const found = ours(uri);
      return found.length === 1 && found[0].severity === vscode.DiagnosticSeverity.Error;
    });
    await configure("pyprep-lint.severity", undefined);
    await findings(uri, ["PP0301", "PP3001"]);
  },

  "teach and hover.enable hold at once": async () => {
    const { document: { uri } } = await open("teach.py", ROUTE);
    await findings(uri, ["PP0301"]);
    const explained = await hover(uri, 0, 26);
    await configure("pyprep-lint.teach", "nudge");
    const nudge = await until("a shorter hover", async () => {
      const now = await hover(uri, 0, 26);
      return now !== explained && now;
    });
    has(nudge, "?");
    await configure("pyprep-lint.teach", undefined);
    await until("the explanation again", async () => (await hover(uri, 0, 26)) === explained);
    await configure("pyprep-lint.hover.enable", false);
    await until("no hover", async () => (await hover(uri, 0, 26)) === "");
    await configure("pyprep-lint.hover.enable", undefined);
    await until("the hover again", async () => (await hover(uri, 0, 26)) === explained);
  },

  "with onSave, a file is checked when it is saved": async () => {
    await configure("pyprep-lint.run", "onSave");
    const editor = await open("onsave.py", ROUTE);
    const { uri } = editor.document;
    await findings(uri, ["PP0301"]);
    await replace(editor, ROUTE + ROUTE);
    // Nothing may happen here: what is waited for is that nothing does.
    await sleep(1000);
    await findings(uri, ["PP0301"]);
    await editor.document.save();
    await findings(uri, ["PP0301", "PP0301"]);
    await configure("pyprep-lint.run", undefined);
    await replace(editor, ROUTE);
    await findings(uri, ["PP0301"]);
  },

  "the cells of a notebook are linted, each with what the others define": async () => {
    const cells = ["menu = []", ROUTE, "%time\nsize = 'tall'\nprint(size is 'large')"];
    const notebook = await openNotebook("notebook.ipynb", cells);
    const [menu, route, size] = notebook.getCells().map(({ document }) => document);
    await findings(route.uri, ["PP0301"]);
    await findings(size.uri, ["PP3001"]);
    await findings(menu.uri, []);
    has(await hover(route.uri, 0, 26), "`add_stop`");

    const edit = new vscode.WorkspaceEdit();
    edit.replace(menu.uri, wholeOf(menu), ROUTE);
    edit.replace(route.uri, wholeOf(route), "pass\n");
    await vscode.workspace.applyEdit(edit);
    await findings(menu.uri, ["PP0301"]);
    await findings(route.uri, []);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  },

  "every command of the package is there, and every setting is described": async () => {
    const { contributes } = extension.packageJSON;
    const known = await vscode.commands.getCommands(true);
    for (const { command, title, icon } of contributes.commands) {
      if (!known.includes(command) || !title || !icon) throw new Error(`${command} is not whole`);
    }
    for (const [key, setting] of Object.entries(contributes.configuration.properties)) {
      const values = setting.enum?.length ?? 0;
      if (!setting.markdownDescription || values !== (setting.enumDescriptions?.length ?? 0)) {
        throw new Error(`${key} is not described`);
      }
    }
  },

  "the question at the cursor opens beside the code": async () => {
    const editor = await open("question.py", ROUTE);
    await findings(editor.document.uri, ["PP0301"]);
    // Anywhere on the line of the finding will do.
    editor.selection = new vscode.Selection(0, 2, 0, 2);
    await vscode.commands.executeCommand("pyprep-lint.openQuestionAtCursor");
    const tab = await guideTab("How do functions and default arguments work?");
    equal(tab.group.viewColumn > editor.viewColumn, true);
    // The next page takes the place of the first.
    await vscode.commands.executeCommand("pyprep-lint.showGuide");
    await guideTab("Python interview guide");
    equal(tabs().filter(isGuide).length, 1);
    await vscode.window.tabGroups.close(tabs().filter(isGuide));
  },

  "the code actions of a finding open its question in the guide": async () => {
    const editor = await open("asked.py", ROUTE);
    const [finding] = await findings(editor.document.uri, ["PP0301"]);
    const actions = await codeActions(editor.document.uri, finding.range, "quickfix");
    for (const name of ["pyprep-lint.ask", "pyprep-lint.openQuestion"]) {
      const { command } = actions.find((action) => action.command?.command === name);
      await vscode.commands.executeCommand(command.command, ...command.arguments);
      await vscode.window.tabGroups.close(await guideTab("How do functions and default arguments work?"));
    }
  },

  "a comment that silences a rule links to the rule's page in the guide": async () => {
    const { document: { uri } } = await open("silenced.py", ROUTE.replace("\n", "  # pyprep: ignore[PP0301] one for all\n"));
    const [link] = await until("a link", async () => {
      const links = await vscode.commands.executeCommand("vscode.executeLinkProvider", uri, 10);
      return links.length > 0 && links;
    });
    equal(text(link.range), "0:48-0:54");
    const [id, argument] = [link.target.path, link.target.query];
    await vscode.commands.executeCommand(id, ...[JSON.parse(argument)].flat());
    await vscode.window.tabGroups.close(await guideTab("PP0301 mutable-default-argument"));
  },

  "the file full of pitfalls has several": async () => {
    await vscode.commands.executeCommand("pyprep-lint.openSample");
    const { document } = vscode.window.activeTextEditor;
    equal(document.languageId, "python");
    const codes = await until("findings", () => {
      const found = new Set(ours(document.uri).map(({ code }) => code.value));
      return found.size >= 5 && found;
    });
    equal(codes.has("PP0301"), true);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  },

  "the restart command leaves one server": async () => {
    const [before] = servers();
    // Twice, for those who are impatient.
    const restart = () => vscode.commands.executeCommand("pyprep-lint.restart");
    await Promise.all([restart(), restart()]);
    await until("another server", () => servers().length === 1 && servers()[0] !== before);
    const { document: { uri } } = await open("restart.py", ROUTE);
    await findings(uri, ["PP0301"]);
  },

  "a server that is killed comes back": async () => {
    const editor = await open("killed.py", ROUTE);
    await findings(editor.document.uri, ["PP0301"]);
    const [before] = servers();
    process.kill(before, "SIGKILL");
    await until("another server", () => servers().length === 1 && servers()[0] !== before);
    await insert(editor, ROUTE);
    await findings(editor.document.uri, ["PP0301", "PP0301"]);
  },

  "another path in the settings is used at once": async () => {
    const { document: { uri } } = await open("path.py", ROUTE);
    await findings(uri, ["PP0301"]);
    await configure("pyprep-lint.path", join(folder, "nowhere"));
    await until("no server", () => servers().length === 0);
    await findings(uri, []);
    const elsewhere = join(PATH_FOLDER, "pyprep-lint");
    await configure("pyprep-lint.path", elsewhere);
    await findings(uri, ["PP0301"]);
    equal(programs().join(), elsewhere);
    await configure("pyprep-lint.path", undefined);
    await until("the extension's own", () => programs().join() === join(extension.extensionPath, "bin/pyprep-lint"));
    await findings(uri, ["PP0301"]);
  },

  "without a binary of its own, the extension takes the one on PATH": async () => {
    const { document: { uri } } = await open("onpath.py", ROUTE);
    await findings(uri, ["PP0301"]);
    const bin = join(extension.extensionPath, "bin");
    const aside = join(PATH_FOLDER, "aside");
    const restart = () => vscode.commands.executeCommand("pyprep-lint.restart");
    renameSync(bin, `${bin}-aside`);
    try {
      await restart();
      await findings(uri, ["PP0301"]);
      equal(programs().join(), join(PATH_FOLDER, "pyprep-lint"));
      renameSync(join(PATH_FOLDER, "pyprep-lint"), aside);
      await restart();
      await findings(uri, []);
      equal(servers().length, 0);
      renameSync(aside, join(PATH_FOLDER, "pyprep-lint"));
    } finally {
      renameSync(`${bin}-aside`, bin);
    }
    await restart();
    await findings(uri, ["PP0301"]);
  },
};

/** VS Code calls this, and ends when it is done. The driver reads what is logged with these first words. */
exports.run = async () => {
  for (const [name, test] of Object.entries(tests)) {
    // A test that fails half-way must not leave its settings to the next one.
    tests[name] = () => test().finally(() => Promise.all([...configured].map((key) => configure(key, undefined))));
  }
  const count = await run(tests, (line) => console.log(`pyprep test ${line}`));
  console.log(`pyprep count ${JSON.stringify(count)}`);
};

function write(name, content) {
  writeFileSync(join(folder, name), content);
  return vscode.Uri.file(join(folder, name));
}

const open = async (name, content) => vscode.window.showTextDocument(write(name, content));

async function openNotebook(name, cells) {
  const code = (source) => ({ cell_type: "code", metadata: {}, source, outputs: [], execution_count: null });
  const metadata = { language_info: { name: "python" } };
  const uri = write(name, JSON.stringify({ cells: cells.map(code), metadata, nbformat: 4, nbformat_minor: 4 }));
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

const ours = (uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "pyprep");

/** Waits until a document has findings of exactly these codes, and gives them in the order of their codes. */
async function findings(uri, codes) {
  const code = (finding) => finding.code.value ?? finding.code;
  let found;
  const arrived = () => {
    found = ours(uri).sort((a, b) => (code(a) < code(b) ? -1 : 1));
    return found.map(code).join() === codes.join();
  };
  try {
    await until("findings", arrived);
  } catch {
    throw new Error(`wanted ${codes.join() || "no findings"}, has ${found.map(code).join() || "none"} in ${uri.toString()}`);
  }
  return found;
}

/** The text of all hovers of a place, put together. */
async function hover(uri, line, character) {
  const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", uri, new vscode.Position(line, character));
  return hovers.flatMap(({ contents }) => contents.map((part) => part.value ?? part)).join("\n");
}

/** The actions of a kind, made whole: the server may work out what they change only when asked. */
const codeActions = (uri, range, kind) => vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, kind, 20);

async function apply(action) {
  equal(await vscode.workspace.applyEdit(action.edit), true);
}

const isGuide = ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("pyprep-lint.guide");

const guideTab = (title) => until(`the guide at ${title}`, () => tabs().find((tab) => isGuide(tab) && tab.label === title));

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);

async function insert(editor, text) {
  const { document } = editor;
  await editor.edit((edit) => edit.insert(document.lineAt(document.lineCount - 1).range.end, text));
}

async function replace(editor, text) {
  await editor.edit((edit) => edit.replace(wholeOf(editor.document), text));
}

const wholeOf = (document) => new vscode.Range(0, 0, document.lineCount, 0);

/** The settings that have been touched. */
const configured = new Set();

async function configure(key, value) {
  configured.add(key);
  await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Workspace);
}

/** The language servers that this extension host has started. */
function processes() {
  const all = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  return all
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*pyprep-lint) server$/.exec(line))
    .filter((row) => row && Number(row[2]) === process.pid);
}

const servers = () => processes().map((row) => Number(row[1]));
const programs = () => processes().map((row) => row[3]);

/** The folder that the driver has put on PATH, with a binary in it. */
const PATH_FOLDER = process.env.PATH.split(delimiter).find((place) => existsSync(join(place, "pyprep-lint")));

const text = ({ start, end }) => `${start.line}:${start.character}-${end.line}:${end.character}`;

function equal(actual, wanted) {
  if (actual !== wanted) throw new Error(`wanted ${JSON.stringify(wanted)}, has ${JSON.stringify(actual)}`);
}

function has(whole, part) {
  if (!whole.includes(part)) throw new Error(`wanted ${JSON.stringify(part)} in:\n${whole}`);
}

function hasNot(whole, part) {
  if (whole.includes(part)) throw new Error(`didn't want ${JSON.stringify(part)} in:\n${whole}`);
}
