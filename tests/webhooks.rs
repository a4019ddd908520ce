//! Webhooks: every row of `tests/webhooks/vectors.json`, and whatever JavaScript signs, through the C functions.
//! `tests/c/webhooks.c`, `test_webhooks.py` and the Go package `webhooks` run the same rows.

mod support;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use apideck_vault::Status;
use apideck_vault_sandbox::{Options, Sandbox};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde::Deserialize;
use serde_json::{Value, json};
use support::server::{Server, respond};
use support::vault::{Client, webhook_sign, webhook_verify};
use support::{c, root, skip};

const KEY: &str = "sk_live_marked";
const READINGS: [&str; 3] = ["sorted", "sorted_outside_arrays", "raw"];
const ENCODINGS: [&str; 2] = ["hex", "base64"];

#[derive(Deserialize)]
struct Row {
    name: String,
    body: String,
    signature: String,
    api_key: String,
    signed: Option<(String, String)>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    status: String,
    event_type: Option<String>,
    message: Option<String>,
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(root().join("tests/webhooks/vectors.json")).expect("the table can be read");
    serde_json::from_str(&text).expect("the table is JSON")
}

/// The program that signs in JavaScript.
struct Signer {
    node: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Signer {
    /// Starts the program, or reports that there is no Node.js.
    fn start() -> Option<Signer> {
        if !c::is_installed("node") {
            skip("no node in PATH", "signatures of webhooks are not compared with those of JavaScript");
            return None;
        }
        let mut node = Command::new("node");
        node.arg(root().join("tests/webhooks/sign.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut node = node.spawn().expect("node starts");
        let input = node.stdin.take().expect("it is piped");
        let output = BufReader::new(node.stdout.take().expect("it is piped"));
        Some(Signer { node, pipes: RefCell::new((input, output)) })
    }

    /// Returns the signatures of a body, by reading and by encoding, and its canonical text.
    fn sign(&self, body: &[u8], api_key: &str) -> Value {
        let (input, output) = &mut *self.pipes.borrow_mut();
        let line = json!({"body": STANDARD.encode(body), "api_key": api_key});
        writeln!(input, "{line}").expect("node reads");
        let mut line = String::new();
        output.read_line(&mut line).expect("node writes");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)))
    }
}

impl Drop for Signer {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

#[test]
fn every_row_of_the_table_ends_with_its_status() {
    for Row { name, body, signature, api_key, expected, .. } in rows() {
        let reply = webhook_verify(body.as_bytes(), &signature, &api_key);
        assert_eq!(reply.status.name(), expected.status, "{name}: {}", reply.text);
        match expected.message {
            None => {
                let event = reply.text.strip_prefix("{\"event\":").and_then(|text| text.strip_suffix('}'));
                assert!(event.is_some_and(|event| body.contains(event)), "{name}: {}", reply.text);
                let found = event_type_of(&reply.text);
                assert_eq!(found, expected.event_type, "{name}");
            }
            Some(message) => {
                let found = reply.message();
                assert!(found.contains(&message), "{name}: {found}");
                for secret in [&signature, &api_key].into_iter().filter(|secret| secret.len() > 8) {
                    assert!(!reply.text.contains(secret.trim()), "{name}: {found}");
                }
            }
        }
    }
}

/// Returns the type of an event, of which other parts may be no value that `serde_json` can represent.
fn event_type_of(text: &str) -> Option<String> {
    let end = text.find("\"event_type\":")? + "\"event_type\":".len();
    text[end..].trim_start().strip_prefix('"')?.split('"').next().map(str::to_string)
}

#[test]
fn the_table_has_each_reading_in_each_encoding_and_no_name_twice() {
    let rows = rows();
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names.len(), rows.len());
    for reading in READINGS {
        for encoding in ENCODINGS {
            let has = |row: &Row| row.signed.as_ref().is_some_and(|(r, e)| (&**r, &**e) == (reading, encoding));
            assert!(rows.iter().any(has), "{reading} in {encoding}");
        }
    }
}

#[test]
fn the_signatures_of_the_table_are_those_of_javascript() {
    let Some(signer) = Signer::start() else { return };
    for Row { name, body, signature, api_key, signed, .. } in rows() {
        let Some((reading, encoding)) = signed else { continue };
        assert_eq!(signer.sign(body.as_bytes(), &api_key)["signatures"][&reading][&encoding], *signature, "{name}");
    }
}

