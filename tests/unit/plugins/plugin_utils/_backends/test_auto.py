# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The back end auto: REST first; WinRM for what REST cannot report, and never after a write."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import NeverActivated
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.auto import AutoBackend
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.winrm import WinRmBackend
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import FakeFarm
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_scripts import error, FakeHost, OBSERVED

SILENT = {"type": 3, "licenseKey": "****-CV55K2"}
REPORTING = {**SILENT, "paUserEmail": "someone@example.com"}


def _auto(rest: FakeFarm, *answers: t.Any) -> tuple[AutoBackend, FakeHost]:
    host = FakeHost(*(answers or (OBSERVED,)))
    return AutoBackend(rest, WinRmBackend(host.runner(), "svc@example.com", "administrator-secret")), host


def _rules(backend: AutoBackend) -> list[str]:
    return [finding.rule for finding in backend.findings]


@pytest.mark.parametrize("answer", [REPORTING, None, {}, {"type": 0}, {"paUserEmail": "x@y.z"}])
def test_winrm_is_not_asked_where_rest_reports_or_there_is_nothing_to_report(answer: t.Any) -> None:
    backend, host = _auto(FakeFarm(answer))
    backend.open()
    assert backend.read_license() == (NeverActivated.SAID if answer is None else answer)
    assert (backend.name, host.sent, backend.findings) == ("fake", [], [])


def test_winrm_completes_the_account_once() -> None:
    backend, host = _auto(FakeFarm(SILENT))
    backend.open()
    assert backend.read_license()["paUserEmail"] == "licensing@example.com"
    assert backend.read_license()["paUserEmail"] == "licensing@example.com"
    assert host.names == ["ras_observe"]
    assert (_rules(backend), backend.name) == (["account_by_winrm"], "fake")


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (OSError("reset"), "winrm_failed"),
        (error("product_missing"), "winrm_failed"),
        ({**OBSERVED, "license": None}, "winrm_failed"),
        ({**OBSERVED, "license": {"LicenseKey": "****-CV55K2"}}, "winrm_failed"),
        ({**OBSERVED, "license": {**OBSERVED["license"], "LicenseKey": "****-OTHER1"}}, "back_ends_disagree"),
    ],
)
def test_what_winrm_cannot_report_is_a_finding(answer: t.Any, rule: str) -> None:
    backend, host = _auto(FakeFarm(SILENT), answer)
    backend.open()
    assert "paUserEmail" not in backend.read_license()
    backend.read_license()
    assert (_rules(backend), len(host.sent)) == ([rule], 1)


def test_what_either_says_of_its_way_is_said_once() -> None:
    rest = FakeFarm(SILENT)
    backend, _host = _auto(rest, {**OBSERVED, "version": "22.0.0.28102"})
    rest.name = "rest"
    rest.note_version("22.0.0.28102")
    backend.open()
    backend.read_license()
    assert _rules(backend) == ["version_untried", "account_by_winrm"]
    rest.note_unknown_brokers("not found")
    assert _rules(backend)[2:] == ["brokers_unknown"]


@pytest.mark.parametrize("code", ["api_unreachable", "rest_disabled"])
def test_winrm_stands_in_where_rest_cannot_be_reached(code: str) -> None:
    rest = FakeFarm(REPORTING)
    rest.open_errors = [RasError(code, "nobody there")]
    backend, host = _auto(rest)
    assert backend.open().connected_server == "CB1"
    assert backend.read_license() == OBSERVED["license"]
    assert (_rules(backend), backend.name, host.names) == (["rest_unreachable"], "winrm", ["ras_observe"])


@pytest.mark.parametrize(
    "code", ["tls_untrusted", "api_credentials_rejected", "api_forbidden", "not_tried", "bad_answer"]
)
def test_winrm_is_not_a_way_around_a_refusal(code: str) -> None:
    rest = FakeFarm(REPORTING)
    rest.open_errors = [RasError(code, "no")]
    backend, host = _auto(rest)
    with pytest.raises(RasError) as caught:
        backend.open()
    assert (caught.value.code, host.sent) == (code, [])


def test_a_product_that_is_too_old_explains_why_rest_is_silent() -> None:
    rest = FakeFarm(REPORTING)
    rest.open_errors = [RasError("api_unreachable", "nobody there")]
    backend, _host = _auto(rest, error("product_too_old"))
    with pytest.raises(RasError) as caught:
        backend.open()
    assert (caught.value.code, _rules(backend)) == ("product_too_old", ["winrm_failed"])


def test_the_failure_of_rest_is_kept_where_winrm_fails_too() -> None:
    rest = FakeFarm(REPORTING)
    rest.open_errors = [RasError("api_unreachable", "nobody there")]
    backend, _host = _auto(rest, OSError("reset"))
    with pytest.raises(RasError) as caught:
        backend.open()
    assert (caught.value.code, _rules(backend)) == ("api_unreachable", ["winrm_failed"])


@pytest.mark.parametrize("write", ["activate", "deactivate", "apply_settings"])
def test_after_a_write_winrm_is_never_asked(write: str) -> None:
    rest = FakeFarm(SILENT)
    backend, host = _auto(rest)
    backend.open()
    arguments = {"activate": ("a@b.c", "secret", None), "deactivate": ("a@b.c", "secret")}.get(write, ())
    getattr(backend, write)(*arguments)
    backend.read_license()
    rest.open_errors = [RasError("api_unreachable", "gone")]
    with pytest.raises(RasError):
        backend.open()
    assert host.sent == []
