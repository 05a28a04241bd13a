# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""HTTPS to one farm: one kept connection, a total deadline for each request, careful repetition of reads.

Two questions decide what a failure means, and this file answers both: *was anything sent?* and *is there an answer?*
Environment proxies are ignored: the controller's proxy is for the internet, farms are inside.
"""

from __future__ import annotations

import random
import socket
import time
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.bounds import Budget, decode
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_errors import (
    alert_remedy,
    is_trust,
    not_connected,
    untrusted,
    why,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import (
    DeadlineSocket,
    describe_certificate,
    ssl_context,
    TlsSettings,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import is_turned_away
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

try:
    import urllib3
    import urllib3.connection
    import urllib3.exceptions as u3
except ImportError:  # pragma: no cover - reported with a sentence by the caller
    HAS_URLLIB3 = False
    _BaseConnection: t.Any = object
else:
    HAS_URLLIB3 = True
    _BaseConnection = urllib3.connection.HTTPSConnection

READ_ATTEMPTS: t.Final = 3
# A rate limit ends by itself; these attempts outlast the documented window of 10 s (RAS REST API guide v21, settings).
LIMITED_ATTEMPTS: t.Final = 6
WAITED_FOR: t.Final = frozenset({429, 502, 503, 504})
_BODILESS: t.Final = frozenset({204, 304})
_CHUNK: t.Final = 65536
_BACKOFF_SECONDS: t.Final = 0.5
# What is kept of the time for the last attempt after a rate limit.
_LAST_ATTEMPT_SECONDS: t.Final = 1.0


class Lost(Exception):
    """A request that was or may have been sent has no usable answer."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes
    retry_after: float | None
    location: str | None

    @property
    def is_turned_away(self) -> bool:
        """Whether a rate limit, or a gateway without a service behind it, refused to look at the request."""
        return is_turned_away(self.status, self.body)

    @property
    def is_json(self) -> bool:
        """Whether the body is declared to be JSON."""
        return "json" in self.content_type.casefold()

    def json(self, budget: Budget | None = None) -> t.Any:
        """The decoded body; None when it is empty.

        :param budget: see :func:`decode`.
        :raises ValueError: when it is not JSON, declared to be something else, or out of bounds.
        """
        if not self.body.strip():
            return None
        if not self.is_json:
            raise ValueError(f"content type '{quote(self.content_type) or 'none'}'")
        return decode(self.body, budget)


class _Budget:
    """The time and the fate of the request under way; shared by client, connection and socket."""

    def __init__(self) -> None:
        self.ends_at = 0.0
        self.connected = False
        self.sent = False

    @property
    def left(self) -> float:
        return self.ends_at - time.monotonic()


class _Connection(_BaseConnection):  # type: ignore[misc]
    """An HTTPS connection that notes when a request begins to leave, and holds its socket to the deadline."""

    def __init__(self, *args: t.Any, budget: _Budget, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self._budget = budget

    def _new_conn(self) -> t.Any:
        opened = super()._new_conn()
        self._budget.connected = True
        return opened

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, DeadlineSocket):
            self.sock.budget = self._budget
        # The user has chosen how the certificate is judged; urllib3 would warn of it on stderr at each request.
        self.is_verified = True

    def putrequest(self, *args: t.Any, **kwargs: t.Any) -> None:
        self._budget.sent = True
        super().putrequest(*args, **kwargs)


