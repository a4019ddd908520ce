//! The six operations: request -> change of a stored connection -> response.

use crate::body::{Import, SettingsChange, Update, check_empty};
use crate::catalogue::{self, Grant, Integration};
use crate::connection::{Connection, Credentials, Links, Record};
use crate::door::Caller;
use crate::problem::{Problem, json};
use crate::settings::{self, Settings};
use crate::store::{Owner, Store};
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use std::collections::HashMap;
use std::iter;
use std::sync::Arc;

/// What every handler works on.
pub struct Vault {
    pub store: Store,
    /// `http://HOST:PORT`, the beginning of every link.
    pub url: String,
}

/// What a path part may not hold as it is: all but RFC 3986's unreserved characters.
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

type Answer = Result<Response, Problem>;
type Place = Result<Path<(String, String)>, PathRejection>;

#[derive(Serialize)]
struct Envelope<T> {
    status_code: u16,
    status: &'static str,
    data: T,
}

fn ok(data: impl Serialize) -> Response {
    json(StatusCode::OK, &Envelope { status_code: 200, status: "OK", data })
}

pub async fn list(
    State(vault): State<Arc<Vault>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let query: HashMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let configured = match query.get("configured").map(|text| text.as_ref()) {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(Problem::request("Query parameter configured: expected true or false")),
    };
    // Any name is a name: the API may know unified APIs that this catalogue has nothing of.
    let api = query.get("api").map(|text| text.as_ref());
    let wanted = || catalogue::all().iter().filter(|entry| api.is_none_or(|api| entry.unified_api == api));

    let (mut records, states) = match caller.owner() {
        Some(owner) => {
            (vault.store.list(&owner)?, vault.store.link_states(&owner, wanted().filter(|entry| entry.has_links()))?)
        }
        // Without a consumer this is the catalogue as nobody has touched it yet, and there is nobody to sign in.
        None => Default::default(),
    };
    let mut connections = Vec::new();
    for entry in wanted() {
        let record = records.remove(&(entry.unified_api.clone(), entry.service_id.clone()));
        if configured.is_none_or(|configured| configured == record.is_some()) {
            let state = states.get(&entry.key());
            let links = state.map(|state| vault.links(&caller.app, entry, state));
            connections.push(Connection::new(entry, record, links));
        }
    }
    Ok(ok(connections))
}

pub async fn get(State(vault): State<Arc<Vault>>, Extension(caller): Extension<Caller>, place: Place) -> Answer {
    let (owner, integration) = (caller.required_owner()?, integration(place)?);
    let record = vault.store.get(&owner, integration)?;
    vault.show(&owner, integration, record)
}

pub async fn update(
    State(vault): State<Arc<Vault>>,
    Extension(caller): Extension<Caller>,
    place: Place,
    body: Bytes,
) -> Answer {
    let (owner, integration) = (caller.required_owner()?, integration(place)?);
    let update = Update::parse(&body)?;
    let record = vault.store.change(&owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        change_settings(integration, &mut record.settings, update.settings)?;
        if let Some(enabled) = update.enabled {
            record.enabled = enabled;
        }
        if let Some(metadata) = update.metadata {
            record.metadata = metadata;
        }
        if let Some(configuration) = update.configuration {
            record.configuration = configuration;
        }
        if let Some(custom_mappings) = update.custom_mappings {
            record.custom_mappings = custom_mappings;
        }
        Ok(Some(record))
    })?;
    vault.show(&owner, integration, record)
}

