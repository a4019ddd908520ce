//! Responses in pieces of any size: as bytes, through the layer, and through `ureq` over a scripted connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::collection::vec;
use proptest::prelude::*;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::LazyBuffers;

use super::*;

const BODY: &str = r#"{"data":[]}"#;

/// Passes a response in `parts` through `framing`. Returns the canonical bytes, and the refusal if there is one.
fn normalized(parts: &[&[u8]]) -> (Vec<u8>, Option<Refusal>) {
    let (mut framing, mut pending, mut canonical) = (Framing::default(), Vec::new(), Vec::new());
    for part in parts {
        pending.extend_from_slice(part);
        loop {
            let length = match framing.next(&pending) {
                Ok(Piece::Canonical(length)) => {
                    canonical.extend_from_slice(&pending[..length]);
                    length
                }
                Ok(Piece::Replaced { length, by }) => {
                    canonical.extend_from_slice(&by);
                    length
                }
                Ok(Piece::Incomplete) => break,
                Err(refusal) => return (canonical, Some(refusal)),
            };
            assert!(length > 0, "every piece is a step forward");
            pending.drain(..length);
        }
    }
    (canonical, None)
}

fn canonical_form(response: &str) -> String {
    let (canonical, refusal) = normalized(&[response.as_bytes()]);
    assert_eq!(refusal, None, "{response:?}");
    String::from_utf8(canonical).expect("it was text")
}

fn refusal(response: &str) -> String {
    let (_, refusal) = normalized(&[response.as_bytes()]);
    refusal.unwrap_or_else(|| panic!("{response:?} is not refused")).0.into_owned()
}

#[test]
fn a_folded_header_becomes_one_line() {
    let folded = "HTTP/1.1 200 OK\r\nX-A:\r\n  a \r\n\tb\r\n \r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(canonical_form(folded), "HTTP/1.1 200\r\nX-A: a b\r\nContent-Length: 2\r\n\r\n{}");
}

#[test]
fn interim_responses_are_removed_whatever_their_headers_are() {
    let interim =
        "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n b\r\n\r\n";
    let response = "HTTP/1.1 204 No Content\r\n\r\n";
    assert_eq!(canonical_form(&format!("{interim}{response}")), response);
}

#[test]
fn an_interim_response_that_is_not_http_is_refused() {
    refusal("HTTP/1.1 100 Continue\r\nno header\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
}

#[test]
fn a_long_chunk_size_line_is_cut_to_its_size_and_a_short_one_is_not() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let long = format!("{head}0002;padding=aaaaaaaaaaaa\r\n{{}}\r\n0;padding=aaaaaaaaaaaaaaaaaa\r\nX: y\r\n\r\n");
    assert_eq!(canonical_form(&long), format!("{head}2\r\n{{}}\r\n0\r\nX: y\r\n\r\n"));
    let short = format!("{head}02;a=\"b\"\r\n{{}}\r\n0\r\n\r\n");
    assert_eq!(canonical_form(&short), short);
}

#[test]
fn a_transfer_encoding_is_ignored_if_the_status_has_no_body() {
    for status in ["204 No Content", "304 Not Modified"] {
        let response = format!("HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk");
        assert_eq!(canonical_form(&response), response);
    }
}

#[test]
fn two_framings_of_one_body_are_refused_folded_or_not() {
    for length in ["Content-Length: 2", "X: y\r\n z\r\nContent-Length:\r\n 2"] {
        for encoding in ["Transfer-Encoding: chunked", "Transfer-Encoding:\r\n chunked"] {
            let reason = refusal(&format!("HTTP/1.1 200 OK\r\n{length}\r\n{encoding}\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"));
            assert!(reason.contains("both a content-length and a transfer-encoding"), "{reason}");
        }
    }
}

