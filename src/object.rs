//! Reads the caller's JSON: objects and arrays member by member, and scalars. Messages name the path, the type that was
//! found and the type that is expected. They never repeat a value, because it may be a secret.
//!
//! Responses are not read by this module: `validate.rs` checks them and their text is passed through.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Failure;
use crate::validate::{self, Invalid};

/// The JSON type of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// Returns the type of a value, which its first byte determines.
    pub fn of(value: &RawValue) -> Kind {
        match value.get().as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        })
    }
}

/// Parses a text of the caller. Messages call it `what`. The depth is limited as that of a response is, so that a
/// recursive walk over the value is bounded.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if the text is not JSON or is nested too deeply.
pub fn parse<'a>(text: &'a str, what: &str) -> Result<&'a RawValue, Failure> {
    let value = serde_json::from_str(text).map_err(|e| Failure::argument(what, format_args!("is not JSON: {e}")))?;
    let can_be_too_deep = text.len() > 2 * validate::MAX_DEPTH as usize;
    if can_be_too_deep && let Err(Invalid::TooDeep { offset }) = validate::value(text.as_bytes()) {
        let most = validate::MAX_DEPTH;
        return Err(Failure::argument(what, format_args!("is nested deeper than {most} levels at byte {offset}")));
    }
    Ok(value)
}

/// Calls `each` for every member of the object `value`, in order. A key that appears twice is passed to `each` twice.
///
/// # Errors
///
/// Fails if `value` is not an object, or with the first error of `each`.
pub fn for_each_member<'a>(
    value: &'a RawValue,
    path: &dyn fmt::Display,
    mut each: impl FnMut(Cow<'a, str>, &'a RawValue) -> Result<(), Failure>,
) -> Result<(), Failure> {
    expect(value, Kind::Object, path)?;
    let mut failure = None;
    let visitor = Members { each: |key, value| each(key, value).map_err(|f| failure = Some(f)) };
    let read = serde_json::Deserializer::from_str(value.get()).deserialize_map(visitor);
    finish(read, failure, path)
}

/// Calls `each` with the index and the value of every element of the array `value`.
///
/// # Errors
///
/// Fails if `value` is not an array, or with the first error of `each`.
pub fn for_each_element<'a>(
    value: &'a RawValue,
    path: &dyn fmt::Display,
    mut each: impl FnMut(usize, &'a RawValue) -> Result<(), Failure>,
) -> Result<(), Failure> {
    expect(value, Kind::Array, path)?;
    let mut failure = None;
    let visitor = Elements { each: |index, value| each(index, value).map_err(|f| failure = Some(f)) };
    let read = serde_json::Deserializer::from_str(value.get()).deserialize_seq(visitor);
    finish(read, failure, path)
}

/// Returns the error of `each` or of the parser.
fn finish(
    read: Result<(), serde_json::Error>,
    failure: Option<Failure>,
    path: &dyn fmt::Display,
) -> Result<(), Failure> {
    match (failure, read) {
        (Some(failure), _) => Err(failure),
        (None, Err(e)) => Err(Failure::argument(path, format_args!("is not JSON: {e}"))),
        (None, Ok(())) => Ok(()),
    }
}

/// Checks that a value has the JSON type `kind`.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if it has another type.
pub fn expect(value: &RawValue, kind: Kind, path: &dyn fmt::Display) -> Result<(), Failure> {
    match Kind::of(value) {
        found if found == kind => Ok(()),
        found => Err(Failure::argument(path, format_args!("expected {kind}, found {found}"))),
    }
}

/// Returns the characters of a string. Borrows them if the string has no escape.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if the value is not a string, or contains half a surrogate pair.
pub fn string<'a>(value: &'a RawValue, path: &dyn fmt::Display) -> Result<Cow<'a, str>, Failure> {
    expect(value, Kind::String, path)?;
    serde_json::Deserializer::from_str(value.get())
        .deserialize_str(Text)
        .map_err(|e| Failure::argument(path, format_args!("is not a JSON string: {e}")))
}

