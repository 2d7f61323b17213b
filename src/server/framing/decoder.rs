//! Bytes to messages, whatever the bytes are.
//!
//! There is one way to recover: whatever is not a frame lasts until the next line `Content-Length: <digits>`. In JSON a line end
//! can't be part of a string, so no message that is right can contain such a line, and a frame with a wrong length can lose at
//! most itself.

use std::str;

use bytes::{Buf, Bytes, BytesMut};
use memchr::{memchr, memchr2_iter};

use super::envelope::{self, Refusal};

/// Messages longer than this are refused (and not held in memory).
const MAX_BODY: usize = 256 * 1024 * 1024;
/// Headers together are not longer than this; the protocol's two need a tenth.
const MAX_HEADERS: usize = 4 * 1024;
/// The name that finds the way back, in lower case.
const CONTENT_LENGTH: &[u8] = b"content-length:";
/// A line with a length is not longer than this.
const MAX_LENGTH_LINE: usize = 64;

/// What the bytes turned out to be.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// The body of a message that the library decodes.
    Message(Bytes),
    /// Something else, and what to answer.
    Refused(Refusal),
}

/// Cuts a stream of bytes into messages. Fill [`buffer`](Decoder::buffer), then take messages from [`next`](Decoder::next)
/// until there is none.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: BytesMut,
    state: State,
    /// Whether the last thing seen was refused: garbage that follows it belongs to it and gets no answer of its own.
    after_refusal: bool,
    has_ended: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Headers,
    Body(usize),
    /// Until the next line with a length.
    Lost,
}

impl Decoder {
    /// Where bytes that arrive are to be appended.
    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// No more bytes will arrive.
    pub fn end(&mut self) {
        self.has_ended = true;
    }

    /// The next message, or the answer to the next thing that isn't one; `None` until more bytes arrive.
    pub fn next(&mut self) -> Option<Incoming> {
        loop {
            match self.state {
                State::Headers => match self.headers() {
                    Headers::Unfinished if !self.has_ended || self.buffer.is_empty() => return None,
                    Headers::Complete { headers, body } => {
                        self.buffer.advance(headers);
                        self.state = State::Body(body);
                    }
                    Headers::Wrong(why) => {
                        self.lose();
                        return Some(self.refuse(Refusal::unreadable(why)));
                    }
                    Headers::Unfinished | Headers::Garbage => {
                        self.lose();
                        if !self.after_refusal {
                            return Some(self.refuse(Refusal::unreadable("no `Content-Length`")));
                        }
                    }
                },
                State::Body(len) if self.buffer.len() >= len || self.has_ended => return self.body(len),
                State::Body(_) => return None,
                State::Lost => match find_length_line(&self.buffer, self.buffer.len()) {
                    Some((at, true)) => {
                        self.buffer.advance(at);
                        self.state = State::Headers;
                    }
                    Some((at, false)) if !self.has_ended => {
                        self.buffer.advance(at);
                        return None;
                    }
                    _ => {
                        self.buffer.clear();
                        return None;
                    }
                },
            }
        }
    }

    /// The headers at the start of the buffer.
    fn headers(&mut self) -> Headers {
        // Line ends after a body are not part of anything.
        let blank = self.buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.buffer.advance(blank);
        Headers::of(&self.buffer)
    }

    /// The body of `len` bytes at the start of the buffer, or what there is of it.
    fn body(&mut self, len: usize) -> Option<Incoming> {
        let mut len = len.min(self.buffer.len());
        let mut checked = envelope::check(&self.buffer[..len]);
        if checked.as_ref().is_err_and(Refusal::is_unreadable) {
            match find_length_line(&self.buffer, len) {
                // The length was wrong: another frame starts inside. This one's message may be whole all the same.
                Some((at, true)) => {
                    len = at;
                    checked = envelope::check(&self.buffer[..len]);
                }
                Some((_, false)) if !self.has_ended => return None,
                _ => {}
            }
        }
        let body = self.buffer.split_to(len).freeze();
        self.state = State::Headers;
        Some(match checked {
            Ok(rebuilt) => {
                self.after_refusal = false;
                Incoming::Message(rebuilt.unwrap_or(body))
            }
            Err(refusal) => self.refuse(refusal),
        })
    }

    /// Gives up the frame that starts at the start of the buffer.
    fn lose(&mut self) {
        self.buffer.advance(1);
        self.state = State::Lost;
    }

    fn refuse(&mut self, refusal: Refusal) -> Incoming {
        self.after_refusal = true;
        Incoming::Refused(refusal)
    }
}

enum Headers {
    /// Their length, with the empty line that ends them, and that of the body.
    Complete {
        headers: usize,
        body: usize,
    },
    Unfinished,
    /// Those of a frame, but its length can't be.
    Wrong(&'static str),
    /// Not those of a frame.
    Garbage,
}

impl Headers {
    fn of(bytes: &[u8]) -> Headers {
        let mut length: Option<&[u8]> = None;
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            let end = memchr(b'\n', rest);
            let line = rest[..end.unwrap_or(rest.len())].trim_ascii_end();
            let colon = memchr(b':', line);
            let name = &line[..colon.unwrap_or(line.len())];
            let is_name = name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte));
            if !is_name || colon == Some(0) || at > MAX_HEADERS {
                return Headers::Garbage;
            }
            let Some(end) = end else {
                return if rest.len() > MAX_HEADERS { Headers::Garbage } else { Headers::Unfinished };
            };
            at += end + 1;
            if line.is_empty() {
                break;
            }
            let Some(colon) = colon else { return Headers::Garbage };
            if line[..=colon].eq_ignore_ascii_case(CONTENT_LENGTH) {
                let value = line[colon + 1..].trim_ascii();
                if length.is_some_and(|length| length != value) {
                    return Headers::Wrong("two lengths that differ in `Content-Length`");
                }
                length = Some(value);
            } else if find_length_line(&rest[..=end], end).is_some() {
                // The first header of a frame, glued to something that was cut off.
                return Headers::Garbage;
            }
        }
        let Some(length) = length else { return Headers::Garbage };
        if length.is_empty() || !length.iter().all(u8::is_ascii_digit) {
            return Headers::Wrong("`Content-Length` is no number");
        }
        match str::from_utf8(length).expect("digits").parse() {
            Ok(body) if body <= MAX_BODY => Headers::Complete { headers: at, body },
            _ => Headers::Wrong("`Content-Length` is over the limit of 256 MiB"),
        }
    }
}

/// Where before `limit` the first line `Content-Length: <digits>` starts, and whether all of it is there yet.
fn find_length_line(bytes: &[u8], limit: usize) -> Option<(usize, bool)> {
    memchr2_iter(b'C', b'c', &bytes[..limit]).find_map(|at| Some((at, is_length_line(&bytes[at..])?)))
}

/// Whether `bytes` start with such a line: `Some(false)` if they may when more of them arrive.
fn is_length_line(bytes: &[u8]) -> Option<bool> {
    let bytes = &bytes[..bytes.len().min(MAX_LENGTH_LINE)];
    let name = &bytes[..bytes.len().min(CONTENT_LENGTH.len())];
    if !name.eq_ignore_ascii_case(&CONTENT_LENGTH[..name.len()]) {
        return None;
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    let value = &bytes[name.len()..];
    let value = &value[value.iter().take_while(|byte| is_blank(byte)).count()..];
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let after = value[digits..].iter().find(|byte| !is_blank(byte));
    match after {
        Some(b'\n') if digits > 0 => Some(true),
        Some(_) => None,
        None => (bytes.len() < MAX_LENGTH_LINE).then_some(false),
    }
}
