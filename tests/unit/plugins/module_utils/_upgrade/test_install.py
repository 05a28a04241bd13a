# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An installer before it runs, how it ended, what is missing afterwards, and restarts of others."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import (
    check_given,
    download_said,
    installer_absent,
    judge_end,
    judge_installer,
    missing_after,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.wait import End, NO_END

SHA = "ab" * 32
GOOD = {"sha256": SHA, "status": "Valid", "publisher": "Parallels International GmbH", "is_private": True}
URL = "https://download.example.com/ras.msi?token=hidden-hidden"


def _code(failure: t.Any) -> str | None:
    return failure.code if failure else None


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (GOOD, None),
        ({**GOOD, "sha256": "cd" * 32}, "installer_mismatch"),
        ({**GOOD, "sha256": None}, "installer_mismatch"),
        ({}, "installer_mismatch"),
        ({**GOOD, "status": "NotSigned", "publisher": None}, "installer_untrusted"),
        ({**GOOD, "status": "HashMismatch"}, "installer_untrusted"),
        ({**GOOD, "publisher": "Somebody Else Ltd"}, "installer_untrusted"),
        ({**GOOD, "publisher": "Parallelsoft Ltd"}, "installer_untrusted"),
        ({**GOOD, "status": "UnknownError", "chain": ["PartialChain"]}, "installer_untrusted"),
        ({**GOOD, "is_private": False, "not_private": "it is a link"}, "folder_untrusted"),
        ({**GOOD, "is_private": "yes"}, "folder_untrusted"),
    ],
)
def test_only_the_described_installer_may_run(seen: dict[str, t.Any], code: str | None) -> None:
    failure = judge_installer(seen, SHA.upper(), Publisher(), URL)
    assert _code(failure) == code
    if failure:
        assert "https://download.example.com/ras.msi?..." in failure.message
        assert "hidden-hidden" not in failure.message


@pytest.mark.parametrize(
    ("download_error", "says"),
    [
        ("", "Could not find file."),
        (
            f"The checksum for {URL} did not match 'aa', it was 'bb'",
            "The checksum for it did not match 'aa', it was 'bb'",
        ),
        (
            "Error downloading 'https://download.example.com/ras.msi?token=hidden hidden' to 'C:\\ras.msi': (404).",
            "'https://download.example.com/ras.msi?...' to 'C:\\ras.msi': (404).",
        ),
        ("It was moved to https://cdn.example.com/ras.msi?again=hidden-hidden", "https://cdn.example.com/ras.msi?..."),
    ],
)
def test_what_a_download_said_is_shown_without_the_query(download_error: str, says: str) -> None:
    failure = installer_absent(URL, download_said(URL, download_error) or "Could not find file.")
    assert failure.code == "installer_mismatch"
    assert says in failure.message
    assert "hidden" not in failure.message


@pytest.mark.parametrize(
    ("path", "url", "sha256", "says"),
    [
        ("", "", SHA, "expected installer_src or installer_url, observed none"),
        ("/srv/ras.msi", "", "", "installer_sha256 is needed"),
        ("", URL, "xy" * 32, "installer_sha256 is needed"),
    ],
)
def test_what_an_upgrade_needs_is_asked_for(path: str, url: str, sha256: str, says: str) -> None:
    with pytest.raises(RasError, match=says) as caught:
        check_given(path, url, sha256)
    assert caught.value.code == "invalid_option"


def test_one_source_and_a_checksum_are_enough() -> None:
    check_given("/srv/ras.msi", "", SHA)
    check_given("", URL, SHA.upper())


