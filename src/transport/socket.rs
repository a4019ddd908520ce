//! A TCP connection whose waits end at the attempt's deadline or at its cancellation.
//!
//! The socket is blocking and has a receive timeout of a few milliseconds (on Windows, it never blocks). Most responses
//! arrive within that time, so one system call is enough. For a slower response, the thread then blocks in `attempt::wait` until bytes arrive or
//! the attempt must end. Output is buffered until the response is awaited, so that head and body are sent in one
//! packet.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};
use zeroize::Zeroize;

use super::attempt::{self, Phase, TransportError};
use super::connect;
use super::lookup;
use crate::os::{self, Polled};

/// How long one read or write may block. A cancellation has no effect during that time. The contract with users is 100
/// ms.
pub const FIRST_WAIT: Duration = Duration::from_millis(20);

/// Buffered output of this size is sent.
const OUTPUT: usize = 16 * 1024;
/// The initial size of the input buffer.
const INPUT: usize = 16 * 1024;
/// A larger input buffer would need fewer system calls, but would not fit the processor's cache.
const MAX_INPUT: usize = 64 * 1024;
/// The most bytes that `ureq` may leave unread: they are the beginning of an incomplete head or chunk size. The head
/// that `ureq` accepts is at most half as long.
const MAX_UNUSED: usize = 128 * 1024;

/// The first connector of the chain. After it, bytes belong to the set-up of the connection, not to the request.
#[derive(Debug)]
pub struct Begin;

impl Connector<()> for Begin {
    type Out = ();

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<()>, Error> {
        attempt::with(|attempt| {
            attempt.connecting += 1;
            attempt.is_fresh = true;
        });
        Ok(None)
    }
}

/// The last connector of the chain. After it, the connection is ready and bytes belong to the request.
#[derive(Debug)]
pub struct Ready;

impl<In: Transport> Connector<In> for Ready {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<In>, Error> {
        attempt::with(|attempt| attempt.connecting = attempt.connecting.saturating_sub(1));
        Ok(chained)
    }
}

/// Connects, unless the connection to a proxy has been made already.
#[derive(Clone, Copy, Debug)]
pub struct Tcp {
    /// A connection that is older is not used again.
    pub max_age: Duration,
}

impl<In: Transport> Connector<In> for Tcp {
    type Out = Either<In, Connection>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        if let Some(transport) = chained {
            return Ok(Some(Either::A(transport)));
        }
        let addresses = lookup::addresses(details.uri)?;
        Ok(Some(Either::B(Connection::new(connect::connect(&addresses)?, self.max_age))))
    }
}

/// A connection with the buffers that `ureq` reads from and writes to.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// When the connection becomes too old to be used again. `None` if that time is beyond the range of the clock.
    expires: Option<Instant>,
    buffers: WireBuffers,
    /// Whether the connection is between a request and its response. In that case `is_open` does not examine the
    /// socket: `ureq` calls it when it puts the connection into the pool, and again when it takes it out.
    in_use: bool,
    /// Why the rest of the request cannot be sent. The server may have sent a response already, which says why.
    write_error: Option<io::Error>,
}

impl Connection {
    fn new(stream: TcpStream, max_age: Duration) -> Connection {
        let expires = Instant::now().checked_add(max_age);
        Connection { stream, expires, buffers: WireBuffers::default(), in_use: true, write_error: None }
    }

    /// Sends the buffered output.
    fn flush(&mut self) -> Result<(), Error> {
        let held = std::mem::take(&mut self.buffers.held);
        if held == 0 {
            return Ok(());
        }
        let connecting = attempt::with(|attempt| {
            if attempt.connecting == 0 {
                attempt.phase = Phase::Sending;
            }
            attempt.connecting > 0
        });
        let mut from = 0;
        let mut result = Ok(());
        while from < held && self.write_error.is_none() {
            let wait = match attempt::remaining_time(connecting) {
                Ok(wait) => wait,
                Err(e) => {
                    result = Err(e);
                    break;
                }
            };
            if wait < FIRST_WAIT && !attempt::wait(&mut [Polled::for_writing(&self.stream)], None, wait) {
                continue;
            }
            match self.stream.write(&self.buffers.output[from..held]) {
                Ok(written) => {
                    from += written;
                    attempt::with(|attempt| attempt.sent |= attempt.connecting == 0);
                }
                Err(e) if is_transient(&e) => {
                    attempt::wait(&mut [Polled::for_writing(&self.stream)], None, wait);
                }
                Err(e) if is_closed_by_peer(&e) => {
                    self.write_error = Some(e);
                }
                Err(e) => {
                    result = Err(attempt::fail(TransportError::connection_lost(&e)));
                    break;
                }
            }
        }
        self.buffers.output[..held].zeroize(); // the key was in it
        result
    }
}

