//! Takes one connection through its states, through the C functions.
//!
//! `cargo run --example quickstart` starts a local Vault inside this process and makes all six calls
//! to it.
//!
//! `cargo run --example quickstart -- --live`, with `APIDECK_API_KEY`, `APIDECK_APP_ID` and
//! `APIDECK_CONSUMER_ID` set, only lists and gets, against the real server.

use std::ffi::{CStr, CString, c_char};
use std::process::ExitCode;

use apideck_vault::ffi::*;
use apideck_vault_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

/// The type of the six functions.
type Operation = unsafe extern "C" fn(
    apideck_vault_client,
    *const c_char,
    apideck_vault_cancellation,
    *mut apideck_vault_status,
) -> *mut c_char;

fn main() -> ExitCode {
    let live = std::env::args().any(|argument| argument == "--live");
    let done = if live { against_the_real_server() } else { against_a_local_vault() };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn against_a_local_vault() -> Result<(), String> {
    let sandbox = Sandbox::start(Options::default()).map_err(|e| e.to_string())?;
    println!("A local Vault listens on {}. It needs no account and no network.", sandbox.url());
    println!("The consumer \"acme\" connects Pipedrive, a CRM:\n");
    let vault = Vault::new(json!({"server_url": sandbox.url(), "api_key": "any-key-will-do",
        "app_id": "my-app", "consumer_id": "acme"}))?;
    let one = json!({"service_id": "pipedrive", "unified_api": "crm"});
    let with = |key: &str, body: Value| {
        let mut request = one.clone();
        request[key] = body;
        request
    };

    println!("{:<8} {:<6} {:<10} {:<11} what happened", "call", "status", "HTTP", "state");
    let connections = vault.call("list", apideck_vault_connections_list, &json!({"api": "crm"}))?;
    let names: Vec<&str> = connections.as_array().into_iter().flatten().filter_map(|c| c["name"].as_str()).collect();
    row("list", "200", "", &format!("the CRMs that can be connected: {}", names.join(", ")));

    let show = |call: &str, connection: &Value, what: &str| row(call, "200", state(connection), what);
    show("get", &vault.call("get", apideck_vault_connections_get, &one)?, "not set up yet");
    let settings = json!({"settings": {"instance_url": "https://acme.pipedrive.com", "api_key": "12345"},
        "metadata": {"plan": "enterprise"}});
    let update = with("connection", settings);
    show("update", &vault.call("update", apideck_vault_connections_update, &update)?, "has settings and metadata");
    let credentials = json!({"credentials": {"access_token": "a-token", "refresh_token": "another"}});
    let import = with("connection_import_data", credentials);
    show(
        "imports",
        &vault.call("imports", apideck_vault_connections_imports, &import)?,
        "has credentials that were obtained elsewhere",
    );
    show(
        "token",
        &vault.call("token", apideck_vault_connections_token, &one)?,
        "has an access token for its credentials",
    );
    vault.call("delete", apideck_vault_connections_delete, &one)?;
    row("delete", "204", "", "settings and credentials are deleted");
    show("get", &vault.call("get", apideck_vault_connections_get, &one)?, "not set up any more");

    let mistake = json!({"service_id": "pipedriv", "unified_api": "crm"});
    let error = vault.call("get", apideck_vault_connections_get, &mistake).err().unwrap_or_default();
    println!("\nAn error has a message:\n  {error}");
    Ok(())
}

fn against_the_real_server() -> Result<(), String> {
    let vault = Vault::new(json!({}))?; // key and ids come from the environment
    let connections = vault.call("list", apideck_vault_connections_list, &json!({}))?;
    let connections = connections.as_array().cloned().unwrap_or_default();
    println!("{} connections", connections.len());
    for connection in connections.iter().take(10) {
        let request = json!({"service_id": connection["service_id"], "unified_api": connection["unified_api"]});
        let one = vault.call("get", apideck_vault_connections_get, &request)?;
        row("get", "200", state(&one), connection["id"].as_str().unwrap_or_default());
    }
    Ok(())
}

fn row(call: &str, code: &str, state: &str, what: &str) {
    println!("{call:<8} {:<6} {code:<10} {state:<11} {what}", "OK");
}

fn state(connection: &Value) -> &str {
    connection["state"].as_str().unwrap_or_default()
}

/// A client handle, freed at the end.
struct Vault(apideck_vault_client);

impl Vault {
    fn new(config: Value) -> Result<Vault, String> {
        let config = c_string(&config)?;
        let mut error = std::ptr::null_mut();
        // SAFETY: both pointers are valid during the call.
        match unsafe { apideck_vault_client_new(config.as_ptr(), &mut error) } {
            0 => Err(message(&take(error)?)),
            handle => Ok(Vault(handle)),
        }
    }

    /// Makes one call and returns `data` of the response body.
    fn call(&self, name: &str, operation: Operation, request: &Value) -> Result<Value, String> {
        let request = c_string(request)?;
        let mut status = APIDECK_VAULT_INTERNAL;
        // SAFETY: both pointers are valid during the call.
        let text = unsafe { operation(self.0, request.as_ptr(), 0, &mut status) };
        let mut response = take(text)?;
        match status {
            APIDECK_VAULT_OK => Ok(response["body"]["data"].take()),
            _ => Err(format!("{name}: {}", message(&response))),
        }
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        apideck_vault_client_free(self.0);
    }
}

fn message(response: &Value) -> String {
    let error = &response["error"];
    format!("{}: {}", error["status"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default())
}

fn c_string(value: &Value) -> Result<CString, String> {
    CString::new(value.to_string()).map_err(|e| e.to_string())
}

/// Copies a string that the library returned, and frees it.
fn take(text: *mut c_char) -> Result<Value, String> {
    // SAFETY: the library returned `text`: it has a NUL at its end, and is freed once and not used afterwards.
    let copy = unsafe {
        let copy = CStr::from_ptr(text).to_string_lossy().into_owned();
        apideck_vault_string_free(text);
        copy
    };
    serde_json::from_str(&copy).map_err(|e| e.to_string())
}
