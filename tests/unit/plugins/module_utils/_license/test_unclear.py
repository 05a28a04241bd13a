# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A field that can warn says what is known, says nothing, or is a warning: it is never passed over."""

from __future__ import annotations

import random
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import plan_license
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import read_license
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.unclear import (
    denies,
    says_fine,
    unclear_findings,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.verify import (
    judge_activation,
    proves_activation,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import answer, fresh, TODAY, wanted

FIELDS: t.Final = (
    *("type", "needsAttention", "gracePeriodState", "gracePeriodDaysLeft"),
    *("installedUsers", "usersPeak", "licenseStatus", "statusMessage", "alertMessage"),
)
NUMBERS: t.Final = frozenset({"gracePeriodDaysLeft", "installedUsers", "usersPeak"})
WORDS: t.Final = (
    "Enterprise maybe soon yes no Suspended Inactive Pending 不明 有効 -1 1.5 7 99 0x1 ٣ NaN null none activ "
    "Active? not-active true! wahr 1e3 ∞"
).split()


def _read(**changes: t.Any) -> License:
    return read_license(answer(**changes), today=TODAY)


def _values(rng: random.Random) -> t.Any:
    alphabet = "aZ09 -.?!\u00a0é東\u0663*\n"
    return rng.choice(
        [
            rng.choice(WORDS),
            "".join(rng.choice(alphabet) for _turn in range(rng.randrange(6))),
            rng.choice([None, True, False, 0, 1, 7, -3, 2.5, 10**30, [], ["x"], {}, {"a": 1}, "", "  ", "12", "true"]),
        ]
    )


def _oracle_knows(name: str, value: t.Any) -> bool:
    """Written apart from the code: whether a value of a field, alone, is one whose meaning is documented."""
    said = value.strip() if isinstance(value, str) else value
    if said is None or said == "":
        return name != "type"
    if name == "type":
        return str(said).lower() in {*"123456", "permanent", "prepaid", "postpaid"} and not isinstance(said, bool)
    if name == "needsAttention":
        return said is True or said is False or (isinstance(said, str) and said.lower() in ("true", "false"))
    if name in NUMBERS:
        text = str(said) if isinstance(said, int) and not isinstance(said, bool) else said
        return isinstance(text, str) and len(text) < 19 and text != "" and set(text) <= set("0123456789")
    return False  # no value of the others is documented


def test_whatever_a_field_says_is_known_or_a_warning() -> None:
    rng = random.Random(15)
    seen = {name: [0, 0] for name in FIELDS}
    for _turn in range(4000):
        name = rng.choice(FIELDS)
        value = _values(rng)
        if name in ("licenseStatus", "statusMessage", "alertMessage") and value in ("Active", "OK"):
            continue
        license_ = read_license(answer(**{name: value}), today=TODAY)
        known = _oracle_knows(name, value)
        assert (name in license_.unclear) is not known, (name, value)
        assert len(unclear_findings(license_)) == (0 if known else 1)
        seen[name][known] += 1
    assert all(all(numbers) for numbers in seen.values()), seen


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"type": "Enterprise"}, "type: Enterprise"),
        ({"type": 7}, "type: 7"),
        ({"type": None}, "type: nothing"),
        ({"needsAttention": "maybe"}, "needsAttention: maybe"),
        ({"needsAttention": 1}, "needsAttention: 1"),
        ({"gracePeriodDaysLeft": "soon"}, "gracePeriodDaysLeft: soon"),
        ({"gracePeriodDaysLeft": -2}, "gracePeriodDaysLeft: -2"),
        ({"gracePeriodState": "Expired", "gracePeriodDaysLeft": 0}, "gracePeriodState: Expired"),
        ({"licenseStatus": "Suspended"}, "licenseStatus: Suspended"),
        ({"statusMessage": "Contact sales"}, "statusMessage: Contact sales"),
        ({"alertMessage": {"text": "pay"}}, "alertMessage: {'text': 'pay'}"),
        ({"installedUsers": "many"}, "installedUsers: many"),
    ],
)
def test_each_is_said_where_a_license_is_planned(changes: dict[str, t.Any], says: str) -> None:
    plan = plan_license(_read(**changes), Farm(), wanted())
    (finding,) = [each for each in plan.findings if each.rule == "field_unknown"]
    assert (finding.severity, finding.observed) == ("warning", [says])


