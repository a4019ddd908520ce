//! A server, and a proxy in front of it, on one loopback port and one thread.
//!
//! It serves one connection after the other, for a client that makes one call at a time and keeps one connection.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// A request as the server received it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub target: String,
    /// Names in lower case, values as bytes, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn values(&self, name: &str) -> Vec<&[u8]> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_slice()).collect()
    }
}

/// What the server sends for each request.
#[derive(Clone, Default)]
pub struct Played {
    pub response: Vec<u8>,
    /// How many of its bytes go out in a first write.
    pub split: usize,
    /// Whether the server closes the connection afterwards.
    pub close: bool,
}

#[derive(Default)]
struct Stage {
    played: Played,
    requests: Vec<Request>,
}

/// A server that runs until the process ends.
pub struct Server {
    port: u16,
    stage: Arc<Mutex<Stage>>,
}

impl Server {
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        let stage: Arc<Mutex<Stage>> = Arc::default();
        let seen = Arc::clone(&stage);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that disconnects ends only its connection.
                let _ = serve(stream, port, &seen);
            }
        });
        Server { port, stage }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets what to send from now on, and forgets the requests so far.
    pub fn play(&self, played: Played) {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        stage.played = played;
        stage.requests.clear();
    }

    pub fn requests(&self) -> Vec<Request> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }
}

fn serve(mut stream: TcpStream, port: u16, stage: &Mutex<Stage>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    // A silent client must not block the next one.
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = request_at(&mut reader)? {
        if request.method == "CONNECT" {
            if request.target != format!("127.0.0.1:{port}") {
                stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")?;
                break;
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            continue;
        }
        let played = {
            let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
            stage.requests.push(request);
            stage.played.clone()
        };
        let (first, rest) = played.response.split_at(played.split);
        stream.write_all(first)?;
        stream.write_all(rest)?;
        if played.close {
            break;
        }
    }
    stream.shutdown(Shutdown::Both)
}

/// Returns a whole request, or `None` if the client has closed the connection or does not speak HTTP.
pub fn request_at(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut request = Request::default();
    let mut length = 0;
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 || !line.ends_with(b"\r\n") {
            return Ok(None);
        }
        line.truncate(line.len() - 2);
        if line.is_empty() {
            break;
        }
        if request.method.is_empty() {
            let text = String::from_utf8_lossy(&line).into_owned();
            let mut words = text.split(' ').map(str::to_string);
            let (Some(method), Some(target), Some(_), None) = (words.next(), words.next(), words.next(), words.next())
            else {
                return Ok(None);
            };
            (request.method, request.target) = (method, target);
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return Ok(None) };
        let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
        let value = line[colon + 1..].strip_prefix(b" ").unwrap_or(&line[colon + 1..]).to_vec();
        if name == "content-length" {
            length = std::str::from_utf8(&value).ok().and_then(|value| value.parse().ok()).unwrap_or(0);
        }
        request.headers.push((name, value));
    }
    request.body = vec![0; length];
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}