/// Returns a boolean.
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if the value is not a boolean.
pub fn boolean(value: &RawValue, path: &dyn fmt::Display) -> Result<bool, Failure> {
    expect(value, Kind::Boolean, path)?;
    Ok(value.get() == "true")
}

/// Returns a whole number. `unit` is a word for the message ("milliseconds").
///
/// # Errors
///
/// Fails with `INVALID_ARGUMENT` if the value is not a whole number from `least` to `most`.
pub fn whole(value: &RawValue, path: &dyn fmt::Display, unit: &str, least: u64, most: u64) -> Result<u64, Failure> {
    match value.get().parse::<u64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => {
            let found = match Kind::of(value) {
                Kind::Number => "another number".to_string(),
                kind => kind.to_string(),
            };
            let right = format_args!("expected a whole number of {unit} from {least} to {most}, found {found}");
            Err(Failure::argument(path, right))
        }
    }
}

/// Checks the keys of one object: each must be known, and none may appear twice.
pub struct Keys<'a> {
    path: &'a str,
    /// Bit n is set if the known key with index n has appeared.
    seen: u32,
}

impl<'a> Keys<'a> {
    pub fn new(path: &'a str) -> Keys<'a> {
        Keys { path, seen: 0 }
    }

    /// Returns the index of `key` in `known`.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the key is unknown or appears a second time. JSON does not define which of two
    /// equal keys counts.
    pub fn admit<'k>(&mut self, key: &str, known: impl Iterator<Item = &'k str> + Clone) -> Result<usize, Failure> {
        let Some(index) = known.clone().position(|known| known == key) else {
            return Err(unknown(&self.path, "key", key, known));
        };
        let bit = 1 << index;
        if self.seen & bit != 0 {
            return Err(Failure::argument(self.path, format_args!("key {key:?} is given twice")));
        }
        self.seen |= bit;
        Ok(index)
    }
}

/// Returns the failure for a `name` that is not in `known`. The message has the nearest known name, or all of them.
pub fn unknown<'k>(
    path: &dyn fmt::Display,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Failure {
    let shown: String = name.chars().take(64).collect();
    let nearest = known
        .clone()
        .map(|known| (strsim::damerau_levenshtein(&shown, known), known))
        .min()
        .filter(|(distance, known)| *distance <= known.len().max(3) / 2);
    match nearest {
        Some((_, nearest)) => {
            Failure::argument(path, format_args!("unknown {what} {shown:?}, did you mean {nearest:?}?"))
        }
        None => {
            let known = known.collect::<Vec<_>>().join(", ");
            Failure::argument(path, format_args!("unknown {what} {shown:?}; known {what}s: {known}"))
        }
    }
}

struct Members<F> {
    each: F,
}

impl<'de, F> Visitor<'de> for Members<F>
where
    F: FnMut(Cow<'de, str>, &'de RawValue) -> Result<(), ()>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry_seed(Key, std::marker::PhantomData::<&RawValue>)? {
            (self.each)(key, value).map_err(|()| serde::de::Error::custom("stopped"))?;
        }
        Ok(())
    }
}

struct Elements<F> {
    each: F,
}

impl<'de, F> Visitor<'de> for Elements<F>
where
    F: FnMut(usize, &'de RawValue) -> Result<(), ()>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = elements.next_element()? {
            (self.each)(index, value).map_err(|()| serde::de::Error::custom("stopped"))?;
            index += 1;
        }
        Ok(())
    }
}

/// Reads a string, and borrows it if it has no escape.
struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_string()))
    }
}

/// Reads a key. Half a surrogate pair, which UTF-8 cannot represent, becomes U+FFFD, so that one odd key does not hide
/// the members after it.
struct Key;

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(String::from_utf8_lossy(bytes))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        // serde_json writes half a surrogate pair as three bytes, each of which is invalid.
        Ok(Cow::Owned(String::from_utf8_lossy(bytes).replace("\u{fffd}\u{fffd}\u{fffd}", "\u{fffd}")))
    }
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}
