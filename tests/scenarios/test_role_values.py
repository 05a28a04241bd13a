# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of another type, or none of the choices: one sentence for a farm, whichever way the role is entered."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from counts import count
from harness.reading import overlay, secrets_in, states
from harness.runner import Run, Runner
from harness.worlds import ACTIVE, host_of, NONE, PASSWORD, world
from scenarios.conftest import StartLab

pytestmark = pytest.mark.floor

ROLE: t.Final = "fleetops.parallels_ras.ras"
PLAYBOOK: t.Final = "fleetops.parallels_ras.{}"
FARMS: t.Final = ("tokyo", "osaka")
# Bytes of output for each farm; the specification alone has five times as many.
MOST: t.Final = 4096
BAD: t.Final[dict[str, tuple[t.Any, str]]] = {
    "ras_reboot": ("sometimes", "expected one of never, auto, observed 'sometimes'"),
    "ras_agents_method": (["msi"], "expected one of push, msi, observed a list"),
    "ras_on_key_mismatch": ("Fail", "expected one of fail, reactivate, ignore, observed 'Fail'"),
    "ras_install_timeout": ("soon", "expected a whole number, observed 'soon'"),
    "ras_drain": ("maybe", "expected true or false, observed 'maybe'"),
    "ras_stage_folder": (["C:\\stage"], "expected a text in quotes, observed a list"),
    "ras_verify_exclude": ({"agents": True}, "expected a list of texts, observed a mapping"),
}
# What a look for drift is about, once for all farms.
POLICY: t.Final[dict[str, tuple[t.Any, str]]] = {
    "ras_drift_agents": ("some", "expected one of none, listed, all, observed 'some'"),
    "ras_drift_waivers": (["tokyo"], "expected a list of mappings, observed a list"),
    "ras_expiry_warning_days": ("many", "expected a whole number, observed 'many'"),
}
OMIT: t.Final = "{{ omit }}"


@pytest.fixture(scope="module")
def lab(start_lab: StartLab) -> Runner:
    return start_lab(world({"tokyo": {"license": NONE}, "osaka": {"license": ACTIVE}}))


@pytest.fixture(name="runner")
def _runner(lab: Runner) -> Runner:
    lab.lab.clear_journal()
    return lab


def _refused(runner: Runner, run: Run, name: str, says: str, farms: int = 1) -> None:
    assert run.rc == 2
    flat = " ".join(run.output.split())
    assert f"The variable {name} of " in flat
    assert says in flat.replace("\\\\", "\\")
    assert "argument_spec" not in run.output
    assert "Validation of arguments" not in run.output
    assert len(run.output.encode()) < MOST * farms
    assert secrets_in(run) == []
    assert runner.lab.journal() == []


@pytest.mark.parametrize("name", BAD)
def test_the_role_says_one_sentence(runner: Runner, name: str) -> None:
    value, says = BAD[name]
    run = runner.play([], "--limit", host_of("tokyo"), play={"roles": [ROLE]}, extra={name: value})
    _refused(runner, run, name, says)
    count("scenario", f"the role refuses a value: {name}")


_OTHER_ENTRIES: t.Final = ("activate", "deactivate", "upgrade", "agents", "members", "verify")


@pytest.mark.parametrize(
    "entry",
    ["preflight", "backup", "drift", *(pytest.param(entry, marks=pytest.mark.full) for entry in _OTHER_ENTRIES)],
)
def test_so_does_every_entry_point(runner: Runner, entry: str) -> None:
    """Of a variable that only the task sets, too."""
    include = {
        "ansible.builtin.include_role": {"name": ROLE, "tasks_from": entry},
        "vars": {"ras_reboot": "sometimes"},
        "tags": "always",
    }
    # Like core's own check, it leaves no step out for its tags.
    run = runner.play([include], "--limit", host_of("tokyo"), "--tags", "always", check=True)
    _refused(runner, run, "ras_reboot", BAD["ras_reboot"][1])
    count("scenario", f"an entry point refuses a value: {entry}")


