//! All peers, all kinds of calls, round after round.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Serialize;

use crate::measure::{Figures, Spread, duration_ms, figures};
use crate::peer::{ERRORS, KINDS, Peer, Program, count};

/// The results of one peer.
#[derive(Serialize)]
pub struct Row {
    pub peer: &'static str,
    pub language: &'static str,
    pub checks: &'static str,
    pub ours: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<String>,
    /// From starting the process to the end of an import or of the first call.
    pub start_ms: Option<Spread>,
    pub installed_bytes: Option<u64>,
    pub kinds: BTreeMap<&'static str, Cell>,
}

/// The results of one peer for one kind of call.
#[derive(Clone, Copy, Serialize)]
pub struct Cell {
    pub wall_us: Spread,
    pub cpu_us: Spread,
    pub peak_kb: Spread,
    pub allocations: Option<f64>,
    pub bytes: Option<f64>,
}

/// Measures every peer once per round, so that a busy moment of the machine affects all of them.
pub fn measure(peers: Vec<Peer>, url: &str, rounds: u32) -> Vec<Row> {
    let mut taken: Vec<Taken> = peers.into_iter().map(Taken::new).collect();
    let kinds = || KINDS.into_iter().chain(ERRORS);
    for round in 1..=rounds {
        for kind in kinds() {
            eprintln!("round {round} of {rounds}: {kind}");
            for one in &mut taken {
                one.step(|program, taken| {
                    let measured = figures(&mut (program.call)(url, kind, count(kind)))?;
                    taken.kinds.entry(kind).or_default().push(measured);
                    Ok(())
                });
            }
        }
        for one in &mut taken {
            one.step(|program, taken| {
                if let Some(start) = &program.start {
                    taken.starts.push(duration_ms(&mut start(url))?);
                }
                Ok(())
            });
        }
    }
    for kind in kinds() {
        for one in &mut taken {
            one.step(|program, taken| {
                if let Some(counter) = &program.counter {
                    let counted = figures(counted(&mut (program.call)(url, kind, 50), counter))?;
                    taken.counts.insert(kind, counted);
                }
                Ok(())
            });
        }
    }
    taken.into_iter().map(Taken::row).collect()
}

/// `PYTHONMALLOC` makes Python request every object from the C heap.
fn counted<'a>(command: &'a mut Command, counter: &std::path::Path) -> &'a mut Command {
    command.env("LD_PRELOAD", counter).env("PYTHONMALLOC", "malloc")
}

/// A peer with its measurements so far.
struct Taken {
    peer: Peer,
    figures: Measured,
}

#[derive(Default)]
struct Measured {
    kinds: BTreeMap<&'static str, Vec<Figures>>,
    counts: BTreeMap<&'static str, Figures>,
    starts: Vec<f64>,
}

impl Taken {
    fn new(peer: Peer) -> Taken {
        if let Err(reason) = &peer.program {
            eprintln!("left out: {} ({}): {reason}", peer.name, peer.language);
        }
        Taken { peer, figures: Measured::default() }
    }

    /// Runs `step` unless the peer is left out. A peer whose step fails is left out from then on.
    fn step(&mut self, step: impl FnOnce(&Program, &mut Measured) -> Result<(), String>) {
        if let Ok(program) = &self.peer.program
            && let Err(reason) = step(program, &mut self.figures)
        {
            eprintln!("left out: {} ({}): {reason}", self.peer.name, self.peer.language);
            self.peer.program = Err(reason);
        }
    }

    fn row(self) -> Row {
        let Taken { peer, figures } = self;
        let installed_bytes = peer.program.as_ref().ok().and_then(|program| program.installed);
        let skip = peer.program.err();
        let cells = figures.kinds.iter().filter_map(|(kind, taken)| {
            let counted = figures.counts.get(kind).or(taken.last());
            let spread = |of: fn(&Figures) -> f64| Spread::of(taken.iter().map(of));
            let cell = Cell {
                wall_us: spread(|figures| figures.wall_us)?,
                cpu_us: spread(|figures| figures.cpu_us)?,
                peak_kb: spread(|figures| figures.peak_kb)?,
                allocations: counted.and_then(|counted| counted.allocations),
                bytes: counted.and_then(|counted| counted.bytes),
            };
            Some((*kind, cell))
        });
        Row {
            peer: peer.name,
            language: peer.language,
            checks: peer.checks,
            ours: peer.ours,
            kinds: if skip.is_none() { cells.collect() } else { BTreeMap::new() },
            skip,
            start_ms: Spread::of(figures.starts),
            installed_bytes,
        }
    }
}
