# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: what the requests of a scan cost with urllib3 and threads alone, and nothing kept of the answers.

A process of its own. It reads a JSON object from standard input (``urls``, ``username``, ``password``, ``ca_path``,
``workers``) and writes one to standard output: seconds of wall and of processor time, without the interpreter's start.
"""

from __future__ import annotations

import collections
import json
import ssl
import sys
import threading
import time
from typing import Any

import urllib3

# A client without one would hang with its first silent farm; sockets with one cost a little more.
_TIMEOUT = 60.0
_HEADERS = {"Content-Type": "application/json; api-version=1.0", "Accept": "application/json"}


def look_at(url: str, logon: bytes, context: ssl.SSLContext) -> None:
    """Log on to one farm, read its license, log off, over one kept connection."""
    parsed = urllib3.util.parse_url(url)
    pool = urllib3.HTTPSConnectionPool(
        str(parsed.host), parsed.port, ssl_context=context, timeout=_TIMEOUT, maxsize=1, retries=False
    )
    try:
        session = _checked(pool.request("POST", "/api/Session/logon", body=logon, headers=_HEADERS)).json()
        headers = {**_HEADERS, "auth_token": session["authToken"]}
        _checked(pool.request("GET", "/api/License", headers=headers)).json()
        _checked(pool.request("POST", "/api/Session/logoff", body=b"", headers=headers))
    finally:
        pool.close()


def _checked(response: Any) -> Any:
    if response.status >= 300:
        raise RuntimeError(f"HTTP {response.status}")
    return response


def scan(order: dict[str, Any]) -> dict[str, float]:
    """Look at all farms of an order and return how long it took."""
    begin, cpu = time.monotonic(), time.process_time()
    logon = json.dumps({"username": order["username"], "password": order["password"]}).encode()
    context = ssl.create_default_context(cafile=order["ca_path"])
    queue = collections.deque(order["urls"])
    failures: list[Exception] = []

    def work() -> None:
        try:
            while True:
                look_at(queue.popleft(), logon, context)
        except IndexError:
            return
        except Exception as exc:  # said by the main thread
            failures.append(exc)

    threads = [threading.Thread(target=work) for _number in range(min(order["workers"], len(queue)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return {"seconds": time.monotonic() - begin, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    json.dump(scan(json.load(sys.stdin)), sys.stdout)
