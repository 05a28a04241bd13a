# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Worlds that are rolled out, what a run announced and what it did: read from the run, and from the lab's journal."""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass, field

from raslab.msi_build import STOCK

from .reading import secrets_in
from .rhythm import Four
from .runner import Run, Runner
from .worlds import ACTIVE, windows, world

ROLLOUT: t.Final = "fleetops.parallels_ras.rollout"
VERSION: t.Final = "21.2.28000"
# As agents report it.
FULL_VERSION: t.Final = "21.2.0.28000"
INSTALLER: t.Final = STOCK / f"RASInstaller-{VERSION}.msi"
URL: t.Final = f"https://download.example.com/RASInstaller-{VERSION}.msi"
DOWNLOADS: t.Final = {URL: f"lab:{INSTALLER.name}"}
STAGE: t.Final = "C:\\ProgramData\\FleetOps\\parallels_ras\\stage"
# The hosts of the lab need tenths of a second for what takes real ones minutes.
QUICK: t.Final[dict[str, t.Any]] = {
    "ras_install_timeout": 60,
    "ras_restart_timeout": 30,
    "ras_agent_timeout": 30,
    "ras_drain_timeout": 20,
}
_WRITES_OF_MODULES: t.Final = ("win_copy", "win_get_url", "win_file", "win_service")
_WRITES_OF_SCRIPTS: t.Final = ("host_install", "host_restart")
_EFFECTS: t.Final = {"activate": "activated", "deactivate": "deactivated", "apply_settings": "settings_applied"}
_LICENSE: t.Final = frozenset(_EFFECTS.values())

Journal = t.Sequence[t.Mapping[str, t.Any]]


def sha256_of(name: str = INSTALLER.name) -> str:
    """The SHA-256 of an installer of the lab."""
    return hashlib.sha256((STOCK / name).read_bytes()).hexdigest()


def rollout_world(farms: t.Mapping[str, t.Mapping[str, t.Any]], **variables: t.Any) -> dict[str, t.Any]:
    """A world whose hosts answer WinRM, whose farms are old and activated where they do not say otherwise.

    :param farms: name -> keys of a farm.
    :param variables: of all hosts, over those that bring every farm to :data:`VERSION` by :data:`URL`.
    """
    given = {name: {"generation": 20, "license": ACTIVE, **farm} for name, farm in farms.items()}
    made = world(given)
    made["defaults"]["windows"] = windows(durations={"install": 0.1, "restart": 0.3, "push": 0.2})
    made["downloads"] = DOWNLOADS
    made["inventory_vars"] = to_version({**QUICK, **variables})
    return made


