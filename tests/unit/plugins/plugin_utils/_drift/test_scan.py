# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scan of a fleet: order, threads, deadlines, and secrets, with real servers where the wire matters."""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import threading
import time
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import LogonGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift import scan as scan_module
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.scan import look_at, scan, Settings
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer as license
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import TODAY, wanted
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate
from ansible_collections.fleetops.parallels_ras.tests.unit.support.tls_server import (
    answer,
    guarded,
    HANG_GUARD_SECONDS,
    holding,
    TlsServer,
    Wire,
)

PASSWORD = "administrator-password"
TOKEN = "token-of-the-session"
SESSION = answer(200, {"authToken": TOKEN, "farmName": "tokyo", "licensingServerConnection": True})
BYE = answer(200)


@pytest.fixture(name="settings")
def _settings(tmp_path: pathlib.Path) -> Settings:
    return Settings(folder=str(tmp_path), today=TODAY)


def _target(url: str = "https://127.0.0.1:1", certificate: Certificate | None = None, **changes: t.Any) -> Target:
    values: dict[str, t.Any] = {
        "host": "h1",
        "farm": "tokyo",
        "api_url": url,
        "username": "svc@example.com",
        "password": PASSWORD,
        "secrets": (PASSWORD,),
        "cert_fingerprint": certificate.sha256 if certificate else None,
        "wanted": wanted(),
        **changes,
    }
    return Target(**values)


def _replace(settings: Settings, **changes: t.Any) -> Settings:
    return Settings(**{**vars(settings), **changes})


def _look_at(target: Target, settings: Settings, seconds: float) -> dict[str, t.Any]:
    return look_at(target, settings, time.monotonic() + seconds, Scrubber(target.secrets))


def _paths(server: TlsServer) -> list[str]:
    return [request.path.removeprefix("/api/") for request in server.requests]


def test_three_requests_on_one_connection(settings: Settings, certificate: Certificate) -> None:
    with TlsServer(certificate, SESSION, answer(200, license()), BYE) as server:
        record = guarded(lambda: _look_at(_target(server.url, certificate), settings, 60))
    assert (record["state"], _paths(server)) == ("ok", ["Session/logon", "License", "Session/logoff"])
    assert server.connections == 1
    assert record["elapsed_ms"] >= 0


@pytest.mark.parametrize(("agents", "extra"), [("listed", ["Agent"]), ("all", ["Agent", "Site"])])
def test_agents_are_read_where_asked(
    settings: Settings, certificate: Certificate, agents: t.Any, extra: list[str]
) -> None:
    row = {"server": "cb1", "serverType": 7, "agentState": 0, "agentVer": "21.2.1.27306", "siteId": 1}
    sites = [answer(200, [{"id": 1, "name": "Main", "licensingSite": True}])] if agents == "all" else []
    with TlsServer(certificate, SESSION, answer(200, license()), answer(200, [row]), *sites, BYE) as server:
        chosen = _replace(settings, agents=agents)
        record = guarded(lambda: _look_at(_target(server.url, certificate), chosen, 60))
    assert _paths(server) == ["Session/logon", "License", *extra, "Session/logoff"]
    assert record["version"] == "21.2.1.27306"


ALONE = answer(200, {"authToken": TOKEN})
OLDEST = answer(200, {"version": "17.0.0.21289"})
MAIN = answer(200, [{"id": 1, "name": "Main", "licensingSite": True}])


