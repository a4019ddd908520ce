"""Compares the CPU of reading everything of a list with that of httpx and msgspec: read_everything.py

The list has 100 connections with 6 form fields of 4 options each. A call requests it and reads every attribute of every
connection, form field and option. `one` reads one attribute of one connection. The server is a process of its own.
Needs httpx, msgspec and apideck_vault.
"""

import http.server
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, List, Optional

ROUNDS, CALLS = 15, 10


def page() -> bytes:
    connection = json.loads((Path(__file__).parents[1] / "peers" / "connection.json").read_text())
    options = [{"label": f"Option {n}", "value": f"v{n}", "option_type": "simple"} for n in range(4)]
    connection["form_fields"] = [{**field, "options": options} for field in connection["form_fields"][:6]]
    return json.dumps({"status_code": 200, "status": "OK", "data": [connection] * 100}).encode()


def serve() -> None:
    text = page()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def main(url: str) -> None:
    import httpx
    import msgspec

    from apideck_vault import Apideck, models

    of_connection, of_field = list(models.Connection._fields), list(models.FormField._fields)
    option = msgspec.defstruct("Option", [("label", Any), ("option_type", Any), ("value", Any)])
    kind = {"options": Optional[List[option]]}
    field = msgspec.defstruct("Field", [(name, kind.get(name, Any), None) for name in of_field])
    kind = {"form_fields": Optional[List[field]]}
    connection = msgspec.defstruct("Connection", [(name, kind.get(name, Any), None) for name in of_connection])
    decode = msgspec.json.Decoder(msgspec.defstruct("Page", [("data", List[connection])])).decode
    client = httpx.Client(base_url=url, headers={"authorization": "Bearer key"}, trust_env=False)
    apideck = Apideck(api_key="k", app_id="a", consumer_id="c", server_url=url, retry_config=None)

    def peer() -> Any:
        return decode(client.get("/vault/connections").content).data

    def own() -> Any:
        return apideck.vault.connections.list().get_connections_response.data

    def everything(connections: Any) -> None:
        for connection in connections:
            for name in of_connection:
                getattr(connection, name)
            for field in connection.form_fields:
                for name in of_field:
                    getattr(field, name)
                for option in field.options:
                    option.label, option.option_type, option.value  # noqa: B018

    calls = {
        "httpx + msgspec.Struct, everything": lambda: everything(peer()),
        "apideck_vault, everything": lambda: everything(own()),
        "httpx + msgspec.Struct, one": lambda: peer()[-1].service_id,
        "apideck_vault, one": lambda: own()[-1].service_id,
    }
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            begun = time.process_time()
            for _ in range(CALLS):
                call()
            best[name] = min(best[name], (time.process_time() - begun) / CALLS * 1000)
    first = next(iter(best.values()))
    for name, figure in best.items():
        print(f"{name:36} {figure:6.2f} ms {figure / first:5.2f}")


if sys.argv[1:] == ["serve"]:
    serve()
else:
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        main(f"http://127.0.0.1:{int(server.stdout.readline())}")
    finally:
        server.kill()
