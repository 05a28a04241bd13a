# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``/api/License``: read, activate, deactivate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from raslab.account import ACCEPTED, Key, Person
from raslab.license import activated, deactivated, License, turned_into_trial
from raslab.rest.call import Answer, business_failure, Call, problem_details, Refused
from raslab.rest.license_view import empty_license, license_object
from raslab.rest.wire import status_answer
from raslab.texts import vendor_text


def read_license(call: Call) -> Answer:
    """``GET /api/License``."""
    license_ = call.farm.shown_license()
    if license_.state in ("none", "deactivated"):
        shape = call.farm.quirks.never_activated
        if shape == "404":
            raise Refused(problem_details(404, "License not found."))
        return Answer.of(200, {} if shape == "empty" else empty_license(call.farm, license_))
    return Answer.of(200, license_object(call.farm, license_))


def activate(call: Call) -> Answer:
    """``POST /api/License/activate``; without a key the farm becomes a trial, whatever it was before."""
    email, password, key_text = _credentials(call)
    _refuse_by_farm(call)
    result, person, key = _judge_activation(call, email, password, key_text)
    call.account.note(call.farm.name, "activate", call.journal.scrub(email), key_text, result)
    if result != ACCEPTED or person is None:
        raise _refusal(call, result)
    before, now = call.farm.license, call.farm.now()
    after = activated(before, person, key, now) if key else turned_into_trial(before, person, now)
    _settle(call, _spoiled(call, after))
    call.entry.effect = "activated"
    return call.done()


def deactivate(call: Call) -> Answer:
    """``POST /api/License/deactivate``; it needs the account that holds the activation."""
    email, password, _none = _credentials(call)
    _refuse_by_farm(call)
    has_key = call.farm.license.is_paid and call.farm.license.key is not None
    if call.farm.quirks.deactivate_check_first == "license" and not has_key:
        raise _refusal(call, "not_activated")
    result, person = call.account.sign_in(email, password)
    if result == ACCEPTED and person:
        if not has_key:
            result = "not_activated"
        elif person.company != call.farm.license.company:
            result = "account_conflict"
    call.account.note(call.farm.name, "deactivate", call.journal.scrub(email), None, result)
    if result != ACCEPTED:
        raise _refusal(call, result)
    _settle(call, deactivated(call.farm.license))
    call.entry.effect = "deactivated"
    return call.done()


def _credentials(call: Call) -> tuple[str, str, str | None]:
    email, password, key = call.body.get("email"), call.body.get("password"), call.body.get("key")
    for name, value in (("email", email), ("password", password)):
        if not isinstance(value, str) or not value:
            raise call.refuse_unmodeled(f"{name} is needed")
    if key is not None and not isinstance(key, str):
        raise call.refuse_unmodeled("key is not a string")
    return str(email), str(password), key.strip() or None if key else None


def _refuse_by_farm(call: Call) -> None:
    """Refusals that come from the farm itself: My Account never hears of them."""
    if not call.farm.is_licensing_server(call.host):
        raise _refusal(call, "not_licensing_server")
    for kind in ("vendor_unreachable", "vendor_text"):
        if fault := call.verdict.find(kind):
            call.entry.fault = kind
            text = fault.params.get("message")
            raise _refusal(call, fault.params.get("text") or kind, text)


def _judge_activation(
    call: Call, email: str, password: str, key_text: str | None
) -> tuple[str, Person | None, Key | None]:
    result, person = call.account.sign_in(email, password)
    if result != ACCEPTED or person is None:
        return result, None, None
    key: Key | None = None
    if key_text:
        users = [farm.name for farm in call.farms if farm is not call.farm and _uses(farm.license, key_text)]
        result, key = call.account.check_key(person, key_text, users)
    held = call.farm.license
    foreign = held.is_paid and held.company != person.company
    if result == ACCEPTED and foreign and not call.farm.quirks.direct_account_change:
        result = "account_conflict"
    return result, person, key


def _uses(license_: License, key_text: str) -> bool:
    return license_.is_paid and license_.key is not None and license_.key.upper() == key_text.upper()


def _refusal(call: Call, result: str, text: str | None = None) -> Refused:
    if fault := call.verdict.find("refused_as"):
        call.entry.fault = fault.kind
        return Refused(status_answer(fault))
    quirks = call.farm.quirks
    return Refused(business_failure(text or quirks.message or vendor_text(result, quirks.language)))


def _settle(call: Call, license_: License) -> None:
    late = call.verdict.find("settle_late")
    if late:
        call.entry.fault = late.kind
    call.farm.set_license(license_, late.params["seconds"] if late else call.farm.quirks.settle_seconds)


def _spoiled(call: Call, license_: License) -> License:
    """What the model faults make of a good activation."""
    if fault := call.verdict.find("activate_wrong_account"):
        call.entry.fault = fault.kind
        license_ = replace(license_, person=_other_person(call, license_, fault.params["account"]))
    if fault := call.verdict.find("activate_downgrade"):
        call.entry.fault = fault.kind
        license_ = _downgraded(call, license_, fault.params["what"])
    if fault := call.verdict.find("attention_after"):
        call.entry.fault = fault.kind
        message = fault.params["message"] or "The license needs your attention."
        license_ = replace(license_, needs_attention=True, alert_message=message)
    return license_


def _other_person(call: Call, license_: License, email: str | None) -> Person:
    if email and (person := call.account.person(email)):
        return person
    for person in call.account.people:
        if person.company != license_.company:
            return person
    return Person("somebody@else.example.net", "", "Somebody Else", "Somebody Else Ltd")


def _downgraded(call: Call, license_: License, what: str) -> License:
    now = call.farm.now()
    if what == "trial" and license_.person:
        return turned_into_trial(license_, license_.person, now)
    if what == "users":
        return replace(license_, users=max(1, (license_.users or 2) // 2))
    if what == "expiry":
        return replace(license_, expires=(now + timedelta(days=1)).date())
    return replace(license_, type="prepaid" if license_.type == "permanent" else "trial")
