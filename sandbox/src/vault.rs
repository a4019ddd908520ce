//! What every operation works on, and how its responses are put together.

use crate::catalogue::Integration;
use crate::connection::{Connection, Links, Record};
use crate::error::{ApiError, json};
use crate::store::Owner;
use crate::store::Store;
use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use std::iter;

pub struct Vault {
    pub store: Store,
    /// `http://HOST:PORT`, the beginning of every link.
    pub url: String,
}

/// What an operation or a page returns.
pub type HandlerResult = Result<Response, ApiError>;

/// What a path segment may not hold as it is: all but RFC 3986's unreserved characters.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[derive(Serialize)]
struct Envelope<T> {
    status_code: u16,
    status: &'static str,
    data: T,
}

pub fn ok(data: impl Serialize) -> Response {
    json(StatusCode::OK, &Envelope { status_code: 200, status: "OK", data })
}

impl Vault {
    /// A connection as responses show it.
    pub fn connection<'a>(
        &self,
        owner: &Owner,
        integration: &'a Integration,
        record: Option<Record>,
    ) -> Result<Connection<'a>, ApiError> {
        Ok(Connection::new(integration, record, self.links_of(owner, integration)?))
    }

    /// The links of a connection, if its integration has links.
    pub fn links_of(&self, owner: &Owner, integration: &Integration) -> Result<Option<Links>, ApiError> {
        let linked = iter::once(integration).filter(|entry| entry.has_links());
        let states = self.store.link_states(owner, linked)?;
        Ok(states.into_values().next().map(|state| self.links(&owner.app, integration, &state)))
    }

    pub fn links(&self, app: &str, integration: &Integration, state: &str) -> Links {
        let app = utf8_percent_encode(app, &RESERVED);
        let link = |page| format!("{}/vault/{page}/{}/{app}?state={state}", self.url, integration.service_id);
        Links { authorize_url: link("authorize"), revoke_url: link("revoke") }
    }
}