#[test]
fn a_transfer_encoding_is_chunked_and_nothing_else() {
    for encoding in
        ["gzip", "gzip, chunked", "chunked, gzip", "chunked\r\nTransfer-Encoding: chunked", "chunked\r\n , x", ""]
    {
        let reason = refusal(&format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {encoding}\r\n\r\n"));
        assert!(reason.contains("transfer-encoding"), "{encoding}: {reason}");
    }
}

#[test]
fn bytes_that_are_not_http_are_refused_at_once() {
    for bytes in ["SSH-2.0", "\r\n\r\nHTXP", "hello", "HTTP/1.1 OK\r\n", "HTTP/1.1 2000\r\n", "HTTP/2 200\r\n", "\0"] {
        refusal(bytes);
    }
    for begun in ["", "\r", "H", "\r\nHTTP/", "HTTP/1.1 2"] {
        assert_eq!(normalized(&[begun.as_bytes()]), (Vec::new(), None), "{begun:?}");
    }
}

#[test]
fn limits_are_named_in_the_refusal() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let many = "X: y\r\n".repeat(129);
    for (response, limit) in [
        (format!("HTTP/1.1 200 OK\r\nX: {}", "a".repeat(MAX_HEAD_BYTES)), "larger than 307200 bytes"),
        ("HTTP/1.1 100 Continue\r\n\r\n".repeat(13_000), "larger than 307200 bytes"),
        (format!("HTTP/1.1 200 OK\r\n{many}\r\n"), "more than 128 headers"),
        (format!("{head}2;{}", "a".repeat(MAX_CHUNK_LINE)), "longer than 16384 bytes"),
        (format!("{head}0\r\n{}", "X: y\r\n".repeat(MAX_TRAILER_BYTES / 6 + 1)), "larger than 65536 bytes"),
    ] {
        let reason = refusal(&response);
        assert!(reason.contains(limit), "{reason}");
    }
}

/// Returns texts that resemble a response, valid or not.
fn likely_responses() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&str] = &[
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 100 Continue\r\n",
        "HTTP/1.0 200\r\n",
        "HTTP/1.1 204 No Content\n",
        "Transfer-Encoding: chunked\r\n",
        "transfer-encoding:\r\n chunked\r\n",
        "Content-Length: 11\r\n",
        "X-A: a\r\n b\r\n",
        "X-B: \x01\r\n",
        "X-C: \0\r\n",
        "\r\n",
        "\n",
        "\r",
        "b\r\n{\"data\":[]}\r\n",
        "00b;padding=aaaaaaaaaaaaaaaaaaaaaaa\r\n{\"data\":[]}\r\n",
        "0\r\n",
        "0;padding=aaaaaaaaaaaaaaaaaaaaaaaa\r\n",
        "X-Trailer: a\r\n",
        "{\"data\":[]}",
    ];
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..8),
    ];
    vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

/// Returns responses that `ureq` reads without changes.
fn canonical_responses() -> impl Strategy<Value = Vec<u8>> {
    let header = "[A-Z][a-z]{0,8}(-[A-Z]?[a-z0-9]{1,8})?: ([!-~]([ -~]{0,20}[!-~])?)?\r\n";
    let headers = vec(header, 0..6).prop_map(|headers| headers.concat());
    let chunk = (vec(any::<u8>(), 1..40), "(;[a-z]{1,6})?")
        .prop_map(|(data, extension)| [format!("{:x}{extension}\r\n", data.len()).as_bytes(), &data, b"\r\n"].concat());
    let chunks = (vec(chunk, 0..5), vec("X-[a-z]{1,5}: [a-z]{0,9}\r\n", 0..3)).prop_map(|(chunks, trailers)| {
        let end = format!("0\r\n{}\r\n", trailers.concat());
        (Some("Transfer-Encoding: chunked\r\n".to_string()), [chunks.concat(), end.into_bytes()].concat())
    });
    let sized = vec(any::<u8>(), 0..60).prop_map(|body| (Some(format!("Content-Length: {}\r\n", body.len())), body));
    let closed = vec(any::<u8>(), 0..60).prop_map(|body| (None, body));
    ("[2-5][0-9][0-9]", "( [ -~]{0,12})?", headers, prop_oneof![chunks, sized, closed]).prop_map(
        |(status, reason, headers, (framing, body))| {
            let framing = framing.unwrap_or_default();
            [format!("HTTP/1.1 {status}{reason}\r\n{headers}{framing}\r\n").into_bytes(), body].concat()
        },
    )
}

