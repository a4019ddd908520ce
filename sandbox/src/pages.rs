//! The integrations page, and the pages behind authorize and revoke links. They replace the sign-in pages of providers.
//! A link is the permission to use it: its `state` cannot be guessed and is valid until the connection is deleted.

use crate::catalogue;
use crate::connection::{Credentials, Record, Refusal};
use crate::error::ApiError;
use crate::form::{self, Decision, Form};
use crate::html::{self, heading, redirect};
use crate::link_request::LinkRequest;
use crate::request_checks::read_body;
use crate::session_pages;
use crate::settings::{self, Settings};
use crate::vault::Vault;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing;
use maud::{Markup, html};
use std::sync::Arc;
use url::Url;

pub fn routes() -> Router<Arc<Vault>> {
    Router::new()
        .route("/", routing::get(async || html::page(StatusCode::OK, "Integrations", integrations())))
        .route(html::STYLE_PATH, routing::get(async || html::style()))
        .route("/vault/authorize/{service_id}/{app}", routing::get(ask_to_authorize).post(authorize))
        .route("/vault/revoke/{service_id}/{app}", routing::get(ask_to_revoke).post(revoke))
        .merge(session_pages::routes())
        .route_layer(middleware::from_fn(show_errors))
}

/// The largest form that is read, in bytes.
const MAX_FORM: usize = 1 << 20;

async fn ask_to_authorize(State(vault): State<Arc<Vault>>, link: LinkRequest) -> Result<Response, ApiError> {
    let settings = stored_settings(&vault, &link)?;
    Ok(html::page(StatusCode::OK, &title("Connect", &link), authorize_page(&link, &settings, None)))
}

fn stored_settings(vault: &Vault, link: &LinkRequest) -> Result<Settings, ApiError> {
    let record = vault.store.get(&link.owner, link.integration)?;
    Ok(record.map(|record| record.settings).unwrap_or_default())
}

async fn authorize(State(vault): State<Arc<Vault>>, link: LinkRequest, body: Bytes) -> Result<Response, ApiError> {
    let form = Form::parse(&body);
    match form.decision()? {
        Decision::Approve => approve(&vault, &link, &form),
        Decision::Deny => deny(&vault, &link),
    }
}

fn approve(vault: &Vault, link: &LinkRequest, form: &Form) -> Result<Response, ApiError> {
    let integration = link.integration;
    let stored = vault.store.change(&link.owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        let changes = form.settings(&integration.form_fields, &record.settings);
        settings::merge(integration, &mut record.settings, changes).map_err(ApiError::settings)?;
        let missing = settings::missing(integration, &record.settings);
        let needed = |field: &&catalogue::FormField| {
            integration.needs_to_authorize(field) && missing.contains(&field.id.as_str())
        };
        if let Some(field) = integration.form_fields.iter().find(needed) {
            return Err(ApiError::settings(format!("{}: required to sign in", field.label)));
        }
        record.sign_in(Credentials::issued_here());
        Ok(Some(record))
    });
    match stored {
        Ok(_) => Ok(finish(link, "Connected", "You can close this page.", &[])),
        // The form is shown again with the error, so that the user can correct it.
        Err(error) if error.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let settings = form.refused_settings(&integration.form_fields, stored_settings(vault, link)?);
            let page = authorize_page(link, &settings, Some(&error.detail));
            Ok(html::page(error.status, &title("Connect", link), page))
        }
        Err(error) => Err(error),
    }
}

fn deny(vault: &Vault, link: &LinkRequest) -> Result<Response, ApiError> {
    vault.store.change(&link.owner, link.integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        // Denying a second sign-in keeps the first one.
        if record.credentials.is_none() {
            record.refusal = Some(Refusal::Denied);
        }
        Ok(Some(record))
    })?;
    let error = [("error", "access_denied"), ("error_description", "The user denied the request")];
    Ok(finish(link, "Not connected", "Nothing was shared. You can close this page.", &error))
}

async fn ask_to_revoke(State(vault): State<Arc<Vault>>, link: LinkRequest) -> Result<Response, ApiError> {
    let record = vault.store.get(&link.owner, link.integration)?;
    if record.is_none_or(|record| record.credentials.is_none()) {
        return Err(not_signed_in(&link));
    }
    Ok(html::page(StatusCode::OK, &title("Disconnect", &link), revoke_page(&link)))
}

