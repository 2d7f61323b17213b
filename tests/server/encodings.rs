//! Columns in every unit, lines with every end.

use serde_json::{Value, json};

use crate::client::{Client, Workspace, capabilities};
use crate::model::{self, Unit, range_of};

/// A finding on each of three lines, behind characters of 1 to 4 bytes, and one behind tabs.
const TEXT: &str = "\
s = 'e\u{301}\u{e9}\u{20ac}\u{1f40d}\u{1f469}\u{200d}\u{1f4bb}'; a = s is 'x'
\u{e4}\u{f6} = 1; b = \u{e4}\u{f6} is 'y'
if s:
\tif a:\t\t# \u{1f40d}
\t\tc = s is 'z'";

/// Every finding of `text`, found in the text itself: all `is`.
fn expected(text: &str, unit: Unit) -> Vec<(model::Position, model::Position)> {
    let places = text.match_indices(" is ").map(|(at, _)| at + 1);
    places.map(|at| (model::position(text, at, unit), model::position(text, at + 2, unit))).collect()
}

#[test]
fn columns_are_counted_in_the_agreed_unit() {
    let workspace = Workspace::with(&[]);
    for unit in Unit::ALL {
        for capabilities in [capabilities::all(), capabilities::push()] {
            for end in ["\n", "\r\n", "\r"] {
                for start in ["", "\u{feff}", "\u{feff}# coding: utf-8\n", "\n\n", "\x0c\n"] {
                    let text = format!("{start}{TEXT}").replace('\n', end);
                    let mut client = Client::start(&workspace, capabilities::counting(capabilities.clone(), unit));
                    assert_eq!(client.unit, unit);
                    let uri = workspace.uri("a.py");
                    client.open(&uri, &text);
                    let found: Vec<_> = client.diagnostics(&uri).iter().map(range_of).collect();
                    assert_eq!(found, expected(&text, unit), "{unit:?} {end:?} {start:?}");
                    for (from, to) in found {
                        assert!(client.hover_at(&uri, from).is_object(), "{unit:?} {end:?} {start:?} {from:?}");
                        assert!(
                            client.hover_at(&uri, (to.0, to.1 - 1)).is_object(),
                            "{unit:?} {end:?} {start:?} {to:?}"
                        );
                    }
                    client.finish();
                }
            }
        }
    }
}

#[test]
fn the_unit_is_one_that_the_client_has() {
    let workspace = Workspace::with(&[]);
    for (offered, allowed) in [
        (json!(["utf-8"]), vec!["utf-8", "utf-16"]),
        (json!(["utf-8", "utf-16"]), vec!["utf-8", "utf-16"]),
        (json!(["utf-32", "utf-16"]), vec!["utf-32", "utf-16"]),
        (json!(["utf-32", "utf-8", "utf-16"]), vec!["utf-32", "utf-8", "utf-16"]),
        (json!(["utf-7", "utf-16"]), vec!["utf-16"]),
        (json!(["utf-7"]), vec!["utf-16"]),
        (json!([]), vec!["utf-16"]),
        (Value::Null, vec!["utf-16"]),
    ] {
        let capabilities = capabilities::with(capabilities::all(), "/general/positionEncodings", offered.clone());
        let mut client = Client::start(&workspace, capabilities);
        assert!(allowed.contains(&client.unit.name()), "{offered}: {:?}", client.unit);
        let uri = workspace.uri("a.py");
        client.open(&uri, TEXT);
        let found: Vec<_> = client.diagnostics(&uri).iter().map(range_of).collect();
        assert_eq!(found, expected(TEXT, client.unit), "{offered}");
        client.finish();
    }
}

#[test]
fn edits_keep_their_place_in_every_unit() {
    let workspace = Workspace::with(&[]);
    for unit in Unit::ALL {
        for end in ["\n", "\r\n", "\r"] {
            let mut client = Client::start(&workspace, capabilities::counting(capabilities::all(), unit));
            let uri = workspace.uri("a.py");
            client.open(&uri, &TEXT.replace('\n', end));
            client.replace(&uri, "\u{1f469}\u{200d}\u{1f4bb}", "\u{1f40d}\u{1f40d}");
            client.replace(&uri, "\u{e9}\u{20ac}", "");
            client.replace(&uri, "\u{e4}\u{f6} = 1", "\u{e4}\u{f6} = '\u{1f680}'");
            client.replace(&uri, "\t\t# \u{1f40d}", " # \u{301}");
            let text = client.document(&uri).text.clone();
            let found: Vec<_> = client.diagnostics(&uri).iter().map(range_of).collect();
            assert_eq!(found, expected(&text, unit), "{unit:?} {end:?}");
            client.finish();
        }
    }
}

/// The protocol's line ends, not Python's or Unicode's other ones.
#[test]
fn other_separators_end_no_line() {
    let workspace = Workspace::with(&[]);
    for unit in Unit::ALL {
        let text = "s = 'a\u{85}b\u{2028}c\u{2029}d\x0be\x1cf'  # \x0c\u{2028}\nx = s is 'x'\n\x0cy = s is 'y'\n";
        let mut client = Client::start(&workspace, capabilities::counting(capabilities::all(), unit));
        let uri = workspace.uri("a.py");
        client.open(&uri, text);
        let found: Vec<_> = client.diagnostics(&uri).iter().map(range_of).collect();
        assert_eq!(found, [((1, 6), (1, 8)), ((2, 7), (2, 9))], "{unit:?}");
        client.finish();
    }
}

#[test]
fn mixed_line_ends() {
    let workspace = Workspace::with(&[]);
    let text = "x = 1\r\ny = x is 'a'\rz = x is 'b'\n\r\nw = x is 'c'";
    let mut client = Client::start(&workspace, capabilities::all());
    let uri = workspace.uri("a.py");
    client.open(&uri, text);
    let lines: Vec<u32> = client.diagnostics(&uri).iter().map(|finding| range_of(finding).0.0).collect();
    assert_eq!(lines, [1, 2, 4]);
    // `\r` and `\n` become one line end when nothing is between them any more.
    client.open(&uri, "x = 1\r#\ny = x is 'a'");
    client.edit(&uri, (1, 0), (1, 1), "");
    let lines: Vec<u32> = client.diagnostics(&uri).iter().map(|finding| range_of(finding).0.0).collect();
    assert_eq!(lines, [1]);
    client.finish();
}
