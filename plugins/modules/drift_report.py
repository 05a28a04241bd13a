# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the drift_report module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: drift_report
short_description: Judge a scan of Parallels RAS farms, and write reports
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Applies a policy to what M(fleetops.parallels_ras.fleet_info) found, looks at all farms together, compares with an
    earlier report, and writes the result in the formats that people and machines read.
  - Connects to no farm. It can work from the JSON reports of earlier runs alone, and combine several of them into one
    report.
  - A farm that could not be read never counts as "no drift", and neither does one with which nothing can be compared,
    because its wanted account is missing, or a key or a version that other farms of its organization have. The verdict
    is V(error) when such a farm has an unwaived finding of severity V(error) for it, or when no farm was read at all.
  - A farm is V(error), V(warning) or V(ok) by its worst finding that is not waived. V(ok) means that all that is wanted
    was looked at; a finding that says it was not makes a farm V(warning) at least, whatever its severity, and when it
    is waived, too.
  - The files are written before the task ends, in check mode too, each whole or not at all. The task does not fail
    because of drift; the caller decides by RV(verdict).
  - It does fail when a file cannot be written, but only when the other files are. All other values are returned then,
    too.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
options:
  scan:
    description:
      - The registered result of M(fleetops.parallels_ras.fleet_info). Either this or O(scans) is needed.
      - Anything else is refused, and so is a result of another release. Of secrets, what the variables of this task's
        host hold is taken out again; those of other hosts are known to fleet_info only.
    type: dict
  scans:
    description:
      - JSON reports of earlier runs, on the controller, to combine into one, such as those of the slices of a job.
        Policy and waivers are applied anew. A missing file, a host that is in two of them, and a report that was
        written with O(mask_accounts=true) are refused.
    type: list
    elements: path
  baseline:
    description:
      - JSON report of an earlier run, on the controller, to compare with, see RV(changes). When the file does not
        exist, there is a warning.
    type: path
  severities:
    description:
      - Other severities than the default ones, rule by rule; each is V(info), V(warning) or V(error).
      - The rules and their defaults are these.
      - C(unreachable), V(error) - the farm does not answer, or its certificate is not trusted, or its REST
        API is off.
      - C(credentials_rejected), V(error) - the RAS administrator is rejected, or may not read the license.
      - C(bad_answer), V(error) - what answers cannot be read.
      - C(not_tried), V(error) - the farm was not asked, after two farms rejected its RAS administrator or
        when the time was over.
      - C(failed), V(error) - the farm could not be asked, usually because a variable is missing.
      - C(account_not_given), V(error) - C(ras_account_email) is missing, so nothing can be compared. Its severity
        cannot be changed, and it cannot be waived; O(survey=true) makes it V(warning).
      - C(key_not_given), V(error) - C(ras_license_key) is missing, and another farm of the organization has one.
      - C(version_not_given), V(error) - C(ras_version) is missing, and another farm of the organization has one.
      - C(not_activated), V(error) - the farm is not activated.
      - C(trial), V(error) - the farm runs on a trial, and C(ras_allow_trial) is not set.
      - C(account_mismatch), V(error) - the farm is activated with another account than C(ras_account_email)
        and C(ras_account_other_emails).
      - C(account_unknown), V(error) - the farm does not report its account, and no known key proves it.
      - C(not_compared), V(warning) - something that is wanted was not compared, because the farm does not report it or
        because it was not asked for its agents.
      - C(field_unknown), V(warning) - a field of the license that can warn says what is not known.
      - C(account_company), V(warning) - the e-mail address is right, the company is not
        C(ras_account_company).
      - C(key_mismatch), V(error) - the farm has another key than C(ras_license_key), unless
        C(ras_on_key_mismatch) is V(ignore).
      - C(wrong_server), V(error) - the inventory host is not the licensing server of its farm.
      - C(wrong_farm), V(error) - another farm answers than C(ras_farm_guid) says.
      - C(duplicate_farm), V(error) - several inventory hosts are of one farm, by its farmGUID or its name.
      - C(expired), V(error) - the license has ended.
      - C(expiry_soon), V(warning) - the license ends within the days of warning.
      - C(support_expired), V(warning) - support (upgrade insurance) has ended.
      - C(grace_period), V(warning) - a grace period is running.
      - C(needs_attention), V(warning) - the farm reports that its licensing needs attention.
      - C(over_use), V(warning) - the peak of users is above the licensed number.
      - C(date_ambiguous), V(info) - a date can be read in two ways.
      - C(date_unreadable), V(warning) - the end of the license or of its support cannot be read, lies outside of 2000
        to 2199, or is not reported for a license that ends by its type.
      - C(settings_waiting), V(warning) - staged settings wait to be applied.
      - C(version_behind), V(warning) - the farm is older than C(ras_version).
      - C(version_ahead), V(warning) - the farm is newer than C(ras_version).
      - C(agents_behind), V(warning) - RAS hosts are older than their farm.
      - C(agents_unhealthy), V(warning) - agents have a state that a person should look at, or none is
        listed.
      - C(product_out_of_support), V(warning) - the vendor no longer supports the version (KB 123002).
      - C(version_untried), V(info) - the version is not known, or not supported in full over REST. So are RAS 17
        (documented, never tried) and the preview of RAS 22.
      - C(unmanaged), V(info) - C(ras_managed) is false.
      - C(account_not_single), V(error) - an organization wants or uses more than one account.
      - C(version_mixed), V(warning) - the farms of an organization have several versions and none of them
        names C(ras_version).
      - C(waiver_expired), V(warning) - the last day of a waiver has passed.
      - C(waiver_unused), V(info) - a waiver matches nothing in this scan.
    type: dict
    default: {}
  waivers:
    description:
      - Deviations that are tolerated for a while. Each has C(rule), C(until) (its last day, such as V(2027-01-31)),
        C(reason), and C(farm) (name of the farm or of its host) or, for a finding about a whole organization,
        C(organization).
      - A waiver that has expired, and one that matches nothing, is a finding of its own.
    type: list
    elements: dict
    default: []
  fail_when:
    description:
      - JMESPath expression over the report that says, by true or false, whether there is drift. The default is any
        finding of severity V(error) that is not waived.
      - What would silently be null in JMESPath is refused. That is a field that the report does not have, or a text
        that a field can never have, both reported with their position, and a result that is null.
    type: str
    default: "length(findings[?severity == 'error' && !waived]) > `0`"
  select:
    description:
      - JMESPath expression over the list of farms that chooses what the table of farms shows. Checked like
        O(fail_when).
    type: str
  outputs:
    description:
      - The files to write on the controller, format and path. Missing folders are created.
      - A regular file is replaced whole and keeps its mode. A character device and a FIFO are written to; a FIFO that
        nobody reads is refused. A symbolic link is followed only where it, its target and the folders of both belong
        to one user or to root, and nobody else may write there. Everything else, such as a block device, is refused.
      - Two formats for one file are refused, also when links or other names lead to it.
      - C(json) is the report as data; its form is the JSON schema C(drift_report.schema.json) in the folder
        C(plugins/plugin_utils/_drift) of the collection. C(junit) is JUnit XML with one case for each farm and rule.
        C(markdown) is for pull requests and the summaries of CI jobs, and always smaller than 1 MiB. C(html) is a
        single page for people, which needs no other file and no network. C(prometheus) is for the textfile collector
        of the node exporter.
      - Every sample of C(prometheus) has the name of its file, without C(.prom), as the label C(report). So the files
        that one node exporter reads need different names, also when they are in different folders.
    type: dict
    default: {}
  mask_accounts:
    description:
      - Whether e-mail addresses show only their first letter and domain, and names of persons only their first letter,
        in everything that is returned and written. Keys are always masked.
    type: bool
    default: false
  survey:
    description:
      - Whether farms without a wanted account are looked at on purpose, to find out which accounts they have. The
        finding C(account_not_given) is a V(warning) then, and always V(error) otherwise.
    type: bool
    default: false
  options_only:
    description:
      - Whether only the options are checked, before the farms are scanned. Nothing is judged and nothing is written,
        O(scan) and O(scans) are not needed, and only RV(outputs) is returned.
      - That a file of O(outputs) cannot be written, or that O(baseline) is no report, is a failure then.
    type: bool
    default: false