class HttpClient:
    """A client for one farm.

    :param url: ``https://host[:port][/prefix]``.
    :param timeout: seconds in which a request ends, with all its repetitions.
    :raises RasError: ``invalid_option``.
    :ivar deadline: the moment (monotonic seconds) at which every request ends, however long its own time-out is; None
        for none.
    """

    deadline: float | None = None

    def __init__(self, url: str, tls: TlsSettings, *, timeout: float, proxy: str | None = None) -> None:
        if not HAS_URLLIB3:
            raise RasError(
                "invalid_option",
                "The Python library urllib3 is missing on the controller.",
                remedy="Install urllib3 (pywinrm brings it).",
            )
        parsed = _parse_url(url)
        self.url = url.rstrip("/")
        self.host, self.port = parsed.host.strip("[]"), parsed.port or 443
        self._prefix = (parsed.path or "").rstrip("/")
        self._timeout = timeout
        self._tls = tls
        self._proxy = proxy
        self._budget = _Budget()
        # The pool verifies what the context verifies; with a pinned certificate the pin is the whole check.
        options: dict[str, t.Any] = {
            "ssl_context": ssl_context(tls),
            "assert_fingerprint": tls.fingerprint,
            "maxsize": 1,
            "retries": False,
        }
        if tls.fingerprint or not tls.validate:
            options.update(cert_reqs="CERT_NONE", assert_hostname=False)
        self._pool_options = options
        self._pool = self._new_pool(parsed.host)

    def _new_pool(self, host: str) -> t.Any:
        if self._proxy:
            manager = urllib3.ProxyManager(self._proxy, **self._pool_options)
            pool = manager.connection_from_host(host, self.port, "https")
        else:
            pool = urllib3.HTTPSConnectionPool(host, self.port, **self._pool_options)
        pool.ConnectionCls = _Connection
        pool.conn_kw["budget"] = self._budget
        return pool

    def close(self) -> None:
        """Close the connection. The client can be used again: the next request opens another."""
        self._pool.close()
        # urllib3 never reopens a closed pool, and after a lost answer a fresh session follows.
        self._pool = self._new_pool(self._pool.host)

    def probe(self) -> None:
        """Open and close a TCP connection: whether anything listens at all.

        :raises RasError: ``api_unreachable``.
        """
        if self._proxy:
            return
        self._start()
        self._repeat(self._probe_once)

    def read(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        *,
        body: bytes | None = None,
        limit: int,
        once_sent: bool = False,
        limited_by: t.Container[int] = (429,),
    ) -> Answer:
        """Send a request that may be repeated: after a failure of the connection, and on 429, 502, 503 and 504.

        What a rate limit turns away is repeated until its window must have ended.

        :param limit: the largest body accepted, in bytes.
        :param once_sent: repeat only while nothing was sent, or on a rate limit that says no more than that.
        :param limited_by: the statuses that are taken for a rate limit's where a request is sent once.
        :raises RasError: ``api_unreachable``, ``tls_untrusted``, ``bad_answer``, ``rate_limited``.
        """
        self._start()
        try:
            answer = self._repeat(
                lambda: self._exchange(method, path, headers, body, limit),
                repeat_lost=not once_sent,
                repeat_on=lambda answer: (
                    answer.is_turned_away and answer.status in limited_by if once_sent else answer.status in WAITED_FOR
                ),
            )
        except Lost as exc:
            message = f"The farm's API at {self.url} did not answer: {exc}."
            remedy = alert_remedy(exc.__cause__)
            raise RasError("api_unreachable", message, remedy=remedy, observed={"url": self.url}) from exc
        if _is_limited(answer) or (answer.status == 429 and not once_sent):
            raise self._limited()
        return answer

    def write(self, method: str, path: str, headers: dict[str, str], *, body: bytes, limit: int) -> Answer:
        """Send a request once. Repeated only while nothing was sent, or on a 429 that says no more than that.

        A 503 may be the answer of something that has passed the request on: it is an answer.

        :raises Lost: when it may have been sent and there is no answer.
        :raises RasError: as :meth:`read`.
        """
        self._start()
        try:
            answer = self._repeat(
                lambda: self._exchange(method, path, headers, body, limit),
                repeat_lost=False,
                repeat_on=_is_limited,
            )
        except RasError as exc:
            if exc.code == "bad_answer":
                # Too large to be read: the write may have taken effect all the same.
                raise Lost("it is too large to be one of the RAS API") from exc
            raise
        if _is_limited(answer):
            raise self._limited()
        return answer

    def _limited(self) -> RasError:
        return RasError(
            "rate_limited",
            f"The farm's API at {self.url} refuses more requests for now (HTTP 429) within {self._timeout:g} s.",
        )

    def _start(self) -> None:
        ends_at = time.monotonic() + self._timeout
        self._budget.ends_at = ends_at if self.deadline is None else min(ends_at, self.deadline)

    def _repeat(
        self,
        attempt: t.Callable[[], Answer],
        *,
        repeat_lost: bool = False,
        repeat_on: t.Callable[[Answer], bool] = lambda answer: False,
    ) -> Answer:
        for number in range(1, LIMITED_ATTEMPTS + 1):
            last = number >= READ_ATTEMPTS
            wait = _BACKOFF_SECONDS * 2 ** (number - 1) * random.uniform(0.75, 1.25)
            try:
                answer = attempt()
            except Lost:
                if last or not repeat_lost or wait >= self._budget.left:
                    raise
            except RasError as exc:
                if last or exc.code != "api_unreachable" or wait >= self._budget.left:
                    raise
            else:
                limit = LIMITED_ATTEMPTS if answer.status in (429, 503) else READ_ATTEMPTS
                if number >= limit or not repeat_on(answer):
                    return answer
                wait = max(wait, answer.retry_after or 0.0)
                if wait >= self._budget.left:
                    # The window may end before the time does: the last attempt is made as late as it can be.
                    wait = self._budget.left - _LAST_ATTEMPT_SECONDS
                    if limit == READ_ATTEMPTS or wait < max(_BACKOFF_SECONDS, answer.retry_after or 0.0):
                        return answer
            time.sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _probe_once(self) -> Answer:
        self._budget.connected = False
        try:
            socket.create_connection((self.host, self.port), max(self._budget.left, 0.001)).close()
        except OSError as exc:
            raise self._unreachable(exc) from exc
        return Answer(0, "", b"", None, None)

    def _exchange(self, method: str, path: str, headers: dict[str, str], body: bytes | None, limit: int) -> Answer:
        budget = self._budget
        budget.sent = budget.connected = False
        if budget.left <= 0:
            raise self._unreachable(f"no answer within {self._timeout:g} s")
        try:
            response = self._pool.request(
                method,
                self._prefix + path,
                body=body,
                headers=headers,
                retries=False,
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=budget.left, read=budget.left),
            )
            try:
                return self._receive(response, limit)
            finally:
                response.release_conn()
        except (u3.HTTPError, OSError, ValueError) as exc:
            if budget.sent:
                raise Lost(why(exc, self._timeout)) from exc
            if is_trust(exc):
                raise self._untrusted(exc) from exc
            raise self._unreachable(exc) from exc

    def _receive(self, response: t.Any, limit: int) -> Answer:
        parts: list[bytes] = []
        size = 0
        while chunk := response.read(_CHUNK, decode_content=False):
            size += len(chunk)
            if size > limit:
                response.close()
                raise RasError(
                    "bad_answer",
                    f"The answer of {self.url} is too large: expected at most {limit} bytes.",
                    observed={"status": response.status},
                )
            parts.append(chunk)
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and size < int(length):  # urllib3 1.26 does not check
            raise Lost(f"the answer broke off after {size} of {length} bytes")
        if not size and not length and "Transfer-Encoding" not in response.headers and response.status not in _BODILESS:
            # http.client takes the end of the connection for the end of the headers: a cut answer looks empty.
            raise Lost("the answer broke off in its headers")
        wait = response.headers.get("Retry-After", "").strip()
        return Answer(
            status=response.status,
            content_type=response.headers.get("Content-Type", ""),
            body=b"".join(parts),
            retry_after=float(wait) if wait.isascii() and wait.isdecimal() else None,
            location=response.headers.get("Location"),
        )

    def _unreachable(self, cause: t.Any) -> NotSent:
        return not_connected(self.url, cause, self._timeout, opened=self._budget.connected)

    def _untrusted(self, cause: Exception) -> NotSent:
        seen = {} if self._proxy else describe_certificate(self.host, self.port, max(min(self._budget.left, 10.0), 1.0))
        expected = (
            f"the pinned sha256 {self._tls.fingerprint}"
            if self._tls.fingerprint
            else f"one that {self._tls.ca_path or 'the system'} vouches for"
        )
        return untrusted(self.url, cause, expected, seen)


def _parse_url(url: str) -> t.Any:
    expected = "expected https://host[:port]"
    if url.count(":") > 2 and "[" not in url:
        expected += ", an IPv6 address in brackets"
    try:
        parsed = urllib3.util.parse_url(url.strip())
    except u3.LocationParseError as exc:
        shown = "a URL with '@'" if "@" in url else f"'{quote(url)}'"
        raise RasError("invalid_option", f"api_url is not a URL: {expected}, observed {shown}.") from exc
    if parsed.auth:  # asked first: the other refusals show the URL
        raise RasError(
            "invalid_option", f"api_url must not hold a user or password: {expected}, observed a URL with '@'."
        )
    if parsed.scheme != "https" or not parsed.host or parsed.query or parsed.fragment:
        raise RasError("invalid_option", f"api_url cannot be used: {expected}, observed '{quote(url)}'.")
    return parsed


def _is_limited(answer: Answer) -> bool:
    """Whether a rate limit, and nothing else, refused to look at a request."""
    return answer.status == 429 and answer.is_turned_away
