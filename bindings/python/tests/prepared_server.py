"""An HTTP server that answers what a test prepared, and keeps what it was asked. Misbehaviour on the wire is the
business of the scenario server; this one is for what Python makes of well-formed answers."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, List, NamedTuple, Optional


class Request(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    headers: Dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Answer(NamedTuple):
    """What the server is to say. `body` is sent as it is, if it is bytes, else as JSON."""

    status: int
    body: Any
    headers: Dict[str, str]
    delay: float
    together: threading.Barrier


class Server(ThreadingHTTPServer):
    """The standard one turns connections away when six come at once, and they come back a second later."""

    request_queue_size = 256


class PreparedServer:
    """Answers with what was prepared last; hangs for paths that hold `hang`.

    Args:
        certificate: A PEM file with the certificate and key of an https server on `localhost`. Default: plain http.
    """

    def __init__(self, certificate: Optional[str] = None) -> None:
        self.requests: List[Request] = []
        self.released = threading.Event()
        self.hanging = threading.Semaphore(0)
        self._prepared_for: Dict[str, List[Answer]] = {}
        self.prepare_connection()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.append(Request(self.command, self.path, headers, self.rfile.read(length)))
                if "hang" in self.path:
                    outer.hanging.release()
                    outer.released.wait(60)
                    self.close_connection = True
                    return
                answers = next(
                    (found for part, found in outer._prepared_for.items() if part in self.path), outer._answers
                )
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                answer.together.wait(20)
                if answer.delay:
                    outer.released.wait(answer.delay)
                body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                if answer.status == 204:
                    body = b""
                self.send_response(answer.status)
                for name, value in {"content-type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                if answer.status != 204:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PATCH = do_POST = do_DELETE = answer

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
        """Every answer from now on; none before so many requests wait for one."""
        self._answers: List[Answer] = [Answer(status, body, headers or {}, delay, threading.Barrier(together))]

    def prepare_for(self, part: str, body: Any, status: int = 200) -> None:
        """Every response to a request whose path has this part in it."""
        self._prepared_for[part] = [Answer(status, body, {}, 0.0, threading.Barrier(1))]

    def prepare_connection(self, **members: Any) -> None:
        """Every answer from now on is one connection with these members."""
        self.prepare({"status_code": 200, "status": "OK", "data": members})

    def prepare_list(self, *connections: Any) -> None:
        """Every answer from now on is this list of connections."""
        self.prepare({"status_code": 200, "status": "OK", "data": list(connections)})

    @property
    def last(self) -> Request:
        """The last request."""
        return self.requests[-1]

    def close(self) -> None:
        """Ends the server and whatever hangs."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
