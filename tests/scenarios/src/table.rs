//! The rows of `scenarios.json`. `README.md` documents each field.

use serde::Deserialize;
use serde_json::{Value, json};

/// The value of `{page}` in a script: the response body of `plain-list`, 104 (hexadecimal 68) bytes.
pub const PAGE: &str = concat!(
    r#"{"status_code":200,"status":"OK","service":"unify","#,
    r#""resource":"connections","operation":"all","data":[]}"#
);

/// Returns every scenario, in the order of the file.
///
/// # Panics
///
/// Panics if the table, which is compiled in, does not have the types of this module.
pub fn table() -> Vec<Row> {
    serde_json::from_str(include_str!("../scenarios.json")).unwrap_or_else(|e| panic!("scenarios.json: {e}"))
}

/// A scenario: the behaviour of the server, and the result that a client must return.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Unique; lower-case words with hyphens.
    pub name: String,
    /// The behaviour of the server, in one line.
    pub what: String,
    /// The name of the operation: `connections.list`.
    pub operation: String,
    #[serde(default = "empty")]
    pub request: Value,
    /// Merged into the client's configuration.
    #[serde(default = "empty")]
    pub config: Value,
    /// The number of calls that one client makes, one after the other. All except the last must be `OK`.
    #[serde(default = "one")]
    pub calls: u32,
    /// Whether to wait, before each call except the first, until the server has closed every connection of the run.
    #[serde(default)]
    pub wait_for_close: bool,
    /// Marks an unusual response. `tests/peers.rs` reads it with other HTTP clients too.
    pub peers: Option<Peers>,
    /// An entry for each request. The last entry is used for all further requests.
    pub script: Vec<Vec<Action>>,
    pub expected: Expected,
}

/// How other HTTP clients must read a row.
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
    /// Waits for this number of bytes from the client.
    Read(usize),
    /// Closes the connection (FIN).
    Close,
    /// Resets the connection (RST).
    Reset,
    /// Sends nothing until the client closes the connection.
    Hang,
    /// Leaves the connection open for the next request, as the end of an entry does.
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
    /// Additional lines of the head.
    #[serde(default)]
    pub headers: Vec<String>,
    pub body: Content,
}

/// Content that is sent a few bytes at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drip {
    pub content: Content,
    #[serde(default = "one")]
    pub bytes: u32,
    pub every_ms: u64,
}

/// Bytes: a text, a list of parts, or content that is built from a source.
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
        /// The size of the chunks, if the content is chunked.
        chunked: Option<usize>,
        /// The number of bytes that are cut from the end, after gzip and chunks.
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
    /// A text and the number of its repetitions. `{n}` in the text counts from 0.
    Repeat(String, usize),
}

/// The result of the last call, and the requests that the server must get.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The name of the status: `OK`, `INVALID_RESPONSE`.
    pub status: String,
    /// The HTTP status of the response, or null if the call ends without one.
    pub http_status: Option<u16>,
    /// The number of attempts. Null if `http_status` is null.
    pub attempts: Option<u64>,
    /// The number of complete requests that the server has read, in all calls.
    pub requests: u64,
    #[serde(default)]
    pub min_ms: u64,
    pub max_ms: u64,
    /// The body. Not checked if absent.
    pub body: Option<BodyExpectation>,
    /// The least and the largest value. If absent, the envelope must not have the key.
    pub retry_after_ms: Option<[u64; 2]>,
    /// The value of `retryable` in a failure. Not checked if absent.
    pub retryable: Option<bool>,
    /// The content of each request of the run. Not checked if absent.
    pub sent: Option<Sent>,
    #[serde(default)]
    pub message_contains: Vec<String>,
    /// Texts that the message must not contain.
    #[serde(default)]
    pub must_not_contain: Vec<String>,
}

/// A request as the server reads it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The body as JSON. If absent, the request must have no body.
    pub body: Option<Value>,
    /// Whether the request has a header with the consumer's id.
    pub consumer: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyExpectation {
    /// Equal as JSON.
    Json(Value),
    /// The same bytes.
    Text(String),
    /// The number of bytes of the JSON text.
    Length(usize),
    /// A JSON string of at most 4 KiB that begins with this text.
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
