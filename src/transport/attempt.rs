//! The state of one attempt: its deadline, its cancellation, its phase and its error.
//!
//! `ureq` calls the transport on the thread that makes the call, but passes it nothing about the call. So the attempt
//! is stored in a thread-local while it runs. An event callback may make a call inside a call, so the outer attempt is
//! restored when the inner one ends.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Limits;
use crate::cancel::Cancellation;
use crate::os::{self, Polled};
use crate::wake::{self, WakeUp};

/// The step that an attempt is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    LookingUp,
    Connecting,
    Tunnelling,
    Handshaking,
    Sending,
    Waiting,
    Reading,
}

impl Phase {
    /// Returns the phase of an attempt that has read bytes which are not part of a response.
    pub fn before_reading(self) -> Phase {
        if self == Phase::Reading { Phase::Waiting } else { self }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::LookingUp => "looking up the host name",
            Phase::Connecting => "connecting",
            Phase::Tunnelling => "waiting for the proxy's tunnel",
            Phase::Handshaking => "setting up TLS",
            Phase::Sending => "sending the request",
            Phase::Waiting => "waiting for the response",
            Phase::Reading => "reading the response",
        })
    }
}

/// Why an attempt got no complete response.
#[derive(Debug)]
pub enum TransportError {
    /// The call's deadline passed.
    DeadlinePassed,
    Cancelled,
    /// The name look-up, the connect, the proxy or TLS failed.
    NotConnected(String),
    /// As `NotConnected`, and another attempt would fail in the same way: the server's certificate is refused.
    Refused(String),
    /// The connection broke while the request was sent or the response was read.
    ConnectionLost(String),
    /// The connection was closed before the end of the body.
    CutShort,
    /// The response is not valid HTTP, not valid gzip, or too large.
    Invalid(String),
    /// `ureq` refused the request, or failed in a way that this module does not expect.
    Unexpected(String),
}

impl TransportError {
    /// Converts an error that `ureq` returned before the response's head was complete.
    pub fn from_head_error(error: ureq::Error) -> TransportError {
        match error {
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                TransportError::ConnectionLost("the server closed the connection before it sent a response".into())
            }
            ureq::Error::BodyStalled => {
                TransportError::ConnectionLost("the server closed the connection before it sent a response".into())
            }
            other => TransportError::from_any_error(other),
        }
    }

    /// Converts an error that `ureq` returned while it read the body.
    pub fn from_body_error(error: ureq::Error) -> TransportError {
        match error {
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => TransportError::CutShort,
            ureq::Error::BodyStalled => TransportError::CutShort,
            other => TransportError::from_any_error(other),
        }
    }

    /// Returns the error for a response of which `length` bytes were read and `ureq` still needs more to continue.
    pub fn endless(length: usize) -> TransportError {
        TransportError::Invalid(format!("the first {length} bytes of the response are neither a head nor a chunk size"))
    }

    pub fn connection_lost(error: &io::Error) -> TransportError {
        TransportError::ConnectionLost(format!("the connection broke: {error}"))
    }

    fn from_any_error(error: ureq::Error) -> TransportError {
        match error {
            ureq::Error::Io(e) => TransportError::connection_lost(&e),
            ureq::Error::Protocol(e) => TransportError::Invalid(protocol_problem(&e)),
            ureq::Error::LargeResponseHeader(_, most) => {
                TransportError::Invalid(format!("the response's head is larger than {most} bytes"))
            }
            ureq::Error::ConnectionFailed => TransportError::NotConnected("no connection could be made".into()),
            other => TransportError::Unexpected(other.to_string()),
        }
    }
}

/// Returns what is wrong with the response, without repeating any of its bytes. Responses that `normalize.rs` refuses
/// do not reach this function.
fn protocol_problem(error: &impl fmt::Debug) -> String {
    let text = format!("{error:?}");
    let name = text.split(['(', ' ']).next().unwrap_or_default();
    let what = match name {
        "HttpParseFail" if text.contains("header name") => "a header of the response has an invalid name",
        "HttpParseFail" if text.contains("header value") => "a header of the response has an invalid value",
        "HttpParseFail" if text.contains("new line") => "a line of the response's head has an invalid end",
        "HttpParseFail" => "the response does not begin like HTTP",
        "HttpParseTooManyHeaders" => "the response has too many headers",
        "TooManyContentLengthHeaders" => "the response has more than one content-length",
        "BadContentLengthHeader" => "the response's content-length is not a number",
        "ChunkLenNotAscii" | "ChunkLenNotANumber" | "ChunkExpectedCrLf" => "a chunk of the body is malformed",
        other => return format!("the response is not valid HTTP ({other})"),
    };
    what.to_string()
}

