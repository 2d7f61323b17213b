//! Many edits, in any order, leave the same state as opening the final text.

use serde_json::{Value, json};

use crate::client::{Client, Workspace, capabilities};
use crate::model::{self, Unit};

/// Choices that are the same in every run.
struct Choices(u64);

impl Choices {
    fn next(&mut self) -> u64 {
        // xorshift
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Pieces of Python: whole, broken, and with characters that count differently in each unit.
const PIECES: &[&str] = &[
    "def f(a=[]):\n    a.append(1)\n",
    "try:\n    x = 1\nexcept:\n    pass\n",
    "x is 1000",
    "fs = []\nfor i in range(3):\n    fs.append(lambda: i)\n",
    "x = 1  # pyprep: ignore[bare-except]\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "    ",
    " ",
    "(",
    ")",
    "[",
    "]",
    "'",
    "\"\"\"",
    "#",
    ":",
    "\\",
    "\u{e9}",
    "e\u{301}",
    "\u{1f40d}",
    "'\u{1f469}\u{200d}\u{1f4bb}'",
    "x",
    " = ",
    "1",
    "\u{feff}",
    "\x0c",
    "async ",
    "f'{x!r:>{y}}'",
    "def g():\n",
    "class C:\n",
    "",
];

/// One random edit.
#[track_caller]
fn edit(client: &mut Client, uri: &str, choices: &mut Choices) {
    if choices.below(50) == 0 {
        let text: String = (0..choices.below(40)).map(|_| choices.of(PIECES)).collect();
        return client.set(uri, &text);
    }
    let places = model::positions(&client.document(uri).text, client.unit);
    let from = choices.below(places.len());
    let to = (from + choices.of(&[0, 0, 0, 1, 2, 5, 30])).min(places.len() - 1);
    client.edit(uri, places[from], places[to], choices.of(PIECES));
}

/// The findings without what has to differ between two documents.
fn shown(found: &[Value], uri: &str) -> String {
    json!(found).to_string().replace(uri, "[URI]")
}

/// What a server that has seen nothing else finds in the document's text.
#[track_caller]
fn fresh(workspace: &Workspace, client: &Client, capabilities: &Value, uri: &str) -> String {
    let mut other = Client::start(workspace, capabilities.clone());
    other.open(uri, &client.document(uri).text);
    let found = other.diagnostics(uri);
    other.finish();
    shown(&found, uri)
}

#[test]
fn two_thousand_interleaved_edits_hovers_and_saves() {
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut choices = Choices(0x9e37_79b9_7f4a_7c15);
        let mut client = Client::start(&workspace, capabilities.clone());
        let uris: Vec<String> = ["a.py", "b.py", "c.pyi"].iter().map(|name| workspace.uri(name)).collect();
        for uri in &uris {
            client.open(uri, &PIECES[..4].concat());
        }
        let mut asked = Vec::new();
        for _ in 0..2000 {
            let uri = &uris[choices.below(uris.len())];
            match choices.below(10) {
                0 => client.save(uri),
                1 | 2 => {
                    let places = model::positions(&client.document(uri).text, client.unit);
                    let position = model::at(choices.of(&places));
                    let params = json!({ "textDocument": { "uri": uri }, "position": position });
                    asked.push(client.send_request("textDocument/hover", params));
                }
                3 if choices.below(20) == 0 => {
                    let text = client.document(uri).text.clone();
                    client.close(uri);
                    client.open(uri, &text);
                }
                _ => edit(&mut client, uri, &mut choices),
            }
        }
        for id in asked {
            let response = client.response(&id);
            assert!(response.get("error").is_none(), "{response}");
        }
        for uri in &uris {
            let found = client.diagnostics(uri);
            assert_eq!(shown(&found, uri), fresh(&workspace, &client, &capabilities, uri));
        }
        client.finish();
    }
}

#[test]
fn random_edits_in_every_unit() {
    let workspace = Workspace::with(&[]);
    for unit in Unit::ALL {
        for seed in 1..=4 {
            let capabilities = capabilities::counting(capabilities::all(), unit);
            let mut choices = Choices(seed * 0x2545_f491_4f6c_dd1d);
            let mut client = Client::start(&workspace, capabilities.clone());
            let uri = workspace.uri("a.py");
            client.open(&uri, &PIECES[..5].concat());
            for round in 0..10 {
                for _ in 0..30 {
                    edit(&mut client, &uri, &mut choices);
                }
                let found = client.diagnostics(&uri);
                assert_eq!(
                    shown(&found, &uri),
                    fresh(&workspace, &client, &capabilities, &uri),
                    "{unit:?} {seed} {round}"
                );
            }
            client.finish();
        }
    }
}

#[test]
fn a_file_that_stays_broken_while_it_is_typed() {
    let text = "\
def add(item, basket=[]):
    for i in range(3):
        try:
            basket.append(f\"{item!r:>{i}} {[lambda: i for i in basket]}\")
        except:
            print('''unfinished
";
    let workspace = Workspace::with(&[]);
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities.clone());
        let uri = workspace.uri("a.py");
        client.open(&uri, "");
        for c in text.chars() {
            let end = model::position(&client.document(&uri).text, client.document(&uri).text.len(), client.unit);
            client.edit(&uri, end, end, &c.to_string());
            client.hover_at(&uri, end);
            client.actions(&uri, end, end, None);
        }
        let found = client.diagnostics(&uri);
        assert!(found.iter().any(|finding| finding["code"] == "PP0002"), "{found:?}");
        assert_eq!(shown(&found, &uri), fresh(&workspace, &client, &capabilities, &uri));
        assert!(client.hover(&uri, "[]):").is_object(), "what is whole is still explained");
        client.finish();
    }
}

/// Real code, typed into at the top, where everything moves.
#[test]
fn a_long_file_edited_at_its_top() {
    let workspace = Workspace::with(&[]);
    let mut text = String::new();
    for number in 0..1500 {
        text += &format!("def f{number}(item, basket={{}}):\n    basket[item] = {number}\n    return basket\n\n");
    }
    for capabilities in [capabilities::all(), capabilities::push()] {
        let mut client = Client::start(&workspace, capabilities.clone());
        let uri = workspace.uri("a.py");
        client.open(&uri, &text);
        for number in 0..100 {
            client.edit(&uri, (0, 0), (0, 0), if number % 10 == 9 { "\n" } else { "#" });
        }
        let found = client.diagnostics(&uri);
        assert_eq!(found.len(), 1500);
        assert_eq!(shown(&found, &uri), fresh(&workspace, &client, &capabilities, &uri));
        client.finish();
    }
}
