# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""observe -> plan -> apply -> verify for the license of one farm."""

from __future__ import annotations

import datetime as dt
import time
import typing as t
from dataclasses import replace
from functools import partial

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.base import Backend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import (
    NotSent,
    RasError,
    VendorRefused,
    WriteOutcomeUnknown,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.farm import Farm
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.accounts import compare_account
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.attempt import Attempt
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.findings import (
    license_findings,
    LICENSE_RULES,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.model import License, Step
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.plan import Plan, plan_license, Wanted
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.reader import read_license
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.verify import (
    judge_activation,
    judge_deactivation,
    proves_activation,
    Verdict,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.cut_off import CutOff, is_cut_off
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import AccountGate, AccountPermit
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._backends.placement import locate_licensing_server

Options = t.Mapping[str, t.Any]

_POLL_SECONDS: t.Final = (0.5, 1.0, 2.0)
# A farm's services may restart after a write: a reading that fails like this is not the last word.
_PASSING: t.Final = frozenset({"api_unreachable", "rate_limited", "session_expired", "bad_answer"})


def wanted_from(options: Options) -> Wanted:
    """The part of the options that decides, without passwords and connection."""
    names = Wanted.__dataclass_fields__
    values = {name: options[name] for name in names}
    values["account_other_emails"] = tuple(values["account_other_emails"])
    values["account_keys"] = tuple(values["account_keys"])
    values["license_key"] = values["license_key"] or None
    return Wanted(**values)


class LicenseFlow:
    """One farm, one run of the license module.

    :param api_host: the host of the API's URL.
    :param today: the day against which expiry is judged.
    """

    def __init__(self, backend: Backend, options: Options, gate: AccountGate, api_host: str, today: dt.date) -> None:
        self._backend = backend
        self._options = options
        self._wanted = wanted_from(options)
        self._gate = gate
        self._api_host = api_host
        self._today = today
        self._farm = Farm()
        self._before = License("unreadable")
        self._after: License | None = None
        self._changed = False
        self._sent = False
        self._released = False
        self._plan = Plan()
        self._done: list[Step] = []

    def run(self, check_mode: bool) -> dict[str, t.Any]:
        """The module's result, a failure included under ``failure``."""
        self._farm = self._backend.open()
        self._before = self._read()
        self._plan = plan = plan_license(self._before, self._farm, self._wanted)
        if plan.refusal and plan.refusal.code == "wrong_server" and self._farm.is_licensing_server is None:
            self._farm = locate_licensing_server(self._backend, self._farm, self._api_host)
            self._plan = plan = plan_license(self._before, self._farm, self._wanted)
        failure = plan.refusal
        if failure is None and plan.steps:
            try:
                self._check_passwords(check_mode)
                if not check_mode:
                    self._apply()
            except RasError as exc:
                failure = exc
            except BaseException as exc:
                if not is_cut_off(exc) or not self._sent:
                    raise
                failure = self._cut_off()
        return self._result(failure, check_mode)

    def _cut_off(self) -> RasError:
        """The time of the task was over after a write was sent: nobody may take it for one that was not tried."""
        self._changed = True
        unknown = CutOff("the license was being changed")
        if not self._released:
            return unknown
        previous = self._options["previous_account_email"]
        return RasError(
            "left_unlicensed",
            f"THE FARM MAY HAVE NO LICENSE NOW. It was released from {previous}, or may have been. {unknown.message}",
            observed=unknown.as_dict(),
        )

    # -- observe ---------------------------------------------------------------------------------------------------

    def _read(self) -> License:
        how = {name: self._options[name] for name in ("date_order", "known_texts")}
        return read_license(self._backend.read_license(), today=self._today, **how)

    # -- apply -----------------------------------------------------------------------------------------------------

    def _check_passwords(self, check_mode: bool) -> None:
        needed = ["account_password"] if self._plan.writes_license else []
        if needed and self._options["release_previous"]:
            needed += ["previous_account_email", "previous_account_password"]
        for name in needed:
            if self._options[name]:
                continue
            if not check_mode:
                raise RasError("invalid_option", f"{name} is missing: it is needed for the change that is due.")
            remedy = f"Define {name} (in the vault) for the run that applies the change."
            self._plan.findings.append(Finding("password_missing", "info", name, None, remedy))

    def _apply(self) -> None:
        for step in self._plan.steps:
            if step.action == "activate":
                self._activate(step)
            elif step.action == "deactivate":
                self._deactivate(step)
            else:
                self._sent = True
                self._backend.apply_settings()
                self._farm = replace(self._farm, settings_pending=False)
                self._changed = True
                self._done.append(step)

    def _activate(self, step: Step) -> None:
        email, password = self._wanted.account_email or "", self._options["account_password"]
        proven, released = self._gate.is_accepted(email), False
        with self._gate.attempt(email, self._label) as permit:
            try:
                self._send_activation(email, password, permit)
            except VendorRefused as exc:
                if exc.code != "activation_refused" or not self._options["release_previous"]:
                    raise
                why_not = self._why_not_release(proven)
                if why_not:
                    raise RasError(
                        exc.code, f"{exc.message} release_previous was not used: {why_not}.", observed=exc.observed
                    ) from exc
                self._release_and_activate(email, password, permit, exc)
                released = True
            self._changed = True
            self._done.append(step)
            self._settle(partial(judge_activation, released=released), self._shows_activation, permit)

    def _why_not_release(self, proven: bool) -> str | None:
        """Why the farm is not released from its account; None when it may be.

        :param proven: whether the wanted account was accepted for another farm in this run.
        """
        previous, observed = self._options["previous_account_email"], self._before.account_email
        if self._plan.account_match != "mismatch":
            return "the farm does not report another account to be released from"
        if compare_account(observed, previous) != "match":
            return f"previous_account_email is {previous}, but the farm is activated with {observed}"
        if not proven:
            return "it waits until the account was accepted for another farm in this run"
        return None

    def _send_activation(self, email: str, password: str, permit: AccountPermit) -> None:
        key = self._wanted.license_key
        attempt = Attempt("activate", email, self._options["organization"], key)
        self._send(lambda: self._backend.activate(email, password, key), self._shows_activation, permit, attempt)

    def _send_deactivation(self, email: str, password: str, permit: AccountPermit) -> None:
        attempt = Attempt("deactivate", email, self._options["organization"])
        self._send(lambda: self._backend.deactivate(email, password), self._shows_deactivation, permit, attempt)

    def _shows_activation(self, now: License) -> bool:
        return proves_activation(self._before, now, self._wanted)

    def _shows_deactivation(self, now: License) -> bool:
        return self._before.paid and now.is_free

    def _send(
        self,
        write: t.Callable[[], None],
        proven: t.Callable[[License], bool],
        permit: AccountPermit,
        attempt: Attempt,
    ) -> None:
        """One write to the vendor; the permit records how it ended, and a failure says what it was made with."""
        try:
            self._send_once(write, proven, permit)
        except RasError as exc:
            attempt.name_in(exc)
            raise

    def _send_once(
        self, write: t.Callable[[], None], proven: t.Callable[[License], bool], permit: AccountPermit
    ) -> None:
        sent, self._sent = self._sent, True
        try:
            write()
        except WriteOutcomeUnknown as lost:
            self._find_out(lost, proven)
            permit.accepted()
        except NotSent:
            self._sent = sent
            permit.not_sent()
            raise
        except RasError as exc:
            # A rate limit has not looked at the request, as far as anybody knows: a second one ends the matter.
            if exc.code == "rate_limited" or (isinstance(exc, VendorRefused) and exc.farm_fault):
                permit.harmless()
            else:
                # The code only: the vendor's text may quote this farm's secrets, and other farms repeat the reason.
                permit.stop(f"it was refused, or may have been ({exc.code})")
            raise
        else:
            permit.answered()

    def _release_and_activate(self, email: str, password: str, permit: AccountPermit, refused: VendorRefused) -> None:
        """Give the license back under the previous account, then activate: if the second half fails, the farm has no
        license. That is why its failure is in capitals."""
        previous = self._options["previous_account_email"]
        with self._gate.attempt(previous, self._label) as previous_permit:
            self._released = True
            self._send_deactivation(previous, self._options["previous_account_password"], previous_permit)
            previous_permit.accepted()
        self._changed = True
        self._done.append(
            Step("deactivate", f"the farm was released from {previous}, because the vendor refused: {refused.message}")
        )
        try:
            self._send_activation(email, password, permit)
        except RasError as exc:
            has = "MAY HAVE" if exc.code == "outcome_unknown" else "HAS"
            raise RasError(
                "left_unlicensed",
                f"THE FARM {has} NO LICENSE NOW. It was released from {previous}, and the activation under {email} "
                f"failed: {exc.message}",
                observed=exc.as_dict(),
            ) from exc

    def _deactivate(self, step: Step) -> None:
        email = self._wanted.account_email or ""
        with self._gate.attempt(email, self._label) as permit:
            self._send_deactivation(email, self._options["account_password"], permit)
            self._changed = True
            self._done.append(step)
            self._settle(judge_deactivation, self._shows_deactivation, permit)

    # -- verify ----------------------------------------------------------------------------------------------------

    def _find_out(self, lost: WriteOutcomeUnknown, proven: t.Callable[[License], bool]) -> None:
        """After a lost answer: a fresh session, and reads until the license proves that the write took effect.

        :raises WriteOutcomeUnknown: when nothing proves it.
        """
        self._changed = True  # the opposite is never proven
        try:
            self._backend.close()
            for now in self._readings(reopen=True):
                if proven(now):
                    remedy = (
                        "None: the license was read again in a fresh session and shows that the change took effect."
                    )
                    self._plan.findings.append(Finding("answer_lost", "info", "an answer", lost.message, remedy))
                    return
        except RasError as exc:
            raise WriteOutcomeUnknown(
                f"{lost.message} Reading again failed: {exc.message}", observed=exc.as_dict()
            ) from exc
        shown = self._after.summary() if self._after else None
        raise WriteOutcomeUnknown(
            f"{lost.message} The license was read again in a fresh session and does not show the change: observed "
            f"{self._after.status if self._after else 'nothing'}.",
            remedy=lost.remedy,
            observed={"before": self._before.summary(), "after": shown},
        ) from lost

    def _settle(
        self,
        judge: t.Callable[[License, License, Wanted], Verdict],
        proven: t.Callable[[License], bool],
        permit: AccountPermit,
    ) -> None:
        """Read until the farm shows what was written; only that proves that the vendor accepted the account.

        :raises RasError: ``not_confirmed`` or ``worse_than_before``.
        """
        verdict = Verdict()
        try:
            for now in self._readings():
                if proven(now):
                    permit.accepted()
                verdict = judge(self._before, now, self._wanted)
                if verdict.settled:
                    return
                if verdict.worse:
                    break
        except RasError as exc:
            raise RasError(
                "not_confirmed",
                f"The vendor accepted the change, but reading the license again failed: {exc.message}",
                observed=exc.as_dict(),
            ) from exc
        shown = self._after.summary() if self._after else None
        if verdict.worse:
            raise RasError(
                "worse_than_before",
                f"The farm is worse off than before: {'; '.join(verdict.worse)}.",
                observed={"before": self._before.summary(), "after": shown},
            )
        raise RasError(
            "not_confirmed",
            f"The vendor accepted the change, but within {self._options['settle_timeout']} s the farm does not show "
            "it: "
            f"{'; '.join(verdict.missing)}.",
            observed={"before": self._before.summary(), "after": shown},
        )

    def _readings(self, *, reopen: bool = False) -> t.Iterator[License]:
        """The license at growing intervals until settle_timeout; at least once.

        :param reopen: log on before the first.
        :raises RasError: when the last of them failed, or one failed in a way that will not pass.
        """
        ends_at = time.monotonic() + self._options["settle_timeout"]
        number = 0
        while True:
            failed: RasError | None = None
            try:
                if reopen:
                    self._backend.open()
                    reopen = False
                now = self._read()
            except RasError as exc:
                failed = exc
            else:
                self._after = now
                yield now
            wait = _POLL_SECONDS[min(number, len(_POLL_SECONDS) - 1)]
            is_last = time.monotonic() + wait > ends_at
            if failed and (is_last or failed.code not in _PASSING):
                raise failed
            if is_last:
                return
            time.sleep(wait)
            number += 1

    # -- result ----------------------------------------------------------------------------------------------------

    @property
    def _label(self) -> str:
        return self._farm.name or self._options["api_url"]

    def _result(self, failure: RasError | None, check_mode: bool) -> dict[str, t.Any]:
        plan = self._plan
        match, evidence = plan.account_match, plan.account_evidence
        if self._after is not None:
            settled = plan_license(self._after, self._farm, self._wanted)
            match, evidence, plan.key_match = settled.account_match, settled.account_evidence, settled.key_match
            if evidence != "reported" and failure is None and self._wanted.state == "present":
                match, evidence = "match", "activated_now"
            # Of what the license says now, not of what it said before the change.
            plan.findings = [each for each in plan.findings if each.rule not in LICENSE_RULES]
            plan.findings += license_findings(self._after)
        after = self._after.summary() if self._after else plan.after if check_mode and failure is None else plan.before
        result: dict[str, t.Any] = {
            "changed": bool(plan.steps) and failure is None if check_mode else self._changed,
            "account_match": match,
            "account_evidence": evidence,
            "key_match": plan.key_match,
            "license": (self._after or self._before).as_dict(self._today),
            "farm": self._farm.as_dict(),
            "findings": plan.findings,
            "steps": [step.as_dict() for step in (plan.steps if check_mode else self._done)],
            "diff": {"before": plan.before, "after": after},
        }
        if failure is not None:
            result["failure"] = failure
        return result
