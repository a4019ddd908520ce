//! The results as Markdown tables.

use std::fmt::Write;

use crate::measure::Spread;
use crate::peer::{ERRORS, KINDS};
use crate::rounds::{Cell, Row};

/// All tables of the peers.
pub fn peers(rows: &[Row]) -> String {
    let mut out = String::new();
    for kind in KINDS {
        let name = if kind == "get" { "One connection (`get`)".to_string() } else { format!("A list of {kind}") };
        let _ = writeln!(out, "**{name}**\n\n{}", calls(rows, kind));
    }
    let _ = writeln!(out, "**One connection, error response: CPU µs**\n\n{}", errors(rows));
    let _ = writeln!(out, "**Before the first call**\n\n{}", starts(rows));
    for row in rows {
        if let Some(reason) = &row.skip {
            let _ = writeln!(out, "Left out: {} ({}): {reason}\n", row.peer, row.language);
        }
    }
    out
}

fn calls(rows: &[Row], kind: &str) -> String {
    let mut out = String::from(
        "| | peer | wall µs | CPU µs | CPU, least to most | allocations | kB allocated | peak MB | CPU ratio |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let Some(cell) = row.kinds.get(kind) else { continue };
        let Cell { wall_us, cpu_us, peak_kb, allocations, bytes } = cell;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} to {} | {} | {} | {} | {} |",
            row.language,
            name(row),
            number(wall_us.median),
            number(cpu_us.median),
            number(cpu_us.least),
            number(cpu_us.most),
            optional(*allocations),
            optional(bytes.map(|bytes| bytes / 1000.0)),
            number(peak_kb.median / 1000.0),
            ratio(rows, row, kind),
        );
    }
    out
}

/// The table of a README: CPU time per call, its ratio to this library in brackets, and the cost of starting.
pub fn summary(rows: &[Row], language: Option<&str>) -> String {
    let mut out = String::from(
        "| | | one connection | list of 100 | start or import | peak memory | installed |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    let measured = rows.iter().filter(|row| row.skip.is_none());
    for row in measured.filter(|row| language.is_none_or(|language| row.language == language)) {
        let call = |kind: &str| match row.kinds.get(kind) {
            Some(cell) if row.ours => duration(cell.cpu_us.median),
            Some(cell) => format!("{} ({})", duration(cell.cpu_us.median), ratio(rows, row, kind)),
            None => "–".into(),
        };
        let megabytes =
            |bytes: Option<f64>| bytes.map_or_else(|| "–".into(), |bytes| format!("{} MB", number(bytes / 1e6)));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            row.language,
            name(row),
            call("get"),
            call("100"),
            row.start_ms.map_or_else(|| "–".into(), |start| duration(start.median * 1e3)),
            megabytes(row.kinds.get("get").map(|cell| cell.peak_kb.median * 1e3)),
            megabytes(row.installed_bytes.map(|bytes| bytes as f64)),
        );
    }
    out
}

/// Microseconds, in the unit that fits.
fn duration(us: f64) -> String {
    if us < 1e3 { format!("{} µs", number(us)) } else { format!("{} ms", number(us / 1e3)) }
}

/// CPU time by status. target/peers.json has the other figures of errors.
fn errors(rows: &[Row]) -> String {
    let mut out = format!("| | peer | {} |\n|---|---|{}\n", ERRORS.join(" | "), "--:|".repeat(ERRORS.len()));
    for row in rows.iter().filter(|row| row.skip.is_none()) {
        let cells = ERRORS.map(|error| optional(row.kinds.get(error).map(|cell| cell.cpu_us.median)));
        let _ = writeln!(out, "| {} | {} | {} |", row.language, name(row), cells.join(" | "));
    }
    out
}

fn starts(rows: &[Row]) -> String {
    let mut out = String::from(
        "| | peer | what it does with a body | start ms | least to most | installed MB |\n|---|---|---|--:|--:|--:|\n",
    );
    for row in rows.iter().filter(|row| row.skip.is_none()) {
        let spread = row.start_ms.map(|Spread { least, most, .. }| format!("{} to {}", number(least), number(most)));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            row.language,
            name(row),
            row.checks,
            optional(row.start_ms.map(|start| start.median)),
            spread.unwrap_or_else(|| "–".into()),
            optional(row.installed_bytes.map(|bytes| bytes as f64 / 1e6)),
        );
    }
    out
}

fn name(row: &Row) -> String {
    if row.ours { format!("**{}**", row.peer) } else { row.peer.to_string() }
}

/// Returns the CPU time of a peer divided by that of this library in the same language.
fn ratio(rows: &[Row], row: &Row, kind: &str) -> String {
    let ours = rows.iter().find(|one| one.ours && one.language == row.language);
    let cell = |row: &Row| row.kinds.get(kind).map(|cell| cell.cpu_us.median);
    match (cell(row), ours.and_then(cell)) {
        (Some(theirs), Some(ours)) if ours > 0.0 => format!("{:.2}", theirs / ours),
        _ => "–".into(),
    }
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".into(), number)
}

/// Formats a number with three significant digits.
pub fn number(value: f64) -> String {
    let decimals = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    let digits = format!("{value:.decimals$}");
    let (whole, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}