requirements:
  - jmespath (on the controller)
seealso:
  - module: fleetops.parallels_ras.fleet_info
"""

EXAMPLES = r"""
- name: Read the farms
  fleetops.parallels_ras.fleet_info:
    hosts: "{{ ansible_play_hosts_all }}"
  register: ras_fleet
  run_once: true

- name: Judge, tolerate one deviation until a date, and write reports
  fleetops.parallels_ras.drift_report:
    scan: "{{ ras_fleet }}"
    severities:
      settings_waiting: info
    waivers:
      - farm: tokyo
        rule: not_activated
        until: 2099-12-31
        reason: goes live next year
    outputs:
      json: reports/drift.json
      junit: reports/drift.xml
      markdown: reports/drift.md
      html: reports/drift.html
  register: ras_report
  run_once: true

- name: Judge the files of two slices together, by what is new since the last report only
  fleetops.parallels_ras.drift_report:
    scans:
      - reports/drift.json
    baseline: reports/drift.json
    fail_when: "length(changes.new) > `0`"
    select: "[?state != 'ok']"
  register: ras_merged
  run_once: true

- name: Stop when there is drift, or when not everything could be judged
  ansible.builtin.assert:
    that: ras_merged.verdict in ['ok', 'warning']
    fail_msg: "{{ ras_merged.table | first }}"
    quiet: true
  run_once: true
