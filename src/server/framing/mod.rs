//! A filter between standard input and output and the language server library.
//!
//! The library stops serving at the first message that its codec can't decode, and a message of length 0 holds up what follows
//! it. So what arrives goes through a [`Decoder`] first: only messages that the library certainly decodes are passed on, in
//! frames that we write ourselves; the rest is answered here with a JSON-RPC error, and reading goes on.
//!
//! Both sides write to the same output. Each gives whole frames to one queue, so that they never mix.
//!
//! ```text
//! input → Decoder ─ good messages → Reader → library
//!             └──── answers ─┐                  │
//! output ←── queue of frames ┴───── Writer ←────┘
//! ```

mod decoder;
mod envelope;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::sync::mpsc;
use tokio_util::sync::PollSender;
use tracing::warn;

use decoder::{Decoder, Incoming};

/// How many frames may wait in each direction before their sender has to.
const QUEUE: usize = 64;

/// Puts the filter between `input` and `output` and the library, which is given the reader and the writer.
///
/// Nothing moves before [`Wire::run`] is polled. A session reads
/// `tokio::join!(wire.run(), Server::new(reader, writer, socket).serve(service))`.
pub fn connect<I, O>(input: I, output: O) -> (Reader, Writer, Wire<I, O>) {
    let (messages, received) = mpsc::channel(QUEUE);
    let (answers, frames) = mpsc::channel(QUEUE);
    let reader = Reader { received, current: Bytes::new() };
    let writer = Writer { frames: PollSender::new(answers.clone()), written: BytesMut::new() };
    (reader, writer, Wire { input, output, messages, answers, frames })
}

/// What keeps bytes moving, see [`connect`].
#[derive(Debug)]
pub struct Wire<I, O> {
    input: I,
    output: O,
    messages: mpsc::Sender<Bytes>,
    answers: mpsc::Sender<Bytes>,
    frames: mpsc::Receiver<Bytes>,
}

impl<I: AsyncRead + Unpin, O: AsyncWrite + Unpin> Wire<I, O> {
    /// Runs until the input ends, the reader is dropped or the output breaks, and everything that was still to be written
    /// has been.
    ///
    /// The reader then comes to its end, which makes the library stop serving. Note that tokio reads standard input on a
    /// thread that can't be interrupted: a process that wants to end while its input is open has to say so
    /// (`Runtime::shutdown_background`).
    pub async fn run(self) -> io::Result<()> {
        let Wire { input, output, messages, answers, frames } = self;
        let (read, written) = tokio::join!(filter(input, messages, answers), write_out(output, frames));
        read.and(written)
    }
}

async fn filter<I: AsyncRead + Unpin>(
    mut input: I,
    messages: mpsc::Sender<Bytes>,
    answers: mpsc::Sender<Bytes>,
) -> io::Result<()> {
    let mut decoder = Decoder::default();
    let mut ended = false;
    loop {
        while let Some(incoming) = decoder.next() {
            let sent = match incoming {
                // In two pieces, so that a long message isn't copied.
                Incoming::Message(body) => match messages.send(header(body.len())).await {
                    Ok(()) => messages.send(body).await,
                    closed => closed,
                },
                Incoming::Refused(refusal) => {
                    warn!("not a message: {refusal}");
                    let body = refusal.into_response();
                    answers.send([header(body.len()), body].concat().into()).await
                }
            };
            if sent.is_err() {
                return Ok(());
            }
        }
        if ended {
            return Ok(());
        }
        let read = tokio::select! {
            read = input.read_buf(decoder.buffer()) => read?,
            () = messages.closed() => return Ok(()),
            () = answers.closed() => return Ok(()),
        };
        if read == 0 {
            decoder.end();
            ended = true;
        }
    }
}

async fn write_out<O: AsyncWrite + Unpin>(mut output: O, mut frames: mpsc::Receiver<Bytes>) -> io::Result<()> {
    while let Some(frame) = frames.recv().await {
        output.write_all(&frame).await?;
        output.flush().await?;
    }
    Ok(())
}

fn header(len: usize) -> Bytes {
    format!("Content-Length: {len}\r\n\r\n").into()
}

/// Where the library reads: well-formed frames only.
#[derive(Debug)]
pub struct Reader {
    received: mpsc::Receiver<Bytes>,
    current: Bytes,
}

impl AsyncRead for Reader {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.current.is_empty() {
            match ready!(self.received.poll_recv(cx)) {
                Some(bytes) => self.current = bytes,
                None => return Poll::Ready(Ok(())),
            }
        }
        let len = self.current.len().min(buf.remaining());
        buf.put_slice(&self.current.split_to(len));
        Poll::Ready(Ok(()))
    }
}

/// Where the library writes. What it writes up to a flush goes out in one piece; its codec flushes only after whole frames.
#[derive(Debug)]
pub struct Writer {
    frames: PollSender<Bytes>,
    written: BytesMut,
}

impl AsyncWrite for Writer {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.written.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.written.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let broken = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        ready!(self.frames.poll_reserve(cx)).map_err(broken)?;
        let frames = self.written.split().freeze();
        Poll::Ready(self.frames.send_item(frames).map_err(broken))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(cx))?;
        self.frames.close();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests;
