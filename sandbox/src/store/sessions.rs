//! Stores sessions with their owners and expiry times.

use super::{Owner, Store, consumers, text, value};
use crate::error::ApiError;
use crate::session::Session;
use rusqlite::{OptionalExtension, TransactionBehavior, params};
use std::time::Duration;

/// A session that was found by its token.
pub struct StoredSession {
    pub owner: Owner,
    pub session: Session,
    pub expired: bool,
}

/// How long an expired session is kept, so that its page can report that it has expired.
const KEPT_AFTER_EXPIRY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Store {
    /// Stores a session and returns its random token.
    pub fn create_session(&self, owner: &Owner, session: &Session) -> Result<String, ApiError> {
        let mut database = self.lock();
        let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = self.clock.now();
        let oldest_kept = now.saturating_sub_unsigned(KEPT_AFTER_EXPIRY.as_millis() as u64);
        transaction.prepare_cached("DELETE FROM sessions WHERE expires_at < ?1")?.execute([oldest_kept])?;
        consumers::ensure_exists(&transaction, owner, now)?;
        let expires_at = now.saturating_add_unsigned(session.length.as_millis() as u64);
        let token = transaction
            .prepare_cached("INSERT INTO sessions VALUES (lower(hex(randomblob(24))), ?1, ?2, ?3, ?4) RETURNING token")?
            .query_row(params![owner.app, owner.consumer, text(session)?, expires_at], |row| row.get(0))?;
        transaction.commit()?;
        Ok(token)
    }

    pub fn session(&self, token: &str) -> Result<Option<StoredSession>, ApiError> {
        let now = self.clock.now();
        let database = self.lock();
        let mut query = database.prepare_cached("SELECT * FROM sessions WHERE token = ?1")?;
        let session = query.query_row([token], |row| {
            Ok(StoredSession {
                owner: Owner { app: row.get("app")?, consumer: row.get("consumer")? },
                session: value(row, "session")?.unwrap_or_default(),
                expired: row.get::<_, i64>("expires_at")? <= now,
            })
        });
        Ok(session.optional()?)
    }
}
