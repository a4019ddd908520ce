//! A TCP connection whose every wait ends with the attempt's deadline or cancellation.
//!
//! The socket is blocking with a receive timeout of a few milliseconds. Most responses come within it, for one system
//! call. For a slower response the thread then blocks in `attempt::wait`, until there are bytes or the attempt must
//! end. Output is held back until the response is awaited, so that head and body leave in one packet.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};
use zeroize::Zeroize;

use super::attempt::{self, Broken, Phase};
use super::connect;
use super::lookup;
use crate::os::{self, Polled};

/// How long one read or write may block. A cancellation is not seen meanwhile; the promise to users is 100 ms.
pub const FIRST_WAIT: Duration = Duration::from_millis(20);

/// Held-back output is sent when it comes to this.
const OUTPUT: usize = 16 * 1024;
const INPUT: usize = 16 * 1024;
/// Larger would save system calls, but leave the processor's cache.
const MOST_INPUT: usize = 64 * 1024;
/// What `ureq` leaves in the buffer is the beginning of something longer: of a head, which it takes no more than
/// half as much of, or of a chunk's size, which may have no end.
const MOST_UNUSED: usize = 128 * 1024;

/// The first link of the chain: from here on, bytes are not yet the request's.
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

/// The last link: the connection stands.
#[derive(Debug)]
pub struct Ready;

impl<In: Transport> Connector<In> for Ready {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<In>, Error> {
        attempt::with(|attempt| attempt.connecting = attempt.connecting.saturating_sub(1));
        Ok(chained)
    }
}

/// Connects, unless a proxy has already.
#[derive(Clone, Copy, Debug)]
pub struct Tcp {
    /// An older connection is not used again.
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
    /// When it is too old to be used again; never, if that is too far away for the clock.
    expires: Option<Instant>,
    buffers: WireBuffers,
    /// Between a request and its answer. A connection that is in use need not be looked at when it is
    /// put back: it is looked at when it is taken again.
    in_use: bool,
    /// Why the server takes no more of the request. It may have answered what it has, to say why.
    deaf: Option<io::Error>,
}

impl Connection {
    fn new(stream: TcpStream, max_age: Duration) -> Connection {
        let expires = Instant::now().checked_add(max_age);
        Connection { stream, expires, buffers: WireBuffers::default(), in_use: true, deaf: None }
    }

    /// Sends what is held back.
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
        while from < held && self.deaf.is_none() {
            let wait = match attempt::time_left(connecting) {
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
                Err(e) if is_passing(&e) => {
                    attempt::wait(&mut [Polled::for_writing(&self.stream)], None, wait);
                }
                Err(e) if matches!(e.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset) => {
                    self.deaf = Some(e);
                }
                Err(e) => {
                    result = Err(attempt::fail(Broken::lost(&e)));
                    break;
                }
            }
        }
        self.buffers.output[..held].zeroize(); // the key was in it
        result
    }
}

fn is_passing(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
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
        let deaf = self.deaf.is_some();
        let connecting = attempt::with(|attempt| {
            if attempt.connecting == 0 && attempt.phase != Phase::Reading && !deaf {
                attempt.phase = Phase::Waiting;
            }
            attempt.connecting > 0
        });
        let mut wait = attempt::time_left(connecting)?;
        let unused = self.buffers.input().len();
        if unused > MOST_UNUSED {
            return Err(attempt::fail(Broken::without_end(unused)));
        }
        let mut ready = wait >= FIRST_WAIT;
        loop {
            if ready {
                match (self.stream.read(self.buffers.input_append_buf()), &self.deaf) {
                    (Err(e), _) if is_passing(&e) => {}
                    (Ok(0) | Err(_), Some(cause)) => return Err(attempt::fail(Broken::lost(cause))),
                    (Err(e), None) => return Err(attempt::fail(Broken::lost(&e))),
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
                wait = attempt::time_left(connecting)?;
            }
            ready = attempt::wait(&mut [Polled::for_reading(&self.stream)], None, wait);
            if !ready {
                wait = attempt::time_left(connecting)?;
            }
        }
    }

    fn is_open(&mut self) -> bool {
        if std::mem::take(&mut self.in_use) {
            return self.deaf.is_none();
        }
        // Anything to read on an idle connection means that it is of no more use: the end of the
        // stream, an error, or bytes that belong to no request.
        self.expires.is_none_or(|expires| Instant::now() < expires) && os::is_idle(&self.stream)
    }
}

/// Input grows with the answers it has held; output is held back and wiped when it is sent.
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
        // A read that filled the buffer is followed by more: make the next one larger.
        if self.end == self.input.len() && self.end < MOST_INPUT {
            self.input.resize((self.end * 2).min(MOST_INPUT), 0);
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
