# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Decide whether a RAS host is upgraded, and check what must hold before: pure, no I/O, the same in check mode.

Each check is data: ``state`` (``ok``, ``warning``, ``failed`` or ``not_checked``), ``observed``, ``expected`` and
``remedy``. A failed check stops an upgrade that is needed, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import (
    compare,
    parse_version,
    RasVersion,
    shown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.checks import (
    agents_check,
    backup_check,
    Check,
    check,
    disk_check,
    installer_check,
    late_reboot_check,
    life_cycle_check,
    not_known,
    not_needed,
    path_check,
    promotion_check,
    reboot_check,
    services_check,
    sessions_check,
    support_check,
)

# What only matters when something is installed.
_FOR_INSTALLATION: t.Final = (
    *("path", "pending_reboot", "installer", "disk", "sessions", "auto_promotion", "backup_target"),
)
# Of these, what a restart alone does not ask for.
_FOR_THE_INSTALLER: t.Final = ("path", "disk", "backup_target")
# The sources of whether a restart is pending.
_RESTART: t.Final = ("component_servicing", "windows_update")
_LOOK_AT_PROGRAMS: t.Final = "Look at the host's list of programs: what version of Parallels RAS does it show?"


@dataclass(frozen=True)
class HostState:
    """What was observed of a RAS host; None is not known, but for the version and the module of one without RAS.

    :param version: of the installed product as the list of programs shows it.
    :param installed: whether RAS is installed.
    :param module: the name of its PowerShell module (RASAdmin, PSAdmin), None when there is none.
    :param reboot_pending: whether Windows waits for a restart.
    :param file_renames: whether files wait to be renamed at the next restart.
    :param disk_free_bytes: of the system drive.
    :param product_disk_free_bytes: of the drive on which RAS is.
    :param sessions: of users.
    :param services: rows with ``name``, ``display_name``, ``status`` and ``start_type`` as ``Get-Service`` names them.
    :param unread: why a source could not be read, by its name.
    """

    version: str | None
    installed: bool | None = None
    module: str | None = None
    reboot_pending: bool | None = None
    installer_running: bool | None = None
    file_renames: bool | None = None
    disk_free_bytes: int | None = None
    product_disk_free_bytes: int | None = None
    sessions: int | None = None
    services: t.Sequence[t.Mapping[str, t.Any]] | None = None
    is_broker: bool | None = None
    unread: t.Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, host: t.Mapping[str, t.Any]) -> HostState:
        """The state of a host.

        :param host: as ``describe_host`` describes it.
        """
        services = host["services"]
        return cls(
            **{
                name: host[name]
                for name in (
                    *("version", "installed", "module", "reboot_pending", "installer_running", "file_renames"),
                    *("disk_free_bytes", "product_disk_free_bytes", "sessions", "is_broker"),
                )
            },
            services=None if services is None else tuple(services),
            unread={str(row["source"]): str(row["why"]) for row in host["unread"]},
        )

    def why(self, *sources: str) -> str | None:
        """Why the first of these sources that could not be read could not."""
        return next((self.unread[source] for source in sources if source in self.unread), None)


@dataclass(frozen=True)
class UpgradeWanted:
    """What is wanted, and what is known of the farm around the host.

    :param reboot: whether the run may restart the host.
    :param min_free_gb: free space that an installation needs, in units of 2**30 bytes.
    :param allow_unknown: what may be unknown, of ``checks.ALLOWABLE``.
    :param agents: all agents of the farm; none means that they were not read.
    :param support_expires: the last day of support or upgrade insurance; None when it is not reported or not certain.
    :param brokers: how many Connection Brokers the farm has.
    :param auto_promotion_minutes: after how long a secondary broker takes over; 0 when it is off, None when not known.
    :param backup_dest: the folder of the controller to which settings are fetched; empty for none.
    :param backup_writable: whether that folder is there or can be made, and can be written; None when not looked at.
    :param expected_outage_minutes: how long the upgrade is thought to keep a broker away.
    """

    version: str
    reboot: t.Literal["never", "auto"] = "never"
    min_free_gb: float = 5
    allow_unknown: t.Collection[str] = ()
    agents: t.Sequence[Agent] = ()
    support_expires: dt.date | None = None
    brokers: int = 1
    auto_promotion_minutes: int | None = None
    expected_outage_minutes: int = 30
    backup_dest: str = ""
    backup_writable: bool | None = None
    today: dt.date = field(kw_only=True)


