# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What only RASAdmin can do: export the settings, push agents, take hosts out of service; and a note on the host."""

from __future__ import annotations

import ntpath
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import LogonGuard, unguarded
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.folders import require_private_folder
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import ScriptFailed, ScriptRunner
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.winrm import WinRmBackend

# Remedy of a change of a RAS host whose outcome is not known.
LOOK_AT_THE_HOST: t.Final = (
    "Look at the host in the RAS console: the request was sent once and was not repeated. Then run again: the "
    "outcome is found, and the run continues from there."
)


class RasAdmin(WinRmBackend):
    """A farm seen from the RAS host that a task is for. Every method raises :class:`RasError`; open it first."""

    def __init__(self, run: ScriptRunner, username: str, password: str, guard: LogonGuard = unguarded) -> None:
        super().__init__(run, username, password, guard)
        self._prepared: set[str] = set()

    def export_settings(self, path: str, prefix: str, keep: int) -> dict[str, t.Any]:
        """``Invoke-RASExportSettings`` into a file on the host.

        :param prefix: files of the folder that begin so and end in ``.dat2`` are ours: the oldest are removed.
        :param keep: how many of them stay, the new one included.
        :returns: ``path``, ``size`` (bytes), ``sha256``, ``removed`` and ``not_removed`` (paths).
        :raises RasError: ``folder_untrusted``; ``backup_failed`` when RAS or Windows refused; the failures of
            :meth:`open`.
        """
        self.require_folder(path, create=True)
        own, secrets = self._administrator()
        try:
            return self._run("ras_export", {**own, "Path": path, "Prefix": prefix, "Keep": keep}, secrets)
        except ScriptFailed as exc:
            if exc.script_code in ("refused", "not_sent"):
                raise RasError("backup_failed", f"The settings could not be exported to {path}: {exc.message}") from exc
            raise self._meaning(exc) from exc

    def update_agent(self, server: str, site_id: int | None, force: bool) -> None:
        """``Update-RASAgent``: RAS pushes its own version to the host, once.

        :raises WriteOutcomeUnknown: when the answer was lost or cannot be read.
        :raises RasError: ``agent_failed`` when RAS refused at once.
        """
        parameters: dict[str, t.Any] = {"Server": server, "Force": force}
        if site_id is not None:
            parameters["SiteId"] = site_id
        self._change("ras_agent_update", parameters, f"update the agent of {server}", "agent_failed")

    def set_enabled(self, server: str, kind: str, enabled: bool, site_id: int | None = None) -> None:
        """Take a host out of service or back, by the cmdlet that this version has for its kind; applied at once.

        :param kind: ``rds``, ``gateway`` or ``broker``.
        :param site_id: its site, where known: without it a cmdlet may look in the licensing site only (vendor's page on
            Get-RASGateway).
        :raises WriteOutcomeUnknown: when the answer was lost or cannot be read.
        :raises RasError: ``drain_unsupported`` where this version has no such cmdlet; ``bad_answer`` when RAS refused.
        """
        parameters: dict[str, t.Any] = {"Server": server, "Kind": kind, "Enabled": enabled}
        if site_id is not None:
            parameters["SiteId"] = site_id
        action = f"{'enable' if enabled else 'disable'} {server}"
        self._change("ras_drain", parameters, action, "bad_answer")

    def _change(self, script: str, parameters: dict[str, t.Any], action: str, code: str) -> None:
        def refused(exc: ScriptFailed) -> RasError:
            return RasError(code, f"RAS refused to {action}: '{exc.text}'.", observed=exc.observed)

        self._send_once(script, parameters, {}, action, refused, LOOK_AT_THE_HOST)

    # -- the note on the host --------------------------------------------------------------------------------------

    def read_note(self, path: str) -> str | None:
        """A small text file of the host; None when it is not there.

        :raises RasError: ``folder_untrusted``: what anybody may have written is not read.
        """
        self.require_folder(path, f"{path}.new", create=False)
        content = self._run("state_note", {"Path": path}).get("content")
        return content if isinstance(content, str) else None

    def write_note(self, path: str, content: str) -> None:
        """Replace a small text file of the host as a whole; its folder is made.

        :raises RasError: ``folder_untrusted``: nothing is written then.
        """
        if path not in self._prepared:
            self.require_folder(path, f"{path}.new", create=True)
            # Nobody else can change it from now on, so it is looked at once.
            self._prepared.add(path)
        self._run("state_note", {"Path": path, "Content": content})

    def require_folder(self, *paths: str, create: bool) -> None:
        """Refuse paths in a folder that is not ours: see :func:`require_private_folder`."""
        names = [ntpath.basename(path) for path in paths]
        require_private_folder(self._run, ntpath.dirname(paths[0]), names, create=create)
