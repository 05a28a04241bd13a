# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the fleet_info module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_info
short_description: Read many Parallels RAS farms at once
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Reads the license of many farms in one task, in parallel, from the controller, and compares each with the variables
    of its inventory host.
  - URL, RAS administrator, certificate and the wanted account are the variables of the role, such as C(ras_api_url),
    C(ras_api_username) and C(ras_account_email), read for each host through C(hostvars). A variable that a host does
    not set has the role's default; the environment variables of the other modules are used for the RAS administrator
    and C(ras_ca_path) when no variable is set. Variables of a play or task are not seen, because they belong to no
    host.
  - A farm that fails is returned as data, and the task goes on. The task fails only when it cannot run at all.
  - Three requests go to each farm, and a fourth for its agents. Up to RAS 19, whose logon says neither the version nor
    which server is the licensing server, three to five more ask for both. What was not requested is V(not_checked).
  - It uses the REST API only.
  - RAS administrators are protected as in all modules. For each user and password, one logon goes first; after two
    farms reject it, the other farms are V(not_tried).
  - Changes nothing.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  hosts:
    description:
      - The inventory hosts to read, one for each farm. A name that is not in the inventory is refused.
    type: list
    elements: str
    required: true
  agents:
    description:
      - Whether to read the agents of each farm too. Versions and the rules about them need it.
      - V(none) - they are not read.
      - V(listed) - the agents that the farm lists without being asked for a site; one request more. Which sites that
        list covers is not documented.
      - V(all) - the agents of all sites; two requests more, and one for each site that the list leaves out.
    type: str
    choices: [none, listed, all]
    default: none
  expiry_warning_days:
    description:
      - A license that ends within this number of days is the finding C(expiry_soon); from 0 to 3650. When it is not
        set, C(ras_expiry_warning_days) of each host applies.
    type: int
  workers:
    description:
      - How many farms are read at the same time, from 1 to 256. Each of them is a thread of one process, with one
        connection and at most three file descriptors.
    type: int
    default: 64
  timeout:
    description:
      - Seconds after which a request ends, from 1 to 3600. When it is not set, C(ras_timeout) of each host applies.
    type: int
  farm_timeout:
    description:
      - Seconds for one farm, from 1 to 3600, counted from its turn to log on.
    type: int
    default: 120
  total_timeout:
    description:
      - Seconds for all farms together, from 1 to 86400. Farms that are not finished by then are V(unreachable); farms
        whose turn did not come are V(not_tried).
    type: int
    default: 1800
  options_only:
    description:
      - Only work out the role's variables that concern a drift check as a whole, all that begin with C(ras_drift_), and
        return them as RV(options). No farm is asked.
      - Each must be one. Where hosts differ, the task fails with the hosts and their values. A host at which a variable
        cannot be worked out does not count; it is V(failed) when the farms are read.
    type: bool
    default: false
notes:
  - Run it once for a whole play, with C(run_once), and without C(serial), which would run it once for each group of
    hosts.
seealso:
  - module: fleetops.parallels_ras.license_info
"""

EXAMPLES = r"""
- name: Read all farms of this play
  fleetops.parallels_ras.fleet_info:
    hosts: "{{ ansible_play_hosts_all }}"
    agents: listed
  register: ras_fleet
  run_once: true

- name: Show the farms that are not as wanted
  ansible.builtin.debug:
    msg: "{{ item.farm }}: {{ item.state }}, {{ item.findings | map(attribute='rule') | join(', ') }}"
  loop: "{{ ras_fleet.farms | rejectattr('state', 'eq', 'ok') }}"
  loop_control:
    label: "{{ item.farm }}"
  run_once: true
