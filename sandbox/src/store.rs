//! The SQLite database. This file stores connections and the random parts of their links, `store/consumers.rs` stores
//! consumers, and `store/sessions.rs` stores sessions. `store/lifecycle.rs` makes the changes that become due.
//!
//! A call that writes returns after the data has reached the disk (WAL, `synchronous=FULL`), so a `kill -9` loses nothing
//! that a response reported. A delete rewrites the files, so that they no longer contain the deleted data.

mod consumers;
mod lifecycle;
mod sessions;

pub use consumers::{Consumer, ConsumerFilter, Direction};
pub use sessions::StoredSession;

use crate::catalogue::Integration;
use crate::clock::Clock;
use crate::connection::{Credentials, Record, Refusal};
use crate::error::ApiError;
use crate::event::EventType;
use crate::webhook::Webhooks;
use rusqlite::ErrorCode::DatabaseBusy;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// The app and consumer that own data. One owner never sees the data of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner {
    pub app: String,
    pub consumer: String,
}

/// The connection that belongs to the `state` of an authorize or revoke link.
pub struct Link {
    pub owner: Owner,
    pub unified_api: String,
    pub service_id: String,
}

pub struct Store {
    pub clock: Arc<Clock>,
    /// How long an access token is valid, in milliseconds.
    pub lifetime: i64,
    /// Receives the events of all changes.
    webhooks: Option<Arc<Webhooks>>,
    /// Reports that a change may have become due at another time.
    scheduled: Notify,
    database: Mutex<Connection>,
    /// Requests that are counted but not written yet. Code that locks both locks `database` first.
    requests: Mutex<HashMap<Owner, consumers::Requests>>,
}

/// Marks a file as a database of the sandbox ("VltS"), in SQLite's field `application_id`.
const APPLICATION: i32 = 0x566c_7453;

/// The newest schema version. A file with an older version is upgraded, and a file with a newer version is refused.
const SCHEMA_VERSION: i32 = UPGRADES.len() as i32;

/// How long to wait for another program that locks the file.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The statements that create each schema version from the one before.
const UPGRADES: [&str; 4] = [TABLES, CONSUMERS_AND_SESSIONS, CLOCK, REFRESHES];

const TABLES: &str = "
CREATE TABLE connections (
  app TEXT NOT NULL, consumer TEXT NOT NULL, unified_api TEXT NOT NULL, service_id TEXT NOT NULL,
  enabled INTEGER NOT NULL, settings TEXT NOT NULL, metadata TEXT, configuration TEXT NOT NULL,
  custom_mappings TEXT NOT NULL, credentials TEXT, refusal TEXT, was_callable INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (app, consumer, unified_api, service_id)
) WITHOUT ROWID;
CREATE TABLE links (
  state TEXT NOT NULL PRIMARY KEY,
  app TEXT NOT NULL, consumer TEXT NOT NULL, unified_api TEXT NOT NULL, service_id TEXT NOT NULL,
  UNIQUE (app, consumer, unified_api, service_id)
) WITHOUT ROWID;";

const CONSUMERS_AND_SESSIONS: &str = "
ALTER TABLE connections ADD COLUMN migrated_from TEXT;
CREATE TABLE consumers (
  app TEXT NOT NULL, consumer TEXT NOT NULL, metadata TEXT, requests INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, counted_at INTEGER,
  PRIMARY KEY (app, consumer)
) WITHOUT ROWID;
INSERT INTO consumers (app, consumer, created_at, modified_at)
  SELECT app, consumer, min(created_at), min(created_at) FROM connections GROUP BY app, consumer;
CREATE TABLE sessions (
  token TEXT NOT NULL PRIMARY KEY,
  app TEXT NOT NULL, consumer TEXT NOT NULL, session TEXT NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;";

const CLOCK: &str = "
CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 1), offset INTEGER NOT NULL);
INSERT INTO clock VALUES (1, 0);";

const REFRESHES: &str = "
ALTER TABLE connections ADD COLUMN refresh TEXT;
ALTER TABLE connections ADD COLUMN degraded_at INTEGER;
ALTER TABLE connections ADD COLUMN due_at INTEGER;
CREATE INDEX connections_due ON connections (due_at) WHERE due_at IS NOT NULL;";

