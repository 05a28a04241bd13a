# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Judge an installer on a host and start it: the one place from which an installer is started, once or after 1618."""

from __future__ import annotations

import ntpath
import typing as t
from dataclasses import dataclass

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.command_line import installer_command_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import (
    download_said,
    installer_absent,
    judge_installer,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.clock import Clock
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.cut_off import CutOff, is_cut_off
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import HostLost, ScriptFailed
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.host import Host, Row

# How often an installer is started in place of one that found another installation running (1618).
ATTEMPTS: t.Final = 5


@dataclass(frozen=True)
class Installer:
    """The installer that is wanted on a host.

    :param folder: of ours on the host, in which it lies.
    :param sha256: in hexadecimal.
    :param source: where it came from, for messages.
    :param arguments: the user's own for msiexec.
    :param seconds: how long it may run.
    :param download_error: what its download said when it failed.
    """

    folder: str
    version: str
    sha256: str
    publisher: Publisher
    source: str
    arguments: tuple[str, ...]
    seconds: int
    download_error: str = ""

    @property
    def path(self) -> str:
        """Of the file on the host."""
        return ntpath.join(self.folder, f"RASInstaller-{self.version}.msi")

    @property
    def log(self) -> str:
        """The path of the log that msiexec writes."""
        return ntpath.join(self.folder, f"RASInstaller-{self.version}.log")


class Starter:
    """Starts one installer on one host."""

    def __init__(self, host: Host, installer: Installer, clock: Clock) -> None:
        self._host = host
        self._installer = installer
        self._clock = clock

    def start(self, upgrade: HostUpgrade) -> HostUpgrade:
        """Judge what lies on the host, look at the host, and start the installer once.

        What was judged is bound to what is started by hash and certificate: the script compares both again while it
        holds the file.

        :returns: the upgrade, ``started``; without a job where the answer to the start was lost.
        :raises RasError: why nothing was started: ``installer_mismatch``, ``installer_untrusted``,
            ``folder_untrusted``, ``invalid_option``; ``host_unreachable`` where the host was lost before the start.
        """
        line = installer_command_line(self._installer.path, self._installer.log, self._installer.arguments)
        signature = self._judged()
        host = self._host.look()
        seen_at = self._clock.monotonic()
        try:
            job = self._host.start(
                {
                    "Path": self._installer.path,
                    "Sha256": self._installer.sha256.strip().casefold(),
                    "Thumbprint": str(signature["thumbprint"]),
                    "CommandLine": line,
                },
                self._installer.seconds,
            )
        except NotSent:
            raise
        except HostLost:
            job = ""
        except BaseException as exc:
            if is_cut_off(exc):
                raise CutOff("the installer was being started") from exc
            raise
        return upgrade.moved(
            "started",
            "wait",
            job=job,
            started_at=seen_at,
            uptime_seconds=host.get("uptime_seconds"),
            attempt=upgrade.attempt + 1,
            publisher=quote(signature.get("publisher") or ""),
            code=None,
            restarted=False,
        )

    def _judged(self) -> Row:
        wanted = self._installer
        try:
            signature = self._host.signature(wanted.path)
        except ScriptFailed as exc:
            if exc.code != "bad_answer":
                raise
            raise installer_absent(
                wanted.source, download_said(wanted.source, wanted.download_error) or exc.message
            ) from exc
        refused = judge_installer(signature, wanted.sha256, wanted.publisher, wanted.source)
        if refused is not None:
            raise refused
        if not signature.get("thumbprint"):
            raise RasError(
                "installer_untrusted",
                f"The installer {wanted.path} must not run: expected the certificate that signed it, observed "
                f"{quote(signature.get('subject') or 'none')} without a thumbprint.",
            )
        return signature