/// Splits `bytes` into parts that end at the given places.
fn split<'a>(bytes: &'a [u8], ends: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = ends.iter().map(|end| end.index(bytes.len() + 1)).collect();
    ends.extend([0, bytes.len()]);
    ends.sort_unstable();
    ends.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect()
}

proptest! {
    #[test]
    fn a_split_response_is_normalized_like_a_whole_one(
        bytes in prop_oneof![likely_responses(), vec(any::<u8>(), 0..200)],
        ends in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let whole = normalized(&[&bytes]);
        prop_assert_eq!(&normalized(&split(&bytes, &ends)), &whole);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&normalized(&single), &whole);
    }

    #[test]
    fn a_canonical_response_is_not_changed(
        bytes in canonical_responses(),
        ends in vec(any::<prop::sample::Index>(), 0..6),
    ) {
        prop_assert_eq!(normalized(&split(&bytes, &ends)), (bytes, None));
    }

    #[test]
    fn a_normalized_response_is_canonical(bytes in likely_responses()) {
        if let (canonical, None) = normalized(&[&bytes]) {
            prop_assert_eq!(normalized(&[&canonical]), (canonical.clone(), None));
        }
    }

    #[test]
    fn ureq_reads_the_same_however_a_response_is_split(
        bytes in prop_oneof![likely_responses(), canonical_responses()],
        ends in vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let read = |parts: Vec<&[u8]>| {
            let parts: Vec<Vec<u8>> = parts.into_iter().map(<[u8]>::to_vec).collect();
            Agent::new([parts]).get()
        };
        prop_assert_eq!(read(split(&bytes, &ends)), read(vec![&bytes]));
    }
}

/// A connection that returns one list of parts for each request, and then its end.
#[derive(Debug)]
struct Scripted {
    responses: VecDeque<Vec<Vec<u8>>>,
    parts: VecDeque<Vec<u8>>,
    buffers: LazyBuffers,
}

impl Scripted {
    fn new(responses: impl IntoIterator<Item = Vec<Vec<u8>>>) -> Scripted {
        let buffers = LazyBuffers::new(128 * 1024, 16 * 1024);
        Scripted { responses: responses.into_iter().collect(), parts: VecDeque::new(), buffers }
    }
}

impl Transport for Scripted {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), Error> {
        self.parts = self.responses.pop_front().unwrap_or_default().into();
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        // An empty part would be the end of the stream.
        let Some(part) = std::iter::from_fn(|| self.parts.pop_front()).find(|part| !part.is_empty()) else {
            return Ok(false);
        };
        self.buffers.input_append_buf()[..part.len()].copy_from_slice(&part);
        self.buffers.input_appended(part.len());
        Ok(true)
    }

    fn is_open(&mut self) -> bool {
        self.parts.is_empty()
    }
}

/// Makes connections that return `responses`, and counts them.
#[derive(Debug)]
struct Scripts {
    responses: Vec<Vec<Vec<u8>>>,
    connections: Arc<AtomicUsize>,
}

impl Connector for Scripts {
    type Out = Scripted;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Scripted>, Error> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        Ok(Some(Scripted::new(self.responses.clone())))
    }
}

/// An agent of `ureq` over scripted connections.
struct Agent {
    agent: ureq::Agent,
    connections: Arc<AtomicUsize>,
}

impl Agent {
    fn new(responses: impl IntoIterator<Item = Vec<Vec<u8>>>) -> Agent {
        let connections = Arc::new(AtomicUsize::new(0));
        let scripts = Scripts { responses: responses.into_iter().collect(), connections: Arc::clone(&connections) };
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build();
        let agent = ureq::Agent::with_parts(config, scripts.chain(Normalize), DefaultResolver::default());
        Agent { agent, connections }
    }

    /// Returns the status and the body of a response, or `None` if the request fails.
    fn get(&self) -> Option<(u16, Vec<u8>)> {
        let mut response = self.agent.get("http://127.0.0.1:1/").call().ok()?;
        let body = response.body_mut().read_to_vec().ok()?;
        Some((response.status().as_u16(), body))
    }
}

