//! The operations on consumers. Consumers are created by `create`, and by the first request that names them in its header.

use crate::body::{Keys, string, wrong_type};
use crate::catalogue;
use crate::clock::iso8601;
use crate::consumer_connection::ConsumerConnection;
use crate::error::{ApiError, json};
use crate::paging::{Meta, PageRefs, PageRequest};
use crate::request_checks::Caller;
use crate::store::{self, ConsumerFilter, Direction, Owner};
use crate::target::ConsumerTarget;
use crate::vault::{HandlerResult, Vault, ok};
use axum::body::Bytes;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json as object};
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// A consumer in a list.
#[derive(Serialize)]
struct Entry {
    consumer_id: String,
    application_id: String,
    metadata: Map<String, Value>,
    services: Vec<String>,
    aggregated_request_count: i64,
    request_counts: RequestCounts,
    created: String,
    modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_count_updated: Option<String>,
}

/// The number of requests by API. This server has only `vault`.
#[derive(Serialize)]
struct RequestCounts {
    unify: i64,
    proxy: i64,
    vault: i64,
}

/// A consumer with its connections.
#[derive(Serialize)]
struct Detail<'a> {
    #[serde(flatten)]
    entry: Entry,
    connections: Vec<ConsumerConnection<'a>>,
}

#[derive(Serialize)]
struct Page {
    status_code: u16,
    status: &'static str,
    data: Vec<Entry>,
    meta: Meta,
    links: PageRefs,
}

/// The middleware that counts a request of the consumer in its header.
pub async fn count_request(State(vault): State<Arc<Vault>>, caller: Caller, request: Request, next: Next) -> Response {
    if let Some(owner) = caller.owner() {
        vault.store.count_request(owner);
    }
    next.run(request).await
}

pub async fn list(State(vault): State<Arc<Vault>>, caller: Caller, RawQuery(query): RawQuery) -> HandlerResult {
    let query = query.unwrap_or_default();
    let (filter, page) = (filter(&query)?, PageRequest::parse(&query)?);
    // One more consumer than the page shows is read, to find out whether there is a next page.
    let mut consumers = vault.store.consumers(&caller.app, &filter, page.direction.as_ref(), page.limit + 1)?;
    let more = consumers.len() > page.limit;
    let backwards = matches!(page.direction, Some(Direction::Before(_)));
    if more {
        consumers.remove(if backwards { 0 } else { page.limit });
    }
    let ids: Vec<_> = consumers.iter().map(|consumer| consumer.id.as_str()).collect();
    let exists = |direction: Option<Direction>| match direction {
        None => Ok(false),
        Some(direction) => {
            Ok::<_, ApiError>(!vault.store.consumers(&caller.app, &filter, Some(&direction), 1)?.is_empty())
        }
    };
    let before = || ids.first().map(|id| Direction::Before(id.to_string()));
    let after = || ids.last().map(|id| Direction::After(id.to_string()));
    let (more_before, more_after) = if backwards { (more, exists(after())?) } else { (exists(before())?, more) };
    let meta = page.meta(&ids, more_before, more_after);
    let links = page.links(&format!("{}/vault/consumers", vault.url), &meta);
    let data = consumers.into_iter().map(|consumer| Entry::new(&caller.app, consumer)).collect();
    Ok(json(StatusCode::OK, &Page { status_code: 200, status: "OK", data, meta, links }))
}

pub async fn create(State(vault): State<Arc<Vault>>, caller: Caller, body: Bytes) -> HandlerResult {
    let mut keys = Keys::parse(&body)?;
    let owner = Owner { app: caller.app, consumer: keys.required_string("consumer_id")? };
    let metadata = metadata(&mut keys, "metadata")?;
    keys.finish()?;
    vault.store.put_consumer(&owner, metadata.as_ref())?;
    show(&vault, &owner)
}

