//! The operations on connections. Each one reads or changes stored connections and returns a response.

use crate::body::{self, Import, Update, check_empty};
use crate::catalogue::{self, Grant, Integration};
use crate::connection::{Connection, Record};
use crate::error::{ApiError, names};
use crate::request_checks::Caller;
use crate::target::Target;
use crate::vault::{HandlerResult, Vault, ok};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

pub async fn list(State(vault): State<Arc<Vault>>, caller: Caller, RawQuery(query): RawQuery) -> HandlerResult {
    let query = query.unwrap_or_default();
    let query: HashMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let configured = match query.get("configured").map(|text| text.as_ref()) {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => return Err(ApiError::request("Query parameter configured: expected true or false")),
    };
    // Every name is accepted, because the API may have unified APIs that this catalogue lacks.
    let api = query.get("api").map(|text| text.as_ref());
    let integrations = || catalogue::all().iter().filter(|entry| api.is_none_or(|api| entry.unified_api == api));

    let (mut records, states) = match caller.owner() {
        Some(owner) => (
            vault.store.list(&owner)?,
            vault.store.link_states(&owner, integrations().filter(|entry| entry.signs_in_users()))?,
        ),
        // Without a consumer there are no stored connections and no links.
        None => Default::default(),
    };
    let mut connections = Vec::new();
    for entry in integrations() {
        let record = records.remove(&(entry.unified_api.clone(), entry.service_id.clone()));
        if configured.is_none_or(|configured| configured == record.is_some()) {
            let state = states.get(&entry.key());
            let links = state.map(|state| vault.links(&caller.app, entry, state));
            connections.push(Connection::new(entry, record, links));
        }
    }
    Ok(ok(connections))
}

pub async fn get(State(vault): State<Arc<Vault>>, Target { owner, integration }: Target) -> HandlerResult {
    let record = vault.store.get(&owner, integration)?;
    Ok(ok(vault.connection(&owner, integration, record)?))
}

pub async fn update(State(vault): State<Arc<Vault>>, target: Target, body: Bytes) -> HandlerResult {
    let Target { owner, integration } = target;
    let update = Update::parse(&body)?;
    let record = vault.store.change(&owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        update.apply(integration, &mut record)?;
        Ok(Some(record))
    })?;
    Ok(ok(vault.connection(&owner, integration, record)?))
}

pub async fn delete(State(vault): State<Arc<Vault>>, Target { owner, integration }: Target) -> HandlerResult {
    // Deleting a connection that does not exist succeeds, so a client that lost the response can send the request again.
    vault.store.change(&owner, integration, |_, _| Ok(None))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub async fn import(State(vault): State<Arc<Vault>>, target: Target, body: Bytes) -> HandlerResult {
    let Target { owner, integration } = target;
    let import = Import::parse(&body, vault.store.clock.now())?;
    if import.credentials.is_some() && integration.oauth_grant_type.is_none() {
        let detail = "credentials need OAuth 2, but this integration uses settings only";
        return Err(ApiError::invalid_state(format!("{}: {detail}", integration.name)));
    }
    let record = vault.store.change(&owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        if let Some(change) = import.settings {
            change.apply(integration, &mut record.settings)?;
        }
        if let Some(metadata) = import.metadata {
            record.metadata = metadata;
        }
        if let Some(credentials) = import.credentials {
            record.sign_in(credentials);
        }
        Ok(Some(record))
    })?;
    Ok(ok(vault.connection(&owner, integration, record)?))
}

pub async fn token(State(vault): State<Arc<Vault>>, target: Target, body: Bytes) -> HandlerResult {
    let Target { owner, integration } = target;
    check_empty(&body)?;
    match integration.oauth_grant_type {
        Some(Grant::ClientCredentials | Grant::Password) => {}
        Some(other) => {
            let detail =
                format!("{} uses the grant {}, which has no token to exchange", integration.name, other.name());
            return Err(ApiError::invalid_state(detail));
        }
        None => return Err(ApiError::invalid_state(format!("{} does not use OAuth 2", integration.name))),
    }
    let mut refused = None;
    let record = vault.store.change(&owner, integration, |record, now| {
        let Some(mut record) = record else { return Err(not_added(integration)) };
        let allowed = record.exchange(integration, now, vault.store.lifetime).map_err(|missing| {
            ApiError::invalid_state(format!(
                "There are no credentials to exchange, and the settings {missing} are missing"
            ))
        })?;
        if !allowed {
            refused = Some(ApiError::token_refresh(&record.refresh, now));
        }
        Ok(Some(record))
    })?;
    if let Some(error) = refused {
        return Err(error);
    }
    Ok(ok(vault.connection(&owner, integration, record)?))
}

pub async fn migrate(State(vault): State<Arc<Vault>>, target: Target, body: Bytes) -> HandlerResult {
    let Target { owner, integration: source } = target;
    let target = migration_target(source, &body::migration_target(&body)?)?;
    let record = vault.store.migrate(&owner, source, target, |from, to, now| match (from, to) {
        (Some(_), Some(_)) => {
            let detail = format!("{} has a connection already: delete it to migrate {}", target.name, source.name);
            Err(ApiError::conflict(detail))
        }
        (Some(mut record), None) => {
            record.migrated_from = Some(source.service_id.clone());
            record.mark_changed(target, now);
            Ok(record)
        }
        // The client sends the request again, for example because it lost the first response.
        (None, Some(record)) if record.migrated_from.as_ref() == Some(&source.service_id) => Ok(record),
        (None, _) => Err(not_added(source)),
    })?;
    Ok(ok(vault.connection(&owner, target, Some(record))?))
}

pub async fn validate(State(vault): State<Arc<Vault>>, target: Target, body: Bytes) -> HandlerResult {
    let Target { owner, integration } = target;
    check_empty(&body)?;
    let mut record = vault.store.get(&owner, integration)?;
    let (now, lifetime) = (vault.store.clock.now(), vault.store.lifetime);
    // The refresh runs on a copy first. If it changes nothing, nothing is written.
    if record.as_mut().is_some_and(|record| record.refresh_now(integration, now, lifetime)) {
        record = vault.store.change(&owner, integration, |record, now| {
            Ok(record.map(|mut record| {
                record.refresh_now(integration, now, lifetime);
                record
            }))
        })?;
    }
    let connection = vault.connection(&owner, integration, record)?;
    Ok(ok(json!({"id": connection.id, "state": connection.state})))
}

fn migration_target(source: &Integration, service_id: &str) -> Result<&'static Integration, ApiError> {
    let declared = source.migration_targets.iter().any(|target| target == service_id);
    catalogue::find(&source.unified_api, service_id).filter(|_| declared).ok_or_else(|| {
        let known = names(&source.migration_targets);
        let detail = format!("{} has no migration target '{service_id}' (it has: {known})", source.name);
        ApiError::conflict(detail)
    })
}

fn not_added(integration: &Integration) -> ApiError {
    ApiError::invalid_state(format!("{} is not added yet", integration.name))
}
