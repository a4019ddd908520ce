//! An authorize or revoke link that was followed: whether it is good, whose it is, and where the user goes from there.

use crate::body::web_url;
use crate::catalogue::{self, Integration};
use crate::problem::Problem;
use crate::store::Owner;
use crate::vault::Vault;
use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// Whoever has a link may use it, so nothing else of the request is looked at.
pub struct Visit {
    pub owner: Owner,
    pub integration: &'static Integration,
    pub redirect_uri: Option<Url>,
}

impl FromRequestParts<Arc<Vault>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<Visit, Problem> {
        let unknown = || {
            let detail =
                "It was changed on the way, or its connection was deleted since. A fresh one is in the connection";
            Problem::entity_not_found("This link is not valid", detail)
        };
        let Path((service_id, app)) =
            Path::<(String, String)>::from_request_parts(parts, vault).await.map_err(|_| unknown())?;
        let (mut state, mut redirect_uri) = (None, None);
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            match name.as_ref() {
                "state" => state = Some(value),
                "redirect_uri" if !value.is_empty() => redirect_uri = Some(value),
                _ => {}
            }
        }
        let link = vault.store.link(&state.unwrap_or_default())?.ok_or_else(unknown)?;
        let integration = catalogue::find(&link.unified_api, &link.service_id).ok_or_else(unknown)?;
        if link.owner.app != app || integration.service_id != service_id {
            return Err(unknown());
        }
        let redirect_uri = redirect_uri.map(|text| web_url("redirect_uri", &text)).transpose()?;
        Ok(Visit { owner: link.owner, integration, redirect_uri })
    }
}

impl Visit {
    /// `redirect_uri` with the integration and `outcome` added, or `None` where the user was given no way back.
    pub fn way_back(&self, outcome: &[(&str, &str)]) -> Option<HeaderValue> {
        let mut url = self.redirect_uri.clone()?;
        let (unified_api, service_id) = self.integration.key();
        url.query_pairs_mut()
            .extend_pairs([("service_id", service_id), ("unified_api", unified_api)])
            .extend_pairs(outcome);
        // A serialised `Url` is ASCII without control characters, so every one fits.
        HeaderValue::try_from(String::from(url)).ok()
    }
}
