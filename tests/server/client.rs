//! A client that we wrote ourselves: knows nothing but the protocol, waits for nothing without a bound, and shows the whole
//! conversation when something fails.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::model::{self, Position, Unit};

/// Nothing is waited for longer than this.
const BOUND: Duration = Duration::from_secs(30);

/// A folder with files, and a cache folder beside it, away from the user's.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    pub fn with(files: &[(&str, &str)]) -> Workspace {
        let workspace = Workspace { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir(workspace.path("")).expect("a new folder");
        files.iter().for_each(|(path, text)| workspace.write(path, text));
        workspace
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("it exists").join("project").join(path)
    }

    pub fn cache(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it exists").join("cache")
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("in a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }

    pub fn uri(&self, path: &str) -> String {
        uri(&self.path(path))
    }

    /// What the command line finds in a file of this folder: `code`, and line and column counted from 1, in characters.
    pub fn check(&self, path: &str) -> Value {
        let output = self.run(&["check", "--output-format", "json", path]);
        serde_json::from_slice(&output).expect("JSON")
    }

    /// The text of `path` after the command line fixed it with these flags.
    pub fn fixed(&self, path: &str, flags: &[&str]) -> String {
        let (stem, extension) = path.split_once('.').expect("an extension");
        let copy = format!("{stem}-fixed.{extension}");
        std::fs::copy(self.path(path), self.path(&copy)).expect("a copy");
        self.run(&[&["check"], flags, &[&copy]].concat());
        let text = std::fs::read_to_string(self.path(&copy)).expect("it exists");
        std::fs::remove_file(self.path(&copy)).expect("it exists");
        text
    }

    fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pyprep-lint"));
        command.args(arguments).current_dir(self.path("")).output().expect("the program runs").stdout
    }
}

/// A path as most editors write it.
pub fn uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.to_str().expect("UTF-8").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(byte.into());
        } else {
            write!(uri, "%{byte:02X}").expect("a string grows");
        }
    }
    uri
}

/// What a client can do.
pub mod capabilities {
    use super::*;

    /// Everything, with pull diagnostics.
    pub fn all() -> Value {
        json!({
            "general": { "positionEncodings": ["utf-16"] },
            "window": { "showDocument": { "support": true }, "workDoneProgress": true },
            "workspace": {
                "configuration": true,
                "workspaceFolders": true,
                "applyEdit": true,
                "workspaceEdit": { "documentChanges": true },
                "didChangeConfiguration": { "dynamicRegistration": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true },
                "diagnostics": { "refreshSupport": true },
            },
            "notebookDocument": { "synchronization": { "executionSummarySupport": true } },
            "textDocument": {
                "synchronization": { "didSave": true },
                "diagnostic": { "dynamicRegistration": true, "relatedDocumentSupport": true },
                "publishDiagnostics": {
                    "relatedInformation": true,
                    "versionSupport": true,
                    "codeDescriptionSupport": true,
                    "dataSupport": true,
                    "tagSupport": { "valueSet": [1, 2] },
                },
                "hover": { "contentFormat": ["markdown", "plaintext"] },
                "codeAction": {
                    "dataSupport": true,
                    "isPreferredSupport": true,
                    "disabledSupport": true,
                    "resolveSupport": { "properties": ["edit"] },
                    "codeActionLiteralSupport": {
                        "codeActionKind": { "valueSet": ["", "quickfix", "source", "source.fixAll"] },
                    },
                },
            },
        })
    }

    /// Everything but pull diagnostics: the server has to push them.
    pub fn push() -> Value {
        without(all(), "/textDocument/diagnostic")
    }

    /// `capabilities` without the one at a JSON pointer.
    #[track_caller]
    pub fn without(mut capabilities: Value, pointer: &str) -> Value {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = capabilities.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        parent.remove(key).unwrap_or_else(|| panic!("no {pointer}"));
        capabilities
    }