@pytest.mark.parametrize(
    "changes",
    [
        {"gracePeriodState": "1", "gracePeriodDaysLeft": "5"},
        {"needsAttention": True, "statusMessage": "Over", "alertMessage": "Pay"},
        {"licenseStatus": " ", "statusMessage": None, "gracePeriodState": ""},
        {"statusMessage": "Your license is active."},
        {"licenseStatus": "activated"},
    ],
)
def test_what_has_a_finding_of_its_own_or_is_known_is_not_said_twice(changes: dict[str, t.Any]) -> None:
    assert unclear_findings(_read(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "rule", "observed"),
    [
        ({"gracePeriodState": "1", "gracePeriodDaysLeft": "5"}, "grace_period", "5 days left of it"),
        ({"needsAttention": True, "statusMessage": "Over", "alertMessage": "Pay"}, "needs_attention", "Pay; Over"),
        ({"needsAttention": "true", "statusMessage": "Over"}, "needs_attention", "Over"),
        ({"needsAttention": True}, "needs_attention", "needs attention"),
    ],
)
def test_what_is_not_said_as_unknown_is_said_by_a_finding_of_the_plan(
    changes: dict[str, t.Any], rule: str, observed: str
) -> None:
    (finding,) = plan_license(_read(**changes), Farm(), wanted()).findings
    assert (finding.rule, finding.severity, finding.observed) == (rule, "warning", observed)


def test_attention_hides_nothing_that_it_does_not_quote() -> None:
    plan = plan_license(_read(needsAttention=True, alertMessage={"text": "pay"}), Farm(), wanted())
    assert [finding.rule for finding in plan.findings] == ["needs_attention", "field_unknown"]


@pytest.mark.parametrize(
    "said", ["not active", "Inactive", "Active until revoked", "valid?", "ok, but", "", "有効", None]
)
def test_only_a_text_that_is_wholly_known_is_fine(said: str | None) -> None:
    assert not says_fine(said)