fn is_transient(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

/// Returns whether an error of a write says that the other side has closed the connection. Windows reports
/// `ConnectionAborted`.
fn is_closed_by_peer(e: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
    matches!(e.kind(), BrokenPipe | ConnectionReset | ConnectionAborted)
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        self.in_use = true;
        self.buffers.held += amount;
        if self.buffers.held >= OUTPUT { self.flush() } else { Ok(()) }
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        self.flush()?;
        let write_error = self.write_error.is_some();
        let connecting = attempt::with(|attempt| {
            if attempt.connecting == 0 && attempt.phase != Phase::Reading && !write_error {
                attempt.phase = Phase::Waiting;
            }
            attempt.connecting > 0
        });
        let mut wait = attempt::remaining_time(connecting)?;
        let unused = self.buffers.input().len();
        if unused > MAX_UNUSED {
            return Err(attempt::fail(TransportError::endless(unused)));
        }
        let mut ready = wait >= FIRST_WAIT;
        loop {
            if ready {
                match (self.stream.read(self.buffers.input_append_buf()), &self.write_error) {
                    (Err(e), _) if is_transient(&e) => {}
                    (Ok(0) | Err(_), Some(cause)) => return Err(attempt::fail(TransportError::connection_lost(cause))),
                    (Err(e), None) => return Err(attempt::fail(TransportError::connection_lost(&e))),
                    (Ok(amount), _) => {
                        self.buffers.input_appended(amount);
                        attempt::with(|attempt| {
                            if attempt.connecting == 0 && amount > 0 {
                                attempt.phase = Phase::Reading;
                            }
                        });
                        return Ok(amount > 0);
                    }
                }
                wait = attempt::remaining_time(connecting)?;
            }
            ready = attempt::wait(&mut [Polled::for_reading(&self.stream)], None, wait);
            if !ready {
                wait = attempt::remaining_time(connecting)?;
            }
        }
    }

    fn is_open(&mut self) -> bool {
        if std::mem::take(&mut self.in_use) {
            return self.write_error.is_none();
        }
        // An idle connection that has anything to read cannot be used again: it is the end of the stream, an error, or
        // bytes that belong to no request.
        self.expires.is_none_or(|expires| Instant::now() < expires) && os::is_idle(&self.stream)
    }
}

/// The buffers of a connection. The input buffer grows with the responses. Output is buffered, and wiped once it is
/// sent.
#[derive(Default)]
pub struct WireBuffers {
    input: Vec<u8>,
    begin: usize,
    end: usize,
    progress: bool,
    output: Vec<u8>,
    held: usize,
}

impl std::fmt::Debug for WireBuffers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in, {} out", self.end - self.begin, self.held)
    }
}

impl Drop for WireBuffers {
    fn drop(&mut self) {
        self.output.zeroize();
    }
}

impl Buffers for WireBuffers {
    fn output(&mut self) -> &mut [u8] {
        if self.output.len() < self.held + OUTPUT {
            let mut larger = vec![0; self.held + OUTPUT];
            larger[..self.held].copy_from_slice(&self.output[..self.held]);
            self.output.zeroize();
            self.output = larger;
        }
        &mut self.output[self.held..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.begin..self.end]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        if self.begin == self.end {
            (self.begin, self.end) = (0, 0);
        }
        if self.begin > 0 && self.end == self.input.len() {
            self.input.copy_within(self.begin..self.end, 0);
            (self.begin, self.end) = (0, self.end - self.begin);
        }
        if self.end == self.input.len() {
            self.input.resize((self.end * 2).max(INPUT), 0);
        }
        &mut self.input[self.end..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.end += amount;
        // A read that fills the buffer is probably followed by another: make the next one larger.
        if self.end == self.input.len() && self.end < MAX_INPUT {
            self.input.resize((self.end * 2).min(MAX_INPUT), 0);
        }
    }

    fn input_consume(&mut self, amount: usize) {
        self.begin += amount;
        self.progress = amount > 0;
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.output();
        self.input_append_buf();
        (&mut self.input[self.end..], &mut self.output[self.held..])
    }

    fn can_use_input(&self) -> bool {
        self.begin < self.end && self.progress
    }
}
