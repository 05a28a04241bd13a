# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RAS Web Administration Service: takes a request through limits, faults and checks to its handler."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from raslab.account import MyAccount
from raslab.added_text import add_to_json
from raslab.connection import local_address
from raslab.farm import Farm
from raslab.faults import Fault, Verdict
from raslab.host import RasHost
from raslab.journal import Entry, Journal
from raslab.rest import wire
from raslab.rest.call import Answer, business_failure, Call, problem_details, Refused
from raslab.rest.routes import methods_of, Route
from raslab.sessions import Session

_AFTER = ("reset_after", "hang_after", "truncated_json", "wrong_content_type", "huge")


@dataclass
class _Window:
    """The fixed rate-limit window of one web service."""

    start: float = 0.0
    count: int = 0


@dataclass
class WebAdminService:
    """One service process for all farms; the address that a client connected to says which host it means."""

    account: MyAccount
    journal: Journal
    farms: list[Farm]
    elsewhere: str
    on_hosts_changed: Callable[[Farm], Awaitable[None]]
    hosts: dict[str, tuple[Farm, RasHost]] = field(default_factory=dict)
    _windows: dict[str, _Window] = field(default_factory=dict)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one request, or does to the connection what a fault demands."""
        address = local_address(request)
        if address == self.elsewhere:
            return self._followed_redirect(request)
        farm, host = self.hosts[address]
        route = methods_of(request.path).get(request.method)
        named = route or next(iter(methods_of(request.path).values()), None)
        op = named.op if named else "unknown"
        entry = self.journal.begin(farm.name, host.name, request.method, request.path, op)
        raw = await request.read()
        if refusal := self._over_limit(farm, host):
            return await self._finish(entry, refusal, Verdict(), farm)
        verdict = farm.faults.meet(op, host.name)
        call = Call(self.account, self.journal, self.farms, farm, host, entry, verdict)
        fault = verdict.wire
        if fault:
            entry.fault = fault.kind
        if fault and fault.kind not in _AFTER and fault.params.get("where") != "body":
            early = await self._instead(request, call, fault)
            return await self._finish(entry, early, verdict, farm)
        answer = self._answer(request, call, route, raw)
        if fault:
            answer = await wire.damage(request, entry, self.journal, fault, answer)
        return await self._finish(entry, answer, verdict, farm)

    async def _instead(self, request: web.BaseRequest, call: Call, fault: Fault) -> Answer:
        """The answer of a fault that keeps the request from taking effect."""
        if fault.kind == "expire_session":
            token = request.headers.get("auth_token", "")
            session = call.farm.sessions.find(token, call.host.name, call.farm.quirks.session_idle_seconds)
            if session:
                self._remember(call, session)
                call.farm.sessions.close(session)
            return problem_details(401, "The session has expired.")
        if fault.kind == "redirect":
            location = fault.params["location"] or f"https://{self.elsewhere}:20443{request.path}"
            return Answer(302, content_type=None, headers={"Location": location})
        if "status" in fault.params:
            return wire.status_answer(fault)
        return await wire.starve(request, call.entry, self.journal, fault)

    def _answer(self, request: web.BaseRequest, call: Call, route: Route | None, raw: bytes) -> Answer:
        """Checks and handles; no await in here, so a change is made whole or not at all."""
        try:
            self._check_headers(request, call)
            if not call.farm.quirks.rest_enabled:
                raise Refused(Answer(404, content_type=None))
            self._check_route(request, call, route)
            assert route is not None
            if route.needs is not None:
                self._authenticate(request, call, route)
            self._read_query(request, call, route)
            self._read_body(call, route, raw)
            return route.handler(call)
        except Refused as refused:
            return refused.answer
        except Exception as error:  # a bug of the lab must be seen as such, not as the product's fault
            self.journal.problem(call.entry, f"the lab failed: {type(error).__name__}")
            return problem_details(500, "The lab failed; see its problems.")

    @staticmethod
    def _check_headers(request: web.BaseRequest, call: Call) -> None:
        parts = [part.strip().lower() for part in request.headers.get(hdrs.CONTENT_TYPE, "").split(";")]
        if parts[0] != "application/json" or "api-version=1.0" not in parts[1:]:
            raise call.refuse_unmodeled("Content-Type is not application/json; api-version=1.0", status=415)

    @staticmethod
    def _check_route(request: web.BaseRequest, call: Call, route: Route | None) -> None:
        if route is None:
            if methods_of(request.path):
                raise call.refuse_unmodeled(f"{request.method} on {request.path}", status=405)
            raise call.refuse_unmodeled(f"the path {request.path} is not modeled", status=404)
        if not route.served(call.farm):
            bare = call.farm.quirks.missing_path == "bare"
            raise Refused(Answer(404, content_type=None) if bare else problem_details(404))

    def _authenticate(self, request: web.BaseRequest, call: Call, route: Route) -> None:
        token = request.headers.get("auth_token", "")
        session = call.farm.sessions.find(token, call.host.name, call.farm.quirks.session_idle_seconds)
        if session is None:
            raise Refused(problem_details(401, "The authentication token is missing or no longer valid."))
        self._remember(call, session)
        rights = session.admin.rights
        if (rights == "no_license" and call.entry.op in ("license", "activate", "deactivate")) or (
            rights == "read_only" and route.needs == "write"
        ):
            raise Refused(problem_details(403, "The administrator has no permission for this operation."))

    @staticmethod
    def _remember(call: Call, session: Session) -> None:
        call.session = session
        call.entry.session = session.short
        call.entry.admin = call.journal.scrub(session.admin.username)

    @staticmethod
    def _read_query(request: web.BaseRequest, call: Call, route: Route) -> None:
        call.query = {name.lower(): value for name, value in request.query.items()}
        if unknown := sorted(set(call.query) - route.query):
            raise call.refuse_unmodeled(f"unknown query parameter {', '.join(unknown)}")

    @staticmethod
    def _read_body(call: Call, route: Route, raw: bytes) -> None:
        if not raw.strip():
            if route.body:
                raise call.refuse_unmodeled("a JSON body is needed")
            return
        if route.method == "GET":
            raise call.refuse_unmodeled("a GET with a body")
        try:
            body = json.loads(raw)
        except ValueError:
            raise call.refuse_unmodeled("the body is no JSON") from None
        if not isinstance(body, dict):
            raise call.refuse_unmodeled("the body is no JSON object")
        if unknown := sorted(set(body) - route.body):
            raise call.refuse_unmodeled(f"unknown body field {', '.join(unknown)}")
        call.body = body

    def _over_limit(self, farm: Farm, host: RasHost) -> Answer | None:
        limit = farm.quirks.rate_limit
        if limit is None:
            return None
        window = self._windows.setdefault(host.address, _Window())
        now = time.monotonic()
        if now - window.start >= limit.window:
            window.start, window.count = now, 0
        window.count += 1
        if window.count <= limit.requests:
            return None
        left = max(1, round(window.start + limit.window - now))
        return Answer(limit.status, content_type=None, headers={"Retry-After": str(left)} if limit.retry_after else {})

    async def _finish(self, entry: Entry, answer: Answer, verdict: Verdict, farm: Farm) -> web.StreamResponse:
        self.journal.end(entry, answer.status)
        for fault in verdict.model:
            if fault.kind == "add_text" and answer.body is not None:
                answer.body = add_to_json(answer.body, fault)
        response = wire.response(answer)
        if verdict.hosts_changed:
            # the answer itself still goes out; whoever has read it meets the changed listener
            response.force_close()
            await self.on_hosts_changed(farm)
        return response

    def _followed_redirect(self, request: web.BaseRequest) -> web.StreamResponse:
        entry = self.journal.begin("_elsewhere", "elsewhere", request.method, request.path, "unknown")
        self.journal.problem(entry, "a redirect was followed")
        self.journal.end(entry, 400)
        return wire.response(business_failure("Nobody should come here."))
