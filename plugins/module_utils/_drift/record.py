# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Judge one farm by what was read of it, and write it down as the record that scans and reports share. Pure, no I/O.

What was not asked, or what the farm does not report, is ``not_checked``; it is never ``ok``.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._agents.agents import Agent
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.columns import counted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import DateReading
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.role_words import as_variables
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.server_names import goes_by
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.supported import (
    EXPECTED,
    judge_version,
    RULE,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import (
    compare,
    MAJORS_OUT_OF_SUPPORT,
    parse_version,
    shown,
    support_ends,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.comparisons import uncompared
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import level_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import (
    Check,
    FARM_RULES,
    FLEET_RULES,
    RULES,
    State,
    state_of_failure,
    UNREAD,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.alarms import (
    alarms,
    TOO_MANY_USERS,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.causes import one_for_each_cause
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.ends import ENDED
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import mask_key
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import (
    Plan,
    plan_license,
    unreadable,
)

_UNREAD_EXPECTED: t.Final = {
    "unreachable": "a farm that answers",
    "credentials_rejected": "a RAS administrator who may read the farm",
    "bad_answer": "an answer that can be read",
    "not_tried": "a farm that was asked",
    "failed": "a farm that can be asked",
}
# Findings of the plan that are rules here under the same name.
_FROM_PLAN: t.Final = ("account_company", "date_ambiguous", "date_unreadable", "field_unknown")
_PERHAPS: t.Final = "perhaps ended"


class _Judgment:
    """Collects what each rule said."""

    def __init__(self) -> None:
        self.checks: dict[str, Check] = dict.fromkeys((*FARM_RULES,), "not_checked")
        self.findings: list[Finding] = []

    def settle(self) -> None:
        """Make one finding of each cause. What follows from it was not judged by itself."""
        self.findings = one_for_each_cause(self.findings)
        for each in self.findings:
            self.checks.update(dict.fromkeys(each.consequences, "not_checked"))

    def found(self, rule: str, expected: t.Any, observed: t.Any, remedy: str) -> None:
        """A deviation."""
        self.checks[rule] = "finding"
        self.findings.append(Finding(rule, RULES[rule].severity, expected, observed, as_variables(remedy)))

    def fine(self, *rules: str) -> None:
        """Looked at, and nothing found."""
        for rule in rules:
            self.checks[rule] = "ok"

    def judge(self, rule: str, bad: bool | None, expected: t.Any, observed: t.Any, remedy: str) -> None:
        """A deviation, none, or (None) nothing that could be looked at."""
        if bad:
            self.found(rule, expected, observed, remedy)
        elif bad is not None:
            self.fine(rule)


def record_of_unmanaged(target: Target) -> dict[str, t.Any]:
    """The record of a farm that is left alone on purpose: nothing was sent to it."""
    judgment = _Judgment()
    why = target.unmanaged_reason or "no reason is given"
    judgment.found("unmanaged", "a managed farm", why, "None, when ras_managed=false is what you want.")
    return _record(target, judgment, "unmanaged")


def record_of_failure(target: Target, failure: RasError, *, elapsed_ms: int | None = None) -> dict[str, t.Any]:
    """The record of a farm that could not be read."""
    judgment = _Judgment()
    failure = RasError(
        failure.code, as_variables(failure.message), remedy=as_variables(failure.remedy), observed=failure.observed
    )
    state = state_of_failure(failure.code)
    judgment.found(state, _UNREAD_EXPECTED[state], f"{failure.code}: {failure.message}", failure.remedy)
    if target.problem is None:  # else it is not known what is wanted
        _judge_inputs(judgment, target)
    return _record(target, judgment, state, failure=failure, elapsed_ms=elapsed_ms)


def record_of(
    target: Target,
    farm: Farm,
    license_: License,
    agents: list[Agent] | None,
    *,
    today: dt.date,
    said: t.Sequence[Finding] = (),
    elapsed_ms: int | None = None,
) -> dict[str, t.Any]:
    """The record of a farm that was read.

    :param agents: the rows that the farm reported; None when it was not asked for them.
    :param said: the findings of the back end, of which the one about the version is a rule.
    """
    if license_.status == "unreadable":
        return record_of_failure(target, unreadable(license_), elapsed_ms=elapsed_ms)
    judgment = _Judgment()
    judgment.fine(*UNREAD)
    judgment.fine("unmanaged", "account_not_given", "field_unknown")
    _judge_inputs(judgment, target)
    plan = plan_license(license_, farm, target.wanted)
    _judge_place(judgment, target, farm)
    _judge_activation(judgment, target, license_)
    _judge_account(judgment, target, license_, plan)
    _judge_dates(judgment, license_, today, target.warning_days)
    _judge_use(judgment, license_)
    machines = None if agents is None else [agent for agent in agents if agent.is_machine]
    version = None if machines is None else _version_of(machines, farm)
    if machines is not None:
        _judge_version(judgment, target, version, today)
        _judge_agents(judgment, machines, version)
    _judge_support(judgment, said, version)
    missing = uncompared(judgment.checks, target, license_, version, agents_asked=machines is not None)
    remedy = "Look at the farm in the RAS console; for a version, let ras_drift_agents be listed or all."
    judgment.judge("not_compared", bool(missing), "everything that is wanted was compared", missing, remedy)
    judgment.settle()
    return _record(
        target,
        judgment,
        level_of(map(_row, judgment.findings)),
        farm=farm,
        license_=license_.as_dict(today),
        plan=plan if license_.status != "not_activated" else None,
        version=version,
        machines=machines,
        elapsed_ms=elapsed_ms,
    )


def _judge_inputs(judgment: _Judgment, target: Target) -> None:
    if not target.wanted.account_email:
        remedy = (
            "Set ras_account_email once for the organization. To look at farms without a wanted account, set "
            "ras_drift_survey to true."
        )
        judgment.found("account_not_given", "ras_account_email", None, remedy)


def _judge_place(judgment: _Judgment, target: Target, farm: Farm) -> None:
    wrong = None if farm.is_licensing_server is None else not farm.is_licensing_server
    expected, observed = farm.licensing_server or "the licensing server", farm.connected_server or "another server"
    judgment.judge("wrong_server", wrong, expected, observed, REMEDIES["wrong_server"])
    wanted = target.wanted.farm_guid
    if wanted and farm.guid:
        same = wanted.strip("{} ").casefold() == farm.guid.strip("{} ").casefold()
        judgment.judge("wrong_farm", not same, wanted, farm.guid, REMEDIES["wrong_farm"])
    waiting, remedy = farm.settings_pending, "Ask who staged them; apply or discard them in the RAS console."
    judgment.judge("settings_waiting", waiting, "no staged settings", "staged settings", remedy)


def _judge_activation(judgment: _Judgment, target: Target, license_: License) -> None:
    activate = "Run the activate playbook; the farm needs license_key for it."
    judgment.judge("not_activated", license_.status == "not_activated", "activated", "not activated", activate)
    trial = license_.status == "trial" and not target.wanted.allow_trial
    judgment.judge("trial", trial, "a paid license", license_.type_text or "a trial", activate)


def _judge_account(judgment: _Judgment, target: Target, license_: License, plan: Plan) -> None:
    wanted = target.wanted
    if wanted.account_email and license_.status != "not_activated":
        expected, remedy = wanted.account_email, REMEDIES["account_mismatch"]
        if plan.account_match == "unknown":
            judgment.found("account_unknown", expected, None, REMEDIES["account_unknown"])
        else:
            judgment.fine("account_unknown")
            other = plan.account_match == "mismatch"
            judgment.judge("account_mismatch", other, expected, license_.account_email, remedy)
    if license_.account_company and wanted.account_company and plan.account_evidence == "reported":
        judgment.fine("account_company")
    if wanted.license_key and wanted.on_key_mismatch != "ignore" and plan.key_match != "unknown":
        other = plan.key_match == "mismatch"
        masked = mask_key(wanted.license_key)
        judgment.judge("key_mismatch", other, masked, license_.key_shown, REMEDIES["key_mismatch"])
    for finding in plan.findings:
        if finding.rule in _FROM_PLAN:
            judgment.found(finding.rule, finding.expected, finding.observed, finding.remedy)


def _judge_dates(judgment: _Judgment, license_: License, today: dt.date, warning_days: int) -> None:
    for rule, test in (("date_ambiguous", _is_ambiguous), ("date_unreadable", _is_unreadable)):
        known = [date for date in (license_.expires, license_.support_expires) if date]
        if known and not any(test(date) for date in known):
            judgment.fine(rule)
    # A trial cannot be renewed.
    renew = ENDED if license_.status == "trial" else REMEDIES["license_expired"]
    expires, support = license_.expires, license_.support_expires
    if expires and expires.readings:
        # By the earliest of its readings: one that lies before today says that the license may have ended.
        left = (min(expires.readings) - today).days
        ended = expires.past(today) or (None if left < 0 else False)
        judgment.judge("expired", ended, "a license that has not ended", expires.shown, renew)
        if not ended:
            expected = f"more than {counted(warning_days, 'day')} left"
            observed = f"{counted(left, 'day')}, until {expires.shown}" if left >= 0 else f"{_PERHAPS}, {expires.shown}"
            judgment.judge("expiry_soon", left <= warning_days, expected, observed, renew)
    elif license_.paid and not expires and license_.type_name == "Permanent":
        judgment.fine("expired", "expiry_soon")
    if support and support.readings:
        remedy = "Renew support (upgrade insurance) in Parallels My Account."
        shown_end = support.shown if support.certain or support.past(today) else f"{_PERHAPS}, {support.shown}"
        over = min(support.readings) < today
        judgment.judge("support_expired", over, "support that has not ended", shown_end, remedy)


def _is_ambiguous(date: DateReading) -> bool:
    return date.ambiguous


def _is_unreadable(date: DateReading) -> bool:
    return not date.readings


def _judge_use(judgment: _Judgment, license_: License) -> None:
    for raised, alarm in alarms(license_):
        judgment.judge(alarm.rule, raised, alarm.expected, alarm.observed, alarm.remedy)
    licensed, peak = license_.users_licensed, license_.users_peak
    if licensed and peak is not None:  # SPLA licenses show no number: they are billed by use
        judgment.judge(
            "over_use", peak > licensed, f"{counted(licensed, 'user')} or fewer", f"a peak of {peak}", TOO_MANY_USERS
        )


def _version_of(machines: list[Agent], farm: Farm) -> str | None:
    """The version of the farm: that of its licensing server's broker, else of all brokers if they agree.

    The version of the web service does not prove the farm's (a third-party catalog of the vendor's reference, v21.2).
    """
    brokers = [agent for agent in machines if agent.kind == "broker" and agent.version]
    servers = [name for name in (farm.licensing_server, farm.connected_server) if name]
    for server in servers:
        here = {agent.version for agent in brokers if goes_by(server, agent.server, agent.ip)}
        if len(here) == 1:
            return here.pop()
    reported = {agent.version for agent in brokers}
    return reported.pop() if len(reported) == 1 else None


def _judge_version(judgment: _Judgment, target: Target, version: str | None, today: dt.date) -> None:
    seen = compare(version, target.version)
    wanted, observed = shown(target.version), shown(version)
    if seen != "unknown":
        remedy = "Run the rollout playbook, or correct ras_version."
        judgment.judge("version_behind", seen == "older", wanted, observed, remedy)
        judgment.judge("version_ahead", seen == "newer", wanted, observed, "Raise ras_version to it.")
    parsed = parse_version(version)
    if parsed:
        ends = support_ends(parsed.major)
        over = True if parsed.major in MAJORS_OUT_OF_SUPPORT else ends < today if ends else None
        expected = f"support until {ends.isoformat()} or longer" if ends else "a version that is supported"
        remedy = "Upgrade to a version that the vendor supports (KB 123002)."
        judgment.judge("product_out_of_support", over, expected, observed, remedy)


def _judge_support(judgment: _Judgment, said: t.Sequence[Finding], version: str | None) -> None:
    """By what the agents show; where nothing shows there, by what the back end said of itself."""
    finding = next((each for each in said if each.rule == RULE), None)
    if parse_version(version):
        judgment.fine(RULE)
        try:
            finding = judge_version("rest", version)
        except RasError as exc:  # it was read all the same, and a report says more than a refusal
            finding = Finding(RULE, RULES[RULE].severity, EXPECTED, exc.message, exc.remedy)
    if finding:
        judgment.found(RULE, finding.expected, finding.observed, finding.remedy)


def _judge_agents(judgment: _Judgment, machines: list[Agent], version: str | None) -> None:
    if not machines:
        remedy = "Check the rights of the RAS administrator: a farm has one Connection Broker at least."
        judgment.found("agents_unhealthy", "one RAS host or more", "none is listed", remedy)
        return
    look = "Look at them in the RAS console; ports, services and the agent's log on the host come next."
    ill = [f"{agent.label}: {agent.state}" for agent in machines if agent.health == "attention"]
    ill += [f"{agent.label}: on which server is not known" for agent in machines if not agent.has_server]
    # One row that shows no state is one that was not looked at.
    looked_at = bool(ill) or all(agent.state is not None for agent in machines)
    judgment.judge("agents_unhealthy", bool(ill) if looked_at else None, "agents without a problem", ill, look)
    if parse_version(version):
        seen = [compare(agent.version, version) for agent in machines]
        behind = [
            f"{agent.label}: {shown(agent.version)}"
            for agent, relation in zip(machines, seen, strict=True)
            if relation == "older"
        ]
        sure = bool(behind) or "unknown" not in seen
        update = "Update their agents: run the rollout playbook, or the RAS console's 'Upgrade all agents'."
        judgment.judge("agents_behind", bool(behind) if sure else None, shown(version), behind, update)


def _record(
    target: Target,
    judgment: _Judgment,
    state: State,
    *,
    farm: Farm | None = None,
    license_: dict[str, t.Any] | None = None,
    plan: Plan | None = None,
    version: str | None = None,
    machines: list[Agent] | None = None,
    failure: RasError | None = None,
    elapsed_ms: int | None = None,
) -> dict[str, t.Any]:
    wanted = target.wanted
    asked_account = bool(wanted.account_email) and plan is not None
    order = {rule: number for number, rule in enumerate(RULES)}
    return {
        "farm": target.farm,
        "host": target.host,
        "organization": target.organization,
        "state": state,
        "wanted": {
            "account": wanted.account_email,
            "other_emails": list(wanted.account_other_emails),
            "key": mask_key(wanted.license_key),
            "version": target.version,
            "expiry_warning_days": target.warning_days if target.managed and target.problem is None else None,
        },
        "identity": (farm or Farm()).as_dict(),
        "license": license_,
        "account_match": plan.account_match if plan and asked_account else "not_checked",
        "account_evidence": plan.account_evidence if plan and asked_account else "none",
        "key_match": plan.key_match if plan and wanted.license_key else "not_checked",
        "version": version,
        "agents": None if machines is None else [_agent(agent) for agent in machines],
        "checks": {rule: judgment.checks[rule] for rule in FARM_RULES if rule not in FLEET_RULES},
        "findings": [_row(each) for each in sorted(judgment.findings, key=lambda each: order[each.rule])],
        "failure": None if failure is None else failure.as_dict(),
        "elapsed_ms": elapsed_ms,
    }


def _row(finding: Finding) -> dict[str, t.Any]:
    """A finding, with what else it says: a policy has a severity and waivers for each of these rules."""
    return {**finding.as_dict(), "consequences": list(finding.consequences)}


def _agent(agent: Agent) -> dict[str, t.Any]:
    """Of each machine what a report needs."""
    return {
        "server": agent.label,
        "kind": agent.kind,
        "state": agent.state,
        "health": agent.health,
        "version": agent.version,
    }
