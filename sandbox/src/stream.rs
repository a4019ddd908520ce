//! TCP connections that can be broken on purpose, below HTTP. The server writes a response as usual, and the stream
//! resets the connection, cuts the response or replaces it. `fault` decides which request gets which fault.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What happens to the next response on a connection. The connection ends after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum StreamFault {
    /// The connection is reset before any byte of the response arrives.
    Reset = 1,
    /// The complete head and half of the body arrive. Then the connection ends.
    Truncate = 2,
    /// Bytes arrive that are not HTTP.
    Garbage = 3,
}

/// Lets the handler of a request break the connection that the request came on.
#[derive(Clone, Default)]
pub struct StreamControl(Arc<AtomicU8>);

impl StreamControl {
    pub fn break_next_response(&self, fault: StreamFault) {
        self.0.store(fault as u8, Ordering::Relaxed);
    }

    fn fault(&self) -> Option<StreamFault> {
        [StreamFault::Reset, StreamFault::Truncate, StreamFault::Garbage]
            .into_iter()
            .find(|fault| *fault as u8 == self.0.load(Ordering::Relaxed))
    }
}

/// A TCP connection that applies the fault of its [`StreamControl`].
pub struct FaultyStream {
    tcp: TcpStream,
    control: StreamControl,
    /// The bytes to write instead of the response, and how many of them are written.
    replacement: Option<(Vec<u8>, usize)>,
}

impl FaultyStream {
    pub fn new(tcp: TcpStream, control: StreamControl) -> Self {
        FaultyStream { tcp, control, replacement: None }
    }
}

const GARBAGE: &[u8] = b"\x16\x03\x01 this is no HTTP \xff\xfe\x00\r\n\r\n";

/// Returns the head and half of the body.
fn truncated(response: &[u8]) -> &[u8] {
    let head = response.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
    &response[..head + (response.len() - head) / 2]
}

impl AsyncWrite for FaultyStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, response: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let Some(fault) = this.control.fault() else { return Pin::new(&mut this.tcp).poll_write(cx, response) };
        let (bytes, written) = this.replacement.get_or_insert_with(|| match fault {
            StreamFault::Reset => (Vec::new(), 0),
            StreamFault::Truncate => (truncated(response).to_vec(), 0),
            StreamFault::Garbage => (GARBAGE.to_vec(), 0),
        });
        while *written < bytes.len() {
            *written += ready!(Pin::new(&mut this.tcp).poll_write(cx, &bytes[*written..]))?;
        }
        if fault == StreamFault::Reset {
            // Without lingering, closing sends a reset instead of an orderly end.
            socket2::SockRef::from(&this.tcp).set_linger(Some(Duration::ZERO))?;
            return Poll::Ready(Err(ErrorKind::ConnectionReset.into()));
        }
        // The HTTP layer believes that the response is sent. Its `connection: close` then ends the connection.
        Poll::Ready(Ok(response.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl AsyncRead for FaultyStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buffer)
    }
}
