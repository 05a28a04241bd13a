# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Back end ``auto``: REST, and WinRM for what REST cannot report.

WinRM is used only where REST cannot be reached at all or does not report the account, and never after a write was sent:
what one back end wrote is judged by that back end. A certificate that is not trusted is not a reason to bypass REST.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Broker, Farm, Site
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import normalize_key

_NO_REST: t.Final = frozenset({"api_unreachable", "rest_disabled"})
_ACCOUNT_FIELDS: t.Final = ("paUserEmail", "paUserName", "paCompanyName")


class AutoBackend(Backend):
    """Two back ends that look like one.

    :param rest: the first choice.
    :param winrm: the second.
    """

    def __init__(self, rest: Backend, winrm: Backend) -> None:
        super().__init__()
        # What either says on the way to the farm is said once, in its order.
        rest.findings = winrm.findings = self.findings
        self._rest = rest
        self._winrm = winrm
        self._used = rest
        self.name = rest.name
        self._wrote = False
        self._account: dict[str, t.Any] | None = None

    # -- session ---------------------------------------------------------------------------------------------------

    def open(self) -> Farm:
        """Log on by REST, or by WinRM where REST does not answer.

        :raises RasError: that of REST, unless only WinRM was tried, or WinRM shows that RAS is too old for either.
        """
        if self._wrote or self._used is self._winrm:
            return self._used.open()
        try:
            return self._rest.open()
        except RasError as exc:
            if exc.code not in _NO_REST:
                raise
            return self._open_winrm(exc)

    def _open_winrm(self, why: RasError) -> Farm:
        try:
            farm = self._winrm.open()
        except RasError as exc:
            self.findings.append(
                Finding("winrm_failed", "info", "an answer over WinRM in place of REST", exc.message, exc.remedy)
            )
            if exc.code == "product_too_old":
                # This is why REST does not answer: to look for a closed port would be the wrong advice.
                raise
            raise why from exc
        self._used = self._winrm
        self.name = self._winrm.name
        self.findings.append(Finding("rest_unreachable", "info", "an answer over REST", why.message, why.remedy))
        return farm

    def close(self) -> str | None:
        """Log off from what is open."""
        left_open = [text for text in (self._rest.close(), self._winrm.close()) if text]
        return "; ".join(left_open) or None

    # -- reads -----------------------------------------------------------------------------------------------------

    def read_license(self) -> t.Any:
        """The license by the back end in use, completed by the account that only WinRM reports."""
        answer = self._used.read_license()
        if self._used is self._winrm or self._wrote or not _is_silent(answer):
            return answer
        if self._account is None:
            self._account = self._ask_winrm(answer)
        return {**answer, **self._account}

    def _ask_winrm(self, answer: dict[str, t.Any]) -> dict[str, t.Any]:
        """The fields of the account; empty when WinRM does not report it either, or fails."""
        expected = "the account, which REST does not report, over WinRM"
        try:
            self._winrm.open()
            other = self._winrm.read_license()
        except RasError as exc:
            self.findings.append(Finding("winrm_failed", "info", expected, exc.message, exc.remedy))
            return {}
        if not isinstance(other, dict) or not _field(other, "paUserEmail"):
            self.findings.append(Finding("winrm_failed", "info", expected, None, "None: this farm does not report it."))
            return {}
        here, there = _field(answer, "licenseKey"), _field(other, "licenseKey")
        if here and there and normalize_key(here) != normalize_key(there):
            remedy = "Check that ansible_host and api_url lead to the same farm."
            self.findings.append(
                Finding(
                    "back_ends_disagree", "warning", _field(answer, "licenseKey"), _field(other, "licenseKey"), remedy
                )
            )
            return {}
        remedy = "None: REST of this version does not report the account."
        self.findings.append(Finding("account_by_winrm", "info", "the account over REST", "over WinRM", remedy))
        return {name: _field(other, name) for name in _ACCOUNT_FIELDS}

    def sites(self) -> list[Site] | None:
        """By the back end in use."""
        return self._used.sites()

    def brokers(self) -> list[Broker] | None:
        """By the back end in use."""
        return self._used.brokers()

    def agents(self, sites: t.Sequence[Site] | None = None) -> list[dict[str, t.Any]]:
        """By the back end in use."""
        return self._used.agents(sites)

    def service_version(self) -> str | None:
        """By the back end in use."""
        return self._used.service_version()

    # -- writes ----------------------------------------------------------------------------------------------------

    def activate(self, email: str, password: str, key: str | None) -> None:
        """By the back end in use."""
        self._wrote = True
        self._used.activate(email, password, key)

    def deactivate(self, email: str, password: str) -> None:
        """By the back end in use."""
        self._wrote = True
        self._used.deactivate(email, password)

    def apply_settings(self) -> None:
        """By the back end in use."""
        self._wrote = True
        self._used.apply_settings()


def _field(answer: t.Mapping[str, t.Any], name: str) -> str:
    """A field whatever the case of its name: PowerShell writes PAUserEmail."""
    for key, value in answer.items():
        if key.casefold() == name.casefold() and value is not None:
            return quote(value)
    return ""


def _is_silent(answer: t.Any) -> bool:
    """Whether a license is there and its account is not reported."""
    if not isinstance(answer, dict) or _field(answer, "paUserEmail"):
        return False
    return bool(_field(answer, "licenseKey")) or _field(answer, "type") not in ("", "0", "None")