@dataclass
class UpgradePlan:
    """What is needed, and what was checked; with a ``refusal`` nothing may be done.

    :param needed: whether there is something to do on the host: an installation, or a restart alone.
    :param restart_only: the version is there, and Windows waits for a restart: the run that installed it may have ended
        before. Only where the run may restart hosts.
    """

    needed: bool = False
    restart_only: bool = False
    checks: dict[str, Check] = field(default_factory=dict)
    refusal: RasError | None = None
    findings: list[Finding] = field(default_factory=list)
    installed: str | None = None
    wanted: str = ""

    def as_dict(self) -> dict[str, t.Any]:
        """The form in which the role carries it; ``failure`` is the refusal, or None."""
        return {
            "needed": self.needed,
            "restart_only": self.restart_only,
            "installed": self.installed,
            "wanted": self.wanted,
            "checks": {name: dict(each) for name, each in self.checks.items()},
            "failure": self.refusal.as_dict() if self.refusal else None,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def plan_upgrade(host: HostState, wanted: UpgradeWanted) -> UpgradePlan:
    """Compare and check.

    :returns: a plan; ``needed`` is True for an older version, whether it is refused or not, and for a restart that is
        due and allowed.
    """
    plan = UpgradePlan(installed=host.version, wanted=wanted.version)
    installed, aim = parse_version(host.version), parse_version(wanted.version)
    relation = compare(installed, aim)
    plan.restart_only = relation == "same" and host.reboot_pending is True and wanted.reboot == "auto"
    plan.needed = relation == "older" or plan.restart_only
    plan.refusal = _refuse_version(host, wanted, installed, aim)
    plan.checks = {
        **_check_versions(host, wanted, plan.refusal),
        **_check_around(host, wanted, installed, aim),
    }
    if not plan.needed:
        for name in _FOR_INSTALLATION:
            plan.checks[name] = not_needed(plan.checks[name])
        if host.reboot_pending is not False or host.file_renames is not False:
            plan.checks["pending_reboot"] = late_reboot_check(
                host.reboot_pending, host.file_renames, wanted.allow_unknown, host.why(*_RESTART)
            )
        if plan.checks["pending_reboot"]["state"] == "failed" and plan.refusal is None:
            plan.refusal = _refuse_late(plan.checks["pending_reboot"], plan.installed)
    elif plan.refusal is None:
        for name in _FOR_THE_INSTALLER if plan.restart_only else ():
            plan.checks[name] = not_needed(plan.checks[name])
        plan.refusal = _refuse_checks(plan, host.reboot_pending)
    plan.findings = [
        Finding(f"upgrade_{name}", "warning", each["expected"], each["observed"], each["remedy"])
        for name, each in plan.checks.items()
        if each["state"] == "warning"
    ]
    return plan


def _check_versions(host: HostState, wanted: UpgradeWanted, refusal: RasError | None) -> dict[str, Check]:
    expected = f"{shown(wanted.version)} or older"
    if host.installed is None:
        observed = not_known("whether RAS is installed", host.why("products"))
        return {
            "product": check("failed", observed, "RAS is installed", _LOOK_AT_PROGRAMS),
            "version": check("not_checked", None, expected, _LOOK_AT_PROGRAMS),
        }
    if not host.installed:
        missing = REMEDIES["product_missing"]
        return {
            "product": check("failed", "not installed", "RAS is installed", missing),
            "version": check("not_checked", None, expected, missing),
        }
    return {
        "product": check("ok", "installed", "RAS is installed", ""),
        "version": check(
            "failed" if refusal else "ok", shown(host.version), expected, refusal.remedy if refusal else ""
        ),
    }


def _check_around(
    host: HostState, wanted: UpgradeWanted, installed: RasVersion | None, aim: RasVersion | None
) -> dict[str, Check]:
    return {
        "path": path_check(installed, aim),
        "life_cycle": life_cycle_check(aim, wanted.today),
        "license_support": support_check(wanted.support_expires, wanted.today),
        "pending_reboot": reboot_check(
            host.reboot_pending, wanted.reboot, host.file_renames, wanted.allow_unknown, host.why(*_RESTART)
        ),
        "installer": installer_check(host.installer_running),
        "disk": disk_check(
            host.disk_free_bytes,
            host.product_disk_free_bytes,
            wanted.min_free_gb,
            wanted.allow_unknown,
            host.why("disk", "product_disk"),
        ),
        "sessions": sessions_check(host.sessions, wanted.allow_unknown, host.why("sessions")),
        "services": services_check(host.services, host.is_broker),
        "agents": agents_check(wanted.agents),
        "backup_target": backup_check(wanted.backup_dest, wanted.backup_writable),
        "auto_promotion": promotion_check(
            wanted.brokers, wanted.auto_promotion_minutes, wanted.expected_outage_minutes
        ),
    }


def _refuse_version(
    host: HostState, wanted: UpgradeWanted, installed: RasVersion | None, aim: RasVersion | None
) -> RasError | None:
    """Why the versions alone forbid an upgrade."""
    observed = {"installed": host.version, "wanted": wanted.version}
    if aim is None:
        return RasError(
            "invalid_option",
            f"The wanted version cannot be compared: expected one such as 20.2.26050, observed "
            f"'{quote(wanted.version)}'.",
            observed=observed,
        )
    if host.installed is None:
        return RasError(
            "bad_answer",
            "Whether RAS is installed on this host is not known: expected its list of programs, observed that it could "
            f"not be read ({host.why('products') or 'no reason was given'}).",
            remedy=_LOOK_AT_PROGRAMS,
            observed=observed,
        )
    if not host.installed:
        return RasError(
            "product_missing",
            "RAS is not installed on this host: expected an installed version, observed none.",
            observed=observed,
        )
    if installed is None:
        return RasError(
            "bad_answer",
            f"The version of RAS on this host cannot be read: expected one such as 20.2.26050, observed "
            f"'{quote(host.version or '')}'.",
            remedy=_LOOK_AT_PROGRAMS,
            observed=observed,
        )
    if installed > aim:
        return RasError(
            "version_newer",
            f"The host has a newer version than wanted: expected {aim} or older, observed {installed}.",
            observed=observed,
        )
    return None


def _refuse_late(late: Check, installed: str | None) -> RasError:
    """A host is not at its version while it waits for a restart."""
    message = f"The host has {shown(installed)} already: expected {late['expected']}, observed {late['observed']}."
    observed = {"pending_reboot": late["observed"]}
    return RasError("reboot_required", message, remedy=late["remedy"], observed=observed)


def _refuse_checks(plan: UpgradePlan, pending: bool | None) -> RasError | None:
    """All failed checks in one failure; a pending restart alone has a code of its own, for playbooks to act on."""
    failed = {name: each for name, each in plan.checks.items() if each["state"] == "failed"}
    if not failed:
        return None
    reasons = "; ".join(
        f"{name}: expected {each['expected']}, observed {each['observed']}" for name, each in failed.items()
    )
    remedy = " ".join(f"{name}: {each['remedy']}" for name, each in failed.items())
    begun = (
        f"The restart for which {shown(plan.installed)} waits"
        if plan.restart_only
        else f"The upgrade from {shown(plan.installed)} to {shown(plan.wanted)}"
    )
    message = f"{begun} cannot start ({reasons})."
    observed = {name: each["observed"] for name, each in failed.items()}
    if set(failed) == {"pending_reboot"} and pending:
        return RasError("reboot_required", message, observed=observed)
    return RasError("upgrade_blocked", message, remedy=remedy, observed=observed)