const COLUMNS: &str = "unified_api, service_id, enabled, settings, metadata, configuration, custom_mappings, \
                       credentials, refusal, was_callable, created_at, updated_at, migrated_from, refresh, degraded_at";

impl Store {
    /// Opens or creates `file`. `None` opens a database in memory.
    ///
    /// # Errors
    ///
    /// Fails if SQLite cannot open the file, or if it is not a database of this sandbox version.
    pub fn open(file: Option<&Path>) -> rusqlite::Result<Store> {
        let begun = Instant::now();
        // SQLite itself waits for locks, but not while the journal mode changes. Another sandbox may be doing that.
        loop {
            match Store::try_open(file) {
                Err(error) if error.sqlite_error_code() == Some(DatabaseBusy) && begun.elapsed() < MAX_WAIT => {
                    thread::sleep(Duration::from_millis(10));
                }
                opened => return opened,
            }
        }
    }

    fn try_open(file: Option<&Path>) -> rusqlite::Result<Store> {
        let mut database = match file {
            Some(file) => {
                // SQLite treats names like `:memory:` and `file:…` specially. An absolute path is always a plain file.
                let file = std::path::absolute(file).unwrap_or_else(|_| file.into());
                create_private(&file);
                Connection::open(file)?
            }
            None => Connection::open_in_memory()?,
        };
        database.busy_timeout(MAX_WAIT)?;
        // The check comes before the first write, so a file of another program stays unchanged. It runs in a transaction,
        // because another sandbox may be creating the tables.
        schema_version(&*database.transaction()?)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        // `erase_deleted` rewrites the file. It must leave no copy in a temporary file.
        database.pragma_update(None, "temp_store", "MEMORY")?;
        let setup = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for upgrade in &UPGRADES[schema_version(&setup)?..] {
            setup.execute_batch(upgrade)?;
        }
        setup.pragma_update(None, "application_id", APPLICATION)?;
        setup.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        let offset = setup.query_row("SELECT offset FROM clock", [], |row| row.get(0))?;
        setup.commit()?;
        Ok(Store {
            clock: Arc::new(Clock::new(offset)),
            lifetime: i64::MAX,
            webhooks: None,
            scheduled: Notify::new(),
            database: Mutex::new(database),
            requests: Mutex::default(),
        })
    }

    /// Sends the events of later changes to `webhooks`.
    pub fn set_webhooks(&mut self, webhooks: Arc<Webhooks>) {
        self.webhooks = Some(webhooks);
    }

