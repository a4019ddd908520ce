//! A peer: a program to run, or the reason why it is left out.

use std::path::PathBuf;
use std::process::Command;

/// The calls that are measured: one connection, and lists by their length.
pub const KINDS: [&str; 5] = ["get", "1", "10", "100", "1000"];

/// Calls for one connection that the server fails, by the status of the response. None is retried.
pub const ERRORS: [&str; 9] = ["400", "401", "402", "404", "422", "429", "500", "502", "503"];

pub fn is_error(kind: &str) -> bool {
    ERRORS.contains(&kind)
}

pub struct Peer {
    pub name: &'static str,
    pub language: &'static str,
    /// What it does with the body, in a few words.
    pub checks: &'static str,
    pub ours: bool,
    pub program: Result<Program, String>,
}

/// How to run a peer.
pub struct Program {
    pub call: Call,
    /// Runs one import or one first call.
    pub start: Option<Box<dyn Fn(&str) -> Command>>,
    /// The size of an installation, in bytes.
    pub installed: Option<u64>,
    /// A library that counts allocations when it is preloaded.
    pub counter: Option<PathBuf>,
}

/// Returns the command for a URL, a kind and a number of calls. It prints [`crate::measure::Figures`].
pub type Call = Box<dyn Fn(&str, &str, u32) -> Command>;

/// Returns how many calls one process makes: enough to be timed, few enough for many rounds.
pub fn count(kind: &str) -> u32 {
    match kind {
        "10" => 4000,
        "100" => 1000,
        "1000" => 100,
        error if is_error(error) => 2000,
        _ => 8000,
    }
}

/// A peer before it is prepared.
pub struct Entry {
    pub name: &'static str,
    pub language: &'static str,
    pub checks: &'static str,
    pub ours: bool,
    pub prepare: fn() -> Result<Program, String>,
}
