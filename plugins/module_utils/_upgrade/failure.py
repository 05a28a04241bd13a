# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What stopped a farm whose hosts were upgraded together. Pure, no I/O."""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

Row = t.Mapping[str, t.Any]


def failure_of_hosts(
    results: t.Sequence[Row], hosts: t.Sequence[str], server: str, is_planned: bool = False
) -> dict[str, t.Any]:
    """The first failure, in the words of the farm; empty when all went well.

    :param results: of a module that takes and returns the upgrade of a host, one a host.
    :param hosts: those that must be among them: of one that is not, it is not known how it ended.
    :param server: the licensing server of the farm; the others are its members.
    :param is_planned: whether nothing was begun: then the code of a member says what is wrong with it.
    """
    for result in results:
        upgrade = result.get("upgrade") or {}
        failure = upgrade.get("failure")
        if not upgrade:
            # No module answered, but Ansible did for it.
            failure = RasError("internal_error", f"{result.get('msg') or 'no message'}").as_dict()
        if failure is not None:
            return _of_farm(failure, str(upgrade.get("host") or _item(result)), server, is_planned)
    seen = {str((result.get("upgrade") or {}).get("host")) for result in results}
    lost = [host for host in hosts if host not in seen]
    if lost:
        unknown = RasError("internal_error", "It is not known how its upgrade ended: no step after the start saw it.")
        return _of_farm(unknown.as_dict(), lost[0], server, is_planned)
    return {}


def _item(result: Row) -> t.Any:
    item = result.get("item")
    return item.get("host") if isinstance(item, dict) else item


def _of_farm(failure: Row, host: str, server: str, is_planned: bool) -> dict[str, t.Any]:
    if host == server:
        return dict(failure)
    if is_planned:
        return {**failure, "message": f"The member {host}: {failure['message']}"}
    return RasError(
        "hook_failed" if failure["code"] == "hook_failed" else "agent_failed",
        f"The member {host} failed: {failure['code']}: {failure['message']}",
        remedy=str(failure["remedy"]),
    ).as_dict()