    /// `capabilities` with another value for the one at a JSON pointer.
    #[track_caller]
    pub fn with(mut capabilities: Value, pointer: &str, value: Value) -> Value {
        *capabilities.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        capabilities
    }

    /// `capabilities` with these units for columns.
    pub fn counting(capabilities: Value, unit: Unit) -> Value {
        with(capabilities, "/general/positionEncodings", json!([unit.name()]))
    }
}

/// What a client does with a request of the server.
#[derive(Clone, Debug)]
pub enum Reply {
    With(Value),
    WithError,
    /// Never.
    Silence,
}

/// An open document as the client has it.
#[derive(Clone, Debug)]
pub struct Document {
    pub version: i64,
    pub text: String,
}

enum Output {
    Message(Value),
    Broken(String),
    End,
}

/// A running server and all that was said.
pub struct Client {
    child: Child,
    /// Closed when `None`.
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Output>,
    /// Held while the client reads nothing.
    gate: Arc<Mutex<()>>,
    has_ended: bool,
    responses: BTreeMap<String, Value>,
    /// Notifications and requests of the server, in order.
    pub received: Vec<Value>,
    replies: BTreeMap<String, Reply>,
    /// What `workspace/configuration` is answered for the section `pyprep-lint`.
    pub settings: Value,
    pub documents: BTreeMap<String, Document>,
    pub unit: Unit,
    client_capabilities: Value,
    /// The `capabilities` that the server declared.
    pub capabilities: Value,
    transcript: Vec<String>,
    stderr: Arc<Mutex<String>>,
    next_id: u64,
}

/// How to start a server.
pub struct Start<'w> {
    workspace: &'w Workspace,
    capabilities: Value,
    roots: Vec<String>,
    options: Value,
    settings: Value,
    replies: BTreeMap<String, Reply>,
    arguments: Vec<&'static str>,
    process: Option<u32>,
}

