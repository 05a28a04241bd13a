# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filter: see DOCUMENTATION."""

from __future__ import annotations

import datetime as dt
import os
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import agent_from_dict
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.values import flag
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.checks import ALLOWABLE
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.plan import (
    HostState,
    plan_upgrade,
    UpgradeWanted,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import Filters
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._files import controller_path

DOCUMENTATION = r"""
name: upgrade_plan
short_description: Decide whether a RAS host is upgraded, and check the preconditions
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - Compares what was observed on a RAS host with the wanted version and returns named checks.
  - An upgrade that is needed is refused while a check fails. A newer version than the wanted one is always refused.
  - No public document of the vendor was found that says which upgrade steps between versions are supported. A step over
    more than one major version, or from RAS 15 to 17, is therefore a warning.
positional: version
options:
  _input:
    description:
      - What was observed on the host.
      - C(installed), C(version), C(module), C(reboot_pending), C(file_renames), C(installer_running),
        C(disk_free_bytes), C(product_disk_free_bytes), C(sessions), C(services) (rows with C(name), C(display_name),
        C(status) and C(start_type)), C(is_broker) and C(unread), as C(host_info) returns them. Other keys are ignored.
      - What is null is not known, but for C(version) and C(module) of a host without RAS. Whether RAS is installed,
        C(reboot_pending), C(installer_running), the free bytes and C(sessions) prevent an installation then, unless
        O(allow_unknown) allows it.
      - C(version), C(reboot_pending), C(installer_running), C(services) and C(is_broker) must be there. What else is
        missing is not known; without C(installed), RAS is installed where there is a C(version).
    type: dict
    required: true
  version:
    description: The wanted version of RAS.
    type: str
    required: true
  reboot:
    description: Whether the run may restart the host.
    type: str
    choices: [never, auto]
    default: never
  min_free_gb:
    description: The free space that the system drive and the drive of RAS must have, in units of 2^30 bytes.
    type: float
    default: 5
  allow_unknown:
    description:
      - What may be unknown - how much is free on the drives (V(disk)), whether a restart is pending (V(restart)), how
        many sessions users have (V(sessions)).
    type: list
    elements: str
    choices: [disk, restart, sessions]
    default: []
  agents:
    description: The agents of the farm as C(agents_info) returns them. When they are not given, they are not checked.
    type: list
    elements: dict
    default: []
  support_expires:
    description: >-
      The last day of support or upgrade insurance, as C(YYYY-MM-DD). When it is not given, it is not checked.
    type: str
  brokers:
    description: How many Connection Brokers the farm has.
    type: int
    default: 1
  auto_promotion_minutes:
    description: After how many minutes a secondary broker takes over; V(0) when that is off. Unknown by default.
    type: int
  expected_outage_minutes:
    description: How many minutes the upgrade is expected to keep a broker out of service.
    type: int
    default: 30
  backup_dest:
    description: A folder on the controller to which exported settings are copied. It is not created here.
    type: path
  today:
    description: >-
      The date with which the end of support is compared, as C(YYYY-MM-DD). Today on the controller by default.
    type: str
"""

EXAMPLES = r"""
- name: Would this host be upgraded?
  ansible.builtin.debug:
    msg: "{{ host | fleetops.parallels_ras.upgrade_plan('20.2.26050', reboot='auto') }}"
  vars:
    host:
      version: 19.4.24001
      reboot_pending: true
      installer_running: false
      disk_free_bytes: 64424509440
      product_disk_free_bytes: 64424509440
      sessions: 0
      is_broker: true
      services:
        - {name: RAS Connection Broker, display_name: RAS Connection Broker, status: Running, start_type: Automatic}
"""

RETURN = r"""
_value:
  description: The plan.
  type: dict
  contains:
    needed:
      description: >-
        Whether something is due on the host: an installation where it has an older version, or the restart that it
        waits for.
      type: bool
    restart_only:
      description: >-
        Whether the restart alone is due: the host has the version, Windows waits for a restart, and O(reboot=auto).
      type: bool
    installed:
      description: The version that the host has.
      type: str
    wanted:
      description: The wanted version.
      type: str
    checks:
      description:
        - C(product), C(version), C(path), C(life_cycle), C(license_support), C(pending_reboot), C(installer), C(disk),
          C(sessions), C(services), C(agents), C(backup_target) and C(auto_promotion), each with C(state) (C(ok),
          C(warning), C(failed) or C(not_checked)), C(observed), C(expected) and C(remedy).
      type: dict
    findings:
      description: The warnings among the checks, as findings.
      type: list
      elements: dict
    failure:
      description: Why nothing may be installed; null when nothing prevents it.
      type: dict
      contains:
        code:
          description:
            - V(upgrade_blocked) - checks failed; the message names them all.
            - V(reboot_required) - Windows waits for a restart, and nothing else prevents the upgrade; also
              where nothing is to be installed.
            - V(version_newer) - the host has a newer version.
            - V(product_missing) - RAS is not installed on the host.
            - V(bad_answer) - the installed version, or whether RAS is installed, cannot be read.
            - V(invalid_option) - the wanted version cannot be read.
          type: str
        message:
          description: What was expected and observed.
          type: str
        remedy:
          description: What to do next.
          type: str
        observed:
          description: The data behind the message.
          type: raw
"""


def upgrade_plan(host: t.Any, version: t.Any, **options: t.Any) -> dict[str, t.Any]:
    """Read the options and plan; input that cannot be understood raises one sentence."""
    try:
        wanted = UpgradeWanted(str(version), **_read(options))
        return plan_upgrade(_host(host), wanted).as_dict()
    except RasError as exc:
        raise AnsibleFilterError(f"upgrade_plan: {exc.message}") from exc
    except KeyError as exc:
        raise AnsibleFilterError(f"upgrade_plan: what was observed on the host does not include {exc}") from exc
    except (TypeError, ValueError, AttributeError) as exc:
        raise AnsibleFilterError(f"upgrade_plan: {exc}") from exc


def _host(host: t.Any) -> HostState:
    """What is missing is not taken as good: only what may be unknown may be left out."""
    version = str(host["version"]) if host["version"] is not None else None
    services = host["services"]
    return HostState(
        version=version,
        installed=flag(host["installed"]) if "installed" in host else version is not None,
        module=host.get("module"),
        reboot_pending=flag(host["reboot_pending"]),
        file_renames=flag(host.get("file_renames")),
        installer_running=flag(host["installer_running"]),
        **{name: _number(host.get(name)) for name in ("disk_free_bytes", "product_disk_free_bytes", "sessions")},
        services=None if services is None else tuple(services),
        is_broker=flag(host["is_broker"]),
        unread={str(row["source"]): str(row["why"]) for row in host.get("unread") or ()},
    )


def _number(value: t.Any) -> int | None:
    return None if value is None else int(value)


def _read(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options with their types, as templates pass many of them as text."""
    given = {name: value for name, value in options.items() if value is not None}
    if given.get("reboot", "never") not in ("never", "auto"):
        raise ValueError(f"reboot must be never or auto, but it is '{given['reboot']}'")
    if strange := [each for each in given.get("allow_unknown", ()) if each not in ALLOWABLE]:
        raise ValueError(f"allow_unknown must hold {', '.join(ALLOWABLE)}, but it holds '{strange[0]}'")
    types: dict[str, t.Callable[[t.Any], t.Any]] = {
        "min_free_gb": float,
        "agents": lambda rows: tuple(agent_from_dict(row) for row in rows),
        "support_expires": _day,
        "brokers": int,
        "auto_promotion_minutes": int,
        "expected_outage_minutes": int,
        "today": _day,
    }
    if given.get("backup_dest"):
        given["backup_writable"] = _can_be_written(str(given["backup_dest"]))
    read = {name: types[name](value) if name in types else value for name, value in given.items()}
    return {"today": dt.date.today(), **read}


def _can_be_written(folder: str) -> bool:
    """Whether a folder can be written, or made where its nearest folder is."""
    path = controller_path(folder)
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return os.path.isdir(path) and os.access(path, os.W_OK | os.X_OK)


def _day(value: t.Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


class FilterModule(Filters):
    """Jinja2 filter."""

    FUNCTIONS: t.ClassVar = {"upgrade_plan": upgrade_plan}
