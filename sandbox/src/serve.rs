//! The server below the routes: accepts connections, reads HTTP/1.1 from each, and shuts down gracefully.
//! A connection that is slow or does not speak HTTP never delays another one.

use crate::stream::{FaultyStream, StreamControl};
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::task::Poll;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long a connection may take to send the head of its next request. An idle connection is closed after this time.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// How long requests in progress may take after the server begins to stop.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Serves requests until `stop` completes, then finishes the requests in progress.
pub async fn serve(listeners: Vec<TcpListener>, router: Router, stop: impl Future<Output = ()>) {
    serve_with(listeners, router, stop, HEAD_TIMEOUT).await
}

async fn serve_with(
    listeners: Vec<TcpListener>,
    router: Router,
    stop: impl Future<Output = ()>,
    head_timeout: Duration,
) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_timeout);
    let graceful = GracefulShutdown::new();
    let service = TowerToHyperService::new(router);
    tokio::pin!(stop);
    loop {
        let tcp = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listeners) => match accepted {
                Ok(tcp) => tcp,
                Err(_) => {
                    // The peer closed the connection before it was accepted, or file descriptors ran out. A short
                    // pause gives the next attempt a chance.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        // Each response is one small write. Waiting for more data would only delay it.
        let _ = tcp.set_nodelay(true);
        let control = StreamControl::default();
        let stream = TokioIo::new(FaultyStream::new(tcp, control.clone()));
        let service = service.clone();
        let handler = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(control.clone());
            service.call(request.map(Body::new))
        });
        let connection = graceful.watch(http.serve_connection(stream, handler));
        // The error is ignored: it only describes how the connection ended, and the peer sees that itself.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listeners);
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await;
}

/// Accepts the next connection of any listener.
async fn accept(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    std::future::poll_fn(|cx| {
        let ready = listeners.iter().find_map(|listener| match listener.poll_accept(cx) {
            Poll::Ready(accepted) => Some(accepted.map(|(tcp, _)| tcp)),
            Poll::Pending => None,
        });
        ready.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn an_endless_head_times_out_and_does_not_delay_other_connections() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", axum::routing::get(|| async { "here" }));
        tokio::spawn(serve_with(vec![listener], router, std::future::pending(), Duration::from_millis(200)));

        let mut slow = TcpStream::connect(address).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nx-slow: ").await.unwrap();
        let mut other = TcpStream::connect(address).await.unwrap();
        other.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut response = String::new();
        other.read_to_string(&mut response).await.unwrap();
        assert!(response.starts_with("HTTP/1.1 200") && response.ends_with("here"), "{response}");
        let mut received = Vec::new();
        slow.read_to_end(&mut received).await.unwrap();
        assert!(received.is_empty() || received.starts_with(b"HTTP/1.1 408"));
    }
}
