//! This library beside every peer, in one run: `cargo bench --bench peers`.
//!
//! What is measured is started from here, one process after the other, in rounds; docs/performance.md
//! says how, and what came out. In the order of a run:
//!
//! * `peers`    who is compared, and how they are prepared (`native`, `python`, `go`)
//! * `server`   what they all talk to
//! * `rounds`   the measurements (`measure`; `rust_client` is what is measured of Rust)
//! * `report`   the tables

mod go;
mod measure;
mod native;
mod peers;
mod python;
mod report;
mod rounds;
mod rust_client;
mod server;

use std::process::ExitCode;

const USAGE: &str = "\
cargo bench --bench peers -- [OPTIONS]

  --only NAME[,NAME]  these peers alone, by name or language: C, Rust, Python, Go, httpx, ...
  --rounds N          how often each is measured (5)
";

struct Options {
    only: Vec<String>,
    rounds: u32,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["server"] => server::serve().map_err(|error| error.to_string()),
        ["client", url, kind, count] => client(url, kind, count),
        _ => options(&words).and_then(run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn options(words: &[&str]) -> Result<Options, String> {
    let mut options = Options { only: Vec::new(), rounds: 5 };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
        match *word {
            "--bench" => {} // cargo says so
            "--only" => options.only = value()?.split(',').map(String::from).collect(),
            "--rounds" => options.rounds = value()?.parse().map_err(|_| format!("--rounds N\n\n{USAGE}"))?,
            _ => return Err(format!("{word}: unknown\n\n{USAGE}")),
        }
    }
    Ok(options)
}

fn client(url: &str, kind: &str, count: &str) -> Result<(), String> {
    let count = count.parse().map_err(|_| format!("{count}: not a number"))?;
    if let Some(figures) = rust_client::run(url, kind, count) {
        println!("{}", serde_json::to_string(&figures).map_err(|error| error.to_string())?);
    }
    Ok(())
}

fn run(options: Options) -> Result<(), String> {
    let peers = peers::prepare(&options.only);
    let server = server::Server::start().map_err(|error| format!("the server does not start: {error}"))?;
    let rows = rounds::measure(peers, &server.url, options.rounds);
    print!("{}", report::peers(&rows));
    let json = serde_json::to_string_pretty(&rows).map_err(|error| error.to_string())?;
    let path = native::folder("")?.with_file_name("peers.json");
    std::fs::write(&path, json).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(())
}
