//! Manage Apideck Vault connections: which services a customer can connect, which are connected, their
//! settings and their OAuth state.
//!
//! One blocking core that takes and returns JSON text. C calls it through `include/apideck_vault.h`;
//! the Python and Go packages in `bindings/` call it through the same functions. What a call goes
//! through, in order:
//!
//! 1. `ffi`        C text in; one guard against panics; text out
//! 2. `handle`     the number of a client -> the client
//! 3. `client`     one call, from request text to response text
//! 4. `config`     what the client was made with, and what the request sets for itself (`options`: the keys as data,
//!    generated from `api/configuration.toml`; `key`: their kinds; `secret`: the texts that no message may contain;
//!    `server`: where to; `proxy`: through which proxy; `trust`: whose certificates)
//! 5. `operation`  the request's path, query and body, checked (`api`: the operations and types as data, generated
//!    from the description in `api/`; `schema`: the check of a value against a type; `object`: reading JSON)
//! 6. `transport`  over the wire, under the call's deadline and `cancel`lation (`wake`: how a wait ends)
//! 7. `retry`      once more, or not
//! 8. `envelope`   the answer, checked (`validate`), as text; or the `error`
//!
//! Each step emits an event to the client's callback (`event`). `fork` says why a child process may go on using
//! what its parent made. `os` holds every system call that the standard library does not offer.
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
//! The HTTP library below logs through the `log` crate; at its level `Trace`, which nothing but a Rust program can
//! switch on, that is every byte of a request, the API key included.

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

pub use cancel::Cancellation;
pub use client::{Client, Reply};
pub use error::{Failure, Status};
pub use operation::Operation;
