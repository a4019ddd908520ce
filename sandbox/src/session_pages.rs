//! The pages of a session. They replace the hosted Vault: a list of the integrations of one consumer, and a page for each
//! integration to connect it, fill in its settings and disconnect it. The session's token cannot be guessed. Anyone with
//! the link can use the pages until the session expires.

use crate::catalogue::{self, Integration};
use crate::connection::{Links, Record, State as ConnectionState};
use crate::error::ApiError;
use crate::form::{self, Form};
use crate::html::{self, heading, redirect};
use crate::resource::Resource;
use crate::session::Action;
use crate::settings;
use crate::store::{Consumer, StoredSession};
use crate::target::Segments;
use crate::vault::{HandlerResult, Vault};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::routing;
use maud::{Markup, html};
use std::sync::Arc;
use url::{Url, form_urlencoded};

pub fn routes() -> Router<Arc<Vault>> {
    Router::new()
        .route("/session/{token}", routing::get(overview))
        .route("/session/{token}/{unified_api}/{service_id}", routing::get(show).post(change))
        .route("/session/{token}/{unified_api}/{service_id}/{resource}", routing::post(change_resource))
}

/// A request for a page of a session. The path has the session's token.
struct SessionRequest {
    stored: StoredSession,
    /// The URL of the session's first page.
    url: String,
    consumer: Option<Consumer>,
    segments: Segments,
}

impl FromRequestParts<Arc<Vault>> for SessionRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<SessionRequest, ApiError> {
        let unknown = || {
            let detail = "The link is incomplete, or its consumer was deleted";
            ApiError::entity_not_found("This session does not exist", detail)
        };
        let segments = Segments::from_request_parts(parts, vault).await.map_err(|_| unknown())?;
        let token = segments.get("token");
        let stored = vault.store.session(token)?.ok_or_else(unknown)?;
        if stored.expired {
            let detail = "Go back to the application and open its integrations again";
            return Err(ApiError::new(StatusCode::GONE, "SessionExpiredError", "This session has expired", detail));
        }
        let consumer = vault.store.consumer(&stored.owner)?;
        let url = format!("{}/session/{token}", vault.url);
        Ok(SessionRequest { stored, url, consumer, segments })
    }
}

impl SessionRequest {
    /// Returns the integration in the path.
    ///
    /// # Errors
    ///
    /// Fails with 404 if the catalogue does not have it or if this session does not show it.
    fn integration(&self) -> Result<&'static Integration, ApiError> {
        let integration = self.segments.integration()?;
        if self.stored.session.shows(&integration.unified_api) {
            return Ok(integration);
        }
        Err(ApiError::entity_not_found("Unknown Service", "This session does not show its unified API"))
    }

    fn url_of(&self, integration: &Integration) -> String {
        format!("{}/{}/{}", self.url, integration.unified_api, integration.service_id)
    }

    /// Checks that the session allows an action.
    ///
    /// # Errors
    ///
    /// Fails with 422 if the session does not allow the action.
    fn require(&self, action: Action) -> Result<(), ApiError> {
        if self.stored.session.allows(action) {
            return Ok(());
        }
        Err(ApiError::invalid_state(format!("This session does not allow to {}", format!("{action:?}").to_lowercase())))
    }

    /// Redirects after a change: to the application if `auto_redirect` is set and the connection is callable, otherwise to
    /// the connection's page.
    fn redirect(&self, integration: &Integration, record: Option<&Record>) -> HandlerResult {
        let session = &self.stored.session;
        let callable = record.is_some_and(|record| record.state(integration) == ConnectionState::Callable);
        let url = match &session.redirect_uri {
            Some(redirect_uri) if callable && session.settings.auto_redirect => redirect_uri.clone(),
            _ => self.url_of(integration),
        };
        let page = html! { p { "Continue to " a href=(url) { "the next page" } "." } };
        let page = html::page(StatusCode::SEE_OTHER, &integration.name, page);
        let location = HeaderValue::try_from(url).map_err(|_| ApiError::request("redirect_uri: not a URL"))?;
        Ok(redirect(location, page))
    }
}

