//! Stores consumers and counts their requests.
//!
//! Counting a request must not cost a write to the disk, so the counts are collected in memory. They are written before a
//! response reports them, and when the store is closed.

use super::{Owner, Store, erase_deleted, lifecycle, text, value};
use crate::catalogue;
use crate::error::ApiError;
use crate::event::EventType;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

pub struct Consumer {
    pub id: String,
    pub metadata: Option<Map<String, Value>>,
    /// The services of the stored connections.
    pub services: Vec<String>,
    pub requests: i64,
    /// Times are milliseconds since 1970.
    pub created_at: i64,
    pub modified_at: i64,
    /// When a request of this consumer was last counted.
    pub counted_at: Option<i64>,
}

/// The filter of a list. A field that is not set matches every consumer.
#[derive(Default)]
pub struct ConsumerFilter {
    /// Matches the beginning of the id.
    pub prefix: Option<String>,
    /// Matches a part of the id, the email address, the account name or the user name.
    pub search: Option<String>,
}

/// Whether a page comes before or after an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Direction {
    After(String),
    Before(String),
}

/// Requests of one consumer that are counted but not written yet.
pub(super) struct Requests {
    count: i64,
    first_at: i64,
    last_at: i64,
}

const COLUMNS: &str = "consumer, metadata, requests, created_at, modified_at, counted_at, \
    (SELECT json_group_array(DISTINCT service_id) FROM connections \
     WHERE connections.app = consumers.app AND connections.consumer = consumers.consumer) AS services";

impl Store {
    /// Counts a request that names this consumer. The first request creates the consumer.
    pub fn count_request(&self, owner: Owner) {
        let now = self.clock.now();
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = requests.entry(owner).or_insert(Requests { count: 0, first_at: now, last_at: now });
        requests.count += 1;
        requests.last_at = now;
    }

    /// Returns at most `limit` consumers of `app` in the order of their ids. The list starts at the beginning, or before or
    /// after an id.
    pub fn consumers(
        &self,
        app: &str,
        filter: &ConsumerFilter,
        direction: Option<&Direction>,
        limit: usize,
    ) -> Result<Vec<Consumer>, ApiError> {
        let mut database = self.lock();
        write_counts(&self.requests, &mut database)?;
        let (side, order, id) = match direction {
            None => ("?2 = ?2", "ASC", ""),
            Some(Direction::After(id)) => ("consumer > ?2", "ASC", id.as_str()),
            Some(Direction::Before(id)) => ("consumer < ?2", "DESC", id.as_str()),
        };
        let mut query = database.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM consumers WHERE app = ?1 AND {side} \
             AND (?3 IS NULL OR substr(consumer, 1, length(?3)) = ?3) \
             AND (?4 IS NULL OR instr(consumer, ?4) OR instr(metadata ->> 'email', ?4) \
                  OR instr(metadata ->> 'account_name', ?4) OR instr(metadata ->> 'user_name', ?4)) \
             ORDER BY consumer {order} LIMIT ?5"
        ))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map(params![app, id, filter.prefix, filter.search, limit], consumer)?;
        let mut consumers = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        if matches!(direction, Some(Direction::Before(_))) {
            consumers.reverse();
        }
        Ok(consumers)
    }

    pub fn consumer(&self, owner: &Owner) -> Result<Option<Consumer>, ApiError> {
        let mut database = self.lock();
        write_counts(&self.requests, &mut database)?;
        Ok(load(&database, owner)?)
    }

    /// Creates the consumer if it does not exist. Replaces its metadata if `metadata` is set.
    pub fn put_consumer(&self, owner: &Owner, metadata: Option<&Map<String, Value>>) -> Result<(), ApiError> {
        let mut database = self.lock();
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = self.clock.now();
        ensure_exists(&transaction, owner, now)?;
        if let Some(metadata) = metadata {
            set_metadata(&transaction, owner, metadata, now)?;
        }
        Ok(transaction.commit()?)
    }

    /// Replaces the metadata of a consumer. Returns whether the consumer exists.
    pub fn set_consumer_metadata(&self, owner: &Owner, metadata: &Map<String, Value>) -> Result<bool, ApiError> {
        let mut database = self.lock();
        write_counts(&self.requests, &mut database)?;
        Ok(set_metadata(&database, owner, metadata, self.clock.now())?)
    }

    /// Deletes the consumer with everything that belongs to it. Returns whether the consumer existed.
    pub fn delete_consumer(&self, owner: &Owner) -> Result<bool, ApiError> {
        // The events show the connections as they were.
        let connections = self.list(owner)?;
        let mut database = self.lock();
        write_counts(&self.requests, &mut database)?;
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut deleted = 0;
        for table in ["connections", "links", "sessions", "consumers"] {
            let statement = format!("DELETE FROM {table} WHERE app = ?1 AND consumer = ?2");
            deleted = transaction.prepare_cached(&statement)?.execute(params![owner.app, owner.consumer])?;
        }
        transaction.commit()?;
        if deleted > 0 {
            erase_deleted(&database)?;
        }
        drop(database);
        let now = self.clock.now();
        let events = catalogue::all().iter().filter_map(|integration| {
            let (unified_api, service_id) = integration.key();
            let record = connections.get(&(unified_api.to_string(), service_id.to_string()))?;
            Some(lifecycle::one(owner, integration, record, EventType::Deleted, now))
        });
        self.publish(events.collect());
        Ok(deleted > 0)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let database = self.database.get_mut().unwrap_or_else(PoisonError::into_inner);
        // An error is ignored: there is no response to report it in, and only the last request counts are lost.
        let _ = write_counts(&self.requests, database);
    }
}