async fn revoke(State(vault): State<Arc<Vault>>, link: LinkRequest, body: Bytes) -> Result<Response, ApiError> {
    if Form::parse(&body).decision()? == Decision::Deny {
        return Ok(finish(&link, "Still connected", "Nothing was changed.", &[]));
    }
    vault.store.change(&link.owner, link.integration, |record, _| match record {
        Some(mut record) if record.credentials.is_some() => {
            record.credentials = None;
            record.refusal = Some(Refusal::Revoked);
            Ok(Some(record))
        }
        _ => Err(not_signed_in(&link)),
    })?;
    Ok(finish(&link, "Disconnected", "You can close this page.", &[]))
}

fn not_signed_in(link: &LinkRequest) -> ApiError {
    ApiError::invalid_state(format!("{} is not connected, so there is no access to revoke", link.integration.name))
}

/// Redirects to the link's `redirect_uri` with `parameters`. Without a `redirect_uri`, shows a final page.
fn finish(link: &LinkRequest, what: &str, then: &str, parameters: &[(&str, &str)]) -> Response {
    let page = |status| html::page(status, &title(what, link), done_page(link, what, then));
    match link.redirect_location(parameters) {
        None => page(StatusCode::OK),
        Some(location) => redirect(location, page(StatusCode::SEE_OTHER)),
    }
}

/// The middleware that shows errors as pages to clients that accept HTML. Other clients get JSON.
async fn show_errors(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let accepts_html = accepted.contains("text/html");
    let (parts, body) = request.into_parts();
    // The form is read before any response is sent. The server closes a connection with unread bytes, and a browser that
    // reuses the connection would lose its next request.
    let response = match read_body(body, MAX_FORM).await {
        Ok(form) => next.run(Request::from_parts(parts, Body::from(form))).await,
        Err(error) => error.into_response(),
    };
    match response.extensions().get::<ApiError>() {
        Some(error) if accepts_html => html::page(error.status, "The request failed", error_page(error)),
        _ => response,
    }
}

fn error_page(error: &ApiError) -> Markup {
    html! {
        h1 { "The request failed" }
        p { (error.detail) "." }
        p.quiet { (error.message) " (" (error.status.as_u16()) ")" }
    }
}

fn title(what: &str, link: &LinkRequest) -> String {
    format!("{what} – {}", link.integration.name)
}

fn authorize_page(link: &LinkRequest, settings: &Settings, error: Option<&str>) -> Markup {
    let integration = link.integration;
    html! {
        (heading(integration, &format!("Connect {}", integration.name)))
        p { b { (link.owner.app) } " asks for access to the " (integration.name) " account of " b { (link.owner.consumer) } "." }
        @if !integration.configurable_resources.is_empty() {
            ul { @for resource in &integration.configurable_resources { li { "read and write " (resource) } } }
        }
        @if let Some(message) = error { p.wrong role="alert" { (message) } }
        form method="post" autocomplete="off" {
            @for field in &integration.form_fields {
                (form::field(field, settings.get(&field.id), integration.needs_to_authorize(field)))
            }
            div.buttons {
                button name="decision" value="approve" { "Approve" }
                button.second name="decision" value="deny" formnovalidate { "Deny" }
            }
        }
        (sandbox_notice(link))
    }
}

fn revoke_page(link: &LinkRequest) -> Markup {
    html! {
        (heading(link.integration, &format!("Disconnect {}", link.integration.name)))
        p { b { (link.owner.app) } " loses its access to the account of " b { (link.owner.consumer) }
            ". The settings are kept. Signing in again restores the connection." }
        form method="post" {
            div.buttons {
                button name="decision" value="approve" { "Revoke access" }
                button.second name="decision" value="deny" { "Keep it" }
            }
        }
        (sandbox_notice(link))
    }
}

fn done_page(link: &LinkRequest, what: &str, then: &str) -> Markup {
    html! {
        (heading(link.integration, what))
        p { (then) }
    }
}

fn sandbox_notice(link: &LinkRequest) -> Markup {
    html! {
        p.quiet {
            "This is a local sandbox. No real account is used"
            @match link.redirect_uri.as_ref().and_then(Url::host_str) {
                Some(host) => { ". You return to " (host) "." }
                None => "."
            }
        }
    }
}

fn integrations() -> Markup {
    html! {
        h1 { "Integrations" }
        p.quiet { "The catalogue of this local Vault. Programs get the same list from "
            code { "GET /vault/connections" } "." }
        div.cards {
            @for entry in catalogue::all() {
                section {
                    img src=(entry.logo) alt=(entry.name) height="32";
                    p { (entry.tag_line) }
                    p.tags {
                        span { (entry.unified_api) } span { (entry.service_id) } span { (entry.auth_type.name()) }
                        @if let Some(grant) = entry.oauth_grant_type { span { (grant.name()) } }
                        span.state { "available" }
                    }
                }
            }
        }
    }
}
