# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One wrong password, never N: what reaches My Account, and which farms see a logon, by the lab's journal."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest

from counts import count
from harness.cases import MODULE, task
from harness.reading import states
from harness.rhythm import effects
from harness.runner import Run, Runner
from harness.worlds import EMAIL, host_of, PASSWORD, PRIVATE_KEY, SPLA_KEY, world
from scenarios.conftest import StartLab

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
ROLE: t.Final = {"roles": ["fleetops.parallels_ras.ras"]}
WRONG: t.Final = "entirely wrong password"
FLEET: t.Final = [f"f{number}" for number in range(50)]
RIGHT_ALREADY: t.Final = 3
OPTIONS: t.Final = (
    "account_email",
    "account_password",
    "license_key",
    "api_url",
    "api_username",
    "api_password",
    "ca_path",
    "timeout",
    "settle_timeout",
)
UNKNOWN_WORDS: t.Final = "Kindly contact whom it may concern."


@pytest.fixture(scope="module")
def fleet(start_lab: StartLab) -> Runner:
    """50 farms, a wrong account password, forks 50."""
    return start_lab(world({name: {} for name in FLEET}, vault={"ras_account_password": WRONG}), forks=50)


@pytest.fixture
def fresh(fleet: Runner) -> Runner:
    """The fleet with no farm activated, the vendor in good spirits, and nothing in the journal."""
    _first_farms(fleet, license={"state": "none"})
    fleet.lab.patch_account(EMAIL, locked=False, failures=0)
    fleet.lab.clear_journal()
    return fleet


def _first_farms(runner: Runner, **changes: t.Any) -> None:
    for name in FLEET[:RIGHT_ALREADY]:
        runner.lab.patch_farm(name, **changes)


def _make_first_right(runner: Runner) -> None:
    _first_farms(runner, license={"state": "active", "account": EMAIL, "key": SPLA_KEY})


def _bare(runner: Runner, *args: str) -> Run:
    return runner.play([task(OPTIONS)], *args)


def _codes(run: Run) -> Counter[str]:
    """How the module ended, counted by failure code."""
    results = [each["result"] for each in run.records if each.get("action") == MODULE]
    return Counter((result.get("failure") or {}).get("code", "ok") for result in results)


def _assert_one_attempt(runner: Runner, result: str = "credentials_rejected") -> None:
    assert [each["result"] for each in runner.lab.attempts()] == [result]
    assert len(runner.lab.journal(op="activate")) == 1
    assert effects(runner) == {}
    people = runner.lab.state()["accounts"][0]["people"]
    (person,) = [each for each in people if each["email"] == EMAIL]
    assert (person["failures"], person["locked"]) == (1, False)


@pytest.mark.floor_full
def test_bare_task(fresh: Runner) -> None:
    run = _bare(fresh)
    _assert_one_attempt(fresh)
    assert _codes(run) == {"account_credentials_rejected": 1, "not_tried": 49}
    count("scenario", "one password: bare task, 50 farms")


def test_bare_task_when_the_first_farms_are_right(fresh: Runner) -> None:
    _make_first_right(fresh)
    run = _bare(fresh)
    _assert_one_attempt(fresh)
    assert _codes(run) == {"ok": RIGHT_ALREADY, "account_credentials_rejected": 1, "not_tried": 46}
    count("scenario", "one password: bare task, the first farms right")


@pytest.mark.full
def test_playbook_when_the_first_farms_are_right(fresh: Runner) -> None:
    _make_first_right(fresh)
    run = fresh.playbook(ACTIVATE)
    assert run.rc == 2
    _assert_one_attempt(fresh)
    assert Counter(states(run).values()) == {
        "ok": RIGHT_ALREADY,
        "failed account_credentials_rejected": 1,
        "not_tried not_tried": 46,
    }
    count("scenario", "one password: playbook, 50 farms, the first right")


def test_role_alone(fresh: Runner) -> None:
    run = fresh.play([], "--limit", "cb1.f1*", play=ROLE)
    assert run.rc == 2
    _assert_one_attempt(fresh)
    failed = {host for host, stats in run.stats.items() if stats["failures"]}
    assert failed == {host_of(name) for name in FLEET if name.startswith("f1")}
    count("scenario", "one password: role alone")


@pytest.mark.full
def test_playbook_all_fresh_in_one_wave(fresh: Runner) -> None:
    run = fresh.playbook(ACTIVATE, extra={"ras_waves": ["100%"]})
    assert run.rc == 2
    _assert_one_attempt(fresh)
    assert Counter(states(run).values()) == {"failed account_credentials_rejected": 1, "not_tried not_tried": 49}
    count("scenario", "one password: playbook, 50 farms in one wave")


