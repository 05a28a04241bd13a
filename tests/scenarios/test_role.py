# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role alone, for one host or a few: the same result and the same safety as the playbooks."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.cases import MODULE
from harness.reading import preflight_lines, secrets_in
from harness.rhythm import effects, four_times
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, EMAIL, FOREIGN, host_of, NONE, PASSWORD, SPLA_KEY, TRIAL, world
from scenarios.conftest import StartLab

ROLE: t.Final = "fleetops.parallels_ras.ras"
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    "fresh": {"license": NONE},
    "trial": {"license": TRIAL},
    "right": {"license": ACTIVE},
    "foreign": {"license": FOREIGN},
    "unmanaged": {"license": NONE, "vars": {"ras_managed": False}},
    **{f"gone-{number}": {"license": ACTIVE} for number in (1, 2)},
    "only-activate": {"license": NONE},
    "only-deactivate": {"license": ACTIVE},
}
UNNAMED: t.Final = {"ras_state": "absent"}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(world(FARMS))


@pytest.fixture(autouse=True)
def _clear(runner: Runner) -> None:
    runner.lab.clear_journal()


def _role(runner: Runner, *farms: str, args: tuple[str, ...] = (), **options: t.Any) -> Run:
    """The role on the hosts of these farms; further options are those of the runner, ``extra`` for variables."""
    limit = ",".join(host_of(farm) for farm in farms)
    return runner.play([], "--limit", limit, *args, play={"roles": [ROLE]}, **options)


def _entry(runner: Runner, name: str, *farms: str, **options: t.Any) -> Run:
    """One entry point of the role alone."""
    include = {"name": "Enter", "ansible.builtin.include_role": {"name": ROLE, "tasks_from": name}}
    return runner.play([include], "--limit", ",".join(host_of(farm) for farm in farms), **options)


def _flat(run: Run) -> str:
    return " ".join(run.output.split())


@pytest.mark.full
@pytest.mark.floor_full
def test_present_for_a_few_hosts(runner: Runner) -> None:
    def run(check: bool) -> Run:
        return _role(runner, "fresh", "trial", "right", "unmanaged", args=("--diff",), check=check)

    four = four_times(runner, run, expected={"fresh": ["activated"], "trial": ["activated"]})
    for each in four.each():
        assert secrets_in(each) == []
    assert runner.lab.farm("unmanaged")["license"]["state"] == "none"
    assert preflight_lines(four.check)[host_of("fresh")] == "fresh: activate is due: the farm is not activated"
    assert "unmanaged, left alone" in preflight_lines(four.check)[host_of("unmanaged")]
    count("scenario", "role: present, four runs")


@pytest.mark.floor_full
def test_absent_for_two_hosts(runner: Runner) -> None:
    extra = {"ras_state": "absent", "ras_confirm_deactivate": ["gone-1", "gone-2"]}

    def run(check: bool) -> Run:
        return _role(runner, "gone-1", "gone-2", check=check, extra=extra)

    four_times(runner, run, expected={f"gone-{number}": ["deactivated"] for number in (1, 2)})
    count("scenario", "role: absent, four runs")


def test_absent_needs_the_list(runner: Runner) -> None:
    run = _role(runner, "right", extra=UNNAMED)
    assert run.rc == 2
    assert "ras_confirm_deactivate to be exactly ['right']" in _flat(run)
    assert runner.lab.journal(op="deactivate") == []
    count("scenario", "role: absent without the list")


def test_a_refusal_is_readable_and_keeps_the_others_going(runner: Runner) -> None:
    run = _role(runner, "foreign", "right")
    assert run.rc == 2
    assert "foreign: refused, account_mismatch: The farm is activated with another account: expected" in _flat(run)
    assert "on_account_mismatch=reactivate" in _flat(run)
    assert {host for host, stats in run.stats.items() if stats["failures"]} == {host_of("foreign")}
    assert len(run.results(MODULE, host_of("right"))) == 3
    assert effects(runner) == {}
    count("scenario", "role: readable refusal")


def test_no_account_brings_the_guidance(runner: Runner) -> None:
    run = _role(runner, "right", extra={"ras_account_email": ""})
    assert run.rc == 2
    for part in (
        "no API offers",
        "perpetual license with upgrade insurance",
        "Forgot password",
        "invite you",
        "support",
    ):
        assert part in _flat(run)
    assert runner.lab.attempts() == []
    count("scenario", "role: account not defined")


@pytest.mark.parametrize(
    ("name", "extra", "says"),
    [
        ("choice", {"ras_state": "enabled"}, ("ras_state", "present, absent", "enabled")),
        pytest.param("number", {"ras_timeout": "soon"}, ("ras_timeout", "a whole number"), marks=pytest.mark.full),
        ("list", {"ras_account_keys": {SPLA_KEY: PASSWORD}}, ("ras_account_keys", "list")),
    ],
)
def test_the_specification_is_enforced_and_shows_no_secret(
    runner: Runner, name: str, extra: dict[str, t.Any], says: tuple[str, ...]
) -> None:
    run = _role(runner, "right", args=("-vvv",), extra=extra)
    assert run.rc == 2
    for part in says:
        assert part in _flat(run)
    assert secrets_in(run) == []
    assert runner.lab.journal() == []
    count("scenario", f"role: argument specification, wrong {name}")


