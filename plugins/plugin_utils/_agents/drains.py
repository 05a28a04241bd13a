# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Take hosts out of service and bring exactly these back, with the note that outlives a killed run."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError, WriteOutcomeUnknown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.note import Component, DrainNote
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.stages import agent_of
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._agents.watch import AgentWatch

# How the script of RASAdmin names the kinds.
_KINDS: t.Final = {"gateway": "gateway", "rds_host": "rds"}
# A change whose answer was lost must show within this time; otherwise its outcome is not known.
_LOST_SECONDS: t.Final = 60.0


class Switch(t.Protocol):
    """Enables and disables hosts."""

    def set_enabled(self, server: str, kind: str, enabled: bool, site_id: int | None = None) -> None:
        """See :meth:`RasAdmin.set_enabled`."""


class Drains:
    """The hosts of one farm that we took out of service.

    :param allow_undrained: go on with hosts that cannot be taken out of service.
    """

    def __init__(self, switch: Switch, note: DrainNote, watch: AgentWatch, clock: Clock, allow_undrained: bool) -> None:
        self._switch = switch
        self._note = note
        self._watch = watch
        self._clock = clock
        self._allow_undrained = allow_undrained
        self._unsupported: dict[str, str] = {}
        self._left_in: list[str] = []

    def take_out(self, component: Component) -> bool:
        """Take one out of service; returns whether it was taken out.

        :raises RasError: ``drain_unsupported`` unless that is allowed; ``outcome_unknown`` or a refusal when it
            is not known whether it is or will be out of service: then it stays in the note.
        """
        why_not = self._unsupported.get(component.kind) or self._why_unknown(component)
        if why_not is None:
            self._note.add(component, self._clock.utc())
            try:
                self._switch.set_enabled(component.server, _KINDS[component.kind], False, component.site_id)
                return True
            except WriteOutcomeUnknown:
                if self._shows(component, False):
                    return True
                raise
            except RasError as exc:
                if exc.code != "drain_unsupported":
                    # The change may be staged, and the next person to apply settings would apply it: then it was us.
                    raise
                self._note.remove(component)
                why_not = self._unsupported[component.kind] = exc.message
        if not self._allow_undrained:
            raise RasError("drain_unsupported", f"{component.server} cannot be taken out of service: {why_not}")
        self._left_in.append(component.server)
        return False

    def bring_back(self, component: Component) -> None:
        """Bring one back into service and remove it from the note.

        :raises RasError: when that is refused or not known; it stays in the note.
        """
        try:
            self._switch.set_enabled(component.server, _KINDS[component.kind], True, component.site_id)
        except WriteOutcomeUnknown:
            if not self._shows(component, True):
                raise
        self._note.remove(component)

    def findings(self) -> list[Finding]:
        """Findings on hosts that could not be taken out of service."""
        if not self._left_in:
            return []
        remedy = "None, when that is what you want (allow_undrained): their users may have been cut off."
        return [Finding("not_drained", "warning", "out of service during the update", self._left_in, remedy)]

    def _why_unknown(self, component: Component) -> str | None:
        """Why a host is not touched: what was not known to be enabled could not be put back as it was."""
        agent = agent_of(component, self._watch.servers)
        return None if agent and agent.enabled is not None else "the farm does not report whether it is enabled."

    def _shows(self, component: Component, enabled: bool) -> bool:
        """Whether the farm comes to show the change."""
        for servers in self._watch.readings(_LOST_SECONDS):
            agent = agent_of(component, servers)
            if agent and agent.enabled is enabled:
                return True
        return False
