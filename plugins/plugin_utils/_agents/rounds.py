# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Carry out one stage after the other: out of service, sessions, push, wait, back into service."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.servers import Server
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError, WriteOutcomeUnknown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.cut_off import CutOff, is_cut_off
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.drains import Drains
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.note import Component
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.stages import (
    agent_of,
    as_steps,
    asks_for_restart,
    Change,
    server_of,
    serving,
    Stage,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.watch import AgentWatch, Ending, Subject
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.admin import LOOK_AT_THE_HOST

# The failure that each ending is, the most severe first.
_FAILURES: t.Final[dict[Ending, dict[str, str]]] = {
    "failed": {"code": "agent_failed", "text": "The update of the agent failed"},
    "unknown": {
        "code": "outcome_unknown",
        "text": "The answer to the update was lost, and nothing shows that it began",
    },
    "timeout": {"code": "agent_timeout", "text": "The update of the agent has not ended within agent_timeout"},
}
_SHOWN_ROUNDS: t.Final = 5


class Pusher(t.Protocol):
    """Pushes agents."""

    def update_agent(self, server: str, site_id: int | None, force: bool) -> None:
        """See :meth:`RasAdmin.update_agent`."""


class Rounds:
    """The stages of one farm in one run.

    :param version: the wanted version.
    :param drain_timeout: seconds for which the end of sessions is waited for.
    :param logoff_sessions: go on with the sessions that are left then; they end with the restart.
    :ivar changes: what was done.
    :ivar restart_due: servers of the new version that wait for a restart. What was taken out of service on them stays
        out until a later run finds them restarted.
    """

    def __init__(
        self,
        pusher: Pusher,
        watch: AgentWatch,
        drains: Drains,
        version: str,
        *,
        force: bool,
        drain_timeout: float,
        logoff_sessions: bool,
    ) -> None:
        self._pusher = pusher
        self._watch = watch
        self._drains = drains
        self._version = version
        self._force = force
        self._drain_timeout = drain_timeout
        self._logoff_sessions = logoff_sessions
        self._pushed: set[str] = set()
        self._out: list[Component] = []
        self._held: list[Component] = []
        self._tried: set[tuple[str, str]] = set()
        self.changes: list[Change] = []
        self.restart_due: list[str] = []
        self.findings: list[Finding] = []

    @property
    def steps(self) -> list[dict[str, t.Any]]:
        """What was done, in the form of module results."""
        return as_steps(self.changes)

    def run(self, stages: t.Sequence[Stage], held: t.Iterable[Component] = ()) -> None:
        """Carry out all stages; the first that fails ends the run, and so does one that must wait for a restart.

        :param held: what is out of service since an earlier run and waits for the restart of its server.
        :raises RasError: names the server, what was seen, and the rounds that were not done.
        """
        self._held = [*held]
        self.restart_due = list(dict.fromkeys(component.server for component in self._held))
        for number, stage in enumerate(stages):
            if self._must_wait(stage):
                self._note_waiting(stages[number:])
                return
            self._out = [*stage.undrain]
            try:
                self._carry_out(stage)
            except RasError as exc:
                refused, cause = self._bring_back_after(exc, stage)
                out = [*self._held, *self._out]
                raise _stopped(exc, refused, out, stages[number + 1 :], stage) from cause
            except BaseException as exc:
                if not is_cut_off(exc):
                    raise
                # The time is over: what is out of service is in the note, and the next run brings it back.
                unknown = CutOff("agents were being updated")
                raise _stopped(unknown, None, [*self._held, *self._out], stages[number + 1 :], stage) from exc

    def _must_wait(self, stage: Stage) -> bool:
        """Whether too many would be out of service: others of the site and kind are, until their restart."""
        members = self._members(stage.push) if self._held else []
        taken = {(agent.kind, agent.site_id) for member in members for agent in member.agents}
        return any((component.kind, component.site_id) in taken for component in self._held)

    def _note_waiting(self, stages: t.Sequence[Stage]) -> None:
        observed = {"restart_due": self.restart_due, "rounds": [each.round.as_dict() for each in stages if each.round]}
        remedy = (
            "Restart these hosts, then run again: until then they stay out of service, and no others of their site "
            "and kind are taken out."
        )
        self.findings.append(Finding("rounds_wait_for_restart", "warning", "all rounds", observed, remedy))

    def _carry_out(self, stage: Stage) -> None:
        if stage.drain:
            self._take_out(stage)
        self._wait_for_sessions(stage)
        subjects = [Subject(server) for server in self._members(stage.wait)]
        refusal = None
        for server in self._members(stage.push):
            subject = Subject(server)
            subjects.append(subject)
            try:
                self._push(stage, server, subject)
            except RasError as exc:
                # What was pushed before is watched until it ends; nothing more is begun.
                subjects.remove(subject)
                refusal = exc
                break
        for subject in subjects:
            subject.away = self._is_away(subject.before)
        if subjects:
            self._watch.settle(subjects)
        self._note_endings(subjects)
        failure = refusal or self._failure(subjects)
        if failure:
            raise failure
        self._hold_back(subjects)
        refused = self._bring_back(stage, list(self._out))
        if refused:
            raise refused

    def _hold_back(self, subjects: list[Subject]) -> None:
        """What waits for a restart stays out of service until then, in the note: the next run finds it there."""
        due = [subject.before for subject in subjects if subject.ending == "restart_due"]
        kept = [component for component in self._out if server_of(component.server, due)]
        self._out = [component for component in self._out if component not in kept]
        self._held += kept

    def _members(self, names: t.Sequence[str]) -> list[Server]:
        servers = self._watch.servers
        found = [server_of(name, servers) for name in names]
        for name, server in zip(names, found, strict=True):
            if server is None:
                raise RasError("bad_answer", f"The farm no longer lists {name}: it was there when this began.")
        return [server for server in found if server]

    # -- out of service --------------------------------------------------------------------------------------------

    def _take_out(self, stage: Stage) -> None:
        mine = {component.identity for component in self._out}
        # Looked up anew: what an administrator disabled since the plan was made stays as it is.
        still = {component.identity for component in serving(self._members(stage.push), mine)}
        for component in stage.drain:
            if component.identity not in still:
                continue
            change = stage.change("drain", component.server, component.kind)
            with self._begun(change):
                is_out = self._drains.take_out(component)
            if is_out:
                self._out.append(component)
                self.changes.append(change)

    def _is_away(self, server: Server) -> bool:
        ours = any(server_of(each.server, [server]) for each in self._out)
        return ours or any(agent.enabled is False for agent in server.upgradable)

    def _wait_for_sessions(self, stage: Stage) -> None:
        """Wait until no session is left on the session hosts, in service or not: the push would end it."""
        if not any("rds_host" in server.kinds for server in self._members(stage.push)):
            return
        left: dict[str, int | None] = {}
        for servers in self._watch.readings(self._drain_timeout):
            members = [server for server in (server_of(name, servers) for name in stage.push) if server]
            rows = [agent for server in members for agent in server.agents if agent.kind == "rds_host"]
            left = {agent.server: agent.sessions for agent in rows if agent.sessions != 0}
            if not left or (None in left.values() and not self._logoff_sessions):
                break
        if not left:
            return
        if not self._logoff_sessions:
            raise RasError("sessions_active", _sessions_text(left, self._drain_timeout), observed={"sessions": left})
        remedy = "None, when that is what you want (logoff_sessions): the restart ends them."
        self.findings.append(Finding("sessions_cut_off", "warning", "no sessions", left, remedy))

    # -- update ----------------------------------------------------------------------------------------------------

    def _push(self, stage: Stage, server: Server, subject: Subject) -> None:
        if server.name in self._pushed:
            raise RasError("internal_error", f"{server.name} is in two rounds of one plan.")
        self._pushed.add(server.name)
        kind = server.place or ""
        change = stage.change("push", server.name, stage.round.kind if stage.round else kind)
        try:
            with self._begun(change):
                self._pusher.update_agent(server.name, server.site_id, self._force)
        except WriteOutcomeUnknown:
            # It may have begun: it is watched, and never sent again.
            subject.sure = False
        else:
            self.changes.append(change)

    @contextlib.contextmanager
    def _begun(self, change: Change) -> t.Iterator[None]:
        """A write of which no answer came, or that the time-out of the task cut off, counts as a change."""
        try:
            yield
        except BaseException as exc:
            if isinstance(exc, WriteOutcomeUnknown) or is_cut_off(exc):
                self.changes.append(change)
            raise

    def _note_endings(self, subjects: list[Subject]) -> None:
        self.restart_due += [each.name for each in subjects if each.ending == "restart_due"]
        kept = {each.name: each.unsettled_state for each in subjects if each.ending == "done" and each.unsettled_state}
        if kept:
            remedy = "None for the update: the state is the same as before it. Look at the hosts in the RAS console."
            self.findings.append(Finding("agent_state_kept", "info", "OK", kept, remedy))

    def _failure(self, subjects: list[Subject]) -> RasError | None:
        for ending, failure in _FAILURES.items():
            bad = [subject for subject in subjects if subject.ending == ending]
            if bad:
                observed = {"servers": {each.name: _seen(each) for each in bad}}
                text = "; ".join(f"{each.name} ({_seen_text(each)})" for each in bad)
                message = f"{failure['text']}: {text}. Expected {shown(self._version)}."
                remedy = LOOK_AT_THE_HOST if ending == "unknown" else None
                return RasError(failure["code"], message, remedy=remedy, observed=observed)
        return None

    # -- back into service -----------------------------------------------------------------------------------------

    def _bring_back(self, stage: Stage, components: list[Component]) -> RasError | None:
        """Bring back as many as possible, each tried once; returns the first refusal."""
        first: RasError | None = None
        for component in components:
            if component.identity in self._tried:
                continue
            self._tried.add(component.identity)
            change = stage.change("undrain", component.server, component.kind)
            try:
                with self._begun(change):
                    self._drains.bring_back(component)
            except RasError as exc:
                first = first or exc
            else:
                self._out.remove(component)
                self.changes.append(change)
        return first

    def _bring_back_after(self, failure: RasError, stage: Stage) -> tuple[RasError | None, BaseException]:
        """After a failure: bring back what is well. Where the host was lost, this is tried only if it answers again.

        :returns: the first refusal, and why the run ends: the failure, or that the time was over meanwhile.
        """
        try:
            if failure.code in ("host_unreachable", "api_unreachable"):
                try:
                    self._watch.read()
                except RasError:
                    return None, failure
            return self._bring_back(stage, [each for each in self._out if self._may_return(each)]), failure
        except BaseException as exc:
            if not is_cut_off(exc):
                raise
            return CutOff("hosts were being brought back into service"), exc

    def _may_return(self, component: Component) -> bool:
        """After a failure: whether nothing was begun on the host, or it has the new version and is well.

        One that was pushed and still shows the old version may restart at any time; one that asks for a restart will.
        """
        servers = self._watch.servers
        server, agent = server_of(component.server, servers), agent_of(component, servers)
        if server is None or agent is None or server.busy or asks_for_restart(server):
            return False
        is_done = server.compared_to(self._version) == "same"
        is_well = all(each.health in ("ok", "drained", "unknown") for each in server.upgradable)
        return is_well and (is_done or server.name not in self._pushed)


def _seen(subject: Subject) -> dict[str, t.Any]:
    server = subject.seen
    return {"version": server.version if server else None, "state": server.state if server else None}


def _seen_text(subject: Subject) -> str:
    seen = _seen(subject)
    return f"version {shown(seen['version']) or 'not reported'}, state {seen['state'] or 'not reported'}"


def _sessions_text(left: dict[str, int | None], seconds: float) -> str:
    unknown = [name for name, sessions in left.items() if sessions is None]
    if unknown:
        return f"The farm does not report how many sessions run on {', '.join(unknown)}, and the update ends them all."
    shown = ", ".join(f"{name} ({sessions})" for name, sessions in left.items())
    return f"Sessions of users still run after {seconds:g} s (drain_timeout) on {shown}: expected none."


def _stopped(
    exc: RasError, refused: RasError | None, out: list[Component], rest: t.Sequence[Stage], stage: Stage
) -> RasError:
    """The failure of a stage, with the state of the farm."""
    text = exc.message
    if refused and refused is not exc:
        text += f" Also, not all hosts came back into service: {refused.message}"
    names = sorted({component.server for component in out})
    if names:
        text += f" Still out of service, to be brought back by the next run: {', '.join(names)}."
    rounds = [each.round for each in (stage, *rest) if each.round]
    begun = 1 if stage.round else 0
    if len(rounds) > begun:
        shown = [f"{round_.kind} {', '.join(round_.servers)}" for round_ in rounds[begun:][:_SHOWN_ROUNDS]]
        more = len(rounds) - begun - len(shown)
        text += f" Rounds not begun: {'; '.join(shown)}{f' and {more} more' if more else ''}."
    observed = {
        "cause": exc.observed,
        "round": stage.round.as_dict() if stage.round else None,
        "rounds_not_begun": [round_.as_dict() for round_ in rounds[begun:]],
        "still_drained": names,
    }
    return RasError(exc.code, text, remedy=exc.remedy, observed=observed)
