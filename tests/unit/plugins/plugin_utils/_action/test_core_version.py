# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ansible-core that evaluates what farms say is refused, whatever its version is; every other one is not."""

from __future__ import annotations

import pytest
from ansible.release import __version__
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.core_version import check_core, supported
from hypothesis import given
from hypothesis import strategies as st

# The first patch level of each minor version with the fix of CVE-2024-11079, by the changelogs of ansible-core.
FIXED = {15: None, 16: 14, 17: 7, 18: 1}


@given(minor=st.integers(9, 30), patch=st.integers(0, 40), suffix=st.sampled_from(["", "rc1", "b2", ".dev0", ".post0"]))
def test_what_is_too_old_is_refused_in_one_sentence(minor: int, patch: int, suffix: str) -> None:
    version = f"2.{minor}.{patch}{suffix}"
    least = FIXED.get(minor, 0) if minor > 15 else None
    if least is not None and patch >= least:
        check_core(version)
        return
    with pytest.raises(RasError) as refused:
        check_core(version)
    expected = f"2.{minor}.{least} or a newer 2.{minor}" if least else "2.16.14 or newer"
    assert refused.value.message.endswith(f": expected {expected}, observed {version}.")
    assert "Update ansible-core" in refused.value.remedy
    assert refused.value.code == "invalid_option"


def test_this_one_is_supported() -> None:
    check_core()
    check_core(__version__)
    assert "2.16.14" in supported()