pub async fn get(State(vault): State<Arc<Vault>>, ConsumerTarget(owner): ConsumerTarget) -> HandlerResult {
    show(&vault, &owner)
}

pub async fn update(
    State(vault): State<Arc<Vault>>,
    ConsumerTarget(owner): ConsumerTarget,
    body: Bytes,
) -> HandlerResult {
    let mut keys = Keys::parse(&body)?;
    let metadata = metadata(&mut keys, "metadata")?;
    keys.finish()?;
    if let Some(metadata) = metadata
        && !vault.store.set_consumer_metadata(&owner, &metadata)?
    {
        return Err(unknown(&owner.consumer));
    }
    show(&vault, &owner)
}

pub async fn delete(State(vault): State<Arc<Vault>>, ConsumerTarget(owner): ConsumerTarget) -> HandlerResult {
    if !vault.store.delete_consumer(&owner)? {
        return Err(unknown(&owner.consumer));
    }
    Ok(ok(object!({"consumer_id": owner.consumer})))
}

fn unknown(consumer: &str) -> ApiError {
    ApiError::entity_not_found("Unknown Consumer", format!("Could not find consumer with id: '{consumer}'"))
}

fn show(vault: &Vault, owner: &Owner) -> HandlerResult {
    let consumer = vault.store.consumer(owner)?.ok_or_else(|| unknown(&owner.consumer))?;
    let mut records = vault.store.list(owner)?;
    let mut connections = Vec::new();
    for integration in catalogue::all() {
        if let Some(record) = records.remove(&(integration.unified_api.clone(), integration.service_id.clone())) {
            connections.push(ConsumerConnection::new(integration, &owner.consumer, record));
        }
    }
    Ok(ok(Detail { entry: Entry::new(&owner.app, consumer), connections }))
}

/// Parses the `filter[…]` parameters of a query. An empty parameter counts as not set.
fn filter(query: &str) -> Result<ConsumerFilter, ApiError> {
    let mut filter = ConsumerFilter::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let Some(key) = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')) else { continue };
        let value = Some(value.into_owned()).filter(|value| !value.is_empty());
        match key {
            "consumer_id" => filter.prefix = value,
            "search" => filter.search = value,
            _ => {
                let detail = format!("Query parameter filter[{key}]: unknown; known are consumer_id and search");
                return Err(ApiError::request(detail));
            }
        }
    }
    Ok(filter)
}

/// Takes the metadata of a consumer from a body. `key` is its name there.
pub fn metadata(keys: &mut Keys, key: &str) -> Result<Option<Map<String, Value>>, ApiError> {
    const KNOWN: [&str; 4] = ["account_name", "user_name", "email", "image"];
    let metadata = match keys.value(key)? {
        None => return Ok(None),
        Some(Value::Object(metadata)) => metadata,
        Some(other) => return Err(wrong_type(key, "an object", &other)),
    };
    for name in metadata.keys() {
        if !KNOWN.contains(&name.as_str()) {
            return Err(ApiError::request(format!("{key}.{name}: unknown; known are {}", KNOWN.join(", "))));
        }
        string(key, name, &metadata)?;
    }
    match metadata.get("image").and_then(Value::as_str) {
        Some(image) if !Url::parse(image).is_ok_and(|url| url.has_host()) => {
            Err(ApiError::request(format!("{key}.image: not a URL with a scheme and a host")))
        }
        _ => Ok(Some(metadata)),
    }
}

impl Entry {
    fn new(app: &str, consumer: store::Consumer) -> Entry {
        Entry {
            consumer_id: consumer.id,
            application_id: app.to_string(),
            metadata: consumer.metadata.unwrap_or_default(),
            services: consumer.services,
            aggregated_request_count: consumer.requests,
            request_counts: RequestCounts { unify: 0, proxy: 0, vault: consumer.requests },
            created: iso8601(consumer.created_at),
            modified: iso8601(consumer.modified_at),
            request_count_updated: consumer.counted_at.map(iso8601),
        }
    }
}
