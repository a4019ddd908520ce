//! What survives a restart, in SQLite: connections and the random parts of their links here, consumers in
//! `store/consumers.rs`, sessions in `store/sessions.rs`.
//!
//! A write has reached the disk when the call that made it returns (WAL, `synchronous=FULL`), so a `kill -9` loses
//! nothing that a response reported. A delete leaves nothing of what it deleted in the files: they are rewritten.
//! What a change means is decided elsewhere.

mod consumers;
mod sessions;

pub use consumers::{Consumer, ConsumerFilter, Direction};
pub use sessions::StoredSession;

use crate::catalogue::Integration;
use crate::connection::{Credentials, Record, Refusal};
use crate::error::ApiError;
use rusqlite::ErrorCode::DatabaseBusy;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Whose connections: nothing of one owner is visible to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner {
    pub app: String,
    pub consumer: String,
}

/// What the `state` of an authorize or revoke link stands for.
pub struct Link {
    pub owner: Owner,
    pub unified_api: String,
    pub service_id: String,
}

pub struct Store {
    database: Mutex<Connection>,
    /// Requests that are counted but not written yet. Locked after `database` where both are locked.
    requests: Mutex<HashMap<Owner, consumers::Requests>>,
}

/// Says in the file whose it is ("VltS"), as SQLite means `application_id` to be used.
const APPLICATION: i32 = 0x566c_7453;

/// The number of the newest layout. A file of an older layout is upgraded, a file of a newer one is refused.
const LAYOUT: i32 = LAYOUTS.len() as i32;

/// For another program to leave the file.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// How each layout is made from the one before it.
const LAYOUTS: [&str; 2] = [TABLES, CONSUMERS_AND_SESSIONS];

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

const COLUMNS: &str = "unified_api, service_id, enabled, settings, metadata, configuration, custom_mappings, \
                       credentials, refusal, was_callable, created_at, updated_at, migrated_from";

