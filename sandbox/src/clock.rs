//! The clock of the sandbox. Every time that the sandbox stores, reports or compares comes from it. Tests can move it
//! forwards. It runs on from there.
//!
//! Timeouts of the network use the time of the system.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::watch;

/// The latest time of the clock: the last millisecond of the year 9999, which is the last one that RFC 3339 can write.
const LATEST: i64 = 253_402_300_799_999;

/// A clock that is ahead of the time of the system.
pub struct Clock {
    /// How far it is ahead, in milliseconds.
    offset: AtomicI64,
    /// Reports that the clock was moved.
    moved: watch::Sender<()>,
}

/// A new time for the clock.
pub enum Move {
    /// Moves it forwards by this many milliseconds.
    Advance(i64),
    /// Moves it forwards to this time, in milliseconds since 1970.
    To(i64),
    /// Sets it back to the time of the system.
    Reset,
}

impl Clock {
    /// Creates a clock that is `offset` milliseconds ahead of the time of the system.
    pub fn new(offset: i64) -> Clock {
        Clock { offset: offset.into(), moved: watch::Sender::new(()) }
    }

    /// Returns the time in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now_in_microseconds() / 1000
    }

    /// Returns the time in microseconds since 1970.
    pub fn now_in_microseconds(&self) -> i64 {
        system_time().saturating_add(self.offset.load(Ordering::Relaxed).saturating_mul(1000))
    }

    /// Returns how far the clock will be ahead of the time of the system after a move, in milliseconds.
    ///
    /// # Errors
    ///
    /// Fails with a message if the clock would go backwards or beyond the year 9999.
    pub fn offset_after(&self, change: &Move) -> Result<i64, String> {
        let now = self.now();
        let target = match change {
            Move::Reset => return Ok(0),
            Move::Advance(by) if *by < 0 => {
                return Err(format!("advance_ms: expected a number that is not negative, found {by}"));
            }
            Move::Advance(by) => now.saturating_add(*by),
            Move::To(time) if *time < now => {
                return Err(format!("now: the clock never goes backwards. Its time is {}", iso8601(now)));
            }
            Move::To(time) => *time,
        };
        if target > LATEST {
            return Err(format!("the clock ends at {}", iso8601(LATEST)));
        }
        Ok(target - system_time() / 1000)
    }

    /// Moves the clock and ends the waits that are over.
    pub fn set_offset(&self, offset: i64) {
        self.offset.store(offset, Ordering::Relaxed);
        self.moved.send_replace(());
    }

    /// Waits for this many milliseconds of the clock. Setting the clock back does not make the wait longer.
    pub async fn sleep(&self, milliseconds: i64) {
        let mut moved = self.moved.subscribe();
        let (mut left, mut seen) = (milliseconds, self.now());
        while left > 0 {
            let wait = Duration::from_millis(left.unsigned_abs());
            let _ = tokio::time::timeout(wait, moved.changed()).await;
            let now = self.now();
            left -= (now - seen).max(0);
            seen = now;
        }
    }

    /// Waits until the clock has reached a time, in milliseconds since 1970.
    pub async fn sleep_until(&self, time: i64) {
        let mut moved = self.moved.subscribe();
        while self.now() < time {
            let left = Duration::from_millis(u64::try_from(time - self.now()).unwrap_or_default());
            let _ = tokio::time::timeout(left, moved.changed()).await;
        }
    }
}

/// Returns the time of the system in microseconds since 1970.
fn system_time() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX)
}

/// Formats milliseconds since 1970 like `2021-05-07T12:55:42.242Z`.
pub fn iso8601(milliseconds: i64) -> String {
    let nanoseconds = i128::from(milliseconds) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, time) = (at.date(), at.time());
    format!("{date}T{:02}:{:02}:{:02}.{:03}Z", time.hour(), time.minute(), time.second(), time.millisecond())
}

/// Parses an RFC 3339 date and time to milliseconds since 1970.
pub fn parse_iso8601(text: &str) -> Option<i64> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_milliseconds() {
        assert_eq!(iso8601(1_620_392_142_240), "2021-05-07T12:55:42.240Z");
        assert_eq!(iso8601(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso8601(LATEST), "9999-12-31T23:59:59.999Z");
        assert_eq!(parse_iso8601("2021-05-07T14:55:42.2409+02:00"), Some(1_620_392_142_240));
    }

    #[test]
    fn the_clock_goes_forwards_only_and_ends_with_the_year_9999() {
        let clock = Clock::new(0);
        let offset = clock.offset_after(&Move::Advance(60_000)).unwrap();
        assert!((60_000..70_000).contains(&offset), "{offset}");
        clock.set_offset(60_000);
        let now = clock.now();
        assert!(now * 1000 <= clock.now_in_microseconds() && now - system_time() / 1000 >= 59_000);
        assert!(clock.offset_after(&Move::To(now - 1)).unwrap_err().contains("never goes backwards"));
        assert!(clock.offset_after(&Move::Advance(-1)).unwrap_err().contains("found -1"));
        for change in [Move::To(LATEST + 1), Move::Advance(i64::MAX)] {
            assert!(clock.offset_after(&change).unwrap_err().contains("9999"));
        }
        assert!(clock.offset_after(&Move::To(LATEST)).is_ok());
        assert_eq!(clock.offset_after(&Move::Reset), Ok(0));
    }

    #[tokio::test]
    async fn moving_the_clock_ends_a_wait() {
        let clock = Clock::new(0);
        let wait = clock.sleep_until(clock.now() + 3_600_000);
        tokio::pin!(wait);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut wait).await.is_err());
        clock.set_offset(1_800_000);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut wait).await.is_err());
        clock.set_offset(3_600_000);
        wait.await;
    }

    #[tokio::test]
    async fn setting_the_clock_back_does_not_make_a_wait_longer() {
        let clock = Clock::new(3_600_000);
        let wait = clock.sleep(1000);
        tokio::pin!(wait);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut wait).await.is_err());
        clock.set_offset(0);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut wait).await.is_err());
        clock.set_offset(1000);
        wait.await;
    }
}
