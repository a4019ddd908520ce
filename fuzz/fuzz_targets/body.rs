//! Bodies of well-formed responses. JSON is accepted and returned byte for byte; anything else is refused.
//!
//! The first byte selects the operation, the second how the body is sent.
#![no_main]

use std::io::Write;
use std::sync::OnceLock;

use apideck_vault::Status;
use apideck_vault_fuzz::vault::Client;
use apideck_vault_fuzz::{Played, Server, operations, parts};
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const MOST: usize = 8_192;

fn stage() -> &'static (Server, Client) {
    static STAGE: OnceLock<(Server, Client)> = OnceLock::new();
    STAGE.get_or_init(|| {
        let server = Server::start();
        let client =
            Client::new(&server.url(), json!({"retries": null, "max_response_bytes": MOST, "timeout_ms": 5_000}));
        (server, client)
    })
}

fuzz_target!(|data: &[u8]| {
    let [choice, way, body @ ..] = data else { return };
    let (server, client) = stage();
    let operation = &operations()[usize::from(*choice) % operations().len()];
    let promises_object = operation.response.is_some();
    let status = if way & 4 == 0 { 200 } else { 422 };
    server.play(Played { response: response(status, way & 3, body), close: false, ..Played::default() });

    let reply = client.call(&operation.name(), &operation.example);

    let parts = parts(&reply);
    assert_eq!(server.requests().len(), 1, "{}", reply.text);
    let text = std::str::from_utf8(body).ok();
    if status == 422 {
        assert_eq!(reply.status, Status::Unprocessable);
        return;
    }
    match reply.status {
        Status::Ok if body.trim_ascii().is_empty() => {
            assert_eq!((promises_object, parts["body"].get()), (false, "null"))
        }
        Status::Ok => {
            let json: &RawValue = serde_json::from_slice(body).unwrap_or_else(|e| panic!("it was accepted: {e}"));
            assert!(!promises_object || json.get().starts_with('{'));
            assert_eq!(reply.body(), text.expect("an accepted body is UTF-8"), "the body is what the server sent");
        }
        Status::InvalidResponse => {
            // serde_json reads 127 levels.
            let read = serde_json::from_slice::<Value>(body);
            let refused = body.len() > MOST || !read.is_ok_and(|value| value.is_object() || !promises_object);
            assert!(refused, "it is JSON and was refused: {}", reply.text);
        }
        other => panic!("{other:?}: {}", reply.text),
    }
});

fn response(status: u16, way: u8, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n");
    let (headers, body) = match way {
        0 => (format!("content-length: {}", body.len()), body.to_vec()),
        1 => {
            let mut chunks = Vec::new();
            for chunk in body.chunks(5) {
                chunks.extend(format!("{:x}\r\n", chunk.len()).bytes().chain(chunk.iter().copied()).chain(*b"\r\n"));
            }
            chunks.extend(b"0\r\n\r\n");
            ("transfer-encoding: chunked".to_string(), chunks)
        }
        _ => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(body).expect("memory");
            let body = gzip.finish().expect("memory");
            (format!("content-encoding: gzip\r\ncontent-length: {}", body.len()), body)
        }
    };
    [head.as_bytes(), headers.as_bytes(), b"\r\n\r\n", &body].concat()
}
