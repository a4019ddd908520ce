//! Splits the bytes of a response into pieces: heads, chunk sizes, chunk data, trailers.
//!
//! No I/O here: `Framing::next` gets the bytes from the current position on, and returns what to do with the next
//! piece. The pieces are the same however the bytes are split into packets.

use memchr::memchr;

use super::head::{Follows, Lines, NOT_HTTP};
use super::{MAX_CHUNK_LINE, MAX_HEAD_BYTES, MAX_TRAILER_BYTES, Refusal};

/// The longest chunk-size line that `ureq` reads, with its line end.
const UREQ_CHUNK_LINE: usize = 20 + 2;

/// The next piece of a response.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// This number of bytes is canonical.
    Canonical(usize),
    /// The next `length` bytes are replaced.
    Replaced { length: usize, by: Vec<u8> },
    /// The next piece is not complete.
    Incomplete,
}

/// Where in a response the current position is.
#[derive(Debug)]
enum At {
    Head(Lines),
    ChunkSize,
    ChunkData(u64),
    ChunkEnd,
    Trailers,
    /// All bytes until the next request. None of them needs normalizing.
    Rest,
}

/// The framing of one response.
#[derive(Debug)]
pub struct Framing {
    at: At,
    /// The number of bytes of an incomplete piece that have been searched already.
    searched: usize,
    /// The offset in an incomplete head of the first line that has not been recorded.
    line: usize,
    /// The number of bytes of heads, or of trailers, before the current position.
    counted: usize,
}

impl Default for Framing {
    fn default() -> Framing {
        Framing { at: At::Head(Lines::default()), searched: 0, line: 0, counted: 0 }
    }
}

impl Framing {
    /// Returns whether all following bytes pass unchanged.
    pub fn is_at_rest(&self) -> bool {
        matches!(self.at, At::Rest)
    }

    /// Returns whether the current position is in or before a head.
    pub fn is_in_head(&self) -> bool {
        matches!(self.at, At::Head(_))
    }

    /// Returns the next piece of `bytes`, which begin at the current position. After an incomplete piece, `bytes` must
    /// begin with the bytes of the previous call.
    ///
    /// # Errors
    ///
    /// Fails if the bytes cannot be interpreted safely, or exceed a limit.
    pub fn next(&mut self, bytes: &[u8]) -> Result<Piece, Refusal> {
        if bytes.is_empty() {
            return Ok(Piece::Incomplete);
        }
        let piece = match &mut self.at {
            At::Rest => Piece::Canonical(bytes.len()),
            At::Head(_) => self.head(bytes)?,
            At::ChunkSize => self.chunk_size(bytes)?,
            At::ChunkData(left) => {
                let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                *left -= length as u64;
                if *left == 0 {
                    self.at = At::ChunkEnd;
                }
                Piece::Canonical(length)
            }
            At::ChunkEnd => match bytes {
                [b'\r', b'\n', ..] => {
                    self.at = At::ChunkSize;
                    Piece::Canonical(2)
                }
                b"\r" => Piece::Incomplete,
                _ => return Err(Refusal::new("a chunk of the body does not end where its size says")),
            },
            At::Trailers => self.trailer(bytes)?,
        };
        if piece != Piece::Incomplete {
            (self.searched, self.line) = (0, 0);
        }
        Ok(piece)
    }

    /// Returns the length of the line that begins at `from`, with its line feed, or `None` if the line is incomplete.
    fn line_at(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let found = memchr(b'\n', &bytes[self.searched..]);
        self.searched = found.map_or(bytes.len(), |found| self.searched + found + 1);
        found.map(|_| self.searched - from)
    }

    fn head(&mut self, bytes: &[u8]) -> Result<Piece, Refusal> {
        loop {
            let begin = self.line;
            let line = self.line_at(bytes, begin);
            if self.counted + self.searched > MAX_HEAD_BYTES {
                return Err(Refusal::new(format!("the response's head is larger than {MAX_HEAD_BYTES} bytes")));
            }
            let At::Head(lines) = &mut self.at else { unreachable!("the position is in a head") };
            let Some(length) = line else {
                let begun = &bytes[begin..];
                let is_http = begun.iter().zip(b"HTTP/").all(|(byte, expected)| byte == expected);
                if lines.is_empty() && !is_http && begun != b"\r" {
                    return Err(Refusal::new(NOT_HTTP));
                }
                return Ok(Piece::Incomplete);
            };
            self.line += length;
            match &bytes[begin..self.line] {
                b"\n" | b"\r\n" if lines.is_empty() => {} // an empty line before the status line
                b"\n" | b"\r\n" => break,
                line => lines.record(line)?,
            }
        }
        let At::Head(lines) = &self.at else { unreachable!("the position is in a head") };
        let length = self.line;
        let (follows, canonical) = lines.end(&bytes[..length])?;
        self.counted += length;
        self.at = match follows {
            Follows::AnotherHead => At::Head(Lines::default()),
            Follows::Chunks => At::ChunkSize,
            Follows::Anything => At::Rest,
        };
        Ok(match canonical {
            None => Piece::Canonical(length),
            Some(by) => Piece::Replaced { length, by },
        })
    }

    fn chunk_size(&mut self, bytes: &[u8]) -> Result<Piece, Refusal> {
        let length = self.line_at(bytes, 0);
        if self.searched > MAX_CHUNK_LINE {
            return Err(Refusal::new(format!("a chunk-size line is longer than {MAX_CHUNK_LINE} bytes")));
        }
        let Some(length) = length else { return Ok(Piece::Incomplete) };
        let line = &bytes[..length];
        // `httparse` reads a line without digits as size zero, and accepts a line feed within an extension.
        let size = match httparse::parse_chunk_size(line) {
            Ok(httparse::Status::Complete((end, size))) if end == length && line[0].is_ascii_hexdigit() => size,
            _ => return Err(Refusal::new("a chunk size of the body is malformed")),
        };
        (self.at, self.counted) = if size == 0 { (At::Trailers, 0) } else { (At::ChunkData(size), self.counted) };
        Ok(match length <= UREQ_CHUNK_LINE {
            true => Piece::Canonical(length),
            false => Piece::Replaced { length, by: format!("{size:x}\r\n").into_bytes() },
        })
    }

    /// Passes a trailer. Its content is ignored, so only its line end must be the one that `ureq` expects.
    fn trailer(&mut self, bytes: &[u8]) -> Result<Piece, Refusal> {
        let length = self.line_at(bytes, 0);
        if self.counted + self.searched > MAX_TRAILER_BYTES {
            return Err(Refusal::new(format!("the response's trailers are larger than {MAX_TRAILER_BYTES} bytes")));
        }
        let Some(length) = length else { return Ok(Piece::Incomplete) };
        if memchr(b'\r', &bytes[..length]) != Some(length.wrapping_sub(2)) {
            return Err(Refusal::new("a trailer of the response is malformed"));
        }
        self.counted += length;
        if length == 2 {
            self.at = At::Rest;
        }
        Ok(Piece::Canonical(length))
    }
}