def to_version(others: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Inventory variables that bring a farm to :data:`VERSION` by :data:`URL`; others go besides or in their place."""
    return {
        "ras_version": VERSION,
        "ras_installer_url": URL,
        "ras_installer_sha256": sha256_of(),
        "ras_reboot": "auto",
        "ras_poll_interval": 1,
        **others,
    }


@dataclass
class Changes:
    """What is changed in a world, in its order.

    :ivar installs: farm -> hosts on which the installer runs.
    :ivar pushes: farm -> servers to which agents are pushed.
    :ivar licenses: farm -> effects on its license.
    """

    installs: dict[str, list[str]] = field(default_factory=dict)
    pushes: dict[str, list[str]] = field(default_factory=dict)
    licenses: dict[str, list[str]] = field(default_factory=dict)

    def note(self, kind: dict[str, list[str]], farm: str, what: str) -> None:
        """Add one change to one of the three."""
        kind.setdefault(farm, []).append(what)


def done(journal: Journal) -> Changes:
    """What was installed, pushed and written; an attempt counts as a change."""
    found = Changes()
    for entry in journal:
        if entry["op"] == "install":
            found.note(found.installs, entry["farm"], entry["host"])
        elif entry["op"] == "push":
            found.note(found.pushes, entry["farm"], entry["host"])
        elif entry["effect"] in _LICENSE and entry["op"] != "ras_drain":
            found.note(found.licenses, entry["farm"], entry["effect"])
    return found


def touched(journal: Journal) -> list[str]:
    """Everything that changed something on a host or in a farm, or tried to, as "host op"."""
    return [
        f"{entry['host']} {entry['op']}"
        for entry in journal
        if not entry["check"]
        and (
            entry["effect"] not in (None, "logon", "logoff")
            or entry["op"] in ("install", "push", "restart", "promotion", *_WRITES_OF_MODULES, *_WRITES_OF_SCRIPTS)
        )
    ]


def hosts_of(journal: Journal, op: str) -> list[str]:
    """The hosts of the entries of an op, in order."""
    return [entry["host"] for entry in journal if entry["op"] == op]


@dataclass
class Announced:
    """What a run says that is due, as far as it is the same in check mode and without.

    :ivar installs: the hosts that would be installed (check mode only).
    :ivar rounds: farm -> the servers of each round of pushes.
    :ivar member_rounds: farm -> the servers of each round of members that install by themselves.
    :ivar licenses: farm -> the effects on its license.
    """

    installs: set[str] = field(default_factory=set)
    rounds: dict[str, list[list[str]]] = field(default_factory=dict)
    member_rounds: dict[str, list[list[str]]] = field(default_factory=dict)
    licenses: dict[str, list[str]] = field(default_factory=dict)


def farm_of(host: str) -> str:
    """The farm of a host, by the names that the tests give to hosts."""
    return host.split(".")[1]


def announced(run: Run) -> Announced:
    """Read the announcements out of the results of a run."""
    said = Announced()
    for each in run.records:
        task, result, farm = str(each.get("task")), each.get("result", {}), farm_of(str(each.get("host", ".")))
        facts = result.get("ansible_facts") or {}
        if task.endswith("Announce what would be done") and result.get("changed"):
            said.installs |= {row["item"]["upgrade"]["host"] for row in result["results"] if row.get("changed")}
        plan = facts.get("__ras_agents_plan") or {}
        servers = [row["servers"] for row in plan.get("rounds") or []]
        if servers:
            said.rounds[farm] = servers
        installing = [row["servers"] for row in plan.get("turns") or [] if row["installs"]]
        if installing:
            said.member_rounds[farm] = installing
        steps = (facts.get("__ras_plan_result") or {}).get("steps")
        if steps:
            said.licenses[farm] = [_EFFECTS[step["action"]] for step in steps]
    return said


@dataclass
class Rollouts(Four):
    """The four runs, with the journal of each."""

    journals: list[list[dict[str, t.Any]]] = field(default_factory=list)

    @property
    def applied(self) -> list[dict[str, t.Any]]:
        """The journal of the run that changed everything."""
        return self.journals[1]


def four_rollouts(
    runner: Runner, run: t.Callable[..., Run], *, secrets: t.Sequence[str] = (), warnings: t.Sequence[str] = ()
) -> Rollouts:
    """Run four times: what the first announces is what the journal of the second shows, and then nothing is left.

    :param run: called with ``check=``; one run of the scenario.
    :param secrets: what must be shown nowhere, besides the secrets of all worlds.
    :param warnings: parts of the warnings that may be shown; any other fails.
    """
    lab = runner.lab
    runs, journals = [], []
    for number, check in enumerate((True, False, False, True)):
        lab.clear_journal()
        ended = run(check=check)
        journal = lab.journal()
        runs.append(ended)
        journals.append(journal)
        place = f"run {number + 1}"
        assert ended.rc == 0, f"{place}: exit code {ended.rc}\n{ended.output[-6000:]}"
        unnamed = [text for text in ended.warnings if not any(part in text for part in warnings)]
        assert not unnamed, f"{place}: {unnamed}"
        assert secrets_in(ended, *secrets) == [], place
        assert lab.problems() == [], place
        assert lab.open_sessions() == [], place
        if number != 1:
            assert touched(journal) == [], place
        if number > 1:
            assert not ended.changed_hosts, f"{place}: {ended.changed_hosts}"
            assert announced(ended) == Announced(), place
    agree(announced(runs[0]), done(journals[1]))
    assert runs[0].changed_hosts == runs[1].changed_hosts
    return Rollouts(*runs, journals=journals)


def agree(said: Announced, changes: Changes) -> None:
    """Whether what was announced is what was done: each once, and in the order of the rounds."""
    installs = [host for hosts in changes.installs.values() for host in hosts]
    assert sorted(installs) == sorted(said.installs)
    assert changes.licenses == said.licenses
    assert in_rounds(changes.pushes, said.rounds) == said.rounds
    mine = {farm: {host for names in rounds for host in names} for farm, rounds in said.member_rounds.items()}
    installed = {farm: [host for host in changes.installs.get(farm, []) if host in mine[farm]] for farm in mine}
    assert in_rounds(installed, said.member_rounds) == said.member_rounds


def in_rounds(hosts: t.Mapping[str, list[str]], rounds: t.Mapping[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """Hosts in the order of events, cut into rounds of the announced sizes; within a round there is no order."""
    cut: dict[str, list[list[str]]] = {}
    for farm, names in hosts.items():
        left = list(names)
        for servers in rounds.get(farm, []):
            part, left = left[: len(servers)], left[len(servers) :]
            cut.setdefault(farm, []).append(
                sorted(part, key=lambda name: servers.index(name) if name in servers else -1)
            )
        if left:
            cut.setdefault(farm, []).append(left)
    return cut