fn write_counts(pending: &Mutex<HashMap<Owner, Requests>>, database: &mut Connection) -> rusqlite::Result<()> {
    let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
    if pending.is_empty() {
        return Ok(());
    }
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (owner, requests) in pending.iter() {
        ensure_exists(&transaction, owner, requests.first_at)?;
        transaction
            .prepare_cached(
                "UPDATE consumers SET requests = requests + ?3, counted_at = max(?4, coalesce(counted_at, 0)) \
                 WHERE app = ?1 AND consumer = ?2",
            )?
            .execute(params![owner.app, owner.consumer, requests.count, requests.last_at])?;
    }
    transaction.commit()?;
    pending.clear();
    Ok(())
}

/// Replaces the metadata of a consumer. Returns whether the consumer exists.
fn set_metadata(
    database: &Connection,
    owner: &Owner,
    metadata: &Map<String, Value>,
    now: i64,
) -> rusqlite::Result<bool> {
    let changed = database
        .prepare_cached(
            "UPDATE consumers SET metadata = ?3, modified_at = max(?4, modified_at) WHERE app = ?1 AND consumer = ?2",
        )?
        .execute(params![owner.app, owner.consumer, text(metadata)?, now])?;
    Ok(changed > 0)
}

/// Creates the consumer if it does not exist.
pub(super) fn ensure_exists(database: &Connection, owner: &Owner, now: i64) -> rusqlite::Result<()> {
    database
        .prepare_cached(
            "INSERT INTO consumers (app, consumer, created_at, modified_at) VALUES (?1, ?2, ?3, ?3) \
             ON CONFLICT (app, consumer) DO NOTHING",
        )?
        .execute(params![owner.app, owner.consumer, now])?;
    Ok(())
}

fn load(database: &Connection, owner: &Owner) -> rusqlite::Result<Option<Consumer>> {
    database
        .prepare_cached(&format!("SELECT {COLUMNS} FROM consumers WHERE app = ?1 AND consumer = ?2"))?
        .query_row(params![owner.app, owner.consumer], consumer)
        .optional()
}

fn consumer(row: &Row) -> rusqlite::Result<Consumer> {
    let mut services: Vec<_> = value(row, "services")?.unwrap_or_default();
    services.sort();
    Ok(Consumer {
        id: row.get("consumer")?,
        metadata: value(row, "metadata")?,
        services,
        requests: row.get("requests")?,
        created_at: row.get("created_at")?,
        modified_at: row.get("modified_at")?,
        counted_at: row.get("counted_at")?,
    })
}
