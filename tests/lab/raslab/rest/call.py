# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the REST API and the answers it can get, in the shapes of the RAS REST API guide."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from raslab.account import MyAccount
from raslab.farm import Farm
from raslab.faults import Verdict
from raslab.host import RasHost
from raslab.journal import Entry, Journal
from raslab.sessions import Session

MEDIA_TYPE = "application/json; api-version=1.0"
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


@dataclass
class Answer:
    """An HTTP answer before it meets the wire; ``body`` None means no content at all."""

    status: int
    body: bytes | None = None
    content_type: str | None = MEDIA_TYPE
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, value: Any) -> Answer:
        return cls(status, json.dumps(value, ensure_ascii=False).encode())


class Refused(Exception):
    """Ends the handling of a request with ``answer``."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def problem_details(status: int, detail: str | None = None) -> Answer:
    """The ASP.NET ProblemDetails shape, which the guide gives for 401 and 404."""
    title = _TITLES.get(status, "Error")
    body = {"type": f"https://httpstatuses.io/{status}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    return Answer.of(status, body)


def business_failure(message: str) -> Answer:
    """The guide's shape of a failure of the product itself: 400 with ``code`` 0 and a text."""
    return Answer.of(400, {"code": 0, "msg": message})


@dataclass
class Call:
    """Everything a handler may look at. Handlers are synchronous: no request ever sees half of another's change."""

    account: MyAccount
    journal: Journal
    farms: list[Farm]
    farm: Farm
    host: RasHost
    entry: Entry
    verdict: Verdict
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    session: Session | None = None

    def refuse_unmodeled(self, text: str, status: int = 400) -> Refused:
        """Notes the problem and makes the refusal; the caller raises it."""
        self.journal.problem(self.entry, text)
        return Refused(business_failure(text) if status == 400 else problem_details(status, text))

    def done(self) -> Answer:
        """The answer of a successful write, 200 or 204 as the farm's quirk says."""
        return Answer(self.farm.quirks.write_success, content_type=None)


Handler = Callable[[Call], Answer]