"""

RETURN = r"""
verdict:
  description:
    - V(ok) - everything was looked at, and is right.
    - V(warning) - no drift; there are warnings, errors that O(fail_when) does not count, or something was not looked
      at.
    - V(drift) - O(fail_when) is true.
    - V(error) - not everything could be judged; see RV(report_failure) and the farms that were not read.
  returned: success
  type: str
  sample: drift
report_failure:
  description: >-
    Why there is no verdict on the farms, with C(code), C(message), C(remedy) and C(observed). Null where O(fail_when)
    could be evaluated and a farm was read.
  returned: success
  type: dict
summary:
  description: >-
    How many farms there are, how many were read, and how many are in each state; how many findings there are of each
    severity, and how many are waived.
  returned: success
  type: dict
findings:
  description: >-
    All findings with C(organization), C(farm), C(host), C(rule), C(severity), C(expected), C(observed), C(remedy),
    C(consequences) (rules of what only follows from it), C(waived) and C(waiver). C(farm) is null for a finding about
    an organization; C(farm) and C(organization) are null for a finding about a waiver.
  returned: success
  type: list
  elements: dict
changes:
  description: >-
    What changed since O(baseline), by farm and rule, with C(since), C(new), C(gone), C(not_checked) (found before, and
    not looked at this time), C(unchanged), C(farms_new) and C(farms_gone). Null where nothing was compared.
  returned: success
  type: dict
selected:
  description: What O(select) chose. Null without it.
  returned: success
  type: raw
table:
  description:
    - The report as lines for a log, with the summary line first. Nothing in them is a command of a CI system.
    - At most 2 MiB; the last line says how many were left out.
  returned: success
  type: list
  elements: str
outputs:
  description: The files that were written, format and absolute path.
  returned: success, and when a file could not be written
  type: dict
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(invalid_option) - an option is missing or wrong, a file cannot be read or written, or jmespath is missing.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: invalid_option
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: Expected either scan or scans.
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: Correct the option and run again. Nothing was sent.
    observed:
      description:
        - The data behind the message; null when there is none. For files that could not be written, format and reason.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: Expected either scan or scans. Correct the option and run again. Nothing was sent.
"""
