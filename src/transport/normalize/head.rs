//! One response head: what it declares about the body, and its canonical form.
//!
//! `record` is called with each line once. A head without an unusual line passes unchanged. Any other head is parsed by
//! `httparse`, which has lenient rules, and written again.

use httparse::{EMPTY_HEADER, ParserConfig};

use super::{MAX_HEADERS, Refusal};

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Another head: this response was an interim one.
    AnotherHead,
    Chunks,
    /// Bytes that need no normalizing: no body, one with a length, or one that ends with the connection.
    Anything,
}

/// The lines of a head that were recorded so far.
#[derive(Debug, Default)]
pub struct Lines {
    /// The number of lines, without empty ones before the status line.
    count: usize,
    status: u16,
    is_http_1_0: bool,
    has_length: bool,
    has_chunks: bool,
    /// Whether `ureq` would misread a line.
    is_unusual: bool,
}

impl Lines {
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Records the next line, with its line end.
    ///
    /// # Errors
    ///
    /// Fails if the line is not a valid status line, or the head has too many headers.
    pub fn record(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.count += 1;
        if self.count == 1 {
            return self.record_status(line);
        }
        if self.count > MAX_HEADERS + 1 {
            return Err(Refusal::new(format!("the response's head has more than {MAX_HEADERS} headers")));
        }
        match line[0] {
            b' ' | b'\t' => self.is_unusual = true,
            b'c' | b'C' => self.has_length |= value(line, b"content-length").is_some(),
            b't' | b'T' => {
                if let Some(value) = value(line, b"transfer-encoding") {
                    // A second transfer-encoding is unusual, whatever its value is.
                    self.is_unusual |= self.has_chunks || !value.trim_ascii().eq_ignore_ascii_case(b"chunked");
                    self.has_chunks = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn record_status(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor @ (b'0' | b'1'), b' ', status @ .., end] = line else {
            return Err(Refusal::new(match line.starts_with(b"HTTP/") {
                true => "the response is of an HTTP version other than 1.0 or 1.1",
                false => NOT_HTTP,
            }));
        };
        let [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] = status else {
            return Err(Refusal::new("the response's status is not a number of three digits"));
        };
        if !matches!((rest, end), ([], b'\n') | ([b' ' | b'\r', ..], _)) {
            return Err(Refusal::new("the response's status is not a number of three digits"));
        }
        self.is_http_1_0 = *minor == b'0';
        self.status = [a, b, c].iter().fold(0, |status, digit| status * 10 + u16::from(**digit - b'0'));
        Ok(())
    }

    /// Returns what follows the head, and its canonical form if that differs from `head`. All lines must be recorded.
    ///
    /// # Errors
    ///
    /// Fails if the head cannot be interpreted safely.
    pub fn end(&self, head: &[u8]) -> Result<(Follows, Option<Vec<u8>>), Refusal> {
        let is_interim = (100..200).contains(&self.status) && self.status != 101;
        if !is_interim && !self.is_unusual && !has_controls(head) {
            return Ok((self.follows(self.has_length, self.has_chunks)?, None));
        }
        let printable: Vec<u8> = head.iter().map(|byte| if is_control(*byte) { b' ' } else { *byte }).collect();
        let mut headers = [EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        ParserConfig::default()
            .allow_obsolete_multiline_headers_in_responses(true)
            .parse_response(&mut response, &printable)
            .map_err(|error| Refusal::new(format!("the response's head is not valid HTTP: {error}")))?;
        if is_interim {
            return Ok((Follows::AnotherHead, Some(Vec::new())));
        }

        let mut encodings = response.headers.iter().filter(|header| is_named(header.name, "transfer-encoding"));
        let has_chunks = match (encodings.next(), encodings.next()) {
            (None, _) => false,
            (Some(encoding), None) if unfolded(encoding.value).trim_ascii().eq_ignore_ascii_case(b"chunked") => true,
            _ if !self.has_body() => false,
            _ => return Err(Refusal::new("the response's transfer-encoding is something other than chunked")),
        };
        let has_length = response.headers.iter().any(|header| is_named(header.name, "content-length"));
        let follows = self.follows(has_length, has_chunks)?;

        let mut canonical = Vec::with_capacity(head.len());
        canonical.extend_from_slice(if self.is_http_1_0 { b"HTTP/1.0 " } else { b"HTTP/1.1 " });
        canonical.extend_from_slice(self.status.to_string().as_bytes());
        canonical.extend_from_slice(b"\r\n");
        for header in response.headers.iter() {
            canonical.extend_from_slice(header.name.as_bytes());
            canonical.extend_from_slice(b": ");
            canonical.extend_from_slice(&unfolded(header.value));
            canonical.extend_from_slice(b"\r\n");
        }
        canonical.extend_from_slice(b"\r\n");
        Ok((follows, Some(canonical)))
    }

    fn has_body(&self) -> bool {
        !matches!(self.status, 101 | 204 | 304)
    }

    fn follows(&self, has_length: bool, has_chunks: bool) -> Result<Follows, Refusal> {
        if !has_chunks || !self.has_body() {
            return Ok(Follows::Anything);
        }
        if has_length {
            return Err(Refusal::new("the response has both a content-length and a transfer-encoding"));
        }
        if self.is_http_1_0 {
            return Err(Refusal::new("the response has a transfer-encoding, which HTTP/1.0 does not have"));
        }
        Ok(Follows::Chunks)
    }
}

pub const NOT_HTTP: &str = "the response does not begin like HTTP";

/// Returns the value of a header line, with the line end, if the header has this name.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (line_name, rest) = line.split_at_checked(name.len())?;
    let value = rest.strip_prefix(b":")?;
    line_name.eq_ignore_ascii_case(name).then_some(value)
}

fn is_named(header: &str, name: &str) -> bool {
    header.eq_ignore_ascii_case(name)
}

/// Returns whether a byte is a control character that is read as a space: all but tabs, line ends, and NUL, which is
/// refused.
fn is_control(byte: u8) -> bool {
    matches!(byte, 1..=8 | 11 | 12 | 14..=31 | 127)
}

/// Returns whether the head contains a control character. It does not stop early, so that the compiler can vectorize
/// it.
fn has_controls(head: &[u8]) -> bool {
    head.iter().fold(false, |found, byte| found | is_control(*byte))
}

/// Returns a value in one line: each line end, with the white space around it, becomes a space (RFC 9112, 5.2).
fn unfolded(value: &[u8]) -> Vec<u8> {
    let mut lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let mut unfolded = lines.next().unwrap_or_default().to_vec();
    for line in lines {
        unfolded.push(b' ');
        unfolded.extend_from_slice(line);
    }
    unfolded
}
