# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the agents_info module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: agents_info
short_description: Read the agents of a Parallels RAS farm
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Reads the agents of all sites of a farm, with version and state, from either back end in one form, and reports which
    of them are older than wanted, of mixed versions, or in need of attention.
  - The farm's list holds rows for sites, pools and templates too. They are not machines and have no version of their
    own, so they are returned separately, in RV(logical), and are not judged.
  - Changes nothing.
  - Versions are compared by major, minor and build, so V(20.2.26050) and V(20.2.0.26050) are the same.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
  - fleetops.parallels_ras._attributes.action_group
  - fleetops.parallels_ras._connection
options:
  version:
    description:
      - The version that all machines are expected to have, such as V(20.2.26050).
      - Machines with an older one are the finding C(agents_behind). A newer version is not a finding of its own; the
        state of an agent shows when it is too new for its farm.
    type: str
seealso:
  - module: fleetops.parallels_ras.farm_info
  - module: fleetops.parallels_ras.host_info
"""

EXAMPLES = r"""
- name: Read the agents of the farm
  fleetops.parallels_ras.agents_info:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
  register: agents_seen

- name: Show the versions, and the machines that need attention
  ansible.builtin.debug:
    msg: >-
      Versions {{ agents_seen.versions | join(', ') }}; not healthy: {{ agents_seen.agents |
      rejectattr('health', 'in', ['ok', 'drained']) | map(attribute='server') | list }}

- name: Stop where a machine has an older version
  hosts: ras_licensing_servers
  gather_facts: false
  module_defaults:
    group/fleetops.parallels_ras.ras:
      api_url: "https://{{ ansible_host }}:20443"
      api_username: "{{ ras_api_username }}"
      api_password: "{{ ras_api_password }}"
      ca_path: "{{ ras_ca_path }}"
  tasks:
    - name: Read the agents and compare them with the wanted version
      fleetops.parallels_ras.agents_info:
        version: 20.2.26050
      register: agents_seen
      failed_when: >-
        agents_seen is failed or 'agents_behind' in agents_seen.findings | map(attribute='rule')
"""

RETURN = r"""
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
agents:
  description: The machines, in the farm's order.
  returned: success
  type: list
  elements: dict
  contains:
    server:
      description: Name or address of the machine, as the farm knows it.
      type: str
      returned: always
      sample: rds1.tokyo.example.com
    kind:
      description:
        - V(broker), V(gateway), V(rds_host), V(enrollment_server), V(tenant_broker), V(provider), V(guest),
          V(avd_host), V(vdi_host), V(halb), or V(unknown) for a type that this collection does not know.
      type: str
      returned: always
      sample: rds_host
    kind_reported:
      description: The type as the farm reports it. A number of the vendor's enumeration is given by its name.
      type: str
      returned: always
      sample: RDSHost
    site_id:
      description: Number of its site. Null when the farm does not report it.
      type: int
      returned: always
      sample: 1
    state:
      description: State in the vendor's words. Null when the farm does not report it.
      type: str
      returned: always
      sample: OK
    health:
      description:
        - What the state means. V(ok); V(busy), an operation is in progress; V(restart_due); V(drained), an
          administrator keeps users away; V(attention), a person should look at it; V(unknown), the farm reports no
          state.
      type: str
      returned: always
      sample: ok
    version:
      description: Version of the agent. Null when the farm does not report it.
      type: str
      returned: always
      sample: 20.2.0.26050
    enabled:
      description: Whether it is enabled in the farm. Null when the farm does not report it.
      type: bool
      returned: always
      sample: true
    sessions:
      description: Active sessions of users. Null when the farm does not report it.
      type: int
      returned: always
      sample: 0
    ip:
      description: Address. Null when the farm does not report it.
      type: str
      returned: always
      sample: 192.0.2.20
    is_machine:
      description: Always true.
      type: bool
      returned: always
      sample: true
    listed_as:
      description:
        - What the farm wrote where it wrote no name of a server. That is a name such as V(localhost), which means the
          broker that answers, or the name of the row where it has no server. Else empty.
      type: str
      returned: always
      sample: localhost
logical:
  description: The rows that are not machines, in the same form.
  returned: success
  type: list
  elements: dict
  contains:
    server:
      description: Name of the object.
      type: str
      returned: always
      sample: Main
    kind:
      description:
        - Always V(logical).
      type: str
      returned: always
      sample: logical
    kind_reported:
      description: The type as the farm reports it. A number of the vendor's enumeration is given by its name.
      type: str
      returned: always
      sample: Site
    site_id:
      description: Number of its site. Null when the farm does not report it.
      type: int
      returned: always
      sample: 1
    state:
      description: State in the vendor's words. Null when the farm does not report it.
      type: str
      returned: always
      sample: OK
    health:
      description:
        - What the state means. V(ok); V(busy), an operation is in progress; V(restart_due); V(drained), an
          administrator keeps users away; V(attention), a person should look at it; V(unknown), the farm reports no
          state.
      type: str
      returned: always
      sample: ok
    version:
      description: Version of the agent. Null when the farm does not report it.
      type: str
      returned: always
      sample: 20.2.0.26050
    enabled:
      description: Whether it is enabled in the farm. Null when the farm does not report it.
      type: bool
      returned: always
      sample: true
    sessions:
      description: Active sessions of users. Null when the farm does not report it.
      type: int
      returned: always
      sample: 0
    ip:
      description: Address. Null when the farm does not report it.
      type: str
      returned: always
      sample: 192.0.2.20
    is_machine:
      description: Always false.
      type: bool
      returned: always
      sample: false
    listed_as:
      description: Always empty.
      type: str
      returned: always
      sample: ""
versions:
  description: The distinct versions of the machines, the oldest first.
  returned: success
  type: list
  elements: str
  sample: [20.1.0.25000, 20.2.0.26050]
findings:
  description:
    - What is worth knowing but is not a failure. Findings of severity V(warning) are shown as warnings too.
    - V(agents_mixed) - warning, the machines of the farm have more than one version.
    - V(agents_behind) - warning, machines have a version that is older than O(version).
    - V(agents_unknown) - the versions of machines cannot be compared with O(version).
    - V(agents_attention) - warning, the state of a machine's agent needs the attention of a person.
    - V(agents_none) - warning, the farm lists no machine at all.
    - V(agents_unnamed) - warning, nobody can say on which servers these agents are.
    - V(version_untried) - the version is not known, or not supported in full, such as RAS 17 over REST (documented,
      never tried) and the preview of RAS 22.
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
      sample: agents_behind
    severity:
      description: V(info) or V(warning).
      type: str
      returned: always
      sample: warning
    expected:
      description: What was expected, text or null.
      type: raw
      returned: always
      sample: 20.2.26050
    observed:
      description: What was observed, text, list or null.
      type: raw
      returned: always
      sample: ["rds1.tokyo.example.com: 20.1.25000"]
    remedy:
      description: What to do, or that nothing is to be done.
      type: str
      returned: always
      sample: "Update their agents (RAS console: Site, Tasks, 'Upgrade all agents')."
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
        - V(invalid_option) - an option is missing or wrong, such as an O(version) that is not a version. Nothing was
          sent.
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
