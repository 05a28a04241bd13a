# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for all unit tests: property tests with the same examples, no environment that could change an answer."""

from __future__ import annotations

import os
import pathlib

import hypothesis
import pytest
from ansible_collections.fleetops.parallels_ras.tests.unit.support.certificates import Certificate, self_signed
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import DirectoryBasedExampleDatabase

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_HOME = _ROOT / ".cache" / "hypothesis"
# For nights: so many examples for each property that nobody has seen, those that failed before first.
_EXAMPLES = int(os.environ.get("RAS_EXAMPLES", "0"))
set_hypothesis_home_dir(_HOME)

# The same examples in every run: a red CI run must be red on the next machine too. No deadline: CI machines are shared.
hypothesis.settings.register_profile(
    "deterministic",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "random",
    deadline=None,
    derandomize=False,
    max_examples=max(_EXAMPLES, 1),
    database=DirectoryBasedExampleDatabase(_HOME / "examples"),
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("random" if _EXAMPLES else "deterministic")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options with an environment fallback must not see the developer's own settings."""
    for name in ("RAS_API_USERNAME", "RAS_API_PASSWORD", "RAS_CA_PATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """The certificate of the server under test, good for 127.0.0.1."""
    return self_signed(tmp_path_factory.mktemp("certificate"), "farm")
