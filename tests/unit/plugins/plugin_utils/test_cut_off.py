# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task whose time is over in the middle of a write: its outcome is unknown, and no other farm tries."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import license_spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.cut_off import is_cut_off
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.farm import FarmAction
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents import flow
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.rounds import Rounds
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.watch import AgentWatch
from ansible_collections.fleetops.parallels_ras.tests.unit.support.actions import perform
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer, PRIVATE_EMAIL
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_agents import FakeAdmin, Host
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fake_backend import (
    FakeFarm,
    Reaction,
    refused,
    unsent,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.flows import actions, code, RELEASE, Run


class TaskTimeoutError(BaseException):
    """As Ansible raises it, whatever its class is called there."""


def _cut_off(*_args: t.Any) -> t.NoReturn:
    raise TaskTimeoutError


OVER: t.Final = Reaction(t.cast(t.Any, TaskTimeoutError()), effect=False)
BOUND: t.Final = refused("activation_refused", "already activated with another account", farm_fault=True)


@pytest.mark.parametrize("exc", [KeyboardInterrupt(), SystemExit(), GeneratorExit(), ValueError()])
def test_what_python_raises_is_no_time_out(exc: BaseException) -> None:
    assert not is_cut_off(exc)
    assert is_cut_off(TaskTimeoutError())


def test_an_activation_that_is_cut_off_is_unknown_and_ends_the_use_of_the_account(run: Run) -> None:
    farm = FakeFarm(None, OVER)
    result = run(farm)
    assert code(result) == "outcome_unknown"
    assert "time-out of the task" in result["failure"].message
    assert (result["changed"], actions(result), len(farm.writes)) == (True, [], 1)
    assert not run.may_go_on()


def test_so_is_one_whose_confirmation_is_cut_off(run: Run) -> None:
    farm = FakeFarm(None)
    farm.read_errors = [None, t.cast(t.Any, TaskTimeoutError())]
    result = run(farm)
    assert code(result) == "outcome_unknown"
    assert (result["changed"], actions(result)) == (True, ["activate"])


def test_so_is_a_deactivation(run: Run) -> None:
    result = run(FakeFarm(answer(), OVER), state="absent")
    assert (code(result), result["changed"]) == ("outcome_unknown", True)


@pytest.mark.parametrize("reactions", [(BOUND, OVER), (BOUND, Reaction(), OVER)], ids=["release", "after the release"])
def test_a_release_that_is_cut_off_is_loudest(run: Run, reactions: tuple[Reaction, ...]) -> None:
    run.accept()
    result = run(FakeFarm(answer(paUserEmail=PRIVATE_EMAIL), *reactions), **RELEASE)
    assert code(result) == "left_unlicensed"
    assert "MAY HAVE NO LICENSE" in result["failure"].message


def test_what_is_cut_off_before_anything_was_sent_stays_as_ansible_says_it(run: Run) -> None:
    farm = FakeFarm(None)
    farm.read_errors = [t.cast(t.Any, TaskTimeoutError())]
    with pytest.raises(TaskTimeoutError):
        run(farm)
    assert farm.writes == []
    assert run.may_go_on()


def test_a_request_that_did_not_leave_is_not_unknown_later(run: Run) -> None:
    assert code(run(FakeFarm(None, unsent("api_unreachable")))) == "api_unreachable"


@pytest.mark.parametrize("write", ["update_agent", "set_enabled"])
def test_agents_whose_update_is_cut_off_are_unknown(write: str, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = FakeAdmin(Host("rd1"), Host("rd2"))

    def cut(*_args: t.Any, **_more: t.Any) -> t.NoReturn:
        raise TaskTimeoutError

    monkeypatch.setattr(admin, write, cut)
    result = admin.run(rds_hosts_min_in_service=0)
    assert code(result) == "outcome_unknown"
    assert result["changed"] is True
    assert "time-out of the task" in result["failure"].message
    if write == "update_agent":
        assert "Still out of service, to be brought back by the next run: rd1, rd2." in result["failure"].message


def test_a_look_after_the_update_that_is_cut_off_does_not_take_the_update_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = FakeAdmin(Host("rd1"))

    def cut(*_args: t.Any) -> t.NoReturn:
        raise TaskTimeoutError

    # The last look is the only one that is given a time of its own in the flow.
    monkeypatch.setattr(flow, "_LAST_LOOK", -1.0)
    readings = AgentWatch.readings

    def read(watch: AgentWatch, seconds: float) -> t.Any:
        return cut() if seconds < 0 else readings(watch, seconds)

    monkeypatch.setattr(AgentWatch, "readings", read)
    result = admin.run(drain=False)
    assert code(result) == "outcome_unknown"
    assert result["changed"] is True
    assert [step["action"] for step in result["steps"]] == ["push"]


@pytest.mark.parametrize("at", ["read", "bring_back"])
def test_a_failure_is_reported_though_what_follows_it_is_cut_off(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = FakeAdmin(Host("rd1", push="fails_at_once"), Host("rd2"))
    switch = admin.set_enabled

    def cut_back(server: str, kind: str, enabled: bool, site_id: int | None = None) -> None:
        if enabled:
            raise TaskTimeoutError
        switch(server, kind, enabled, site_id)

    def cut_read(_watch: AgentWatch) -> t.NoReturn:
        raise TaskTimeoutError

    run = Rounds.run

    def run_and_cut(rounds: Rounds, *given: t.Any) -> None:
        try:
            run(rounds, *given)
        finally:
            monkeypatch.setattr(AgentWatch, "read", cut_read)

    if at == "read":
        monkeypatch.setattr(Rounds, "run", run_and_cut)
    else:
        monkeypatch.setattr(admin, "set_enabled", cut_back)
    result = admin.run(rds_hosts_min_in_service=0)
    assert code(result) == "agent_failed"
    assert result["changed"] is True
    if at == "bring_back":
        assert "time-out of the task" in result["failure"].message
        assert "undrain" in [step["action"] for step in result["steps"]]


@pytest.mark.parametrize("failure", [None, RasError("bad_answer", "html")])
def test_a_logoff_that_is_cut_off_takes_nothing_from_what_was_done(
    failure: RasError | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RestBackend, "close", _cut_off)

    class Action(FarmAction):
        SPEC = license_spec()

        def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
            if failure:
                raise failure
            return {"changed": True}

    result = perform(Action)
    assert (result["changed"], "failure" in result) == (failure is None, failure is not None)
    assert [each["rule"] for each in result["findings"]] == ["session_left_open"]
    assert "time of the task was over" in result["findings"][0]["observed"]


@pytest.mark.parametrize("is_cut_off_before", [True, False])
def test_a_logoff_after_no_work_stays_as_ansible_says_it(
    is_cut_off_before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RestBackend, "close", _cut_off)

    class Action(FarmAction):
        SPEC = license_spec()

        def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
            return _cut_off() if is_cut_off_before else {}

    with pytest.raises(TaskTimeoutError):
        perform(Action)