impl Store {
    /// Opens or creates `file`; without one, everything is in memory.
    pub fn open(file: Option<&Path>) -> rusqlite::Result<Store> {
        let begun = Instant::now();
        // SQLite waits for a lock itself, but not while the journal's mode changes: another sandbox may be setting up.
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
                // SQLite gives names like `:memory:` and `file:…` a meaning of their own; this is a file, whatever its name.
                let file = std::path::absolute(file).unwrap_or_else(|_| file.into());
                make_private(&file);
                Connection::open(file)?
            }
            None => Connection::open_in_memory()?,
        };
        database.busy_timeout(MAX_WAIT)?;
        // Checked before anything is written: a file of another program is left as it is. In a transaction, because
        // another sandbox may be setting it up.
        layout(&*database.transaction()?)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        // Rewriting the file (see `erase`) must leave no copy in a temporary one.
        database.pragma_update(None, "temp_store", "MEMORY")?;
        let setup = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for upgrade in &LAYOUTS[layout(&setup)?..] {
            setup.execute_batch(upgrade)?;
        }
        setup.pragma_update(None, "application_id", APPLICATION)?;
        setup.pragma_update(None, "user_version", LAYOUT)?;
        setup.commit()?;
        Ok(Store { database: Mutex::new(database), requests: Mutex::default() })
    }

    /// Every stored connection of `owner`, by unified API and service.
    pub fn list(&self, owner: &Owner) -> Result<HashMap<(String, String), Record>, ApiError> {
        let database = self.lock();
        let mut query =
            database.prepare_cached(&format!("SELECT {COLUMNS} FROM connections WHERE app = ?1 AND consumer = ?2"))?;
        let rows = query.query_map(params![owner.app, owner.consumer], |row| {
            Ok(((row.get("unified_api")?, row.get("service_id")?), record(row)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn get(&self, owner: &Owner, integration: &Integration) -> Result<Option<Record>, ApiError> {
        Ok(load(&self.lock(), owner, integration)?)
    }

    /// Reads the connection, lets `change` replace it or (with `None`) forget it, and stores the outcome, all at once.
    /// An error of `change` leaves everything as it was.
    pub fn change(
        &self,
        owner: &Owner,
        integration: &Integration,
        change: impl FnOnce(Option<Record>, i64) -> Result<Option<Record>, ApiError>,
    ) -> Result<Option<Record>, ApiError> {
        let mut database = self.lock();
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = now();
        let mut outcome = change(load(&transaction, owner, integration)?, now)?;
        match &mut outcome {
            Some(record) => {
                record.touch(integration, now);
                save(&transaction, owner, integration, record)?;
            }
            None => forget(&transaction, owner, integration)?,
        }
        transaction.commit()?;
        if outcome.is_none() {
            erase(&database)?;
        }
        Ok(outcome)
    }

    /// Moves a connection from one integration to another, all at once. `decide` gets both connections and returns what
    /// `target` holds afterwards; `source` is forgotten. An error of `decide` leaves everything as it was.
    pub fn migrate(
        &self,
        owner: &Owner,
        source: &Integration,
        target: &Integration,
        decide: impl FnOnce(Option<Record>, Option<Record>, i64) -> Result<Record, ApiError>,
    ) -> Result<Record, ApiError> {
        let mut database = self.lock();
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (from, to) = (load(&transaction, owner, source)?, load(&transaction, owner, target)?);
        let record = decide(from, to, now())?;
        save(&transaction, owner, target, &record)?;
        forget(&transaction, owner, source)?;
        transaction.commit()?;
        Ok(record)
    }

    /// The unguessable `state` of each integration's links, made on first use and kept until the connection is deleted.
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
        // Another program with the same file may have made one since.
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

    /// Whose link has this `state`.
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

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a transaction rolled it back; the database itself is sound.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the file, if it is not there, for its owner's eyes alone, as it will hold credentials; SQLite gives its other
/// files the same mode. What goes wrong here goes wrong when SQLite opens it, too, and is said then.
fn make_private(file: &Path) {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(file);
}

/// The number of the file's layout: 0 for an empty file.
///
/// # Errors
///
/// Fails if the file belongs to another program or has a newer layout.
fn layout(database: &Connection) -> rusqlite::Result<usize> {
    let number = |query: &str| database.query_row(query, [], |row| row.get::<_, i32>(0));
    let (application, layout) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    match (application, layout, number("SELECT count(*) FROM sqlite_schema")?) {
        (0, 0, 0) => Ok(0),
        (APPLICATION, 1..=LAYOUT, _) => Ok(layout as usize),
        _ => Err(rusqlite::Error::InvalidQuery),
    }
}

fn key<'a>(owner: &'a Owner, integration: &'a Integration) -> [&'a str; 4] {
    [&owner.app, &owner.consumer, &integration.unified_api, &integration.service_id]
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
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
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
        ])?;
    consumers::ensure(database, owner, record.updated_at)
}

fn forget(database: &Connection, owner: &Owner, integration: &Integration) -> rusqlite::Result<()> {
    for table in ["connections", "links"] {
        database
            .prepare_cached(&format!(
                "DELETE FROM {table} WHERE app = ?1 AND consumer = ?2 AND unified_api = ?3 AND service_id = ?4"
            ))?
            .execute(key(owner, integration))?;
    }
    Ok(())
}

/// Rewrites the files without what was deleted from them. `secure_delete` is not enough: it overwrites the cells that
/// are freed, but not the copies that stay behind where SQLite moved them to other pages before.
fn erase(database: &Connection) -> rusqlite::Result<()> {
    let in_memory = database.path().is_none_or(str::is_empty);
    if in_memory {
        return Ok(());
    }
    database.execute_batch("VACUUM")?;
    // The log has the old pages, too.
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
    })
}

fn text(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|cause| rusqlite::Error::ToSqlConversionFailure(Box::new(cause)))
}

fn value<T: DeserializeOwned>(row: &Row, column: &str) -> rusqlite::Result<Option<T>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| rusqlite::Error::InvalidQuery)
}
