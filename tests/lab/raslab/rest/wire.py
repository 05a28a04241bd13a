# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Below HTTP: resets, silence, dripping bytes and damaged answers."""

from __future__ import annotations

import asyncio
import json
from typing import NoReturn

from aiohttp import web

from raslab.connection import babble, reset, until_the_client_leaves
from raslab.faults import Fault
from raslab.journal import Entry, Journal
from raslab.rest.call import Answer, MEDIA_TYPE, problem_details


def response(answer: Answer) -> web.Response:
    """The aiohttp response of an answer; without a body there is no content type either."""
    headers = dict(answer.headers)
    if answer.content_type and answer.body is not None:
        headers["Content-Type"] = answer.content_type
    made = web.Response(status=answer.status, body=answer.body, headers=headers)
    if answer.body is None:
        made.headers.popall("Content-Type", None)
    return made


def status_answer(fault: Fault) -> Answer:
    """The answer that a status fault gives in place of the real one."""
    params = fault.params
    headers = {str(name): str(value) for name, value in (params.get("headers") or {}).items()}
    if params.get("retry_after") is not None:
        headers["Retry-After"] = str(params["retry_after"])
    body = params.get("body")
    if body is None:
        answer = problem_details(params["status"])
    elif isinstance(body, str):
        answer = Answer(params["status"], body.encode())
    else:
        answer = Answer.of(params["status"], body)
    answer.content_type = params.get("content_type") or answer.content_type
    answer.headers = headers
    return answer


async def starve(request: web.BaseRequest, entry: Entry, journal: Journal, fault: Fault) -> NoReturn:
    """Gives the client nothing, or nearly nothing, in place of an answer; never returns."""
    if fault.kind in ("reset_before", "reset_after"):
        journal.end(entry, "reset")
        reset(request)
    elif fault.kind == "babble":
        journal.end(entry, "babble")
        babble(request, fault.params["text"])
    elif fault.kind in ("hang", "hang_after"):
        journal.end(entry, "hang")
    elif fault.kind == "drip":
        journal.end(entry, "drip")
        head = b"HTTP/1.1 200 OK\r\n" if fault.params["where"] == "headers" else b"HTTP/1.1 "
        endless = b"X-Slow: " if fault.params["where"] == "headers" else b""
        await _drip(request, head + endless, fault.params["interval"])
    await until_the_client_leaves()


async def damage(request: web.BaseRequest, entry: Entry, journal: Journal, fault: Fault, answer: Answer) -> Answer:
    """What a wire fault makes of the answer to a request that took effect."""
    if fault.kind in ("reset_after", "hang_after"):
        await starve(request, entry, journal, fault)
    if fault.kind == "drip":
        journal.end(entry, "drip")
        body = answer.body or b"{}"
        head = f"HTTP/1.1 {answer.status} X\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: 1000000\r\n\r\n"
        _write(request, head.encode())
        await _drip(request, body, fault.params["interval"], filler=b" ")
        await until_the_client_leaves()
    if fault.kind == "truncated_json":
        body = answer.body or b'{"result": "done"}'
        return Answer(_with_body(answer.status), body[: max(1, len(body) * 2 // 3)])
    if fault.kind == "wrong_content_type":
        return Answer(_with_body(answer.status), answer.body or b"{}", "text/html; charset=utf-8")
    padding = "x" * int(fault.params["megabytes"] * 1_000_000)
    value = json.loads(answer.body or b"{}")
    if isinstance(value, dict):
        return Answer.of(_with_body(answer.status), {"padding": padding, **value})
    return Answer(answer.status, b" " * len(padding) + (answer.body or b""))


def _with_body(status: int) -> int:
    return 200 if status == 204 else status


def _write(request: web.BaseRequest, data: bytes) -> None:
    if request.transport is not None and not request.transport.is_closing():
        request.transport.write(data)


async def _drip(request: web.BaseRequest, data: bytes, interval: float, filler: bytes = b"a") -> None:
    """One byte every ``interval`` seconds, and ``filler`` for ever after, until the client leaves."""
    position = 0
    while request.transport is not None and not request.transport.is_closing():
        _write(request, data[position : position + 1] or filler)
        position += 1
        await asyncio.sleep(interval)