impl<'w> Start<'w> {
    pub fn new(workspace: &'w Workspace, capabilities: Value) -> Start<'w> {
        Start {
            workspace,
            capabilities,
            roots: vec![workspace.uri("")],
            options: Value::Null,
            settings: Value::Null,
            replies: BTreeMap::new(),
            arguments: vec!["server"],
            process: Some(std::process::id()),
        }
    }

    /// The folders that the editor has open.
    pub fn roots(mut self, roots: &[&str]) -> Self {
        self.roots = roots.iter().map(|root| self.workspace.uri(root)).collect();
        self
    }

    /// The `initializationOptions`.
    pub fn options(mut self, options: Value) -> Self {
        self.options = options;
        self
    }

    /// What `workspace/configuration` is answered.
    pub fn settings(mut self, settings: Value) -> Self {
        self.settings = settings;
        self
    }

    /// How to answer a method of the server.
    pub fn reply(mut self, method: &str, reply: Reply) -> Self {
        self.replies.insert(method.to_owned(), reply);
        self
    }

    /// One more argument of the program.
    pub fn argument(mut self, argument: &'static str) -> Self {
        self.arguments.push(argument);
        self
    }

    /// The process that the server is to outlive by little.
    pub fn process(mut self, id: u32) -> Self {
        self.process = Some(id);
        self
    }

    /// Starts the program and says nothing yet.
    #[track_caller]
    pub fn spawn(self) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pyprep-lint"))
            .args(&self.arguments)
            .current_dir(self.workspace.path(""))
            .env("XDG_CACHE_HOME", self.workspace.cache())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // Threads, so that neither side can block the test.
        let (input, to_write) = channel::<Vec<u8>>();
        let mut stdin = child.stdin.take().expect("piped");
        thread::spawn(move || {
            to_write.into_iter().try_for_each(|bytes| stdin.write_all(&bytes).and_then(|()| stdin.flush()))
        });
        let (read, output) = channel();
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let gate = Arc::new(Mutex::new(()));
        let open = gate.clone();
        thread::spawn(move || read_messages(stdout, &open, &read));
        let stderr = Arc::new(Mutex::new(String::new()));
        let mut pipe = BufReader::new(child.stderr.take().expect("piped"));
        let log = stderr.clone();
        thread::spawn(move || {
            let mut line = Vec::new();
            while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                log.lock().expect("no panic").push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        Client {
            child,
            input: Some(input),
            output,
            gate,
            has_ended: false,
            responses: BTreeMap::new(),
            received: Vec::new(),
            replies: self.replies,
            settings: self.settings,
            documents: BTreeMap::new(),
            unit: Unit::Utf16,
            client_capabilities: self.capabilities,
            capabilities: Value::Null,
            transcript: Vec::new(),
            stderr,
            next_id: 1,
        }
    }

    /// Starts the program and goes through the handshake.
    #[track_caller]
    pub fn run(self) -> Client {
        let folders: Vec<Value> = self.roots.iter().map(|uri| json!({ "uri": uri, "name": uri })).collect();
        let params = json!({
            "processId": self.process,
            "clientInfo": { "name": "tests" },
            "rootUri": self.roots.first(),
            "workspaceFolders": folders,
            "capabilities": self.capabilities,
            "initializationOptions": self.options,
        });
        let mut client = self.spawn();
        let result = client.request("initialize", params);
        client.capabilities = result["capabilities"].clone();
        let unit = result["capabilities"]["positionEncoding"].as_str().unwrap_or("utf-16");
        client.unit = Unit::ALL.into_iter().find(|known| known.name() == unit).expect("a unit of the protocol");
        client.notify("initialized", json!({}));
        client
    }
}

/// One JSON text a frame; anything else on the output is a bug.
fn read_messages(mut stdout: impl BufRead, gate: &Mutex<()>, to: &Sender<Output>) {
    loop {
        drop(gate.lock());
        let mut length = None;
        let mut line = String::new();
        loop {
            line.clear();
            match stdout.read_line(&mut line) {
                Ok(0) if length.is_none() => return drop(to.send(Output::End)),
                Ok(read) if read > 0 && line.ends_with("\r\n") => {}
                _ => return drop(to.send(Output::Broken(format!("no header: {line:?}")))),
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", value)) => length = value.parse().ok(),
                Some(("Content-Type", _)) => {}
                _ if line == "\r\n" => break,
                _ => return drop(to.send(Output::Broken(format!("no header: {line:?}")))),
            }
        }
        let mut body = vec![0; length.unwrap_or(0)];
        let message = stdout.read_exact(&mut body).map_err(|error| error.to_string());
        let message = message.and_then(|()| serde_json::from_slice(&body).map_err(|error| error.to_string()));
        let sent = match message {
            Ok(message) => to.send(Output::Message(message)),
            Err(error) => to.send(Output::Broken(format!("{error}: {:?}", String::from_utf8_lossy(&body)))),
        };
        if sent.is_err() {
            return;
        }
    }
}

impl Client {
    /// A server for `workspace`, ready to work.
    #[track_caller]
    pub fn start(workspace: &Workspace, capabilities: Value) -> Client {
        Start::new(workspace, capabilities).run()
    }

    // Saying things.

    pub fn send_raw(&mut self, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.note("->", &String::from_utf8_lossy(&bytes));
        // A server that has ended already is found out by what follows.
        let _ = self.input.as_ref().expect("the input is open").send(bytes);
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request; its id, for [`response`](Self::response).
    pub fn send_request(&mut self, method: &str, params: Value) -> Value {
        let id = json!(self.next_id);
        self.next_id += 1;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message);
        id
    }

    /// The response with this id, as it came.
    #[track_caller]
    pub fn response(&mut self, id: &Value) -> Value {
        self.wait(&format!("the response to {id}"), |client| client.responses.remove(&id.to_string()))
    }

    /// The whole response to a request.
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.send_request(method, params);
        self.response(&id)
    }

    /// The result of a request, which has to succeed.
    #[track_caller]
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let mut response = self.call(method, params);
        if response.get("error").is_some() {
            self.fail(&format!("{method} failed: {}", response["error"]));
        }
        response["result"].take()
    }

