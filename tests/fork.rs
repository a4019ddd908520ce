//! A child process uses its parent's client through the Rust API. It opens its own connections, and never waits for a
//! lock of a thread that exists only in the parent. `tests/c/fork.c` tests the same for the C functions.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use apideck_vault::{Client, Operation, Status};
use serde_json::{Value, json};
use support::server::{Server, respond};
use support::tls::{self, Authority, Identity, TlsServer, VERSIONS};

fn client(config: Value) -> Client {
    let mut all = json!({"api_key": "k", "app_id": "a", "consumer_id": "c", "proxy": null, "retries": null});
    for (key, value) in config.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    Client::new(&all.to_string()).unwrap_or_else(|failure| panic!("{}", failure.message))
}

/// Makes a call. Returns the client's port of the connection, which the server sends.
fn call(client: &Client) -> u64 {
    let reply = client.call(Operation::CONNECTIONS_LIST, "{}", None);
    assert_eq!(reply.status, Status::Ok, "{}", reply.json());
    let reply: Value = serde_json::from_str(reply.json()).expect("JSON");
    reply["body"]["port"].as_u64().expect("the server sends the port")
}

/// Runs `body` in a child process, which must end well within 20 seconds. `meanwhile` runs in the parent.
fn in_child(body: impl FnOnce(), meanwhile: impl FnOnce()) {
    // SAFETY: the child runs only code of the library, which supports this, and exits without returning here.
    unsafe {
        let child = libc::fork();
        assert!(child >= 0, "{}", std::io::Error::last_os_error());
        if child == 0 {
            libc::alarm(20);
            let ended_well = catch_unwind(AssertUnwindSafe(body)).is_ok();
            libc::_exit(i32::from(!ended_well));
        }
        meanwhile();
        let mut status = -1;
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
        assert_eq!(status, 0, "the child ended with {status:#x}");
    }
}

/// Makes calls in the parent and its child at the same time, then in a grandchild.
fn check_a_family(client: &Client) {
    let of_parent = call(client);
    assert_eq!(call(client), of_parent, "the connection is kept alive");
    let work = |others: &[u64]| {
        let own = call(client);
        assert!(!others.contains(&own), "the connection on port {own} is shared with another process");
        for _ in 0..10 {
            assert_eq!(call(client), own);
        }
        own
    };
    let child = || {
        let of_child = work(&[of_parent]);
        in_child(
            || {
                work(&[of_parent, of_child]);
            },
            || assert_eq!(call(client), of_child),
        );
        assert_eq!(call(client), of_child);
    };
    let parent = || {
        for _ in 0..10 {
            assert_eq!(call(client), of_parent);
        }
    };
    in_child(child, parent);
    parent();
}

fn server() -> Server {
    Server::quiet(|_, stream| {
        let port = stream.peer_addr()?.port();
        respond(stream, "200 OK", "", format!("{{\"port\":{port}}}").as_bytes())
    })
}

#[test]
fn a_child_opens_its_own_connections() {
    let server = server();
    check_a_family(&client(json!({"server_url": server.url()})));
}

#[test]
fn a_child_opens_its_own_tls_connections() {
    let authority = Authority::new("ours");
    let identity = Identity::new(Some(&authority), &["localhost"], |_| {});
    let server = TlsServer::with(identity, &VERSIONS, |session, _| {
        let port = session.sock.peer_addr().expect("it is connected").port();
        tls::send(session, &[tls::response(&format!("{{\"port\":{port}}}"))])
    });
    check_a_family(&client(json!({"server_url": server.url("localhost"), "ca_file": authority.file("fork")})));
}

#[test]
fn a_child_makes_calls_while_threads_of_its_parent_are_inside_calls() {
    let server = server();
    let client = client(json!({"server_url": server.url()}));
    client.set_event_callback(Some(Arc::new(|_| {}))).unwrap_or_else(|failure| panic!("{}", failure.message));
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    call(&client);
                    client
                        .set_event_callback(Some(Arc::new(|_| {})))
                        .unwrap_or_else(|failure| panic!("{}", failure.message));
                }
            });
        }
        let forks = catch_unwind(AssertUnwindSafe(|| {
            for _ in 0..30 {
                in_child(
                    || {
                        for _ in 0..3 {
                            call(&client);
                        }
                        let replaced = client.set_event_callback(None);
                        assert!(replaced.is_ok());
                    },
                    || {},
                );
            }
        }));
        stop.store(true, Ordering::Relaxed);
        assert!(forks.is_ok(), "a child failed");
    });
}
