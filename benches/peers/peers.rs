//! Every peer, prepared to run.

use crate::peer::{Entry, Peer};
use crate::{go, native, python};

/// Prepares the peers whose name or language is in `only`, or every peer if `only` is empty.
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
