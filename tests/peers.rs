//! Unusual responses, as other HTTP clients read them: curl, CPython's `http.client`, httpx and Go's `net/http`.
//!
//! Each of them reads the rows of the scenario table that have a `peers` key. `tests/data/peers.json` records which
//! client accepts which row. This library must accept a row that all of them accept, unless the row has a reason why
//! that is unsafe. `tests/scenarios.rs` and the tests of the bindings check how this library reads each row.
//!
//! If a tool is missing, the test prints a line and passes. In CI it fails. `UPDATE_PEERS=1 cargo test --test peers`
//! updates the record after a row is added or a peer is updated.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use apideck_vault_scenarios::{Row, ScenarioServer, table};
use serde::{Deserialize, Serialize};
use serde_json::json;
use support::{c, print_line, python, root, skip};

const HOW_TO_UPDATE: &str = "UPDATE_PEERS=1 cargo test --test peers";
const END_OF_RESPONSE: &str = "-- end of response";
const PEERS: [&str; 4] = ["curl", "cpython", "httpx", "net/http"];

/// The rows that each peer accepts.
type Accepted = BTreeMap<&'static str, BTreeSet<String>>;

/// The recorded results, and the versions of the peers that they belong to.
#[derive(Deserialize, Serialize)]
struct Record {
    versions: BTreeMap<String, String>,
    accepted_by: BTreeMap<String, Vec<String>>,
}

impl Record {
    fn path() -> PathBuf {
        root().join("tests/data/peers.json")
    }

    fn read() -> Record {
        let text =
            std::fs::read_to_string(Record::path()).unwrap_or_else(|e| panic!("{e}: make it with {HOW_TO_UPDATE}"));
        serde_json::from_str(&text).expect("the record is JSON")
    }

    fn accepts(&self, peer: &str, row: &str) -> bool {
        self.accepted_by.get(row).is_some_and(|peers| peers.iter().any(|known| known == peer))
    }
}

/// What a peer read in the calls of a row.
#[derive(Deserialize)]
struct Outcome {
    name: String,
    #[serde(default)]
    responses: Vec<Response>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    body: String,
}

fn rows() -> Vec<Row> {
    table().into_iter().filter(|row| row.peers.is_some()).collect()
}

fn is_refused_here(row: &Row) -> bool {
    ["INVALID_RESPONSE", "CONNECTION", "TIMEOUT"].contains(&row.expected.status.as_str())
}

/// Fails if this library refuses a row that every peer accepts according to `accepts`.
fn check(rows: &[Row], accepts: impl Fn(&str, &str) -> bool) {
    for row in rows {
        let all = PEERS.iter().all(|peer| accepts(peer, &row.name));
        let reason = row.peers.as_ref().and_then(|peers| peers.r#unsafe.as_deref());
        let refused = is_refused_here(row);
        assert!(!all || !refused || reason.is_some(), "{}: every peer accepts it, this library does not", row.name);
        assert!(reason.is_none() || (all && refused), "{}: nothing to excuse: {reason:?}", row.name);
    }
}

#[test]
fn every_response_that_all_peers_accept_is_accepted_here_too() {
    if std::env::var_os("UPDATE_PEERS").is_some() {
        return; // the other test makes the record and checks it
    }
    let (rows, record) = (rows(), Record::read());
    assert!(rows.len() >= 60, "{} rows", rows.len());
    let named: BTreeSet<&String> = rows.iter().map(|row| &row.name).collect();
    assert_eq!(record.accepted_by.keys().collect::<BTreeSet<_>>(), named, "the record is stale: {HOW_TO_UPDATE}");
    check(&rows, |peer, row| record.accepts(peer, row));
}

#[test]
fn the_record_is_the_behaviour_of_the_peers() {
    if !c::is_installed("curl") || !c::is_installed("go") {
        return skip("no curl or no go in PATH", "unusual responses are not played to other clients");
    }
    let Some(python) = python::interpreter("unusual responses are not played to other clients") else { return };
    let version = |command: &mut Command, word: usize| {
        let text = c::run(command);
        text.split_whitespace().nth(word).expect("a version").to_string()
    };
    let script = root().join("tests/peers/peers.py");
    let versions: BTreeMap<String, String> = [
        ("curl", version(c::command("curl").arg("--version"), 1)),
        ("cpython", version(Command::new(python).arg("--version"), 1)),
        ("httpx", version(Command::new(python).args(["-c", "import httpx; print(httpx.__version__)"]), 0)),
        ("net/http", version(c::command("go").arg("version"), 2)),
    ]
    .map(|(peer, version)| (peer.to_string(), version))
    .into();

    let (server, rows) = (ScenarioServer::start().expect("a scenario server"), rows());
    let mut accepted = Accepted::new();
    for peer in PEERS {
        let mut command = match peer {
            "curl" => {
                accepted.insert(peer, with_curl(&rows, server.url()));
                continue;
            }
            "net/http" => c::command("go"),
            _ => Command::new(python),
        };
        match peer {
            "net/http" => command.args(["run", "tests/peers/nethttp.go"]).current_dir(root()),
            _ => command.arg(&script).arg(peer),
        };
        accepted.insert(peer, with_program(&mut command, peer, &rows, server.url()));
    }

    if std::env::var_os("UPDATE_PEERS").is_some() {
        let accepting = |row: &Row| -> Vec<String> {
            PEERS.iter().filter(|peer| accepted[*peer].contains(&row.name)).map(ToString::to_string).collect()
        };
        let accepted_by = rows.iter().map(|row| (row.name.clone(), accepting(row))).collect();
        std::fs::write(Record::path(), Record { versions, accepted_by }.text()).expect("tests/data can be written to");
        return check(&rows, |peer, row| accepted[peer].contains(row));
    }
    check(&rows, |peer, row| accepted[peer].contains(row));
    let record = Record::read();
    for row in &rows {
        for peer in PEERS {
            let (now, then) = (accepted[peer].contains(&row.name), record.accepts(peer, &row.name));
            if now == then {
                continue;
            }
            let (name, version) = (&row.name, &versions[peer]);
            let differs = format!("{name}: {peer} {version} accepts it: {now}, on record: {then} ({HOW_TO_UPDATE})");
            // Another version of a peer may read differently, which is not an error of this library.
            assert!(record.versions.get(peer) != Some(version), "{differs}");
            print_line(&differs);
        }
    }
}

impl Record {
    /// The record as JSON, one line for each row.
    fn text(&self) -> String {
        let lines: Vec<String> =
            self.accepted_by.iter().map(|(row, peers)| format!("    {}: {}", json!(row), json!(peers))).collect();
        let versions = json!(self.versions);
        format!("{{\n  \"versions\": {versions},\n  \"accepted_by\": {{\n{}\n  }}\n}}\n", lines.join(",\n"))
    }
}

fn method(row: &Row) -> &'static str {
    match row.operation.as_str() {
        "connections.delete" => "DELETE",
        "connections.update" => "PATCH",
        "connections.imports" | "connections.token" => "POST",
        _ => "GET",
    }
}

