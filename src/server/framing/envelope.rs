//! Which JSON texts the library decodes as JSON-RPC messages, and what to answer to the others.
//!
//! Stricter than the library where it takes one kind of message for another: for it an array can be a request, and a response
//! without a result is a request for the method with the empty name.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const INTERNAL_ERROR: i64 = -32603;

/// The answer to what isn't a message.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    id: Value,
    code: i64,
    message: String,
}

impl Refusal {
    /// What arrived can't even be read: neither its framing nor its JSON.
    pub fn unreadable(why: impl fmt::Display) -> Refusal {
        Refusal { id: Value::Null, code: PARSE_ERROR, message: format!("parse error: {why}") }
    }

    fn invalid(id: Option<&Value>, why: impl fmt::Display) -> Refusal {
        let id = id.filter(|id| id.is_number() || id.is_string()).cloned().unwrap_or_default();
        Refusal { id, code: INVALID_REQUEST, message: format!("invalid request: {why}") }
    }

    /// Whether the text wasn't even JSON.
    pub fn is_unreadable(&self) -> bool {
        self.code == PARSE_ERROR
    }

    /// The response, without its header.
    pub fn into_response(self) -> Bytes {
        json!({ "jsonrpc": "2.0", "id": self.id, "error": { "code": self.code, "message": self.message } })
            .to_string()
            .into()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The members that make an object a message. As in the library it is an error if one of them occurs twice, and the others are
/// read, too.
#[derive(Deserialize)]
#[serde(expecting = "one JSON object; batches are not part of the protocol")]
struct Envelope {
    #[serde(default, deserialize_with = "even_null")]
    jsonrpc: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    method: Option<Value>,
    #[serde(default, rename = "params", deserialize_with = "even_null")]
    _params: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    result: Option<Value>,
    #[serde(default, deserialize_with = "even_null")]
    error: Option<Value>,
    #[serde(flatten)]
    _others: Map<String, Value>,
}

fn even_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Whether `body` is a message as it is. An error response comes back in other words that the library decodes: it refuses
/// members of the error that it doesn't know, and whoever waits for the response would wait for ever.
pub fn check(body: &[u8]) -> Result<Option<Bytes>, Refusal> {
    match serde_json::from_slice::<Envelope>(body) {
        Ok(envelope) => envelope.check(),
        Err(why) => match serde_json::from_slice::<Value>(body) {
            Ok(value) => Err(Refusal::invalid(value.get("id"), why)),
            Err(error) => Err(Refusal::unreadable(error)),
        },
    }
}

impl Envelope {
    fn check(&self) -> Result<Option<Bytes>, Refusal> {
        let is_response = self.method.is_none() && (self.result.is_some() || self.error.is_some());
        // The id of a response is one of ours: an answer that carries it would answer another request of the client.
        let refuse = |why| Err(Refusal::invalid(self.id.as_ref().filter(|_| !is_response), why));
        if self.jsonrpc.as_ref().is_none_or(|version| version != "2.0") {
            return refuse("`jsonrpc` must be \"2.0\"");
        }
        if is_response {
            let Some(id) = self.id.as_ref().filter(|id| is_id(id) || id.is_null()) else {
                return refuse("the id of a response must be an integer, a string or null");
            };
            return match (&self.result, &self.error) {
                (Some(_), None | Some(Value::Null)) => Ok(None),
                (_, error) => Ok(Some(rebuilt(id, error.as_ref().unwrap_or(&Value::Null)))),
            };
        }
        if !self.method.as_ref().is_some_and(Value::is_string) {
            return refuse("`method` must be a string");
        }
        if self.result.is_some() || self.error.is_some() {
            return refuse("a message with a method has neither a result nor an error");
        }
        if !self.id.as_ref().is_none_or(is_id) {
            return refuse("the id of a request must be an integer or a string");
        }
        Ok(None)
    }
}

fn is_id(value: &Value) -> bool {
    value.is_string() || value.is_i64()
}

fn rebuilt(id: &Value, error: &Value) -> Bytes {
    let code = error["code"].as_i64().unwrap_or(INTERNAL_ERROR);
    let message = error["message"].as_str().map_or_else(|| error.to_string(), str::to_owned);
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }).to_string().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tower_lsp_server::jsonrpc::{Request, Response};

    use super::*;

    /// What `body` is answered with, as (code, id).
    fn refused(body: &str) -> (i64, Value) {
        let refusal = check(body.as_bytes()).expect_err(body);
        (refusal.code, refusal.id)
    }

    fn passes(body: &str) {
        assert_eq!(check(body.as_bytes()), Ok(None), "{body}");
    }

