# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules that upgrade a host: each mistake is one sentence."""

from __future__ import annotations

import datetime as dt
import pathlib
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import host_upgrade_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import HostState, plan_upgrade
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.wanted import (
    check_numbers,
    installer_of,
    LEAST_PAUSE,
    patience_of,
    upgrade_of,
    wanted_of,
)

TODAY: t.Final = dt.date(2026, 11, 30)


def _options(**changes: t.Any) -> dict[str, t.Any]:
    """The options of host_upgrade with their defaults, as an action has them."""
    defaults = {name: option.get("default") for name, option in host_upgrade_spec().items()}
    waits = {"restart_timeout": 1800, "poll_interval": 10}
    return {**defaults, **waits, "version": "21.2.28000", "installer_url": "https://example.com/a.msi", **changes}


def _refusal(read: t.Callable[[], t.Any]) -> str:
    with pytest.raises(RasError) as caught:
        read()
    assert caught.value.code == "invalid_option"
    return caught.value.message


def test_what_is_known_of_the_farm() -> None:
    agent = Agent("cb1", "broker", state="OK", version="20.2.0.26050")
    given = {"agents": [agent.as_dict()], "support_expires": "2026-12-31", "brokers": 2, "auto_promotion_minutes": 15}
    wanted = wanted_of(_options(**given, allow_unknown=["disk"], reboot="auto", min_free_gb=2.5), TODAY)
    assert (wanted.agents, wanted.support_expires, wanted.brokers) == ((agent,), dt.date(2026, 12, 31), 2)
    assert (wanted.auto_promotion_minutes, wanted.allow_unknown, wanted.reboot) == (15, ("disk",), "auto")
    assert (wanted.min_free_gb, wanted.today, wanted.version) == (2.5, TODAY, "21.2.28000")
    nothing = wanted_of(_options(), TODAY)
    assert (nothing.agents, nothing.support_expires, nothing.auto_promotion_minutes) == ((), None, None)


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"support_expires": "31/01/2027"}, "31/01/2027"), ({"agents": [{"name": "cb1"}]}, "agents_info")],
)
def test_a_mistake_is_one_sentence(changes: dict[str, t.Any], word: str) -> None:
    assert word in _refusal(lambda: wanted_of(_options(**changes), TODAY))


def test_the_folder_for_the_settings_must_be_writable(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").touch()
    host = HostState(version="20.2.26050", installed=True)
    for folder, state in (
        (str(tmp_path / "new" / "deep"), "ok"),
        (str(tmp_path / "file" / "below"), "failed"),
        (None, "not_checked"),
    ):
        plan = plan_upgrade(host, wanted_of(_options(backup_dest=folder), TODAY))
        assert plan.checks["backup_target"]["state"] == state
    assert not (tmp_path / "new").exists()


def test_the_installer_lies_in_the_folder_of_ours_and_is_named_after_its_version() -> None:
    installer = installer_of(_options(stage_folder="D:/stage/", installer_sha256="AB", install_timeout=60))
    assert (installer.path, installer.log) == (
        r"D:\stage\RASInstaller-21.2.28000.msi",
        r"D:\stage\RASInstaller-21.2.28000.log",
    )
    assert (installer.source, installer.seconds) == ("https://example.com/a.msi", 60)
    assert installer_of(_options(installer_src="/srv/a.msi")).source == "/srv/a.msi"


@pytest.mark.parametrize("changes", [{"stage_folder": "stage"}, {"installer_publisher": []}])
def test_a_place_or_a_publisher_that_is_none_is_refused(changes: dict[str, t.Any]) -> None:
    _refusal(lambda: installer_of(_options(**changes)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("install_timeout", -1),
        ("install_timeout", 86401),
        ("restart_timeout", -1),
        ("poll_interval", -0.5),
        ("min_free_gb", -1),
        ("min_free_gb", 1025),
    ],
)
def test_numbers_that_make_no_sense_are_refused(name: str, value: float) -> None:
    assert name in _refusal(lambda: check_numbers(_options(**{name: value})))
    check_numbers(_options())


def test_a_host_is_never_asked_without_a_pause() -> None:
    patience = patience_of(_options(poll_interval=0))
    assert (patience.poll, patience.install, patience.restart) == (LEAST_PAUSE, 3600, 1800)
    assert LEAST_PAUSE > 0


def test_an_upgrade_is_read_by_its_record() -> None:
    upgrade = HostUpgrade("cb1")
    assert upgrade_of(_options(upgrade=upgrade.as_dict())) == upgrade
    assert "upgrade" in _refusal(lambda: upgrade_of(_options(upgrade={"host": "cb1"})))
