//! Serves the scenarios until it is stopped.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let server = apideck_vault_scenarios::ScenarioServer::start()?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", server.url())?;
    out.flush()?;
    loop {
        std::thread::park();
    }
}
