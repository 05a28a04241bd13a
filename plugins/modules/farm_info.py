# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the farm_info module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: farm_info
short_description: Read the identity of a Parallels RAS farm
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Reads which Parallels RAS farm answers at an address, whether the server there is the farm's licensing server (its
    Licensing Connection Broker, where the farm is activated; not a Microsoft RD licensing server), and the farm's sites
    and Connection Brokers.
  - Changes nothing.
  - When the farm does not report its licensing server, the enabled broker of the licensing site with the lowest
    priority number (0 is the primary) is taken for it. When that does not decide it either,
    RV(farm.is_licensing_server) is null.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
  - fleetops.parallels_ras._attributes.action_group
  - fleetops.parallels_ras._connection
options:
  expected_version:
    description:
      - The version that the farm is waited for. RV(missing) then says what it lacks.
    type: str
  agents:
    description:
      - Whether the agents of the farm are read too, in the same session.
    type: bool
    default: false
seealso:
  - module: fleetops.parallels_ras.license
  - module: fleetops.parallels_ras.license_info
  - ref: ansible_collections.fleetops.parallels_ras.docsite.guide_activation
    description: How to sign a fleet of farms in with one business account.
"""

EXAMPLES = r"""
- name: Read which farm answers
  fleetops.parallels_ras.farm_info:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
  register: farm_seen

- name: Show the farm and its licensing server
  ansible.builtin.debug:
    msg: >-
      Farm {{ farm_seen.farm.name }} ({{ farm_seen.farm.guid }}), licensing server {{
      farm_seen.farm.licensing_server }}, brokers: {{ farm_seen.brokers | length }}

- name: List the names of the brokers by priority
  ansible.builtin.debug:
    msg: "{{ farm_seen.brokers | sort(attribute='priority') | map(attribute='server') }}"

- name: Set the connection options once for all modules of the collection
  hosts: ras_licensing_servers
  gather_facts: false
  module_defaults:
    group/fleetops.parallels_ras.ras:
      api_url: "https://{{ ansible_host }}:20443"
      api_username: "{{ ras_api_username }}"
      api_password: "{{ ras_api_password }}"
      ca_path: "{{ ras_ca_path }}"
  tasks:
    - name: Read which farm answers
      fleetops.parallels_ras.farm_info:
      register: farm_seen
"""

RETURN = r"""
missing:
  description:
    - What the farm lacks to O(expected_version), as sentences. Empty when it has that version or a newer one, or does
      not report its version.
  returned: success, with O(expected_version)
  type: list
  elements: str
  sample: [expected version 21.2.28000, observed 20.2.26050]
agents:
  description:
    - The machines of the farm, as M(fleetops.parallels_ras.agents_info) returns them. Null when the farm did not report
      them. Nothing is judged; that module does it.
  returned: success, with O(agents=true)
  type: list
  elements: dict
  sample: [{server: rds1.tokyo.example.com, kind: rds_host, version: 20.2.26050}]
changed:
  description: Always false.
  returned: always
  type: bool
  sample: false
farm:
  description: The farm, and the server that answered for it.
  returned: success
  type: dict
  contains:
    guid:
      description: Identity of the farm (C(farmGUID)). Null when the farm does not report it.
      type: str
      returned: always
      sample: 6f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d
    name:
      description: Name of the farm. Null when the farm does not report it.
      type: str
      returned: always
      sample: tokyo
    connected_server:
      description: >-
        The server that the session is connected to, as the farm names it. Null when the farm does not report it.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    licensing_server:
      description: The licensing server of the farm. Null when it is not known.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    is_licensing_server:
      description: Whether the session is with the licensing server. Null when that is not known.
      type: bool
      returned: always
      sample: true
    is_primary_broker:
      description: Whether the session is connected to a primary broker. Null when the farm does not report it.
      type: bool
      returned: always
      sample: true
    settings_pending:
      description: Whether settings wait to be applied, whoever staged them. Null when the farm does not report it.
      type: bool
      returned: always
      sample: false
sites:
  description: The sites of the farm. Null when they could not be read over WinRM.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the site.
      type: int
      returned: always
      sample: 1
    name:
      description: Name of the site.
      type: str
      returned: always
      sample: Site
    licensing:
      description: Whether it is the licensing site. Exactly one is.
      type: bool
      returned: always
      sample: true