async fn overview(State(vault): State<Arc<Vault>>, request: SessionRequest) -> HandlerResult {
    let records = vault.store.list(&request.stored.owner)?;
    let shown = catalogue::all().iter().filter(|entry| request.stored.session.shows(&entry.unified_api));
    let cards = html! {
        div.cards {
            @for entry in shown {
                @let record = records.get(&(entry.unified_api.clone(), entry.service_id.clone()));
                a.card href=(request.url_of(entry)) {
                    img src=(entry.logo) alt=(entry.name) height="32";
                    p { (entry.tag_line) }
                    p.tags {
                        span { (entry.unified_api) }
                        span.state { (state(entry, record)) }
                    }
                }
            }
        }
    };
    let title = request.stored.session.theme.vault_name.as_deref().unwrap_or("Integrations");
    Ok(html::page(StatusCode::OK, title, frame(&request, html! { h1 { (title) } (consumer_names(&request)) (cards) })))
}

async fn show(State(vault): State<Arc<Vault>>, request: SessionRequest, parts: Parts) -> HandlerResult {
    let integration = request.integration()?;
    let record = vault.store.get(&request.stored.owner, integration)?;
    // The authorize page adds `service_id` when it returns here.
    let query = parts.uri.query().unwrap_or_default();
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "service_id") {
        return request.redirect(integration, record.as_ref());
    }
    page(&vault, &request, integration, record, None)
}

async fn change(State(vault): State<Arc<Vault>>, request: SessionRequest, body: Bytes) -> HandlerResult {
    let integration = request.integration()?;
    let form = Form::parse(&body);
    let decision = form.button().unwrap_or_default();
    match decision {
        "delete" => request.require(Action::Delete)?,
        "disable" | "enable" => request.require(Action::Disable)?,
        "save" => {}
        _ => return Err(ApiError::request("decision: expected save, enable, disable or delete")),
    }
    let changed = vault.store.change(&request.stored.owner, integration, |record, now| {
        if decision == "delete" {
            return Ok(None);
        }
        let mut record = record.unwrap_or_else(|| Record::new(now));
        match decision {
            "save" => {
                let changes = form.settings(&integration.form_fields, &record.settings);
                settings::merge(integration, &mut record.settings, changes).map_err(ApiError::settings)?;
            }
            decision => record.enabled = decision == "enable",
        }
        Ok(Some(record))
    });
    finish(&vault, &request, integration, changed)
}

async fn change_resource(State(vault): State<Arc<Vault>>, request: SessionRequest, body: Bytes) -> HandlerResult {
    let integration = request.integration()?;
    let resource = Resource::new(integration, request.segments.get("resource"))?;
    let form = Form::parse(&body);
    let changed = vault.store.change(&request.stored.owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        let changes = form.settings(resource.fields(), &resource.values(Some(&record)));
        resource.merge_form(&mut record.configuration, changes)?;
        Ok(Some(record))
    });
    finish(&vault, &request, integration, changed)
}

/// Redirects after a change, or shows the page again with the error.
fn finish(
    vault: &Vault,
    request: &SessionRequest,
    integration: &'static Integration,
    changed: Result<Option<Record>, ApiError>,
) -> HandlerResult {
    match changed {
        Ok(record) => request.redirect(integration, record.as_ref()),
        Err(error) if error.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let record = vault.store.get(&request.stored.owner, integration)?;
            page(vault, request, integration, record, Some(&error))
        }
        Err(error) => Err(error),
    }
}

