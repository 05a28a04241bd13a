# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of AWX's API as examples/awx/setup uses: lists by name, POST, PATCH, surveys; strict about who asks."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

USER: t.Final = "admin"
PASSWORD: t.Final = "the password of that AWX"


class StandIn:
    """The objects, kind by kind, and what was asked of it."""

    def __init__(self) -> None:
        self.objects: dict[str, list[dict[str, t.Any]]] = {
            "projects": [{"id": 8, "name": "RAS"}],
            "inventories": [{"id": 3, "name": "RAS"}],
            "credential_types": [],
            "job_templates": [],
        }
        self.surveys: dict[int, dict[str, t.Any]] = {}
        self.writes: list[str] = []
        self.url = ""

    def answer(self, method: str, target: str, body: t.Any) -> tuple[int, t.Any]:
        """Status and content of an answer."""
        split = urlsplit(target)
        kind, *rest = split.path.removeprefix("/api/v2/").strip("/").split("/")
        if method != "GET":
            self.writes.append(f"{method} {split.path}")
        rows = self.objects[kind]
        if not rest and method == "GET":
            (name,) = parse_qs(split.query)["name"]
            found = [row for row in rows if row["name"] == name]
            return 200, {"count": len(found), "results": found}
        if not rest:
            rows.append({"id": 100 + len(rows), **body})
            return 201, rows[-1]
        (row,) = [row for row in rows if row["id"] == int(rest[0])]
        if rest[1:] == ["survey_spec"]:
            if method == "POST":
                self.surveys[row["id"]] = body
            return 200, self.surveys.get(row["id"], {})
        assert (method, rest[1:]) == ("PATCH", []), target
        row.update(body)
        return 200, row


@contextlib.contextmanager
def serving() -> t.Iterator[StandIn]:
    """A stand-in that listens on loopback."""
    made = StandIn()
    right = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            allowed = self.headers.get("Authorization") == right
            status, content = made.answer(self.command, self.path, body) if allowed else (401, {})
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _answer

        def log_message(self, format: str, *args: t.Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
