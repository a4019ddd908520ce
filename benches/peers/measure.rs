//! Measurements. Each is a process of its own.

use std::process::{Command, Stdio};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// What one process reports: the cost of one call, and the peak memory of the process.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Figures {
    pub wall_us: f64,
    pub cpu_us: f64,
    pub peak_kb: f64,
    /// Blocks and bytes from the heap, where the language reports them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocations: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<f64>,
}

/// Several measurements of the same thing.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Spread {
    /// Returns `None` if there are no values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 };
        Some(Spread { median, least, most })
    }
}

/// Runs a program and returns its standard output.
///
/// # Errors
///
/// Returns the line of its standard error that names the error.
pub fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let message = errors.lines().find(|line| line.to_lowercase().contains("error"));
    let message = message.or_else(|| errors.lines().rfind(|line| !line.trim().is_empty())).unwrap_or("no message");
    Err(format!("{name} failed: {}", message.trim()))
}

/// Runs a program whose last line of output is JSON.
pub fn figures<T: for<'a> Deserialize<'a>>(command: &mut Command) -> Result<T, String> {
    let out = run(command)?;
    let line = out.lines().last().unwrap_or_default();
    serde_json::from_str(line).map_err(|error| format!("{:?}: {error}: {line}", command.get_program()))
}

/// Returns the number that a program prints, or how long it runs, in milliseconds.
pub fn duration_ms(command: &mut Command) -> Result<f64, String> {
    let begun = Instant::now();
    let out = run(command)?;
    Ok(out.trim().parse().unwrap_or_else(|_| begun.elapsed().as_secs_f64() * 1e3))
}
