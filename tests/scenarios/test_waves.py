# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What guards a fleet while it is changed: waves, their stop rule, keys and identities that must not occur twice."""

from __future__ import annotations

import typing as t

import pytest

from counts import count
from harness.reading import inventory, outcomes, overlay, preflight_lines, states, waves
from harness.rhythm import effects
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, PREPAID_KEY, SMALL_KEY, SPLA_KEY, world
from raslab.secrecy import mask_key
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor_full

ACTIVATE: t.Final = "fleetops.parallels_ras.activate"
_UNREACHABLE_VENDOR: t.Final = {"kind": "vendor_unreachable", "on": "activate", "times": -1}
# The plan is the first session: when it has logged off, the farm's port closes.
_LOST_AFTER_PLAN: t.Final = {"kind": "refuse", "on": "logoff", "after": 1}
FARMS: t.Final[dict[str, dict[str, t.Any]]] = {
    **{f"plain-{letter}": {} for letter in "abcde"},
    "pilot-a": {"vars": {"ras_license_key": PREPAID_KEY}},
    "pilot-b": {"vars": {"ras_license_key": PREPAID_KEY}},
    "holder-a": {"license": {**ACTIVE, "key": SMALL_KEY}, "vars": {"ras_license_key": SMALL_KEY}},
    "holder-b": {"vars": {"ras_license_key": SMALL_KEY}},
    "twin": {},
    "broken-a": {"faults": [_UNREACHABLE_VENDOR]},
    **{f"broken-{letter}": {} for letter in "bcd"},
    "closed-a": {"faults": [{"kind": "refuse"}]},
    "closed-b": {},
    "lost-a": {},
    "lost-b": {},
    "typed-a": {},
    "typed-b": {},
    "slice": {},
}


@pytest.fixture(scope="module")
def runner(start_lab: StartLab) -> Runner:
    return start_lab(world(FARMS))


def _run(runner: Runner, farms: str, *args: str, **options: t.Any) -> Run:
    """Activate the farms of this beginning."""
    runner.lab.clear_journal()
    return runner.playbook(ACTIVATE, *args, "--limit", f"cb1.{farms}*", **options)


def test_waves_go_one_after_another(runner: Runner) -> None:
    names = [f"plain-{letter}" for letter in "abcde"]
    run = _run(runner, "plain", extra={"ras_waves": [1, "40%", "100%"]})
    assert run.rc == 0
    assert waves(run) == [{host_of(name) for name in part} for part in (names[:1], names[1:3], names[3:])]
    ended = [entry["farm"] for entry in runner.lab.journal() if entry["op"] == "logoff"]
    writes = [entry["farm"] for entry in runner.lab.journal(op="activate")]
    assert writes[0] == names[0]
    assert set(writes[1:3]) == set(names[1:3])
    assert set(writes[3:]) == set(names[3:])
    assert "no hosts matched" not in run.output
    assert "Waves of 1, 2 and 2 farms, forks 20: each wave takes as long as its slowest farm." in run.output
    # plan, change and proof: each farm logs off as often as it logs on
    assert sorted(ended) == sorted(names * 3)
    count("scenario", "waves: one after another")


@pytest.mark.full
@pytest.mark.parametrize(
    ("sizes", "counts"), [("50%", [2, 2, 1]), (2, [2, 2, 1]), (["1", "100%"], [1, 4]), (["3%"], [1, 1, 1, 1, 1])]
)
def test_forms_of_sizes(runner: Runner, sizes: t.Any, counts: list[int]) -> None:
    for letter in "abcde":
        runner.lab.patch_farm(f"plain-{letter}", license={"state": "none"})
    run = _run(runner, "plain", check=True, extra={"ras_waves": sizes})
    assert run.rc == 0
    assert [len(hosts) for hosts in waves(run)] == counts
    count("scenario", f"waves: ras_waves {sizes}")


_BAD_SIZES: t.Final = [
    pytest.param([1], "ras_waves makes more than 10 waves for 1", id="too-many"),
    pytest.param([], "ras_waves is empty", marks=pytest.mark.full, id="empty"),
    pytest.param([0], "ras_waves holds '0'", marks=pytest.mark.full, id="zero"),
    pytest.param(["some"], "ras_waves holds 'some'", marks=pytest.mark.full, id="word"),
    pytest.param(["-5%"], "ras_waves holds '-5%'", marks=pytest.mark.full, id="negative"),
]