@pytest.mark.parametrize(
    ("answers", "paths", "place"),
    [
        (
            [MAIN, answer(200, [{"id": 1, "server": "cb1", "ip": "127.0.0.1", "siteId": 1, "priority": 0}])],
            ["Site", "ConnectionBroker"],
            "ok",
        ),
        ([MAIN, *[answer(404)] * 3], ["Site", "ConnectionBroker", "Broker", "PA"], "not_checked"),
        ([answer(403)], ["Site"], "not_checked"),
        ([MAIN, answer(500)], ["Site", "ConnectionBroker"], "not_checked"),
    ],
)
def test_a_farm_whose_logon_says_nothing_is_asked_for_its_version_and_place(
    settings: Settings, certificate: Certificate, answers: t.Any, paths: list[str], place: str
) -> None:
    with TlsServer(certificate, ALONE, OLDEST, *answers, answer(200, license()), BYE) as server:
        record = guarded(lambda: _look_at(_target(server.url, certificate), settings, 60))
    assert _paths(server) == ["Session/logon", "WebService/version", *paths, "License", "Session/logoff"]
    assert record["checks"]["wrong_server"] == place
    assert record["failure"] is None
    rules = [finding["rule"] for finding in record["findings"]]
    assert rules == [*(["not_compared"] if place == "not_checked" else []), "version_untried"]


def test_no_secret_is_in_a_record_whoever_says_it(settings: Settings, certificate: Certificate) -> None:
    said = answer(200, license(statusMessage=f"{PASSWORD} and {TOKEN}", needsAttention=True))
    with TlsServer(certificate, SESSION, said, BYE) as server:
        record = guarded(lambda: _look_at(_target(server.url, certificate), settings, 60))
    assert record["state"] == "warning"
    assert PASSWORD not in repr(record)
    assert TOKEN not in repr(record)


def test_no_secret_of_another_farm_is_in_a_record(settings: Settings, certificate: Certificate) -> None:
    """Also none that the scan itself does not need, and none of a farm that is not asked."""
    said = answer(200, license(statusMessage="of-the-other-account and OF-ANOTHER-KEY", needsAttention=True))
    with TlsServer(certificate, SESSION, said, BYE) as server:
        targets = [
            _target(server.url, certificate),
            _target(host="h2", managed=False, unmanaged_reason=PASSWORD, secrets=("of-the-other-account",)),
            _target(host="h3", problem=RasError("invalid_option", PASSWORD), secrets=("of another key",)),
        ]
        records = guarded(lambda: scan(targets, settings))
    assert [record["state"] for record in records] == ["warning", "unmanaged", "failed"]
    for secret in (PASSWORD, "of-the-other-account", "OF-ANOTHER-KEY"):
        assert secret not in repr(records)


def test_a_secret_that_is_the_name_of_a_host_costs_no_record(settings: Settings) -> None:
    targets = [
        _target(host=host, managed=False, secrets=("cb1.tokyo.example.com",))
        for host in ("cb1.tokyo.example.com", "cb2")
    ]
    assert [record["host"] for record in scan(targets, settings)] == ["cb1.tokyo.example.com", "cb2"]


def test_a_farm_that_hangs_ends_with_its_own_time_and_is_logged_off(
    settings: Settings, certificate: Certificate
) -> None:
    with TlsServer(certificate, SESSION, holding(), BYE) as server:
        short = _replace(settings, farm_timeout=0.5)
        target = _target(server.url, certificate, timeout=600)
        record = guarded(lambda: _look_at(target, short, 600))
    assert (record["state"], record["failure"]["code"]) == ("unreachable", "api_unreachable")
    assert _paths(server)[-1] == "Session/logoff"


def test_what_is_wrong_with_the_variables_is_the_farms_failure(settings: Settings) -> None:
    record = _look_at(_target(problem=RasError("invalid_option", "No.")), settings, 60)
    assert (record["state"], record["failure"]["code"]) == ("failed", "invalid_option")


def test_a_defect_in_one_farm_is_its_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: t.Any) -> t.NoReturn:
        raise ZeroDivisionError(PASSWORD)

    monkeypatch.setattr(scan_module, "_Visit", broken)
    record = _look_at(_target(), settings, 60)
    assert (record["state"], record["failure"]["code"]) == ("failed", "internal_error")
    assert PASSWORD not in repr(record)


