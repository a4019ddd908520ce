//! A local Apideck Vault that keeps state: connections that can be listed, configured, imported, authorized in a
//! browser, exchanged for tokens, revoked and deleted, without an account and without a network.
//!
//! ```
//! let sandbox = apideck_vault_sandbox::Sandbox::start(Default::default())?;
//! println!("point the client's server_url at {}", sandbox.url());
//! sandbox.stop();
//! # Ok::<(), apideck_vault_sandbox::StartError>(())
//! ```
//!
//! A request passes these modules in order:
//!
//! 1. `serve` accepts the connection. `wire` can break it on purpose.
//! 2. `routes` finds the operation or page for its method and path.
//! 3. `door` checks its headers and the request limit, and applies a fault if a header asks for one.
//! 4. `target` finds the connection, resource or consumer that the request is about.
//! 5. An operation runs: `connections`, `resource_settings`, `consumers` (with `paging`) or `sessions`. A browser gets
//!    `pages` or `session_pages` instead, which use `visit`, `form` and `html`. All of them check values with `body`,
//!    `settings` and `catalogue`.
//! 6. `store` keeps the result. `connection`, `resource` and `session` define what is stored.
//! 7. `vault` writes the response. `problem` writes every error.

#![deny(unsafe_code)]

mod body;
mod catalogue;
mod connection;
mod connections;
mod consumers;
mod door;
mod fault;
mod form;
mod html;
mod pages;
mod paging;
mod problem;
mod resource;
mod resource_settings;
mod routes;
mod serve;
mod session;
mod session_pages;
mod sessions;
mod settings;
mod store;
mod target;
mod vault;
mod visit;
mod wire;

use door::Door;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::{fmt, io, thread};
use store::Store;
use tokio::sync::watch;
use vault::Vault;

/// How a sandbox is started. The default listens on a free port of 127.0.0.1, keeps its state in memory, accepts any
/// API key and has no request limit. (No `Debug`: the keys are secrets.)
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The SQLite file that keeps the state, made when it is not there; in memory without one.
    pub database: Option<PathBuf>,
    /// The keys that are accepted; any key when there are none.
    pub api_keys: Vec<String>,
    /// After so many requests of an app, the others get 402. The count begins anew with each start.
    pub request_limit: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Options { listen, database: None, api_keys: Vec::new(), request_limit: None }
    }
}

/// Why a sandbox did not start.
#[derive(Debug)]
pub enum StartError {
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The file cannot be opened, or is not a sandbox's database.
    Database(Option<PathBuf>, rusqlite::Error),
    /// No thread or no event loop could be made.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Listen(address, cause) => write!(f, "cannot listen on {address}: {cause}"),
            StartError::Database(Some(file), rusqlite::Error::InvalidQuery) => {
                write!(f, "{} is a database, but not one of this sandbox", file.display())
            }
            StartError::Database(Some(file), cause) => write!(f, "cannot open {}: {cause}", file.display()),
            StartError::Database(None, cause) => write!(f, "cannot open a database in memory: {cause}"),
            StartError::Thread(cause) => write!(f, "cannot start the server's thread: {cause}"),
        }
    }
}

impl std::error::Error for StartError {}

/// A running sandbox. It ends when it is stopped or dropped.
pub struct Sandbox {
    url: String,
    /// Dropped to stop the server.
    running: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a thread of its own; it accepts requests once this returns.
    pub fn start(options: Options) -> Result<Sandbox, StartError> {
        let unheard = |cause| StartError::Listen(options.listen, cause);
        let listener = TcpListener::bind(options.listen).map_err(unheard)?;
        listener.set_nonblocking(true).map_err(unheard)?;
        let url = format!("http://{}", reachable(listener.local_addr().map_err(unheard)?));
        let store = Store::open(options.database.as_deref())
            .map_err(|cause| StartError::Database(options.database.clone(), cause))?;
        // One thread does it all: an operation is a few dozen microseconds of SQLite, and they take turns anyway.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Thread)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(unheard)?
        };

        let vault = Arc::new(Vault { store, url: url.clone() });
        let door = Arc::new(Door {
            api_keys: options.api_keys,
            request_limit: options.request_limit,
            requests: Default::default(),
            faults: Default::default(),
        });
        let (running, mut stopped) = watch::channel(());
        let stop = async move { while stopped.changed().await.is_ok() {} };
        let serve = serve::serve(listener, routes::router(vault, door), stop);
        let thread = thread::Builder::new()
            .name("vault-sandbox".into())
            .spawn(move || runtime.block_on(serve))
            .map_err(StartError::Thread)?;
        Ok(Sandbox { url, running: Some(running), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`: what a client's `server_url` is set to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops accepting, finishes the requests at hand, and closes the database. Returns when that is done.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server's thread was printed when it happened; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

/// An address that listens everywhere is reached at the loopback one.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// The Rust in README.md compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
