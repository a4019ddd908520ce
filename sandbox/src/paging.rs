//! Cursor pagination: parses the query of a list, and writes the cursors and links of a page.

use crate::error::ApiError;
use crate::store::Direction;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use std::collections::HashMap;
use url::form_urlencoded::{Serializer, parse};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 200;

/// The page of a list that a request asks for.
pub struct PageRequest<'a> {
    pub limit: usize,
    pub direction: Option<Direction>,
    cursor: Option<String>,
    query: &'a str,
}

#[derive(Serialize)]
pub struct Meta {
    items_on_page: usize,
    cursors: PageRefs,
}

/// References to the previous, current and next page: cursors or URLs.
#[derive(Serialize)]
pub struct PageRefs {
    previous: Option<String>,
    current: Option<String>,
    next: Option<String>,
}

impl<'a> PageRequest<'a> {
    /// Parses the query of a list.
    ///
    /// # Errors
    ///
    /// Fails with 400 if `limit` is not a number from 1 to 200, or if `cursor` is not a cursor from a response.
    pub fn parse(query: &'a str) -> Result<Self, ApiError> {
        let values: HashMap<_, _> = parse(query.as_bytes()).into_owned().collect();
        let limit = match values.get("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                limit.ok_or_else(|| ApiError::request("Query parameter limit: expected a number from 1 to 200"))?
            }
        };
        let cursor = values.get("cursor").filter(|cursor| !cursor.is_empty()).cloned();
        let direction = cursor.as_deref().map(direction).transpose()?;
        Ok(PageRequest { limit, direction, cursor, query })
    }

    /// Returns the cursors of a page that shows `ids`. `more_before` and `more_after` say whether there is a previous and a
    /// next page.
    pub fn meta(&self, ids: &[&str], more_before: bool, more_after: bool) -> Meta {
        let cursor = |direction: Direction| Some(cursor(&direction));
        let previous = ids.first().filter(|_| more_before);
        let next = ids.last().filter(|_| more_after);
        let cursors = PageRefs {
            previous: previous.and_then(|id| cursor(Direction::Before(id.to_string()))),
            current: self.cursor.clone(),
            next: next.and_then(|id| cursor(Direction::After(id.to_string()))),
        };
        Meta { items_on_page: ids.len(), cursors }
    }

    /// Returns the URLs of the same pages. `list` is the URL of the list without a query.
    pub fn links(&self, list: &str, meta: &Meta) -> PageRefs {
        let link = |cursor: Option<&String>| {
            let mut query = Serializer::new(String::new());
            query.extend_pairs(parse(self.query.as_bytes()).filter(|(name, _)| name != "cursor"));
            query.extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
            match query.finish() {
                query if query.is_empty() => list.to_string(),
                query => format!("{list}?{query}"),
            }
        };
        PageRefs {
            previous: meta.cursors.previous.as_ref().map(|cursor| link(Some(cursor))),
            current: Some(link(self.cursor.as_ref())),
            next: meta.cursors.next.as_ref().map(|cursor| link(Some(cursor))),
        }
    }
}

fn cursor(direction: &Direction) -> String {
    URL_SAFE_NO_PAD.encode(match direction {
        Direction::After(id) => format!("after:{id}"),
        Direction::Before(id) => format!("before:{id}"),
    })
}

fn direction(cursor: &str) -> Result<Direction, ApiError> {
    let decoded = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let direction = decoded.as_deref().and_then(|text| text.split_once(':')).and_then(|(side, id)| match side {
        "after" => Some(Direction::After(id.to_string())),
        "before" => Some(Direction::Before(id.to_string())),
        _ => None,
    });
    direction
        .ok_or_else(|| ApiError::request("Query parameter cursor: expected a cursor from meta.cursors of a response"))
}
