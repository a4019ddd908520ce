"""Makes the calls of unusual rows with CPython's http.client or with httpx; see tests/peers.rs.

Reads a JSON array of {"name", "method", "url", "calls"} and writes an array of {"name", "responses"} or
{"name", "error"}, where a response is {"status", "body"}. The calls of a row share one client.
"""

from __future__ import annotations

import http.client
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Tuple
from urllib.parse import urlsplit

TIMEOUT = 20


def with_http_client(row: Dict[str, Any]) -> List[Tuple[int, bytes]]:
    url = urlsplit(row["url"])
    connection = http.client.HTTPConnection(url.netloc, timeout=TIMEOUT)
    responses = []
    try:
        for _ in range(row["calls"]):
            connection.request(row["method"], url.path)
            response = connection.getresponse()
            responses.append((response.status, response.read()))
        return responses
    finally:
        connection.close()


def with_httpx(row: Dict[str, Any]) -> List[Tuple[int, bytes]]:
    import httpx

    with httpx.Client(trust_env=False, timeout=TIMEOUT) as client:
        responses = [client.request(row["method"], row["url"]) for _ in range(row["calls"])]
    return [(response.status_code, response.content) for response in responses]


def run(call: Callable[[Dict[str, Any]], List[Tuple[int, bytes]]], row: Dict[str, Any]) -> Dict[str, Any]:
    try:
        responses = call(row)
    except Exception as error:  # whatever a peer raises means that it does not accept the row
        return {"name": row["name"], "error": f"{type(error).__name__}: {error}"}
    read = [{"status": status, "body": body.decode("utf-8", "replace")} for status, body in responses]
    return {"name": row["name"], "responses": read}


def main() -> None:
    call = {"cpython": with_http_client, "httpx": with_httpx}[sys.argv[1]]
    rows = json.load(sys.stdin)
    with ThreadPoolExecutor(8) as pool:
        json.dump(list(pool.map(lambda row: run(call, row), rows)), sys.stdout)


if __name__ == "__main__":
    main()
