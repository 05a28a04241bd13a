# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Back end ``winrm``: the vendor's RASAdmin module on the RAS host itself (RAS 18-21), through Ansible's connection.

Each script opens a RAS session on ``localhost`` and ends it, so nothing is held open between two calls.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import (
    Backend,
    LogonGuard,
    LogonPermit,
    unguarded,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.fields import brokers_of, sites_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import (
    NeverActivated,
    says_powershell,
    UNPROVEN_ON_HOST,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.refusals import is_explained
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import text
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote, recognize
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.scripts import (
    HostLost,
    ScriptFailed,
    ScriptRunner,
)

_UNPLACED: t.Final = "Without it, nobody knows which server is the licensing server."
# What is read besides the license, and what its lack means.
_WITHOUT: t.Final = {
    "version": "Without it, no agent is updated over WinRM.",
    "sites": _UNPLACED,
    "brokers": _UNPLACED,
}


class WinRmBackend(Backend):
    """RASAdmin on the task's host.

    :param run: runs the scripts on the host.
    :param username: the RAS administrator as user@domain: a DOMAIN prefix is known to break the logon.
    :param guard: asked before the first script that logs on.
    """

    name = "winrm"

    def __init__(self, run: ScriptRunner, username: str, password: str, guard: LogonGuard = unguarded) -> None:
        super().__init__()
        self._run = run
        self._username = username
        self._password = password
        self._guard = guard
        self._seen: dict[str, t.Any] = {}
        self._license_is_fresh = False

    # -- session ---------------------------------------------------------------------------------------------------

    def open(self) -> Farm:
        """Read everything at once; the logon is part of it.

        :raises RasError: ``host_unreachable``, ``product_missing``, ``product_too_old``, ``api_credentials_rejected``,
            ``api_unreachable`` (the broker on this host), ``not_tried`` or ``bad_answer``.
        """
        # The place has the name that it has for the Windows user of the connection, which may be the same account: what
        # went wrong on one host counts once.
        with self._guard(self._run.host, self._username, lambda: None) as permit:
            self._observe(permit)
        return Farm(connected_server=text(self._seen.get("computer")))

    def close(self) -> str | None:
        """Nothing is open between two scripts."""
        return None

    def _observe(self, permit: LogonPermit | None = None) -> None:
        try:
            self._seen = self._run("ras_observe", *self._administrator())
        except ScriptFailed as exc:
            failure = self._meaning(exc)
            # Any other failure is from before the logon, or from after one that was accepted.
            if permit and failure.code == "api_credentials_rejected":
                permit.rejected()
            raise failure from exc
        except RasError as exc:
            if permit and not isinstance(exc, NotSent):
                permit.unclear()
            raise
        if permit:
            permit.accepted()
        self._note_what_was_heard()
        self._note_what_was_not_read()
        # What could not be read has its reason already.
        if self.why_unread("version") is None:
            self.note_version(self.service_version())
        self._license_is_fresh = True

    def why_unread(self, source: str) -> str | None:
        """Why a source could not be read, in RAS's words; None when it was.

        :param source: ``version``, ``license``, ``sites`` or ``brokers``.
        :raises RasError: ``bad_answer``.
        """
        rows = _objects(self._seen, "unread", self._run.host)
        said = [quote(row.get("why")) for row in rows if row.get("source") == source]
        return " ".join(said) or "it did not say why" if said else None

    def _note_what_was_not_read(self) -> None:
        for source, lack in _WITHOUT.items():
            why = self.why_unread(source)
            remedy = f"Read the words of RAS. May this RAS administrator read it? {lack}"
            finding = Finding("not_read", "warning", f"the {source} of the farm", why, remedy)
            if why is not None and finding not in self.findings:
                self.findings.append(finding)

    def _note_what_was_heard(self) -> None:
        """An answer is believed, and what PowerShell wrote beside it is said."""
        heard = str(self._run.heard)
        if heard and not any(finding.observed == heard for finding in self.findings):
            remedy = (
                "Read the text: the answer was complete, and RAS or the PowerShell of the host wrote this beside it."
            )
            self.findings.append(Finding("powershell_wrote", "info", "an answer alone", heard, remedy))

    def _administrator(self) -> tuple[dict[str, str], dict[str, str]]:
        return {"Username": self._username}, {"Password": self._password}

    def _meaning(self, exc: ScriptFailed) -> RasError:
        """The failure of a script that was not a write."""
        if exc.script_code != "logon_failed":
            return exc
        where = f"the broker on {self._run.host}"
        if is_explained(exc.said, "administrator"):
            remedy = "Check that the Connection Broker service runs on the host."
            return RasError("api_unreachable", f"No RAS session with {where}: '{exc.text}'.", remedy=remedy)
        hint = " RAS knows user@domain; a DOMAIN\\user name is known to be refused." if "\\" in self._username else ""
        return RasError(
            "api_credentials_rejected",
            f"The farm rejected the RAS administrator {self._username} at {where}: '{exc.text}'.{hint}",
            observed=exc.observed,
        )

    # -- reads -----------------------------------------------------------------------------------------------------

    def read_license(self) -> t.Any:
        """``Get-RASLicenseDetails``.

        :raises RasError: ``bad_answer`` when it is unknown.
        """
        if not self._license_is_fresh:
            self._observe()
        self._license_is_fresh = False
        if says_powershell(self._seen):
            return NeverActivated.SAID
        answer, why = self._seen.get("license"), self.why_unread("license")
        if why is not None:
            raise RasError(
                "bad_answer",
                f"Get-RASLicenseDetails on {self._run.host} could not read the license: '{why}'.",
                remedy=UNPROVEN_ON_HOST,
                observed={"text": why},
            )
        if not isinstance(answer, dict):
            raise RasError("bad_answer", f"Get-RASLicenseDetails on {self._run.host} did not return an object.")
        return answer

    def sites(self) -> list[Site] | None:
        """``Get-RASSite``."""
        rows = self._rows("sites")
        return None if rows is None else sites_of(rows)

    def brokers(self) -> list[Broker] | None:
        """``Get-RASBroker -SiteId`` (``Get-RASPA`` on RAS 18) of every site."""
        rows = self._rows("brokers")
        return None if rows is None else brokers_of(rows, text(self._seen.get("computer")))

    def agents(self, sites: t.Sequence[Site] | None = None) -> list[dict[str, t.Any]]:
        """``Get-RASAgent -SiteId`` of every site; the script reads the sites itself."""
        try:
            answer = self._run("ras_agents", *self._administrator())
        except ScriptFailed as exc:
            raise self._meaning(exc) from exc
        self._note_what_was_heard()
        return _objects(answer, "agents", self._run.host)

    def service_version(self) -> str | None:
        """``Get-RASVersion``: of the module on this host; no proof of the version of the farm."""
        return text(self._seen.get("version"))

    def _rows(self, name: str) -> list[dict[str, t.Any]] | None:
        """The rows of a source; None where it could not be read."""
        if not self._seen:
            self._observe()
        if self.why_unread(name) is not None:
            return None
        return _objects(self._seen, name, self._run.host)

    # -- writes ----------------------------------------------------------------------------------------------------

    def activate(self, email: str, password: str, key: str | None) -> None:
        """``Invoke-RASLicenseActivate``; no key means a trial (vendor samples)."""
        secrets = {"AccountPassword": password, **({"Key": key} if key is not None else {})}
        self._write("ras_license_write", {"Action": "activate", "Email": email}, secrets, "activate the farm")

    def deactivate(self, email: str, password: str) -> None:
        """``Invoke-RASLicenseDeactivate``, a name that is inferred: the script looks it up first."""
        parameters = {"Action": "deactivate", "Email": email}
        self._write("ras_license_write", parameters, {"AccountPassword": password}, "deactivate the farm")

    def apply_settings(self) -> None:
        """``Invoke-RASApply``: commits what every administrator has staged."""
        self._write("ras_apply", {}, {}, "apply the settings")

    def _write(self, script: str, parameters: dict[str, str], secrets: dict[str, str], action: str) -> None:
        def refused(exc: ScriptFailed) -> RasError:
            meaning = recognize(exc.said)
            return VendorRefused(
                meaning.code,
                f"The request to {action} was refused: '{exc.text}'.",
                farm_fault=meaning.farm_fault,
                observed={"vendor_text": exc.text},
            )

        try:
            self._send_once(script, parameters, secrets, action, refused)
        finally:
            self._license_is_fresh = False

    def _send_once(
        self,
        script: str,
        parameters: dict[str, t.Any],
        secrets: dict[str, str],
        action: str,
        refused: t.Callable[[ScriptFailed], RasError],
        remedy: str | None = None,
    ) -> None:
        """Run a script that changes something, once.

        :param action: what it does, after "to".
        :param refused: makes the failure out of what RAS answered to the cmdlet.
        :param remedy: of an outcome that is not known.
        :raises WriteOutcomeUnknown: when the answer was lost or cannot be read, or when an error was written beside it:
            only silence passes for success.
        """
        own, password = self._administrator()
        try:
            self._run(script, {**own, **parameters}, {**password, **secrets})
        except HostLost as exc:
            raise WriteOutcomeUnknown(
                f"The script to {action} was sent once to {self._run.host} and its answer was lost: {exc.message}",
                remedy=remedy,
            ) from exc
        except ScriptFailed as exc:
            if exc.script_code == "refused":
                raise refused(exc) from exc
            # Every other code is given before the cmdlet was called.
            why = self._meaning(exc)
            raise NotSent(why.code, why.message, remedy=why.remedy, observed=why.observed) from exc
        except NotSent:
            raise
        except RasError as exc:
            # The script ran, and what it did is not known.
            raise WriteOutcomeUnknown(
                f"The script to {action} ran once and gave no answer: {exc.message}", remedy=remedy
            ) from exc
        heard = self._run.heard
        if heard.errors:
            raise WriteOutcomeUnknown(
                f"The script to {action} ran once on {self._run.host} and ended, but PowerShell wrote: {heard}.",
                remedy=remedy,
                observed={"written": list(heard.errors)},
            )
        self._note_what_was_heard()


def _objects(answer: t.Mapping[str, t.Any], name: str, host: str) -> list[dict[str, t.Any]]:
    rows = answer.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RasError("bad_answer", f"The list of {name} from {host} must be a list of objects, but it is not.")
    return rows
