//! The rows of `scenarios.json`. What each field means is said in `README.md`.

use serde::Deserialize;
use serde_json::{Value, json};

/// What `{page}` stands for in a script: the response body of `plain-list`, 104 (hexadecimal 68) bytes.
pub const PAGE: &str = concat!(
    r#"{"status_code":200,"status":"OK","service":"unify","#,
    r#""resource":"connections","operation":"all","data":[]}"#
);

/// Every scenario, in the order of the file.
///
/// # Panics
///
/// If the table, which is compiled in, is not what this module describes.
pub fn table() -> Vec<Row> {
    serde_json::from_str(include_str!("../scenarios.json")).unwrap_or_else(|e| panic!("scenarios.json: {e}"))
}

/// One misbehaviour, and how a client must take it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Unique; lower-case words with hyphens.
    pub name: String,
    /// What the server does, in a line.
    pub what: String,
    /// The name of the operation: `connections.list`.
    pub operation: String,
    #[serde(default = "empty")]
    pub request: Value,
    /// Merged into the client's configuration.
    #[serde(default = "empty")]
    pub config: Value,
    /// How many calls one client makes, one after the other; all but the last must be `OK`.
    #[serde(default = "one")]
    pub calls: u32,
    /// Before each call but the first, wait until the server has closed every connection of the run.
    #[serde(default)]
    pub wait_for_close: bool,
    /// An unusual response, which other HTTP clients are asked to read as well; `tests/peers.rs` does that.
    pub peers: Option<Peers>,
    /// What each request leads to; the last entry serves all further ones.
    pub script: Vec<Vec<Action>>,
    pub expected: Expected,
}

/// How the other HTTP clients are to read a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    #[serde(default = "two_hundred")]
    pub status: u16,
    #[serde(default = "page")]
    pub body: String,
    /// Why this library refuses the response even though every other client accepts it.
    pub r#unsafe: Option<String>,
}

/// A step of a script.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Send(Content),
    Respond(Response),
    Drip(Drip),
    PauseMs(u64),
    /// Waits for so many bytes of whatever the client sends next.
    Read(usize),
    /// Ends the connection in order (FIN).
    Close,
    /// Ends it with an RST.
    Reset,
    /// Says nothing more until the client has gone.
    Hang,
    /// Leaves the connection to the next request, as the end of an entry does too.
    Keep,
}

/// A well-formed response. Its length and encodings are added to the head.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    #[serde(default = "ok")]
    pub status: String,
    #[serde(default = "application_json")]
    pub r#type: String,
    /// More lines of the head.
    #[serde(default)]
    pub headers: Vec<String>,
    pub body: Content,
}

/// Content, a few bytes at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drip {
    pub content: Content,
    #[serde(default = "one")]
    pub bytes: u32,
    pub every_ms: u64,
}

/// Bytes: a text, parts one after another, or something made.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Parts(Vec<Content>),
    Made {
        #[serde(flatten)]
        source: Source,
        #[serde(default)]
        gzip: bool,
        /// As chunks of so many bytes.
        chunked: Option<usize>,
        /// Without its last so many bytes (after gzip and chunks).
        #[serde(default)]
        cut: usize,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Text(String),
    Base64(String),
    Parts(Vec<Content>),
    /// A text, and how many times; `{n}` in it counts from 0.
    Repeat(String, usize),
}

/// How the last call must end, and how much the server may have seen of the run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The name of the status: `OK`, `INVALID_RESPONSE`.
    pub status: String,
    /// The HTTP status of the response, or null if the call ends without one.
    pub http_status: Option<u16>,
    /// Null as `http_status`.
    pub attempts: Option<u64>,
    /// How many whole requests the server has got, in all calls.
    pub requests: u64,
    #[serde(default)]
    pub min_ms: u64,
    pub max_ms: u64,
    /// Any, if not given.
    pub body: Option<BodyExpectation>,
    /// The least and the most; without it the key must not be there.
    pub retry_after_ms: Option<[u64; 2]>,
    /// Whether a failure says that the same call may succeed later; not asked if not given.
    pub retryable: Option<bool>,
    /// What each request of the run must be; any request, if not given.
    pub sent: Option<Sent>,
    #[serde(default)]
    pub message_contains: Vec<String>,
    /// Texts that must stand nowhere in the message.
    #[serde(default)]
    pub must_not_contain: Vec<String>,
}

/// A request as the server reads it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub method: String,
    /// With the query.
    pub path: String,
    /// Equal as JSON; if not given, there is no body.
    pub body: Option<Value>,
    /// Whether the request carries the consumer's id in a header.
    pub consumer: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyExpectation {
    /// Equal as JSON.
    Json(Value),
    /// The same bytes.
    Text(String),
    /// So many bytes of JSON text.
    Length(usize),
    /// A JSON string of at most 4 KiB that begins so.
    Starts(String),
    /// The envelope has no `body`, because no response was read.
    Absent,
}

fn empty() -> Value {
    json!({})
}

fn one() -> u32 {
    1
}

fn two_hundred() -> u16 {
    200
}

fn page() -> String {
    PAGE.into()
}

fn ok() -> String {
    "200 OK".into()
}

fn application_json() -> String {
    "application/json".into()
}