@pytest.mark.parametrize("code", [0, 1641, 3010])
def test_these_codes_are_a_success(code: int) -> None:
    assert judge_end(End(code), (), "C:\\ras.log") is None


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (End(1603), "install_failed"),
        (End(1619), "install_failed"),
        (End(1618), "installer_busy"),
        (End(NO_END, "said so"), "install_failed"),
        (End(None, "reset"), "host_unreachable"),
        (End(None, "another file", "installer_changed"), "installer_mismatch"),
        (End(None, "no msiexec", "not_sent"), "install_failed"),
        (End(None, "a policy", "constrained_language"), "install_failed"),
    ],
)
def test_others_are_not(end: End, expected: str) -> None:
    failure = judge_end(end, (), "C:\\ras.log")
    assert _code(failure) == expected
    assert end.message in str(failure)


def test_a_failure_brings_the_end_of_the_log() -> None:
    lines = [f"line {number}" for number in range(40)] + ["", "  "]
    failure = judge_end(End(1603), lines, "C:\\ras.log")
    assert failure is not None
    assert "1603 (a fatal error during the installation)" in failure.message
    assert "line 37 | line 38 | line 39" in failure.message
    assert failure.observed["tail"] == lines[25:40]


SERVICE = {"display_name": "RAS Connection Broker", "status": "Running", "start_type": "Automatic"}
IDLE: dict[str, t.Any] = {"installer_running": False}


@pytest.mark.parametrize(
    ("seen", "missing"),
    [
        ({"host": {"version": "21.2.28000", "services": [SERVICE], **IDLE}}, 0),
        ({"host": {"version": "21.2.0.28000", "services": [], **IDLE}}, 0),
        ({"host": {"version": "21.2.28000", "services": [SERVICE], "installer_running": True}}, 1),
        ({"host": {"version": "21.2.28000", "services": [SERVICE], "installer_running": None}}, 1),
        ({"host": {"version": "21.2.28000", "services": [SERVICE]}}, 1),
        ({"host": {"version": "20.2.26050", "services": [], **IDLE}}, 1),
        ({"host": {"version": None, "services": [], **IDLE}}, 1),
        ({"host": {"version": "21.2.28000", "services": [{**SERVICE, "status": "Stopped"}], **IDLE}}, 1),
        (
            {
                "host": {
                    "version": "21.2.28000",
                    "services": [{**SERVICE, "status": "Stopped", "start_type": "Manual"}],
                    **IDLE,
                }
            },
            0,
        ),
        ({"farm": {}, "service_version": "21.2.0.28000"}, 0),
        ({"farm": {}, "service_version": None}, 0),
        ({"farm": {}, "service_version": "20.2.0.26050"}, 1),
        ({"failure": {"code": "api_unreachable", "message": "nobody"}}, 1),
        ({"unreachable": True, "msg": "gone"}, 1),
    ],
)
def test_what_is_missing_after_an_installation(seen: dict[str, t.Any], missing: int) -> None:
    assert len(missing_after(seen, "21.2.28000")) == missing


STOPPED = {**SERVICE, "status": "Stopped"}
UNKNOWN = {**SERVICE, "status": None, "start_type": None}


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ([STOPPED], [STOPPED], 0),
        ([SERVICE], [STOPPED], 1),
        ([STOPPED], [SERVICE], 0),
        ([], [STOPPED], 1),
        ([UNKNOWN], [STOPPED], 1),
        (None, [STOPPED], 1),
        ([SERVICE], [UNKNOWN], 1),
        ([UNKNOWN], [UNKNOWN], 0),
        (None, [UNKNOWN], 0),
        ([], [UNKNOWN], 1),
        ([SERVICE], None, 1),
        ([], None, 1),
        (None, None, 0),
    ],
)
def test_a_service_that_did_not_run_before_need_not_run_after(
    before: list[dict[str, t.Any]] | None, after: list[dict[str, t.Any]] | None, missing: int
) -> None:
    seen = {"host": {"version": "21.2.28000", "services": after, **IDLE}}
    assert len(missing_after(seen, "21.2.28000", before)) == missing


def test_a_version_that_could_not_be_read_is_not_none() -> None:
    seen = {"host": {"version": None, "installed": None, "services": [], **IDLE}}
    assert missing_after(seen, "21.2.28000") == ["expected version 21.2.28000, observed one that is not known"]
