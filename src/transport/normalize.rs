//! Rewrites responses that are unusual but valid, so that `ureq` can read them.
//!
//! `ureq` reads less than RFC 9112 allows: no folded header lines, no `100 Continue` with headers, no chunk-size line
//! longer than 20 bytes. curl, CPython, httpx and Go's `net/http` read all of these, so servers send them. The rows of
//! the scenario table with a `peers` key list what is read and what is refused (`tests/peers.rs`).
//!
//! A response flows as follows:
//!
//! 1. The connection, or TLS over it, reads bytes into its own input buffer.
//! 2. `Normalized` walks over the new bytes with `framing`, piece by piece: a head, a chunk-size line, chunk data, a
//!    trailer. A head is examined by `head`. Walking reads heads and chunk-size lines only; it skips over data.
//! 3. While every piece is canonical, `ureq` reads the connection's buffer itself: nothing is copied.
//! 4. When a piece is not canonical, the unread bytes move to a buffer of this layer. The piece is replaced there, and
//!    `ureq` reads that buffer until it is empty. Then it reads the connection's buffer again.
//! 5. A piece that cannot be understood safely ends the attempt, after `ureq` has read the pieces before it.
//!
//! Each request begins a new response. If a response has no chunks, only its head is examined. A proxy's response to
//! CONNECT is read below this layer (`through_proxy.rs`).

mod framing;
mod head;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use super::attempt::{self, TransportError};
use framing::{Framing, Piece};

/// The largest total size of the heads of one response, including interim responses. This is curl's limit.
pub const MAX_HEAD_BYTES: usize = 300 * 1024;
/// The most headers in one head. `ureq` has the same limit.
const MAX_HEADERS: usize = 128;
/// The longest chunk-size line with its extensions. Go's limit is 4 KiB.
const MAX_CHUNK_LINE: usize = 16 * 1024;
/// The largest total size of the trailers of one response. Go's limit is 4 KiB.
const MAX_TRAILER_BYTES: usize = 64 * 1024;

/// Why a response is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal(Cow<'static, str>);

impl Refusal {
    fn new(reason: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal(reason.into())
    }

    fn fail(self) -> Error {
        attempt::fail(TransportError::Invalid(self.0.into_owned()))
    }
}

/// Puts the layer over a connection.
#[derive(Debug)]
pub struct Normalize;

impl<In: Transport> Connector<In> for Normalize {
    type Out = Normalized<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(Normalized::new))
    }
}

/// A connection whose responses are canonical.
#[derive(Debug)]
pub struct Normalized<In> {
    inner: In,
    framing: Framing,
    /// The number of bytes in the connection's input buffer that `framing` had passed when it was last examined.
    passed: usize,
    /// The number of all bytes in that buffer at the same time.
    length: usize,
    held: Held,
    /// Why the response ends after the bytes that `ureq` can still read.
    refusal: Option<Refusal>,
}

impl<In: Transport> Normalized<In> {
    fn new(inner: In) -> Normalized<In> {
        let (framing, held) = (Framing::default(), Held::default());
        Normalized { inner, framing, passed: 0, length: 0, held, refusal: None }
    }

    /// Walks over the new bytes in the connection's buffer. Returns whether `ureq` can read any of them.
    fn pass(&mut self, mut at: usize) -> Result<bool, Error> {
        let before = at;
        let unusual = loop {
            let bytes = &self.inner.buffers().input()[at..];
            match self.framing.next(bytes) {
                Ok(Piece::Canonical(length)) => at += length,
                // `ureq` waits for the rest of an incomplete chunk-size line, but fails at an incomplete head.
                Ok(Piece::Incomplete) if !self.framing.is_in_head() || bytes.is_empty() => {
                    (self.passed, self.length) = (at, self.inner.buffers().input().len());
                    return Ok(true);
                }
                unusual => break unusual,
            }
        };
        let buffers = self.inner.buffers();
        let bytes = buffers.input();
        self.held.canonical.extend_from_slice(&bytes[..at]);
        self.held.raw.extend_from_slice(&bytes[at..]);
        let all = bytes.len();
        buffers.input_consume(all);
        (self.passed, self.length) = (0, 0);
        self.held.has_progressed = true;
        match unusual {
            Ok(Piece::Replaced { length, by }) => {
                self.held.canonical.extend_from_slice(&by);
                self.held.raw.drain(..length);
                self.hold().map(|more| more || at > before || !by.is_empty())
            }
            Err(refusal) => self.refuse(refusal, at > before),
            _ => Ok(at > before),
        }
    }

