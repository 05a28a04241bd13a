# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows users of connections are guarded as the RAS administrators are."""

from __future__ import annotations

import os
import pathlib

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import LogonGate, WindowsGate


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> str:
    """The folder of one run."""
    return str(tmp_path)


def _is_tried(folder: str, host: str, verdict: str | None, password: str = "one") -> bool:
    try:
        _connect(folder, host, verdict, password)
    except NotSent:
        return False
    return True


def _connect(folder: str, host: str, verdict: str | None, password: str = "one") -> None:
    with WindowsGate(folder, password)(host, "administrator", lambda: None) as permit:
        if verdict:
            getattr(permit, verdict)()


@pytest.mark.parametrize("verdict", ["rejected", "unclear"])
def test_two_hosts_see_a_wrong_password(folder: str, verdict: str) -> None:
    for host in ("a", "b"):
        _connect(folder, host, verdict)
    with pytest.raises(NotSent, match="Windows user administrator was not accepted in this run by a and b") as caught:
        _connect(folder, "c", "accepted")
    assert caught.value.code == "not_tried"
    assert not _is_tried(folder, "a", "accepted")
    assert _is_tried(folder, "c", "accepted", password="two")


def test_a_host_that_accepted_goes_on_whatever_others_do(folder: str) -> None:
    _connect(folder, "a", "accepted")
    for host in ("b", "c"):
        _connect(folder, host, "rejected")
    assert not _is_tried(folder, "d", "accepted")
    for verdict in ("accepted", "rejected", "unclear", None):
        assert _is_tried(folder, "a", verdict)


def test_a_host_that_was_not_reached_counts_for_nothing(folder: str) -> None:
    for number in range(5):
        _connect(folder, f"h{number}", None)
    assert _is_tried(folder, "h0", "accepted")


def _log_on(folder: str, farm: str, verdict: str, user: str = "administrator") -> None:
    with LogonGate(folder, "one")(farm, user, lambda: None) as permit:
        getattr(permit, verdict)()


@pytest.mark.parametrize("user", ["administrator", "CORP\\Administrator", "administrator@corp.example.com"])
def test_one_account_of_a_domain_is_rejected_twice_whatever_it_is_used_for(folder: str, user: str) -> None:
    """One account may be the RAS administrator and the Windows user."""
    _connect(folder, "a", "rejected")
    _log_on(folder, "https://a", "rejected", user)
    assert not _is_tried(folder, "b", "accepted")
    sentence = ", or a Windows user of this name and password, was not accepted in this run by a and https://a"
    with pytest.raises(NotSent, match=sentence) as caught:
        _log_on(folder, "https://b", "accepted", user)
    assert f"the RAS administrator {user}, or a Windows user" in caught.value.message
    with pytest.raises(NotSent, match="the Windows user administrator, or a RAS administrator of this name"):
        _connect(folder, "b", "accepted")


def test_who_was_rejected_as_one_thing_only_is_called_nothing_else(folder: str) -> None:
    for host in ("a", "b"):
        _log_on(folder, host, "rejected")
    with pytest.raises(NotSent, match="the RAS administrator administrator was not accepted in this run by a and b"):
        _log_on(folder, "c", "accepted")


@pytest.mark.parametrize("verdicts", [("unclear", "unclear"), ("rejected", "unclear")])
def test_one_host_that_is_lost_counts_once_for_one_account(folder: str, verdicts: tuple[str, str]) -> None:
    """The script that logs the RAS administrator on travels as the Windows user, and both may be one account."""
    inner, outer = verdicts
    with LogonGate(folder, "one")("a", "administrator@corp.example.com", lambda: None) as administrator:
        _connect(folder, "a", inner)
        getattr(administrator, outer)()
    with LogonGate(folder, "one")("b", "administrator@corp.example.com", lambda: None) as administrator:
        _connect(folder, "b", "accepted")
        administrator.accepted()
    assert _is_tried(folder, "c", "accepted")


def test_an_acceptance_clears_only_who_was_accepted(folder: str) -> None:
    """The administrator of one host has the name of another user of the domain: their logons still go one by one."""
    _connect(folder, "a", "accepted")
    for number in range(2):
        _log_on(folder, f"https://{number}", "unclear")
    with pytest.raises(NotSent):
        _log_on(folder, "https://2", "accepted")


def test_an_administrator_whose_script_travels_as_the_same_user_does_not_wait_for_itself(folder: str) -> None:
    with LogonGate(folder, "one")("a", "administrator", lambda: None) as administrator:
        _connect(folder, "a", "accepted")
        administrator.rejected()
    _connect(folder, "a", "rejected")  # known there
    _log_on(folder, "b", "rejected")
    assert not _is_tried(folder, "c", "accepted")


def test_the_password_is_in_no_file_and_no_name(folder: str) -> None:
    _connect(folder, "a", "accepted", password="plain-enough")
    _connect(folder, "b", "rejected", password="plain-enough")
    assert os.listdir(folder)
    for name in os.listdir(folder):
        assert "plain" not in name
        assert "plain" not in pathlib.Path(folder, name).read_text()
