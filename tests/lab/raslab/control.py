# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: reads the lab's truth and memory, and changes the world while a run goes on. Loopback only."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from raslab.changes import patch_account, patch_farm
from raslab.farm import Farm, open_sessions
from raslab.journal import Entry, OPEN
from raslab.lab import RunningLab
from raslab.reading import WorldError
from raslab.views import accounts_view, farm_view
from raslab.windows.views import patch_windows, windows_view

CONTROL_PORT = 20080
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """The handlers of the control API."""

    def __init__(self, lab: RunningLab) -> None:
        self._lab = lab

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._explain_errors])
        app.add_routes(
            [
                web.get("/state", self._state),
                web.get("/journal", self._journal),
                web.get("/journal/wait", self._wait),
                web.post("/journal/clear", self._clear_journal),
                web.get("/attempts", self._attempts),
                web.get("/sessions", self._sessions),
                web.get("/problems", self._problems),
                web.get("/farms/{name}", self._get_farm),
                web.patch("/farms/{name}", self._patch_farm),
                web.patch("/farms/{name}/hosts/{host}/windows", self._patch_windows),
                web.post("/farms/{name}/faults", self._add_fault),
                web.delete("/farms/{name}/faults", self._clear_faults),
                web.delete("/faults", self._clear_all_faults),
                web.patch("/accounts/{email}", self._patch_account),
            ]
        )
        return app

    @staticmethod
    @web.middleware
    async def _explain_errors(request: web.Request, handler: _Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except WorldError as error:
            return web.json_response({"error": str(error)}, status=400)
        except KeyError as error:
            return web.json_response({"error": f"{error.args[0]} is not there"}, status=404)
        except json.JSONDecodeError:
            return web.json_response({"error": "the body is no JSON"}, status=400)

    def _farm(self, request: web.Request) -> Farm:
        return self._lab.farms[request.match_info["name"]]

    async def _state(self, _request: web.Request) -> web.Response:
        farms = {name: farm_view(self._lab, farm) for name, farm in self._lab.farms.items()}
        return web.json_response({"accounts": accounts_view(self._lab), "farms": farms})

    async def _journal(self, request: web.Request) -> web.Response:
        farm, op = request.query.get("farm"), request.query.get("op")
        entries = [
            entry.as_dict()
            for entry in self._lab.journal.entries
            if farm in (None, entry.farm) and op in (None, entry.op)
        ]
        return web.json_response(entries)

    async def _wait(self, request: web.Request) -> web.Response:
        """Answers as soon as an entry is there that has ended, so that nobody needs to ask again and again."""
        query = request.query
        wanted = {"farm": query.get("farm"), "op": query.get("op"), "status": query.get("status")}

        def found() -> Entry | None:
            for entry in self._lab.journal.entries:
                shown = {"farm": entry.farm, "op": entry.op, "status": str(entry.status)}
                fits = all(value in (None, shown[name]) for name, value in wanted.items())
                if fits and entry.status != OPEN:
                    return entry
            return None

        entry = await self._lab.journal.wait_until(found, float(query.get("seconds", "30")))
        if entry is None:
            raise WorldError(f"no such entry in time: {wanted}")
        return web.json_response(entry.as_dict())

    async def _clear_journal(self, _request: web.Request) -> web.Response:
        self._lab.journal.clear()
        self._lab.account.attempts.clear()
        return web.json_response({})

    async def _attempts(self, _request: web.Request) -> web.Response:
        return web.json_response([attempt.as_dict() for attempt in self._lab.account.attempts])

    async def _sessions(self, _request: web.Request) -> web.Response:
        return web.json_response(open_sessions(self._lab.world.farms))

    async def _problems(self, _request: web.Request) -> web.Response:
        return web.json_response(self._lab.journal.problems)

    async def _get_farm(self, request: web.Request) -> web.Response:
        return web.json_response(farm_view(self._lab, self._farm(request)))

    async def _patch_farm(self, request: web.Request) -> web.Response:
        farm = self._farm(request)
        patch_farm(self._lab, farm, await request.json())
        return web.json_response(farm_view(self._lab, farm))

    async def _patch_windows(self, request: web.Request) -> web.Response:
        machine = self._lab.machines[request.match_info["host"]]
        await patch_windows(machine, await request.json(), f"host {machine.host.name}")
        return web.json_response(windows_view(machine))

    async def _add_fault(self, request: web.Request) -> web.Response:
        farm = self._farm(request)
        fault = self._lab.add_fault(farm, await request.json())
        await self._lab.sync_hosts(farm)
        return web.json_response({"id": fault.id})

    async def _clear_faults(self, request: web.Request) -> web.Response:
        farm = self._farm(request)
        farm.faults.clear()
        await self._lab.sync_hosts(farm)
        return web.json_response({})

    async def _clear_all_faults(self, _request: web.Request) -> web.Response:
        for farm in self._lab.farms.values():
            farm.faults.clear()
            await self._lab.sync_hosts(farm)
        return web.json_response({})

    async def _patch_account(self, request: web.Request) -> web.Response:
        person = self._lab.account.person(request.match_info["email"])
        if person is None:
            raise KeyError(request.match_info["email"])
        patch_account(self._lab, person, await request.json())
        return web.json_response({"email": person.email, "locked": person.locked, "failures": person.failures})