class TestAfterOurActivation:
    """What the farm says against it, and what nobody knows, is not confirmed."""

    @pytest.mark.parametrize(
        "changes",
        [
            {"licenseStatus": "Suspended"},
            {"licenseStatus": "Gesperrt"},
            {"licenseStatus": 3},
            {"statusMessage": "Product not activated"},
            {"alertMessage": "The activation failed"},
            {"statusMessage": "ライセンスは無効です"},
            {"needsAttention": "maybe"},
        ],
    )
    def test_it_is_missing(self, changes: dict[str, t.Any]) -> None:
        verdict = judge_activation(fresh(), _read(**changes), wanted())
        assert (len(verdict.missing), verdict.worse) == (1, ())

    @pytest.mark.parametrize(
        "changes",
        [
            {"licenseStatus": "Active"},
            {"statusMessage": "Your license is active."},
            {"type": None},
            {"type": ""},
            {"installedUsers": "many"},
        ],
    )
    def test_what_says_nothing_about_it_is_a_warning_only(self, changes: dict[str, t.Any]) -> None:
        assert judge_activation(fresh(), _read(**changes), wanted()).settled

    @pytest.mark.parametrize("name", ["statusMessage", "alertMessage", "gracePeriodState", "type"])
    @pytest.mark.parametrize("said", ["Welcome", "Off", 9, "サブスクリプション", {"code": 1}, "Contact sales"])
    def test_what_nobody_knows_confirms_nothing_unless_it_was_said_before(self, name: str, said: t.Any) -> None:
        after = _read(**{name: said})
        for before in (fresh(), _read(), _read(**{name: "another text"})):
            verdict = judge_activation(before, after, wanted())
            assert len(verdict.missing) == 1
            assert name in verdict.missing[0]
            assert verdict.worse == ()
            assert not proves_activation(before, after, wanted())
        same = _read(**{name: said}, usersPeak="1")
        assert judge_activation(same, after, wanted()).settled
        assert [finding.rule for finding in unclear_findings(after)] == ["field_unknown"]

    @pytest.mark.parametrize("name", ["licenseStatus", "statusMessage", "alertMessage"])
    @pytest.mark.parametrize(
        "said",
        ["No license found", "No valid license", "Your license has ended", "Lizenz abgelaufen", "Nicht aktiviert"],
    )
    def test_a_denial_never_settles_even_when_it_was_said_before(self, name: str, said: str) -> None:
        after = _read(**{name: said})
        assert judge_activation(fresh(), after, wanted()).missing
        assert judge_activation(_read(**{name: said}), after, wanted()).missing
        known = read_license(answer(**{name: said}), today=TODAY, known_texts=[said])
        assert judge_activation(fresh(), known, wanted()).settled

    def test_attention_that_became_needed_is_a_loss_and_no_more(self) -> None:
        after = _read(needsAttention=True, alertMessage="The activation failed")
        verdict = judge_activation(fresh(), after, wanted())
        assert (verdict.missing, len(verdict.worse)) == ((), 1)

    def test_attention_that_was_needed_before_silences_no_denial(self) -> None:
        before = _read(needsAttention=True, alertMessage="Pay")
        after = _read(needsAttention=True, alertMessage="The activation failed")
        verdict = judge_activation(before, after, wanted())
        assert (len(verdict.missing), verdict.worse) == (1, ())

    def test_a_trial_that_is_wanted_may_say_so(self) -> None:
        license_ = read_license({"type": 6, "licenseType": "Trial", "licenseStatus": "Trial"}, today=TODAY)
        assert judge_activation(fresh(), license_, wanted(license_key=None, allow_trial=True)).settled

    @pytest.mark.parametrize("said", ["Active", "Nothing to do", "", None])
    def test_what_is_no_denial(self, said: str | None) -> None:
        assert not denies(said)


_TEXT_FIELDS: t.Final = ("licenseStatus", "statusMessage", "alertMessage", "gracePeriodState")


@pytest.mark.parametrize("name", _TEXT_FIELDS)
@pytest.mark.parametrize("said", ["Aktiv", "The license is not perpetual.", "サブスクリプション", "ok \u2026"])
def test_a_text_that_somebody_read_is_no_warning_and_no_denial(name: str, said: str) -> None:
    """Whole, whatever its case and blanks: one more word is another text."""
    changes = {name: said}
    asked, known = read_license(answer(**changes), today=TODAY), f"  {said.upper()} "
    assert asked.unclear
    heard = read_license(answer(**changes), today=TODAY, known_texts=[known])
    assert not heard.unclear
    assert judge_activation(fresh(), heard, wanted()).settled
    more = read_license(answer(**{name: f"{said} until further notice"}), today=TODAY, known_texts=[known])
    assert more.unclear


@pytest.mark.parametrize("name", ["type", "needsAttention", "installedUsers"])
def test_only_texts_can_be_known(name: str) -> None:
    assert read_license(answer(**{name: "maybe"}), today=TODAY, known_texts=["maybe"]).unclear


@pytest.mark.parametrize("name", _TEXT_FIELDS)
@pytest.mark.parametrize("length", [199, 200, 201, 5000])
def test_a_long_text_is_known_whether_it_was_read_in_the_console_or_in_a_finding(name: str, length: int) -> None:
    said = ("Ihr Abonnement, Stra\u00dfe, " * length)[:length].strip() + "x" * length
    asked = read_license(answer(**{name: said}), today=TODAY)
    for known in (said, f" {said} ", said.replace("Ihr", "IHR"), asked.unclear[name]):
        heard = read_license(answer(**{name: said}), today=TODAY, known_texts=[known])
        assert not heard.unclear
        assert judge_activation(fresh(), heard, wanted()).settled
    assert read_license(answer(**{name: said}), today=TODAY, known_texts=[said[:100]]).unclear
