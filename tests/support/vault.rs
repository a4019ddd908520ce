//! The C functions for Rust tests: calls through the ABI, with Rust strings.

use std::ffi::{CStr, CString, c_char};

use apideck_vault::Status;
use apideck_vault::ffi::*;
use serde_json::{Value, json};

/// The C function of an operation.
pub type Function = unsafe extern "C" fn(
    apideck_vault_client,
    *const c_char,
    apideck_vault_cancellation,
    *mut apideck_vault_status,
) -> *mut c_char;

/// The functions of the six operations on connections, by the operation's name.
pub const OPERATIONS: [(&str, Function); 6] = [
    ("connections.list", apideck_vault_connections_list),
    ("connections.get", apideck_vault_connections_get),
    ("connections.update", apideck_vault_connections_update),
    ("connections.delete", apideck_vault_connections_delete),
    ("connections.imports", apideck_vault_connections_imports),
    ("connections.token", apideck_vault_connections_token),
];

/// A client handle that is freed when it is dropped.
pub struct Client(pub apideck_vault_client);

/// How a call ended.
pub struct Reply {
    pub status: Status,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_default().to_string()
    }

    /// Returns the exact text of the body.
    pub fn body(&self) -> &str {
        let at = self.text.find("\"body\":").unwrap_or_else(|| panic!("no body: {}", self.text)) + 7;
        &self.text[at..self.text.len() - 1]
    }
}

impl Client {
    /// Makes a client for the server at `url`. `more` overrides keys of the configuration.
    pub fn new(url: &str, more: Value) -> Client {
        let mut config = json!({"api_key": "sk_live_marked", "app_id": "app", "consumer_id": "consumer",
            "server_url": url, "proxy": null});
        for (key, value) in more.as_object().into_iter().flatten() {
            config[key] = value.clone();
        }
        Client::from_text(&config.to_string()).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn from_text(config: &str) -> Result<Client, String> {
        let config = CString::new(config).expect("no NUL in a test's configuration");
        let mut error = std::ptr::null_mut();
        // SAFETY: both pointers are valid during the call.
        match unsafe { apideck_vault_client_new(config.as_ptr(), &mut error) } {
            0 => Err(take(error)),
            handle => Ok(Client(handle)),
        }
    }

    pub fn call(&self, name: &str, request: impl ToString) -> Reply {
        self.call_cancellable(name, request, 0)
    }

    /// Calls an operation through its C function if it is one of the six, else through apideck_vault_call.
    pub fn call_cancellable(&self, name: &str, request: impl ToString, cancellation: u64) -> Reply {
        let Some((_, function)) = OPERATIONS.iter().find(|(known, _)| *known == name) else {
            return self.call_by_name_cancellable(name, &request.to_string(), cancellation);
        };
        let request = CString::new(request.to_string()).expect("no NUL in a test's request");
        let mut status = -1;
        // SAFETY: both pointers are valid during the call.
        let text = unsafe { function(self.0, request.as_ptr(), cancellation, &mut status) };
        Reply { status: Status::from_number(status).expect("a known status"), text: take(text) }
    }

    /// Calls any operation through apideck_vault_call.
    pub fn call_by_name(&self, operation: &str, request: &str) -> Reply {
        self.call_by_name_cancellable(operation, request, 0)
    }

    fn call_by_name_cancellable(&self, operation: &str, request: &str, cancellation: u64) -> Reply {
        let operation = CString::new(operation).expect("no NUL in a test's operation");
        let request = CString::new(request).expect("no NUL in a test's request");
        let mut status = -1;
        // SAFETY: all pointers are valid during the call.
        let text =
            unsafe { apideck_vault_call(self.0, operation.as_ptr(), request.as_ptr(), cancellation, &mut status) };
        Reply { status: Status::from_number(status).expect("a known status"), text: take(text) }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        apideck_vault_client_free(self.0);
    }
}

/// Reports the health of a connection through apideck_vault_connection_health.
pub fn connection_health(connection: &str) -> Reply {
    let connection = CString::new(connection).expect("no NUL in a connection");
    let mut status = -1;
    // SAFETY: both pointers are valid during the call.
    let text = unsafe { apideck_vault_connection_health(connection.as_ptr(), &mut status) };
    Reply { status: Status::from_number(status).expect("a known status"), text: take(text) }
}

/// Verifies a webhook through apideck_vault_webhook_verify.
pub fn webhook_verify(body: &[u8], signature: &str, api_key: &str) -> Reply {
    let [signature, api_key] =
        [signature, api_key].map(|text| CString::new(text).expect("no NUL in a header or a key"));
    let mut status = -1;
    let body_at = body.as_ptr().cast();
    // SAFETY: all pointers are valid during the call.
    let text =
        unsafe { apideck_vault_webhook_verify(body_at, body.len(), signature.as_ptr(), api_key.as_ptr(), &mut status) };
    Reply { status: Status::from_number(status).expect("a known status"), text: take(text) }
}

/// Signs a webhook through apideck_vault_webhook_sign.
pub fn webhook_sign(body: &[u8], api_key: &str) -> Reply {
    let api_key = CString::new(api_key).expect("no NUL in a key");
    let mut status = -1;
    // SAFETY: all pointers are valid during the call.
    let text = unsafe { apideck_vault_webhook_sign(body.as_ptr().cast(), body.len(), api_key.as_ptr(), &mut status) };
    Reply { status: Status::from_number(status).expect("a known status"), text: take(text) }
}

fn take(text: *mut c_char) -> String {
    assert!(!text.is_null());
    // SAFETY: the library returned the text, and it is freed once.
    unsafe {
        let copy = CStr::from_ptr(text).to_str().expect("texts are UTF-8").to_string();
        assert_eq!(apideck_vault_string_length(text), copy.len());
        apideck_vault_string_free(text);
        copy
    }
}
