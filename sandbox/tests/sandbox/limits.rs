//! The limit of requests per second, and the addresses that the program listens on.

use crate::client::Client;
use crate::clock::{advance, control};
use crate::program::Program;
use apideck_vault_sandbox::{Options, Sandbox};
use serde_json::Value;
use std::net::ToSocketAddrs;

#[test]
fn requests_beyond_the_rate_limit_get_429_with_retry_after() {
    let rate_limit = Some("3/s".parse().unwrap());
    let sandbox = Sandbox::start(Options { rate_limit, request_limit: Some(6), ..Default::default() }).unwrap();
    let client = Client::new(sandbox.url());
    let limited = loop {
        let response = client.get("crm/hubspot");
        if response.status == 429 {
            break response;
        }
        response.expect(200);
    };
    assert_eq!(limited.header("retry-after"), "1");
    let (kind, detail) = limited.error();
    assert_eq!(kind, "TooManyRequestsError");
    assert!(detail.contains("3 requests per second"), "{detail}");
    // Each app has its own limit. Pages and the control interface have none.
    client.with("x-apideck-app-id", "other").get("crm/hubspot").expect(200);
    for _ in 0..10 {
        client.send("GET", "/", "").unwrap().expect(200);
        control(&client, "GET", "clock", &Value::Null).expect(200);
    }
    advance(&client, 1.0);
    for _ in 0..3 {
        // Refused requests did not count towards the request limit.
        client.get("crm/hubspot").expect(200);
    }
}

#[test]
fn a_name_is_resolved_and_every_address_of_it_is_served() {
    let program = Program::start(&["--listen", "localhost:0"]);
    let port = program.url.strip_prefix("http://localhost:").expect("the name");
    Client::new(&program.url).get("crm/hubspot").expect(200);
    let addresses: Vec<_> = format!("localhost:{port}").to_socket_addrs().unwrap().collect();
    let served = addresses.iter().filter(|address| std::net::TcpStream::connect(address).is_ok()).count();
    let can_listen = addresses.iter().filter(|address| std::net::TcpListener::bind((address.ip(), 0)).is_ok()).count();
    assert!(served >= 1 && served == can_listen, "{served} of {addresses:?}");
    for address in addresses.iter().filter(|address| std::net::TcpListener::bind((address.ip(), 0)).is_ok()) {
        Client::new(&format!("http://{address}")).get("crm/hubspot").expect(200);
    }
    let links = Client::new(&program.url).get("crm/hubspot").data()["authorize_url"].as_str().unwrap().to_string();
    assert!(links.starts_with(&program.url), "{links}");
}
