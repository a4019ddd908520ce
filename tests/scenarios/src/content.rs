//! Converts the content of a script to bytes. Pure, except for the clock that dates need.

use std::io::Write;
use std::time::{Duration, SystemTime};

use base64::Engine;
use flate2::{Compression, write::GzEncoder};

use crate::table::{Content, PAGE, Response, Source};

/// The values of the placeholders in a script.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The URL of the listener that must get no request.
    pub other_host: String,
}

impl Surroundings {
    fn fill_in(&self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_string();
        }
        let (now, hour) = (SystemTime::now(), Duration::from_secs(3_600));
        text.replace("{other_host}", &self.other_host)
            .replace("{page}", PAGE)
            .replace("{in_an_hour}", &httpdate::fmt_http_date(now + hour))
            .replace("{an_hour_ago}", &httpdate::fmt_http_date(now - hour))
    }
}

impl Content {
    /// Returns the bytes that are sent.
    pub fn bytes(&self, around: &Surroundings) -> Vec<u8> {
        match self {
            Content::Text(text) => around.fill_in(text).into_bytes(),
            Content::Parts(parts) => joined(parts, around),
            Content::Made { source, gzip, chunked, cut } => {
                let mut bytes = source.bytes(around);
                if *gzip {
                    bytes = compress(&bytes);
                }
                if let Some(size) = chunked {
                    bytes = chunk(&bytes, *size);
                }
                bytes.truncate(bytes.len() - cut);
                bytes
            }
        }
    }
}

impl Source {
    fn bytes(&self, around: &Surroundings) -> Vec<u8> {
        match self {
            Source::Text(text) => around.fill_in(text).into_bytes(),
            Source::Base64(text) => base64::engine::general_purpose::STANDARD
                .decode(text)
                .unwrap_or_else(|e| panic!("scenarios.json: {text}: {e}")),
            Source::Parts(parts) => joined(parts, around),
            Source::Repeat(text, times) if text.contains("{n}") => {
                (0..*times).flat_map(|n| text.replace("{n}", &n.to_string()).into_bytes()).collect()
            }
            Source::Repeat(text, times) => text.as_bytes().repeat(*times),
        }
    }
}

impl Response {
    /// Returns the head and the body.
    pub fn bytes(&self, around: &Surroundings) -> Vec<u8> {
        let body = self.body.bytes(around);
        let mut head = format!("HTTP/1.1 {}\r\nContent-Type: {}\r\n", self.status, self.r#type);
        let (gzip, chunked) = match &self.body {
            Content::Made { gzip, chunked, .. } => (*gzip, chunked.is_some()),
            _ => (false, false),
        };
        if gzip {
            head.push_str("Content-Encoding: gzip\r\n");
        }
        match chunked {
            true => head.push_str("Transfer-Encoding: chunked\r\n"),
            false => head.push_str(&format!("Content-Length: {}\r\n", body.len())),
        }
        for line in &self.headers {
            head.push_str(&around.fill_in(line));
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        [head.into_bytes(), body].concat()
    }
}

fn joined(parts: &[Content], around: &Surroundings) -> Vec<u8> {
    parts.iter().flat_map(|part| part.bytes(around)).collect()
}

fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // A write to a Vec cannot fail.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_else(|e| unreachable!("{e}"))
}

fn chunk(bytes: &[u8], size: usize) -> Vec<u8> {
    let mut chunked = Vec::with_capacity(bytes.len() + 64);
    for part in bytes.chunks(size.max(1)) {
        chunked.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
        chunked.extend_from_slice(part);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    chunked
}
