# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the agent_upgrade module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: agent_upgrade
short_description: Bring the agents of a Parallels RAS farm to its version, round by round
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Lets a farm push its own version to the RAS hosts whose agents are older, in order, and waits until each of them is
    back. Run it on the licensing server after the licensing server was upgraded.
  - The licensing site comes first, then the other sites by number. In a site the Connection Brokers go one at a time by
    priority, then the gateways, the enrollment servers one at a time, and the RD session hosts. Gateways and session
    hosts go in rounds that keep a part of their site's in service. The host that the task is for is never pushed to.
  - Each round is taken out of service, the module waits until no session is left on its session hosts, each server is
    pushed once, the round is watched until every agent has the version and is healthy, and then exactly what was taken
    out of service is brought back. Brokers and enrollment servers are not taken out of service. A server that has
    several of these components takes its turn as the first of them, and leaves service as gateway and as session host.
  - What an administrator had disabled is updated and stays disabled.
  - A round that fails stops the farm. Later rounds are not started. Hosts of the failed round that are healthy again
    come back into service; hosts that were pushed to and still show the old version do not, because they may restart at
    any time.
  - Before hosts are taken out of service, they are recorded in O(note_path) on the host that the task is for, and
    removed from that file after they are back. After a run that was killed, the next run therefore brings back what was
    left out of service, even when nothing else is due. A host that was enabled again in the meantime is only removed
    from the file.
  - An agent that asks for a restart after its update keeps its host out of service until the host was restarted, see
    RV(restart_due). Until then no other host of its site and kind is taken out of service, and the rounds from there on
    are left to the next run.
  - A host that is busy already, because an earlier run pushed to it, is waited for and not pushed to a second time. No
    host is pushed to twice in one run, even when the answer was lost.
  - Agents that a farm does not update in this way (providers, guests, templates, AVD hosts) are findings with a remedy.
  - RAS cannot do this over the REST API in a documented way, so this needs RASAdmin on a Connection Broker of the farm.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.action_group
  - fleetops.parallels_ras._attributes.host_connection
  - fleetops.parallels_ras._connection
attributes:
  check_mode:
    support: full
    details:
      - Logs on, reads the farm and the file at O(note_path), plans, and returns the rounds and steps. Nothing is
        changed.
      - A farm that is still older than O(version) is planned for the version to come. A real run would refuse it, with
        RV(failure.code=upgrade_blocked). Other refusals are the same as in a real run.
      - Whether this version of RAS has the cmdlets that take a host out of service is known only in a real run.
  diff_mode:
    support: full
    details:
      - Shows the version of each server.
  idempotent:
    support: full
    details:
      - Not with O(force=true).
