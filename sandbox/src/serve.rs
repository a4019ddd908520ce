//! The server below the routes: accepts connections, reads HTTP/1.1 from each, and ends in good order.
//! A connection that is slow or that speaks no HTTP costs itself, never another one.

use crate::wire::{Stream, Wire};
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long a connection may take for the head of its next request. A connection that idles as long is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How long requests that are being answered may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(1);

/// Answers requests until `stop` ends, then finishes those at hand.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    serve_with(listener, router, stop, HEAD_TIMEOUT).await
}

async fn serve_with(listener: TcpListener, router: Router, stop: impl Future<Output = ()>, head_timeout: Duration) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_timeout);
    let graceful = GracefulShutdown::new();
    let service = TowerToHyperService::new(router);
    tokio::pin!(stop);
    loop {
        let tcp = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((tcp, _)) => tcp,
                Err(_) => {
                    // The peer was gone before it was accepted, or file descriptors ran out: the next one may do better.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        // Answers are one small write each: waiting for more to send only delays them.
        let _ = tcp.set_nodelay(true);
        let wire = Wire::default();
        let stream = TokioIo::new(Stream::new(tcp, wire.clone()));
        let service = service.clone();
        let answer = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(wire.clone());
            service.call(request.map(Body::new))
        });
        let connection = graceful.watch(http.serve_connection(stream, answer));
        // How a connection ends (cut off, timed out, no HTTP) concerns its peer alone, who sees it.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn a_head_that_never_ends_is_cut_off_and_hinders_nobody() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        tokio::spawn(serve_with(listener, router, std::future::pending(), Duration::from_millis(200)));

        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        other.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here"), "{answer}");
        let mut nothing = Vec::new();
        slow.read_to_end(&mut nothing).await.unwrap();
        assert!(nothing.is_empty() || nothing.starts_with(b"HTTP/1.1 408"));
    }
}
