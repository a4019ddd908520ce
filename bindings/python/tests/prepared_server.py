"""An HTTP server that sends the responses that a test prepared, and keeps the requests.

The scenario server misbehaves on the wire. This one tests what Python does with well-formed responses.
"""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, List, NamedTuple, Optional


class Request(NamedTuple):
    """A request that the server received."""

    method: str
    path: str
    headers: Dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Returns the body as JSON."""
        return json.loads(self.body)


class PreparedResponse(NamedTuple):
    """A response to send. A `body` of bytes is sent unchanged, any other as JSON."""

    status: int
    body: Any
    headers: Dict[str, str]
    delay: float
    together: threading.Barrier


class Server(ThreadingHTTPServer):
    """A server that accepts many connections at once. The standard one refuses the sixth, which costs a second."""

    request_queue_size = 256


class PreparedServer:
    """Sends the response that was prepared last. For paths that contain `hang` it sends nothing.

    Args:
        certificate: A PEM file with the certificate and key of an https server on `localhost`. Default: plain http.
    """

    def __init__(self, certificate: Optional[str] = None) -> None:
        self.requests: List[Request] = []
        self.released = threading.Event()
        self.hanging = threading.Semaphore(0)
        self._prepared_for: Dict[str, List[PreparedResponse]] = {}
        self.prepare_connection()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def respond(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.append(Request(self.command, self.path, headers, self.rfile.read(length)))
                if "hang" in self.path:
                    outer.hanging.release()
                    outer.released.wait(60)
                    self.close_connection = True
                    return
                responses = next(
                    (found for part, found in outer._prepared_for.items() if part in self.path), outer._responses
                )
                response = responses.pop(0) if len(responses) > 1 else responses[0]
                response.together.wait(20)
                if response.delay:
                    outer.released.wait(response.delay)
                body = response.body if isinstance(response.body, bytes) else json.dumps(response.body).encode()
                if response.status == 204:
                    body = b""
                self.send_response(response.status)
                for name, value in {"content-type": "application/json", **response.headers}.items():
                    self.send_header(name, value)
                if response.status != 204:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PATCH = do_POST = do_DELETE = respond

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.url = self.url.replace("http://127.0.0.1", "https://localhost")
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def prepare(
        self,
        body: Any,
        status: int = 200,
        headers: Optional[Dict[str, str]] = None,
        delay: float = 0.0,
        together: int = 1,
    ) -> None:
        """Prepares every response from now on. None is sent before `together` requests wait for one."""
        self._responses: List[PreparedResponse] = [
            PreparedResponse(status, body, headers or {}, delay, threading.Barrier(together))
        ]

    def prepare_for(self, part: str, body: Any, status: int = 200) -> None:
        """Prepares every response to a request whose path contains a part."""
        self._prepared_for[part] = [PreparedResponse(status, body, {}, 0.0, threading.Barrier(1))]

    def prepare_connection(self, **members: Any) -> None:
        """Prepares one connection with these members as every response."""
        self.prepare({"status_code": 200, "status": "OK", "data": members})

    def prepare_list(self, *connections: Any) -> None:
        """Prepares this list of connections as every response."""
        self.prepare({"status_code": 200, "status": "OK", "data": list(connections)})

    def fail_first(self, count: int) -> None:
        """Sends `count` responses with status 503 before the prepared one."""
        self._responses[:0] = [self._responses[0]._replace(status=503)] * count

    @property
    def last(self) -> Request:
        """The last request."""
        return self.requests[-1]

    def close(self) -> None:
        """Ends the server and the requests that hang."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
