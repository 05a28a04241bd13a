# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""The options of the modules that upgrade a host, as what their flows want."""

from __future__ import annotations

import datetime as dt
import os
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import agent_from_dict
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.private_folder import local_path
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import UpgradeWanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.record import HostUpgrade
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.signature import Publisher
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._files import controller_path
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.installation import Patience
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._upgrade.starting import Installer

Options = t.Mapping[str, t.Any]
_SECONDS: t.Final = Range(0, 86400, "seconds")
_RANGES: t.Final = {
    **dict.fromkeys(("install_timeout", "restart_timeout", "poll_interval"), _SECONDS),
    "min_free_gb": Range(0, 1024, "GiB"),
}
# Seconds between two questions at least.
LEAST_PAUSE: t.Final = 0.05


def check_numbers(options: Options) -> None:
    """Refuse numbers that make no sense.

    :raises RasError: ``invalid_option``.
    """
    check_ranges(options, {name: allowed for name, allowed in _RANGES.items() if name in options})


def wanted_of(options: Options, today: dt.date) -> UpgradeWanted:
    """What is wanted of a host, and what is known of the farm around it.

    :raises RasError: ``invalid_option``.
    """
    dest = options["backup_dest"] or ""
    return UpgradeWanted(
        version=options["version"],
        reboot=options["reboot"],
        min_free_gb=options["min_free_gb"],
        allow_unknown=tuple(options["allow_unknown"]),
        agents=tuple(agent_from_dict(row) for row in options["agents"]),
        support_expires=_day(options["support_expires"]),
        brokers=options["brokers"],
        auto_promotion_minutes=options["auto_promotion_minutes"],
        backup_dest=dest,
        backup_writable=_can_be_written(dest) if dest else None,
        today=today,
    )


def installer_of(options: Options) -> Installer:
    """The installer of a host.

    :raises RasError: ``invalid_option``.
    """
    return Installer(
        folder=local_path(options["stage_folder"], "stage_folder"),
        version=options["version"],
        sha256=options["installer_sha256"],
        publisher=publisher_of(options),
        source=options["installer_src"] or options["installer_url"],
        arguments=tuple(options["installer_arguments"]),
        seconds=options["install_timeout"],
        download_error=options.get("download_error") or "",
    )


def publisher_of(options: Options) -> Publisher:
    """Who may have signed it.

    :raises RasError: ``invalid_option``.
    """
    return Publisher.read(options["installer_publisher"], options["installer_publisher_check"])


def patience_of(options: Options) -> Patience:
    """How long to wait, in seconds."""
    return Patience(options["install_timeout"], options["restart_timeout"], max(options["poll_interval"], LEAST_PAUSE))


def upgrade_of(options: Options) -> HostUpgrade:
    """How far the upgrade is.

    :raises RasError: ``invalid_option``.
    """
    return t.cast("HostUpgrade", HostUpgrade.read(options["upgrade"], "upgrade"))


def _can_be_written(folder: str) -> bool:
    """Whether a folder can be written, or made where its nearest folder is."""
    path = controller_path(folder)
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return os.path.isdir(path) and os.access(path, os.W_OK | os.X_OK)


def _day(value: str | None) -> dt.date | None:
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as exc:
        raise RasError(
            "invalid_option",
            f"support_expires cannot be read: expected a day such as 2027-03-31, observed '{quote(value)}'.",
        ) from exc
