//! How cost grows with threads, with clients, and with the calls that a client has made before.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::measure::{figures, run};
use crate::native::{folder, root};
use crate::rust_client::{call, client, cpu_us, memory_kb};

const THREADS: [usize; 4] = [1, 4, 16, 64];
const CLIENTS: [usize; 5] = [1, 10, 100, 1000, 10_000];

#[derive(Serialize)]
pub struct Scale {
    /// Calls per second, by the number of threads on one client.
    threads: Vec<(usize, f64)>,
    /// The same with goroutines; empty without Go.
    goroutines: Vec<(usize, f64)>,
    /// The same with asyncio tasks; empty if the package is not installed.
    tasks: Vec<(usize, f64)>,
    /// Memory in kB, by the number of clients. Each has made a call and keeps its connection.
    clients: Vec<(usize, f64)>,
    /// CPU µs of a call, by the number of earlier calls.
    earlier: Vec<(u32, f64)>,
}

/// Measures each in a process of its own.
pub fn measure(url: &str, long: bool) -> Result<Scale, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let child = |what: &str, number: usize| -> Result<f64, String> {
        eprintln!("scale: {number} {what}");
        figures(Command::new(&program).args(["scale", what, url, &number.to_string()]))
    };
    let each = |what, numbers: &[usize]| -> Result<Vec<(usize, f64)>, String> {
        numbers.iter().map(|number| Ok((*number, child(what, *number)?))).collect()
    };
    let calls = if long { "1000000" } else { "100000" };
    eprintln!("scale: {calls} calls, one after the other");
    Ok(Scale {
        threads: each("threads", &THREADS)?,
        goroutines: THREADS.iter().filter_map(|count| Some((*count, goroutines(url, *count)?))).collect(),
        tasks: THREADS.iter().filter_map(|tasks| Some((*tasks, asyncio(url, *tasks)?))).collect(),
        clients: each("clients", &CLIENTS)?,
        earlier: figures(Command::new(&program).args(["scale", "earlier", url, calls]))?,
    })
}

fn goroutines(url: &str, count: usize) -> Option<f64> {
    let mut client = Command::new(crate::go::client().ok()?);
    run(client.args(["vault", url, "goroutines", &count.to_string()])).ok()?.trim().parse().ok()
}

fn asyncio(url: &str, tasks: usize) -> Option<f64> {
    let packages = folder("python/apideck-vault").ok()?;
    let mut python = Command::new("python3");
    python.arg(root().join("benches/python/client.py")).args(["tasks", url, &tasks.to_string(), "2"]);
    run(python.env("PYTHONPATH", packages)).ok()?.trim().parse().ok()
}

/// The process that is measured.
pub fn child(what: &str, url: &str, number: &str) -> Result<(), String> {
    let number = number.parse().map_err(|_| format!("{number}: not a number"))?;
    match what {
        "threads" => println!("{}", threads(url, number)),
        "clients" => println!("{}", clients(url, number)),
        "earlier" => println!("{}", serde_json::to_string(&earlier(url, number as u32)).map_err(|e| e.to_string())?),
        _ => return Err(format!("{what}: unknown")),
    }
    Ok(())
}

fn threads(url: &str, count: usize) -> f64 {
    let (client, calls, begun) = (client(url), AtomicU64::new(0), Instant::now());
    thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                while begun.elapsed() < Duration::from_secs(2) {
                    call(&client, "get");
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    calls.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

fn clients(url: &str, count: usize) -> f64 {
    let all: Vec<_> = (0..count).map(|_| client(url)).collect();
    for client in &all {
        call(client, "get");
    }
    memory_kb("VmRSS:")
}

fn earlier(url: &str, count: u32) -> Vec<(u32, f64)> {
    let client = client(url);
    let part = count / 10;
    let windows = (0..10).map(|window| {
        let before = cpu_us();
        for _ in 0..part {
            call(&client, "get");
        }
        (window * part, (cpu_us() - before) / f64::from(part))
    });
    windows.collect()
}

/// The tables.
pub fn tables(scale: &Scale) -> String {
    let number = crate::report::number;
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let table = |title: &str, heads: [&str; 2], cells: Vec<(f64, f64)>| {
        let rows: String = cells.iter().map(|(left, right)| row(vec![count(*left), number(*right)])).collect();
        format!("**{title}**\n\n| {} | {} |\n|--:|--:|\n{rows}\n", heads[0], heads[1])
    };
    let floats = |cells: &[(usize, f64)]| cells.iter().map(|(left, right)| (*left as f64, *right)).collect();
    let earlier = scale.earlier.iter().map(|(left, right)| (f64::from(*left), *right)).collect();
    table("Calls a second, threads on one client (`get`)", ["threads", "calls/s"], floats(&scale.threads))
        + &table(
            "Calls a second, goroutines on one client (`get`)",
            ["goroutines", "calls/s"],
            floats(&scale.goroutines),
        )
        + &table("Calls a second, asyncio tasks on one client (`get`)", ["tasks", "calls/s"], floats(&scale.tasks))
        + &table("Memory, each client with a connection", ["clients", "resident kB"], floats(&scale.clients))
        + &table("A call by the number of earlier calls (`get`)", ["earlier calls", "CPU µs"], earlier)
}

fn count(value: f64) -> String {
    format!("{value:.0}")
}
