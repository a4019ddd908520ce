//! Connections that can be broken on purpose, below HTTP: the server writes an answer as ever, and the stream it writes to
//! resets, cuts or replaces it. Which request gets which breakage is decided in `fault`.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What happens to the next answer on a connection, which is its last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Breakage {
    /// The connection is reset; no byte of the answer arrives.
    Reset = 1,
    /// The head arrives whole, the body only half, then the connection ends.
    Truncate = 2,
    /// Bytes arrive that are no HTTP.
    Garbage = 3,
}

/// The handle by which a request reaches the connection it came on.
#[derive(Clone, Default)]
pub struct Wire(Arc<AtomicU8>);

impl Wire {
    pub fn break_next_answer(&self, breakage: Breakage) {
        self.0.store(breakage as u8, Ordering::Relaxed);
    }

    fn breakage(&self) -> Option<Breakage> {
        [Breakage::Reset, Breakage::Truncate, Breakage::Garbage]
            .into_iter()
            .find(|breakage| *breakage as u8 == self.0.load(Ordering::Relaxed))
    }
}

/// A TCP connection that obeys its [`Wire`].
pub struct Stream {
    tcp: TcpStream,
    wire: Wire,
    /// What is written in place of the answer, and how much of it is written.
    instead: Option<(Vec<u8>, usize)>,
}

impl Stream {
    pub fn new(tcp: TcpStream, wire: Wire) -> Self {
        Stream { tcp, wire, instead: None }
    }
}

const GARBAGE: &[u8] = b"\x16\x03\x01 this is no HTTP \xff\xfe\x00\r\n\r\n";

/// The head and half of the body.
fn truncated(answer: &[u8]) -> &[u8] {
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
    &answer[..head + (answer.len() - head) / 2]
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, answer: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let Some(breakage) = this.wire.breakage() else { return Pin::new(&mut this.tcp).poll_write(cx, answer) };
        let (bytes, written) = this.instead.get_or_insert_with(|| match breakage {
            Breakage::Reset => (Vec::new(), 0),
            Breakage::Truncate => (truncated(answer).to_vec(), 0),
            Breakage::Garbage => (GARBAGE.to_vec(), 0),
        });
        while *written < bytes.len() {
            *written += ready!(Pin::new(&mut this.tcp).poll_write(cx, &bytes[*written..]))?;
        }
        if breakage == Breakage::Reset {
            // Closed without lingering, so that the peer sees a reset and not an orderly end.
            socket2::SockRef::from(&this.tcp).set_linger(Some(Duration::ZERO))?;
            return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
        }
        // As far as the HTTP layer knows, all is sent; its `connection: close` ends the connection now.
        Poll::Ready(Ok(answer.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buffer)
    }
}
