//! The body of a response, read to where it will stay: unpacked if it is gzip, and no more of it than may be.

use std::io::{self, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use ureq::http::{HeaderMap, header};

use super::attempt::Broken;

/// How a body is encoded, by its `Content-Encoding` headers.
pub enum Encoding {
    Identity,
    Gzip,
    /// One that nobody asked for, or several, as the server names them.
    Other(String),
}

impl Encoding {
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

/// Returns how the body is encoded. If it is gzip, the headers lose what is not true of it once it is unpacked.
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

/// Appends the body to `text`, as it came if its encoding is not gzip; `most` bytes of it at most, and one more where that is too little.
pub fn read(body: ureq::Body, encoding: &Encoding, most: u64, text: &mut Vec<u8>) -> Result<(), Broken> {
    let (at, mut body, limit) = (text.len(), body.into_reader(), most.saturating_add(1));
    let is_gzip = matches!(encoding, Encoding::Gzip);
    let read = match is_gzip {
        false => body.take(limit).read_to_end(text),
        true => unpack(&mut body, limit, text),
    };
    match read {
        Ok(_) if (text.len() - at) as u64 > most => {
            Err(Broken::NotUnderstood(format!("the body is larger than max_response_bytes ({most})")))
        }
        Ok(_) => Ok(()),
        Err(error) if is_gzip && matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput) => {
            Err(Broken::NotUnderstood("the body is not valid gzip".into()))
        }
        Err(error) => Err(Broken::of_body(error.into())),
    }
}

fn unpack(mut packed: impl Read, limit: u64, text: &mut Vec<u8>) -> io::Result<usize> {
    let mut first = [0];
    match packed.read(&mut first)? {
        0 => Ok(0), // no body is no gzip, whatever the head says of it
        _ => MultiGzDecoder::new(first.as_slice().chain(packed)).take(limit).read_to_end(text),
    }
}
