"""The server as editors see it that pytest-lsp imitates: their capabilities, the order of their messages, their checks."""

import ast
import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

LESSON = """\
def add(item, basket=[]):
    basket.append(item)
    return basket


x = "\N{SNAKE}" is 1000
"""
EDITORS = [
    "visual_studio_code",
    "neovim@v0.11",
    "neovim@v0.10",
    "neovim@v0.9",
    "neovim@v0.6",
    "emacs",
]


async def soon(awaitable):
    """Waits, but not for ever."""
    return await asyncio.wait_for(awaitable, 30)


def new_client() -> LanguageClient:
    client = make_test_lsp_client()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams):
        client.registrations = getattr(client, "registrations", []) + list(params.registrations)

    return client


SERVER = ClientServerConfig(server_command=[os.environ["PYPREP_LINT"], "server"], client_factory=new_client)


@pytest_lsp.fixture(params=EDITORS, config=SERVER)
async def client(request, lsp_client: LanguageClient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    lsp_client.folder = folder
    lsp_client.set_configuration({"ignore": []}, section="pyprep-lint")
    uri = folder.as_uri()
    lsp_client.result = await soon(
        lsp_client.initialize_session(
            types.InitializeParams(
                capabilities=client_capabilities(request.param),
                root_uri=uri,
                workspace_folders=[types.WorkspaceFolder(uri=uri, name="project")],
            )
        )
    )
    yield
    await soon(lsp_client.shutdown_session())


class Document:
    """A document that is open in the editor."""

    def __init__(self, client: LanguageClient, name: str, text: str):
        self.client, self.uri, self.text, self.version = client, (client.folder / name).as_uri(), text, 1
        item = types.TextDocumentItem(uri=self.uri, language_id="python", version=1, text=text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        self.identifier = types.TextDocumentIdentifier(uri=self.uri)

    def position(self, offset: int) -> types.Position:
        """Where the character at `offset` is, in the units that were agreed on."""
        before = self.text[:offset]
        line = before.split("\n")[-1]
        encoding = self.client.result.capabilities.position_encoding or "utf-16"
        unit = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
        return types.Position(line=before.count("\n"), character=len(line.encode(unit[0])) // unit[1])

    def range(self, needle: str) -> types.Range:
        start = self.text.index(needle)
        return types.Range(start=self.position(start), end=self.position(start + len(needle)))

    def replace(self, old: str, new: str):
        change = types.TextDocumentContentChangePartial(range=self.range(old), text=new)
        self.text = self.text.replace(old, new, 1)
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[change],
            )
        )

    async def codes(self) -> list[str]:
        return [diagnostic.code for diagnostic in await self.diagnostics()]

    async def diagnostics(self):
        """Pulled, if the editor does that, else the last ones that were pushed."""
        if self.client.capabilities.text_document.diagnostic:
            params = types.DocumentDiagnosticParams(text_document=self.identifier)
            return (await soon(self.client.text_document_diagnostic_async(params))).items
        return self.client.diagnostics.get(self.uri, [])

    async def wait_for_codes(self, *wanted: str):
        async def until():
            while await self.codes() != list(wanted):
                await asyncio.sleep(0.01)

        await soon(until())

    async def hover(self, needle: str):
        params = types.HoverParams(text_document=self.identifier, position=self.range(needle).start)
        return await soon(self.client.text_document_hover_async(params))

    async def actions(self, needle: str) -> list[types.CodeAction]:
        touching = [found for found in await self.diagnostics() if found.range == self.range(needle)]
        params = types.CodeActionParams(
            text_document=self.identifier,
            range=self.range(needle),
            context=types.CodeActionContext(diagnostics=touching),
        )
        return await soon(self.client.text_document_code_action_async(params)) or []

    def applied(self, edit: types.WorkspaceEdit) -> str:
        """The text after an edit of it."""
        if edit.document_changes:
            assert self.client.capabilities.workspace.workspace_edit.document_changes
            (change,) = edit.document_changes
            assert change.text_document.version == self.version
            edits = change.edits
        else:
            edits = edit.changes[self.uri]
        places = {repr(self.position(offset)): offset for offset in range(len(self.text) + 1)}
        text = self.text
        for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
            text = text[: places[repr(edit.range.start)]] + edit.new_text + text[places[repr(edit.range.end)] :]
        return text


async def test_findings_follow_the_text(client: LanguageClient):
    document = Document(client, "a.py", LESSON)
    await document.wait_for_codes("PP0301", "PP3001")
    first, second = await document.diagnostics()
    assert first.range == document.range("[]")
    assert first.source == "pyprep"
    assert first.severity == types.DiagnosticSeverity.Warning
    # Behind a character that counts differently in each unit.
    assert second.range == document.range("is")
    document.replace("basket=[]", "basket=None")
    await document.wait_for_codes("PP3001")
    document.replace("is 1000", "== 1000")
    await document.wait_for_codes()


async def test_findings_go_away_when_the_document_is_closed(client: LanguageClient):
    document = Document(client, "b.py", LESSON)
    await document.wait_for_codes("PP0301", "PP3001")
    client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document.identifier))
    await document.wait_for_codes()