    /// Closes the server's input.
    pub fn close_input(&mut self) {
        self.note("->", "(end of input)");
        self.input = None;
    }

    /// Kills the server, as if it had crashed.
    pub fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.wait_exit();
    }

    // Listening.

    /// Something to lock while the client is to read nothing. What it waits for must not be in between.
    pub fn gate(&self) -> Arc<Mutex<()>> {
        self.gate.clone()
    }

    /// Handles messages until `done` says something.
    #[track_caller]
    pub fn wait<T>(&mut self, what: &str, mut done: impl FnMut(&mut Client) -> Option<T>) -> T {
        let until = Instant::now() + BOUND;
        loop {
            if let Some(found) = done(self) {
                return found;
            }
            if self.has_ended {
                self.fail(&format!("the server ended while the test waited for {what}"));
            }
            match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(output) => self.handle(output),
                Err(RecvTimeoutError::Timeout) => self.fail(&format!("waited {BOUND:?} for {what}")),
                Err(RecvTimeoutError::Disconnected) => self.has_ended = true,
            }
        }
    }

    #[track_caller]
    fn handle(&mut self, output: Output) {
        let message = match output {
            Output::Message(message) => message,
            Output::Broken(what) => self.fail(&format!("this is no message: {what}")),
            Output::End => {
                self.has_ended = true;
                return;
            }
        };
        self.note("<-", &message.to_string());
        let Some(method) = message["method"].as_str() else {
            if let Some(again) = self.responses.insert(message["id"].to_string(), message.clone())
                && !again["id"].is_null()
            {
                self.fail(&format!("two responses to {}", message["id"]));
            }
            return;
        };
        if let Some(id) = message.get("id")
            && self.input.is_some()
        {
            let reply =
                self.replies.get(method).cloned().unwrap_or_else(|| self.default_reply(method, &message["params"]));
            match reply {
                Reply::With(result) => self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": result })),
                Reply::WithError => {
                    let error = json!({ "code": -32601, "message": "not here", "stack": "as some clients send" });
                    self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": error }));
                }
                Reply::Silence => {}
            }
        }
        self.received.push(message);
    }

    fn default_reply(&self, method: &str, params: &Value) -> Reply {
        Reply::With(match method {
            "workspace/configuration" => params["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|item| if item["section"] == "pyprep-lint" { self.settings.clone() } else { Value::Null })
                .collect(),
            "window/showDocument" => json!({ "success": true }),
            "workspace/applyEdit" => json!({ "applied": true }),
            _ => Value::Null,
        })
    }

    /// How to answer a method of the server from now on.
    pub fn reply(&mut self, method: &str, reply: Reply) {
        self.replies.insert(method.to_owned(), reply);
    }

    /// What the server sent by this method so far: the params.
    pub fn all_of(&self, method: &str) -> Vec<&Value> {
        self.received.iter().filter(|message| message["method"] == method).map(|message| &message["params"]).collect()
    }

    /// Waits until the server has sent something by this method that fits, and forgets what came before it.
    #[track_caller]
    pub fn wait_for(&mut self, method: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.wait(&format!("{method} that fits"), |client| {
            let at =
                client.received.iter().position(|message| message["method"] == method && fits(&message["params"]))?;
            client.received.drain(..=at).next_back().map(|message| message["params"].clone())
        })
    }

    // Documents.

    #[track_caller]
    pub fn open(&mut self, uri: &str, text: &str) {
        self.open_as(uri, text, "python");
    }

    pub fn open_as(&mut self, uri: &str, text: &str, language: &str) {
        self.documents.insert(uri.to_owned(), Document { version: 1, text: text.to_owned() });
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// One incremental edit.
    #[track_caller]
    pub fn edit(&mut self, uri: &str, from: Position, to: Position, new: &str) {
        let unit = self.unit;
        let text = model::edited(&self.document(uri).text, from, to, new, unit);
        self.change(uri, text, json!([{ "range": model::range(from, to), "text": new }]));
    }

    /// Replaces the first `old` by `new`.
    #[track_caller]
    pub fn replace(&mut self, uri: &str, old: &str, new: &str) {
        let text = &self.document(uri).text;
        let from = text.find(old).unwrap_or_else(|| panic!("{old:?} is not in {text:?}"));
        let place = |at| model::position(text, at, self.unit);
        self.edit(uri, place(from), place(from + old.len()), new);
    }

    /// Replaces the whole text.
    #[track_caller]
    pub fn set(&mut self, uri: &str, text: &str) {
        self.change(uri, text.to_owned(), json!([{ "text": text }]));
    }

    #[track_caller]
    pub fn change(&mut self, uri: &str, text: String, changes: Value) {
        let document = self.documents.get_mut(uri).expect("it is open");
        document.version += 1;
        document.text = text;
        let identifier = json!({ "uri": uri, "version": document.version });
        self.notify("textDocument/didChange", json!({ "textDocument": identifier, "contentChanges": changes }));
    }

    pub fn save(&mut self, uri: &str) {
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    pub fn close(&mut self, uri: &str) {
        self.documents.remove(uri);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    #[track_caller]
    pub fn document(&self, uri: &str) -> &Document {
        self.documents.get(uri).expect("it is open")
    }

    /// Where `needle` starts in an open document.
    #[track_caller]
    pub fn find(&self, uri: &str, needle: &str) -> Position {
        model::find(&self.document(uri).text, needle, self.unit)
    }

    // What users see.

    /// The hover at a position.
    #[track_caller]
    pub fn hover_at(&mut self, uri: &str, position: Position) -> Value {
        self.request("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": model::at(position) }))
    }

    /// The hover at the start of the first `needle`.
    #[track_caller]
    pub fn hover(&mut self, uri: &str, needle: &str) -> Value {
        self.hover_at(uri, self.find(uri, needle))
    }

    /// The code actions for a range, with the document's findings there as context.
    #[track_caller]
    pub fn actions(&mut self, uri: &str, from: Position, to: Position, only: Option<&str>) -> Vec<Value> {
        let found: Vec<Value> = self
            .diagnostics(uri)
            .into_iter()
            .filter(|diagnostic| {
                let (start, end) = model::range_of(diagnostic);
                start <= to && end >= from
            })
            .collect();
        let mut context = json!({ "diagnostics": found, "triggerKind": 1 });
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let params = json!({ "textDocument": { "uri": uri }, "range": model::range(from, to), "context": context });
        match self.request("textDocument/codeAction", params) {
            Value::Array(actions) => actions,
            _ => Vec::new(),
        }
    }

    /// The findings for the document as it is now, in the order of their places: pulled if the client can, else as pushed
    /// (the last ones that were, if the client gets no versions).
    #[track_caller]
    pub fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let mut found = if self.client_capabilities["textDocument"]["diagnostic"].is_object() {
            let report = self.pull(uri, None);
            assert_eq!(report["kind"], "full", "{report}");
            report["items"].clone()
        } else {
            let version = self.document(uri).version;
            let has_versions = &self.client_capabilities["textDocument"]["publishDiagnostics"]["versionSupport"];
            let has_versions = *has_versions == true;
            self.wait(&format!("the findings of version {version} of {uri}"), |client| {
                let published = client.all_of("textDocument/publishDiagnostics").into_iter();
                let last = published.rev().find(|params| params["uri"] == uri)?;
                (last["version"] == version || !has_versions).then(|| last["diagnostics"].clone())
            })
        };
        let found = found.as_array_mut().expect("a list");
        found.sort_by_key(|diagnostic| (model::range_of(diagnostic), diagnostic["code"].to_string()));
        std::mem::take(found)
    }

    /// The answer to one pull.
    #[track_caller]
    pub fn pull(&mut self, uri: &str, previous: Option<&Value>) -> Value {
        let mut params = json!({ "textDocument": { "uri": uri } });
        if let Some(previous) = previous {
            params["previousResultId"] = previous.clone();
        }
        self.request("textDocument/diagnostic", params)
    }

    /// The codes of the findings for the document as it is now, in the order of their places.
    #[track_caller]
    pub fn codes(&mut self, uri: &str) -> Vec<String> {
        codes(&self.diagnostics(uri))
    }

    /// Waits until the findings have these codes, in the order of their places: for changes that have no version.
    #[track_caller]
    pub fn wait_for_codes(&mut self, uri: &str, wanted: &[&str]) {
        if self.client_capabilities["textDocument"]["diagnostic"].is_object() {
            let until = Instant::now() + BOUND;
            while self.codes(uri) != wanted {
                if Instant::now() > until {
                    self.fail(&format!("waited {BOUND:?} for {wanted:?} in {uri}"));
                }
                thread::sleep(Duration::from_millis(10));
            }
        } else {
            self.wait(&format!("{wanted:?} in {uri}"), |client| {
                let published = client.all_of("textDocument/publishDiagnostics").into_iter();
                let last = published.rev().find(|params| params["uri"] == uri)?;
                let mut found = last["diagnostics"].as_array().expect("a list").clone();
                found.sort_by_key(model::range_of);
                (codes(&found) == wanted).then_some(())
            });
        }
    }

    // The end.

    /// Ends the session as the protocol wants it and returns all that the server sent; it has to end well.
    #[track_caller]
    pub fn finish(mut self) -> Vec<Value> {
        let result = self.request("shutdown", Value::Null);
        assert_eq!(result, Value::Null);
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        let status = self.wait_exit();
        if status.code() != Some(0) {
            self.fail(&format!("it ended with {status}"));
        }
        std::mem::take(&mut self.received)
    }

    /// Waits for the program to end.
    #[track_caller]
    pub fn wait_exit(&mut self) -> ExitStatus {
        let until = Instant::now() + BOUND;
        loop {
            if let Some(status) = self.child.try_wait().expect("it is our child") {
                // What it said last.
                while let Ok(output) = self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    self.handle(output);
                    if self.has_ended {
                        break;
                    }
                }
                return status;
            }
            if Instant::now() > until {
                self.fail(&format!("waited {BOUND:?} for the server to end"));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    // When it goes wrong.

    fn note(&mut self, direction: &str, text: &str) {
        const SHOWN: usize = 600;
        let mut line = format!("{direction} {}", text.replace("\r\n", "\\r\\n"));
        if line.len() > SHOWN {
            let end = line.floor_char_boundary(SHOWN);
            line.replace_range(end.., &format!(" … ({} bytes)", text.len()));
        }
        self.transcript.push(line);
    }

    #[track_caller]
    pub fn fail(&self, why: &str) -> ! {
        const SHOWN: usize = 60;
        let skipped = self.transcript.len().saturating_sub(SHOWN);
        let stderr = self.stderr.lock().expect("no panic");
        panic!(
            "{why}\n\n== the conversation ({skipped} messages before it)\n{}\n\n== standard error\n{}",
            self.transcript[skipped..].join("\n"),
            &stderr[stderr.ceil_char_boundary(stderr.len().saturating_sub(4000))..],
        );
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Ended already, in most tests.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The codes of findings.
pub fn codes(found: &[Value]) -> Vec<String> {
    found.iter().map(|diagnostic| diagnostic["code"].as_str().expect("a code").to_owned()).collect()
}
