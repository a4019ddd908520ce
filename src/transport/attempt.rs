//! What the waits of one attempt have in common: the deadline, the cancellation, the phase it is in,
//! and how it broke.
//!
//! `ureq` calls the transport on the thread that makes the call, but passes it nothing of the call. So
//! the attempt is in a thread-local for as long as it lasts. An event callback may make a call inside a
//! call: the outer attempt is put back afterwards.

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

/// How far an attempt has come.
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
    /// Where an attempt is again if what it has read was no answer.
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
            Phase::Waiting => "waiting for the answer",
            Phase::Reading => "reading the answer",
        })
    }
}

/// How an attempt failed to bring a whole answer.
#[derive(Debug)]
pub enum Broken {
    /// The call's deadline passed.
    Deadline,
    Cancelled,
    /// No connection: name lookup, connect, proxy or TLS.
    NotConnected(String),
    /// No connection, and the next attempt would end the same way: the server's certificate is refused.
    Refused(String),
    /// The connection broke under the request or its answer.
    Lost(String),
    /// The answer ended before its end.
    CutShort,
    /// What came is not HTTP, not gzip, or too large.
    NotUnderstood(String),
    /// `ureq` refused the request, or failed in a way that nothing here accounts for.
    Unaccounted(String),
}

impl Broken {
    /// An error of `ureq` from before the answer's head was complete.
    pub fn of_head(error: ureq::Error) -> Broken {
        match error {
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Broken::Lost("the server closed the connection before it had answered".into())
            }
            ureq::Error::BodyStalled => Broken::Lost("the server closed the connection before it had answered".into()),
            other => Broken::of_any(other),
        }
    }

    /// An error of `ureq` from within the body.
    pub fn of_body(error: ureq::Error) -> Broken {
        match error {
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => Broken::CutShort,
            ureq::Error::BodyStalled => Broken::CutShort,
            other => Broken::of_any(other),
        }
    }

    /// `length` bytes of a response were read, of which `ureq` can use none before it has more.
    pub fn without_end(length: usize) -> Broken {
        Broken::NotUnderstood(format!("{length} bytes of the response make neither a head nor the size of a chunk"))
    }

    pub fn lost(error: &io::Error) -> Broken {
        Broken::Lost(format!("the connection broke: {error}"))
    }

    fn of_any(error: ureq::Error) -> Broken {
        match error {
            ureq::Error::Io(e) => Broken::lost(&e),
            ureq::Error::Protocol(e) => Broken::NotUnderstood(protocol(&e)),
            ureq::Error::LargeResponseHeader(_, most) => {
                Broken::NotUnderstood(format!("the response's head is larger than {most} bytes"))
            }
            ureq::Error::ConnectionFailed => Broken::NotConnected("no connection could be made".into()),
            other => Broken::Unaccounted(other.to_string()),
        }
    }
}

/// Returns what is wrong with the bytes that should be HTTP, without repeating them. What `normalize.rs` refuses does not
/// come here.
fn protocol(error: &impl fmt::Debug) -> String {
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
    /// Until when the name must be looked up, the connection made and TLS set up.
    connect_until: Instant,
    cancellation: Option<Arc<Cancellation>>,
    pub phase: Phase,
    /// Connectors under way: one while the connection is made.
    pub connecting: u32,
    /// Whether its connection was made for it, not kept alive.
    pub is_fresh: bool,
    pub sent: bool,
    pub broken: Option<Broken>,
}

thread_local! {
    /// Never dropped, so that it can be used for as long as the thread runs: a call may come from an `atexit` handler,
    /// a static destructor or a thread-key destructor, when thread-locals that need dropping are gone. Nothing leaks:
    /// it is `None` outside an attempt.
    static CURRENT: ManuallyDrop<RefCell<Option<Attempt>>> = const { ManuallyDrop::new(RefCell::new(None)) };
}

/// Makes `attempt` the thread's attempt; returns the previous one.
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
            broken: None,
        }
    }

    /// Makes this the thread's attempt until it is left.
    pub fn enter(self) -> Entered {
        Entered { outer: replace(Some(self)) }
    }
}

/// Puts the outer attempt back, whichever way the inner one ends.
pub struct Entered {
    outer: Option<Attempt>,
}

impl Entered {
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

/// Looks at or changes the thread's attempt; nothing happens outside one.
pub fn with<T: Default>(act: impl FnOnce(&mut Attempt) -> T) -> T {
    CURRENT.with(|current| current.borrow_mut().as_mut().map(act).unwrap_or_default())
}

/// Ends the attempt: `ureq` gets an error of its own kind, the attempt keeps the reason.
pub fn fail(broken: Broken) -> ureq::Error {
    with(|attempt| {
        // The first reason is the cause, what follows from it is not.
        attempt.broken.get_or_insert(broken);
    });
    ureq::Error::Other("the attempt failed".into())
}

/// How long the attempt may still wait.
///
/// # Errors
///
/// Ends the attempt if it was cancelled or its time is over. `before_request`: `connect_timeout_ms` counts too.
pub fn time_left(before_request: bool) -> Result<Duration, ureq::Error> {
    let left = with(|attempt| {
        if attempt.cancellation.as_ref().is_some_and(|cancellation| cancellation.is_cancelled()) {
            return Some(Err(Broken::Cancelled));
        }
        let now = Instant::now();
        if now >= attempt.deadline {
            return Some(Err(Broken::Deadline));
        }
        let until = if before_request { attempt.connect_until } else { attempt.deadline };
        if now >= until {
            let phase = attempt.phase;
            return Some(Err(Broken::NotConnected(format!("connect_timeout_ms passed while {phase}"))));
        }
        Some(Ok(until - now))
    });
    match left {
        Some(Ok(left)) => Ok(left),
        Some(Err(broken)) => Err(fail(broken)),
        None => Err(ureq::Error::Other("no attempt is under way".into())),
    }
}

/// Blocks until a socket is ready, `other` is set, the attempt is cancelled, or `limit` has passed. Returns whether a
/// socket is ready. May return early; [`time_left`] tells whether to go on.
pub fn wait(sockets: &mut [Polled], other: Option<&WakeUp>, limit: Duration) -> bool {
    match (with(|attempt| attempt.cancellation.clone()), other) {
        (Some(cancellation), other) => cancellation.wait_with(sockets, other, limit),
        (None, Some(other)) => wake::wait(sockets, &[other], limit),
        (None, None) => os::poll(sockets, limit),
    }
}
