//! The program: parses the command line, runs a sandbox, and stops it on a signal.

use apideck_vault_sandbox::{ListenAddress, Options, RateLimit, Sandbox, WebhookUrl};
use clap::Parser;
use clap::builder::NonEmptyStringValueParser;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// A local Apideck Vault that keeps state, for tests and demonstrations without an account.
///
/// When it accepts requests, it prints one line: `listening on http://HOST:PORT`. Set the client's server URL to
/// that address, or open it in a browser to see the integrations. SIGTERM or Ctrl-C stops the program. Without --database,
/// the state ends with it.
#[derive(Parser)]
#[command(version, after_long_help = FAULTS)]
struct Arguments {
    /// The address to listen on. Port 0 selects a free port
    ///
    /// The host can be a name, such as localhost. The program listens on all of its addresses.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    listen: ListenAddress,

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

    /// The number of requests that each app may send in a second. More requests get 429 with Retry-After
    #[arg(long, value_name = "N/s")]
    rate_limit: Option<RateLimit>,

    /// How long an access token is valid: seconds, or a duration like 30s, 15m, 1h or 7d
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration)]
    token_lifetime: Duration,

    /// The receiver of events about connections. Each is signed in the header x-apideck-signature
    ///
    /// The first --api-key signs them. Without one, the key of the request that caused the event does.
    #[arg(long, value_name = "URL")]
    webhook: Option<WebhookUrl>,

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
    let Arguments { listen, database, api_keys, request_limit, rate_limit, token_lifetime, webhook, stop_with_stdin } =
        arguments;
    // Signal handlers are installed before the line is printed, so a signal right after the line is not missed.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|cause| format!("cannot wait for signals: {cause}"))?;
    let stopped = {
        let _guard = runtime.enter();
        stop_signal().map_err(|cause| format!("cannot wait for signals: {cause}"))?
    };
    let options = Options { listen, database, api_keys, request_limit, rate_limit, token_lifetime, webhook };
    let sandbox = Sandbox::start(options).map_err(|error| error.to_string())?;
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

/// Parses a duration: a number of seconds, or a number with a unit.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let seconds = match unit {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(60 * 60),
        "d" => Some(24 * 60 * 60),
        _ => None,
    };
    let duration = number.parse::<u64>().ok().zip(seconds).and_then(|(number, seconds)| number.checked_mul(seconds));
    let positive = duration.filter(|seconds| *seconds > 0).map(Duration::from_secs);
    positive.ok_or_else(|| "expected a number of seconds, or a duration like 30s, 15m, 1h or 7d".to_string())
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
