//! Accepts connections, reads requests, and finds the script of each.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use crate::content::Surroundings;
use crate::play::{After, play};
use crate::record::{Key, Record, Request};
use crate::table::{Row, table};

/// Plays the scenarios on a loopback port until it is dropped.
pub struct ScenarioServer {
    url: String,
    addresses: [SocketAddr; 2],
    around: Surroundings,
    stopped: Arc<AtomicBool>,
}

/// The state that all connections share.
struct Stage {
    rows: HashMap<String, Row>,
    record: Record,
    around: Surroundings,
}

impl ScenarioServer {
    /// Listens on two free ports: the server's, and that of the other host.
    pub fn start() -> io::Result<ScenarioServer> {
        let (listener, other) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let addresses = [listener.local_addr()?, other.local_addr()?];
        let around = Surroundings { other_host: format!("http://{}", addresses[1]) };
        let stage = Arc::new(Stage {
            rows: table().into_iter().map(|row| (row.name.clone(), row)).collect(),
            record: Record::default(),
            around: around.clone(),
        });
        let stopped = Arc::new(AtomicBool::new(false));

        let elsewhere = Arc::clone(&stage);
        accept(other, &stopped, move |mut stream| {
            elsewhere.record.add_elsewhere();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        });
        accept(listener, &stopped, move |stream| {
            let stage = Arc::clone(&stage);
            thread::spawn(move || stage.serve(stream));
        });
        Ok(ScenarioServer { url: format!("http://{}", addresses[0]), addresses, around, stopped })
    }

    /// Returns the base URL. A client's `server_url` is this and `/s/<scenario>/<run>`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the values of the placeholders in its scripts.
    pub fn surroundings(&self) -> &Surroundings {
        &self.around
    }
}

impl Drop for ScenarioServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        for address in self.addresses {
            let _ = TcpStream::connect(address); // wakes the thread that accepts
        }
    }
}

fn accept(listener: TcpListener, stopped: &Arc<AtomicBool>, serve: impl Fn(TcpStream) + Send + 'static) {
    let stopped = Arc::clone(stopped);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if stopped.load(Ordering::Acquire) {
                return;
            }
            serve(stream);
        }
    });
}

impl Stage {
    fn serve(&self, stream: TcpStream) {
        let mut run = None;
        // An error ends the connection. Usually it means that the client has closed it.
        let _ = self.serve_requests(stream, &mut run);
        if let Some(run) = run {
            self.record.closed(&run);
        }
    }

    /// Responds to requests until the connection ends. `run` is set to the run of the connection's first request.
    fn serve_requests(&self, mut stream: TcpStream, run: &mut Option<Key>) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(request) = read(&mut reader)? {
            let path = request.target.clone();
            let parts: Vec<&str> = path.splitn(5, '/').collect();
            match parts[..] {
                ["", "count", "other-host"] => respond(&mut stream, "200 OK", &self.record.elsewhere())?,
                ["", "count", scenario, id] => {
                    respond(&mut stream, "200 OK", &self.record.of_run(&(scenario.into(), id.into())))?;
                }
                ["", "s", scenario, id, rest] if self.rows.contains_key(scenario) => {
                    let script = &self.rows[scenario].script;
                    let key = (scenario.to_string(), id.to_string());
                    let number = self.record.add(&key, &request, &format!("/{rest}"), run.is_none());
                    run.get_or_insert(key);
                    let entry = script.get(number).or(script.last()).map(Vec::as_slice).unwrap_or_default();
                    if play(entry, &self.around, &mut stream, &mut reader)? == After::Close {
                        break;
                    }
                }
                _ => respond(&mut stream, "404 Not Found", &json!({"message": format!("no scenario at {path}")}))?,
            }
        }
        Ok(())
    }
}

fn respond(stream: &mut TcpStream, status: &str, body: &serde_json::Value) -> io::Result<()> {
    let body = body.to_string();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all((head + &body).as_bytes())
}

/// Reads a complete request. Returns `None` if the client has closed the connection.
fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let (mut first, mut headers) = (None, Vec::new());
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_string();
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if first.is_some() => {
                headers.push((name.to_ascii_lowercase(), value.trim().to_string()));
            }
            _ => first = Some(line),
        }
    }
    let first = first.unwrap_or_default();
    let mut first = first.split(' ').map(str::to_string);
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    Ok(Some(Request { method, target, headers, body }))
}
