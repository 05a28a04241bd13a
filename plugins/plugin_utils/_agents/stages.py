# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""From a plan of rounds to what is done in each: who is taken out of service, pushed, and brought back. Pure, no I/O.

The same stages are announced in check mode and carried out otherwise.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.plan import AgentPlan, Round
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.servers import find, Server, servers_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import shown
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.note import Component, SERVING_KINDS

Action = t.Literal["drain", "push", "undrain"]

# Reasons of steps.
RESTARTS: t.Final = "the update restarts it"
UPDATED: t.Final = "its update has ended"
LEFT: t.Final = "an earlier run took it out of service and ended before it was brought back"

_SETTLED: t.Final = ("ok", "drained")


class Change(t.NamedTuple):
    """One change of one server.

    :param stage: the number of its stage: changes of one stage are reported as one step.
    """

    stage: int
    action: Action
    server: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Stage:
    """What goes together; the next stage begins when this one has ended well.

    :param round: None for what a run that ended early has left to do.
    :param wait: servers on which something goes on already.
    :param drain: what is taken out of service first.
    :param undrain: what earlier runs took out and is brought back at the end, in addition to what this stage took out.
    """

    number: int
    round: Round | None = None
    wait: tuple[str, ...] = ()
    drain: tuple[Component, ...] = ()
    undrain: tuple[Component, ...] = ()
    reason: str = ""

    @property
    def push(self) -> tuple[str, ...]:
        """The servers whose agents are updated."""
        return self.round.servers if self.round else ()

    def change(self, action: Action, server: str, kind: str) -> Change:
        """A change of this stage, with its reason."""
        reasons: dict[Action, str] = {
            "drain": RESTARTS,
            "push": self.reason,
            "undrain": UPDATED if self.round else LEFT,
        }
        return Change(self.number, action, server, kind, reasons[action])

    def changes(self) -> list[Change]:
        """What is done when all goes well."""
        kind = self.round.kind if self.round else ""
        return [
            *(self.change("drain", each.server, each.kind) for each in self.drain),
            *(self.change("push", server, kind) for server in self.push),
            *(self.change("undrain", each.server, each.kind) for each in (*self.undrain, *self.drain)),
        ]


@dataclass(frozen=True)
class Remembered:
    """What the note says, compared with the farm.

    :param ours: what is out of service and was taken out by us.
    :param stale: what is not: somebody brought it back, or the farm no longer knows it.
    """

    ours: tuple[Component, ...] = ()
    stale: tuple[Component, ...] = ()


def compare_note(noted: t.Sequence[Component], agents: t.Sequence[Agent]) -> Remembered:
    """Compare the note with the farm. What an administrator has enabled since is no longer ours."""
    servers = servers_of(agents)
    ours: list[Component] = []
    stale: list[Component] = []
    for component in noted:
        agent = agent_of(component, servers)
        (stale if agent is None or agent.enabled else ours).append(component)
    return Remembered(tuple(ours), tuple(stale))


def awaiting_restart(
    plan: AgentPlan, agents: t.Sequence[Agent], ours: t.Sequence[Component], version: str
) -> list[Component]:
    """What earlier runs took out of service and updated, and what still waits for the restart of its server.

    It stays out until then: with a restart due it may be of the new version by name only.
    """
    servers = servers_of(agents)
    begun = {name.casefold() for name in (*(name for round_ in plan.rounds for name in round_.servers), *plan.waiting)}
    return [
        component
        for component in ours
        if (server := server_of(component.server, servers))
        and server.name.casefold() not in begun
        and asks_for_restart(server)
        and server.compared_to(version) in ("same", "newer")
    ]


def asks_for_restart(server: Server) -> bool:
    """Whether an agent of the server waits for a restart."""
    return any(agent.health == "restart_due" for agent in server.upgradable)


