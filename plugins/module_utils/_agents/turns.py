# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The order of a farm's hosts over both methods: those that RAS pushes to, and those that install by themselves.

The order in a site (brokers by priority, gateways, enrollment servers, session hosts) holds over both: where other
servers come before a member, their turn comes first. Pure, no I/O.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.plan import Round


class Turn(t.NamedTuple):
    """Servers whose turn it is together.

    :param installs: whether they install by themselves; else RAS pushes to them.
    """

    installs: bool
    servers: tuple[str, ...]

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which module results carry it."""
        return {"installs": self.installs, "servers": list(self.servers)}


def turns_of(installs: t.Sequence[Round], order: t.Sequence[Round]) -> list[Turn]:
    """The turns of a farm: its members' own, and before each of them the pushes that come first.

    Pushes after the last member are not among them: all that is left is pushed at the end anyway.

    :param installs: the rounds of the members that install by themselves.
    :param order: the rounds of all servers that are due, however they are upgraded; without it members go in their own
        rounds.
    """
    installing = {server for each in installs for server in each.servers}
    left = list(installs)
    turns: list[Turn] = []
    groups: dict[tuple[t.Any, t.Any], list[str]] = {}
    for each in order:
        groups.setdefault((each.site_id, each.kind), []).extend(each.servers)
    for (_site, kind), servers in groups.items():
        # Brokers go one by one, by priority. Of other kinds it does not matter who is first, but how often one waits.
        one_by_one = [[server] for server in servers] if kind == "broker" else [servers]
        for names in one_by_one:
            mine = [each for each in left if set(each.servers) & set(names)]
            left = [each for each in left if each not in mine]
            turns += [Turn(True, tuple(each.servers)) for each in mine]
            pushed = tuple(name for name in names if name not in installing)
            if pushed and turns and not turns[-1].installs:
                turns[-1] = Turn(False, turns[-1].servers + pushed)
            elif pushed:
                turns.append(Turn(False, pushed))
    turns += [Turn(True, tuple(each.servers)) for each in left]
    return turns[:-1] if turns and not turns[-1].installs else turns
