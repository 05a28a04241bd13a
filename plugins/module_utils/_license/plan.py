# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Decide what a farm's license needs: pure, no I/O, one function for check mode, diff, drift and apply.

The table that this file implements is in the documentation of the M(fleetops.parallels_ras.license) module. The order
of the questions is part of the design: what could damage a license is refused before anything is planned.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding, Severity
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.never_activated import UNPROVEN
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.remedies import REMEDIES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import (
    compare_account,
    same_company,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.causes import CONSEQUENCES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.findings import license_findings
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import (
    compare_key,
    is_evidence,
    mask_key,
    Match,
    normalize_key,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License, Step

Evidence = t.Literal["reported", "key", "activated_now", "none"]


@dataclass(frozen=True)
class Wanted:
    """The wanted state of a farm's license: the options of the module without the connection and the passwords."""

    state: t.Literal["present", "absent"] = "present"
    account_email: str | None = None
    account_other_emails: tuple[str, ...] = ()
    account_company: str | None = None
    account_keys: tuple[str, ...] = ()
    license_key: str | None = None
    allow_trial: bool = False
    on_account_mismatch: t.Literal["fail", "reactivate"] = "fail"
    on_key_mismatch: t.Literal["fail", "reactivate", "ignore"] = "fail"
    on_account_unknown: t.Literal["warn", "fail"] = "warn"
    apply_settings: bool = False
    allow_unverified_server: bool = False
    farm_guid: str | None = None


@dataclass
class Plan:
    """What was found and what is to be done; ``refusal`` excludes ``steps``."""

    account_match: Match = "unknown"
    account_evidence: Evidence = "none"
    key_match: Match = "unknown"
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refusal: RasError | None = None
    before: dict[str, t.Any] = field(default_factory=dict)
    after: dict[str, t.Any] = field(default_factory=dict)

    @property
    def writes_license(self) -> bool:
        """True when a step goes to the vendor."""
        return any(step.action in ("activate", "deactivate") for step in self.steps)


def plan_license(observed: License, farm: Farm, wanted: Wanted) -> Plan:
    """Compare and decide.

    :param observed: the license as the farm shows it now.
    :param farm: the farm and the server that answered.
    :returns: a plan with steps, or a refusal, or neither when the farm is as wanted.
    """
    plan = Plan(before=observed.summary(), after=observed.summary())
    plan.key_match = compare_key(observed.key_shown, wanted.license_key)
    _judge_account(plan, observed, wanted)
    plan.findings += license_findings(observed)
    try:
        _check_farm(farm, wanted)
        if observed.status == "unreadable":
            raise unreadable(observed)
        decide = _decide_absent if wanted.state == "absent" else _decide_present
        decide(plan, observed, wanted)
        _decide_settings(plan, farm, wanted)
        if plan.steps:
            _check_server(farm, wanted)
        if plan.after["status"] == "trial" and plan.writes_license:
            _note_trial(plan)
    except RasError as refusal:
        plan.refusal, plan.steps, plan.after = refusal, [], dict(plan.before)
    if observed.status == "trial" and (plan.writes_license or (plan.refusal and plan.refusal.code == "key_required")):
        # Step and refusal say until when it runs, and are the remedy of that.
        plan.findings = [each for each in plan.findings if each.rule not in CONSEQUENCES["trial"]]
    return plan


def unreadable(observed: License) -> RasError:
    """The failure of a farm whose license object shows neither a license nor, as documented, that there is none."""
    return RasError(
        "bad_answer",
        "The farm's answer shows neither a license nor the absence of one: expected a known type or a key, observed "
        f"type '{observed.type_text or 'unknown'}' without a key.",
        remedy=UNPROVEN,
        observed=observed.summary(),
    )


def _note(
    plan: Plan, rule: str, severity: Severity, expected: t.Any, observed: t.Any, remedy: str | None = None
) -> None:
    plan.findings.append(Finding(rule, severity, expected, observed, REMEDIES[rule] if remedy is None else remedy))


def _judge_account(plan: Plan, observed: License, wanted: Wanted) -> None:
    """Fill in account_match and account_evidence, and note what should be said about a match."""
    verdict = compare_account(observed.account_email, wanted.account_email, wanted.account_other_emails)
    if verdict != "unknown":
        plan.account_match, plan.account_evidence = ("mismatch" if verdict == "mismatch" else "match"), "reported"
        if verdict == "other":
            _note(
                plan,
                "account_other_email",
                "info",
                wanted.account_email,
                observed.account_email,
                "None: it is another e-mail address of the business account.",
            )
        if verdict != "mismatch" and same_company(observed.account_company, wanted.account_company) is False:
            _note(
                plan,
                "account_company",
                "warning",
                wanted.account_company,
                observed.account_company,
                "The e-mail address matches but the company does not: check in Parallels My Account which company "
                "the person belongs to.",
            )
    elif observed.account_email is None and wanted.account_email:
        if any(is_evidence(observed.key_shown, key) for key in (wanted.license_key, *wanted.account_keys)):
            plan.account_match, plan.account_evidence = "match", "key"


def _check_farm(farm: Farm, wanted: Wanted) -> None:
    if wanted.farm_guid and (farm.guid or "").strip("{} ").casefold() != wanted.farm_guid.strip("{} ").casefold():
        raise RasError(
            "wrong_farm",
            f"Another farm answers here: expected farm_guid {wanted.farm_guid}, observed "
            f"{farm.guid or 'none (the farm does not report it)'} (farm name {farm.name or 'unknown'}).",
            observed={"guid": farm.guid, "name": farm.name},
        )


def _check_server(farm: Farm, wanted: Wanted) -> None:
    """A license is written on the licensing server only."""
    if farm.is_licensing_server is False:
        raise RasError(
            "wrong_server",
            "This is not the licensing server of the farm: expected "
            f"{farm.licensing_server or 'the licensing server'}, observed "
            f"{farm.connected_server or 'another server'}.",
            observed={"connected_server": farm.connected_server, "licensing_server": farm.licensing_server},
        )
    if farm.is_licensing_server is None and not wanted.allow_unverified_server:
        raise RasError(
            "wrong_server",
            "It is not known whether this is the licensing server of the farm: the farm does not report it, and "
            "neither its sites nor its brokers show it.",
            remedy=REMEDIES["wrong_server"] + " If you know that it is, set allow_unverified_server=true.",
            observed={"connected_server": farm.connected_server, "licensing_server": farm.licensing_server},
        )


def _decide_present(plan: Plan, observed: License, wanted: Wanted) -> None:
    if not wanted.account_email:
        raise RasError(
            "invalid_option",
            "account_email is needed for state=present: expected the address that signs farms in, observed none.",
        )
    if wanted.license_key is not None and not normalize_key(wanted.license_key):
        # Sent as it is, the vendor could take it for "no key" and make the farm a trial.
        raise RasError(
            "invalid_option",
            "license_key is not a key: expected letters and digits, observed nothing but blanks or hyphens.",
        )
    if wanted.license_key and "*" in wanted.license_key:
        raise RasError(
            "invalid_option",
            "license_key is a masked key: expected the whole key (Parallels My Account shows it), observed '*' in it.",
        )
    if observed.status == "not_activated":
        _decide_first_activation(plan, observed, wanted)
    elif observed.status == "trial":
        _decide_trial(plan, observed, wanted)
    elif plan.account_match == "mismatch":
        _decide_other_account(plan, observed, wanted)
    else:
        if plan.account_match == "unknown":
            _decide_unknown_account(plan, observed, wanted)
        _decide_key(plan, observed, wanted)
        if observed.status == "expired" and not plan.steps:
            raise RasError(
                "license_expired",
                f"The license ended on {observed.expires.shown if observed.expires else 'an unknown day'}; account and "
                "key are right.",
                observed=observed.summary(),
            )


def _decide_first_activation(plan: Plan, observed: License, wanted: Wanted) -> None:
    if wanted.license_key:
        _activate(plan, wanted, "the farm is not activated")
    elif wanted.allow_trial:
        _activate(plan, wanted, "the farm is not activated and allow_trial is true")
    else:
        raise RasError(
            "key_required",
            "The farm is not activated and license_key is not given: expected a key, observed none.",
            remedy=REMEDIES["key_required"] + " If a trial is wanted, set allow_trial=true.",
            observed=observed.summary(),
        )


def _decide_trial(plan: Plan, observed: License, wanted: Wanted) -> None:
    if wanted.license_key:
        _activate(plan, wanted, f"the farm runs on a trial{_details(observed)}")
    elif not wanted.allow_trial:
        raise RasError(
            "key_required",
            "The farm runs on a trial and license_key is not given: expected a paid license, observed a trial"
            f"{_details(observed)}.",
            remedy=REMEDIES["key_required"] + " If the trial is wanted, set allow_trial=true.",
            observed=observed.summary(),
        )
    elif plan.account_match == "mismatch":
        raise RasError(
            "account_mismatch",
            f"The trial runs under another account: expected {wanted.account_email}, observed "
            f"{observed.account_email}.",
            remedy="Give license_key to activate the farm with a key under the wanted account.",
            observed=observed.summary(),
        )
    elif plan.account_match == "unknown":
        _decide_unknown_account(plan, observed, wanted)


def _details(trial: License) -> str:
    """What an unwanted trial brings with it, for the sentence that says that there is one."""
    end = f"{'ended' if trial.ended else 'until'} {trial.expires.shown}" if trial.expires else None
    seen = (
        f"account {trial.account_email}" if trial.account_email else None,
        f"key {trial.key_shown}" if trial.key_shown else None,
        end,
    )
    said = ", ".join(each for each in seen if each)
    return f" ({said})" if said else ""


def _decide_other_account(plan: Plan, observed: License, wanted: Wanted) -> None:
    if wanted.on_account_mismatch == "fail":
        hint = ""
        if same_company(observed.account_company, wanted.account_company):
            hint = f" The company is the same ({observed.account_company}): perhaps another person of the account."
        raise RasError(
            "account_mismatch",
            f"The farm is activated with another account: expected {wanted.account_email}, observed "
            f"{observed.account_email}.{hint}",
            observed=observed.summary(),
        )
    if not wanted.license_key:
        raise RasError(
            "key_required",
            f"The farm is activated with another account ({observed.account_email}) and would be reactivated, but "
            "license_key is not given: expected a key, observed none.",
            observed=observed.summary(),
        )
    _activate(plan, wanted, f"the farm is activated with another account ({observed.account_email})")


def _decide_unknown_account(plan: Plan, observed: License, wanted: Wanted) -> None:
    message = "The farm does not report its account, and no known key proves it"
    if wanted.on_account_unknown == "fail":
        raise RasError(
            "account_unknown",
            f"{message}: expected {wanted.account_email}, observed nothing.",
            observed=observed.summary(),
        )
    _note(plan, "account_unknown", "warning", wanted.account_email, None, f"{message}. {REMEDIES['account_unknown']}")


def _decide_key(plan: Plan, observed: License, wanted: Wanted) -> None:
    if plan.key_match != "mismatch":
        return
    shown, masked = observed.key_shown, mask_key(wanted.license_key)
    if wanted.on_key_mismatch == "fail":
        raise RasError(
            "key_mismatch",
            f"The farm is activated with another key: expected {masked}, observed {shown}.",
            observed=observed.summary(),
        )
    if wanted.on_key_mismatch == "ignore":
        _note(plan, "key_mismatch", "info", masked, shown, "None: on_key_mismatch is ignore.")
    else:
        _activate(plan, wanted, f"the farm is activated with another key ({shown})")


def _decide_absent(plan: Plan, observed: License, wanted: Wanted) -> None:
    if not observed.paid:
        return  # a trial holds no key that could be given back
    if not wanted.account_email:
        raise RasError(
            "invalid_option",
            "account_email is needed to deactivate a farm: expected the account that holds it, observed none.",
        )
    if plan.account_match == "mismatch":
        raise RasError(
            "account_mismatch",
            f"The farm is activated with another account and is left alone: expected {wanted.account_email}, observed "
            f"{observed.account_email}.",
            remedy="Deactivate it with the account that holds it. If its e-mail address belongs to another person of "
            "the same business account, add it to account_other_emails.",
            observed=observed.summary(),
        )
    if plan.account_match == "unknown":
        raise RasError(
            "account_unknown",
            "The farm does not report its account, and no known key proves it: a license of unknown owner is never "
            "given back.",
            remedy="Give the keys that are registered in the account as account_keys, or deactivate the farm in the "
            "RAS console.",
            observed=observed.summary(),
        )
    plan.steps.append(Step("deactivate", "the farm is activated and state is absent"))
    plan.after = {"status": "not_activated", "account": None, "key": None, "type": None, "expires": None}


def _decide_settings(plan: Plan, farm: Farm, wanted: Wanted) -> None:
    if wanted.apply_settings and (plan.steps or farm.settings_pending):
        plan.steps.append(Step("apply_settings", "apply_settings is true"))
    elif wanted.apply_settings and farm.settings_pending is None:
        # Applied on suspicion, a farm that needs nothing would be written in every run.
        _note(
            plan,
            "settings_unknown",
            "info",
            "a farm that reports whether settings are staged",
            None,
            "Nothing was applied. Where settings are staged, apply them in the RAS console; apply_settings=true "
            "applies them with the next change of the license.",
        )
    elif farm.settings_pending:
        remedy = (
            "None needed for the license. Settings that others have staged are applied only with apply_settings=true."
        )
        _note(plan, "settings_pending", "info", "no staged settings", "staged settings", remedy)


def _note_trial(plan: Plan) -> None:
    """The farm shows no trace of a paid license, which does not prove that it never held one.

    That a farm whose license was given back still shows one is not documented; the answer 404 shows nothing at all.
    """
    _note(
        plan,
        "trial_history_unknown",
        "warning",
        "a farm that never held a paid license",
        "the farm shows nothing about earlier licenses",
        "Without license_key the farm becomes a trial. Check it in Parallels My Account first, and give license_key "
        "if it ever held a paid license.",
    )


def _activate(plan: Plan, wanted: Wanted, reason: str) -> None:
    plan.steps.append(Step("activate", reason))
    with_key = wanted.license_key is not None
    plan.after = {
        "status": "active" if with_key else "trial",
        "account": wanted.account_email,
        "key": mask_key(wanted.license_key),
        "type": "as the key grants" if with_key else "trial",
        "expires": "as the key grants" if with_key else "as the vendor grants",
    }
