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
  - Lets a farm push its own version to the RAS hosts whose agents are behind, in order, and waits until each of them is
    back. Run it on the licensing server after that was upgraded.
  - The licensing site comes first, then the other sites by number. In a site the Connection Brokers go one at a time by
    priority, then the gateways, the enrollment servers one at a time, and the RD session hosts. Gateways and session
    hosts go in rounds that keep a part of their site's in service. The host that the task is for is never pushed to.
  - Each round is taken out of service, its session hosts are waited for until no session is left, each server is
    pushed once, the round is watched until every agent has the version and is well, and then exactly what was taken out
    of service is brought back. Brokers and enrollment servers are not taken out of service. A server that is more than
    one of these takes its turn as the first of them, and leaves service as gateway and as session host.
  - What an administrator had disabled is updated and stays disabled.
  - A round that does not end well stops the farm. Later rounds are not begun. Of the round itself, what is well again
    comes back into service; what was pushed and still shows the old version does not, for it may restart at any time.
  - Hosts are written down in O(note_path) on the host before they are taken out of service, and struck off after they
    are back. A run that was killed is so repaired by the next one, which brings back what that one left out of service,
    also when nothing else is due. A host that is enabled again in the meantime is only struck off.
  - An agent that asks for a restart after its update keeps its host out of service until the host was restarted, see
    RV(restart_due). Until then no other host of its site and kind is taken out, and the rounds from there on are left
    to the next run.
  - What is busy already, because an earlier run pushed it, is waited for and not pushed a second time. Nothing is
    pushed twice in one run, also when the answer was lost.
  - Kinds that a farm does not update in this way (providers, guests, templates, AVD hosts) are findings with a remedy.
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
      - Logs on, reads the farm and the note, plans, and returns the rounds and steps. Nothing is changed.
      - A farm that is still older than O(version) is planned for the version to come. A run would refuse it, with
        RV(failure.code=upgrade_blocked). Other refusals are the same as in a run.
      - Whether this version of RAS has the cmdlets that take a host out of service shows only in a run.
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
      - The wanted version, such as V(20.2.26050). It must be the farm's own, because a farm pushes that and no other.
      - Versions are compared by major, minor and build, so V(20.2.26050) and V(20.2.0.26050) are the same.
    type: str
    required: true
  servers:
    description:
      - Update only these, as the farm knows them, by full name, address, or short name where that is unambiguous.
      - All are updated when it is not set. With an empty list none is.
    type: list
    elements: str
  exclude:
    description:
      - Leave these alone.
    type: list
    elements: str
    default: []
  force:
    description:
      - Push to agents of the right version too, and make RAS push where it would otherwise not.
    type: bool
    default: false
  gateways_min_in_service:
    description:
      - How many percent of a site's gateways stay in service, from 0 to 100. One at a time is updated at least, so the
        only gateway of a site is cut off for a while, which is the finding C(gateway_alone).
    type: int
    default: 50
  rds_hosts_min_in_service:
    description:
      - How many percent of a site's RD session hosts stay in service, from 0 to 100. One at a time is updated at least.
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
      - Seconds for which the end of the sessions on the RD session hosts of a round is waited for, from 0 to 86400.
        With O(drain=false) they are waited for too, for the push ends them all.
    type: int
    default: 1800
  logoff_sessions:
    description:
      - Whether to go on with the sessions that are left after O(drain_timeout). The restart of the host ends them.
      - With V(false) the round comes back into service and the task fails with RV(failure.code=sessions_active).
    type: bool
    default: false
  allow_undrained:
    description:
      - Whether to go on with hosts that cannot be taken out of service, because this version of RAS has no cmdlet for
        it, or because the farm does not tell whether they are enabled.
      - With V(false) the task fails with RV(failure.code=drain_unsupported) before anything is pushed to that host.
    type: bool
    default: false
  settings_pending:
    description:
      - Whether settings wait to be applied in the farm, as M(fleetops.parallels_ras.farm_info) told in
        RV(fleetops.parallels_ras.farm_info#module:farm.settings_pending). RASAdmin does not tell it.
      - With V(true) a run that would take a host out of service, or bring one back, is refused with
        RV(failure.code=settings_staged).
      - When it is not set it counts as not known, which is the finding C(settings_unknown).
    type: bool
  allow_pending_settings:
    description:
      - Whether to go on though O(settings_pending=true). What others have staged is applied then.
    type: bool
    default: false
  agent_timeout:
    description:
      - Seconds for which the agents of a round are waited for after the push, from 1 to 86400.
      - An agent counts as failed before that when it shows the old version and a state of failure in three readings in
        a row, for at least a thirtieth of this time.
    type: int
    default: 1800
  poll_interval:
    description:
      - Seconds between two readings of the farm's agents, from 1 to 300.
    type: int
    default: 10
  note_path:
    description:
      - File on the host in which the hosts that were taken out of service are remembered. Its folder is made if it is
        not there.
      - Runs that work on one farm must use the same file.
      - A file that holds something else stops the task with RV(failure.code=bad_answer), and is left as it is.
    type: str
    default: C:\ProgramData\FleetOps\parallels_ras\drained.json
notes:
  - >-
    O(backend=auto) and O(backend=winrm) do the same here, and O(backend=rest) is refused with
    RV(failure.code=invalid_option). The options of the REST back end are accepted, because the module belongs to the
    action group, and they are not used.
  - >-
    The push needs TCP ports 135 and 445 from the broker to the hosts and their administrative shares.
    This module does not open them.
seealso:
  - module: fleetops.parallels_ras.agents_info
  - module: fleetops.parallels_ras.farm_info
  - module: fleetops.parallels_ras.host_info
"""

EXAMPLES = r"""
- name: Ask whether settings wait to be applied
  fleetops.parallels_ras.farm_info:
    api_url: "https://{{ ansible_host }}:20443"
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    ca_path: "{{ ras_ca_path }}"
  register: __ras_farm_seen

- name: Bring the agents of the farm to its version
  fleetops.parallels_ras.agent_upgrade:
    api_username: "{{ ras_api_username }}"
    api_password: "{{ ras_api_password }}"
    version: "{{ ras_version }}"
    settings_pending: >-
      {{ omit if __ras_farm_seen.farm.settings_pending is none else __ras_farm_seen.farm.settings_pending }}
    agent_timeout: 900
    poll_interval: 5
  register: ras_agents_done

- name: Show what was done, and what waits for a restart
  ansible.builtin.debug:
    msg: >-
      {{ ras_agents_done.steps | length }} step(s); restart due:
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
    - Also true when a request was sent whose outcome is not known.
  returned: always
  type: bool
  sample: true
farm_version:
  description: The version that the PowerShell module on the host tells, which is the one that the farm pushes.
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
      description: Number of the site. Null when the farm does not tell.
      type: int
      returned: always
      sample: 1
    servers:
      description: The servers that go together.
      type: list
      elements: str
      returned: always
      sample: [gw1.tokyo.example.com]
waiting:
  description: Servers on which something goes on already. They are waited for, and not pushed.
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
      description: As what they go. V(broker), V(gateway), V(enrollment_server), or V(rds_host).
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
    - The machines of the farm. Each row has what RV(fleetops.parallels_ras.agents_info#module:agents) describes.
  returned: when the farm could be read
  type: dict
  contains:
    before:
      description: As they were read first.
      type: list
      elements: dict
      returned: always
      sample: [{server: gw1.tokyo.example.com, kind: gateway, version: 20.2.0.26050, health: ok}]
    after:
      description: As they were read last. In check mode that is the same reading.
      type: list
      elements: dict
      returned: always
      sample: [{server: gw1.tokyo.example.com, kind: gateway, version: 21.2.0.28000, health: ok}]
restart_due:
  description:
    - Servers that were updated in this run and wait for a restart, and those that an earlier run took out of service
      and that wait for it still.
    - What was taken out of service on them stays out, and in O(note_path). Restart them, then run again, which brings
      them back and goes on with the rounds that waited for it. This module restarts nobody.
  returned: when the farm could be read
  type: list
  elements: str
  sample: []
undrained:
  description: Servers that were brought back into service, or would be in check mode, also those of an earlier run.
  returned: when the farm could be read
  type: list
  elements: str
  sample: [gw1.tokyo.example.com]
findings:
  description:
    - What is worth knowing and is no failure. Findings of severity V(warning) are shown as warnings too.
    - V(agent_newer) - agents that are newer than O(version).
    - V(agent_restart_due) - agents of the right version that waited for a restart before this run.
    - V(agent_not_upgraded) - agents that are behind, of kinds that only the RAS console or the farm itself updates.
    - V(agent_state_kept) - agents that were updated and have the same odd state as before.
    - V(agents_busy) - RV(waiting).
    - V(agents_left_out) - agents that are behind and that O(servers) or O(exclude) leaves alone.
    - V(server_not_found) - names in O(servers) or O(exclude) that mean no server of the farm.
    - V(gateway_alone) - the only gateway of a site is cut off while it restarts.
    - V(farm_behind) - the farm is still older than O(version), in check mode.
    - V(not_drained) - hosts that could not be taken out of service, with O(allow_undrained=true).
    - V(sessions_cut_off) - sessions that the restart ended, with O(logoff_sessions=true).
    - V(settings_unknown) - O(settings_pending) is not set, and a host is to be taken out of service or brought back.
    - V(still_drained) - hosts that an earlier run took out of service and that this one leaves alone.
    - V(rounds_wait_for_restart) - RV(restart_due), and the rounds that were not begun because of it.
    - V(note_corrected) - the note named hosts that are in service, or gone.
    - V(note_unreadable) - the note is none; the task failed.
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
      description: As they were read first.
      type: dict
      returned: always
      sample: {gw1.tokyo.example.com: 20.2.0.26050}
    after:
      description: As they were read last, or as they are expected to be in check mode.
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
    - Why the task failed, as data. RV(msg) is its message and its remedy in one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them and not on texts.
        - V(agent_failed) - RAS refused to push, or an agent shows the old version and a state of failure.
        - V(agent_timeout) - an agent has not come to the version, or is not well, within O(agent_timeout). It was
          pushed once.
        - V(outcome_unknown) - the answer to a request was lost and the farm does not show what became of it. It was not
          repeated.
        - V(sessions_active) - sessions were left after O(drain_timeout), or the farm does not tell how many there are.
          Nothing was pushed in that round.
        - V(drain_unsupported) - a host cannot be taken out of service, see O(allow_undrained). Nothing was pushed to
          it.
        - V(settings_staged) - O(settings_pending=true), and a host would be taken out of service or brought back.
          Nothing was changed.
        - V(upgrade_blocked) - the farm is not of O(version). Nothing was changed.
        - V(host_unreachable) - Ansible's own connection to the host failed and did not come back in time.
        - V(product_missing) - RAS, or its PowerShell module, is not installed on the host.
        - V(product_too_old) - the host has RAS 15 to 17.
        - V(api_unreachable) - RASAdmin got no session with the Connection Broker on the host in time.
        - V(api_credentials_rejected) - the farm rejected O(api_username) or O(api_password).
        - V(not_tried) - two farms rejected this RAS administrator in this run, or another task holds the first logon.
        - V(bad_answer) - what the host answered is not understood, the note in O(note_path) is none, or RAS refused;
          its words are quoted.
        - V(invalid_option) - an option is missing or wrong, or the host's connection runs no PowerShell. Nothing was
          sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: agent_failed
    message:
      description:
        - One or a few sentences that say what, where, expected, observed; then who is still out of service, and which
          rounds were not begun.
      type: str
      returned: always
      sample: >-
        The update of the agent failed: gw1.tokyo.example.com (version 20.2.0.26050, state ConnectionFailed). Expected
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
        - Small data that proves the message, its form depends on RV(failure.code); null where there is none.
        - Of a round that was begun it holds C(cause), C(round), C(rounds_not_begun), and C(still_drained), the servers
          that are out of service by this module.
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
    The farm has 20.2.0.26050 (x64), expected 21.2.28000: upgrade the licensing server first. Bring the farm and the
    option version to one version, then run again. Nothing was pushed.
"""
