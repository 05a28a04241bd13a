# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which checks were due at a farm and were not made, because the farm does not report what they need. Pure, no I/O.

What a release does not have, or what nobody wants, is not due: staged settings of an old web service, the company, the
number of users of an SPLA license, which is billed by use.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import Check
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License

# Its License object is the first that has the flag (RAS REST API guide v20, Licensing).
_FIRST_WITH_ATTENTION: t.Final = 20


def uncompared(
    checks: t.Mapping[str, Check], target: Target, license_: License, version: str | None, *, agents_asked: bool
) -> list[str]:
    """Each check that was due and not made, with the reason.

    :param checks: what the rules said so far.
    :param version: of the farm, where it is known.
    """
    wanted, parsed = target.wanted, parse_version(version)
    counts_users = license_.type_name in ("PrePaid", "Permanent") and not {"installedUsers", "usersPeak"} & set(
        license_.unclear
    )
    has_flag = parsed is not None and parsed.major >= _FIRST_WITH_ATTENTION and license_.status != "not_activated"
    no_version = "the version of the farm is not known" if agents_asked else "the agents were not read"
    due = {
        "key_mismatch": (
            license_.paid and bool(wanted.license_key) and wanted.on_key_mismatch != "ignore",
            "the farm shows nothing of its key",
        ),
        "wrong_server": (True, "the farm does not report which server is its licensing server"),
        "wrong_farm": (bool(wanted.farm_guid), "the farm does not report its farmGUID"),
        "over_use": (license_.paid and counts_users, "the farm does not report its users"),
        "needs_attention": (
            has_flag and "needsAttention" not in license_.unclear,
            "the farm does not report whether its license needs attention",
        ),
        "version_behind": (bool(target.version), no_version),
        "agents_behind": (agents_asked, "the version of the farm, or of an agent, is not known"),
        "agents_unhealthy": (agents_asked, "an agent shows no state that is known"),
    }
    return [f"{rule}: {why}" for rule, (is_due, why) in due.items() if is_due and checks[rule] == "not_checked"]