@pytest.mark.full
def test_role_alone_on_all(fresh: Runner) -> None:
    _make_first_right(fresh)
    run = fresh.play([], play=ROLE)
    assert run.rc == 2
    _assert_one_attempt(fresh)
    count("scenario", "one password: role alone, 50 farms")


@pytest.fixture
def unknown_words(fleet: Runner) -> t.Iterator[None]:
    """The vendor refuses with words that nobody knows."""
    for name in FLEET:
        fleet.lab.patch_farm(name, quirks={"message": UNKNOWN_WORDS})
    yield
    for name in FLEET:
        fleet.lab.patch_farm(name, quirks={"message": None})


@pytest.mark.usefixtures("unknown_words")
class TestUnknownWords:
    """The vendor's text is not a known one: it counts as a fault of the account."""

    def test_bare_task(self, fresh: Runner) -> None:
        run = _bare(fresh)
        _assert_one_attempt(fresh)
        assert _codes(run) == {"activation_refused": 1, "not_tried": 49}
        assert UNKNOWN_WORDS in run.output
        count("scenario", "one password: bare task, unknown words")

    @pytest.mark.full
    def test_playbook(self, fresh: Runner) -> None:
        _make_first_right(fresh)
        run = fresh.playbook(ACTIVATE)
        assert run.rc == 2
        _assert_one_attempt(fresh)
        assert Counter(states(run).values()) == {
            "ok": RIGHT_ALREADY,
            "failed activation_refused": 1,
            "not_tried not_tried": 46,
        }
        count("scenario", "one password: playbook, unknown words")


@pytest.mark.floor_full
def test_faults_of_single_farms_do_not_stop_the_others(start_lab: StartLab) -> None:
    farms: dict[str, dict[str, t.Any]] = {name: {} for name in FLEET[:20]}
    farms["f0"]["faults"] = [{"kind": "refuse"}]
    farms["f1"]["vars"] = {"case": {"license_key": PRIVATE_KEY}}
    runner = start_lab(world(farms))
    run = _bare(runner)
    assert _codes(run) == {"api_unreachable": 1, "key_not_in_account": 1, "ok": 18}
    assert set(effects(runner)) == set(FLEET[2:20])
    assert run.results(MODULE, host_of("f0"))[0]["failure"]["code"] == "api_unreachable"
    assert run.results(MODULE, host_of("f1"))[0]["failure"]["code"] == "key_not_in_account"
    count("scenario", "one password: an unreachable farm does not block 19 others")
    count("scenario", "one password: a refusal of a farm's own key does not stop the others")


@pytest.mark.floor_full
def test_a_second_refusal_stops_all_and_an_accepted_account_is_stopped_by_no_single_farm(start_lab: StartLab) -> None:
    farms: dict[str, dict[str, t.Any]] = {name: {} for name in FLEET[:4]}
    for name in FLEET[1:4]:
        farms[name]["faults"] = [{"kind": "vendor_unreachable", "on": "activate", "times": -1}]
    runner = start_lab(world(farms))
    run = _bare(runner, "--limit", f"!{host_of('f0')}")
    assert _codes(run) == {"licensing_unreachable": 2, "not_tried": 1}
    run = _bare(runner, "--forks", "1")
    assert _codes(run) == {"ok": 1, "licensing_unreachable": 3}
    count("scenario", "one password: the second refusal of a run stops all")


@pytest.fixture(scope="module")
def hundred(start_lab: StartLab) -> Runner:
    """100 farms and a wrong password of the RAS administrator."""
    farms: dict[str, dict[str, t.Any]] = {f"f{number}": {} for number in range(100)}
    return start_lab(world(farms, vault={"ras_api_password": WRONG}), forks=50)


class TestAdministrator:
    """The RAS administrators are guarded as the business account is."""

    @pytest.mark.floor_full
    def test_bare_task(self, hundred: Runner) -> None:
        hundred.lab.clear_journal()
        run = _bare(hundred)
        assert _codes(run) == {"api_credentials_rejected": 2, "not_tried": 98}
        assert len(hundred.lab.journal()) == len({entry["farm"] for entry in hundred.lab.journal()}) == 2
        assert hundred.lab.attempts() == []
        assert WRONG not in run.output
        assert PASSWORD not in run.output
        count("scenario", "one password: RAS administrator, 100 farms")

    @pytest.mark.full
    def test_playbook(self, hundred: Runner) -> None:
        hundred.lab.clear_journal()
        run = hundred.playbook(ACTIVATE)
        assert run.rc == 2
        assert Counter(states(run).values()) == {"refused api_credentials_rejected": 2, "refused not_tried": 98}
        assert len(hundred.lab.journal()) == 2
        count("scenario", "one password: RAS administrator, playbook, 100 farms")
