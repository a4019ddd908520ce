//! A connection in the responses about consumers and in webhooks.

use crate::catalogue::{AuthType, Integration};
use crate::clock::iso8601;
use crate::connection::{Record, State};
use crate::settings::Settings;
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
pub struct ConsumerConnection<'a> {
    id: String,
    consumer_id: &'a str,
    service_id: &'a str,
    unified_api: &'a str,
    name: &'a str,
    tag_line: &'a str,
    website: &'a str,
    icon: &'a str,
    logo: &'a str,
    auth_type: AuthType,
    enabled: bool,
    state: State,
    health: &'static str,
    settings: Settings,
    metadata: Option<Box<RawValue>>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials_expire_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_refresh_failed_at: Option<String>,
}

impl<'a> ConsumerConnection<'a> {
    pub fn new(integration: &'a Integration, consumer_id: &'a str, record: Record) -> Self {
        let (state, health) = (record.state(integration), record.health(integration));
        let deletion_at = record.deletion_at().filter(|_| health == "pending_refresh");
        let last_refresh_failed_at = record.last_refresh_failed_at().map(iso8601);
        // A consumer reads sensitive settings from the connection itself. This format shows many connections and
        // needs no consumer header, so it omits them.
        let mut settings = record.settings;
        settings.retain(|id, _| integration.form_field(id).is_some_and(|field| !field.sensitive));
        ConsumerConnection {
            id: integration.id(),
            consumer_id,
            service_id: &integration.service_id,
            unified_api: &integration.unified_api,
            name: &integration.name,
            tag_line: &integration.tag_line,
            website: &integration.website,
            icon: &integration.icon,
            logo: &integration.logo,
            auth_type: integration.auth_type,
            enabled: record.enabled,
            state,
            health,
            settings,
            metadata: record.metadata,
            created_at: iso8601(record.created_at),
            updated_at: iso8601(record.updated_at),
            credentials_expire_at: deletion_at.map(iso8601),
            last_refresh_failed_at,
        }
    }
}