    /// Walks over the bytes that are held. Returns whether `ureq` can read more than before.
    fn hold(&mut self) -> Result<bool, Error> {
        let (mut at, before) = (0, self.held.canonical.len());
        let refusal = loop {
            let bytes = &self.held.raw[at..];
            match self.framing.next(bytes) {
                Ok(Piece::Canonical(length)) => {
                    self.held.canonical.extend_from_slice(&bytes[..length]);
                    at += length;
                }
                Ok(Piece::Replaced { length, by }) => {
                    self.held.canonical.extend_from_slice(&by);
                    at += length;
                }
                Ok(Piece::Incomplete) => break None,
                Err(refusal) => break Some(refusal),
            }
        };
        self.held.raw.drain(..at);
        if self.held.raw.is_empty() {
            self.held.raw = Vec::new(); // most responses are canonical, so the memory is freed
        }
        let more = self.held.canonical.len() > before;
        match refusal {
            None => Ok(more),
            Some(refusal) => self.refuse(refusal, more),
        }
    }

    /// Ends the response, now or after `ureq` has read the bytes before the refused piece.
    fn refuse(&mut self, refusal: Refusal, has_more: bool) -> Result<bool, Error> {
        self.held.raw.clear();
        if !has_more {
            return Err(refusal.fail());
        }
        self.refusal = Some(refusal);
        Ok(true)
    }
}

impl<In: Transport> Transport for Normalized<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        if self.held.is_empty() { self.inner.buffers() } else { &mut self.held }
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // The next response belongs to this request, because `ureq` sends a request only after it has read the previous
        // response.
        self.framing = Framing::default();
        (self.passed, self.length) = (0, 0);
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if let Some(refusal) = self.refusal.take() {
            return Err(refusal.fail());
        }
        loop {
            let is_passing = self.held.is_empty();
            if is_passing && self.framing.is_at_rest() {
                return self.inner.await_input(timeout);
            }
            let unread = self.inner.buffers().input().len();
            let has_more = self.inner.await_input(timeout)?;
            let can_be_read = match is_passing {
                // Bytes that `ureq` has read since the last examination are no longer in the buffer.
                true => match self.passed.checked_sub(self.length - unread) {
                    Some(at) => self.pass(at)?,
                    None => {
                        return Err(attempt::fail(TransportError::Unexpected("a response was read too far".into())));
                    }
                },
                false => {
                    let buffers = self.inner.buffers();
                    let bytes = buffers.input();
                    let length = bytes.len();
                    self.held.raw.extend_from_slice(bytes);
                    buffers.input_consume(length);
                    self.hold()?
                }
            };
            if !has_more {
                let is_cut = self.framing.is_in_head() && !self.held.is_empty();
                return if is_cut { Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()) } else { Ok(false) };
            }
            if can_be_read {
                return Ok(true);
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.held.is_empty() && self.refusal.is_none() && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// The buffer that `ureq` reads instead of the connection's buffer after an unusual piece.
#[derive(Default)]
struct Held {
    canonical: Vec<u8>,
    /// Where in `canonical` the part begins that `ureq` has not read.
    begin: usize,
    /// An incomplete piece.
    raw: Vec<u8>,
    /// Whether `ureq` has used some of the bytes that it examined last.
    has_progressed: bool,
}

impl Held {
    fn is_empty(&self) -> bool {
        self.canonical.is_empty() && self.raw.is_empty()
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} canonical, {} raw", self.canonical.len() - self.begin, self.raw.len())
    }
}

impl Buffers for Held {
    fn output(&mut self) -> &mut [u8] {
        unreachable!("{NOTHING_IS_SENT}")
    }

    fn input(&self) -> &[u8] {
        &self.canonical[self.begin..]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        unreachable!("the connection appends to its own buffer")
    }

    fn input_appended(&mut self, _: usize) {
        unreachable!("the connection appends to its own buffer")
    }

    fn input_consume(&mut self, amount: usize) {
        self.begin += amount;
        self.has_progressed = amount > 0;
        if self.begin == self.canonical.len() {
            (self.canonical, self.begin) = (Vec::new(), 0);
        }
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        unreachable!("{NOTHING_IS_SENT}")
    }

    fn can_use_input(&self) -> bool {
        !self.canonical.is_empty() && self.has_progressed
    }
}

const NOTHING_IS_SENT: &str = "a connection is used for another request only when nothing is held";
