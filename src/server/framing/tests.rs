use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower_lsp_server::jsonrpc::Result as RpcResult;
use tower_lsp_server::ls_types::{
    ExecuteCommandParams, InitializeParams, InitializeResult, LSPAny, MessageType, ServerCapabilities,
};
use tower_lsp_server::{Client, LanguageServer, LspService, Server};

use super::connect;
use super::decoder::{Decoder, Incoming};

fn frame(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn note(text: &str) -> String {
    json!({ "jsonrpc": "2.0", "method": "note", "params": [text] }).to_string()
}

/// What comes out of `chunks`: the bodies of messages, and the answers as `error <code> <id>`.
fn decode(chunks: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    let mut drain = |decoder: &mut Decoder| {
        while let Some(incoming) = decoder.next() {
            out.push(match incoming {
                Incoming::Message(body) => std::str::from_utf8(&body).unwrap().trim().to_owned(),
                Incoming::Refused(refusal) => {
                    let answer: Value = serde_json::from_slice(&refusal.into_response()).unwrap();
                    format!("error {} {}", answer["error"]["code"], answer["id"])
                }
            });
        }
    };
    for chunk in chunks {
        decoder.buffer().extend_from_slice(chunk);
        drain(&mut decoder);
    }
    decoder.end();
    drain(&mut decoder);
    out
}

/// `bytes` between two good messages, whole and byte by byte: what comes out between them.
#[track_caller]
fn between(bytes: &[u8]) -> Vec<String> {
    let (before, after) = (note("before"), note("after"));
    let stream = [&frame(&before), bytes, &frame(&after)].concat();
    let whole = decode(&[&stream]);
    let single: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(decode(&single), whole, "byte by byte");
    assert_eq!((whole.first(), whole.last()), (Some(&before), Some(&after)), "{whole:?}");
    whole[1..whole.len() - 1].to_vec()
}

const UNREADABLE: &str = "error -32700 null";

#[test]
fn headers_in_every_spelling() {
    let body = note("\u{1f40d}");
    let len = body.len();
    for headers in [
        format!("Content-Length: {len}\r\n\r\n"),
        format!("content-length:{len}\r\n\r\n"),
        format!("CONTENT-LENGTH:   {len}  \n\n"),
        format!("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {len}\r\n\r\n"),
        format!("Content-Length: {len}\r\nContent-Type: text/plain\r\nX-Trace: 1: 2\r\n\r\n"),
        format!("Content-Length: {len}\r\nContent-Length: {len}\r\n\r\n"),
        format!("Content-Length: 000{len}\r\n\r\n"),
        format!("\r\n\n  Content-Length: {len}\r\n\r\n"),
    ] {
        assert_eq!(between(format!("{headers}{body}").as_bytes()), [body.as_str()], "{headers:?}");
    }
}

#[test]
fn wrong_headers_cost_one_answer() {
    let body = note("lost");
    for headers in [
        "Content-Type: text/plain\r\n\r\n",
        "Content-Length: abc\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +90\r\n\r\n",
        "Content-Length:\r\n\r\n",
        "Content-Length: 268435457\r\n\r\n",
        "Content-Length: 99999999999999999999999999\r\n\r\n",
        "Content-Length 90\r\n\r\n",
        "Content-Length : 90\r\n\r\n",
    ] {
        assert_eq!(between(format!("{headers}{body}").as_bytes()), [UNREADABLE], "{headers:?}");
    }
}

#[test]
fn two_lengths_that_differ_are_refused_and_the_last_one_is_tried() {
    let body = note("x");
    let stream = format!("Content-Length: 3\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(between(stream.as_bytes()), [UNREADABLE, &body]);
}

#[test]
fn garbage_costs_one_answer() {
    for garbage in [
        "Traceback (most recent call last):\n  File \"x.py\", line 1\n",
        "hello",
        "hello\n\nhello\n",
        "{\"jsonrpc\":\"2.0\"}",
        "Content-Le",
        "Content-Length: \u{0}\r\n",
        "\u{0}\u{0}\u{0}",
        &"a".repeat(100_000),
        &"a: b\r\n".repeat(10_000),
    ] {
        assert_eq!(between(garbage.as_bytes()), [UNREADABLE], "{garbage:.40?}");
    }
}

#[test]
fn bad_bodies_cost_one_answer_each() {
    assert_eq!(
        between(&[frame("{"), frame("nonsense"), frame("[]")].concat()),
        [UNREADABLE, UNREADABLE, "error -32600 null"]
    );
    assert_eq!(between(&frame("")), [UNREADABLE]);
    assert_eq!(between(&frame(r#"{"jsonrpc":"1","id":5,"method":"m"}"#)), ["error -32600 5"]);
    assert_eq!(between(b"Content-Length: 4\r\n\r\n\"\xff\xfe\""), [UNREADABLE]);
}

#[test]
fn a_wrong_length_costs_its_own_frame_at_most() {
    let body = note("wrong: length");
    for length in 0..body.len() + 120 {
        let out = between(format!("Content-Length: {length}\r\n\r\n{body}").as_bytes());
        if length < body.len() {
            assert_eq!(out, [UNREADABLE], "{length}");
        } else {
            // Its own text was whole, and so it counts.
            assert_eq!(out, [body.as_str()], "{length}");
        }
    }
}

#[test]
fn the_end_of_the_input_is_answered_when_it_cuts_something_off() {
    let body = note("whole");
    let whole = frame(&body);
    assert_eq!(decode(&[&whole]), [body.as_str()]);
    for end in 1..whole.len() {
        assert_eq!(decode(&[&whole[..end]]), [UNREADABLE], "{end}");
    }
    let too_long = format!("Content-Length: 1000000\r\n\r\n{body}");
    assert_eq!(decode(&[too_long.as_bytes()]), [body]);
}

#[test]
fn a_refused_body_is_not_held_in_memory() {
    let mut decoder = Decoder::default();
    decoder.buffer().extend_from_slice(b"Content-Length: 999999999999\r\n\r\n");
    assert!(matches!(decoder.next(), Some(Incoming::Refused(_))));
    for _ in 0..100 {
        decoder.buffer().extend_from_slice(&[b'c'; 100_000]);
        assert_eq!(decoder.next(), None);
        assert!(decoder.buffer().len() < 100);
    }
}

/// What becomes of the message in a piece of a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Arrives,
    /// Its length is wrong: what follows decides.
    MayArrive,
}

/// A piece of a stream, and the message in it.
fn piece() -> impl Strategy<Value = (Vec<u8>, Option<(String, Fate)>)> {
    let text = prop_oneof![".{0,20}", Just("Content-Length: 5\r\n\r\n".to_owned()), "[cC]ontent-.{0,5}"];
    // The number tells messages apart.
    let good = (any::<u64>(), text.clone()).prop_map(|(number, text)| note(&format!("{number} {text}")));
    let spelling = prop::sample::select(vec![
        "Content-Length: {}\r\n\r\n",
        "content-length:{}\n\n",
        "Content-Type: x\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: {}\r\nContent-Type: x\r\n\r\n",
    ]);
    prop_oneof![
        4 => (good.clone(), spelling).prop_map(|(body, spelling)| {
            let headers = spelling.replace("{}", &body.len().to_string());
            ([headers.into_bytes(), body.clone().into_bytes()].concat(), Some((body, Fate::Arrives)))
        }),
        1 => text.prop_map(|body| (frame(&body), None)),
        1 => (good, 0..400usize).prop_map(|(body, length)| {
            (format!("Content-Length: {length}\r\n\r\n{body}").into_bytes(), Some((body, Fate::MayArrive)))
        }),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| (bytes, None)),
        1 => "[ -~\r\n]{0,40}".prop_map(|text| (text.into_bytes(), None)),
        1 => prop::sample::select(vec![
            "Content-Length: 12\r\n", "Content-Length: 12", "Content-Length", "Content-Length: 12\r\n\r\n", "C", "c: ",
            "Content-Length: abc\r\n\r\n", "Content-Length: 99999999999\r\n\r\n", "\r\n\r\n", "\n",
        ]).prop_map(|text| (text.as_bytes().to_vec(), None)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn good_messages_come_through_any_mixture_in_any_chunks(
        pieces in prop::collection::vec(piece(), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let stream: Vec<u8> = pieces.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        let mut chunks = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([stream.len()]) {
            chunks.push(&stream[from..cut]);
            from = cut;
        }
        let out = decode(&chunks);
        prop_assert_eq!(&decode(&[&stream]), &out, "chunks make no difference");

        let mut messages = out.iter().filter(|text| !text.starts_with("error")).peekable();
        for (body, fate) in pieces.iter().filter_map(|(_, message)| message.as_ref()) {
            if messages.next_if(|message| *message == body).is_none() {
                prop_assert_eq!(*fate, Fate::MayArrive, "lost: {}", body);
            }
        }
        prop_assert_eq!(messages.next(), None);
    }
}

/// Notes what reaches it, and says much.
struct Mock(Client);

impl LanguageServer for Mock {
    async fn initialize(&self, _: InitializeParams) -> RpcResult<InitializeResult> {
        Ok(InitializeResult { capabilities: ServerCapabilities::default(), ..Default::default() })
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> RpcResult<Option<LSPAny>> {
        self.0.log_message(MessageType::INFO, "x".repeat(20_000)).await;
        Ok(Some(params.command.into()))
    }

    async fn shutdown(&self) -> RpcResult<()> {
        Ok(())
    }
}

fn request(id: u32, method: &str, params: Value) -> Vec<u8> {
    frame(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string())
}

/// The next message of `output`.
async fn receive(output: &mut (impl AsyncReadExt + Unpin)) -> Value {
    let mut header = Vec::new();
    while !header.ends_with(b"\r\n\r\n") {
        header.push(output.read_u8().await.expect("a whole header"));
    }
    let header = String::from_utf8(header).unwrap();
    let length = header.strip_prefix("Content-Length: ").expect("one header").trim().parse().unwrap();
    let mut body = vec![0; length];
    output.read_exact(&mut body).await.expect("a whole body");
    serde_json::from_slice(&body).expect("one message a frame")
}

/// Waits for `future`, but not for ever.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(30), future).await.expect("within 30 seconds")
}

#[tokio::test]
async fn the_library_goes_on_after_garbage_and_frames_never_mix() {
    // Small buffers, so that frames are written in many pieces.
    let (mut client, input) = tokio::io::duplex(100);
    let (output, mut server) = tokio::io::duplex(100);
    let (reader, writer, wire) = connect(input, output);
    let (service, socket) = LspService::new(Mock);
    let session =
        tokio::spawn(async move { tokio::join!(wire.run(), Server::new(reader, writer, socket).serve(service)).0 });

    client.write_all(&request(0, "initialize", json!({ "capabilities": {} }))).await.unwrap();
    assert_eq!(soon(receive(&mut server)).await["id"], 0);

    const ROUNDS: usize = 50;
    let sending = tokio::spawn(async move {
        for round in 1..=ROUNDS {
            let good = request(round as u32, "workspace/executeCommand", json!({ "command": format!("c{round}") }));
            let bad = frame(&format!("{{\"round\": {round}"));
            client.write_all(&[bad, b"garbage\n".to_vec(), good].concat()).await.unwrap();
        }
        client
    });
    let (mut errors, mut results, mut logs) = (0, Vec::new(), 0);
    while errors < ROUNDS || results.len() < ROUNDS || logs < ROUNDS {
        let message = soon(receive(&mut server)).await;
        if message["error"]["code"] == -32700 {
            errors += 1;
        } else if message["method"] == "window/logMessage" {
            logs += 1;
        } else {
            results.push(message["result"].as_str().expect("a result").to_owned());
        }
    }
    results.sort();
    let mut expected: Vec<String> = (1..=ROUNDS).map(|round| format!("c{round}")).collect();
    expected.sort();
    assert_eq!(results, expected);

    drop(soon(sending).await.unwrap());
    soon(session).await.unwrap().expect("the session ends with its input");
}

#[tokio::test]
async fn what_could_stop_the_library_does_not() {
    let (mut client, input) = tokio::io::duplex(1 << 20);
    let (output, mut server) = tokio::io::duplex(1 << 20);
    let (reader, writer, wire) = connect(input, output);
    let (service, socket) = LspService::new(Mock);
    let session =
        tokio::spawn(async move { tokio::join!(wire.run(), Server::new(reader, writer, socket).serve(service)).0 });

    client.write_all(&request(0, "initialize", json!({ "capabilities": {} }))).await.unwrap();
    assert_eq!(soon(receive(&mut server)).await["id"], 0);
    // Each on its own, since an empty message would hold up the one behind it.
    for (id, hostile) in [
        "Content-Length: 0\r\n\r\n".to_owned(),
        "Content-Length: 2\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n{}".to_owned(),
        "Content-Length: 2\r\nContent-Type: application/json; charset=latin1\r\n\r\n{}".to_owned(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .chain(
        [
            r#"["2.0","shutdown",null,1]"#,
            r#"{"jsonrpc":"2.0","id":1e3,"method":"shutdown"}"#,
            r#"{"jsonrpc":"2.0","jsonrpc":"2.0","method":"shutdown"}"#,
            r#"{"jsonrpc":"2.0","id":"unknown","result":{}}"#,
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m","more":1}}"#,
            r#"{"jsonrpc":"2.0","id":77,"method":"workspace/executeCommand","params":"of a wrong type"}"#,
            r#"{"jsonrpc":"2.0","id":78,"method":"workspace/executeCommand"}"#,
            r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":[]}"#,
            r#"{"jsonrpc":"2.0","method":"$/unknown","params":{}}"#,
            r#"{"jsonrpc":"2.0","id":79,"method":""}"#,
        ]
        .map(frame),
    )
    .enumerate()
    {
        let id = id as u32 + 1;
        client.write_all(&hostile).await.unwrap();
        client.write_all(&request(id, "workspace/executeCommand", json!({ "command": "c" }))).await.unwrap();
        loop {
            let message = soon(receive(&mut server)).await;
            if message["id"] == id {
                assert_eq!(message["result"], "c", "after {:?}", String::from_utf8_lossy(&hostile));
                break;
            }
        }
    }
    client.write_all(&frame(r#"{"jsonrpc":"2.0","method":"exit"}"#)).await.unwrap();
    // The input stays open: `exit` is enough.
    soon(session).await.unwrap().expect("nothing broke");
}

#[tokio::test]
async fn a_broken_output_ends_the_session() {
    let (mut client, input) = tokio::io::duplex(1000);
    let (output, server) = tokio::io::duplex(1000);
    let (reader, writer, wire) = connect(input, output);
    let (service, socket) = LspService::new(Mock);
    let session =
        tokio::spawn(async move { tokio::join!(wire.run(), Server::new(reader, writer, socket).serve(service)).0 });
    drop(server);
    client.write_all(&request(0, "initialize", json!({ "capabilities": {} }))).await.unwrap();
    let error = soon(session).await.unwrap().expect_err("nobody reads");
    assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
}