/// One attempt at a request.
pub struct Attempt {
    deadline: Instant,
    /// The deadline for the name look-up, the connect and the TLS handshake.
    connect_until: Instant,
    cancellation: Option<Arc<Cancellation>>,
    pub phase: Phase,
    /// The number of connections that are being made: 0 or 1.
    pub connecting: u32,
    /// Whether the connection was made for this attempt. Otherwise it was kept alive.
    pub is_fresh: bool,
    pub sent: bool,
    pub error: Option<TransportError>,
}

thread_local! {
    /// Never dropped, because a call may come from an `atexit` handler, a static destructor or a thread-key destructor.
    /// At that time, thread-locals with a destructor are gone. Nothing leaks: the value is `None` outside an attempt.
    static CURRENT: ManuallyDrop<RefCell<Option<Attempt>>> = const { ManuallyDrop::new(RefCell::new(None)) };
}

/// Makes `attempt` the thread's attempt. Returns the previous one.
fn replace(attempt: Option<Attempt>) -> Option<Attempt> {
    CURRENT.with(|current| current.replace(attempt))
}

impl Attempt {
    pub fn new(limits: Limits, cancellation: Option<Arc<Cancellation>>) -> Attempt {
        let connect_until = limits.deadline.min(Instant::now() + limits.connect_timeout);
        Attempt {
            deadline: limits.deadline,
            connect_until,
            cancellation,
            phase: Phase::Sending,
            connecting: 0,
            is_fresh: false,
            sent: false,
            error: None,
        }
    }

    /// Makes this the thread's attempt until [`Entered::leave`].
    pub fn enter(self) -> Entered {
        Entered { outer: replace(Some(self)) }
    }
}

/// Restores the outer attempt when the inner one ends, also during a panic.
pub struct Entered {
    outer: Option<Attempt>,
}

impl Entered {
    /// Ends the attempt and returns it.
    pub fn leave(mut self) -> Attempt {
        let inner = replace(self.outer.take());
        std::mem::forget(self);
        inner.unwrap_or_else(|| unreachable!("entered attempts nest"))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        replace(self.outer.take());
    }
}

/// Calls `act` with the thread's attempt. Outside an attempt, it returns the default value and does not call `act`.
pub fn with<T: Default>(act: impl FnOnce(&mut Attempt) -> T) -> T {
    CURRENT.with(|current| current.borrow_mut().as_mut().map(act).unwrap_or_default())
}

/// Ends the attempt. The attempt keeps `error`, and `ureq` gets an error of its own type.
pub fn fail(error: TransportError) -> ureq::Error {
    with(|attempt| {
        // The first error is the cause of the following ones.
        attempt.error.get_or_insert(error);
    });
    ureq::Error::Other("the attempt failed".into())
}

/// Returns how long the attempt may still wait. If `before_request` is true, `connect_timeout_ms` limits the time too.
///
/// # Errors
///
/// Ends the attempt if it is cancelled or its time is over.
pub fn remaining_time(before_request: bool) -> Result<Duration, ureq::Error> {
    let remaining = with(|attempt| {
        if attempt.cancellation.as_ref().is_some_and(|cancellation| cancellation.is_cancelled()) {
            return Some(Err(TransportError::Cancelled));
        }
        let now = Instant::now();
        if now >= attempt.deadline {
            return Some(Err(TransportError::DeadlinePassed));
        }
        let until = if before_request { attempt.connect_until } else { attempt.deadline };
        if now >= until {
            let phase = attempt.phase;
            return Some(Err(TransportError::NotConnected(format!("connect_timeout_ms passed while {phase}"))));
        }
        Some(Ok(until - now))
    });
    match remaining {
        Some(Ok(remaining)) => Ok(remaining),
        Some(Err(error)) => Err(fail(error)),
        None => Err(ureq::Error::Other("no attempt is in progress".into())),
    }
}

/// Blocks until a socket is ready, `other` is set, the attempt is cancelled, or `limit` has passed. Returns whether a
/// socket is ready. May return early, so callers check [`remaining_time`] before they wait again.
pub fn wait(sockets: &mut [Polled], other: Option<&WakeUp>, limit: Duration) -> bool {
    match (with(|attempt| attempt.cancellation.clone()), other) {
        (Some(cancellation), other) => cancellation.wait_with(sockets, other, limit),
        (None, Some(other)) => wake::wait(sockets, &[other], limit),
        (None, None) => os::poll(sockets, limit),
    }
}
