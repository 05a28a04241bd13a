# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""observe -> plan -> apply -> observe for the agents of one farm."""

from __future__ import annotations

import ntpath
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.plan import (
    AgentOptions,
    AgentPlan,
    plan_agents,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.restart import judge_restart
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.turns import Turn, turns_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import local_path
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import known_as
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import compare, parse_version, shown
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock, SaidClock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.cut_off import CutOff, is_cut_off
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.drains import Drains
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.note import Component, DrainNote
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.rounds import Rounds
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.stages import (
    as_steps,
    awaiting_restart,
    Change,
    compare_note,
    Remembered,
    Stage,
    stages_of,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.watch import AgentWatch
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.admin import RasAdmin

Options = t.Mapping[str, t.Any]

_DAY: t.Final = 86400
# Seconds that the farm gets to answer once more when all is done.
_LAST_LOOK: t.Final = 60.0
_RANGES: t.Final = {
    "gateways_min_in_service": Range(0, 100, "percent"),
    "rds_hosts_min_in_service": Range(0, 100, "percent"),
    "drain_timeout": Range(0, _DAY, "seconds"),
    "agent_timeout": Range(1, _DAY, "seconds"),
    "poll_interval": Range(1, 300, "seconds"),
}


def check_options(options: Options) -> None:
    """Refuse what makes no sense before anything is asked.

    :raises RasError: ``invalid_option``.
    """
    check_ranges(options, _RANGES)
    if parse_version(options["version"]) is None:
        raise RasError(
            "invalid_option",
            f"version cannot be compared: expected one such as 20.2.26050, observed '{options['version']}'.",
        )
    local_path(ntpath.dirname(local_path(options["note_path"], "note_path")), "The folder of note_path")


class AgentFlow:
    """One farm, one run of the module.

    :param options: the module's options, checked by :func:`check_options`.
    """

    def __init__(self, admin: RasAdmin, options: Options, clock: Clock | None = None) -> None:
        clock = clock or SaidClock("The agents of the farm")
        self._admin = admin
        self._options = options
        self._version: str = options["version"]
        self._watch = AgentWatch(admin, self._version, clock, options["poll_interval"], options["agent_timeout"])
        self._note = DrainNote(admin, local_path(options["note_path"], "note_path"))
        self._drains = Drains(admin, self._note, self._watch, clock, options["allow_undrained"])
        self._rounds = Rounds(
            admin,
            self._watch,
            self._drains,
            self._version,
            force=options["force"],
            drain_timeout=options["drain_timeout"],
            logoff_sessions=options["logoff_sessions"],
        )
        self._farm = Farm()
        self._farm_version: str | None = None
        self._before: list[Agent] = []
        self._plan = AgentPlan()
        self._turns: list[Turn] = []
        self._remembered = Remembered()
        self._stages: list[Stage] = []
        self._held: list[Component] = []
        self._findings: list[Finding] = []

    def run(self, check_mode: bool) -> dict[str, t.Any]:
        """The module's result, a failure included under ``failure``.

        :raises RasError: when the farm could not be read at all.
        """
        self._farm = self._admin.open()
        self._watch.said_by = self._farm.connected_server
        self._farm_version = self._admin.service_version()
        self._before = self._watch.read()
        failure: RasError | None = None
        try:
            self._prepare(check_mode)
            if not check_mode:
                self._apply()
        except RasError as exc:
            failure = exc
        except BaseException as exc:
            if not is_cut_off(exc) or not self._rounds.changes:
                raise
            failure = CutOff("the agents were being read after their update")
        return self._result(failure, check_mode)

    # -- plan ------------------------------------------------------------------------------------------------------

    def _prepare(self, check_mode: bool) -> None:
        self._check_version(check_mode)
        self._read_note()
        options = self._options
        brokers, sites = self._admin.brokers(), self._admin.sites()
        if brokers is None or sites is None:
            raise self._order_unknown("sites" if sites is None else "brokers")
        exclude, installing = tuple(options["exclude"]), tuple(options["installing"])
        servers = None if options["servers"] is None else tuple(options["servers"])
        self._plan = self._planned(brokers, sites, servers, (*exclude, *installing))
        if installing:
            members = self._planned(brokers, sites, installing, exclude)
            self._turns = turns_of(members.rounds, self._planned(brokers, sites, servers, exclude).rounds)
            self._findings += [each for each in members.findings if each.rule == "server_not_found"]
        self._remembered = compare_note(self._note.components, self._before)
        self._stages, findings = stages_of(
            self._plan, self._before, self._remembered.ours, self._version, options["drain"]
        )
        self._held = awaiting_restart(self._plan, self._before, self._remembered.ours, self._version)
        self._findings += [*self._plan.findings, *findings]
        self._check_settings()

    def _planned(
        self,
        brokers: t.Sequence[Broker],
        sites: t.Sequence[Site],
        servers: tuple[str, ...] | None,
        exclude: tuple[str, ...],
    ) -> AgentPlan:
        """The plan of these servers, out of one and the same reading."""
        options = AgentOptions(
            gateways_min_in_service=self._options["gateways_min_in_service"],
            rds_hosts_min_in_service=self._options["rds_hosts_min_in_service"],
            servers=servers,
            exclude=exclude,
            force=self._options["force"],
        )
        return plan_agents(self._before, brokers, sites, self._version, self._farm.connected_server, options)

    def _order_unknown(self, source: str) -> RasError:
        """The order of the rounds follows from sites and brokers."""
        why = self._admin.why_unread(source)
        return RasError(
            "bad_answer",
            f"The {source} of the farm are unknown, so the order in which its agents may be updated is, too: '{why}'.",
            remedy="Read the words of RAS above. May this RAS administrator read them? Nothing was pushed.",
            observed={"text": why},
        )

    def _check_version(self, check_mode: bool) -> None:
        """RAS pushes its own version and no other. Check mode may announce the rounds of a version to come."""
        comparison = compare(self._farm_version, self._version)
        if comparison == "same":
            return
        if comparison == "older" and check_mode:
            remedy = "None: the rounds are those of the version to come. The farm itself is upgraded first."
            self._findings.append(
                Finding("farm_behind", "info", shown(self._version), shown(self._farm_version), remedy)
            )
            return
        observed = shown(self._farm_version) or "a version that it does not report"
        advice = {
            "older": "upgrade the licensing server first.",
            "newer": "a farm pushes its own version only, so ask for that one.",
        }.get(comparison, "a farm pushes its own version only.")
        raise RasError(
            "upgrade_blocked",
            f"The farm has {observed}, expected {shown(self._version)}: {advice}",
            remedy="Bring the farm and the option version to one version, then run again. Nothing was pushed.",
            observed={"farm": self._farm_version, "version": self._version},
        )

    def _read_note(self) -> None:
        try:
            self._note.load()
        except RasError as exc:
            if exc.code == "bad_answer" and isinstance(exc.observed, dict) and "path" in exc.observed:
                finding = Finding("note_unreadable", "error", "a note of this collection", self._note.path, exc.remedy)
                self._findings.append(finding)
            raise

    def _check_settings(self) -> None:
        """Taking a host out of service applies what others have staged, and RASAdmin does not show what that is."""
        if not any(stage.drain or stage.undrain for stage in self._stages):
            return
        pending = self._options["settings_pending"]
        if pending and not self._options["allow_pending_settings"]:
            raise RasError(
                "settings_staged",
                "Settings wait to be applied in this farm: expected none, because taking hosts out of service "
                "applies them too.",
                observed={"settings_pending": True},
            )
        if pending is None:
            remedy = (
                "Settings that others have staged are applied along with it. Run farm_info over REST first and pass "
                "farm.settings_pending."
            )
            self._findings.append(Finding("settings_unknown", "info", False, None, remedy))

    # -- apply -----------------------------------------------------------------------------------------------------

    def _apply(self) -> None:
        stale = self._remembered.stale
        if stale:
            self._note.remove(*stale)
            names = sorted({component.server for component in stale})
            remedy = "None: somebody brought them back, or the farm no longer has them."
            self._findings.append(Finding("note_corrected", "info", "out of service", names, remedy))
        try:
            self._rounds.run(self._stages, self._held)
        except RasError as exc:
            if exc.__cause__ is not None and is_cut_off(exc.__cause__):
                raise  # no time is left to look again
            # Show the state of now; neither a farm that does not answer nor the end of the time may hide the failure.
            try:
                self._watch.read()
            except BaseException as again:
                if not isinstance(again, RasError) and not is_cut_off(again):
                    raise
            raise
        if self._stages:
            next(self._watch.readings(_LAST_LOOK))

    def _by_note(self, changes: t.Sequence[Change]) -> list[Finding]:
        """What is brought back because of a note, and not because this run took it out."""
        noted = {component.identity for component in self._remembered.ours}
        undrained = [change for change in changes if change.action == "undrain"]
        names = sorted({each.server for each in undrained if (each.server.casefold(), each.kind) in noted})
        if not names:
            return []
        remedy = (
            f"None, when an earlier run took them out of service: {self._note.path} on the RAS host says so. Where an "
            "administrator wants one out of service, disable it in the RAS console after this run."
        )
        return [Finding("brought_back_by_note", "info", "nothing of earlier runs", names, remedy)]

    # -- result ----------------------------------------------------------------------------------------------------

    def _result(self, failure: RasError | None, check_mode: bool) -> dict[str, t.Any]:
        announced = [change for stage in self._stages for change in stage.changes()] if failure is None else []
        changes = announced if check_mode else self._rounds.changes
        before = {agent.label: agent.version for agent in self._before if agent.is_machine}
        after = {agent.label: agent.version for agent in self._watch.latest if agent.is_machine}
        if check_mode and failure is None:
            coming = {name for round_ in self._plan.rounds for name in round_.servers} | set(self._plan.waiting)
            after = {name: self._version if name in coming else version for name, version in before.items()}
        result: dict[str, t.Any] = {
            "changed": bool(changes),
            "farm_version": self._farm_version,
            "rounds": [round_.as_dict() for round_ in self._plan.rounds],
            "turns": [turn.as_dict() for turn in self._turns],
            "waiting": list(self._plan.waiting),
            "steps": as_steps(changes),
            "agents": {"before": _machines(self._before), "after": _machines(self._watch.latest)},
            "restart_due": list(dict.fromkeys([*(each.server for each in self._held), *self._rounds.restart_due])),
            "undrained": sorted({change.server for change in changes if change.action == "undrain"}),
            "findings": [
                *self._findings,
                *self._by_note(changes),
                *self._drains.findings(),
                *self._rounds.findings,
            ],
            "diff": {"before": before, "after": after},
        }
        if failure is not None:
            result["failure"] = failure
        return {**result, **self._in_inventory(result)}

    def _in_inventory(self, result: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Which inventory hosts the servers of the result are, and whether those that ask for it may be restarted."""
        hosts = {each["host"]: each["names"] for each in self._options["hosts"]}
        known, options, refused = known_as(result["restart_due"], hosts), self._options, None
        if result["restart_due"]:
            restarted = options["restarted"]
            refused = judge_restart(result, list(known), options["reboot"], options["logoff_sessions"], restarted)
        turns = [{**turn, "hosts": list(known_as(turn["servers"], hosts).values())} for turn in result["turns"]]
        return {
            "turns": turns,
            "restart_hosts": list(known.values()),
            "restart_refused": refused.as_dict() if refused else None,
        }


def _machines(agents: t.Sequence[Agent]) -> list[dict[str, t.Any]]:
    return [agent.as_dict() for agent in agents if agent.is_machine]
