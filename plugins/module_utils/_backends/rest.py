# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The REST back end: the API of the RAS Web Administration Service (RAS 17-21), spoken from the controller.

Paths, headers and the two error shapes: RAS REST API guide v17-v21. What the guide leaves open is met by accepting
every variant: 200 or 204 after a write, any of the names that the list of brokers had. That a farm was never activated
leads to a write, so it must be said as documented.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import (
    Backend,
    LogonGuard,
    unguarded,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.bounds import (
    Budget,
    LIST_BYTES,
    LIST_MEMORY,
    OBJECT_BYTES,
    TOKEN_CHARACTERS,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.fields import (
    brokers_of,
    farm_of,
    refusal_of,
    sites_of,
    words_of,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import (
    Answer,
    HttpClient,
    Lost,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest_answers import (
    is_missing,
    limit_hint,
    require_success,
    was_ignored,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import (
    NeverActivated,
    says_rest,
    UNPROVEN,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# The version of the API is negotiated in this header, on GET too (RAS REST API guide, samples).
CONTENT_TYPE: t.Final = "application/json; api-version=1.0"
# The guide knows 400 only. The others are how services of its kind refuse what they have understood.
_REFUSALS: t.Final = frozenset({400, 402, 409, 422, 423, 429})
# Newest first. Reported for v21.2; documented in the guide v20; for 17 and 18 inferred from the names of the cmdlets.
_BROKER_PATHS: t.Final = ("/api/ConnectionBroker", "/api/Broker", "/api/PA")
# Failures to read the version after which a farm is as readable as before.
_NO_VERSION: t.Final = frozenset({"bad_answer", "api_forbidden"})


class RestBackend(Backend):
    """A session over HTTPS.

    :param username: the RAS administrator, best as user@domain.
    :param guard: asked before each logon.
    :param on_secret: gets the session's token, so that it is kept out of results.
    """

    name = "rest"

    def __init__(
        self,
        client: HttpClient,
        username: str,
        password: str,
        guard: LogonGuard = unguarded,
        on_secret: t.Callable[[str], None] = lambda secret: None,
    ) -> None:
        super().__init__()
        self._client = client
        self._on_secret = on_secret
        self._username = username
        self._password = password
        self._guard = guard
        self._token: str | None = None
        self._connected: str | None = None
        # Empty until the version was read; what was read may be None.
        self._version: list[str | None] = []
        self._asks_version = True

    def end_by(self, moment: float) -> None:
        """Let no request go on after this moment (monotonic seconds), however long its own time-out is."""
        self._client.deadline = moment

    # -- session ---------------------------------------------------------------------------------------------------

    def open(self) -> Farm:
        """Log on.

        :raises RasError: ``api_credentials_rejected``, ``api_forbidden``, ``rest_disabled``, ``not_tried``,
            ``bad_answer``, ``product_too_old`` or one of the connection.
        """
        body = _encode({"username": self._username, "password": self._password})
        with self._guard(self._client.url, self._username, self._client.probe) as permit:
            # A logon that may have reached the farm is not repeated: a wrong password would count twice.
            answer, again = None, False
            try:
                answer = self._send_logon(body)
                if answer.status == 503 and answer.is_turned_away:
                    # A rate limit's, or a gateway's that has passed the logon on. What holds no password waits until
                    # the API answers again; then the logon is sent once more, and counts whatever is said to it.
                    seen = self._client.read("GET", "/api/WebService/version", self._headers(), limit=OBJECT_BYTES)
                    if seen.status != 503:
                        answer, again = self._send_logon(body), True
                session = self._logon_answer(answer)
            except RasError as exc:
                if exc.code == "api_credentials_rejected":
                    permit.rejected()
                elif again or (not isinstance(exc, NotSent) and not was_ignored(exc, answer)):
                    permit.unclear()
                raise
            permit.accepted()
        self._token = session["authToken"]
        self._on_secret(session["authToken"])
        farm = farm_of(session)
        self._connected = farm.connected_server
        # An answer with the token alone is that of 17 to 19 (every page of their guides): which one decides the rest.
        if farm == Farm() and self._asks_version:
            self._learn_version()
        return farm

    def _learn_version(self) -> None:
        """Ask which version this is, once: a session that ends meanwhile is opened without asking again."""
        self._asks_version = False
        try:
            self.service_version()
        except RasError as exc:
            if exc.code not in _NO_VERSION:
                raise
            self.note_version(None)

    def _send_logon(self, body: bytes) -> Answer:
        return self._client.read(
            "POST", "/api/Session/logon", self._headers(), body=body, limit=OBJECT_BYTES, once_sent=True
        )

    def _logon_answer(self, answer: Answer) -> dict[str, t.Any]:
        url = self._client.url
        if answer.status in (400, 401):
            hint = (
                " RAS knows user@domain; a DOMAIN\\user name is known to be refused." if "\\" in self._username else ""
            )
            raise RasError(
                "api_credentials_rejected",
                f"The farm at {url} rejected the RAS administrator {self._username}: {words_of(answer)}.{hint}",
                observed={"status": answer.status},
            )
        if answer.status == 404:
            raise RasError(
                "rest_disabled",
                f"No REST API answers at {url}: the logon path is not found (HTTP 404).",
                observed={"status": 404},
            )
        self._check(answer, "log on")
        session = self._json(answer, "log on")
        if not isinstance(session, dict) or not isinstance(session.get("authToken"), str) or not session["authToken"]:
            raise RasError(
                "bad_answer",
                f"The answer to the logon at {url} holds no authToken.",
                observed={"status": answer.status},
            )
        token = session["authToken"]
        if not token.isprintable() or not token.isascii() or len(token) > TOKEN_CHARACTERS:
            raise RasError(
                "bad_answer",
                f"The authToken of {url} cannot be a header value: expected at most {TOKEN_CHARACTERS} printable "
                f"characters of ASCII, observed {len(token)} characters.",
            )
        return session

    def close(self) -> str | None:
        """Log off if logged on; the text of a failure is returned."""
        try:
            if self._token is None:
                return None
            # A second logoff does no harm, if it was a gateway that answered 503 after the first.
            how: t.Any = {"body": b"", "limit": OBJECT_BYTES, "once_sent": True, "limited_by": (429, 503)}
            answer = self._client.read("POST", "/api/Session/logoff", self._headers(), **how)
            if answer.status == 401:
                return None  # the session is gone already, which is what was wanted
            if answer.status >= 300:
                return f"the logoff was answered with HTTP {answer.status}"
            if answer.body.strip() and not answer.is_json:
                return f"the logoff was answered by something that is not a RAS API (HTTP {answer.status})"
            return None
        except RasError as exc:
            return exc.message
        finally:
            self._token = None
            self._client.close()

    # -- reads -----------------------------------------------------------------------------------------------------

    def read_license(self) -> t.Any:
        """``GET /api/License``."""
        answer = self._get("/api/License", limit=OBJECT_BYTES)
        if answer.status != 404:
            self._check(answer, "read the license")
        body = self._json(answer, "read the license")
        if says_rest(answer.status, answer.content_type, body):
            return NeverActivated.SAID
        if answer.status == 404 or body is None:
            raise RasError(
                "bad_answer",
                f"{self._client.url} answered the request to read the license with HTTP {answer.status}: "
                f"{words_of(answer)}. Expected a License object, or the 404 with which RAS says that there is none "
                "(a ProblemDetails of the media type application/json; api-version=1.0).",
                remedy=UNPROVEN,
                observed={"status": answer.status, "content_type": quote(answer.content_type)},
            )
        return body

    def sites(self) -> list[Site]:
        """``GET /api/Site``."""
        return sites_of(self._list("/api/Site"))

    def brokers(self) -> list[Broker] | None:
        """``GET`` of the first path that the farm has: the resource was renamed twice."""
        for path in _BROKER_PATHS:
            answer = self._get(path, limit=OBJECT_BYTES)
            if not is_missing(answer, path):
                return brokers_of(self._rows(answer, path), self._connected)
        self.note_unknown_brokers(f"not found at {', '.join(_BROKER_PATHS)}")
        return None

    def agents(self, sites: t.Sequence[Site] | None = None) -> list[dict[str, t.Any]]:
        """``GET /api/Agent`` of all sites (RAS REST API guide, Agents).

        What a list without ``siteId`` holds is not documented: sites that it leaves out are asked for one by one.

        :param sites: the sites of the farm, where they were read already; asked for when not given.
        """
        budget = Budget(LIST_MEMORY)
        rows = self.listed_agents(budget)
        listed = {str(row["siteId"]) for row in rows if row.get("siteId") is not None}
        if rows and not listed:
            return rows  # nothing says which sites these are of
        for site in self.sites() if sites is None else sites:
            if str(site.id) not in listed:
                rows += self._list(f"/api/Agent?siteId={site.id}", budget, LIST_BYTES)
        return rows

    def listed_agents(self, budget: Budget | None = None) -> list[dict[str, t.Any]]:
        """``GET /api/Agent`` once: what the farm lists without being asked for a site, which may be not all of them."""
        return self._list("/api/Agent", budget or Budget(LIST_MEMORY), LIST_BYTES)

    def service_version(self) -> str | None:
        """``GET /api/WebService/version``: a string or an object with one; None where the path does not exist."""
        if not self._version:
            self._version.append(self._read_version())
            self.note_version(self._version[0])
        return self._version[0]

    def _read_version(self) -> str | None:
        answer = self._get("/api/WebService/version", limit=OBJECT_BYTES)
        if answer.status == 404:
            return None
        self._check(answer, "read the version")
        value = self._json(answer, "read the version")
        if isinstance(value, dict):
            value = next((value[name] for name in ("version", "Version", "productVersion") if name in value), None)
        return text(value)

    # -- writes ----------------------------------------------------------------------------------------------------

    def activate(self, email: str, password: str, key: str | None) -> None:
        """``POST /api/License/activate``; no key means a trial (by analogy with the cmdlet, inferred)."""
        body = {"email": email, "password": password}
        if key is not None:
            body["key"] = key
        self._write_license("/api/License/activate", body, "activate the farm")

    def deactivate(self, email: str, password: str) -> None:
        """``POST /api/License/deactivate``: it needs the account that holds the activation."""
        body = {"email": email, "password": password}
        self._write_license("/api/License/deactivate", body, "deactivate the farm")

    def apply_settings(self) -> None:
        """``POST /api/Settings/apply``: commits what every administrator has staged."""
        self._write("/api/Settings/apply", None, "apply the settings")

    def _write_license(self, path: str, body: dict[str, str], what: str) -> None:
        """A write that the vendor decides on: what success looks like is not documented, so only silence passes for it.

        :raises WriteOutcomeUnknown: also for a success that says something, for that may be a refusal.
        """
        answer = self._write(path, body, what)
        if answer.body.strip():
            raise WriteOutcomeUnknown(
                f"The request to {what} was answered with HTTP {answer.status} and a text that is not documented: "
                f"{words_of(answer)}.",
                observed={"status": answer.status},
            )

    def _write(self, path: str, body: dict[str, str] | None, what: str) -> Answer:
        try:
            answer = self._client.write(
                "POST", path, self._headers(), body=b"" if body is None else _encode(body), limit=OBJECT_BYTES
            )
        except Lost as exc:
            raise WriteOutcomeUnknown(
                f"The request to {what} was sent once to {self._client.url} and its answer was lost: {exc}."
            ) from exc
        if answer.status in (200, 201, 202, 204):
            if answer.body.strip() and not answer.is_json:
                raise WriteOutcomeUnknown(
                    f"The request to {what} was answered with HTTP {answer.status}, but by something that is not a RAS "
                    f"API (content type {quote(answer.content_type) or 'none'})."
                )
            return answer
        if answer.status in _REFUSALS:
            raise refusal_of(answer, what)
        if answer.status >= 500:
            # A server that failed on a write may have done it first.
            raise WriteOutcomeUnknown(
                f"The request to {what} was answered with HTTP {answer.status}: {words_of(answer)}."
                + limit_hint(answer),
                observed={"status": answer.status},
            )
        self._check(answer, what)
        return answer

    # -- plumbing --------------------------------------------------------------------------------------------------

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": CONTENT_TYPE, "Accept": "application/json", "User-Agent": "fleetops.parallels_ras"}
        if self._token is not None:
            headers["auth_token"] = self._token
        return headers

    def _get(self, path: str, *, limit: int) -> Answer:
        answer = self._client.read("GET", path, self._headers(), limit=limit)
        if answer.status == 401:
            # The session may have expired while a wave waited. One new logon; a second 401 is an answer.
            self._token = None
            self.open()
            answer = self._client.read("GET", path, self._headers(), limit=limit)
        return answer

    def _list(self, path: str, budget: Budget | None = None, limit: int = OBJECT_BYTES) -> list[dict[str, t.Any]]:
        return self._rows(self._get(path, limit=limit), path, budget)

    def _rows(self, answer: Answer, path: str, budget: Budget | None = None) -> list[dict[str, t.Any]]:
        self._check(answer, f"read {path}")
        rows = self._json(answer, f"read {path}", budget)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RasError(
                "bad_answer", f"The answer of {self._client.url}{path} must be a list of objects, but it is not."
            )
        return rows

    def _json(self, answer: Answer, what: str, budget: Budget | None = None) -> t.Any:
        try:
            value = answer.json(budget)
            if budget and isinstance(value, list):
                budget.take_rows(len(value))
            return value
        except ValueError as exc:
            raise RasError(
                "bad_answer",
                f"The answer of {self._client.url} to the request to {what} cannot be read as JSON ({quote(exc)}).",
                observed={"status": answer.status, "content_type": quote(answer.content_type)},
            ) from exc

    def _check(self, answer: Answer, what: str) -> None:
        require_success(answer, what, self._client.url, self._username)


def _encode(body: dict[str, str]) -> bytes:
    return json.dumps(body).encode("ascii")
