//! This library beside every peer, in one run: `cargo bench --bench peers`.
//!
//! What is measured is started from here, one process after the other, in rounds; docs/performance.md
//! says how, and what came out. In the order of a run:
//!
//! * `peers`    who is compared, and how they are prepared (`native`, `python`, `go`)
//! * `server`   what they all talk to
//! * `rounds`   the measurements (`measure`; `rust_client` is what is measured of Rust)
//! * `scale`    how cost grows with threads, clients and calls
//! * `report`   the tables; `picture`: the picture

mod go;
mod measure;
mod native;
mod peers;
mod picture;
mod python;
mod report;
mod rounds;
mod rust_client;
mod scale;
mod server;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
cargo bench --bench peers -- [OPTIONS]

  --only NAME[,NAME]  these peers alone, by name or language: C, Rust, Python, Go, httpx, ...
  --rounds N          how often each is measured (5)
  --scale             how cost grows with threads, tasks, clients and earlier calls, too
  --long              with a million earlier calls instead of a hundred thousand
  --write             puts tables and picture into docs/ and the READMEs; measures scale, too
";

/// Between these, a page is what this program printed.
const BEGIN: &str = "<!-- measured -->\n";
const END: &str = "<!-- end of measured -->";

struct Options {
    only: Vec<String>,
    rounds: u32,
    scale: bool,
    long: bool,
    write: bool,
}

/// What a run leaves in target/peers.json.
#[derive(serde::Serialize)]
struct Results {
    peers: Vec<rounds::Row>,
    scale: Option<scale::Scale>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["server"] => server::serve().map_err(|error| error.to_string()),
        ["client", url, kind, count] => client(url, kind, count),
        ["scale", what, url, number] => scale::child(what, url, number),
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
    let mut options = Options { only: Vec::new(), rounds: 5, scale: false, long: false, write: false };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
        match *word {
            "--bench" => {} // cargo says so
            "--only" => options.only = value()?.split(',').map(String::from).collect(),
            "--rounds" => options.rounds = value()?.parse().map_err(|_| format!("--rounds N\n\n{USAGE}"))?,
            "--scale" => options.scale = true,
            "--long" => (options.scale, options.long) = (true, true),
            "--write" => (options.scale, options.write) = (true, true),
            _ => return Err(format!("{word}: unknown\n\n{USAGE}")),
        }
    }
    if options.write && !options.only.is_empty() {
        return Err(format!("--write is about every peer, --only about some\n\n{USAGE}"));
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
    allow_connections();
    let peers = peers::prepare(&options.only);
    let server = server::Server::start().map_err(|error| format!("the server does not start: {error}"))?;
    let rows = rounds::measure(peers, &server.url, options.rounds);
    let scale = options.scale.then(|| scale::measure(&server.url, options.long)).transpose()?;
    let tables = report::peers(&rows) + &scale.as_ref().map(scale::tables).unwrap_or_default();
    println!("{tables}");

    if options.write {
        write(&native::root().join("docs/performance.svg"), &picture::draw(&rows))?;
        replace("docs/performance.md", &tables)?;
        replace("README.md", &report::summary(&rows, None))?;
        replace("bindings/python/README.md", &report::summary(&rows, Some("Python")))?;
        replace("bindings/go/README.md", &report::summary(&rows, Some("Go")))?;
    }
    let results = Results { peers: rows, scale };
    let json = serde_json::to_string_pretty(&results).map_err(|error| error.to_string())?;
    write(&native::folder("")?.with_file_name("peers.json"), &json)
}

/// Puts tables where a page has those of an earlier run.
fn replace(page: &str, tables: &str) -> Result<(), String> {
    let path = native::root().join(page);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{page}: {error}"))?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("{page}: the markers are gone"))?;
    write(&path, &format!("{before}{BEGIN}\n{}\n\n{END}{after}", tables.trim_end()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Lets this process and those it starts have ten thousand connections, if the system does.
fn allow_connections() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls get a pointer to a limit of our own.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max;
            libc::setrlimit(libc::RLIMIT_NOFILE, &limit);
        }
    }
}
