//! The kinds of configuration keys: how their values are read, and their defaults.
//!
//! The keys themselves are data in `options.rs`.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::value::RawValue;

use crate::error::Failure;
use crate::object::{self, Kind};

/// A key whose value is a string.
pub struct Text {
    pub name: &'static str,
    /// The environment variable that is read if the key is not set.
    pub environment: Option<&'static str>,
    pub default: Option<&'static str>,
}

impl Text {
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if `value` is not a string.
    pub fn read<'a>(&self, value: &'a RawValue) -> Result<Cow<'a, str>, Failure> {
        object::string(value, &self.name)
    }
}

/// A key whose value is a whole number.
pub struct Whole {
    pub name: &'static str,
    pub unit: &'static str,
    pub least: u64,
    pub most: u64,
    pub default: u64,
}

impl Whole {
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if `value` is not a whole number within the bounds.
    pub fn read(&self, value: &RawValue) -> Result<u64, Failure> {
        object::whole(value, &self.name, self.unit, self.least, self.most)
    }

    /// Reads a number of milliseconds.
    ///
    /// # Errors
    ///
    /// Fails as [`Whole::read`] does.
    pub fn read_duration(&self, value: &RawValue) -> Result<Duration, Failure> {
        self.read(value).map(Duration::from_millis)
    }

    /// The default as milliseconds.
    pub const fn default_duration(&self) -> Duration {
        Duration::from_millis(self.default)
    }
}

/// A key whose value is a number, with or without a fraction.
pub struct Real {
    pub name: &'static str,
    pub least: f64,
    pub most: f64,
    pub default: f64,
}

impl Real {
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if `value` is not a number within the bounds.
    pub fn read(&self, value: &RawValue) -> Result<f64, Failure> {
        let found = value.get().parse::<f64>().ok().filter(|number| (self.least..=self.most).contains(number));
        found.ok_or_else(|| {
            Failure::argument(self.name, format_args!("expected a number from {} to {}", self.least, self.most))
        })
    }
}

/// A key whose value is a boolean.
pub struct Switch {
    pub name: &'static str,
    pub default: bool,
}

impl Switch {
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if `value` is not a boolean.
    pub fn read(&self, value: &RawValue) -> Result<bool, Failure> {
        object::boolean(value, &self.name)
    }
}

/// A key whose value is one of several strings.
pub struct Choice<T: 'static> {
    pub name: &'static str,
    pub values: &'static [(&'static str, T)],
    pub default: T,
}

impl<T: Copy> Choice<T> {
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if `value` is none of the strings; the message lists them.
    pub fn read(&self, value: &RawValue) -> Result<T, Failure> {
        let text = object::string(value, &self.name)?;
        let found = self.values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.ok_or_else(|| {
            let names: Vec<String> = self.values.iter().map(|(name, _)| format!("{name:?}")).collect();
            Failure::argument(self.name, format_args!("expected {}", names.join(" or ")))
        })
    }
}

/// Returns whether a value is set. For most keys, `null` means "not set".
pub fn is_set(value: &RawValue) -> bool {
    Kind::of(value) != Kind::Null
}
