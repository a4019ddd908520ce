//! Every call into the operating system that the standard library does not offer.
//!
//! Each function is small and safe to call. `os/unix.rs` and `os/windows.rs` have the same functions, so differences
//! between systems stay inside this folder.

use std::io;
use std::marker::PhantomData;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub use system::{
    Notifier, is_idle, keep_loaded, register_fork_handlers, with_signals_blocked, without_thread_cancellation,
};

/// A descriptor, and the event that [`poll`] waits for.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Polled<'a> {
    entry: system::Entry,
    descriptor: PhantomData<&'a ()>,
}

impl<'a> Polled<'a> {
    /// Waits until a read does not block: there are bytes, the end of the stream or an error.
    pub fn for_reading(descriptor: &'a impl system::Descriptor) -> Polled<'a> {
        Polled::new(system::entry(descriptor, system::READABLE))
    }

    /// Waits until a write does not block: the buffer has space, a connect has ended, or the connection is broken.
    pub fn for_writing(descriptor: &'a impl system::Descriptor) -> Polled<'a> {
        Polled::new(system::entry(descriptor, system::WRITABLE))
    }

    fn new(entry: system::Entry) -> Polled<'a> {
        Polled { entry, descriptor: PhantomData }
    }

    /// Returns whether the last [`poll`] found the descriptor ready or broken.
    pub fn is_ready(&self) -> bool {
        self.entry.revents != 0
    }

    /// Copies the result of [`poll`] from `same`, an entry for the same descriptor.
    pub fn copy_readiness(&mut self, same: &Polled) {
        self.entry.revents = same.entry.revents;
    }
}

/// Blocks until a descriptor is ready or `limit` has passed. Returns whether one is ready.
///
/// A signal or a lack of memory ends the wait early, and the result is false. `limit` is rounded up to whole
/// milliseconds, so that short waits do not become a busy loop. The longest wait is 24 days.
pub fn poll(polled: &mut [Polled], limit: Duration) -> bool {
    let milliseconds = i32::try_from(limit.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
    let ready = system::poll(polled, milliseconds);
    if ready <= 0 {
        polled.iter_mut().for_each(|polled| polled.entry.revents = 0);
    }
    ready > 0
}

/// Starts to connect to `address`, without blocking. The socket becomes ready for writing when the connection is made
/// or fails. [`finish_connecting`] returns which of the two happened.
///
/// # Errors
///
/// Fails if no socket can be made, or the connection fails at once.
pub fn begin_connecting(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    match socket.connect(&SockAddr::from(address)) {
        Err(e) if !system::is_in_progress(&e) => Err(e),
        _ => Ok(socket),
    }
}

/// Makes a stream from a socket that [`poll`] has found ready. A read or write blocks for `longest` at most, on Windows not
/// at all.
///
/// # Errors
///
/// Fails if the connection could not be made.
pub fn finish_connecting(socket: Socket, longest: Duration) -> io::Result<TcpStream> {
    if let Some(e) = socket.take_error()? {
        return Err(e);
    }
    system::limit_waits(&socket, longest)?;
    Ok(socket.into())
}
