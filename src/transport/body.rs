//! Reads the body of a response into its final place, decompresses gzip, and enforces the size limit.

use std::io::{self, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use ureq::http::{HeaderMap, header};

use super::attempt::TransportError;

/// The encoding of a body, from its `Content-Encoding` headers.
pub enum Encoding {
    Identity,
    Gzip,
    /// An encoding that was not requested, or several encodings, as the server names them.
    Other(String),
}

impl Encoding {
    /// Returns the encoding that the headers declare.
    pub fn of(headers: &HeaderMap) -> Encoding {
        let mut encodings: Vec<String> = Vec::new();
        for value in headers.get_all(header::CONTENT_ENCODING) {
            let value = String::from_utf8_lossy(value.as_bytes());
            let names = value.split(',').map(|name| name.trim().to_string());
            encodings.extend(names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity")));
        }
        match encodings.as_slice() {
            [] => Encoding::Identity,
            [name] if ["gzip", "x-gzip"].iter().any(|gzip| name.eq_ignore_ascii_case(gzip)) => Encoding::Gzip,
            names => Encoding::Other(names.join(", ")),
        }
    }
}

/// Returns the encoding of the body. If it is gzip, removes the headers that describe the compressed body.
pub fn take_encoding(headers: &mut HeaderMap) -> Encoding {
    if !headers.contains_key(header::CONTENT_ENCODING) {
        return Encoding::Identity;
    }
    let encoding = Encoding::of(headers);
    if matches!(encoding, Encoding::Gzip) {
        headers.remove(header::CONTENT_ENCODING);
        headers.remove(header::CONTENT_LENGTH);
    }
    encoding
}

/// Appends the body to `text`. A gzip body is decompressed, any other is appended as it is.
///
/// # Errors
///
/// Fails if the body is larger than `most` bytes after decompression, incomplete, or not valid gzip. `text` then has
/// the part that was read.
pub fn read(body: ureq::Body, encoding: &Encoding, most: u64, text: &mut Vec<u8>) -> Result<(), TransportError> {
    let (at, mut body, limit) = (text.len(), body.into_reader(), most.saturating_add(1));
    let is_gzip = matches!(encoding, Encoding::Gzip);
    let read = match is_gzip {
        false => body.take(limit).read_to_end(text),
        true => decompress(&mut body, limit, text),
    };
    match read {
        Ok(_) if (text.len() - at) as u64 > most => {
            Err(TransportError::Invalid(format!("the body is larger than max_response_bytes ({most})")))
        }
        Ok(_) => Ok(()),
        Err(error) if is_gzip && matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput) => {
            Err(TransportError::Invalid("the body is not valid gzip".into()))
        }
        Err(error) => Err(TransportError::from_body_error(error.into())),
    }
}

fn decompress(mut compressed: impl Read, limit: u64, text: &mut Vec<u8>) -> io::Result<usize> {
    let mut first = [0];
    match compressed.read(&mut first)? {
        0 => Ok(0), // an empty body is valid, even if the head declares gzip
        _ => MultiGzDecoder::new(first.as_slice().chain(compressed)).take(limit).read_to_end(text),
    }
}
