//! A minimal client of one app and one consumer.

use crate::openapi;
use apideck_vault_sandbox::Sandbox;
use serde_json::Value;
use ureq::http::{HeaderMap, Request};

/// Starts a sandbox with the default options. Returns it with a client.
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

pub struct Response {
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

    /// Returns the same client with another value for this header. An empty value removes the header.
    pub fn with(&self, name: &'static str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            client.headers.push((name, value.to_string()));
        }
        client
    }

    /// Sends a request for an operation and checks the response against the OpenAPI description.
    pub fn call(&self, method: &str, path: &str, body: &str) -> Response {
        let response = self.send(method, path, body).expect("a response");
        openapi::check(method, path, &response);
        response
    }

    pub fn get(&self, connection: &str) -> Response {
        self.call("GET", &format!("/vault/connections/{connection}"), "")
    }

    pub fn update(&self, connection: &str, body: &str) -> Response {
        self.call("PATCH", &format!("/vault/connections/{connection}"), body)
    }

    pub fn delete(&self, connection: &str) -> Response {
        self.call("DELETE", &format!("/vault/connections/{connection}"), "")
    }

    pub fn import(&self, connection: &str, body: &str) -> Response {
        self.call("POST", &format!("/vault/connections/{connection}/import"), body)
    }

    pub fn token(&self, connection: &str) -> Response {
        self.call("POST", &format!("/vault/connections/{connection}/token"), "{}")
    }

    pub fn migrate(&self, connection: &str, target: &str) -> Response {
        let body = serde_json::json!({"target_service_id": target}).to_string();
        self.call("POST", &format!("/vault/connections/{connection}/migrate"), &body)
    }

    pub fn validate(&self, connection: &str) -> Response {
        self.call("POST", &format!("/vault/connections/{connection}/validate"), "{}")
    }

    /// Gets the settings of a resource: `UNIFIED_API/SERVICE_ID/RESOURCE`.
    pub fn config(&self, resource: &str) -> Response {
        self.call("GET", &format!("/vault/connections/{resource}/config"), "")
    }

    pub fn update_config(&self, resource: &str, body: &str) -> Response {
        self.call("PATCH", &format!("/vault/connections/{resource}/config"), body)
    }

    /// Creates a session and returns the path of its page.
    pub fn session(&self, body: &str) -> String {
        let response = self.call("POST", "/vault/sessions", body).expect(200);
        response.data()["session_uri"].as_str().expect("a link").replace(&self.url, "")
    }

    /// Returns the path of the `authorize` or `revoke` page of a connection, from the page of a session. Responses contain
    /// it only for the grant with a user.
    pub fn page_path(&self, connection: &str, page: &str) -> String {
        let session = self.session("{}");
        let text = self.send("GET", &format!("{session}/{connection}"), "").expect("a response").expect(200).text;
        let link = text.split("/vault/authorize/").nth(1).expect("a link");
        let rest = link.split(['"', '&']).next().expect("a link");
        format!("/vault/{page}/{rest}")
    }

    pub fn consumer(&self, id: &str) -> Response {
        self.call("GET", &format!("/vault/consumers/{id}"), "")
    }

    pub fn list(&self, query: &str) -> Vec<Value> {
        let response = self.call("GET", &format!("/vault/connections{query}"), "").expect(200);
        response.data().as_array().expect("an array").clone()
    }

    /// Sends any request. Redirects are not followed.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Result<Response, ureq::Error> {
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
        Ok(Response { status: response.status().as_u16(), headers: response.headers().clone(), text })
    }
}

impl Response {
    #[track_caller]
    pub fn expect(self, status: u16) -> Response {
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

    /// Returns `type_name` and `detail` of an error.
    #[track_caller]
    pub fn error(&self) -> (String, String) {
        let body = self.json();
        let text = |key: &str| body[key].as_str().expect(key).to_string();
        (text("type_name"), text("detail"))
    }
}