fn whole(response: &str) -> Vec<Vec<u8>> {
    vec![response.as_bytes().to_vec()]
}

#[test]
fn unusual_and_usual_responses_follow_one_another_on_one_connection() {
    let length = format!("Content-Length: {}\r\n", BODY.len());
    let (chunk, padding) = (format!("{:x}", BODY.len()), "a".repeat(100));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let responses = [
        format!("HTTP/1.1 200 OK\r\n{length}\r\n{BODY}"),
        format!("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nX: a\r\n b\r\n{length}\r\n{BODY}"),
        format!("{chunked}{chunk}\r\n{BODY}\r\n0\r\n\r\n"),
        format!("{chunked}{chunk};{padding}\r\n{BODY}\r\n0;{padding}\r\nX: y\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\n{length}\r\n{BODY}"),
    ];
    let whole_ones: Vec<_> = responses.iter().map(|response| whole(response)).collect();
    let single_bytes = responses.iter().map(|response| response.bytes().map(|byte| vec![byte]).collect());
    for agent in [Agent::new(whole_ones), Agent::new(single_bytes.collect::<Vec<_>>())] {
        for response in &responses {
            assert_eq!(agent.get(), Some((200, BODY.as_bytes().to_vec())), "{response}");
        }
        assert_eq!(agent.connections.load(Ordering::Relaxed), 1, "the connection is kept alive");
    }
}

#[test]
fn a_connection_with_bytes_after_an_unusual_response_is_not_used_again() {
    let response = format!("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: {}\r\n\r\n{BODY}", BODY.len());
    let agent = Agent::new([whole(&format!("{response}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))]);
    for connection in 1..=2 {
        assert_eq!(agent.get(), Some((200, BODY.as_bytes().to_vec())));
        assert_eq!(agent.connections.load(Ordering::Relaxed), connection);
    }
}

#[test]
fn the_bytes_before_a_refused_piece_are_read() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n+2\r\n";
    let agent = Agent::new([whole(chunked)]);
    let mut response = agent.agent.get("http://127.0.0.1:1/").call().expect("the head is in order");
    let mut read = Vec::new();
    let end = io::Read::read_to_end(&mut response.body_mut().as_reader(), &mut read);
    assert!(end.is_err());
    assert_eq!(read, b"{}");
}

/// Reads like `ureq`, which consumes what it can use.
fn await_and_consume(connection: &mut Normalized<Scripted>, usable: usize) -> usize {
    let timeout = NextTimeout::default();
    assert!(connection.maybe_await_input(timeout).expect("nothing is refused"));
    let buffers = connection.buffers();
    let usable = buffers.input().len().min(usable);
    buffers.input_consume(usable);
    usable
}

#[test]
fn a_usual_response_is_not_copied() {
    let (head, data) = ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "d".repeat(4_000));
    let chunk = format!("fa0\r\n{data}\r\n");
    let parts: Vec<Vec<u8>> = [head, &chunk, &chunk, "0\r\n\r\n"].iter().map(|part| part.as_bytes().to_vec()).collect();
    let mut connection = Normalized::new(Scripted::new([parts]));
    connection.transmit_output(0, NextTimeout::default()).expect("a script takes any request");
    let mut length = 0;
    while !connection.framing.is_at_rest() {
        length += await_and_consume(&mut connection, usize::MAX);
        assert!(connection.held.is_empty());
    }
    assert_eq!(length, head.len() + 2 * chunk.len() + 5);
    assert!(connection.is_open());
}

#[test]
fn memory_is_given_back_after_an_unusual_response() {
    let response = format!("HTTP/1.1 200 OK\r\nX: {}\r\n b\r\n\r\n", "a".repeat(100_000));
    let mut connection = Normalized::new(Scripted::new([whole(&response)]));
    connection.transmit_output(0, NextTimeout::default()).expect("a script takes any request");
    assert!(await_and_consume(&mut connection, usize::MAX) > 100_000);
    assert!(connection.held.is_empty());
    assert_eq!(connection.held.canonical.capacity() + connection.held.raw.capacity(), 0);
}
