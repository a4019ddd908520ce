//! Manages Apideck Vault connections: the services that a customer can connect, the connected ones, their settings and
//! their OAuth state.
//!
//! The core is blocking, and takes and returns JSON text. C programs call it through `include/apideck_vault.h`. The
//! Python and Go packages in `bindings/` call the same functions. A call passes these modules, in this order:
//!
//! 1. `ffi` converts C strings, and turns a panic into a status.
//! 2. `handle` finds the client that a handle names.
//! 3. `client` makes one call, from the request text to the response text.
//! 4. `config` has the client's configuration and the settings that a request overrides. `options` has the keys as
//!    data, generated from `api/configuration.toml`, and `key` their kinds. `secret` has the texts that no message may
//!    contain. `server`, `proxy` and `trust` read the server, the proxy and the trusted certificates.
//! 5. `operation` checks the request and builds its path, query and body. `api` has the operations and types as data,
//!    generated from the description in `api/`. `schema` checks a value against a type. `object` reads JSON.
//! 6. `transport` sends the request and reads the response, until the call's deadline or its cancellation (`cancel`,
//!    `wake`).
//! 7. `retry` decides whether another attempt follows.
//! 8. `envelope` writes the text for the caller from the response, which `validate` checks, or from the `error`.
//!
//! Three modules are beside this path. `health` reports what a connection of a response needs. `webhook` checks and makes
//! the signatures of webhooks. `pointer` reads JSON for C programs.
//!
//! Each step emits an event to the client's callback (`event`). `fork` documents how a child process can use the
//! objects of its parent. `os` has every system call that the standard library does not offer.
//!
//! From Rust:
//!
//! ```no_run
//! use apideck_vault::{Client, Operation, Status};
//!
//! let client = Client::new(r#"{"api_key":"…","app_id":"…","consumer_id":"…"}"#).map_err(|f| f.message)?;
//! let reply = client.call(Operation::CONNECTIONS_LIST, r#"{"api":"crm"}"#, None);
//! assert_eq!(reply.status, Status::Ok);
//! println!("{}", reply.json());
//! # Ok::<(), String>(())
//! ```
//!
//! The HTTP library logs through the `log` crate. At the level `Trace`, it logs every byte of a request, including the
//! API key. Only a Rust program can enable that level.

#![deny(unsafe_code)]

mod api;
mod cancel;
mod client;
mod config;
mod envelope;
mod error;
mod event;
pub mod ffi;
mod fork;
mod handle;
mod health;
mod key;
mod object;
mod operation;
mod options;
mod os;
mod pointer;
mod proxy;
mod retry;
mod schema;
mod secret;
mod server;
mod status;
mod sync;
mod transport;
mod trust;
mod validate;
mod wake;
pub mod webhook;

pub use cancel::Cancellation;
pub use client::{Client, Reply};
pub use error::{Failure, Status};
pub use health::{HealthAction, HealthReport};
pub use operation::Operation;
