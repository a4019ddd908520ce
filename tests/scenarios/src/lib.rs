//! A server with scripted behaviour, and the table of the results that clients must return.
//!
//! A client under test has `server_url = BASE/s/<scenario>/<run>`. The server finds the scenario in [`table`], plays
//! one entry of its script for each request, and keeps a record that `GET BASE/count/<scenario>/<run>` returns. The
//! tests of C, Python and Go run the same table. `README.md` documents its format.
//!
//! * `table.rs` reads the rows of `scenarios.json`.
//! * `content.rs` converts the content of a script to bytes.
//! * `server.rs` accepts connections, reads requests and finds their scripts.
//! * `play.rs` plays a script on a socket.
//! * `record.rs` records the requests.

mod content;
mod play;
mod record;
mod server;
mod table;

pub use content::Surroundings;
pub use server::ScenarioServer;
pub use table::{Action, BodyExpectation, Content, Drip, Expected, PAGE, Peers, Response, Row, Sent, Source, table};
