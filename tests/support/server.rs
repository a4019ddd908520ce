//! An HTTP server on a raw socket. A test writes its responses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request that the server has read.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Every line of the head, unchanged.
    pub head: Vec<String>,
    pub body: Vec<u8>,
    /// The number of earlier requests on this connection.
    pub on_connection: usize,
    /// The number of earlier requests to this server.
    pub number: usize,
}

impl Request {
    /// Returns the value of a header, if the request has it.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Whether the connection is kept alive after a response.
#[derive(PartialEq)]
pub enum After {
    KeepAlive,
    Close,
}

/// Writes the response to a request to its stream.
pub type Handler = dyn Fn(&Request, &mut TcpStream) -> std::io::Result<After> + Send + Sync;

/// Listens on 127.0.0.1 until it is dropped.
pub struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    closed: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    pub fn start(
        handler: impl Fn(&Request, &mut TcpStream) -> std::io::Result<After> + Send + Sync + 'static,
    ) -> Server {
        Server::serve(handler, true)
    }

    /// Starts a server that does not record its requests, for tests with many requests.
    pub fn quiet(
        handler: impl Fn(&Request, &mut TcpStream) -> std::io::Result<After> + Send + Sync + 'static,
    ) -> Server {
        Server::serve(handler, false)
    }

    fn serve(
        handler: impl Fn(&Request, &mut TcpStream) -> std::io::Result<After> + Send + Sync + 'static,
        keep: bool,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        let (requests, closed, stopped) = (Arc::default(), Arc::default(), Arc::default());
        let server = Server {
            port,
            requests: Arc::clone(&requests),
            closed: Arc::clone(&closed),
            stopped: Arc::clone(&stopped),
        };
        let (handler, number): (Arc<Handler>, _) = (Arc::new(handler), Arc::new(AtomicUsize::new(0)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                let (handler, requests, number) = (Arc::clone(&handler), Arc::clone(&requests), Arc::clone(&number));
                let closed = Arc::clone(&closed);
                thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().expect("a socket can be cloned"));
                    let mut stream = stream;
                    let mut on_connection = 0;
                    while let Some(mut request) = read(&mut reader) {
                        request.number = number.fetch_add(1, Ordering::AcqRel);
                        request.on_connection = on_connection;
                        on_connection += 1;
                        if keep {
                            requests.lock().expect("not poisoned").push(request.clone());
                        }
                        if !matches!(handler(&request, &mut stream), Ok(After::KeepAlive)) {
                            break;
                        }
                    }
                    let _ = stream.shutdown(Shutdown::Both);
                    closed.fetch_add(1, Ordering::AcqRel);
                });
            }
        });
        server
    }

    /// Starts a server that responds to every request with 200 and `body`, and keeps connections alive.
    pub fn with_body(body: impl Into<Vec<u8>>) -> Server {
        let body = body.into();
        Server::start(move |_, stream| respond(stream, "200 OK", "", &body))
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("not poisoned").clone()
    }

    /// Returns when the server has closed `count` connections. On loopback, the client's kernel knows it at once.
    pub fn wait_for_closed(&self, count: usize) {
        while self.closed.load(Ordering::Acquire) < count {
            thread::yield_now();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Writes a response with its length. `headers` are whole lines.
pub fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<After> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    Ok(After::KeepAlive)
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut head = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).ok().filter(|read| *read > 0)?;
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_string();
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let mut first = head.first()?.split(' ').map(str::to_string);
    let (method, path) = (first.next()?, first.next()?);
    let mut request = Request { method, path, head, body: Vec::new(), on_connection: 0, number: 0 };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
