# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTPS against a real server: what was sent, what came back, and what is repeated."""

from __future__ import annotations

import contextlib
import socket
import time
import types

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends import http_client
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import (
    HttpClient,
    LIMITED_ATTEMPTS,
    Lost,
    READ_ATTEMPTS,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import TlsSettings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.http_client import (
    code,
    ENDLESS,
    HEADERS,
    make_client,
    Naps,
    NO_ANSWER,
    OK,
    read,
    write,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import (
    answer,
    guarded,
    hang_up,
    holding,
    TlsServer,
)


def test_an_answer_and_the_request_as_it_was_sent(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        got = write(make_client(server, certificate))
    assert (got.status, got.json(), got.content_type) == (200, {"a": 1}, "application/json; api-version=1.0")
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/api/License/activate", b'{"k": 1}')
    assert {name: request.headers[name.casefold()] for name in HEADERS} == HEADERS


def test_a_prefix_in_the_url_is_kept(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        client = HttpClient(server.url + "/ras/", TlsSettings(ca_path=str(certificate.authority)), timeout=20)
        read(client)
    assert server.requests[0].path == "/ras/api/License"


def test_one_connection_is_kept_for_all_requests(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        client = make_client(server, certificate)
        for _number in range(3):
            read(client)
        client.close()
    assert (len(server.requests), server.connections) == (3, 1)


def test_a_connection_that_the_server_closed_meanwhile_is_no_lost_write(certificate: Certificate) -> None:
    with TlsServer(certificate, answer(200, {}, keep=False), OK) as server:
        client = make_client(server, certificate)
        read(client)
        server.closed.get(timeout=30)
        assert write(client).status == 200
    assert server.connections == 2


class TestDeadline:
    """The time-out is a total deadline, whatever trickles in."""

    @pytest.mark.parametrize("case", ENDLESS)
    def test_a_read_ends_with_api_unreachable(self, certificate: Certificate, case: str) -> None:
        with TlsServer(certificate, ENDLESS[case]) as server:
            with pytest.raises(RasError) as caught:
                read(make_client(server, certificate, timeout=0.4))
        assert caught.value.code == "api_unreachable"
        assert "no answer within 0.4 s" in caught.value.message

    @pytest.mark.parametrize("case", ENDLESS)
    def test_a_write_is_lost_and_was_sent_once(self, certificate: Certificate, case: str) -> None:
        with TlsServer(certificate, ENDLESS[case]) as server:
            with pytest.raises(Lost, match=r"no answer within 0\.4 s"):
                write(make_client(server, certificate, timeout=0.4))
        assert len(server.requests) == 1

    def test_a_server_that_never_shakes_hands_has_got_nothing(self, certificate: Certificate) -> None:
        with TlsServer(certificate, OK, before_tls=[holding()] * 9) as server:
            assert code(write, make_client(server, certificate, timeout=0.4)) == "api_unreachable"
        assert server.requests == []

    def test_the_deadline_is_for_all_attempts_together(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(503)) as server:
            assert read(make_client(server, certificate, timeout=0.2)).status == 503
        assert (len(server.requests), naps.waits) == (1, [])


class TestReads:
    """Reads are repeated within bounds."""

    @pytest.mark.parametrize("case", NO_ANSWER)
    def test_a_read_without_a_whole_answer_is_repeated(self, certificate: Certificate, naps: Naps, case: str) -> None:
        with TlsServer(certificate, NO_ANSWER[case], NO_ANSWER[case], OK) as server:
            assert read(make_client(server, certificate)).json() == {"a": 1}
        assert len(server.requests) == READ_ATTEMPTS == len(naps.waits) + 1

    @pytest.mark.parametrize("case", NO_ANSWER)
    def test_it_ends_with_api_unreachable_when_none_comes(
        self, certificate: Certificate, naps: Naps, case: str
    ) -> None:
        with TlsServer(certificate, NO_ANSWER[case]) as server:
            with pytest.raises(RasError) as caught:
                read(make_client(server, certificate))
        assert caught.value.code == "api_unreachable"
        assert server.url in caught.value.message
        assert len(server.requests) == READ_ATTEMPTS

    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_statuses_that_are_waited_for(self, certificate: Certificate, naps: Naps, status: int) -> None:
        with TlsServer(certificate, answer(status), OK) as server:
            assert read(make_client(server, certificate)).status == 200
        assert len(server.requests) == 2
        assert naps.waits[0] > 0

    @pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 500])
    def test_statuses_that_are_answers(self, certificate: Certificate, naps: Naps, status: int) -> None:
        with TlsServer(certificate, answer(status)) as server:
            assert read(make_client(server, certificate)).status == status
        assert len(server.requests) == 1

    def test_the_waits_grow(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(503)) as server:
            assert read(make_client(server, certificate)).status == 503
        assert len(server.requests) == LIMITED_ATTEMPTS
        assert naps.waits == sorted(naps.waits)
        assert sum(naps.waits) > 10  # the documented window

    def test_429_without_end_is_rate_limited(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(429)) as server:
            assert code(read, make_client(server, certificate)) == "rate_limited"
        assert len(server.requests) == LIMITED_ATTEMPTS

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("timeout", [4, 9, 12])
    def test_the_last_attempt_is_made_as_late_as_the_time_allows(
        self, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, status: int, timeout: float
    ) -> None:
        """A window of 10 s ends within 12 s: to give up after 7.5 s would be for nothing."""
        slept: list[float] = []
        clock = types.SimpleNamespace(monotonic=lambda: time.monotonic() + sum(slept), sleep=slept.append)
        monkeypatch.setattr(http_client, "time", clock)
        with TlsServer(certificate, answer(status)) as server:
            client = make_client(server, certificate, timeout=timeout)
            with contextlib.suppress(RasError):
                read(client)
        assert timeout - 1.6 <= sum(slept) < timeout
        assert len(server.requests) <= LIMITED_ATTEMPTS

    @pytest.mark.parametrize("status", [429, 503])
    def test_retry_after_is_heeded(self, certificate: Certificate, naps: Naps, status: int) -> None:
        with TlsServer(certificate, answer(status, headers={"Retry-After": "7"}), OK) as server:
            assert read(make_client(server, certificate)).status == 200
        assert naps.waits == [7.0]

    @pytest.mark.parametrize("value", ["Wed, 21 Oct 2026 07:28:00 GMT", "soon", "-5", "\u00b2"])
    def test_a_retry_after_that_is_no_number_of_seconds_is_ignored(
        self, certificate: Certificate, naps: Naps, value: str
    ) -> None:
        with TlsServer(certificate, answer(429, headers={"Retry-After": value}), OK) as server:
            assert read(make_client(server, certificate)).status == 200
        assert 0 < naps.waits[0] < 7

    def test_a_retry_after_beyond_the_deadline_is_not_waited_for(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(429, headers={"Retry-After": "60"})) as server:
            assert code(read, make_client(server, certificate)) == "rate_limited"
        assert (len(server.requests), naps.waits) == (1, [])

    @pytest.mark.parametrize("case", NO_ANSWER)
    def test_a_logon_that_was_sent_is_not_repeated(self, certificate: Certificate, naps: Naps, case: str) -> None:
        with TlsServer(certificate, NO_ANSWER[case], OK) as server:
            assert code(read, make_client(server, certificate), once_sent=True) == "api_unreachable"
        assert len(server.requests) == 1

    @pytest.mark.parametrize(("status", "requests"), [(429, 2), (503, 1), (502, 1), (504, 1)])
    def test_a_logon_is_repeated_only_when_the_server_refused_to_look(
        self, certificate: Certificate, naps: Naps, status: int, requests: int
    ) -> None:
        with TlsServer(certificate, answer(status), OK) as server:
            read(make_client(server, certificate), once_sent=True)
        assert len(server.requests) == requests

    @pytest.mark.parametrize(
        ("status", "words", "requests"), [(429, b"", 2), (503, b"", 2), (502, b"", 1), (503, {"msg": "no"}, 1)]
    )
    def test_a_logoff_is_repeated_on_either_status_of_a_rate_limit(
        self, certificate: Certificate, naps: Naps, status: int, words: object, requests: int
    ) -> None:
        with TlsServer(certificate, answer(status, words), OK) as server:
            read(make_client(server, certificate), once_sent=True, limited_by=(429, 503))
        assert len(server.requests) == requests


class TestWrites:
    """A write that may have been sent is never sent again."""

    @pytest.mark.parametrize("case", NO_ANSWER)
    def test_a_write_without_a_whole_answer_is_lost_and_not_repeated(
        self, certificate: Certificate, naps: Naps, case: str
    ) -> None:
        with TlsServer(certificate, NO_ANSWER[case], OK) as server:
            with pytest.raises(Lost):
                write(make_client(server, certificate))
        assert (len(server.requests), naps.waits) == (1, [])

    @pytest.mark.parametrize("status", [200, 204, 307, 400, 401, 403, 500, 502, 503, 504])
    def test_every_status_but_429_is_its_answer(self, certificate: Certificate, naps: Naps, status: int) -> None:
        with TlsServer(certificate, answer(status), OK) as server:
            assert write(make_client(server, certificate)).status == status
        assert len(server.requests) == 1

    def test_429_proves_that_nothing_happened_and_is_sent_again_after_the_wait(
        self, certificate: Certificate, naps: Naps
    ) -> None:
        with TlsServer(certificate, answer(429, headers={"Retry-After": "3"}), OK) as server:
            assert write(make_client(server, certificate)).status == 200
        assert naps.waits == [3.0]
        assert server.requests[0] == server.requests[1]

    def test_429_without_end_is_rate_limited(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(429)) as server:
            assert code(write, make_client(server, certificate)) == "rate_limited"
        assert len(server.requests) == LIMITED_ATTEMPTS

    @pytest.mark.parametrize("kind", ["write", "logon"])
    def test_a_429_that_says_more_is_an_answer(self, certificate: Certificate, naps: Naps, kind: str) -> None:
        with TlsServer(certificate, answer(429, {"msg": "too many failed attempts"}), OK) as server:
            client = make_client(server, certificate)
            assert (write(client) if kind == "write" else read(client, once_sent=True)).status == 429
        assert (len(server.requests), naps.waits) == (1, [])

    def test_a_429_whose_repetition_is_lost_is_lost(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(429), hang_up) as server:
            with pytest.raises(Lost):
                write(make_client(server, certificate))
        assert len(server.requests) == 2

    def test_a_connection_that_never_opened_is_tried_again_for_nothing_was_sent(
        self, certificate: Certificate, naps: Naps
    ) -> None:
        with TlsServer(certificate, OK, before_tls=[hang_up, hang_up]) as server:
            assert write(make_client(server, certificate)).status == 200
        assert len(server.requests) == 1

    def test_an_answer_too_large_to_read_comes_after_the_action(self, certificate: Certificate, naps: Naps) -> None:
        with TlsServer(certificate, answer(200, {"a": "x" * 5000})) as server:
            with pytest.raises(Lost):
                write(make_client(server, certificate), limit=1000)
        assert len(server.requests) == 1


def test_nobody_listens(certificate: Certificate, naps: Naps) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{unused.getsockname()[1]}"
        client = HttpClient(url, TlsSettings(validate=False), timeout=20)
        for call in (lambda: read(client), lambda: write(client), lambda: guarded(client.probe)):
            naps.waits.clear()
            with pytest.raises(RasError) as caught:
                call()
            assert caught.value.code == "api_unreachable"
            assert "refused" in caught.value.message
            assert len(naps.waits) == READ_ATTEMPTS - 1


def test_a_probe_opens_a_connection_and_sends_nothing(certificate: Certificate) -> None:
    with TlsServer(certificate, OK) as server:
        guarded(make_client(server, certificate).probe)
    assert server.requests == []