fn url(row: &Row, peer: &str, server: &str) -> String {
    let run = peer.replace('/', "-");
    format!("{server}/s/{}/peer-{run}/vault/connections", row.name)
}

/// Returns whether a peer read the status and every byte of the body of every response of the row.
///
/// One response is not enough. A client that misreads the end of a response may still read the next one correctly,
/// depending on how the bytes arrive.
fn accepts(peer: &str, row: &Row, outcome: &Outcome) -> bool {
    let statuses: Vec<u16> = outcome.responses.iter().map(|response| response.status).collect();
    println!("{peer} {}: {statuses:?} {}", row.name, outcome.error.as_deref().unwrap_or_default());
    let Some(peers) = &row.peers else { return false };
    outcome.error.is_none()
        && outcome.responses.len() == row.calls as usize
        && outcome.responses.iter().all(|response| response.status == peers.status && response.body == peers.body)
}

/// Reads the rows with a program of `tests/peers`.
fn with_program(command: &mut Command, peer: &str, rows: &[Row], server: &str) -> BTreeSet<String> {
    let requests: Vec<_> = rows
        .iter()
        .map(|row| json!({"name": row.name, "method": method(row), "url": url(row, peer, server), "calls": row.calls}))
        .collect();
    let mut child = command
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{peer}: {e}"));
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(json!(requests).to_string().as_bytes()).expect("the program reads its requests");
    drop(input);
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{peer}: {}", output.status);
    let outcomes: Vec<Outcome> = serde_json::from_slice(&output.stdout).expect("the program writes JSON");
    assert_eq!(outcomes.len(), rows.len(), "{peer}");
    let accepted = |(row, outcome): (&Row, &Outcome)| {
        assert_eq!(row.name, outcome.name);
        accepts(peer, row, outcome).then(|| row.name.clone())
    };
    rows.iter().zip(&outcomes).filter_map(accepted).collect()
}

/// Reads the rows with curl, in one process for each.
fn with_curl(rows: &[Row], server: &str) -> BTreeSet<String> {
    let (accepted, next) = (Mutex::new(BTreeSet::new()), AtomicUsize::new(0));
    let play = || {
        while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
            let url = url(row, "curl", server);
            let mut curl = c::command("curl");
            curl.args(["--disable", "--silent", "--show-error", "--fail-early", "--max-time", "20", "--noproxy", "*"]);
            // Each response is written as its body, a line with its status, and a line that ends it.
            curl.args(["--request", method(row), "--write-out", &format!("\n%{{http_code}}\n{END_OF_RESPONSE}\n")]);
            curl.args((0..row.calls).map(|_| &url));
            let output = curl.output().expect("curl runs");
            let text = String::from_utf8_lossy(&output.stdout);
            let response = |written: &str| {
                let (body, status) = written.trim_end().rsplit_once('\n').expect("a status follows the body");
                Response { status: status.parse().expect("a status is a number"), body: body.to_string() }
            };
            let responses = text.split_terminator(&format!("{END_OF_RESPONSE}\n")).map(response).collect();
            let error = String::from_utf8_lossy(&output.stderr).lines().next().map(str::to_string);
            let error = error.filter(|_| !output.status.success());
            if accepts("curl", row, &Outcome { name: row.name.clone(), responses, error }) {
                accepted.lock().expect("not poisoned").insert(row.name.clone());
            }
        }
    };
    thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(play))));
    accepted.into_inner().expect("not poisoned")
}