"""

RETURN = r"""
farms:
  description: One record for each host, in the order of O(hosts).
  returned: success
  type: list
  elements: dict
  contains:
    farm:
      description: Name of the farm, C(ras_farm) or the name of the host.
      type: str
      returned: always
      sample: tokyo
    host:
      description: The inventory host.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    organization:
      description: C(ras_organization) of the host.
      type: str
      returned: always
      sample: default
    state:
      description:
        - V(ok) - read, all that is wanted was looked at, and nothing deviates.
        - V(warning) - read, and at worst something of severity V(warning) was found, or was not looked at.
        - V(error) - read, and something of severity V(error) was found; see RV(farms[].findings).
        - V(unreachable), V(credentials_rejected), V(bad_answer), V(not_tried), V(failed) - not read; see
          RV(farms[].failure).
        - V(unmanaged) - left alone, because C(ras_managed) is false. Nothing was sent to it.
      type: str
      returned: always
      sample: error
    wanted:
      description: >-
        What the variables ask for: C(account), C(other_emails), C(key) (masked), C(version) and
        C(expiry_warning_days). Each may be null.
      type: dict
      returned: always
    identity:
      description: >-
        The farm as its logon reports it, with the keys of RV(fleetops.parallels_ras.license_info#module:farm).
      type: dict
      returned: always
    license:
      description: >-
        The license, as RV(fleetops.parallels_ras.license_info#module:license). Null for a farm that was not read.
      type: dict
      returned: always
    account_match:
      description: V(match), V(mismatch), V(unknown), or V(not_checked) where no account is wanted or none was read.
      type: str
      returned: always
      sample: match
    account_evidence:
      description: The evidence for it, V(reported), V(key) or V(none).
      type: str
      returned: always
      sample: reported
    key_match:
      description: V(match), V(mismatch), V(unknown), or V(not_checked) where no key is wanted or none was read.
      type: str
      returned: always
      sample: match
    version:
      description: >-
        The version of the farm, which is that of the broker on its licensing server. Null when agents were not read, or
        when the brokers do not decide it.
      type: str
      returned: always
      sample: 21.2.1.27306
    agents:
      description: >-
        The RAS hosts with C(server), C(kind), C(state), C(health) and C(version), as
        M(fleetops.parallels_ras.agents_info) returns them. Null when they were not requested.
      type: list
      elements: dict
      returned: always
    checks:
      description: >-
        For each rule V(ok), V(finding) or V(not_checked), which is also said of a rule that only follows from a finding
        of another one.
      type: dict
      returned: always
    findings:
      description: >-
        What deviates, each with C(rule), C(severity), C(expected), C(observed), C(remedy) and C(consequences), the
        rules of what only follows from it and is said in C(observed). The rules are those of the drift report, with
        their default severities.
      type: list
      elements: dict
      returned: always
    failure:
      description: >-
        Why the farm was not read, with C(code), C(message), C(remedy) and C(observed), as
        RV(fleetops.parallels_ras.license_info#module:failure). Null for a farm that was read.
      type: dict
      returned: always
    elapsed_ms:
      description: Milliseconds that the farm took. Null when nothing was requested.
      type: int
      returned: always
      sample: 41
states:
  description: How many farms are in each state.
  returned: success
  type: dict
  sample: {ok: 98, error: 2}
scanned_at:
  description: When the scan started, in UTC.
  returned: success
  type: str
  sample: "2026-11-20T02:00:00Z"
format:
  description: What this is, for M(fleetops.parallels_ras.drift_report).
  returned: success, without O(options_only=true)
  type: str
  sample: fleetops.parallels_ras.scan
version:
  description: The version of the records, which is that of the reports.
  returned: success, without O(options_only=true)
  type: int
  sample: 3
options:
  description: The variables that concern a drift check as a whole, by their names.
  returned: success, with O(options_only=true)
  type: dict
  sample: {ras_drift_agents: listed, ras_drift_workers: 64}
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(invalid_option) - an option is missing or wrong. Nothing was sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: invalid_option
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "hosts is empty: expected at least one inventory host to look at."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: Correct the option and run again. Nothing was sent.
    observed:
      description: The data behind the message; null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    hosts is empty: expected at least one inventory host to look at. Correct the option and run again. Nothing was sent.
"""
