# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cmdlets each version of the RAS PowerShell module has, with the parameters that public sources show.

Sources: RAS-PowerShell (the vendor's samples and their history: names by version), RAS PowerShell API chapters of the
administrator's guides 17, 19 and 20, and third-party scripts for 21. Marks: *verified* in a vendor source, *seen* in a
third-party script, *inferred* from the REST twin. A cmdlet that has no version here does not exist in the lab.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OLDEST, NEWEST = 15, 22
# The module was called PSAdmin, without the prefix RAS, before 18
FIRST_RASADMIN = 18


@dataclass(frozen=True)
class Cmdlet:
    """A cmdlet of some versions; ``parameters`` are those that are known, all others fail."""

    name: str
    since: int
    until: int
    parameters: frozenset[str]
    mark: str


def _rows(name: str, since: int, until: int, parameters: str, mark: str = "verified") -> Cmdlet:
    return Cmdlet(name, since, until, frozenset(parameters.split()), mark)


_ALL = (
    # before 18: the module PSAdmin
    _rows("New-RASSession", 16, 17, "Username Password Server Force Retries"),
    _rows("Remove-RASSession", 16, 17, ""),
    _rows("Get-PA", 16, 17, "Server SiteId Id"),
    _rows("Get-GW", 16, 17, "Server SiteId Id"),
    _rows("Get-RDS", 16, 17, "Server SiteId Id"),
    _rows("Get-Site", 16, 17, "Name Id"),
    _rows("Invoke-Apply", 16, 17, ""),
    _rows("Invoke-LicenseActivate", 16, 17, "Email Password Key"),
    _rows("Get-LicenseDetails", 16, 17, ""),
    _rows("Invoke-ExportSettings", 16, 17, "FilePath"),
    # from 18 on: RASAdmin
    _rows("New-RASSession", 18, NEWEST, "Username Password Server Force Retries"),
    _rows("Remove-RASSession", 18, NEWEST, ""),
    _rows("Get-RASVersion", 18, NEWEST, ""),
    _rows("Get-RASSite", 18, NEWEST, "Name Id"),
    _rows("Get-RASSiteStatus", 18, NEWEST, "SiteId"),
    _rows("Get-RASPA", 18, 18, "Server SiteId Id"),
    _rows("Get-RASBroker", 19, NEWEST, "Server SiteId Id"),
    _rows("Get-RASPAStatus", 18, 18, "Server SiteId Id", "inferred"),
    _rows("Get-RASBrokerStatus", 19, NEWEST, "Server SiteId Id"),
    _rows("Get-RASGW", 18, 18, "Server SiteId Id"),
    _rows("Get-RASGateway", 19, NEWEST, "Server SiteId Id"),
    _rows("Get-RASGWStatus", 18, 18, "Server SiteId Id", "inferred"),
    _rows("Get-RASGatewayStatus", 19, NEWEST, "Server SiteId Id"),
    _rows("Get-RASRDS", 18, 19, "Server SiteId Id"),
    _rows("Get-RASRDSHost", 20, NEWEST, "Server SiteId Id"),
    _rows("Get-RASRDSStatus", 18, 19, "Server SiteId Id"),
    _rows("Get-RASRDSHostStatus", 20, NEWEST, "Server SiteId Id"),
    _rows("Get-RASAgent", 18, NEWEST, "Server ServerType SiteId"),
    _rows("Update-RASAgent", 18, NEWEST, "Server SiteId InputObject Force"),
    _rows("Remove-RASAgent", 18, NEWEST, "Server"),
    _rows("Set-RASPA", 18, 18, "Server Id SiteId Enabled", "inferred"),
    _rows("Set-RASBroker", 19, NEWEST, "Server Id SiteId Enabled"),
    _rows("Set-RASGW", 18, 18, "Server Id SiteId Enabled", "inferred"),
    _rows("Set-RASGateway", 19, NEWEST, "Server Id SiteId Enabled", "inferred"),
    _rows("Set-RASRDS", 18, 19, "Server Id SiteId Enabled", "inferred"),
    _rows("Set-RASRDSHost", 20, NEWEST, "Server Id SiteId Enabled", "seen"),
    _rows("Invoke-RASLicenseActivate", 18, NEWEST, "Email Password Key"),
    _rows("Invoke-RASLicenseDeactivate", 18, NEWEST, "Email Password", "inferred"),
    _rows("Get-RASLicenseDetails", 18, NEWEST, ""),
    _rows("Invoke-RASApply", 18, NEWEST, "FullSync"),
    _rows("Invoke-RASExportSettings", 18, 20, "FilePath"),
    _rows("Invoke-RASExportSettings", 21, NEWEST, "FilePath TimeoutInSecs", "seen"),
    _rows("Invoke-RASPAPromoteToMaster", 18, 18, "Id Email Password"),
    _rows("Invoke-RASBrokerPromoteToPrimary", 19, NEWEST, "Id Email Password"),
)
_INDEX = {(cmdlet.name.casefold(), major): cmdlet for cmdlet in _ALL for major in range(cmdlet.since, cmdlet.until + 1)}


def module_name(major: int) -> str:
    """The PowerShell module of a major version."""
    return "RASAdmin" if major >= FIRST_RASADMIN else "PSAdmin"


def module_path(folder: str, major: int) -> str:
    """Where the module's manifest is, below the product's folder."""
    name = module_name(major)
    return rf"{folder.rstrip(chr(92))}\Modules\{name}\{name}.psd1"


def find(name: str, major: int) -> Cmdlet | None:
    """The cmdlet as version ``major`` has it."""
    return _INDEX.get((name.casefold(), major))


def names(major: int) -> Iterable[str]:
    """All cmdlets of a major version."""
    return sorted(cmdlet.name for (_name, found), cmdlet in _INDEX.items() if found == major)
