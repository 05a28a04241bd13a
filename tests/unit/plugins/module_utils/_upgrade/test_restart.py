# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a RAS host may be restarted, and what is said of one that is not back."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.restart import (
    not_restarted,
    refuse_restart,
    still_waiting,
    users_on,
)
from hypothesis import given
from hypothesis import strategies as st

_SESSIONS = st.none() | st.integers(0, 50)
_COMPONENTS = st.none() | st.lists(st.sampled_from(["rd_session_host", "connection_broker", "secure_gateway"]))
_HOSTS = st.fixed_dictionaries({}, optional={"sessions": _SESSIONS, "components": _COMPONENTS})


@given(_HOSTS)
def test_what_is_not_known_may_have_users(host: dict[str, t.Any]) -> None:
    """Only a number of none, or a list of components without a session host, says that there are none."""
    components = host.get("components")
    free = host.get("sessions") == 0 or (components is not None and "rd_session_host" not in components)
    assert (users_on(host) == "") is free


@given(_HOSTS, st.sampled_from(["never", "auto", "", "Auto"]), st.booleans(), st.booleans())
def test_users_are_never_restarted_under_and_nothing_without_the_setting(
    host: dict[str, t.Any], reboot: str, logoff: bool, is_installed: bool
) -> None:
    refused = refuse_restart("rd1", host, reboot, logoff, is_installed)
    if reboot != "auto":
        assert refused is not None
        assert (refused.code, "RAS was installed" in refused.remedy) == ("reboot_required", is_installed)
    elif users_on(host) and not logoff:
        assert refused is not None
        assert refused.code == "sessions_active"
    else:
        assert refused is None


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ({"sessions": 1}, "1 session"),
        ({"sessions": 3, "components": ["rd_session_host"]}, "3 sessions"),
        ({"components": ["rd_session_host"]}, "an unknown number of sessions"),
        ({}, "an unknown number of sessions"),
    ],
)
def test_how_many_there_are_is_said(host: dict[str, t.Any], says: str) -> None:
    assert users_on(host) == says


def test_an_unknown_restart_is_called_so() -> None:
    unknown = refuse_restart("cb1", {"reboot_pending": None}, "never", False, False)
    known = refuse_restart("cb1", {"reboot_pending": True}, "never", False, False)
    assert unknown is not None
    assert known is not None
    assert "is not known" in unknown.message
    assert "is not known" not in known.message
    assert (still_waiting("cb1", None, "X.").code, still_waiting("cb1", True, "X.").code) == ("reboot_required",) * 2
    assert "not known" in still_waiting("cb1", None, "X.").message


def test_a_host_that_is_not_back_says_what_was_observed() -> None:
    failure = not_restarted("cb1", "that it runs for 5 s")
    assert (failure.code, failure.message.endswith("observed that it runs for 5 s.")) == ("host_not_back", True)
