//! The operation that creates sessions. A session is a link that opens the connections of one consumer in a browser.
//! Its pages are in `session_pages`.

use crate::body::Keys;
use crate::consumers;
use crate::request_checks::Caller;
use crate::session::Session;
use crate::vault::{HandlerResult, Vault, ok};
use axum::body::Bytes;
use axum::extract::State;
use serde_json::json;
use std::sync::Arc;

pub async fn create(State(vault): State<Arc<Vault>>, caller: Caller, body: Bytes) -> HandlerResult {
    let owner = caller.required_owner()?;
    // The body is optional.
    let mut keys = Keys::parse(if body.is_empty() { b"{}" } else { &body })?;
    let metadata = consumers::metadata(&mut keys, "consumer_metadata")?;
    let session = Session::take(&mut keys)?;
    keys.finish()?;
    if metadata.is_some() {
        vault.store.put_consumer(&owner, metadata.as_ref())?;
    }
    let token = vault.store.create_session(&owner, &session)?;
    Ok(ok(json!({"session_uri": format!("{}/session/{token}", vault.url), "session_token": token})))
}
