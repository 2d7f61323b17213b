"""latency.py PYPREP RUFF: opens `_pydecimal.py` in both language servers and types into it, in turn, and prints how long it takes
from the keystroke to the diagnostics of the new text, in both of the protocol's diagnostics modes.

What is measured is the whole way: the change is written to the server's standard input, its answer read from the standard
output and decoded. Each keystroke waits for the answer to the last one. Memory is the resident set after typing, the idle
CPU time is that of five seconds in which nothing happens.
"""

import json
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile
import time

KEYSTROKES = 400
WARM_UP = 20
IDLE = 5

FILE = pathlib.Path(sysconfig.get_path("stdlib"), "_pydecimal.py")
RULES = {"select": ["PP0301", "PP0801", "PP1201", "PP2801", "PP3001", "PP3901"]}
RUFF_RULES = {"settings": {"lint": {"select": ["B006", "E722", "B019", "F632", "B023"]}, "configurationPreference": "editorOnly"}}


class Server:
    def __init__(self, command, settings, pulls, folder):
        self.pulls = pulls
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder
        )
        self.last_id = 0
        text_document = {"publishDiagnostics": {"versionSupport": True}}
        if pulls:
            text_document["diagnostic"] = {}
        uri = pathlib.Path(folder).as_uri()
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "bench"}],
                "capabilities": {"textDocument": text_document, "general": {"positionEncodings": ["utf-8", "utf-16"]}},
                "initializationOptions": settings,
            },
        )
        self.notify("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self):
        length = None
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                sys.exit("the server is gone")
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message = json.loads(self.process.stdout.read(length))
        if "id" in message and "method" in message:
            self.send({"id": message["id"], "result": None})
        return message

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.last_id and "method" not in message:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]

    def diagnostics(self, uri, version):
        """Waits for the diagnostics of this version."""
        if self.pulls:
            return self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
        while True:
            message = self.receive()
            params = message.get("params") or {}
            if message.get("method") == "textDocument/publishDiagnostics" and params.get("version", version) >= version:
                return params["diagnostics"]

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Typist:
    """Types a function with a mistake at the end of the file, one character at a time."""

    SNIPPET = "\ndef add_item(item, basket=[]):\n    basket.append(item)\n    return basket\n"

    def __init__(self, server):
        self.server = server
        self.uri = (pathlib.Path(folder) / FILE.name).as_uri()
        self.version = 1
        text = FILE.read_text()
        self.line, self.character = text.count("\n"), 0
        started = time.perf_counter()
        server.notify(
            "textDocument/didOpen",
            {"textDocument": {"uri": self.uri, "languageId": "python", "version": 1, "text": text}},
        )
        server.diagnostics(self.uri, 1)
        self.opened = time.perf_counter() - started
        self.times = []

    def press(self, key):
        self.version += 1
        here = {"line": self.line, "character": self.character}
        self.line, self.character = (self.line + 1, 0) if key == "\n" else (self.line, self.character + 1)
        started = time.perf_counter()
        self.server.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": {"start": here, "end": here}, "text": key}],
            },
        )
        self.found = self.server.diagnostics(self.uri, self.version)
        self.times.append(time.perf_counter() - started)


pyprep, ruff = (os.path.abspath(path) for path in sys.argv[1:])
print(f"{FILE.name}: {len(FILE.read_text().splitlines()):,} lines; {KEYSTROKES} keystrokes, in turn; {os.cpu_count()} cores")
print(f"{'':24}{'p50 ms':>8}{'p99 ms':>8}{'max ms':>8}{'open ms':>9}{'MiB':>7}{'idle CPU s':>12}{'findings':>10}")
for mode in ("push", "pull"):
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "pyprep-lint": Server([pyprep, "server"], RULES, mode == "pull", folder),
            "ruff server": Server([ruff, "server", "--isolated"], RUFF_RULES, mode == "pull", folder),
        }
        typists = {name: Typist(server) for name, server in servers.items()}
        for index in range(WARM_UP + KEYSTROKES):
            for typist in typists.values():
                typist.press(Typist.SNIPPET[index % len(Typist.SNIPPET)])
        time.sleep(0.5)  # what the last keystroke left to do is no idling
        before = {name: server.cpu_seconds() for name, server in servers.items()}
        time.sleep(IDLE)
        for name, typist in typists.items():
            server = servers[name]
            times = sorted(seconds * 1000 for seconds in typist.times[WARM_UP:])
            p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            idle = server.cpu_seconds() - before[name]
            print(
                f"{name + ', ' + mode:24}{p50:8.2f}{p99:8.2f}{times[-1]:8.2f}{typist.opened * 1000:9.1f}"
                f"{server.resident_mib():7.0f}{idle:12.2f}{len(typist.found):10}"
            )
        for server in servers.values():
            server.request("shutdown", None)
            server.notify("exit", None)
            server.process.wait(10)
print("aims: p50 no more than ruff's, p99 10 ms, open 50 ms, 40 MiB, idle 0")
