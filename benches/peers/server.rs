//! The server that every peer calls: a process of its own. Its responses are made before the run, and each goes out in one
//! write, so that the measurements are of the clients.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

/// About 4.8 kB of JSON: a connection with OAuth, eight form fields and a configuration.
const CONNECTION: &str = include_str!("connection.json");
const LENGTHS: [usize; 4] = [1, 10, 100, 1000];
const ERRORS: [(u16, &str); 9] = [
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (404, "Not Found"),
    (422, "Unprocessable Entity"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
];

/// A running server. It ends when it is dropped.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// Starts this program again, as the server.
    pub fn start() -> std::io::Result<Server> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        let mut byte = [0];
        let out = child.stdout.as_mut().expect("it is piped");
        while out.read(&mut byte)? == 1 && byte != *b"\n" {
            url.push(char::from(byte[0]));
        }
        Ok(Server { child, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prints its address and serves until its standard input ends, so that it does not outlive the process that started it.
pub fn serve() -> std::io::Result<()> {
    let responses = Arc::new(Responses::prepare());
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let responses = Arc::clone(&responses);
            // One measurement has ten thousand connections, so each thread has a small stack.
            let connection = thread::Builder::new().stack_size(64 * 1024).spawn(move || responses.serve(stream));
            connection.expect("a connection gets a thread");
        }
    });
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).map(|_| ())
}

/// Whole responses, including their heads.
struct Responses {
    lists: HashMap<String, Vec<u8>>,
    errors: HashMap<String, Vec<u8>>,
    one: Vec<u8>,
}

impl Responses {
    fn prepare() -> Responses {
        let connection = |number: usize| {
            let template: String = CONNECTION.lines().map(str::trim_start).collect();
            template.replace("NUMBER", &number.to_string())
        };
        let ok = |data: &str| response(200, "OK", &format!(r#"{{"status_code":200,"status":"OK","data":{data}}}"#));
        let list = |length: usize| ok(&format!("[{}]", (0..length).map(connection).collect::<Vec<_>>().join(",")));
        let error = |status: u16, name: &str| {
            let body = format!(
                r#"{{"status_code":{status},"error":"{name}","type_name":"RequestError","message":"It failed.","detail":"On purpose.","ref":"https://developers.apideck.com/errors"}}"#
            );
            response(status, name, &body)
        };
        Responses {
            lists: LENGTHS.iter().map(|length| (length.to_string(), list(*length))).collect(),
            errors: ERRORS.iter().map(|(status, name)| (status.to_string(), error(*status, name))).collect(),
            one: ok(&connection(0)),
        }
    }

    /// Responses request after request on one connection.
    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut received = Vec::with_capacity(4096);
        let mut buffer = [0; 4096];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => received.extend_from_slice(&buffer[..count]),
            }
            while let Some(length) = request_length(&received) {
                if stream.write_all(self.response_to(&received)).is_err() {
                    return;
                }
                received.drain(..length);
            }
        }
    }

    /// Returns a list of 100 for `?api=100`, the error for the service `404`, and else one connection.
    fn response_to(&self, request: &[u8]) -> &[u8] {
        let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let line = std::str::from_utf8(line).unwrap_or_default();
        let target = line.split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let list = query.split('&').find_map(|pair| pair.strip_prefix("api=")).and_then(|api| self.lists.get(api));
        let error = || path.rsplit('/').next().and_then(|service| self.errors.get(service));
        list.or_else(error).unwrap_or(&self.one)
    }
}

fn response(status: u16, name: &str, body: &str) -> Vec<u8> {
    let head = "content-type: application/json";
    format!("HTTP/1.1 {status} {name}\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Returns the length of the first request, if all of it was received.
fn request_length(received: &[u8]) -> Option<usize> {
    let head = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let body = std::str::from_utf8(&received[..head]).ok()?.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let whole = head + body.unwrap_or(0);
    (received.len() >= whole).then_some(whole)
}