    #[test]
    fn messages_pass_unchanged() {
        passes(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        passes(r#"{"jsonrpc":"2.0","id":"a","method":"shutdown","params":null}"#);
        passes(r#" {"method":"exit","jsonrpc":"2.0","x":[1]} "#);
        passes(r#"{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":"of a wrong type"}"#);
        passes(r#"{"jsonrpc":"2.0","id":7,"result":null}"#);
        passes(r#"{"jsonrpc":"2.0","id":7,"result":[1],"error":null}"#);
        passes(r#"{"jsonrpc":"2.0","id":"never heard of","result":{}}"#);
    }

    #[test]
    fn what_is_not_json_is_a_parse_error() {
        for body in [
            "",
            " ",
            "{",
            "nothing",
            r#"{"jsonrpc":"2.0","method":"exit"}}"#,
            "\u{feff}{}",
            r#"{"jsonrpc":"2.0","method":"m","a":"\ud800"}"#,
        ] {
            assert_eq!(refused(body), (PARSE_ERROR, Value::Null), "{body}");
        }
        let deep =
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"m","params":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(refused(&deep), (PARSE_ERROR, Value::Null));
        let huge = r#"{"jsonrpc":"2.0","id":1,"method":"m","params":[1e999]}"#;
        assert_eq!(refused(huge), (PARSE_ERROR, Value::Null));
        assert!(check(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}").unwrap_err().is_unreadable());
    }

    #[test]
    fn what_is_no_message_is_an_invalid_request_and_keeps_its_id() {
        let cases = [
            ("[]", Value::Null),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"m"}]"#, Value::Null),
            (r#"["2.0",1,"m",{}]"#, Value::Null),
            ("1", Value::Null),
            ("null", Value::Null),
            (r#""text""#, Value::Null),
            ("{}", Value::Null),
            (r#"{"id":3,"method":"m"}"#, json!(3)),
            (r#"{"jsonrpc":"1.0","id":3,"method":"m"}"#, json!(3)),
            (r#"{"jsonrpc":2.0,"id":"x","method":"m"}"#, json!("x")),
            (r#"{"jsonrpc":"2.0","id":3}"#, json!(3)),
            (r#"{"jsonrpc":"2.0","id":3,"method":null}"#, json!(3)),
            (r#"{"jsonrpc":"2.0","id":3,"method":["m"]}"#, json!(3)),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#, json!(1.5)),
            (r#"{"jsonrpc":"2.0","id":18446744073709551615,"method":"m"}"#, json!(u64::MAX)),
            (r#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, Value::Null),
            (r#"{"jsonrpc":"2.0","id":[1],"method":"m"}"#, Value::Null),
            (r#"{"jsonrpc":"2.0","id":true,"method":"m"}"#, Value::Null),
            (r#"{"jsonrpc":"2.0","id":3,"method":"m","result":1}"#, json!(3)),
            (r#"{"jsonrpc":"2.0","id":3,"method":"m","error":{}}"#, json!(3)),
            (r#"{"jsonrpc":"2.0","id":3,"method":"m","params":{},"params":{}}"#, json!(3)),
        ];
        for (body, id) in cases {
            assert_eq!(refused(body), (INVALID_REQUEST, id), "{body}");
        }
    }

    #[test]
    fn the_id_of_a_broken_response_is_not_the_clients() {
        for body in [
            r#"{"jsonrpc":"1.0","id":3,"result":1}"#,
            r#"{"id":3,"error":{}}"#,
            r#"{"jsonrpc":"2.0","result":1}"#,
            r#"{"jsonrpc":"2.0","id":1.5,"result":1}"#,
        ] {
            assert_eq!(refused(body), (INVALID_REQUEST, Value::Null), "{body}");
        }
    }

    #[test]
    fn error_responses_reach_the_library_whatever_they_hold() {
        for (error, code) in [
            (r#"{"code":-32601,"message":"no","data":1}"#, -32601),
            (r#"{"code":-32601,"message":"no","stack":"..."}"#, -32601),
            (r#"{"code":"E1"}"#, INTERNAL_ERROR),
            (r#""no""#, INTERNAL_ERROR),
        ] {
            let body = format!(r#"{{"jsonrpc":"2.0","id":3,"result":null,"error":{error}}}"#);
            let rebuilt = check(body.as_bytes()).unwrap().expect("in other words");
            let response: Response = std::str::from_utf8(&rebuilt).unwrap().parse().unwrap();
            assert_eq!(response.error().unwrap().code.code(), code, "{error}");
        }
    }

    /// Some JSON, with the values that matter to an envelope often in it.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            Just(json!("2.0")),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("code|message|data|[a-z]", inner), 0..4)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn whatever_passes_is_decoded_by_the_library(
            members in prop::collection::vec((prop::sample::select(
                vec!["jsonrpc", "id", "method", "params", "result", "error", "other"]), value()), 0..6),
            is_version_right in any::<bool>(),
        ) {
            let members: Vec<String> = is_version_right
                .then(|| ("jsonrpc", json!("2.0")))
                .into_iter()
                .chain(members)
                .map(|(name, value)| format!("{name:?}:{value}"))
                .collect();
            let body = format!("{{{}}}", members.join(","));
            if let Ok(rebuilt) = check(body.as_bytes()) {
                let body = rebuilt.map_or(body, |bytes| String::from_utf8(bytes.into()).unwrap());
                prop_assert!(
                    body.parse::<Response>().is_ok() || body.parse::<Request>().is_ok_and(|r| !r.method().is_empty() || body.contains("\"method\":\"\"")),
                    "{body}"
                );
            }
        }
    }
}
