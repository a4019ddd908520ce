//! The routes: which operation or page serves each method and path.

use crate::error::ApiError;
use crate::request_checks::{self, MAX_BODY, RequestChecks, read_body};
use crate::vault::Vault;
use crate::{connections, consumers, control, pages, resource_settings, sessions};
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::{Router, middleware, routing};
use std::sync::Arc;

/// Returns all routes of the server.
pub fn router(vault: Arc<Vault>, checks: Arc<RequestChecks>) -> Router {
    let connection = "/vault/connections/{unified_api}/{service_id}";
    let for_one_consumer = Router::new()
        .route("/vault/connections", routing::get(connections::list))
        .route(connection, routing::get(connections::get).patch(connections::update).delete(connections::delete))
        .route(&format!("{connection}/import"), routing::post(connections::import))
        .route(&format!("{connection}/migrate"), routing::post(connections::migrate))
        .route(&format!("{connection}/token"), routing::post(connections::token))
        .route(&format!("{connection}/validate"), routing::post(connections::validate))
        .route(
            &format!("{connection}/{{resource}}/config"),
            routing::get(resource_settings::list).patch(resource_settings::update),
        )
        .route("/vault/sessions", routing::post(sessions::create))
        .route_layer(middleware::from_fn_with_state(vault.clone(), consumers::count_request));
    Router::new()
        .merge(for_one_consumer)
        .route("/vault/consumers", routing::get(consumers::list).post(consumers::create))
        .route(
            "/vault/consumers/{consumer_id}",
            routing::get(consumers::get).patch(consumers::update).delete(consumers::delete),
        )
        .route_layer(middleware::from_fn_with_state(checks, request_checks::check_request))
        // `check_request` has its own limit and reports it in the common error format.
        .layer(DefaultBodyLimit::disable())
        // Browsers send no API key. The link is their permission, so the pages come after the checks.
        .merge(pages::routes())
        .merge(control::routes())
        .fallback(unknown_route)
        .method_not_allowed_fallback(wrong_method)
        .with_state(vault)
}

async fn unknown_route(body: Body) -> ApiError {
    if let Err(error) = read_body(body, MAX_BODY).await {
        return error;
    }
    let detail = "The routes begin with /vault/connections, /vault/consumers, /vault/sessions, /vault/authorize, \
                  /vault/revoke and /sandbox";
    ApiError::new(StatusCode::NOT_FOUND, "RouteNotFoundError", "Unknown Route", detail)
}

async fn wrong_method(body: Body) -> ApiError {
    if let Err(error) = read_body(body, MAX_BODY).await {
        return error;
    }
    let detail = "The response header allow lists the methods of this route";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowedError", "Method Not Allowed", detail)
}
