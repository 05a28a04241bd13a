# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The base of the actions that talk to a farm: they get a back end and never check which one."""

from __future__ import annotations

import abc
import typing as t
import urllib.parse

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend, LogonGuard
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.http_client import HttpClient
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.tls import TlsSettings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import is_usable_proxy
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.base import Options, RasAction, run_folder
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.cut_off import is_cut_off
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import LogonGate
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.auto import AutoBackend
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.winrm import WinRmBackend


class FarmAction(RasAction):
    """Subclasses give a spec and :meth:`work`."""

    winrm_backend: t.ClassVar[type[WinRmBackend]] = WinRmBackend

    @abc.abstractmethod
    def work(self, backend: Backend, options: Options) -> dict[str, t.Any]:
        """Do the module's work with a back end that is not logged on yet: see :meth:`RasAction.perform`."""

    def perform(self, options: Options, scrubber: Scrubber) -> dict[str, t.Any]:
        """Work with a session that is ended whatever happens."""
        backend = self._backend(options, scrubber)
        outcome: dict[str, t.Any] = {}
        left_open: str | None = None
        try:
            outcome.update(self.work(backend, options))
        except RasError as exc:
            outcome["failure"] = exc  # the logoff below may add to it
        finally:
            left_open = _closed(backend, bool(outcome))
        outcome["backend_used"] = backend.name
        findings: list[Finding] = outcome.setdefault("findings", [])
        findings += backend.findings
        if left_open:
            remedy = "None: the farm ends the session by itself when it expires."
            findings.append(Finding("session_left_open", "info", "a clean logoff", left_open, remedy))
        return outcome

    def _backend(self, options: Options, scrubber: Scrubber) -> Backend:
        if options["backend"] == "winrm":
            return self._winrm(options)
        rest = self._rest(options, scrubber)
        return (
            AutoBackend(rest, self._winrm(options)) if options["backend"] == "auto" and self.has_powershell() else rest
        )

    def _winrm(self, options: Options) -> WinRmBackend:
        need(options, "WinRM", "api_username", "api_password")
        guard = LogonGate(run_folder(), options["api_password"])
        return self.winrm_backend(self.powershell(), options["api_username"], options["api_password"], guard)

    def _rest(self, options: Options, scrubber: Scrubber) -> RestBackend:
        return rest_backend(options, scrubber)


def _closed(backend: Backend, is_done: bool) -> str | None:
    """Why the session could not be ended, if so. A time-out during the logoff takes nothing from work that is done."""
    try:
        return backend.close()
    except BaseException as exc:
        if not is_done or not is_cut_off(exc):
            raise
        return "the time of the task was over during the logoff"


def rest_backend(options: Options, scrubber: Scrubber, guard: LogonGuard | None = None) -> RestBackend:
    """A session with the API of a farm, not logged on yet; its logons are counted over the run of Ansible.

    :param options: the connection options of the modules.
    :param scrubber: gets the session's token.
    :param guard: asked before each logon, in place of the gate of this run.
    :raises RasError: ``invalid_option``.
    """
    need(options, "REST", "api_url", "api_username", "api_password")
    proxy = options["proxy"]
    if proxy and not is_usable_proxy(proxy):
        raise RasError("invalid_option", "proxy cannot be used: expected http://host:port without user and password.")
    client = HttpClient(
        options["api_url"],
        TlsSettings.from_options(options["validate_certs"], options["ca_path"], options["cert_fingerprint"]),
        timeout=options["timeout"],
        proxy=proxy,
    )
    username, password = options["api_username"], options["api_password"]
    return RestBackend(client, username, password, guard or LogonGate(run_folder(), password), scrubber.add)


def need(options: Options, backend: str, *names: str) -> None:
    """Refuse a missing option that this back end cannot do without."""
    for name in names:
        if not options[name]:
            raise RasError("invalid_option", f"{name} is missing: the {backend} back end needs it.")


def api_host(options: Options) -> str:
    """The host of the API's URL."""
    return urllib.parse.urlsplit(options["api_url"] or "").hostname or ""