def stages_of(
    plan: AgentPlan, agents: t.Sequence[Agent], ours: t.Sequence[Component], version: str, drain: bool
) -> tuple[list[Stage], list[Finding]]:
    """The stages of a plan, and findings on hosts that stay out of service.

    What waits for a restart is in no stage: see :func:`awaiting_restart`.

    :param agents: the agents that the plan was made from.
    :param ours: what earlier runs took out of service.
    :param version: the wanted version.
    :param drain: whether hosts that serve users are taken out of service at all.
    """
    servers = servers_of(agents)
    in_rounds = {name.casefold() for round_ in plan.rounds for name in round_.servers}
    at_once, later, wait, left = [], [], list(plan.waiting), []
    for component in ours:
        server = server_of(component.server, servers)
        if server is None or server.name.casefold() in in_rounds:
            continue
        if server.name in wait:
            later.append(component)
        elif server.compared_to(version) not in ("same", "newer"):
            left.append(component)
        elif asks_for_restart(server):
            continue
        elif all(agent.health in _SETTLED for agent in server.upgradable):
            at_once.append(component)
        else:
            wait.append(server.name)
            later.append(component)
    stages = []
    if at_once:
        stages.append(Stage(0, undrain=tuple(at_once)))
    if wait:
        stages.append(Stage(1, wait=tuple(wait), undrain=tuple(later)))
    for number, round_ in enumerate(plan.rounds, 2):
        stages.append(_stage(number, round_, servers, ours, version, drain))
    return stages, _findings(left, version)


def _stage(
    number: int, round_: Round, servers: list[Server], ours: t.Sequence[Component], version: str, drain: bool
) -> Stage:
    members = [server for server in (server_of(name, servers) for name in round_.servers) if server]
    mine = {component.identity for component in ours}
    own = tuple(each for each in ours if any(server_of(each.server, servers) is member for member in members))
    taken = serving(members, mine) if drain else []
    is_behind = any(member.compared_to(version) != "same" for member in members)
    reason = f"its agent is not of version {shown(version)}" if is_behind else "force is set"
    return Stage(number, round_, drain=tuple(taken), undrain=own, reason=reason)


def serving(members: t.Sequence[Server], mine: t.Container[tuple[str, str]]) -> list[Component]:
    """What of these servers serves users and may be taken out of service.

    What is disabled already is left out: an administrator disabled it, and it stays so, or we did.
    """
    agents = [agent for member in members for agent in member.agents if agent.kind in SERVING_KINDS]
    found = [Component.of(agent) for agent in agents if agent.enabled is not False]
    return [component for component in found if component.identity not in mine]


def server_of(name: str, servers: list[Server]) -> Server | None:
    """The server of a name; None when the name fits no server, or more than one."""
    found = find(name, servers)
    return found[0] if len(found) == 1 else None


def agent_of(component: Component, servers: list[Server]) -> Agent | None:
    """The row of a component."""
    server = server_of(component.server, servers)
    return next((agent for agent in server.agents if agent.kind == component.kind), None) if server else None


def as_steps(changes: t.Sequence[Change]) -> list[dict[str, t.Any]]:
    """Changes in the form of module results: those of one stage and one kind in one step."""
    steps: list[tuple[tuple[t.Any, ...], dict[str, t.Any]]] = []
    for change in changes:
        key = (change.stage, change.action, change.kind, change.reason)
        if not steps or steps[-1][0] != key:
            step: dict[str, t.Any] = {
                "action": change.action,
                "servers": [],
                "kind": change.kind,
                "reason": change.reason,
            }
            steps.append((key, step))
        steps[-1][1]["servers"].append(change.server)
    return [step for _key, step in steps]


def _findings(left: list[Component], version: str) -> list[Finding]:
    if not left:
        return []
    remedy = (
        "An earlier run took them out of service, and this one leaves them alone: update them too, or enable them in "
        "the RAS console."
    )
    return [Finding("still_drained", "warning", version, sorted({each.server for each in left}), remedy)]
