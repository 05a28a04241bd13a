# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What the modules can do, in the words of ansible-core's attributes."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes of all modules; each module says how far it supports those that are left open here."""

    # Standard documentation fragment
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description: >-
      Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled/queried by the module has not changed in a relevant way.
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: windows
    details:
      - The action itself runs on the controller, which must be a POSIX system.
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the
      controller.
    support: full
    details:
      - All of it runs on the controller, in the process of Ansible's worker. Requests to RASAdmin or Windows run on the
        host, through M(ansible.windows.win_powershell).
  async:
    description: Supports being used with the C(async) keyword.
    support: none
    details:
      - The action runs on the controller, where no job could be left running.
"""

    # Should be used together with the standard fragment
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""

    # Should be used together with the standard fragment
    ACTION_GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/fleetops.parallels_ras.ras) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - fleetops.parallels_ras.ras
    details:
      - Use it for the connection options only; these are the options that every module of the group has.
"""

    # Should be used together with the standard fragment
    HOST_CONNECTION = r"""
options: {}
attributes:
  connection:
    description: Uses the target's configured connection information to execute code on it.
    support: full
    details:
      - The host's connection must be C(winrm), C(psrp), or C(ssh) with a PowerShell shell. With another connection the
        task fails with RV(failure.code=invalid_option).
      - A connection that fails makes the task fail with RV(failure.code=host_unreachable). The host does not become
        unreachable for the play.
      - For each Windows user and password of connections one logon goes first. After two hosts of the run did not
        accept them, the others fail with RV(failure.code=not_tried).
"""
