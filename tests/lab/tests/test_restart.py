# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""host_restart: a restart that is ordered, and not waited for."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import requests
from winrm.exceptions import WinRMTransportError, WSManFaultError

from raslab.testing import LabError
from winclient import Box
from winmodule import answer, run_script

# Long enough for the answer to be heard; here a fifth of it passes.
_GIVEN: dict[str, Any] = {"Delay": 3600, "Message": "RAS waits for this restart."}


def order(box: Box, **changed: Any) -> dict[str, Any]:
    """The module's result."""
    return run_script(box.session(), "host_restart", {**_GIVEN, **changed}, [])


def order_at_once(box: Box) -> None:
    """Whether the answer is heard before the host goes down is chance, and so is whether its shell is still known."""
    with contextlib.suppress(requests.exceptions.RequestException, WSManFaultError, WinRMTransportError):
        order(box, Delay=0)


def test_a_restart_is_ordered(box: Box) -> None:
    result = order(box)
    assert (answer(result), result["changed"]) == ({"ok": True, "ordered": True, "replaced": False}, True)
    assert (box.windows["shutdown_scheduled"], box.journal("restart")) == (True, [])
    assert [(entry["args"], entry["status"]) for entry in box.journal("host_restart")] == [({"delay": 3600}, 0)]


def test_it_comes_in_its_time(box: Box) -> None:
    before = box.windows["boot_time"]
    order_at_once(box)
    box.lab.wait_for(box.name, "restart", "done")
    assert box.windows["boot_time"] > before
    assert box.windows["shutdown_scheduled"] is False


def test_one_that_somebody_scheduled_is_replaced(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, shutdown_in=3600)
    assert answer(order(box)) == {"ok": True, "ordered": True, "replaced": True}
    order_at_once(box)
    box.lab.wait_for(box.name, "restart", "done")
    assert [entry["status"] for entry in box.journal("restart")] == ["done"]


def test_a_host_that_goes_down_already_goes_down(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, shutdown_code=1115)
    order_at_once(box)
    box.lab.wait_for(box.name, "restart", "done")


def test_a_restart_that_is_denied_is_refused(box: Box) -> None:
    box.lab.patch_windows(box.name, box.host, shutdown_code=5)
    result = order(box)
    said = "shutdown.exe ended with 5: Access is denied.(5)"
    assert (answer(result)["error"], result["changed"]) == ({"code": "refused", "message": said}, False)
    assert (box.journal("restart"), box.windows["shutdown_scheduled"]) == ([], False)
    with pytest.raises(LabError, match="expected one of 0, 5, 1115, observed 6"):
        box.lab.patch_windows(box.name, box.host, shutdown_code=6)


def test_it_is_skipped_in_check_mode(box: Box) -> None:
    result = run_script(box.session(), "host_restart", _GIVEN, [], check=True)
    assert (result["result"], box.windows["shutdown_scheduled"]) == ({}, False)


def test_an_order_whose_answer_is_lost_is_carried_out(box: Box) -> None:
    box.lab.add_fault(box.name, on="host_restart", kind="reset_after")
    with pytest.raises(requests.exceptions.RequestException):
        order(box)
    assert box.windows["shutdown_scheduled"] is True
