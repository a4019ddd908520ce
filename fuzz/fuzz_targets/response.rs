//! Raw bytes instead of a response: whatever they are, the caller gets a whole text with a status that fits.
//!
//! The first byte chooses the operation, and where the bytes are split into two writes; the rest is sent as it is, and
//! the connection is closed.
#![no_main]

use std::sync::OnceLock;

use apideck_vault::Status;
use apideck_vault_fuzz::vault::Client;
use apideck_vault_fuzz::{Played, Server, operations, parts};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fn stage() -> &'static (Server, Client) {
    static STAGE: OnceLock<(Server, Client)> = OnceLock::new();
    STAGE.get_or_init(|| {
        let server = Server::start();
        // Every response ends its connection. A kept-alive connection could be used before its end is noticed.
        let config =
            json!({"retries": null, "max_response_bytes": 65_536, "timeout_ms": 5_000, "max_idle_connections": 0});
        let client = Client::new(&server.url(), config);
        (server, client)
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, response)) = data.split_first() else { return };
    let (server, client) = stage();
    let operation = &operations()[usize::from(*choice) % operations().len()];
    let split = response.len() * (usize::from(*choice) / operations().len()) / 16;
    server.play(Played { response: response.to_vec(), split, close: true });

    let reply = client.call(&operation.name(), &operation.example);

    let parts = parts(&reply);
    assert_eq!(server.requests().len(), 1, "{}", reply.text);
    let argument = matches!(reply.status, Status::InvalidArgument | Status::InvalidHandle | Status::Timeout);
    assert!(!argument, "{}", reply.text);
    assert!(!reply.text.contains("sk_live_marked") || contains(response, b"sk_live_marked"), "{}", reply.text);
    if reply.status != Status::Ok {
        return;
    }
    let body = parts["body"].get();
    assert!(operation.response.is_none() || body.starts_with('{'), "{}", reply.text);
    let lower = response.to_ascii_lowercase();
    if !contains(&lower, b"encoding") && body != "null" {
        assert!(contains(response, body.as_bytes()), "the body is what the server sent, byte for byte");
    }
});

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