async def test_only_who_pulls_is_not_pushed_to(client: LanguageClient):
    document = Document(client, "c.py", LESSON)
    await document.wait_for_codes("PP0301", "PP3001")
    await document.hover("[]")
    pulls = client.capabilities.text_document.diagnostic is not None
    assert (client.result.capabilities.diagnostic_provider is not None) == pulls
    assert (document.uri in client.diagnostics) != pulls


async def test_hover_teaches(client: LanguageClient):
    document = Document(client, "d.py", LESSON)
    hover = await document.hover("[]")
    assert hover.contents.kind == types.MarkupKind.Markdown
    for part in ["`basket`", "`add`", "line 2", "None"]:
        assert part in hover.contents.value
    assert hover.range == document.range("[]")
    assert await document.hover("return") is None


async def test_a_fix_is_applied(client: LanguageClient):
    document = Document(client, "e.py", LESSON)
    fixes = [action for action in await document.actions("is") if "==" in action.title]
    (fix,) = fixes
    if fix.edit is None:
        assert client.capabilities.text_document.code_action.resolve_support
        fix = await soon(client.code_action_resolve_async(fix))
    assert document.applied(fix.edit) == LESSON.replace("is 1000", "== 1000")


async def test_the_question_is_opened(client: LanguageClient):
    document = Document(client, "f.py", LESSON)
    (opening,) = [action for action in await document.actions("[]") if action.title.startswith("Open the question")]
    # lsprotocol takes an action that has a command for a command, and the command in it for a string.
    command = ast.literal_eval(opening.command)
    params = types.ExecuteCommandParams(command=command["command"], arguments=command["arguments"])
    await soon(client.workspace_execute_command_async(params))
    window = client.capabilities.window
    shows = bool(window and window.show_document and window.show_document.support)

    async def until():
        while not (client.shown_documents if shows else client.messages):
            await asyncio.sleep(0.01)

    await soon(until())
    if shows:
        path = pathlib.Path(client.shown_documents[-1].uri.removeprefix("file://"))
        assert "default arguments" in path.read_text()
    else:
        assert "`def` is a statement" in client.messages[-1].message


async def test_settings_are_asked_for(client: LanguageClient):
    asks = client.capabilities.workspace.configuration
    document = Document(client, "g.py", LESSON)
    await document.wait_for_codes("PP0301", "PP3001")
    settings = {"ignore": ["PP0301"]}
    client.set_configuration(settings, section="pyprep-lint")
    told = None if asks else {"pyprep-lint": settings}
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=told))
    await document.wait_for_codes("PP3001")


async def test_a_wrong_configuration_is_shown(client: LanguageClient):
    (client.folder / "wrong").mkdir(exist_ok=True)
    (client.folder / "wrong" / "pyprep-lint.toml").write_text("selct = []\n")
    document = Document(client, "wrong/a.py", LESSON)
    await document.wait_for_codes("PP0301", "PP3001")

    async def until():
        while not client.messages:
            await asyncio.sleep(0.01)

    await soon(until())
    assert "did you mean `select`?" in client.messages[-1].message


@pytest.mark.parametrize("name", ["a b.py", "\N{LATIN SMALL LETTER E WITH ACUTE}.py", "100%.py"])
async def test_names_with_other_characters(client: LanguageClient, name: str):
    document = Document(client, name, LESSON)
    await document.wait_for_codes("PP0301", "PP3001")
