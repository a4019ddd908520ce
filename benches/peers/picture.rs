//! The results as a picture: CPU time per call of every peer, on a logarithmic scale. The colours are readable on white
//! and on black.

use std::fmt::Write;

use crate::report::number;
use crate::rounds::Row;

const OURS: &str = "#2f81f7";
const THEIRS: &str = "#8b949e";
const TEXT: &str = "#768390";
const LEFT: f64 = 210.0;
const WIDTH: f64 = 820.0;
const BAR: f64 = 16.0;
const STEP: f64 = 22.0;

/// Draws one connection and a list of 100.
pub fn draw(rows: &[Row]) -> String {
    let mut body = String::new();
    let mut top = 8.0;
    for (kind, title) in [("get", "One connection"), ("100", "A list of 100 connections")] {
        top = panel(&mut body, rows, kind, title, top);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" font-family=\"sans-serif\" \
         font-size=\"13\" role=\"img\" aria-label=\"CPU time per call of this library and its peers\">\n{body}</svg>\n"
    )
}

/// Draws one kind of call below `top`. Returns the top of the next panel.
fn panel(body: &mut String, rows: &[Row], kind: &str, title: &str, top: f64) -> f64 {
    let bars: Vec<(&Row, f64)> =
        rows.iter().filter_map(|row| Some((row, row.kinds.get(kind)?.cpu_us.median))).collect();
    let (least, most) = bars.iter().fold((f64::MAX, 1.0_f64), |(least, most), bar| (least.min(bar.1), most.max(bar.1)));
    // The scale begins at half of the least value, so that the shortest bar is visible.
    let (first, last) = ((least.max(0.2) / 2.0).log10().floor(), most.log10().ceil());
    let x = |value: f64| LEFT + (value.log10() - first) / (last - first).max(1.0) * (WIDTH - LEFT - 90.0);
    let bottom = top + 30.0 + bars.len() as f64 * STEP;

    let _ = writeln!(
        body,
        "<text x=\"8\" y=\"{:.0}\" fill=\"{TEXT}\" font-weight=\"bold\">{title}: CPU µs per call, less is better</text>",
        top + 16.0
    );
    for power in first as i32..=last as i32 {
        let at = x(10_f64.powi(power));
        let _ = writeln!(
            body,
            "<path d=\"M{at:.1} {:.0}V{bottom:.0}\" stroke=\"{THEIRS}\" stroke-opacity=\"0.35\"/>\
             <text x=\"{at:.1}\" y=\"{:.0}\" fill=\"{TEXT}\" text-anchor=\"middle\" font-size=\"11\">{}</text>",
            top + 26.0,
            bottom + 13.0,
            number(10_f64.powi(power)).trim_end_matches(".00").trim_end_matches(".0"),
        );
    }
    for (index, (row, value)) in bars.iter().enumerate() {
        let (y, end) = (top + 28.0 + index as f64 * STEP, x(*value));
        let (colour, weight) = if row.ours { (OURS, "bold") } else { (THEIRS, "normal") };
        let _ = writeln!(
            body,
            "<text x=\"{:.0}\" y=\"{:.0}\" fill=\"{TEXT}\" text-anchor=\"end\" font-weight=\"{weight}\">{} · {}</text>\
             <rect x=\"{LEFT}\" y=\"{y:.0}\" width=\"{:.1}\" height=\"{BAR}\" rx=\"2\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{:.0}\" fill=\"{TEXT}\">{}</text>",
            LEFT - 8.0,
            y + 13.0,
            row.peer,
            row.language,
            (end - LEFT).max(1.0),
            end + 6.0,
            y + 13.0,
            number(*value),
        );
    }
    bottom + 34.0
}
