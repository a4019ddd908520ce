//! The body of an answer, read to where it will stay: unpacked if it is gzip, and no more of it than may be.

use std::io::{self, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use ureq::http::{HeaderMap, header};

use super::attempt::Broken;

/// Whether the body is gzip. If so, the headers lose what is not true of it once it is unpacked.
pub fn take_encoding(headers: &mut HeaderMap) -> bool {
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_gzip = ["gzip", "x-gzip"].iter().any(|name| encoding.trim().eq_ignore_ascii_case(name));
    if is_gzip {
        headers.remove(header::CONTENT_ENCODING);
        headers.remove(header::CONTENT_LENGTH);
    }
    is_gzip
}

/// Appends the body to `text`; `most` bytes of it at most, and one more where that is too little.
pub fn read(body: ureq::Body, is_gzip: bool, most: u64, text: &mut Vec<u8>) -> Result<(), Broken> {
    let (at, mut body, limit) = (text.len(), body.into_reader(), most.saturating_add(1));
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