@pytest.mark.parametrize(("sizes", "message"), _BAD_SIZES)
def test_invalid_sizes_end_in_the_table_before_any_write(runner: Runner, sizes: t.Any, message: str) -> None:
    for letter in "abcd":
        runner.lab.patch_farm(f"plain-{letter}", license={"state": "none"})
    runner.lab.patch_farm("plain-e", license=ACTIVE)
    runner.lab.clear_journal()
    run = runner.playbook(ACTIVATE, "--limit", f"all:!{host_of('closed-a')}", extra={"ras_waves": sizes})
    assert run.rc == 2
    rows = outcomes(run)
    assert set(rows) == set(FARMS) - {"closed-a"}
    for name, row in rows.items():
        # A farm that the plan refuses keeps its own failure: both must be fixed.
        own = "refused key_not_shared" if name.startswith("holder") else "not_tried invalid_option"
        assert f"{row['state']} {row['code']}" == own, name
        if row["code"] == "invalid_option":
            assert message in row["message"]
            assert "expected" in row["message"]
            assert "Correct ras_waves" in row["remedy"]
    assert rows["plain-e"]["license"]["status"] == "active"
    assert effects(runner) == {}
    assert runner.lab.journal(op="activate") == []
    assert waves(run) == []
    assert {host for host, stats in run.stats.items() if stats["failures"]} == {row["host"] for row in rows.values()}
    count("scenario", f"waves: ras_waves {sizes} is refused")


def test_a_failed_farm_stops_later_waves(runner: Runner) -> None:
    run = _run(runner, "broken", extra={"ras_waves": [1, 1, "100%"]})
    assert run.rc == 2
    assert states(run) == {
        "broken-a": "failed licensing_unreachable",
        **{f"broken-{letter}": "not_tried not_tried" for letter in "bcd"},
    }
    assert "ras_max_failed_farms=0" in outcomes(run)["broken-c"]["message"]
    assert "443" in outcomes(run)["broken-a"]["remedy"]
    assert effects(runner) == {}
    assert [entry["farm"] for entry in runner.lab.journal(op="activate")] == ["broken-a"]
    count("scenario", "waves: a failed farm stops later waves")


def test_a_failed_farm_stops_the_rest_of_its_wave(runner: Runner) -> None:
    """With one fork the turn of the others comes when the first has failed."""
    run = _run(runner, "broken", "--forks", "1", extra={"ras_waves": ["100%"]})
    assert run.rc == 2
    assert states(run) == {
        "broken-a": "failed licensing_unreachable",
        **{f"broken-{letter}": "not_tried not_tried" for letter in "bcd"},
    }
    assert "1 farm of this run did not end well (broken-a)" in outcomes(run)["broken-d"]["message"]
    assert [entry["farm"] for entry in runner.lab.journal(op="activate")] == ["broken-a"]
    count("scenario", "waves: a failed farm stops the rest of its wave")


@pytest.mark.full
def test_ras_max_failed_farms_lets_later_waves_start(runner: Runner) -> None:
    run = _run(runner, "broken", extra={"ras_waves": [1, 1, "100%"], "ras_max_failed_farms": 1})
    assert run.rc == 2
    assert states(run) == {
        "broken-a": "failed licensing_unreachable",
        **{f"broken-{letter}": "changed" for letter in "bcd"},
    }
    assert effects(runner) == {f"broken-{letter}": ["activated"] for letter in "bcd"}
    assert runner.lab.farm("broken-b")["license"]["key"] == mask_key(SPLA_KEY)
    count("scenario", "waves: ras_max_failed_farms")


def test_an_unreachable_farm_does_not_keep_the_others_from_their_plan(runner: Runner) -> None:
    run = _run(runner, "closed", extra={"ras_timeout": 5})
    assert run.rc == 2
    assert states(run) == {"closed-a": "refused api_unreachable", "closed-b": "changed"}
    assert effects(runner) == {"closed-b": ["activated"]}
    count("scenario", "waves: unreachable at plan time")


@pytest.mark.full
def test_a_farm_that_is_lost_after_the_plan_counts_as_failed(runner: Runner) -> None:
    runner.lab.add_fault("lost-a", **_LOST_AFTER_PLAN)
    run = _run(runner, "lost", extra={"ras_timeout": 5})
    assert run.rc == 2
    assert states(run) == {"lost-a": "failed api_unreachable", "lost-b": "not_tried not_tried"}
    assert "1 farm of this run did not end well (lost-a)" in outcomes(run)["lost-b"]["message"]
    assert effects(runner) == {}
    count("scenario", "waves: lost after the plan")


