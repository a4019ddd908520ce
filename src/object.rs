//! Reading the caller's JSON: objects and arrays member by member, scalars with messages that name
//! the path, what was found and what would be right. A value is never repeated in a message, it may
//! be a secret.
//!
//! Not for responses: those are checked whole by `validate.rs` and passed through.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Failure;
use crate::validate::{self, Invalid};

/// The JSON type of a value, told from its first byte.
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

/// Parses `text`, which came from the caller under the name `what`. It is no deeper than an answer may be, so
/// that whoever walks through it level by level knows how far that goes.
pub fn parse<'a>(text: &'a str, what: &str) -> Result<&'a RawValue, Failure> {
    let value = serde_json::from_str(text).map_err(|e| Failure::argument(what, format_args!("is not JSON: {e}")))?;
    let can_be_too_deep = text.len() > 2 * validate::MAX_DEPTH as usize;
    if can_be_too_deep && let Err(Invalid::TooDeep { offset }) = validate::value(text.as_bytes()) {
        let most = validate::MAX_DEPTH;
        return Err(Failure::argument(what, format_args!("is nested deeper than {most} levels at byte {offset}")));
    }
    Ok(value)
}

/// Calls `each` for every member of the object `value`, in order; a key that stands twice is refused
/// by the caller's `each` where that matters.
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

/// Calls `each` with the index and text of every element of the array `value`.
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

/// The error of `each`, or of the parser where a string of the text is malformed in a way that
/// skipping it did not show (half a surrogate pair in a key).
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

pub fn expect(value: &RawValue, kind: Kind, path: &dyn fmt::Display) -> Result<(), Failure> {
    match Kind::of(value) {
        found if found == kind => Ok(()),
        found => Err(Failure::argument(path, format_args!("expected {kind}, found {found}"))),
    }
}

pub fn string<'a>(value: &'a RawValue, path: &dyn fmt::Display) -> Result<Cow<'a, str>, Failure> {
    expect(value, Kind::String, path)?;
    serde_json::Deserializer::from_str(value.get())
        .deserialize_str(Text)
        .map_err(|e| Failure::argument(path, format_args!("is not a JSON string: {e}")))
}

pub fn boolean(value: &RawValue, path: &dyn fmt::Display) -> Result<bool, Failure> {
    expect(value, Kind::Boolean, path)?;
    Ok(value.get() == "true")
}

/// A whole number from `least` to `most`; `unit` is for the message ("milliseconds").
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

/// The keys of one object: each is known, and none appears twice.
pub struct Keys<'a> {
    path: &'a str,
    /// Bit n: the known key with index n was there.
    seen: u32,
}

impl<'a> Keys<'a> {
    pub fn new(path: &'a str) -> Keys<'a> {
        Keys { path, seen: 0 }
    }

    /// Returns the index of `key` among the `known` ones. Refuses an unknown key and one that appears a second time:
    /// JSON does not say which of the two counts.
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

/// The failure for a `name` that is none of the `known` ones. The message has the nearest one, or all of them.
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
        while let Some((key, value)) = map.next_entry_seed(TextSeed, std::marker::PhantomData::<&RawValue>)? {
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

/// A string that is borrowed where it holds no escape.
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

struct TextSeed;

impl<'de> serde::de::DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(Text)
    }
}
