//! This library from Rust: the process that is measured.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use apideck_vault::{Client, Operation, Status};

use crate::measure::Figures;
use crate::peer::is_error;

/// Returns a client with the settings of every peer: no proxy, no retries, credentials of the same length.
pub fn client(url: &str) -> Client {
    let config = format!(
        r#"{{"api_key":"key","app_id":"app","consumer_id":"consumer","server_url":"{url}","proxy":null,"retries":null}}"#
    );
    Client::new(&config).map_err(|failure| failure.message).expect("the configuration is right")
}

/// Makes one call of a kind: `get`, the length of a list, or the status of an error.
pub fn call(client: &Client, kind: &str) {
    let get = |service: &str| {
        client.call(&Operation::CONNECTIONS_GET, &format!(r#"{{"service_id":"{service}","unified_api":"crm"}}"#), None)
    };
    let (response, succeeds) = match kind {
        "get" => (get("pipedrive"), true),
        error if is_error(error) => (get(error), false),
        length => (client.call(&Operation::CONNECTIONS_LIST, &format!(r#"{{"api":"{length}"}}"#), None), true),
    };
    assert_eq!(response.status == Status::Ok, succeeds, "{}", response.json());
}

/// Measures `count` calls as benches/c/measure.h does. A count of 0 makes one call and reports nothing.
pub fn run(url: &str, kind: &str, count: u32) -> Option<Figures> {
    let client = client(url);
    for _ in 0..count / 10 + 1 {
        call(&client, kind);
    }
    if count == 0 {
        return None;
    }
    let counted = || counter(c"counted_calls").zip(counter(c"counted_bytes"));
    let (before, cpu, begun) = (counted(), cpu_us(), Instant::now());
    for _ in 0..count {
        call(&client, kind);
    }
    let (wall, cpu, after) = (begun.elapsed(), cpu_us() - cpu, counted());
    let per_call = |before: u64, after: u64| (after - before) as f64 / f64::from(count);
    let allocated = before.zip(after);
    Some(Figures {
        wall_us: wall.as_secs_f64() * 1e6 / f64::from(count),
        cpu_us: cpu / f64::from(count),
        peak_kb: memory_kb("VmHWM:"),
        allocations: allocated.map(|(before, after)| per_call(before.0, after.0)),
        bytes: allocated.map(|(before, after)| per_call(before.1, after.1)),
    })
}

/// Returns a counter of benches/c/count.c, if that is preloaded.
fn counter(name: &std::ffi::CStr) -> Option<u64> {
    // SAFETY: the name is a C string. A symbol of this name is an atomic u64 that lives as long as the process.
    unsafe {
        let counter = libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()).cast::<AtomicU64>();
        counter.as_ref().map(|counter| counter.load(Ordering::Relaxed))
    }
}

/// Returns the CPU time of all threads of this process, in microseconds.
pub fn cpu_us() -> f64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to `now`, which lives longer than the call.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut now) };
    now.tv_sec as f64 * 1e6 + now.tv_nsec as f64 / 1e3
}

/// Returns a figure of /proc/self/status: `VmHWM:` for the peak memory, `VmRSS:` for the present memory.
pub fn memory_kb(figure: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0.0)
}