/// Returns a JSON text: numbers of every size and spelling, any characters, escapes, halves of surrogate pairs, names
/// that are indices, and members in any order. No object has a name twice.
fn json_text() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON has no other", |number| number.is_finite())
            .prop_map(|number| format!("{number:e}")),
        any::<f64>()
            .prop_filter("JSON has no other", |number| number.is_finite())
            .prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
    ];
    let scalar = prop_oneof![number, string_text(), select(vec!["true", "false", "null"]).prop_map(String::from)];
    let space = select(vec!["", "", " ", "\n\t", "\r\n"]);
    scalar.prop_recursive(6, 64, 6, move |inner| {
        let element = (space.clone(), inner.clone(), space.clone()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let member = (name_text(), space.clone(), element.clone());
        prop_oneof![
            proptest::collection::vec(element, 0..5).prop_map(|elements| format!("[{}]", elements.join(","))),
            proptest::collection::vec(member, 0..6).prop_map(|members| {
                let mut names = BTreeSet::new();
                let members = members.into_iter().filter(|(name, ..)| names.insert(name.0.clone()));
                let members = members.map(|((_, name), space, value)| format!("{space}{name}{space}:{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

/// Returns the code units of a string, each with a way to write it.
fn units() -> impl Strategy<Value = Vec<(u16, u8)>> {
    let unit = prop_oneof![
        4 => 0x20..0x7f_u16,
        1 => 0..0x20_u16,
        1 => any::<u16>(),
        1 => 0xd800..0xe000_u16,
        1 => select(vec![0x22, 0x5c, 0x2f, 0x7f, 0x2028, 0xfeff, 0xffff]),
    ];
    proptest::collection::vec((unit, any::<u8>()), 0..8)
}

/// Writes code units as a JSON string: as characters or as escapes.
fn written(units: &[(u16, u8)]) -> String {
    let mut text = String::from("\"");
    for decoded in char::decode_utf16(units.iter().map(|(unit, _)| *unit)) {
        let way = units.get(text.len() % units.len()).map_or(0, |(_, way)| *way);
        match decoded {
            Ok(character) if character >= ' ' && !['"', '\\'].contains(&character) && !way.is_multiple_of(3) => {
                text.push(character)
            }
            Ok(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    text += &if way.is_multiple_of(2) { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
                }
            }
            Err(half) => text += &format!("\\u{:04X}", half.unpaired_surrogate()),
        }
    }
    text + "\""
}

fn string_text() -> impl Strategy<Value = String> {
    units().prop_map(|units| written(&units))
}

/// Returns a name: its code units, and how it is written.
fn name_text() -> impl Strategy<Value = (Vec<u16>, String)> {
    let index = select(vec!["0", "1", "9", "10", "01", "-1", "1.5", "4294967294", "4294967295", "99999999999"]);
    let index = index.prop_map(|name| name.encode_utf16().map(|unit| (unit, 1)).collect::<Vec<_>>());
    let name = prop_oneof![3 => units(), 1 => index];
    name.prop_map(|units| (units.iter().map(|(unit, _)| *unit).collect(), written(&units)))
}

#[test]
fn whatever_javascript_signs_is_accepted_and_a_changed_meaning_is_refused() {
    let Some(signer) = Signer::start() else { return };
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(512) });
    let bodies = (json_text(), json_text(), any::<bool>());
    let checked = runner.run(&bodies, |(first, second, is_first)| {
        let body =
            |entity: &str| format!("{{\"zone\":0,\"payload\":{{\"entity\":{entity},\"event_type\":\"t\"}},\"10\":[]}}");
        let (entity, other) = if is_first { (first, second) } else { (second, first) };
        let (body, changed) = (body(&entity), body(&other));
        let signed = signer.sign(body.as_bytes(), KEY);
        for reading in READINGS {
            for encoding in ENCODINGS {
                let signature = signed["signatures"][reading][encoding].as_str().expect("a signature");
                let reply = webhook_verify(body.as_bytes(), signature, KEY);
                prop_assert_eq!(reply.status, Status::Ok, "{} in {}: {}", reading, encoding, body);
            }
        }
        let own = webhook_sign(body.as_bytes(), KEY);
        prop_assert_eq!(&own.text, signed["signatures"]["sorted"]["hex"].as_str().expect("a signature"));

        // Another text is accepted only if it means the same.
        let of_changed = signer.sign(changed.as_bytes(), KEY);
        let means_the_same = of_changed["sorted"] == signed["sorted"];
        let signature = signed["signatures"]["sorted"]["hex"].as_str().expect("a signature");
        let reply = webhook_verify(changed.as_bytes(), signature, KEY);
        prop_assert_eq!(reply.status == Status::Ok, means_the_same, "{} is not {}", changed, body);
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
}

/// The sandbox signs with code of its own, so that each of the two checks the other.
#[test]
fn the_events_of_the_local_vault_are_accepted() {
    let (sender, received) = mpsc::channel();
    let receiver = Server::start(move |request, stream| {
        let signature = request.header("x-apideck-signature").unwrap_or_default().to_string();
        let _ = sender.send((request.body.clone(), signature));
        respond(stream, "204 No Content", "", b"")
    });
    let webhook = receiver.url().parse().expect("a URL of a receiver");
    let sandbox =
        Sandbox::start(Options { webhook: Some(webhook), ..Options::default() }).expect("a local Vault starts");
    let request = json!({"service_id": "pipedrive", "unified_api": "crm", "connection": {"enabled": true,
        "settings": {"instance_url": "https://acme.example", "api_key": "Zoë 😀 \u{7f}"}}});
    let reply = Client::new(sandbox.url(), json!({})).call("connections.update", request);
    assert_eq!(reply.status, Status::Ok, "{}", reply.text);

    let (body, signature) = received.recv_timeout(Duration::from_secs(30)).expect("an event arrives");
    let reply = webhook_verify(&body, &signature, KEY);
    assert_eq!(reply.status, Status::Ok, "{}", reply.text);
    assert_eq!(event_type_of(&reply.text).as_deref(), Some("vault.connection.created"));
}

#[test]
fn a_body_may_have_one_mebibyte() {
    const MOST: usize = 1024 * 1024;
    let body = |length: usize| {
        let empty = r#"{"payload":{"event_type":"t","entity":""}}"#;
        empty.replace("\"\"", &format!("\"{}\"", "x".repeat(length - empty.len())))
    };
    let largest = body(MOST);
    let signature = webhook_sign(largest.as_bytes(), KEY);
    assert_eq!(webhook_verify(largest.as_bytes(), &signature.text, KEY).status, Status::Ok);
    let too_large = body(MOST + 1);
    let reply = webhook_verify(too_large.as_bytes(), &signature.text, KEY);
    assert_eq!(reply.status, Status::InvalidSignature);
    assert_eq!(reply.message(), "body: has 1048577 bytes, and an event has at most 1048576");
    let reply = webhook_sign(too_large.as_bytes(), KEY);
    assert_eq!(
        (reply.status, reply.message()),
        (Status::InvalidArgument, "body: has 1048577 bytes, and an event has at most 1048576".into())
    );
}

#[test]
fn a_body_that_is_not_utf_8_is_refused() {
    let reply = webhook_verify(b"{\"payload\":{\"a\":\"\xff\"}}", &"0".repeat(64), KEY);
    assert_eq!((reply.status, reply.message()), (Status::InvalidSignature, "body: is not UTF-8 at byte 17".into()));
}

/// Prints what hostile bodies of the largest size cost beside reading them once with `serde_json`.
///
/// `cargo test --release --test webhooks -- --ignored --nocapture`
#[test]
#[ignore = "it prints figures"]
fn the_cost_of_hostile_bodies() {
    let filled = |start: &str, part: &dyn Fn(usize) -> String, end: &str| {
        let mut text = String::from(start);
        for number in 0.. {
            let part = part(number);
            if text.len() + part.len() + end.len() > 1024 * 1024 {
                break;
            }
            text += &part;
        }
        text.trim_end_matches(',').to_string() + end
    };
    let array = ("{\"payload\":{\"a\":[", "]}}");
    let object = ("{\"payload\":{\"a\":{", "}}}");
    let bodies = [
        ("one text", filled("{\"payload\":{\"a\":\"", &|_| "x".repeat(1000), "\"}}")),
        ("escapes", filled("{\"payload\":{\"a\":\"", &|_| "\\ud83d".repeat(100), "\"}}")),
        ("zeros", filled(array.0, &|_| "0,".into(), array.1)),
        ("floats", filled(array.0, &|number| format!("{number}.7e-{},", number % 300), array.1)),
        ("long numbers", filled(array.0, &|_| format!("{},", "7".repeat(700)), array.1)),
        ("small objects", filled(array.0, &|_| "{\"b\":0,\"a\":0},".into(), array.1)),
        ("members in reverse", filled(object.0, &|number| format!("\"{:06}\":0,", 999_999 - number), object.1)),
        ("indices in reverse", filled(object.0, &|number| format!("\"{}\":0,", 999_999 - number), object.1)),
        (
            "long names",
            filled(object.0, &|number| format!("\"{}{:06}\":0,", "x".repeat(200), 999_999 - number), object.1),
        ),
        ("escaped names", filled(object.0, &|number| format!("\"\\n{:06}\":0,", 999_999 - number), object.1)),
        (
            "deep objects",
            filled(array.0, &|_| format!("{}0{},", "{\"b\":0,\"a\":".repeat(120), "}".repeat(120)), array.1),
        ),
    ];
    println!("{:<20} {:>12} {:>12} {:>6}", "body of 1 MiB", "verify", "read once", "ratio");
    for (name, body) in bodies {
        let best = |work: &dyn Fn()| {
            (0..5)
                .map(|_| {
                    let start = Instant::now();
                    work();
                    start.elapsed()
                })
                .min()
                .expect("five runs")
        };
        let verify = best(&|| {
            assert_eq!(webhook_verify(body.as_bytes(), &"0".repeat(64), KEY).status, Status::InvalidSignature, "{name}")
        });
        let read =
            serde_json::from_str::<Value>(&body).is_ok().then(|| best(&|| drop(serde_json::from_str::<Value>(&body))));
        let ratio = read.map(|read| format!("{:.1}", verify.as_secs_f64() / read.as_secs_f64())).unwrap_or_default();
        println!(
            "{name:<20} {verify:>12.2?} {:>12} {ratio:>6}",
            read.map(|read| format!("{read:.2?}")).unwrap_or_default()
        );
    }
}
