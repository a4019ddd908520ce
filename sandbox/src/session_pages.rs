//! The pages behind a session's link: the integrations of one consumer with their states, and a page for each to connect
//! it, fill in its settings and disconnect it. They stand in for the hosted Vault. Whoever has the link may use them
//! until the session expires: its token cannot be guessed.

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

/// An open session, found by the token in the path.
struct SessionRequest {
    opened: StoredSession,
    /// The address of the session's first page.
    address: String,
    consumer: Option<Consumer>,
    segments: Segments,
}

impl FromRequestParts<Arc<Vault>> for SessionRequest {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, vault: &Arc<Vault>) -> Result<SessionRequest, ApiError> {
        let unknown = || {
            let detail = "The link was changed on the way, or its consumer was deleted since";
            ApiError::entity_not_found("This session does not exist", detail)
        };
        let segments = Segments::from_request_parts(parts, vault).await.map_err(|_| unknown())?;
        let token = segments.get("token");
        let opened = vault.store.session(token)?.ok_or_else(unknown)?;
        if opened.expired {
            let detail = "Go back to the application and open its integrations again";
            return Err(ApiError::new(StatusCode::GONE, "SessionExpiredError", "This session has expired", detail));
        }
        let consumer = vault.store.consumer(&opened.owner)?;
        let address = format!("{}/session/{token}", vault.url);
        Ok(SessionRequest { opened, address, consumer, segments })
    }
}

impl SessionRequest {
    /// The integration in the path, if this session shows it.
    fn integration(&self) -> Result<&'static Integration, ApiError> {
        let integration = self.segments.integration()?;
        if self.opened.session.shows(&integration.unified_api) {
            return Ok(integration);
        }
        Err(ApiError::entity_not_found("Unknown Service", "This session does not show its unified API"))
    }

    fn address_of(&self, integration: &Integration) -> String {
        format!("{}/{}/{}", self.address, integration.unified_api, integration.service_id)
    }

    /// # Errors
    ///
    /// Fails with 422 if the session's `allow_actions` does not have the action.
    fn require(&self, action: Action) -> Result<(), ApiError> {
        if self.opened.session.allows(action) {
            return Ok(());
        }
        Err(ApiError::invalid_state(format!("This session does not allow to {}", format!("{action:?}").to_lowercase())))
    }

    /// Redirects after a change: to the application if the session returns there by itself and the connection is
    /// callable, otherwise to the connection's page.
    fn redirect(&self, integration: &Integration, record: Option<&Record>) -> HandlerResult {
        let session = &self.opened.session;
        let callable = record.is_some_and(|record| record.state(integration) == ConnectionState::Callable);
        let address = match &session.redirect_uri {
            Some(redirect_uri) if callable && session.settings.auto_redirect => redirect_uri.clone(),
            _ => self.address_of(integration),
        };
        let page = html! { p { "Go on to " a href=(address) { "the next page" } "." } };
        let page = html::page(StatusCode::SEE_OTHER, &integration.name, page);
        let location = HeaderValue::try_from(address).map_err(|_| ApiError::request("redirect_uri: not an address"))?;
        Ok(redirect(location, page))
    }
}

