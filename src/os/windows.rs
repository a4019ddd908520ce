//! The system calls of Windows.
//!
//! Windows has no `fork`, no signals and no `pthread_cancel`. Sockets never block here: a receive timeout is half a second
//! longer than asked for, and leaves the socket in an undefined state.

#![allow(unsafe_code, reason = "system calls; each block documents why it is sound")]

use std::io;
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
pub use std::os::windows::io::AsSocket as Descriptor;
use std::os::windows::io::{AsRawSocket, AsSocket, BorrowedSocket};
use std::time::Duration;

use socket2::Socket;
use windows_sys::Win32::Networking::WinSock;
use windows_sys::Win32::System::LibraryLoader;

use super::Polled;

/// Does nothing: a process cannot be copied.
pub fn register_fork_handlers(_: extern "C" fn(), _: extern "C" fn(), _: extern "C" fn()) {}

/// Keeps the library in the process, also after `FreeLibrary`. A look-up that outlives its call runs its code.
pub fn keep_loaded() {
    let mut module = std::ptr::null_mut();
    let how = LibraryLoader::GET_MODULE_HANDLE_EX_FLAG_PIN | LibraryLoader::GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    // SAFETY: with these flags, the second argument is an address inside the module. `module` lives until the call
    // returns.
    unsafe { LibraryLoader::GetModuleHandleExW(how, keep_loaded as *const u16, &mut module) };
}

/// Runs `start`. There are no signals.
pub fn with_signals_blocked<T>(start: impl FnOnce() -> T) -> T {
    start()
}

/// Runs `body`. A thread cannot be cancelled.
pub fn without_thread_cancellation<T>(body: impl FnOnce() -> T) -> T {
    body()
}

/// What `WSAPoll` takes for a socket.
pub type Entry = WinSock::WSAPOLLFD;
/// The events that end a wait for reading.
pub const READABLE: i16 = WinSock::POLLRDNORM;
/// The events that end a wait for writing.
pub const WRITABLE: i16 = WinSock::POLLWRNORM;

pub fn entry(descriptor: &impl Descriptor, events: i16) -> Entry {
    let fd = descriptor.as_socket().as_raw_socket() as WinSock::SOCKET;
    WinSock::WSAPOLLFD { fd, events, revents: 0 }
}

/// Calls `WSAPoll` and returns its result.
///
/// Before Windows 10 version 2004, `WSAPoll` does not report that a connect failed. There, a refused connection is noticed
/// when `connect_timeout_ms` has passed.
pub fn poll(polled: &mut [Polled], milliseconds: i32) -> i32 {
    if polled.is_empty() {
        // `WSAPoll` refuses to wait for nothing.
        std::thread::sleep(Duration::from_millis(milliseconds.unsigned_abs().into()));
        return 0;
    }
    // SAFETY: `Polled` has the layout of an entry, and the slice lives until the call returns.
    unsafe { WinSock::WSAPoll(polled.as_mut_ptr().cast(), polled.len() as u32, milliseconds) }
}

/// A socket that becomes ready for reading when [`notify`](Notifier::notify) is called, and stays ready. It is connected
/// to itself, because `WSAPoll` waits for sockets only.
pub struct Notifier(UdpSocket);

impl Notifier {
    /// Makes a notifier that is not ready.
    ///
    /// # Errors
    ///
    /// Fails if the system has no free socket or port.
    pub fn new() -> io::Result<Notifier> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        // From now on the socket receives from its own address only.
        socket.connect(socket.local_addr()?)?;
        socket.set_nonblocking(true)?;
        Ok(Notifier(socket))
    }

    /// Makes the socket ready permanently. Must be called once only.
    pub fn notify(&self) {
        // One byte fits into the empty buffer.
        let _ = self.0.send(&[1]);
    }
}

impl AsSocket for Notifier {
    fn as_socket(&self) -> BorrowedSocket<'_> {
        self.0.as_socket()
    }
}

/// Returns whether an error of `connect` says that the connection is being made.
pub fn is_in_progress(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// Leaves a socket as it is: no read or write blocks, so none needs a limit.
pub fn limit_waits(_: &Socket, _: Duration) -> io::Result<()> {
    Ok(())
}

/// Returns whether `stream` is open and has nothing to read. Does not block.
pub fn is_idle(stream: &TcpStream) -> bool {
    stream.peek(&mut [0]).is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock)
}
