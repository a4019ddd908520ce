//! The state that all operations share, and the functions that write their responses.

use crate::catalogue::Integration;
use crate::connection::{Connection, Links, Record};
use crate::error::{ApiError, json};
use crate::faults::Faults;
use crate::store::Owner;
use crate::store::Store;
use crate::webhook::Webhooks;
use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use std::iter;
use std::sync::Arc;

pub struct Vault {
    pub store: Store,
    pub faults: Arc<Faults>,
    pub webhooks: Option<Arc<Webhooks>>,
    /// The base URL of every link: `http://HOST:PORT`.
    pub url: String,
}

/// How the sandbox names itself to other servers.
pub const USER_AGENT: &str = concat!("apideck-vault-sandbox/", env!("CARGO_PKG_VERSION"));

/// The result of an operation or a page.
pub type HandlerResult = Result<Response, ApiError>;

/// The characters to escape in a path segment: all except the unreserved characters of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Serialize)]
struct Envelope<T> {
    status_code: u16,
    status: &'static str,
    data: T,
}

/// Returns a 200 response with `data` in the common envelope.
pub fn ok(data: impl Serialize) -> Response {
    json(StatusCode::OK, &Envelope { status_code: 200, status: "OK", data })
}

impl Vault {
    /// Returns a connection in the format of responses.
    pub fn connection<'a>(
        &self,
        owner: &Owner,
        integration: &'a Integration,
        record: Option<Record>,
    ) -> Result<Connection<'a>, ApiError> {
        let links = if integration.signs_in_users() { self.links_of(owner, integration)? } else { None };
        Ok(Connection::new(integration, record, links))
    }

    /// Returns the links of a connection, or `None` if its integration has none.
    pub fn links_of(&self, owner: &Owner, integration: &Integration) -> Result<Option<Links>, ApiError> {
        let linked = iter::once(integration).filter(|entry| entry.has_links());
        let states = self.store.link_states(owner, linked)?;
        Ok(states.into_values().next().map(|state| self.links(&owner.app, integration, &state)))
    }

    /// Returns the links of an integration's connection. `state` is their random part.
    pub fn links(&self, app: &str, integration: &Integration, state: &str) -> Links {
        let app = utf8_percent_encode(app, &RESERVED);
        let link = |page| format!("{}/vault/{page}/{}/{app}?state={state}", self.url, integration.service_id);
        Links { authorize_url: link("authorize"), revoke_url: link("revoke") }
    }
}
