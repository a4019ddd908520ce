//! The system calls of Linux, macOS and other Unix systems.

#![allow(unsafe_code, reason = "system calls; each block documents why it is sound")]

use std::io;
#[cfg(not(target_os = "linux"))]
use std::io::Write;
use std::mem::MaybeUninit;
use std::net::TcpStream;
pub use std::os::fd::AsFd as Descriptor;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use socket2::{SockRef, Socket};

use super::Polled;

/// Registers three functions that run at every `fork` of this process from now on. `before` and `in_parent` run in the
/// parent, before and after the fork. `in_child` runs in the child.
///
/// All three run on the thread that forks. A registration cannot be undone.
pub fn register_fork_handlers(before: extern "C" fn(), in_parent: extern "C" fn(), in_child: extern "C" fn()) {
    // SAFETY: the three functions take no arguments. The library is never unloaded ([`keep_loaded`]), so they stay
    // callable.
    unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
}

/// Keeps the library in the process, also after `dlclose`. Fork handlers, and a look-up that outlives its call, run its
/// code. On Linux, the library is linked in this way (build.rs).
#[cfg(target_os = "linux")]
pub fn keep_loaded() {}

/// Keeps the library in the process, also after `dlclose`. Fork handlers, and a look-up that outlives its call, run its
/// code.
#[cfg(not(target_os = "linux"))]
pub fn keep_loaded() {
    let mut found = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: `found` lives until the calls return. Where `dladdr` succeeds, it has written a path.
    unsafe {
        if libc::dladdr(keep_loaded as *const libc::c_void, found.as_mut_ptr()) != 0 {
            libc::dlopen(found.assume_init().dli_fname, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE);
        }
    }
}

/// Runs `start` with all signals of this thread blocked, and restores the thread's mask afterwards.
///
/// A thread that `start` creates inherits the mask, so it never runs a signal handler of the process.
pub fn with_signals_blocked<T>(start: impl FnOnce() -> T) -> T {
    // SAFETY: `all` and `before` are written before they are read, and live until the calls return.
    unsafe {
        let mut all = MaybeUninit::uninit();
        let mut before = MaybeUninit::uninit();
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
        let result = start();
        libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut());
        result
    }
}

/// Runs `body` with `pthread_cancel` of this thread disabled, and restores the thread's state afterwards.
///
/// A thread that is cancelled inside `body` ends at its first cancellation point after this function returns. Without
/// this, the C library would unwind the thread through Rust code, which aborts the process.
pub fn without_thread_cancellation<T>(body: impl FnOnce() -> T) -> T {
    struct Restore(libc::c_int);
    impl Drop for Restore {
        fn drop(&mut self) {
            set_thread_cancellation(self.0);
        }
    }
    let _restore = Restore(set_thread_cancellation(PTHREAD_CANCEL_DISABLE));
    body()
}

unsafe extern "C" {
    // POSIX, but not in the `libc` crate for these platforms.
    fn pthread_setcancelstate(state: libc::c_int, previous: *mut libc::c_int) -> libc::c_int;
}

const PTHREAD_CANCEL_DISABLE: libc::c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };

/// Sets the thread's cancellability. Returns the previous state.
fn set_thread_cancellation(state: libc::c_int) -> libc::c_int {
    let mut previous = state;
    // SAFETY: `previous` lives until the call returns. `state` is a constant of POSIX or a value that this call
    // returned.
    unsafe { pthread_setcancelstate(state, &mut previous) };
    previous
}

/// What `poll` takes for a descriptor.
pub type Entry = libc::pollfd;
/// The events that end a wait for reading.
pub const READABLE: libc::c_short = libc::POLLIN;
/// The events that end a wait for writing.
pub const WRITABLE: libc::c_short = libc::POLLOUT;

pub fn entry(descriptor: &impl Descriptor, events: libc::c_short) -> Entry {
    libc::pollfd { fd: descriptor.as_fd().as_raw_fd(), events, revents: 0 }
}

/// Calls `poll` and returns its result.
pub fn poll(polled: &mut [Polled], milliseconds: i32) -> i32 {
    // SAFETY: `Polled` has the layout of an entry, and the slice lives until the call returns.
    unsafe { libc::poll(polled.as_mut_ptr().cast(), polled.len() as libc::nfds_t, milliseconds) }
}

/// A descriptor that becomes ready for reading when [`notify`](Notifier::notify) is called, and stays ready. It is an
/// eventfd on Linux and a pipe on other systems.
pub struct Notifier(Ends);

#[cfg(target_os = "linux")]
type Ends = OwnedFd;
#[cfg(not(target_os = "linux"))]
type Ends = (io::PipeReader, io::PipeWriter);

/// The number of descriptors of a notifier.
const DESCRIPTORS: usize = if cfg!(target_os = "linux") { 1 } else { 2 };

/// The number of notifiers in this process.
static NOTIFIERS: AtomicUsize = AtomicUsize::new(0);

impl Notifier {
    /// Makes a notifier that is not ready.
    ///
    /// # Errors
    ///
    /// Fails if the system has no free descriptor, or if notifiers would use more than a quarter of the descriptors
    /// that the process may open. The others are kept for connections.
    pub fn new() -> io::Result<Notifier> {
        let count = NOTIFIERS.fetch_add(1, Ordering::Relaxed);
        let made = match count < most_descriptors() / 4 / DESCRIPTORS {
            true => Notifier::open(),
            false => Err(io::ErrorKind::QuotaExceeded.into()),
        };
        if made.is_err() {
            NOTIFIERS.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(Notifier(made?))
    }

    #[cfg(target_os = "linux")]
    fn open() -> io::Result<Ends> {
        // SAFETY: the call takes no pointer.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is new, and nothing else owns it.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }

    #[cfg(not(target_os = "linux"))]
    fn open() -> io::Result<Ends> {
        io::pipe()
    }

    /// Makes the descriptor ready permanently. Must be called once only.
    #[cfg(target_os = "linux")]
    pub fn notify(&self) {
        let one = 1u64.to_ne_bytes();
        // SAFETY: the eight bytes live until the call returns. The write cannot fail, because the counter was 0.
        unsafe { libc::write(self.0.as_raw_fd(), one.as_ptr().cast(), one.len()) };
    }

    /// Makes the descriptor ready permanently. Must be called once only.
    #[cfg(not(target_os = "linux"))]
    pub fn notify(&self) {
        // One byte fits into an empty pipe, whose reader is open.
        let _ = (&self.0.1).write(&[1]);
    }
}

impl AsFd for Notifier {
    #[cfg(target_os = "linux")]
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    #[cfg(not(target_os = "linux"))]
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.0.as_fd()
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        NOTIFIERS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Returns how many descriptors this process may open.
fn most_descriptors() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` lives until the call returns.
    match unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } {
        0 => usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX),
        _ => 0,
    }
}

/// Returns whether an error of `connect` says that the connection is being made.
pub fn is_in_progress(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EINPROGRESS) || error.kind() == io::ErrorKind::WouldBlock
}

/// Makes a socket blocking, with a limit for each read and write.
pub fn limit_waits(socket: &Socket, longest: Duration) -> io::Result<()> {
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(longest))?;
    socket.set_write_timeout(Some(longest))
}

/// Returns whether `stream` is open and has nothing to read. Does not block.
pub fn is_idle(stream: &TcpStream) -> bool {
    let mut byte = [MaybeUninit::uninit(); 1];
    let peeked = SockRef::from(stream).recv_with_flags(&mut byte, libc::MSG_PEEK | libc::MSG_DONTWAIT);
    peeked.is_err_and(|e| e.kind() == io::ErrorKind::WouldBlock)
}
