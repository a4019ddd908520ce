//! Instructions per call, counted under callgrind: unlike times, they are the same on a busy machine.
//!
//! `tests/data/instructions.json` has the recorded figures, and none may grow by more than 5 %. The figures depend on
//! the compiler. With a compiler that has no record, this test fails only in CI.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use support::c::{self, run};
use support::server::{Server, respond};
use support::{print_line, root, skip};

/// The largest factor between a figure and the recorded one.
const GROWTH: f64 = 1.05;

/// The kinds of calls of benches/c/vault.c, and the number of calls of each.
const KINDS: [(&str, u32); 4] = [("get", 100), ("100", 30), ("refused", 300), ("client", 100)];

const HOW_TO_UPDATE: &str = "UPDATE_INSTRUCTIONS=1 cargo test --test instructions";

/// The committed figures, and the compiler they belong to.
#[derive(Deserialize, Serialize)]
struct Kept {
    rustc: String,
    instructions_per_call: BTreeMap<String, u64>,
}

#[test]
fn no_call_takes_five_percent_more_instructions_than_are_on_record() {
    if !c::is_installed("valgrind") {
        return skip("no valgrind in PATH", "instructions are not counted");
    }
    let rustc = run(c::command("rustc").arg("--version")).trim().to_string();
    let program = program(&library());
    let server = server();
    let counted: BTreeMap<String, u64> = KINDS
        .iter()
        .map(|(kind, count)| ((*kind).to_string(), per_call(&program, &server.url(), kind, *count)))
        .collect();

    let path = root().join("tests/data/instructions.json");
    if std::env::var_os("UPDATE_INSTRUCTIONS").is_some() {
        let kept = Kept { rustc, instructions_per_call: counted };
        let text = serde_json::to_string_pretty(&kept).expect("figures are JSON") + "\n";
        std::fs::write(&path, text).expect("tests/data can be written to");
        return;
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{e}: make it with {HOW_TO_UPDATE}"));
    let kept: Kept = serde_json::from_str(&text).expect("the figures on record are JSON");
    for (kind, counted) in &counted {
        let before = kept.instructions_per_call.get(kind).copied().unwrap_or(0);
        println!("{kind}: {counted} instructions, {before} on record");
        if *counted as f64 <= before as f64 * GROWTH {
            continue;
        }
        let grown = format!("{kind}: {counted} instructions, {before} on record with {}; this is {rustc}", kept.rustc);
        let comparable = kept.rustc == rustc || std::env::var_os("CI").is_some();
        assert!(!comparable, "{grown}. If that is meant, or the compiler's doing: {HOW_TO_UPDATE}");
        print_line(&grown);
    }
}

/// Builds the library as it is installed, and returns its folder. It is optimized, and without an rlib, which prevents
/// LTO.
fn library() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["rustc", "--release", "--locked", "--quiet", "--package", "apideck-vault", "--lib"]);
    run(cargo.args(["--crate-type", "cdylib", "--target-dir"]).arg(&target).current_dir(root()));
    target.join("release")
}

fn program(library: &Path) -> PathBuf {
    let out = library.join("vault-instructions");
    run(c::command("cc")
        .args(["-std=c99", "-D_GNU_SOURCE", "-O2", "-I"])
        .arg(root().join("include"))
        .arg(root().join("benches/c/vault.c"))
        .arg("-o")
        .arg(&out)
        .arg(library.join("libapideck_vault.so"))
        .arg(format!("-Wl,-rpath,{}", library.display())));
    out
}

/// Starts a server that sends one connection, or a list of 100, of the size that Vault sends.
fn server() -> Server {
    let connection: String = include_str!("../benches/peers/connection.json").lines().map(str::trim_start).collect();
    let body = |data: &str| format!(r#"{{"status_code":200,"status":"OK","data":{data}}}"#);
    let one = body(&connection);
    let list = body(&format!("[{}]", vec![connection; 100].join(",")));
    Server::start(move |request, stream| {
        let body = if request.path.contains("api=100") { &list } else { &one };
        respond(stream, "200 OK", "", body.as_bytes())
    })
}

/// Counts the instructions of a run and of one with twice as many calls. The difference belongs to the calls alone.
fn per_call(program: &Path, url: &str, kind: &str, count: u32) -> u64 {
    // The program makes a tenth more calls, and one, to warm up.
    let calls = |count: u32| u64::from(count + count / 10 + 1);
    let total = |count: u32| {
        let out = program.with_extension(format!("{kind}-{count}"));
        let mut valgrind = c::command("valgrind");
        // A client reads all certificates that these variables name.
        valgrind.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
        valgrind.args(["-q", "--tool=callgrind"]).arg(format!("--callgrind-out-file={}", out.display()));
        run(valgrind.arg(program).args([url, kind, &count.to_string()]).env_remove("LD_PRELOAD"));
        let profile = std::fs::read_to_string(&out).expect("callgrind leaves a profile");
        let line = profile.lines().find_map(|line| line.strip_prefix("totals: ")).expect("with the sum in it");
        line.trim().parse::<u64>().expect("which is a number")
    };
    (total(2 * count) - total(count)) / (calls(2 * count) - calls(count))
}
