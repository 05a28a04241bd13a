# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The one thing that is remembered between runs: which hosts we took out of service. A small file on the RAS host.

A host is noted before it is taken out and removed from the note after it is back, so a run that is killed at any point
leaves a note that names at least every host that it took out; the next run compares it with what the farm says.
"""

from __future__ import annotations

import json
import typing as t
from dataclasses import asdict, dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.bounds import decode
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote

# The kinds that serve users, and so are taken out of service before their host restarts.
SERVING_KINDS: t.Final = ("gateway", "rds_host")
_VERSION: t.Final = 1


@dataclass(frozen=True)
class Component:
    """What is taken out of service: one kind of one server, because a server may be of two kinds.

    :param server: the name under which the farm knows it.
    :param kind: one of :data:`SERVING_KINDS`.
    """

    server: str
    kind: str
    site_id: int | None = None

    @classmethod
    def of(cls, agent: Agent) -> Component:
        """The component behind an agent."""
        return cls(agent.server, agent.kind, agent.site_id)

    @property
    def identity(self) -> tuple[str, str]:
        """Equal for two names of one component that differ in case only."""
        return self.server.casefold(), self.kind


class NoteKeeper(t.Protocol):
    """Keeps a small text file on the host."""

    def read_note(self, path: str) -> str | None:
        """Its text; None when it is not there."""

    def write_note(self, path: str, content: str) -> None:
        """Replace it as a whole."""


class DrainNote:
    """The note of one farm.

    :param path: the file on the host.
    """

    def __init__(self, keeper: NoteKeeper, path: str) -> None:
        self._keeper = keeper
        self.path = path
        self._since: dict[tuple[str, str], tuple[Component, str]] = {}

    @property
    def components(self) -> list[Component]:
        """What we took out of service, in that order, as far as the note says."""
        return [component for component, _since in self._since.values()]

    def __contains__(self, component: Component) -> bool:
        return component.identity in self._since

    def load(self) -> None:
        """Read the note; a missing one is empty.

        :raises RasError: ``bad_answer`` when the file holds anything else: it is left as it is, so that its
            content is not lost.
        """
        text = self._keeper.read_note(self.path)
        self._since = {}
        if text is None:
            return
        try:
            found = _read(text)
        except (ValueError, TypeError, KeyError) as exc:
            raise RasError(
                "bad_answer",
                f"The note of the hosts that were taken out of service cannot be read: {self.path} on the RAS host is "
                f"expected to be JSON with version {_VERSION} and a list 'drained', but it is not.",
                remedy="Compare the file with the hosts that are disabled in the RAS console, enable those that should "
                "serve, then remove the file and run again. It was not changed.",
                observed={"path": self.path},
            ) from exc
        self._since = {component.identity: (component, since) for component, since in found}

    def add(self, component: Component, since: str) -> None:
        """Note a component, before it is taken out of service.

        :param since: the time, as ISO 8601 text.
        """
        self._since[component.identity] = (component, since)
        self._write()

    def remove(self, *components: Component) -> None:
        """Remove components; nothing is written when none of them is in the note."""
        known = [component.identity for component in components if component in self]
        for identity in known:
            del self._since[identity]
        if known:
            self._write()

    def _write(self) -> None:
        rows = [{**asdict(component), "since": since} for component, since in self._since.values()]
        content = json.dumps({"version": _VERSION, "drained": rows}, indent=1, sort_keys=True)
        self._keeper.write_note(self.path, content)


def _read(text: str) -> list[tuple[Component, str]]:
    # Editors of Windows put a byte order mark before UTF-8.
    data = decode(text.removeprefix("\ufeff"))
    if not isinstance(data, dict) or data["version"] != _VERSION or not isinstance(data["drained"], list):
        raise ValueError("not such a note")
    return [_read_row(row) for row in data["drained"]]


def _read_row(row: t.Any) -> tuple[Component, str]:
    server, kind, site_id, since = (row[name] for name in ("server", "kind", "site_id", "since"))
    is_number = isinstance(site_id, int) and not isinstance(site_id, bool)
    if not isinstance(server, str) or not server or kind not in SERVING_KINDS or not isinstance(since, str):
        raise ValueError("not such a component")
    if quote(server) != server:
        raise ValueError("no name that a farm reports")
    if site_id is not None and not is_number:
        raise ValueError("not such a site")
    return Component(server, kind, site_id), since