    /// Returns every stored connection of `owner`, by unified API and service.
    pub fn list(&self, owner: &Owner) -> Result<HashMap<(String, String), Record>, ApiError> {
        self.run_due()?;
        let database = self.lock();
        let mut query =
            database.prepare_cached(&format!("SELECT {COLUMNS} FROM connections WHERE app = ?1 AND consumer = ?2"))?;
        let rows = query.query_map(params![owner.app, owner.consumer], |row| {
            Ok(((row.get("unified_api")?, row.get("service_id")?), record(row)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn get(&self, owner: &Owner, integration: &Integration) -> Result<Option<Record>, ApiError> {
        self.run_due()?;
        Ok(load(&self.lock(), owner, integration)?)
    }

    /// Changes a connection in one transaction. `change` gets the stored record and returns the new one, or `None` to delete
    /// it.
    ///
    /// # Errors
    ///
    /// Returns the error of `change`. Nothing is changed then.
    pub fn change(
        &self,
        owner: &Owner,
        integration: &Integration,
        change: impl FnOnce(Option<Record>, i64) -> Result<Option<Record>, ApiError>,
    ) -> Result<Option<Record>, ApiError> {
        self.run_due()?;
        let mut database = self.lock();
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = self.clock.now();
        let before = load(&transaction, owner, integration)?;
        let mut changed = change(before.clone(), now)?;
        let events = match (&before, &mut changed) {
            (_, Some(record)) => {
                record.follow_credentials(now, self.lifetime);
                record.mark_changed(integration, now);
                save(&transaction, owner, integration, record)?;
                lifecycle::changes(owner, integration, before.as_ref(), record, now)
            }
            (Some(record), None) => {
                delete(&transaction, owner, integration)?;
                vec![lifecycle::one(owner, integration, record, EventType::Deleted, now)]
            }
            (None, None) => {
                delete(&transaction, owner, integration)?;
                Vec::new()
            }
        };
        transaction.commit()?;
        if changed.is_none() {
            erase_deleted(&database)?;
        }
        drop(database);
        self.publish(events);
        Ok(changed)
    }

    /// Moves a connection to another integration in one transaction. `decide` gets the records of `source` and `target`
    /// and returns the new record of `target`. The record of `source` is deleted.
    ///
    /// # Errors
    ///
    /// Returns the error of `decide`. Nothing is changed then.
    pub fn migrate(
        &self,
        owner: &Owner,
        source: &Integration,
        target: &Integration,
        decide: impl FnOnce(Option<Record>, Option<Record>, i64) -> Result<Record, ApiError>,
    ) -> Result<Record, ApiError> {
        self.run_due()?;
        let mut database = self.lock();
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (from, to) = (load(&transaction, owner, source)?, load(&transaction, owner, target)?);
        let now = self.clock.now();
        let record = decide(from.clone(), to, now)?;
        save(&transaction, owner, target, &record)?;
        delete(&transaction, owner, source)?;
        transaction.commit()?;
        drop(database);
        // A request that is sent again finds no connection of the source, and changes nothing.
        let events = from.iter().flat_map(|from| {
            [
                lifecycle::one(owner, target, &record, EventType::Migrated, now),
                lifecycle::one(owner, target, &record, EventType::Created, now),
                lifecycle::one(owner, source, from, EventType::Deleted, now),
            ]
        });
        self.publish(events.collect());
        Ok(record)
    }

    /// Returns the random `state` of each integration's links. It is created on first use and kept until the connection is
    /// deleted.
    pub fn link_states<'a>(
        &self,
        owner: &Owner,
        integrations: impl Iterator<Item = &'a Integration>,
    ) -> Result<HashMap<(&'a str, &'a str), String>, ApiError> {
        let mut database = self.lock();
        let mut states = HashMap::new();
        let mut unknown = Vec::new();
        let select =
            "SELECT state FROM links WHERE app = ?1 AND consumer = ?2 AND unified_api = ?3 AND service_id = ?4";
        for integration in integrations {
            let state =
                database.prepare_cached(select)?.query_row(key(owner, integration), |row| row.get(0)).optional()?;
            match state {
                Some(state) => _ = states.insert(integration.key(), state),
                None => unknown.push(integration),
            }
        }
        if unknown.is_empty() {
            return Ok(states);
        }
        // Another program with the same file may have inserted a state in the meantime.
        let insert = "INSERT INTO links VALUES (lower(hex(randomblob(24))), ?1, ?2, ?3, ?4) \
                      ON CONFLICT (app, consumer, unified_api, service_id) DO UPDATE SET state = state RETURNING state";
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for integration in unknown {
            let state = transaction.prepare_cached(insert)?.query_row(key(owner, integration), |row| row.get(0))?;
            states.insert(integration.key(), state);
        }
        transaction.commit()?;
        Ok(states)
    }

    /// Returns the apps whose consumer of this name has a connection. `app` restricts them to one.
    pub fn apps_with(
        &self,
        consumer: &str,
        integration: &Integration,
        app: Option<&str>,
    ) -> Result<Vec<String>, ApiError> {
        let database = self.lock();
        let mut query = database.prepare_cached(
            "SELECT app FROM connections WHERE consumer = ?1 AND unified_api = ?2 AND service_id = ?3 \
             AND (?4 IS NULL OR app = ?4) ORDER BY app",
        )?;
        let rows = query
            .query_map(params![consumer, integration.unified_api, integration.service_id, app], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the link with this `state`.
    pub fn link(&self, state: &str) -> Result<Option<Link>, ApiError> {
        let database = self.lock();
        let mut query =
            database.prepare_cached("SELECT app, consumer, unified_api, service_id FROM links WHERE state = ?1")?;
        let link = query.query_row([state], |row| {
            let owner = Owner { app: row.get(0)?, consumer: row.get(1)? };
            Ok(Link { owner, unified_api: row.get(2)?, service_id: row.get(3)? })
        });
        Ok(link.optional()?)
    }

    /// Moves the clock to `offset` milliseconds ahead of the time of the system. The offset is kept in the file, because the
    /// times in the file come from this clock.
    pub fn move_clock(&self, offset: i64) -> Result<(), ApiError> {
        self.lock().prepare_cached("UPDATE clock SET offset = ?1")?.execute([offset])?;
        self.clock.set_offset(offset);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolls it back, so the database is still consistent.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Creates the file with permissions for its owner only, because it will contain credentials. SQLite gives its other files
/// the same mode. Errors are ignored here, because SQLite reports them when it opens the file.
fn create_private(file: &Path) {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(file);
}

/// Returns the schema version of the file, or 0 if the file is empty.
///
/// # Errors
///
/// Fails if the file belongs to another program or has a newer schema version.
fn schema_version(database: &Connection) -> rusqlite::Result<usize> {
    let number = |query: &str| database.query_row(query, [], |row| row.get::<_, i32>(0));
    let (application, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    match (application, version, number("SELECT count(*) FROM sqlite_schema")?) {
        (0, 0, 0) => Ok(0),
        (APPLICATION, 1..=SCHEMA_VERSION, _) => Ok(version as usize),
        _ => Err(rusqlite::Error::InvalidQuery),
    }
}

fn key<'a>(owner: &'a Owner, integration: &'a Integration) -> [&'a str; 4] {
    [&owner.app, &owner.consumer, &integration.unified_api, &integration.service_id]
}

fn load(database: &Connection, owner: &Owner, integration: &Integration) -> rusqlite::Result<Option<Record>> {
    database
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM connections WHERE app = ?1 AND consumer = ?2 AND unified_api = ?3 AND service_id = ?4"
        ))?
        .query_row(key(owner, integration), record)
        .optional()
}

fn save(database: &Connection, owner: &Owner, integration: &Integration, record: &Record) -> rusqlite::Result<()> {
    database
        .prepare_cached(
            "INSERT OR REPLACE INTO connections \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        )?
        .execute(params![
            owner.app,
            owner.consumer,
            integration.unified_api,
            integration.service_id,
            record.enabled,
            text(&record.settings)?,
            record.metadata.as_ref().map(|metadata| metadata.get()),
            text(&record.configuration)?,
            text(&record.custom_mappings)?,
            record.credentials.as_ref().map(text).transpose()?,
            record.refusal.as_ref().map(text).transpose()?,
            record.was_callable,
            record.created_at,
            record.updated_at,
            record.migrated_from,
            text(&record.refresh)?,
            record.degraded_at,
            record.due_at(integration),
        ])?;
    consumers::ensure_exists(database, owner, record.updated_at)
}

fn delete(database: &Connection, owner: &Owner, integration: &Integration) -> rusqlite::Result<()> {
    for table in ["connections", "links"] {
        database
            .prepare_cached(&format!(
                "DELETE FROM {table} WHERE app = ?1 AND consumer = ?2 AND unified_api = ?3 AND service_id = ?4"
            ))?
            .execute(key(owner, integration))?;
    }
    Ok(())
}

/// Rewrites the files without the deleted data. `secure_delete` is not enough: it overwrites freed cells, but not the
/// copies that remain where SQLite moved cells to other pages before.
fn erase_deleted(database: &Connection) -> rusqlite::Result<()> {
    let in_memory = database.path().is_none_or(str::is_empty);
    if in_memory {
        return Ok(());
    }
    database.execute_batch("VACUUM")?;
    // The write-ahead log also contains the old pages.
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

fn record(row: &Row) -> rusqlite::Result<Record> {
    Ok(Record {
        enabled: row.get("enabled")?,
        settings: value(row, "settings")?.unwrap_or_default(),
        metadata: value(row, "metadata")?,
        configuration: value(row, "configuration")?.unwrap_or_default(),
        custom_mappings: value(row, "custom_mappings")?.unwrap_or_default(),
        credentials: value::<Credentials>(row, "credentials")?,
        refusal: value::<Refusal>(row, "refusal")?,
        was_callable: row.get("was_callable")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        migrated_from: row.get("migrated_from")?,
        refresh: value(row, "refresh")?.unwrap_or_default(),
        degraded_at: row.get("degraded_at")?,
        events: Vec::new(),
    })
}

fn text(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))
}

fn value<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<Option<T>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| rusqlite::Error::InvalidQuery)
}
