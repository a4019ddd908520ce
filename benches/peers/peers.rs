//! Who is compared: each peer as a program to run, or the reason why it is left out.

use std::path::PathBuf;
use std::process::Command;

use crate::{go, native, python};

/// The calls that are measured: one connection, and lists by their length.
pub const KINDS: [&str; 5] = ["get", "1", "10", "100", "1000"];

/// And one connection that the server answers with an error, by its status. None is retried.
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
    /// Runs to the end of starting: an import, or a first call.
    pub start: Option<Box<dyn Fn(&str) -> Command>>,
    /// What an installation takes, in bytes.
    pub installed: Option<u64>,
    /// Counts the heap when this is preloaded.
    pub counter: Option<PathBuf>,
}

/// The command that measures so many calls of a kind at a URL, and prints [`crate::measure::Figures`].
pub type Call = Box<dyn Fn(&str, &str, u32) -> Command>;

/// How many calls one process makes: enough to be timed, few enough for many rounds.
pub fn count(kind: &str) -> u32 {
    match kind {
        "10" => 4000,
        "100" => 1000,
        "1000" => 100,
        error if is_error(error) => 2000,
        _ => 8000,
    }
}

/// Prepares the peers whose name or language is in `only` (all, if that is empty).
pub fn prepare(only: &[String]) -> Vec<Peer> {
    let wanted = |name: &str, language: &str| {
        only.is_empty() || only.iter().any(|one| one.eq_ignore_ascii_case(name) || one.eq_ignore_ascii_case(language))
    };
    let all = native::PEERS.iter().chain(&python::PEERS).chain(&go::PEERS);
    all.filter(|peer| wanted(peer.name, peer.language))
        .map(|peer| {
            eprintln!("preparing {} ({})", peer.name, peer.language);
            let Entry { name, language, checks, ours, prepare } = *peer;
            Peer { name, language, checks, ours, program: prepare() }
        })
        .collect()
}

/// A peer before it is prepared.
pub struct Entry {
    pub name: &'static str,
    pub language: &'static str,
    pub checks: &'static str,
    pub ours: bool,
    pub prepare: fn() -> Result<Program, String>,
}
