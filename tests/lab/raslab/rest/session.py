# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log-on and log-off of RAS administrators."""

from __future__ import annotations

from raslab.rest.call import Answer, Call, problem_details, Refused
from raslab.rest.wire import status_answer
from raslab.sessions import Session

_LONGEST_USERNAME = 255


def logon(call: Call) -> Answer:
    """``POST /api/Session/logon``. A ``DOMAIN\\user`` name is refused like a wrong one, as on the product."""
    username, password = call.body.get("username"), call.body.get("password")
    if not isinstance(username, str) or not 1 <= len(username) <= _LONGEST_USERNAME or not isinstance(password, str):
        raise call.refuse_unmodeled("username (1 to 255 characters) and password are needed")
    call.entry.admin = call.journal.scrub(username)
    if call.query.get("localauth", "false").lower() != "false":
        raise call.refuse_unmodeled("localAuth is not modeled")
    admin = call.farm.admin(username)
    if "\\" in username or admin is None or admin.password != password:
        fault = call.verdict.find("refused_as")
        if fault:
            call.entry.fault = fault.kind
        raise Refused(status_answer(fault) if fault else problem_details(401, "Invalid username or password."))
    session = call.farm.sessions.open(admin, call.host.name)
    call.session = session
    call.entry.session = session.short
    call.entry.effect = "logon"
    if call.farm.quirks.logon_answer == "token_only":
        return Answer.of(200, {"authToken": session.token})
    return Answer.of(200, _session_object(call, session))


def logoff(call: Call) -> Answer:
    """``POST /api/Session/logoff``; the guide's sample shows 200."""
    assert call.session is not None
    call.farm.sessions.close(call.session)
    call.entry.effect = "logoff"
    return Answer(200, content_type=None)


def _session_object(call: Call, session: Session) -> dict[str, object]:
    farm, quirks = call.farm, call.farm.quirks
    shown: dict[str, object] = {
        "authToken": session.token,
        "localAuth": False,
        "userId": session.number,
        "applySettingsEnabled": farm.settings_pending,
        "connectedSiteId": farm.site(call.host.site).id,
        "settingsId": 1,
        "sessionId": session.number,
        "connectedServer": call.host.name,
        "domain": session.admin.username.partition("@")[2],
        "farmName": farm.name,
        "farmGUID": farm.guid,
    }
    if quirks.licensing_server_fields == "present":
        here = farm.is_licensing_server(call.host)
        shown["licensingServer"] = farm.licensing_server.name
        shown["primaryBrokerConnection"] = call.host.priority == 0
        shown["licensingServerConnection"] = here
    if quirks.unknown_fields:
        shown["sessionFeatureFlags"] = ["preview"]
    return shown