async fn overview(State(vault): State<Arc<Vault>>, request: SessionRequest) -> HandlerResult {
    let records = vault.store.list(&request.opened.owner)?;
    let shown = catalogue::all().iter().filter(|entry| request.opened.session.shows(&entry.unified_api));
    let cards = html! {
        div.cards {
            @for entry in shown {
                @let record = records.get(&(entry.unified_api.clone(), entry.service_id.clone()));
                a.card href=(request.address_of(entry)) {
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
    let title = request.opened.session.theme.vault_name.as_deref().unwrap_or("Integrations");
    Ok(html::page(StatusCode::OK, title, frame(&request, html! { h1 { (title) } (whose(&request)) (cards) })))
}

async fn show(State(vault): State<Arc<Vault>>, request: SessionRequest, parts: Parts) -> HandlerResult {
    let integration = request.integration()?;
    let record = vault.store.get(&request.opened.owner, integration)?;
    // Back from the authorize page.
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
    let changed = vault.store.change(&request.opened.owner, integration, |record, now| {
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
    let changed = vault.store.change(&request.opened.owner, integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        let changes = form.settings(resource.fields(), &resource.values(Some(&record)));
        resource.merge_form(&mut record.configuration, changes)?;
        Ok(Some(record))
    });
    finish(&vault, &request, integration, changed)
}

/// Leads on after a change, or shows the page again with what was wrong.
fn finish(
    vault: &Vault,
    request: &SessionRequest,
    integration: &'static Integration,
    changed: Result<Option<Record>, ApiError>,
) -> HandlerResult {
    match changed {
        Ok(record) => request.redirect(integration, record.as_ref()),
        Err(error) if error.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let record = vault.store.get(&request.opened.owner, integration)?;
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
    wrong: Option<&ApiError>,
) -> HandlerResult {
    let session = &request.opened.session;
    let links = vault.links_of(&request.opened.owner, integration)?;
    let signed_in = record.as_ref().is_some_and(|record| record.credentials.is_some());
    let address = request.address_of(integration);
    let stored = record.as_ref().map(|record| record.settings.clone()).unwrap_or_default();
    let main = html! {
        (heading(integration, &integration.name))
        p.tags {
            span.state { (state(integration, record.as_ref())) }
            @if let Some(record) = &record {
                span { (record.health(integration)) }
                @if !record.enabled { span { "disabled" } }
            }
        }
        @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong.detail) } }
        @if let Some(links) = &links { (sign_in(request, &address, links, signed_in)) }
        @if !integration.form_fields.is_empty() {
            form method="post" action=(address) autocomplete="off" {
                @for field in &integration.form_fields { (form::field(field, stored.get(&field.id), false)) }
                div.buttons { button name="decision" value="save" { "Save settings" } }
            }
        } @else if record.is_none() && links.is_none() {
            form method="post" action=(address) {
                div.buttons { button name="decision" value="save" { "Connect" } }
            }
        }
        @if !session.settings.hide_resource_settings { (resources(&address, integration, record.as_ref())) }
        @if let Some(record) = &record {
            form method="post" action=(address) {
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
        @if !session.settings.isolation_mode { p { a href=(request.address) { "All integrations" } } }
    };
    let status = wrong.map_or(StatusCode::OK, |error| error.status);
    Ok(html::page(status, &integration.name, frame(request, main)))
}

/// Links to the authorize and revoke pages, which lead back to `address`.
fn sign_in(request: &SessionRequest, address: &str, links: &Links, signed_in: bool) -> Markup {
    let session = &request.opened.session;
    let and_back = |link: &str| {
        let back = form_urlencoded::Serializer::new(String::new()).append_pair("redirect_uri", address).finish();
        format!("{link}&{back}")
    };
    html! {
        p.links {
            @if !signed_in {
                a href=(and_back(&links.authorize_url)) { "Authorize" }
            } @else if session.allows(Action::Reauthorize) {
                a href=(and_back(&links.authorize_url)) { "Authorize again" }
            }
            @if signed_in && session.allows(Action::Disconnect) {
                " " a href=(and_back(&links.revoke_url)) { "Disconnect" }
            }
        }
    }
}

fn resources(address: &str, integration: &'static Integration, record: Option<&Record>) -> Markup {
    let resources = integration.resource_settings.keys().map(|name| Resource { integration, name: name.clone() });
    html! {
        @for resource in resources {
            @let values = resource.values(record);
            form method="post" action=(format!("{address}/{}", resource.name)) autocomplete="off" {
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

/// Whose integrations these are, as the consumer's metadata has it.
fn whose(request: &SessionRequest) -> Markup {
    let metadata = request.consumer.as_ref().and_then(|consumer| consumer.metadata.as_ref());
    let text = |key: &str| metadata.and_then(|metadata| metadata.get(key)).and_then(|value| value.as_str());
    let names: Vec<_> = ["account_name", "user_name", "email"].into_iter().filter_map(text).collect();
    html! {
        @if request.opened.session.settings.show_sidebar != Some(false) {
            p.quiet {
                @if names.is_empty() { (request.opened.owner.consumer) } @else { (names.join(", ")) }
            }
        }
    }
}

/// What stands around every page of a session.
fn frame(request: &SessionRequest, main: Markup) -> Markup {
    let session = &request.opened.session;
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
            @if let Some(address) = &session.theme.privacy_url { a href=(address) { "Privacy" } " " }
            @if let Some(address) = &session.theme.terms_url { a href=(address) { "Terms" } }
        }
    }
}
