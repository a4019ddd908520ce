//! A local Apideck Vault that keeps state. Programs can list, configure, import, migrate, validate and delete
//! connections, exchange tokens, and manage consumers and sessions. Users can authorize and revoke connections in a
//! browser. It needs no account and no network.
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
//! 1. `serve` accepts the connection. `stream` can break it on purpose.
//! 2. `routes` finds the operation or page for its method and path.
//! 3. `request_checks` checks its headers and the request limit, and applies a fault if a header asks for one.
//! 4. `target` finds the connection, resource or consumer that the request is about.
//! 5. An operation runs: `connections`, `resource_settings`, `consumers` (with `paging`) or `sessions`. A browser gets
//!    `pages` or `session_pages` instead, which use `link_request`, `form` and `html`. All of them check values with `body`,
//!    `settings` and `catalogue`.
//! 6. `store` keeps the result. `connection`, `resource` and `session` define what is stored.
//! 7. `vault` writes the response. `error` writes every error.
//!
//! `control` serves the routes below `/sandbox`, with which tests control the server. `clock` is the source of every time,
//! and `refresh` lets access tokens expire. `event` names what happens to a connection, and `webhook` sends it.

#![deny(unsafe_code)]

mod body;
mod catalogue;
mod clock;
mod connection;
mod connections;
mod consumer_connection;
mod consumers;
mod control;
mod error;
mod event;
mod fault;
mod faults;
mod form;
mod html;
mod link_request;
mod listen;
mod operation;
mod pages;
mod paging;
mod rate_limit;
mod refresh;
mod request_checks;
mod resource;
mod resource_settings;
mod routes;
mod serve;
mod session;
mod session_pages;
mod sessions;
mod settings;
mod store;
mod stream;
mod target;
mod vault;
mod webhook;

use faults::Faults;
use rate_limit::RateLimiter;
use request_checks::RequestChecks;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use std::{fmt, io, thread};
use store::Store;
use tokio::sync::watch;
use vault::Vault;
use webhook::Webhooks;

pub use listen::ListenAddress;
pub use rate_limit::RateLimit;
pub use webhook::WebhookUrl;

/// The options of a sandbox. The default listens on a free port of 127.0.0.1, keeps its state in memory, accepts any API
/// key, has no limits and sends no webhooks. There is no `Debug`, because the keys are secrets.
#[derive(Clone)]
pub struct Options {
    /// The address to listen on. Port 0 selects a free port.
    pub listen: ListenAddress,
    /// The SQLite file that keeps the state. It is created if it does not exist. `None` keeps the state in memory.
    pub database: Option<PathBuf>,
    /// The accepted API keys. If this is empty, any key is accepted.
    pub api_keys: Vec<String>,
    /// The number of requests that each app may send. Later requests get 402. A restart resets the count.
    pub request_limit: Option<u64>,
    /// The number of requests that each app may send in a second. More requests get 429.
    pub rate_limit: Option<RateLimit>,
    /// How long an access token is valid. It is at least a millisecond.
    pub token_lifetime: Duration,
    /// The receiver of signed events about connections.
    pub webhook: Option<WebhookUrl>,
}

/// How long an access token is valid by default.
const DEFAULT_TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);

impl Default for Options {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Options {
            listen: listen.into(),
            database: None,
            api_keys: Vec::new(),
            request_limit: None,
            rate_limit: None,
            token_lifetime: DEFAULT_TOKEN_LIFETIME,
            webhook: None,
        }
    }
}

/// Why a sandbox did not start.
#[derive(Debug)]
pub enum StartError {
    /// The server cannot listen on the address.
    Listen(ListenAddress, io::Error),
    /// The file cannot be opened, or is not a database of the sandbox.
    Database(Option<PathBuf>, rusqlite::Error),
    /// The thread or the event loop cannot be started.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Listen(address, cause) => write!(f, "cannot listen on {address}: {cause}"),
            StartError::Database(Some(file), rusqlite::Error::InvalidQuery) => {
                write!(f, "{} is not a database of this sandbox version", file.display())
            }
            StartError::Database(Some(file), cause) => write!(f, "cannot open {}: {cause}", file.display()),
            StartError::Database(None, cause) => write!(f, "cannot open a database in memory: {cause}"),
            StartError::Thread(cause) => write!(f, "cannot start the server's thread: {cause}"),
        }
    }
}

impl std::error::Error for StartError {}

/// A running sandbox. Dropping it stops it.
pub struct Sandbox {
    url: String,
    /// Dropping the sender stops the server.
    running: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on its own thread. It accepts requests when this function returns.
    ///
    /// # Errors
    ///
    /// Fails if the address is not available, if the database cannot be opened, or if no thread can be started.
    pub fn start(options: Options) -> Result<Sandbox, StartError> {
        let listen_error = |cause| StartError::Listen(options.listen.clone(), cause);
        let (listeners, address) = options.listen.bind().map_err(listen_error)?;
        let url = format!("http://{address}");
        let mut store = Store::open(options.database.as_deref())
            .map_err(|cause| StartError::Database(options.database.clone(), cause))?;
        // One thread is enough: an operation is a few dozen microseconds of SQLite, and SQLite runs one write at a time.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Thread)?;
        let listeners: Vec<_> = {
            let _guard = runtime.enter();
            let listeners = listeners.into_iter().map(tokio::net::TcpListener::from_std);
            listeners.collect::<Result<_, _>>().map_err(listen_error)?
        };

        store.lifetime = i64::try_from(options.token_lifetime.as_millis()).unwrap_or(i64::MAX).max(1);
        let clock = store.clock.clone();
        let key = options.api_keys.first().map(String::as_str);
        let webhooks = options.webhook.map(|url| Arc::new(Webhooks::new(url, key, clock.clone())));
        if let Some(webhooks) = &webhooks {
            store.set_webhooks(webhooks.clone());
        }
        let faults = Arc::new(Faults::default());
        let checks = Arc::new(RequestChecks {
            api_keys: options.api_keys,
            request_limit: options.request_limit,
            requests: Default::default(),
            rate_limiter: options.rate_limit.map(RateLimiter::new),
            faults: faults.clone(),
            clock,
            webhooks: webhooks.clone(),
        });
        let vault = Arc::new(Vault { store, faults, webhooks: webhooks.clone(), url: url.clone() });
        let (running, mut stopped) = watch::channel(());
        let stop = async move { while stopped.changed().await.is_ok() {} };
        let router = routes::router(vault.clone(), checks);
        let run = async move {
            tokio::select! {
                () = serve::serve(listeners, router, stop) => {}
                () = vault.store.run_due_in_time() => {}
            }
            if let Some(webhooks) = webhooks {
                webhooks.finish().await;
            }
        };
        let thread = thread::Builder::new()
            .name("vault-sandbox".into())
            .spawn(move || {
                runtime.block_on(run);
                // A name look-up for a webhook can still be running.
                runtime.shutdown_background();
            })
            .map_err(StartError::Thread)?;
        Ok(Sandbox { url, running: Some(running), thread: Some(thread) })
    }

    /// Returns the value for a client's `server_url`: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops accepting connections, finishes the requests in progress, and closes the database.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            // If the server's thread panicked, it has printed the panic and is stopped already.
            let _ = thread.join();
        }
    }
}

/// Compiles and runs the Rust examples of README.md.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
