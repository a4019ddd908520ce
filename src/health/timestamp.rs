//! The times of a connection. Responses have them as milliseconds since 1970, events as ISO 8601 text.

use serde_json::value::RawValue;

use crate::object::Kind;
use crate::pointer;

/// The latest time, in milliseconds since 1970, that the date type of JavaScript can represent.
const LATEST: i64 = 8_640_000_000_000_000;

/// A time of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Absent,
    /// 0: there is no such time.
    Never,
    /// Milliseconds since 1970.
    At(i64),
    /// Neither a time since 1970 nor 0.
    Unreadable,
}

impl Moment {
    pub fn read(value: &RawValue) -> Moment {
        let time = match Kind::of(value) {
            Kind::Null => return Moment::Absent,
            // Converting a float to an integer saturates, and the check of the range refuses what is not a number.
            Kind::Number => value.get().parse::<f64>().ok().filter(|time| time.is_finite()).map(|time| time as i64),
            Kind::String => milliseconds(&pointer::text(value)),
            _ => None,
        };
        match time {
            Some(0) => Moment::Never,
            Some(time @ 1..=LATEST) => Moment::At(time),
            _ => Moment::Unreadable,
        }
    }
}

/// Returns a date and time of ISO 8601 with its offset from UTC (`2024-10-29T03:33:20.5Z`, `…+02:00`) as milliseconds since
/// 1970. Digits beyond milliseconds are dropped.
fn milliseconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (time, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let (time, offset) = time.split_at_checked(time.len().checked_sub(6)?)?;
            let (sign, offset) = match offset.strip_prefix('+') {
                Some(offset) => (1, offset),
                None => (-1, offset.strip_prefix('-')?),
            };
            let [hours, minutes] = numbers(offset, ':', [2, 2]).filter(|[h, m]| *h < 24 && *m < 60)?;
            (time, sign * (hours * 60 + minutes))
        }
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    // A leap second is the 60th.
    if hour > 23 || minute > 59 || second > 60 || fraction.is_empty() || !is_digits(fraction) {
        return None;
    }
    let thousandths: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    let minutes = (days_since_1970(year, month, day)? * 24 + hour) * 60 + minute - offset;
    Some((minutes * 60 + second) * 1000 + thousandths)
}

/// Returns the numbers between separators, each of which has a fixed number of digits.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits && is_digits(part))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the number of days from 1 January 1970 to a date of the Gregorian calendar, if there is such a date.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days_of_month = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let index = usize::try_from(month - 1).ok()?;
    if !(1..=*days_of_month.get(index)?).contains(&day) {
        return None;
    }
    // Every year before this one has 365 days, and those that are leap years one more.
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let days_of_months: i64 = days_of_month[..index].iter().sum();
    // 719162 days lie between 1 January of the year 1 and that of 1970.
    Some(before * 365 + leap_days + days_of_months + day - 1 - 719_162)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Moment {
        Moment::read(serde_json::from_str(json).expect("JSON"))
    }

    #[test]
    fn numbers_and_iso_8601_text_are_the_same_time() {
        for (json, wanted) in [
            ("1730172800000", 1_730_172_800_000),
            ("1730172800000.9", 1_730_172_800_000),
            ("1.7301728e12", 1_730_172_800_000),
            (r#""2024-10-29T03:33:20Z""#, 1_730_172_800_000),
            (r#""2024-10-29T03:33:20.1239Z""#, 1_730_172_800_123),
            (r#""2024-10-29t05:33:20.5+02:00""#, 1_730_172_800_500),
            (r#""2024-10-28 22:03:20-05:30""#, 1_730_172_800_000),
            (r#""2000-02-29T00:00:00Z""#, 951_782_400_000),
            (r#""1970-01-01T00:00:00.001Z""#, 1),
            (r#""9999-12-31T23:59:59Z""#, 253_402_300_799_000),
        ] {
            assert_eq!(read(json), Moment::At(wanted), "{json}");
        }
        assert_eq!((read("0"), read("0.0"), read("-0")), (Moment::Never, Moment::Never, Moment::Never));
        assert_eq!(read("null"), Moment::Absent);
    }

    #[test]
    fn other_values_are_unreadable() {
        for json in [
            "-1",
            "1e300",
            "1e999",
            "8640000000000001",
            "true",
            "[]",
            "{}",
            r#""""#,
            r#""1730172800000""#,
            r#""2024-10-29""#,
            r#""2024-10-29T03:33:20""#,
            r#""2024-10-29T03:33Z""#,
            r#""2023-02-29T00:00:00Z""#,
            r#""1900-02-29T00:00:00Z""#,
            r#""2024-13-01T00:00:00Z""#,
            r#""2024-00-01T00:00:00Z""#,
            r#""2024-01-00T00:00:00Z""#,
            r#""2024-01-01T24:00:00Z""#,
            r#""2024-01-01T00:00:00.Z""#,
            r#""2024-01-01T00:00:00*00:00""#,
            r#""2024-01-01T00:00:00+24:00""#,
            r#""2024-01-01T00:00:00é1:00""#,
            r#""2024-01-01T00:00:00\ud800:00""#,
            r#""2024-01-01T00:00:00.\ud800Z""#,
            r#""+024-01-01T00:00:00Z""#,
            r#""1969-12-31T23:59:59Z""#,
        ] {
            assert_eq!(read(json), Moment::Unreadable, "{json}");
        }
    }
}