def test_parameters_of_the_role_are_judged_at_each_use(runner: Runner) -> None:
    roles = [{"role": ROLE, "tasks_from": "verify", "ras_timeout": value} for value in (60, "soon")]
    includes = [
        {"ansible.builtin.include_role": {"name": ROLE, "tasks_from": "verify"}, "vars": {"ras_timeout": value}}
        for value in (60, "soon")
    ]
    first = runner.play(includes, "--limit", host_of("osaka"), check=True)
    assert first.rc == 2
    assert "expected a whole number, observed 'soon'" in first.output
    assert "argument_spec" not in first.output
    second = runner.play([], "--limit", host_of("osaka"), play={"roles": roles[1:]}, check=True)
    _refused(runner, second, "ras_timeout", "expected a whole number, observed 'soon'")
    count("scenario", "the role refuses a value at its second use")


@pytest.mark.parametrize("playbook", ["activate", "rollout", pytest.param("deactivate", marks=pytest.mark.full)])
def test_playbooks_refuse_it_in_the_table(runner: Runner, playbook: str) -> None:
    name, (value, says) = "ras_reboot", BAD["ras_reboot"]
    extra = {name: value, "ras_confirm_deactivate": list(FARMS)}
    for check in (True, False):
        run = runner.playbook(PLAYBOOK.format(playbook), extra=extra, check=check)
        assert states(run) == dict.fromkeys(FARMS, "refused invalid_option")
        _refused(runner, run, name, says, 2 * len(FARMS))
        # The last word of each farm is the reason.
        last = run.output.split("TASK [Fail for each farm that is not as wanted]")[1]
        assert last.count(says.split(", observed", maxsplit=1)[0]) >= len(FARMS)
    count("scenario", f"a playbook refuses a value: {playbook}")


def test_one_farm_is_refused_alone(runner: Runner) -> None:
    wrong = overlay(runner, "one", {host_of("osaka"): {"ras_min_free_gb": "much"}})
    run = runner.playbook(PLAYBOOK.format("activate"), *wrong, check=True)
    assert states(run) == {"tokyo": "due", "osaka": "refused invalid_option"}
    assert "expected a number, observed 'much'" in run.output
    runner.lab.clear_journal()
    drift = runner.playbook(PLAYBOOK.format("drift"), *wrong)
    assert "expected a number, observed 'much'" in drift.output
    assert {entry["farm"] for entry in runner.lab.journal()} == {"tokyo"}
    count("scenario", "one farm is refused for a value")


@pytest.mark.parametrize("name", POLICY)
def test_the_policy_of_a_look_for_drift(runner: Runner, name: str) -> None:
    value, says = POLICY[name]
    path = runner.folder / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)  # it may be the first run of all
    content = [{"ansible.builtin.import_playbook": PLAYBOOK.format("drift"), "vars": {name: value}}]
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    _refused(runner, runner.playbook(path), name, says)
    count("scenario", f"drift refuses a value: {name}")


def test_a_secret_is_hidden_where_none_belongs(runner: Runner) -> None:
    run = runner.playbook(PLAYBOOK.format("activate"), "-vvv", extra={"ras_reboot": PASSWORD}, check=True)
    assert states(run) == dict.fromkeys(FARMS, "refused invalid_option")
    assert secrets_in(run) == []
    count("scenario", "a secret in place of a choice")


def test_a_number_that_is_left_out(runner: Runner) -> None:
    """Before 2.19, core takes it for a text, and prints its specification; since then, it is left out."""
    run = runner.play([], "--limit", host_of("osaka"), play={"roles": [ROLE]}, extra={"ras_timeout": OMIT}, check=True)
    assert "argument_spec" not in run.output
    assert run.rc == 0 or "expected a whole number, observed 'omit'" in run.output
    count("scenario", "omit in place of a number")