fn page(
    vault: &Vault,
    request: &SessionRequest,
    integration: &'static Integration,
    record: Option<Record>,
    error: Option<&ApiError>,
) -> HandlerResult {
    let session = &request.stored.session;
    let links = vault.links_of(&request.stored.owner, integration)?;
    let signed_in = record.as_ref().is_some_and(|record| record.credentials.is_some());
    let url = request.url_of(integration);
    let settings = record.as_ref().map(|record| record.settings.clone()).unwrap_or_default();
    let main = html! {
        (heading(integration, &integration.name))
        p.tags {
            span.state { (state(integration, record.as_ref())) }
            @if let Some(record) = &record {
                span { (record.health(integration)) }
                @if !record.enabled { span { "disabled" } }
            }
        }
        @if let Some(error) = error { p.wrong role="alert" { (error.detail) } }
        @if let Some(links) = &links { (sign_in(request, &url, links, signed_in)) }
        @if !integration.form_fields.is_empty() {
            form method="post" action=(url) autocomplete="off" {
                @for field in &integration.form_fields { (form::field(field, settings.get(&field.id), false)) }
                div.buttons { button name="decision" value="save" { "Save settings" } }
            }
        } @else if record.is_none() && links.is_none() {
            form method="post" action=(url) {
                div.buttons { button name="decision" value="save" { "Connect" } }
            }
        }
        @if !session.settings.hide_resource_settings { (resources(&url, integration, record.as_ref())) }
        @if let Some(record) = &record {
            form method="post" action=(url) {
                div.buttons {
                    @if session.allows(Action::Disable) {
                        @let (value, label) = if record.enabled { ("disable", "Disable") } else { ("enable", "Enable") };
                        button.second name="decision" value=(value) { (label) }
                    }
                    @if session.allows(Action::Delete) {
                        button.second name="decision" value="delete" { "Delete" }
                    }
                }
            }
        }
        @if !session.settings.isolation_mode { p { a href=(request.url) { "All integrations" } } }
    };
    let status = error.map_or(StatusCode::OK, |error| error.status);
    Ok(html::page(status, &integration.name, frame(request, main)))
}

/// Links to the authorize and revoke pages, which return to `url`.
fn sign_in(request: &SessionRequest, url: &str, links: &Links, signed_in: bool) -> Markup {
    let session = &request.stored.session;
    let with_return = |link: &str| {
        let back = form_urlencoded::Serializer::new(String::new()).append_pair("redirect_uri", url).finish();
        format!("{link}&{back}")
    };
    html! {
        p.links {
            @if !signed_in {
                a href=(with_return(&links.authorize_url)) { "Authorize" }
            } @else if session.allows(Action::Reauthorize) {
                a href=(with_return(&links.authorize_url)) { "Authorize again" }
            }
            @if signed_in && session.allows(Action::Disconnect) {
                " " a href=(with_return(&links.revoke_url)) { "Disconnect" }
            }
        }
    }
}

fn resources(url: &str, integration: &'static Integration, record: Option<&Record>) -> Markup {
    let resources = integration.resource_settings.keys().map(|name| Resource { integration, name: name.clone() });
    html! {
        @for resource in resources {
            @let values = resource.values(record);
            form method="post" action=(format!("{url}/{}", resource.name)) autocomplete="off" {
                h2 { "Settings of " (resource.name) }
                @for field in resource.fields() { (form::field(field, values.get(&field.id), false)) }
                div.buttons { button.second { "Save settings of " (resource.name) } }
            }
        }
    }
}

fn state(integration: &Integration, record: Option<&Record>) -> &'static str {
    let state = record.map_or(ConnectionState::Available, |record| record.state(integration));
    state.name()
}

/// The names of the consumer, from its metadata.
fn consumer_names(request: &SessionRequest) -> Markup {
    let metadata = request.consumer.as_ref().and_then(|consumer| consumer.metadata.as_ref());
    let text = |key: &str| metadata.and_then(|metadata| metadata.get(key)).and_then(|value| value.as_str());
    let names: Vec<_> = ["account_name", "user_name", "email"].into_iter().filter_map(text).collect();
    html! {
        @if request.stored.session.settings.show_sidebar != Some(false) {
            p.quiet {
                @if names.is_empty() { (request.stored.owner.consumer) } @else { (names.join(", ")) }
            }
        }
    }
}

/// The layout of every page of a session: a banner above, links below.
fn frame(request: &SessionRequest, main: Markup) -> Markup {
    let session = &request.stored.session;
    let host = |redirect_uri: &str| {
        Url::parse(redirect_uri).ok().and_then(|url| url.host_str().map(str::to_string)).unwrap_or_default()
    };
    html! {
        @if session.settings.sandbox_mode { p.banner { "This is a test environment." } }
        (main)
        p.quiet {
            @if let Some(redirect_uri) = &session.redirect_uri {
                a href=(redirect_uri) { "Back to " (host(redirect_uri)) } " "
            }
            @if let Some(url) = &session.theme.privacy_url { a href=(url) { "Privacy" } " " }
            @if let Some(url) = &session.theme.terms_url { a href=(url) { "Terms" } }
        }
    }
}