def test_preflight_alone_writes_nothing(runner: Runner) -> None:
    run = _entry(runner, "preflight", "only-activate", "foreign")
    assert run.rc == 2
    assert preflight_lines(run)[host_of("only-activate")] == "only-activate: activate is due: the farm is not activated"
    assert {entry["op"] for entry in runner.lab.journal()} == {"logon", "license", "logoff"}
    facts = [
        each["result"]["ansible_facts"]["ras_preflight"]
        for each in run.records
        if "ras_preflight" in each.get("result", {}).get("ansible_facts", {})
    ]
    assert facts
    for fact in facts:
        assert {"account", "single_account", "api", "licensing_server", "identity", "keys", "plan"} <= set(
            fact["checks"]
        )
        for check in fact["checks"].values():
            assert set(check) == {"state", "observed", "expected", "remedy"}
    count("scenario", "role: preflight alone")


@pytest.mark.full
def test_activate_and_verify_alone(runner: Runner) -> None:
    before = _entry(runner, "verify", "only-activate")
    assert before.rc == 2
    assert "only-activate is not as wanted after the run" in _flat(before)
    done = _entry(runner, "activate", "only-activate")
    assert done.rc == 0, done.output[-3000:]
    assert effects(runner) == {"only-activate": ["activated"]}
    after = _entry(runner, "verify", "only-activate")
    assert after.rc == 0
    assert runner.lab.farm("only-activate")["license"]["account"] == EMAIL
    count("scenario", "role: activate alone")
    count("scenario", "role: verify alone")


@pytest.mark.full
def test_deactivate_alone(runner: Runner) -> None:
    refused = _entry(runner, "deactivate", "only-deactivate", extra={"ras_confirm_deactivate": "another, farm"})
    assert refused.rc == 2
    assert "only-deactivate is not deactivated: expected its name in ras_confirm_deactivate" in _flat(refused)
    assert effects(runner) == {}
    done = _entry(runner, "deactivate", "only-deactivate", extra={"ras_confirm_deactivate": "another, only-deactivate"})
    assert done.rc == 0, done.output[-3000:]
    assert effects(runner) == {"only-deactivate": ["deactivated"]}
    count("scenario", "role: deactivate alone")


@pytest.mark.parametrize("name", ["activate", "deactivate"])
def test_a_failure_of_one_entry_point_ends_the_play_of_its_host(runner: Runner, name: str) -> None:
    run = _entry(runner, name, "foreign", extra={"ras_confirm_deactivate": "foreign"})
    assert run.rc == 2
    assert "foreign: account_mismatch: The farm is activated with another account" in _flat(run)
    assert effects(runner) == {}
    count("scenario", f"role: {name} alone, refused")


_LATER: t.Final[dict[str, tuple[dict[str, t.Any], str]]] = {
    "the role": ({"roles": [ROLE]}, "*: Activate"),
    "an entry point": (
        {"pre_tasks": [{"name": "Enter", "ansible.builtin.import_role": {"name": ROLE, "tasks_from": "deactivate"}}]},
        "*Bring the license to the wanted state*",
    ),
}


@pytest.mark.floor
@pytest.mark.parametrize("case", _LATER)
def test_a_start_at_a_later_task_writes_nothing(runner: Runner, case: str) -> None:
    """Neither the checks of the role nor the confirmation of a deactivation can be left out."""
    play, task = _LATER[case]
    names = ("fresh", "right")
    run = runner.play([], "--limit", ",".join(map(host_of, names)), "--start-at-task", task, play=play)
    assert run.rc == 2, run.output[-3000:]
    assert effects(runner) == {}
    assert "expected none of --start-at-task and --step, observed --start-at-task" in _flat(run)
    count("scenario", f"role: a start at a later task of {case}")


@pytest.mark.floor
def test_tags_leave_out_the_role_or_nothing_of_it(runner: Runner) -> None:
    """Whatever way it was tagged: with the tag it runs with its checks, without it nothing is sent."""
    limit = ("--limit", host_of("foreign"))
    named = {"name": "Enter", "ansible.builtin.import_role": {"name": ROLE}, "tags": "ras"}
    included = {
        "name": "Enter",
        "ansible.builtin.include_role": {"name": ROLE, "apply": {"tags": "ras"}},
        "tags": "ras",
    }
    always = {"roles": [{"role": ROLE, "tags": "always"}]}
    for play in ({"roles": [{"role": ROLE, "tags": "ras"}]}, {"pre_tasks": [named]}, {"pre_tasks": [included]}):
        run = runner.play([], *limit, "--tags", "ras", play=play)
        assert (run.rc, host_of("foreign") in preflight_lines(run)) == (2, True), run.output[-3000:]
        runner.lab.clear_journal()
        assert runner.play([], *limit, "--skip-tags", "ras", play=play).rc == 0
        assert runner.lab.journal() == []
    assert host_of("foreign") in preflight_lines(runner.play([], *limit, "--tags", "other", play=always))
    count("scenario", "role: tags")
