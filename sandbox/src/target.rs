//! Finds the target of a request from its headers and path: a connection, a resource of a connection, or a consumer.

use crate::catalogue::{self, Integration};
use crate::error::ApiError;
use crate::request_checks::Caller;
use crate::resource::Resource;
use crate::store::Owner;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use std::collections::HashMap;

/// The connection of one consumer to one integration. It need not be stored.
pub struct Target {
    pub owner: Owner,
    pub integration: &'static Integration,
}

/// A resource of such a connection.
pub struct ResourceTarget {
    pub owner: Owner,
    pub resource: Resource,
}

/// The consumer in the path. The request needs no consumer header.
pub struct ConsumerTarget(pub Owner);

impl<S: Send + Sync> FromRequestParts<S> for Target {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Target, ApiError> {
        let owner = Caller::from_request_parts(parts, state).await?.required_owner()?;
        Ok(Target { owner, integration: Segments::from_request_parts(parts, state).await?.integration()? })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ResourceTarget {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ResourceTarget, ApiError> {
        let Target { owner, integration } = Target::from_request_parts(parts, state).await?;
        let segments = Segments::from_request_parts(parts, state).await?;
        Ok(ResourceTarget { owner, resource: Resource::new(integration, segments.get("resource"))? })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ConsumerTarget {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ConsumerTarget, ApiError> {
        let app = Caller::from_request_parts(parts, state).await?.app;
        let segments = Segments::from_request_parts(parts, state).await?;
        Ok(ConsumerTarget(Owner { app, consumer: segments.get("consumer_id").to_string() }))
    }
}

/// The decoded variable segments of a path, by their names in the route.
pub struct Segments(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Segments {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Segments, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(segments)) => Ok(Segments(segments)),
            Err(_) => Err(ApiError::entity_not_found("Unknown Entity", "The path is not UTF-8")),
        }
    }
}

impl Segments {
    /// Returns a segment, or an empty string if the route has no segment of this name.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Returns the integration in the path.
    ///
    /// # Errors
    ///
    /// Fails with 404 if the catalogue does not have the integration.
    pub fn integration(&self) -> Result<&'static Integration, ApiError> {
        let (unified_api, service_id) = (self.get("unified_api"), self.get("service_id"));
        catalogue::find(unified_api, service_id).ok_or_else(|| {
            let detail = format!("Could not find service with id: '{service_id}' in unified API '{unified_api}'");
            ApiError::entity_not_found("Unknown Service", detail)
        })
    }
}