brokers:
  description:
    - The Connection Brokers of all sites, by site and priority.
    - Null when the farm shows no list of them under any name that is known, or when they could not be read over WinRM;
      the finding C(brokers_unknown) or C(not_read) says so.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Number of the broker.
      type: int
      returned: always
      sample: 1
    server:
      description: Name or address of the broker, as the farm knows it.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    ip:
      description: Address of the broker. Null when the farm does not report it.
      type: str
      returned: always
      sample: 192.0.2.10
    site_id:
      description: Number of its site.
      type: int
      returned: always
      sample: 1
    priority:
      description: Priority in its site; 0 is the primary.
      type: int
      returned: always
      sample: 0
    enabled:
      description: Whether it is enabled. Null when the farm does not report it.
      type: bool
      returned: always
      sample: true
    standby:
      description: Whether it is on standby, which is healthy. Null when the farm does not report it.
      type: bool
      returned: always
      sample: false
service_version:
  description:
    - Version of the web service that answers; over WinRM, version of the PowerShell module on the host. It does not
      prove the version of the farm. Null when it is not reported.
  returned: success
  type: str
  sample: "20.2.26050"
findings:
  description:
    - What is worth knowing but is not a failure. Findings of severity V(warning) are shown as warnings too.
    - V(version_untried) - the version is not known, or not supported in full, such as RAS 17 over REST (documented,
      never tried) and the preview of RAS 22.
    - V(brokers_unknown) - the farm shows no list of its Connection Brokers under any name that is known.
    - V(session_left_open) - the logoff failed; the session expires by itself.
    - V(powershell_wrote) - RAS or PowerShell wrote errors or warnings beside its answer over WinRM.
    - V(not_read) - over WinRM, version, sites or brokers of the farm could not be read; RAS's words are quoted.
    - V(winrm_failed) - O(backend=auto) asked over WinRM, instead of REST or for what REST does not report, and WinRM
      could not answer.
    - V(rest_unreachable) - O(backend=auto) found no REST API and used WinRM; RV(backend_used) says so.
  returned: unless an option was refused
  type: list
  elements: dict
  contains:
    rule:
      description: Name of the finding.
      type: str
      returned: always
      sample: session_left_open
    severity:
      description: V(info) or V(warning).
      type: str
      returned: always
      sample: info
    expected:
      description: What was expected, text or null.
      type: raw
      returned: always
      sample: a clean logoff
    observed:
      description: What was observed, text, list or null.
      type: raw
      returned: always
      sample: the logoff was answered with HTTP 503
    remedy:
      description: What to do, or that nothing is to be done.
      type: str
      returned: always
      sample: "None: the farm ends the session by itself when it expires."
backend_used:
  description: The back end that talked to the farm, V(rest) or V(winrm). With O(backend=auto), the one that worked.
  returned: unless an option was refused
  type: str
  sample: rest
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(api_unreachable) - nothing usable answers at O(api_url) within O(timeout), or it answers HTTP 502, 503 or
          504. Over WinRM, RASAdmin got no session with the Connection Broker on the host.
        - V(host_unreachable) - over WinRM, Ansible's own connection to the host failed.
        - V(constrained_language) - over WinRM, a policy of Windows lets PowerShell run scripts in part only.
        - V(product_missing) - over WinRM, RAS or its PowerShell module is not installed on the host, or the module
          cannot be loaded.
        - V(product_too_old) - the farm is too old for this back end. RAS 17 is only reached over REST; or a host lacks
          a cmdlet that is needed.
        - V(tls_untrusted) - the certificate is not trusted; the reason, its names, issuer, validity and fingerprint are
          shown.
        - V(rest_disabled) - a web server answers, but it has no path for the logon.
        - V(api_credentials_rejected) - the farm rejected O(api_username) or O(api_password).
        - V(api_forbidden) - the RAS administrator has no permission for the request.
        - V(rate_limited) - the farm refused more requests until O(timeout) was over.
        - V(session_expired) - the session ended and a new one did not help.
        - V(bad_answer) - the answer is not one that the REST API, or RASAdmin, gives. Redirects are reported in this
          way, too.
        - V(not_tried) - two farms rejected this RAS administrator in this run, or two hosts the Windows user of the
          connection, or another task holds the first logon.
        - V(invalid_option) - an option is missing or wrong. Nothing was sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: api_unreachable
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "The farm's API at https://cb1.tokyo.example.com:20443 cannot be reached: connection refused."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Check that the RAS Web Administration Service runs on that host, that TCP port 20443 is open from the
        controller, and that api_url is right.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
      sample:
        url: https://cb1.tokyo.example.com:20443
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    The farm's API at https://cb1.tokyo.example.com:20443 cannot be reached: connection refused. Check that the RAS Web
    Administration Service runs on that host, that TCP port 20443 is open from the controller, and that api_url is
    right.
"""
