//! The changes of connections that become due without a request, and the events of all changes.

use super::{Owner, Store, erase_deleted, load, save};
use crate::catalogue::{self, Integration};
use crate::connection::Record;
use crate::consumer_connection::ConsumerConnection;
use crate::error::ApiError;
use crate::event::{self, Event, EventType};
use rusqlite::{Connection, TransactionBehavior, params};
use std::time::Duration;

/// How long to wait after the database failed. The next request reports the error.
const PAUSE: Duration = Duration::from_secs(1);

impl Store {
    /// Makes every change that is due. Requests call this before they read a connection.
    pub fn run_due(&self) -> Result<(), ApiError> {
        let now = self.clock.now();
        let mut database = self.lock();
        if next_due(&database)?.is_none_or(|due| due > now) {
            return Ok(());
        }
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut events, mut deleted) = (Vec::new(), false);
        for (owner, unified_api, service_id) in due_connections(&transaction, now)? {
            let Some(integration) = catalogue::find(&unified_api, &service_id) else {
                // The catalogue of an older version had it.
                let forget = "UPDATE connections SET due_at = NULL WHERE app = ?1 AND consumer = ?2 AND unified_api = ?3 \
                              AND service_id = ?4";
                transaction.execute(forget, params![owner.app, owner.consumer, unified_api, service_id])?;
                continue;
            };
            let Some(mut record) = load(&transaction, &owner, integration)? else { continue };
            let had_credentials = record.credentials.is_some();
            while let Some(at) = record.due_at(integration).filter(|at| *at <= now) {
                let before = record.clone();
                record.run_due(integration, at, self.lifetime);
                events.extend(changes(&owner, integration, Some(&before), &mut record, at));
            }
            deleted |= had_credentials && record.credentials.is_none();
            save(&transaction, &owner, integration, &record)?;
        }
        transaction.commit()?;
        if deleted {
            erase_deleted(&database)?;
        }
        drop(database);
        self.publish(events);
        Ok(())
    }

    /// Makes the changes when they become due, as the clock runs or is moved. This never ends.
    pub async fn run_due_in_time(&self) {
        loop {
            let scheduled = self.scheduled.notified();
            let due = self.run_due().and_then(|()| Ok(next_due(&self.lock())?));
            match due {
                Ok(due) => {
                    tokio::select! {
                        () = scheduled => {}
                        () = self.clock.sleep_until(due.unwrap_or(i64::MAX)) => {}
                    }
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    pub(super) fn publish(&self, events: Vec<Event>) {
        self.scheduled.notify_one();
        if let Some(webhooks) = &self.webhooks {
            webhooks.publish(events);
        }
    }
}

/// Returns the events between two records.
pub(super) fn changes(
    owner: &Owner,
    integration: &Integration,
    before: Option<&Record>,
    after: &mut Record,
    at: i64,
) -> Vec<Event> {
    let kinds = event::between(integration, before, after);
    kinds.into_iter().map(|kind| one(owner, integration, after, kind, at)).collect()
}

/// Returns one event.
pub(super) fn one(owner: &Owner, integration: &Integration, record: &Record, kind: EventType, at: i64) -> Event {
    let connection = ConsumerConnection::new(integration, &owner.consumer, record.clone());
    let mut entity = serde_json::to_value(connection).unwrap_or_default();
    if let (EventType::Migrated, Some(entity)) = (kind, entity.as_object_mut()) {
        entity.insert("migrated_from".into(), record.migrated_from.clone().into());
    }
    Event { owner: owner.clone(), connection: integration.id(), kind, occurred_at: at, entity }
}

fn next_due(database: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut query = database.prepare_cached("SELECT min(due_at) FROM connections WHERE due_at IS NOT NULL")?;
    query.query_row([], |row| row.get(0))
}

fn due_connections(database: &Connection, now: i64) -> rusqlite::Result<Vec<(Owner, String, String)>> {
    let mut query = database.prepare_cached(
        "SELECT app, consumer, unified_api, service_id FROM connections WHERE due_at <= ?1 ORDER BY due_at",
    )?;
    let rows = query
        .query_map([now], |row| Ok((Owner { app: row.get(0)?, consumer: row.get(1)? }, row.get(2)?, row.get(3)?)))?;
    rows.collect()
}
