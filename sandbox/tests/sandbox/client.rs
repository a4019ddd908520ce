//! A client of one app and one consumer, as small as it can be: what it asks and gets is all plain to see.

use crate::openapi;
use apideck_vault_sandbox::Sandbox;
use serde_json::Value;
use ureq::http::{HeaderMap, Request};

/// A sandbox with the default options, and a client of it.
pub fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start(Default::default()).expect("a sandbox");
    let client = Client::new(sandbox.url());
    (sandbox, client)
}

#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new(url: &str) -> Client {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build();
        let headers =
            [("authorization", "Bearer a-key"), ("x-apideck-app-id", "app"), ("x-apideck-consumer-id", "acme")];
        Client {
            agent: agent.into(),
            url: url.to_string(),
            headers: headers.map(|(name, value)| (name, value.to_string())).to_vec(),
        }
    }

    /// The same client with this header instead of the one it had; an empty one is left out.
    pub fn with(&self, name: &'static str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            client.headers.push((name, value.to_string()));
        }
        client
    }

    /// One request of an operation; its answer is held against the OpenAPI description.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> Reply {
        let reply = self.send(method, path, body).expect("an answer");
        openapi::check(method, path, &reply);
        reply
    }

    pub fn get(&self, place: &str) -> Reply {
        self.ask("GET", &format!("/vault/connections/{place}"), "")
    }

    pub fn update(&self, place: &str, body: &str) -> Reply {
        self.ask("PATCH", &format!("/vault/connections/{place}"), body)
    }

    pub fn delete(&self, place: &str) -> Reply {
        self.ask("DELETE", &format!("/vault/connections/{place}"), "")
    }

    pub fn import(&self, place: &str, body: &str) -> Reply {
        self.ask("POST", &format!("/vault/connections/{place}/import"), body)
    }

    pub fn token(&self, place: &str) -> Reply {
        self.ask("POST", &format!("/vault/connections/{place}/token"), "{}")
    }

    pub fn migrate(&self, place: &str, target: &str) -> Reply {
        let body = serde_json::json!({"target_service_id": target}).to_string();
        self.ask("POST", &format!("/vault/connections/{place}/migrate"), &body)
    }

    pub fn validate(&self, place: &str) -> Reply {
        self.ask("POST", &format!("/vault/connections/{place}/validate"), "{}")
    }

    /// The settings of a resource; `place` ends with its name.
    pub fn config(&self, place: &str) -> Reply {
        self.ask("GET", &format!("/vault/connections/{place}/config"), "")
    }

    pub fn update_config(&self, place: &str, body: &str) -> Reply {
        self.ask("PATCH", &format!("/vault/connections/{place}/config"), body)
    }

    /// Creates a session and returns the path of its page.
    pub fn session(&self, body: &str) -> String {
        let reply = self.ask("POST", "/vault/sessions", body).expect(200);
        reply.data()["session_uri"].as_str().expect("a link").replace(&self.url, "")
    }

    pub fn consumer(&self, id: &str) -> Reply {
        self.ask("GET", &format!("/vault/consumers/{id}"), "")
    }

    pub fn list(&self, query: &str) -> Vec<Value> {
        let reply = self.ask("GET", &format!("/vault/connections{query}"), "").expect(200);
        reply.data().as_array().expect("an array").clone()
    }

    /// One request of any kind; redirects are not followed.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut response = if body.is_empty() {
            self.agent.run(request.body(()).expect("a request"))?
        } else {
            self.agent.run(request.body(body.to_string()).expect("a request"))?
        };
        let text = response.body_mut().read_to_string()?;
        Ok(Reply { status: response.status().as_u16(), headers: response.headers().clone(), text })
    }
}

impl Reply {
    #[track_caller]
    pub fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|cause| panic!("not JSON ({cause}): {}", self.text))
    }

    #[track_caller]
    pub fn data(&self) -> Value {
        self.json()["data"].take()
    }

    #[track_caller]
    pub fn state(&self) -> String {
        self.data()["state"].as_str().expect("a state").to_string()
    }

    /// `type_name` and `detail` of an error.
    #[track_caller]
    pub fn problem(&self) -> (String, String) {
        let body = self.json();
        let text = |key: &str| body[key].as_str().expect(key).to_string();
        (text("type_name"), text("detail"))
    }
}
