//! A request for an authorize or revoke link: finds the connection that the link belongs to.

use crate::body::web_url;
use crate::catalogue::{self, Integration};
use crate::error::ApiError;
use crate::store::Owner;
use crate::vault::Vault;
use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderValue;
use axum::http::request::Parts;
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// The connection of a link, and where its user returns. The link itself is the permission, so no key or header is
/// checked.
pub struct LinkRequest {
    pub owner: Owner,
    pub integration: &'static Integration,
    pub redirect_uri: Option<Url>,
}

impl FromRequestParts<Arc<Vault>> for LinkRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<LinkRequest, ApiError> {
        let unknown = || {
            let detail = "The link is incomplete, or its connection was deleted. Get a new link from the connection";
            ApiError::entity_not_found("This link is not valid", detail)
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
        Ok(LinkRequest { owner: link.owner, integration, redirect_uri })
    }
}

impl LinkRequest {
    /// Returns `redirect_uri` with the integration and `parameters` added to its query, or `None` if the link has no
    /// `redirect_uri`.
    pub fn redirect_location(&self, parameters: &[(&str, &str)]) -> Option<HeaderValue> {
        let mut url = self.redirect_uri.clone()?;
        let (unified_api, service_id) = self.integration.key();
        url.query_pairs_mut()
            .extend_pairs([("service_id", service_id), ("unified_api", unified_api)])
            .extend_pairs(parameters);
        // A serialised `Url` is ASCII without control characters, so it is always a valid header value.
        HeaderValue::try_from(String::from(url)).ok()
    }
}