pub async fn delete(State(vault): State<Arc<Vault>>, Extension(caller): Extension<Caller>, place: Place) -> Answer {
    let (owner, integration) = (caller.required_owner()?, integration(place)?);
    // One that is not there is gone already: a delete that is sent again after a lost answer succeeds.
    vault.store.change(&owner, integration, |_, _| Ok(None))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub async fn import(
    State(vault): State<Arc<Vault>>,
    Extension(caller): Extension<Caller>,
    place: Place,
    body: Bytes,
) -> Answer {
    let (owner, integration) = (caller.required_owner()?, integration(place)?);
    let import = Import::parse(&body)?;
    if import.credentials.is_some() && integration.oauth_grant_type.is_none() {
        let detail = "credentials are those of OAuth 2; this integration is signed in to by its settings";
        return Err(Problem::invalid_state(format!("{}: {detail}", integration.name)));
    }
    let record = vault.store.change(&owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        change_settings(integration, &mut record.settings, import.settings)?;
        if let Some(metadata) = import.metadata {
            record.metadata = metadata;
        }
        if let Some(credentials) = import.credentials {
            record.sign_in(credentials);
        }
        Ok(Some(record))
    })?;
    vault.show(&owner, integration, record)
}

pub async fn token(
    State(vault): State<Arc<Vault>>,
    Extension(caller): Extension<Caller>,
    place: Place,
    body: Bytes,
) -> Answer {
    let (owner, integration) = (caller.required_owner()?, integration(place)?);
    check_empty(&body)?;
    match integration.oauth_grant_type {
        Some(Grant::ClientCredentials | Grant::Password) => {}
        Some(other) => {
            let detail =
                format!("{} uses the grant {}, which has no token to exchange", integration.name, other.name());
            return Err(Problem::invalid_state(detail));
        }
        None => return Err(Problem::invalid_state(format!("{} does not use OAuth 2", integration.name))),
    }
    let record = vault.store.change(&owner, integration, |record, _| {
        let Some(mut record) = record else {
            return Err(Problem::invalid_state(format!("{} is not added yet", integration.name)));
        };
        let missing = settings::missing(integration, &record.settings);
        if record.credentials.is_none() && !missing.is_empty() {
            let detail = format!("No credentials to exchange: settings {} are missing", missing.join(", "));
            return Err(Problem::invalid_state(detail));
        }
        let refresh_token = record.credentials.take().and_then(|credentials| credentials.refresh_token);
        record.sign_in(Credentials { refresh_token, ..Credentials::issued_here() });
        Ok(Some(record))
    })?;
    vault.show(&owner, integration, record)
}

pub async fn unknown_route() -> Problem {
    let detail = "There is /vault/connections, /vault/authorize and /vault/revoke";
    Problem::new(StatusCode::NOT_FOUND, "RouteNotFoundError", "Unknown Route", detail)
}

pub async fn wrong_method() -> Problem {
    let detail = "The header allow says which methods this route has";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowedError", "Method Not Allowed", detail)
}

fn integration(place: Place) -> Result<&'static Integration, Problem> {
    // A path that is not UTF-8 names nothing either.
    let Ok(Path((unified_api, service_id))) = place else {
        return Err(Problem::entity_not_found("Unknown Service", "The path is not UTF-8"));
    };
    catalogue::find(&unified_api, &service_id).ok_or_else(|| {
        let detail = format!("Could not find service with id: '{service_id}' in unified API '{unified_api}'");
        Problem::entity_not_found("Unknown Service", detail)
    })
}

fn change_settings(
    integration: &Integration,
    settings: &mut Settings,
    change: Option<SettingsChange>,
) -> Result<(), Problem> {
    match change {
        None => Ok(()),
        Some(SettingsChange::Clear) => {
            settings.clear();
            Ok(())
        }
        Some(SettingsChange::Merge(changes)) => {
            settings::merge(integration, settings, changes).map_err(Problem::settings)
        }
    }
}

impl Vault {
    fn show(&self, owner: &Owner, integration: &Integration, record: Option<Record>) -> Answer {
        let linked = iter::once(integration).filter(|entry| entry.has_links());
        let states = self.store.link_states(owner, linked)?;
        let links = states.into_values().next().map(|state| self.links(&owner.app, integration, &state));
        Ok(ok(Connection::new(integration, record, links)))
    }

    fn links(&self, app: &str, integration: &Integration, state: &str) -> Links {
        let app = utf8_percent_encode(app, &RESERVED);
        let link = |page| format!("{}/vault/{page}/{}/{app}?state={state}", self.url, integration.service_id);
        Links { authorize_url: link("authorize"), revoke_url: link("revoke") }
    }
}