def test_variables_of_the_wrong_type_end_in_the_table_before_any_write(runner: Runner) -> None:
    run = _run(runner, "typed", extra={"ras_timeout": "soon", "ras_reboot": "sometimes"})
    assert run.rc == 2
    assert states(run) == dict.fromkeys(("typed-a", "typed-b"), "refused invalid_option")
    row = outcomes(run)["typed-a"]
    for part in ("ras_timeout is wrong, too", "ras_reboot", "never, auto", "sometimes"):
        assert part in row["message"]
    assert "ansible-doc -t role" in row["remedy"]
    assert runner.lab.journal() == []
    assert {host for host, stats in run.stats.items() if stats["failures"]} == set(map(host_of, states(run)))
    count("scenario", "waves: variables of the wrong type")


def test_a_wrong_variable_of_one_farm_does_not_stop_the_others(runner: Runner) -> None:
    # The first of the two: a task with run_once must find another host to run on.
    wrong = overlay(runner, "typed", {host_of("typed-a"): {"ras_timeout": "soon"}})
    run = _run(runner, "typed", *wrong)
    assert run.rc == 2
    assert states(run) == {"typed-a": "refused invalid_option", "typed-b": "changed"}
    assert effects(runner) == {"typed-b": ["activated"]}
    count("scenario", "waves: a variable of the wrong type at one farm")


@pytest.mark.full
def test_a_prepaid_key_that_two_farms_want_shows_after_the_pilot(runner: Runner) -> None:
    run = _run(runner, "pilot")
    assert run.rc == 2
    assert states(run) == {"pilot-a": "changed", "pilot-b": "not_tried not_tried"}
    message = outcomes(run)["pilot-b"]["message"]
    assert "not an SPLA key" in message
    assert "PrePaid" in message
    assert PREPAID_KEY not in run.output
    assert effects(runner) == {"pilot-a": ["activated"]}
    # From now on it is known before anything is written.
    again = _run(runner, "pilot", check=True)
    assert states(again) == {"pilot-a": "refused key_not_shared", "pilot-b": "refused key_not_shared"}
    assert effects(runner) == {}
    count("scenario", "fleet: prepaid key wanted twice, known after the pilot")


def test_a_prepaid_key_that_is_held_is_known_at_plan_time(runner: Runner) -> None:
    run = _run(runner, "holder")
    assert run.rc == 2
    assert states(run) == {"holder-a": "refused key_not_shared", "holder-b": "refused key_not_shared"}
    assert "holder-a, holder-b" in preflight_lines(run)[host_of("holder-b")]
    assert runner.lab.journal(op="activate") == []
    assert runner.lab.farm("holder-a")["license"]["key"] == mask_key(SMALL_KEY)
    count("scenario", "fleet: prepaid key wanted twice, known at plan time")


def test_two_hosts_that_are_one_farm_are_refused(runner: Runner) -> None:
    twin = {"ansible_host": runner.lab.farms["twin"]["address"], "ras_farm": "twin-again"}
    path = inventory(
        runner,
        "twin",
        {"all": {"children": {"ras_licensing_servers": {"hosts": {"cb1.twin-again.example.com": twin}}}}},
    )
    run = _run(runner, "twin", "-i", str(path))
    assert run.rc == 2
    assert states(run) == {"twin": "refused duplicate_farm", "twin-again": "refused duplicate_farm"}
    assert runner.lab.farm("twin")["guid"] in outcomes(run)["twin"]["message"]
    assert effects(runner) == {}
    count("scenario", "fleet: duplicate farmGUID")


def test_a_slice_changes_no_farm(runner: Runner) -> None:
    """What AWX hands to a job that it made for a slice; drift checks are allowed, see test_drift."""
    awx = {"awx_job_template_name": "Activate", "awx_workflow_job_name": "Activate"}
    run = _run(runner, "slice", extra=awx)
    assert (run.rc, states(run)) == (2, {"slice": "refused job_sliced"})
    assert "ras_allow_slicing=true" in preflight_lines(run)[host_of("slice")]
    assert effects(runner) == {}
    allowed = _run(runner, "slice", extra={**awx, "ras_allow_slicing": True}, check=True)
    assert (allowed.rc, states(allowed)) == (0, {"slice": "due"}), allowed.output
    count("scenario", "fleet: a slice changes no farm unless it is allowed to")


def test_the_lab_was_asked_nothing_strange(runner: Runner) -> None:
    assert runner.lab.problems() == []
    assert runner.lab.open_sessions() == []
