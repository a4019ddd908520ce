//! No misuse of a handle crashes the process. A C program uses handles in random ways from sixteen threads. A failure
//! prints its seed, and `SEED=… STEPS=… cargo test --test misuse` repeats it.
//!
//! `.ci/sanitizers` runs the same program under AddressSanitizer and ThreadSanitizer.

mod support;

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use support::c;
use support::server::{After, Server, respond};

const CONNECTION: &str = r#"{"status_code":200,"status":"OK","data":{"id":"crm+pipedrive"}}"#;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} is not a number")))
}

#[test]
fn sixteen_threads_that_misuse_handles_do_not_crash_the_process() {
    let server = Server::start(|_, stream| respond(stream, "200 OK", "", CONNECTION.as_bytes()));
    let hung = Server::start(|_, stream| {
        let _ = std::io::copy(stream, &mut std::io::sink());
        Ok(After::Close)
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970");
    let seed = number("SEED").unwrap_or(now.as_nanos() as u64);
    let steps = number("STEPS").unwrap_or(3_000);
    // A program that was built with a sanitizer can replace this one.
    let program = std::env::var_os("DRIVER").map_or_else(|| c::program("tests/c/driver.c"), Into::into);
    let arguments = [server.url(), hung.url(), steps.to_string(), seed.to_string()];
    let mut driver = Command::new(program);
    // Each client reads all certificates that these variables name, which takes minutes under the sanitizers.
    driver.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    println!("{}", c::run(driver.args(arguments)));
}