def test_an_unmanaged_farm_is_asked_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "_Visit", None)
    (record,) = scan([_target(managed=False)], settings)
    assert (record["state"], record["elapsed_ms"]) == ("unmanaged", None)


class TestThreads:
    """Many farms, without a wire."""

    def _scan(self, settings: Settings, work: t.Callable[[str], None], number: int) -> list[dict[str, t.Any]]:
        with pytest.MonkeyPatch.context() as patch:

            def look(target: Target, *_rest: t.Any) -> dict[str, t.Any]:
                work(target.farm)
                return {"farm": target.farm, "host": target.host, "state": "ok"}

            patch.setattr(scan_module, "look_at", look)
            return guarded(lambda: scan([_target(farm=f"f{each}") for each in range(number)], settings))

    def test_the_order_is_that_of_the_hosts_whoever_ends_first(self, settings: Settings) -> None:
        first = threading.Event()

        def work(farm: str) -> None:
            if farm == "f0":
                assert first.wait(HANG_GUARD_SECONDS)
            elif farm == "f9":
                first.set()

        records = self._scan(_replace(settings, workers=2), work, 10)
        assert [record["farm"] for record in records] == [f"f{number}" for number in range(10)]

    def test_so_many_work_together_and_no_more(self, settings: Settings) -> None:
        together = threading.Barrier(3)
        inside, most, lock = [0], [0], threading.Lock()

        def work(_farm: str) -> None:
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            together.wait(HANG_GUARD_SECONDS)
            with lock:
                inside[0] -= 1

        self._scan(_replace(settings, workers=3), work, 9)
        assert most == [3]

    def test_the_whole_scan_ends_in_time(self, settings: Settings) -> None:
        never = threading.Event()

        def work(farm: str) -> None:
            if farm == "f1":
                never.wait(HANG_GUARD_SECONDS)

        records = self._scan(_replace(settings, workers=1, total_timeout=0.5), work, 4)
        never.set()
        assert [record["state"] for record in records] == ["ok", "unreachable", "not_tried", "not_tried"]
        assert [(record["failure"] or {}).get("code") for record in records[1:]] == [
            "api_unreachable",
            "not_tried",
            "not_tried",
        ]

    def test_a_worker_has_three_file_descriptors_at_most(self, settings: Settings, certificate: Certificate) -> None:
        """The documentation says so: with 256 workers that is within the 1024 that most systems allow."""
        many = 20
        inside = threading.Barrier(many + 1)

        def hold(wire: Wire) -> None:
            inside.wait(HANG_GUARD_SECONDS)
            wire.hold()

        with LogonGate(settings.folder, PASSWORD)("https://cb0", "svc@example.com", lambda: None) as permit:
            permit.accepted()
        before = len(os.listdir("/proc/self/fd"))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with TlsServer(certificate, hold) as server:
                targets = [_target(server.url, certificate, farm=f"f{each}") for each in range(many)]
                scanned = pool.submit(scan, targets, _replace(settings, workers=many))
                inside.wait(HANG_GUARD_SECONDS)
                # The ends of the connections at the server are in this process, too; and the server listens.
                mine = len(os.listdir("/proc/self/fd")) - before - many - 1
            records = scanned.result(HANG_GUARD_SECONDS)
        assert many <= mine <= 3 * many
        assert {record["state"] for record in records} == {"unreachable"}

    def test_a_wrong_administrator_password_is_seen_by_two(self, settings: Settings, certificate: Certificate) -> None:
        with TlsServer(certificate, answer(401, {"title": "no"}, keep=False)) as server:
            # Another name for each farm: the gate counts farms by their address.
            targets = [_target(f"{server.url}/f{each}", certificate, farm=f"f{each}") for each in range(40)]
            records = guarded(lambda: scan(targets, _replace(settings, workers=20)))
        states = [record["state"] for record in records]
        assert len(server.requests) == 2
        assert (states.count("credentials_rejected"), states.count("not_tried")) == (2, 38)