options:
  version:
    description:
      - The wanted version, such as V(20.2.26050). It must be the version of the farm, because a farm pushes no other.
      - Versions are compared by major, minor and build, so V(20.2.26050) and V(20.2.0.26050) are the same.
    type: str
    required: true
  servers:
    description:
      - Update only these, as the farm knows them, by full name, address, or short name where that is unambiguous.
      - All are updated when it is not set. With an empty list, none is updated.
    type: list
    elements: str
  exclude:
    description:
      - Servers that are not updated, named as in O(servers).
    type: list
    elements: str
    default: []
  installing:
    description:
      - Servers that install by themselves, named as in O(servers). They are not pushed to, and RV(turns) says when
        their turn comes.
    type: list
    elements: str
    default: []
  hosts:
    description:
      - The inventory hosts of the farm. RV(turns) and RV(restart_hosts) name the servers as these.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: The inventory host.
        type: str
        required: true
      names:
        description: The names and addresses by which the farm may know it.
        type: list
        elements: str
        required: true
  reboot:
    description:
      - Whether the hosts of RV(restart_due) may be restarted, V(auto), or not, V(never). This module restarts no host;
        RV(restart_refused) says why one must not be restarted.
    type: str
    choices: [never, auto]
    default: never
  restarted:
    description:
      - Servers that were restarted already in this run, as in RV(restart_due).
    type: list
    elements: str
    default: []
  force:
    description:
      - Whether to push to agents of the right version too, and to make RAS push where it would otherwise not.
    type: bool
    default: false
  gateways_min_in_service:
    description:
      - What percentage of a site's gateways stays in service, from 0 to 100. At least one at a time is updated, so the
        only gateway of a site is out of service for a while, which is the finding C(gateway_alone).
    type: int
    default: 50
  rds_hosts_min_in_service:
    description:
      - What percentage of a site's RD session hosts stays in service, from 0 to 100. At least one at a time is updated.
    type: int
    default: 50
  drain:
    description:
      - Whether gateways and RD session hosts are taken out of service for their update.
      - Taking a host out of service disables it in the farm and applies the settings, see O(allow_pending_settings).
    type: bool
    default: true
  drain_timeout:
    description:
      - Seconds to wait for the sessions on the RD session hosts of a round to end, from 0 to 86400. The wait applies
        with O(drain=false) too, because the push ends all sessions.
    type: int
    default: 1800
  logoff_sessions:
    description:
      - Whether to go on when sessions are left after O(drain_timeout). The restart of the host ends them.
      - With V(false) the round comes back into service and the task fails with RV(failure.code=sessions_active).
    type: bool
    default: false
  allow_undrained:
    description:
      - Whether to go on with hosts that cannot be taken out of service, because this version of RAS has no cmdlet for
        it, or because the farm does not report whether they are enabled.
      - With V(false) the task fails with RV(failure.code=drain_unsupported) before anything is pushed to that host.
    type: bool
    default: false
  settings_pending:
    description:
      - Whether settings wait to be applied in the farm, as M(fleetops.parallels_ras.farm_info) returns it in
        RV(fleetops.parallels_ras.farm_info#module:farm.settings_pending). RASAdmin does not report it.
      - With V(true) a run that would take a host out of service, or bring one back, is refused with
        RV(failure.code=settings_staged).
      - When it is not set, it counts as unknown, which is the finding C(settings_unknown).
    type: bool
  allow_pending_settings:
    description:
      - Whether to go on even though O(settings_pending=true). The settings that others have staged are applied then.
    type: bool
    default: false
  agent_timeout:
    description:
      - Seconds to wait for the agents of a round after the push, from 1 to 86400.
      - An agent counts as failed earlier when it shows the old version and a failed state in three readings in a row,
        for at least a thirtieth of this time.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two readings of the farm's agents, from 1 to 300.
    type: int
    default: 10
  note_path:
    description:
      - File on the host that records which hosts were taken out of service. Its folder is created when it does not
        exist, for administrators and SYSTEM only, as M(fleetops.parallels_ras.private_folder) does it.
      - The file is believed only where nobody else owns or may use it or its folder. Otherwise the task fails with
        RV(failure.code=folder_untrusted), and no host is enabled because of it. No option permits that.
      - Runs that work on the same farm must use the same file.
      - A file with other content stops the task with RV(failure.code=bad_answer), and is left as it is.
    type: str
    default: C:\ProgramData\FleetOps\parallels_ras\drained.json
notes:
  - >-
    O(backend=auto) and O(backend=winrm) do the same here; O(backend=rest) is refused with
    RV(failure.code=invalid_option). The options of the REST back end are accepted, because the module belongs to the
    action group, but they are not used.
  - >-
    The push needs TCP ports 135 and 445 from the broker to the hosts and their administrative shares.
    This module does not open them.
seealso:
  - module: fleetops.parallels_ras.agents_info
  - module: fleetops.parallels_ras.farm_info
  - module: fleetops.parallels_ras.host_info
  - module: fleetops.parallels_ras.private_folder
"""

EXAMPLES = r"""
- name: Read whether settings wait to be applied
  fleetops.parallels_ras.farm_info:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
  register: farm_seen

- name: Bring the agents of the farm to its version
  fleetops.parallels_ras.agent_upgrade:
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    version: "{{ ras_version }}"
    settings_pending: >-
      {{ omit if farm_seen.farm.settings_pending is none else farm_seen.farm.settings_pending }}
    agent_timeout: 900
    poll_interval: 5
  register: ras_agents_done

- name: Show what was done, and what waits for a restart
  ansible.builtin.debug:
    msg: >-
      Steps: {{ ras_agents_done.steps | length }}; restart due:
      {{ ras_agents_done.restart_due | default(['none'], true) | join(', ') }}

- name: Update one gateway only, without taking it out of service
  fleetops.parallels_ras.agent_upgrade:
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    version: "{{ ras_version }}"
    servers: [gw1.tokyo.example.com]
    drain: false
"""

RETURN = r"""
changed:
  description:
    - Whether anything was done, or would be in check mode.
    - Also true when a request was sent and its outcome is unknown.
  returned: always
  type: bool
  sample: true
farm_version:
  description: The version that the PowerShell module on the host reports, which is the version that the farm pushes.
  returned: when the farm could be read
  type: str
  sample: 21.2.0.28000 (x64)
rounds:
  description: The rounds of the plan, in their order.
  returned: when the farm could be read
  type: list
  elements: dict
  contains:
    kind:
      description: V(broker), V(gateway), V(enrollment_server), or V(rds_host).
      type: str
      returned: always
      sample: gateway
    site_id:
      description: Number of the site. Null when the farm does not report it.
      type: int
      returned: always
      sample: 1
    servers:
      description: The servers that are updated together.
      type: list
      elements: str
      returned: always
      sample: [gw1.tokyo.example.com]
turns:
  description:
    - With O(installing), the order of the farm's hosts over both methods, up to the last server that installs by
      itself. What comes after it is pushed to at the end anyway.
  returned: when the farm could be read
  type: list
  elements: dict
  contains:
    installs:
      description: Whether the servers install by themselves; else RAS pushes to them.
      type: bool
      returned: always
      sample: true
    servers:
      description: The servers whose turn it is together, as the farm knows them.
      type: list
      elements: str
      returned: always
      sample: [rd1.tokyo.example.com]
    hosts:
      description: Those of them that are in O(hosts), as inventory hosts.
      type: list
      elements: str
      returned: always
      sample: [rd1.tokyo.example.com]
waiting:
  description: Servers on which an operation is already in progress. They are waited for, and not pushed to.
  returned: when the farm could be read
  type: list
  elements: str
  sample: []
steps:
  description: What was done, or would be in check mode, in its order.
  returned: when the farm could be read
  type: list
  elements: dict
  contains:
    action:
      description: V(drain) takes out of service, V(push) updates, V(undrain) brings back into service.
      type: str
      returned: always
      sample: push
    servers:
      description: The servers.
      type: list
      elements: str
      returned: always
      sample: [gw1.tokyo.example.com]
    kind:
      description: The component that decides their turn, V(broker), V(gateway), V(enrollment_server), or V(rds_host).
      type: str
      returned: always
      sample: gateway
    reason:
      description: Why.
      type: str
      returned: always
      sample: its agent is not of version 21.2.28000
agents:
  description:
    - The RAS hosts of the farm. Each row has what RV(fleetops.parallels_ras.agents_info#module:agents) describes.
  returned: when the farm could be read
  type: dict
  contains:
    before:
      description: As they were at the first reading.
      type: list
      elements: dict
      returned: always
      sample: [{server: gw1.tokyo.example.com, kind: gateway, version: 20.2.0.26050, health: ok}]
    after:
      description: As they were at the last reading. In check mode that is the same reading.
      type: list
      elements: dict
      returned: always
      sample: [{server: gw1.tokyo.example.com, kind: gateway, version: 21.2.0.28000, health: ok}]
restart_due:
  description:
    - Servers that were updated in this run and wait for a restart, and those that an earlier run took out of service
      and that still wait for a restart.
    - What was taken out of service on them stays out of service, and stays recorded in O(note_path). Restart them and
      run again. That run brings them back and goes on with the rounds that waited. This module restarts no host.
  returned: when the farm could be read
  type: list
  elements: str
  sample: []
restart_hosts:
  description: Those of RV(restart_due) that are in O(hosts), as inventory hosts.
  returned: when the farm could be read
  type: list
  elements: str
  sample: []
restart_refused:
  description:
    - Why the hosts of RV(restart_due) must not be restarted, as RV(failure). Null when they may be, or none is due.
  returned: when the farm could be read
  type: dict
undrained:
  description: Servers that were brought back into service, or would be in check mode, also those of an earlier run.
  returned: when the farm could be read
  type: list
  elements: str
  sample: [gw1.tokyo.example.com]
findings:
  description:
    - What is worth knowing but is not a failure. Findings of severity V(warning) are shown as warnings too.
    - V(agent_newer) - agents that are newer than O(version).
    - V(agent_restart_due) - agents of the right version that waited for a restart before this run.
    - V(agent_not_upgraded) - older agents, of kinds that only the RAS console or the farm itself updates.
    - V(agent_state_kept) - agents that were updated and have the same unusual state as before.
    - V(agents_busy) - RV(waiting).
    - V(agents_left_out) - older agents that O(servers) or O(exclude) leaves out.
    - V(server_not_found) - names in O(servers) or O(exclude) that mean no server of the farm.
    - V(agents_unnamed) - agents of which nobody can say on which server they are, so that nothing is done to them.
    - V(gateway_alone) - the only gateway of a site is out of service while it restarts.
    - V(farm_behind) - the farm is still older than O(version), in check mode.
    - V(not_drained) - hosts that could not be taken out of service, with O(allow_undrained=true).
    - V(sessions_cut_off) - sessions that the restart ended, with O(logoff_sessions=true).
    - V(settings_unknown) - O(settings_pending) is not set, and a host is to be taken out of service or brought back.
    - V(still_drained) - hosts that an earlier run took out of service and that this run leaves as they are.
    - V(rounds_wait_for_restart) - RV(restart_due), and the rounds that were not started because of it.
    - V(brought_back_by_note) - hosts that are brought back into service only because the file at O(note_path) says that
      an earlier run took them out.
    - V(note_corrected) - the file at O(note_path) named hosts that are in service, or no longer exist.
    - V(note_unreadable) - the file at O(note_path) cannot be read as a record; the task failed.
  returned: unless an option was refused
  type: list
  elements: dict
  contains:
    rule:
      description: Name of the finding.
      type: str
      returned: always
      sample: gateway_alone
    severity:
      description: V(info), V(warning), or V(error).
      type: str
      returned: always
      sample: info
    expected:
      description: What was expected, text, truth value or null.
      type: raw
      returned: always
      sample: 21.2.28000
    observed:
      description: What was observed, text, list, dictionary or null.
      type: raw
      returned: always
      sample: {gw1.tokyo.example.com: 20.2.0.26050}
    remedy:
      description: What to do, or that nothing is to be done.
      type: str
      returned: always
      sample: >-
        Users of this site are cut off while its only gateway restarts: choose the hour, or add a second gateway.
diff:
  description: The version of each server, before and after.
  returned: when the farm could be read
  type: dict
  contains:
    before:
      description: As they were at the first reading.
      type: dict
      returned: always
      sample: {gw1.tokyo.example.com: 20.2.0.26050}
    after:
      description: As they were at the last reading, or in check mode as they are expected to be.
      type: dict
      returned: always
      sample: {gw1.tokyo.example.com: 21.2.0.28000}
backend_used:
  description: The back end that talked to the farm, always V(winrm).
  returned: unless an option was refused
  type: str
  sample: winrm
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(agent_failed) - RAS refused to push, or an agent shows the old version and a failed state.
        - V(agent_timeout) - an agent does not have the version, or is not healthy, within O(agent_timeout). It was
          pushed to once.
        - V(outcome_unknown) - the answer to a request was lost, and the farm does not show its outcome. The request was
          not repeated.
        - V(sessions_active) - sessions were left after O(drain_timeout), or the farm does not report how many there
          are. Nothing was pushed in that round.
        - V(drain_unsupported) - a host cannot be taken out of service, see O(allow_undrained). Nothing was pushed to
          it.
        - V(settings_staged) - O(settings_pending=true), and a host would be taken out of service or brought back.
          Nothing was changed.
        - V(upgrade_blocked) - the farm does not have O(version). Nothing was changed.
        - V(folder_untrusted) - somebody other than administrators and SYSTEM owns or may use the file at O(note_path)
          or its folder. Nothing was changed.
        - V(host_unreachable) - Ansible's own connection to the host failed and did not come back in time.
        - V(constrained_language) - a policy of Windows lets PowerShell run scripts in part only.
        - V(product_missing) - RAS, or its PowerShell module, is not installed on the host, or the module cannot be
          loaded.
        - V(product_too_old) - the host has RAS 15 to 17.
        - V(api_unreachable) - RASAdmin got no session with the Connection Broker on the host in time.
        - V(api_credentials_rejected) - the farm rejected O(api_username) or O(api_password).
        - V(not_tried) - two farms rejected this RAS administrator in this run, or two hosts the Windows user of the
          connection, or another task holds the first logon.
        - V(bad_answer) - the answer of the host is not understood, the file at O(note_path) is not a record of this
          module, or RAS refused; its words are quoted.
        - V(invalid_option) - an option is missing or wrong, or the host's connection runs no PowerShell. Nothing was
          sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: agent_failed
    message:
      description:
        - One or more sentences that say what failed, where, what was expected, and what was observed; then which hosts
          are still out of service, and which rounds were not started.
      type: str
      returned: always
      sample: >-
        The update of the agent failed: gw1.tokyo.example.com (version 20.2.26050, state ConnectionFailed). Expected
        21.2.28000. Still out of service, to be brought back by the next run: gw1.tokyo.example.com. Rounds not begun:
        gateway gw2.tokyo.example.com.
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Look at the host in the RAS console (Site, Tasks, 'Upgrade all agents' shows why); ports 135 and 445 must be
        open from the broker. Then run again.
    observed:
      description:
        - The data behind the message. Its form depends on RV(failure.code); null when there is none.
        - For a round that was started, it holds C(cause), C(round), C(rounds_not_begun), and C(still_drained), the
          servers that this module took out of service and that still are.
      type: raw
      returned: always
      sample:
        cause: {servers: {gw1.tokyo.example.com: {version: 20.2.0.26050, state: ConnectionFailed}}}
        round: {kind: gateway, site_id: 1, servers: [gw1.tokyo.example.com]}
        rounds_not_begun: [{kind: gateway, site_id: 1, servers: [gw2.tokyo.example.com]}]
        still_drained: [gw1.tokyo.example.com]
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    The farm has 20.2.26050, expected 21.2.28000: upgrade the licensing server first. Bring the farm and the
    option version to one version, then run again. Nothing was pushed.
"""
