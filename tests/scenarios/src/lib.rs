//! A server that misbehaves to order, and the table of what each misbehaviour must lead to.
//!
//! A client under test is given `server_url = BASE/s/<scenario>/<run>`; the server finds the scenario
//! in [`table`], plays its script, one entry a request, and keeps a record that
//! `GET BASE/count/<scenario>/<run>` shows. The same table is run through C, Python and Go; its format
//! is described in `README.md`.
//!
//! * `table.rs`    the rows of `scenarios.json`
//! * `content.rs`  what a script sends -> bytes
//! * `server.rs`   connections, requests, and who gets which script
//! * `play.rs`     a script on a socket
//! * `record.rs`   what came, for those who count

mod content;
mod play;
mod record;
mod server;
mod table;

pub use content::Surroundings;
pub use server::ScenarioServer;
pub use table::{Action, BodyExpectation, Content, Drip, Expected, PAGE, Peers, Response, Row, Sent, Source, table};
