//! `/sandbox/connections/…`: sets how the refreshes of a connection go, and degrades it.

use super::{ControlError, ControlResult, parse};
use crate::error::{ApiError, names};
use crate::refresh::Outcome;
use crate::store::Owner;
use crate::target::Segments;
use crate::vault::Vault;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    consumer_id: String,
    /// Needed only if several apps have the connection.
    app_id: Option<String>,
    refresh: Option<RefreshChange>,
    degraded: Option<bool>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RefreshChange {
    Fail,
    FailForGood,
    Recover,
}

pub async fn change(State(vault): State<Arc<Vault>>, segments: Segments, body: Body) -> ControlResult {
    let Change { consumer_id, app_id, refresh, degraded } = parse(body).await?;
    let integration = segments.integration()?;
    if refresh.is_some() && integration.oauth_grant_type.is_none() {
        let message = format!("refresh: {} does not use OAuth 2, so it has no token to refresh", integration.name);
        return Err(ControlError::invalid(message));
    }
    let apps = vault.store.apps_with(&consumer_id, integration, app_id.as_deref())?;
    let app = match apps.as_slice() {
        [app] => app.clone(),
        [] => {
            let message = format!("the consumer '{consumer_id}' has no connection to {}", integration.name);
            return Err(ControlError::not_found(message));
        }
        several => {
            let message = format!("app_id: several apps have this connection: {}", names(several));
            return Err(ControlError::invalid(message));
        }
    };
    let owner = Owner { app, consumer: consumer_id };
    let lifetime = vault.store.lifetime;
    let record = vault.store.change(&owner, integration, |record, now| {
        let mut record = record.ok_or_else(|| ApiError::entity_not_found("", "the connection was deleted"))?;
        if let Some(refresh) = refresh {
            let outcome = match refresh {
                RefreshChange::Fail => Outcome::Fail,
                RefreshChange::FailForGood => Outcome::Refuse,
                RefreshChange::Recover => Outcome::Succeed,
            };
            record.set_outcome(integration, outcome, now, lifetime);
        }
        record.degraded_at = match degraded {
            Some(true) => record.degraded_at.or(Some(now)),
            Some(false) => None,
            None => record.degraded_at,
        };
        Ok(Some(record))
    })?;
    Ok(crate::error::json(StatusCode::OK, &vault.connection(&owner, integration, record)?))
}
