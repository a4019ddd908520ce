//! The program: command line -> a running sandbox -> a signal to end it.

use apideck_vault_sandbox::{Options, Sandbox};
use clap::Parser;
use clap::builder::NonEmptyStringValueParser;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A local Apideck Vault that keeps state, for tests and demonstrations without an account.
///
/// Prints one line, `listening on http://ADDRESS:PORT`, once it accepts requests: point the client's server URL there.
/// Open that address in a browser for the integrations on offer. SIGTERM or Ctrl-C ends it; nothing is lost.
#[derive(Parser)]
#[command(version, after_long_help = FAULTS)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// The SQLite file that keeps the state, made when it is not there; in memory without it
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    /// A key to accept; may be given more than once. Any key is accepted without it
    ///
    /// In the environment a key does not show in the list of processes.
    #[arg(
        long = "api-key",
        value_name = "KEY",
        env = "APIDECK_VAULT_SANDBOX_API_KEY",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    api_keys: Vec<String>,

    /// After N requests of an app, the others get 402. The count begins anew with each start
    #[arg(long, value_name = "N")]
    request_limit: Option<u64>,
}

const FAULTS: &str = "\
A request with the header `x-sandbox-fault` fails on purpose:
  status=503                      answers with this status (200 to 599)
  status=429;retry-after=1        ... and this Retry-After, in seconds
  status=503;times=2              ... twice, then as ever
  delay=500                       answers 500 ms late; goes with all others
  reset | truncate | garbage      resets the connection, cuts the body, sends what is no HTTP

Exit codes: 0 ended by a signal, 1 could not start, 2 arguments not understood.";

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
    let Arguments { listen, database, api_keys, request_limit } = arguments;
    // Listened for before anything is said to be ready: a signal right after the line must not be missed.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|cause| format!("cannot wait for signals: {cause}"))?;
    let signal = {
        let _inside = runtime.enter();
        signal().map_err(|cause| format!("cannot wait for signals: {cause}"))?
    };
    let sandbox =
        Sandbox::start(Options { listen, database, api_keys, request_limit }).map_err(|error| error.to_string())?;
    let mut out = io::stdout().lock();
    writeln!(out, "listening on {}", sandbox.url())
        .and_then(|()| out.flush())
        .map_err(|cause| format!("cannot write to standard output: {cause}"))?;
    drop(out);
    runtime.block_on(signal);
    sandbox.stop();
    Ok(())
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
