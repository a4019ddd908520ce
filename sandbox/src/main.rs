//! The program: parses the command line, runs a sandbox, and stops it on a signal.

use apideck_vault_sandbox::{Options, Sandbox};
use clap::Parser;
use clap::builder::NonEmptyStringValueParser;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A local Apideck Vault that keeps state, for tests and demonstrations without an account.
///
/// When it accepts requests, it prints one line: `listening on http://ADDRESS:PORT`. Set the client's server URL to
/// that address, or open it in a browser to see the integrations. SIGTERM or Ctrl-C stops the program.
#[derive(Parser)]
#[command(version, after_long_help = FAULTS)]
struct Arguments {
    /// The address to listen on. Port 0 selects a free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// The SQLite file that keeps the state. It is created if it does not exist. Without it, the state is in memory
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    /// A key to accept. Repeat the option to accept more keys. Without it, any key is accepted
    ///
    /// A key in the environment does not appear in the list of processes.
    #[arg(
        long = "api-key",
        value_name = "KEY",
        env = "APIDECK_VAULT_SANDBOX_API_KEY",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    api_keys: Vec<String>,

    /// The number of requests that each app may send. Later requests get 402. A restart resets the count
    #[arg(long, value_name = "N")]
    request_limit: Option<u64>,

    /// Stop also when standard input ends, so that the program never outlives a test that started it with a pipe
    #[arg(long)]
    stop_with_stdin: bool,
}

const FAULTS: &str = "\
A request with the header `x-sandbox-fault` fails on purpose:
  status=503                      responds with this status (200 to 599)
  status=429;retry-after=1        adds the header Retry-After, in seconds
  status=503;times=2              fails two requests, then responds normally
  delay=500                       responds 500 ms late; can be combined with all others
  reset                           resets the connection
  truncate                        sends only half of the body
  garbage                         sends bytes that are not HTTP

Exit codes: 0 stopped by a signal or by the end of standard input, 1 could not start, 2 invalid arguments.";

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("apideck-vault-sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let Arguments { listen, database, api_keys, request_limit, stop_with_stdin } = arguments;
    // Signal handlers are installed before the line is printed, so a signal right after the line is not missed.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|cause| format!("cannot wait for signals: {cause}"))?;
    let stopped = {
        let _guard = runtime.enter();
        stop_signal().map_err(|cause| format!("cannot wait for signals: {cause}"))?
    };
    let sandbox =
        Sandbox::start(Options { listen, database, api_keys, request_limit }).map_err(|error| error.to_string())?;
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", sandbox.url())
        .and_then(|()| out.flush())
        .map_err(|cause| format!("cannot write to standard output: {cause}"))?;
    drop(out);
    runtime.block_on(async {
        tokio::select! {
            () = stopped => {}
            () = end_of_input(), if stop_with_stdin => {}
        }
    });
    sandbox.stop();
    Ok(())
}

/// Completes when standard input ends or cannot be read. It reads on a thread of its own, which ends with the program.
async fn end_of_input() {
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        let _ = ended.send(());
    });
    let _ = end.await;
}

/// Completes on SIGTERM or Ctrl-C.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes on Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
