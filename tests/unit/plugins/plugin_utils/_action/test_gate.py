# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates between the parallel workers of a run, with real forked processes."""

from __future__ import annotations

import os
import pathlib
import stat
import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action import ledger
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.gate import (
    AccountGate,
    AccountPermit,
    LogonGate,
)
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import EMAIL, PRIVATE_EMAIL
from ansible_collections.fleetops.parallels_ras.tests.unit.support.workers import (
    barrier,
    Diary,
    event,
    HANG_GUARD_SECONDS,
    QUIET_SECONDS,
    Worker,
)

Verdict = t.Callable[[AccountPermit], None]


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> str:
    """The folder of one run."""
    path = tmp_path / "run"
    path.mkdir(mode=0o700)
    return str(path)


@pytest.fixture
def diary(tmp_path: pathlib.Path) -> Diary:
    """What happened, in order."""
    return Diary(tmp_path / "diary")


def _attempt(folder: str, verdict: Verdict | None = None, email: str = EMAIL, farm: str = "tokyo") -> None:
    with AccountGate(folder).attempt(email, farm) as permit:
        if verdict:
            verdict(permit)


def _code(call: t.Callable[[], None]) -> str | None:
    try:
        call()
    except RasError as exc:
        return exc.code
    return None


class TestAccount:
    """One wrong password, never N."""

    def _run_behind_a_pilot(self, folder: str, diary: Diary, verdict: Verdict) -> list[str]:
        """One worker holds its attempt open until five others wait at the gate; then it ends it with a verdict."""
        inside, go = event(), event()
        waiting, entered = [event() for _number in range(5)], event()

        def pilot() -> None:
            with AccountGate(folder).attempt(EMAIL, "pilot") as permit:
                inside.set()
                assert go.wait(HANG_GUARD_SECONDS)
                verdict(permit)
                diary.note("pilot leaves")

        def other(number: int) -> None:
            waiting[number].set()
            with AccountGate(folder).attempt(EMAIL, f"farm {number}") as permit:
                entered.set()
                diary.note("other enters")
                permit.accepted()

        first = Worker(diary, "pilot", pilot)
        assert inside.wait(HANG_GUARD_SECONDS)
        others = [Worker(diary, "other", lambda number=number: other(number)) for number in range(5)]  # type: ignore[misc]
        assert all(each.wait(HANG_GUARD_SECONDS) for each in waiting)
        assert not entered.wait(QUIET_SECONDS)
        go.set()
        for worker in (first, *others):
            worker.join()
        return diary.lines

    def test_others_wait_for_the_pilot_and_follow_when_it_was_accepted(self, folder: str, diary: Diary) -> None:
        lines = self._run_behind_a_pilot(folder, diary, lambda permit: permit.accepted())
        assert lines == ["pilot leaves"] + ["other enters"] * 5

    def test_nobody_else_tries_after_a_refusal(self, folder: str, diary: Diary) -> None:
        lines = self._run_behind_a_pilot(folder, diary, lambda permit: permit.stop("the vendor said no"))
        assert lines == ["pilot leaves"] + ["other not_tried"] * 5

    def test_nobody_else_tries_when_it_is_not_known_how_the_attempt_ended(self, folder: str, diary: Diary) -> None:
        lines = self._run_behind_a_pilot(folder, diary, lambda permit: None)
        assert lines == ["pilot leaves"] + ["other not_tried"] * 5

    def test_the_next_is_the_pilot_after_a_failure_of_the_farms_own(self, folder: str, diary: Diary) -> None:
        lines = self._run_behind_a_pilot(folder, diary, lambda permit: permit.harmless())
        assert lines == ["pilot leaves"] + ["other enters"] * 5

    def test_a_killed_pilot_stops_the_others(self, folder: str, diary: Diary) -> None:
        inside = event()

        def pilot() -> None:
            with AccountGate(folder).attempt(EMAIL, "pilot"):
                inside.set()
                event().wait(HANG_GUARD_SECONDS)

        first = Worker(diary, "pilot", pilot)
        assert inside.wait(HANG_GUARD_SECONDS)
        other = Worker(diary, "other", lambda: _attempt(folder))
        first.kill()
        other.join()
        assert diary.lines == ["other not_tried"]

    def test_once_accepted_many_may_be_inside_together(self, folder: str, diary: Diary) -> None:
        _attempt(folder, lambda permit: permit.accepted())
        together = barrier(3)

        def work() -> None:
            with AccountGate(folder).attempt(EMAIL, "farm") as permit:
                together.wait()
                permit.accepted()
                diary.note("left")

        workers = [Worker(diary, "worker", work) for _number in range(3)]
        for worker in workers:
            worker.join()
        assert diary.lines == ["left"] * 3

    def test_a_refusal_after_others_were_accepted_stops_the_rest(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.accepted())
        assert AccountGate(folder).is_accepted(EMAIL)
        _attempt(folder, lambda permit: permit.stop("locked"))
        assert not AccountGate(folder).is_accepted(EMAIL)
        assert _code(lambda: _attempt(folder)) == "not_tried"

    def test_an_exception_in_an_attempt_that_said_nothing_stops_the_others(self, folder: str) -> None:
        def crash(permit: AccountPermit) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            _attempt(folder, crash)
        assert _code(lambda: _attempt(folder)) == "not_tried"

    def test_a_second_refusal_stops_all_whatever_it_says(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.harmless(), farm="tokyo")
        _attempt(folder, lambda permit: permit.harmless(), farm="osaka")
        with pytest.raises(RasError, match="osaka") as caught:
            _attempt(folder)
        assert caught.value.code == "not_tried"

    def test_what_was_never_sent_is_no_refusal(self, folder: str) -> None:
        for _number in range(3):
            _attempt(folder, lambda permit: permit.not_sent())
        assert not AccountGate(folder).is_accepted(EMAIL)
        _attempt(folder, lambda permit: permit.harmless())
        assert _code(lambda: _attempt(folder, lambda permit: permit.not_sent())) is None

    def test_an_answer_that_the_license_does_not_show_is_no_acceptance(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.answered())
        assert _code(lambda: _attempt(folder)) == "not_tried"

    @pytest.mark.parametrize("verdict", ["harmless", "answered"])
    def test_once_accepted_what_is_the_farms_own_stops_nobody(self, folder: str, verdict: str) -> None:
        _attempt(folder, lambda permit: permit.accepted())
        for _number in range(3):
            _attempt(folder, lambda permit: getattr(permit, verdict)())
        assert AccountGate(folder).is_accepted(EMAIL)

    def test_after_a_harmless_failure_the_account_is_not_yet_accepted(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.harmless())
        assert not AccountGate(folder).is_accepted(EMAIL)
        _attempt(folder, lambda permit: permit.accepted())
        _attempt(folder, lambda permit: permit.harmless())
        assert AccountGate(folder).is_accepted(EMAIL)

    def test_nothing_is_accepted_at_first(self, folder: str) -> None:
        assert not AccountGate(folder).is_accepted(EMAIL)

    def test_the_same_account_in_other_letters_is_the_same(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.stop("no"))
        assert _code(lambda: _attempt(folder, email=f" {EMAIL.upper()} ")) == "not_tried"

    def test_another_account_is_not_concerned(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.stop("no"))
        assert _code(lambda: _attempt(folder, lambda permit: permit.accepted(), email=PRIVATE_EMAIL)) is None

    def test_another_run_is_not_concerned(self, folder: str, tmp_path: pathlib.Path) -> None:
        _attempt(folder, lambda permit: permit.stop("no"))
        (tmp_path / "other").mkdir()
        assert _code(lambda: _attempt(str(tmp_path / "other"))) is None

    def test_the_refusal_names_the_account_the_farm_and_the_reason(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.stop("the vendor answered: no"), farm="osaka")
        with pytest.raises(RasError) as caught:
            _attempt(folder)
        for part in (EMAIL, "osaka", "the vendor answered: no"):
            assert part in caught.value.message

    def test_nothing_of_the_account_is_in_the_names_of_files_and_only_the_owner_reads_them(self, folder: str) -> None:
        _attempt(folder, lambda permit: permit.accepted())
        (name,) = os.listdir(folder)
        assert "licensing" not in name
        assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600

    def test_a_turn_that_never_comes_is_not_tried(
        self, folder: str, diary: Diary, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inside, go = event(), event()

        def pilot() -> None:
            with AccountGate(folder).attempt(EMAIL, "pilot") as permit:
                inside.set()
                assert go.wait(HANG_GUARD_SECONDS)
                permit.accepted()

        first = Worker(diary, "pilot", pilot)
        assert inside.wait(HANG_GUARD_SECONDS)
        monkeypatch.setattr(ledger, "_WAIT_SECONDS", 0.05)
        assert _code(lambda: _attempt(folder)) == "not_tried"
        go.set()
        first.join()


class TestLogon:
    """At most two farms see a wrong RAS administrator password."""

    @staticmethod
    def _logon(folder: str, farm: str, verdict: str | None, user: str = "svc", password: str = "one") -> None:
        with LogonGate(folder, password)(farm, user, lambda: None) as permit:
            if verdict:
                getattr(permit, verdict)()

    def test_a_hundred_farms_with_a_wrong_password_two_see_it(self, folder: str, diary: Diary) -> None:
        start = barrier(20)

        def work(first: int) -> None:
            start.wait()
            for number in range(first, first + 5):
                try:
                    with LogonGate(folder, "wrong")(f"https://farm{number}", "svc", lambda: None) as permit:
                        diary.note("seen")
                        permit.rejected()
                except RasError as exc:
                    diary.note(exc.code)

        workers = [Worker(diary, "worker", lambda first=first: work(first)) for first in range(0, 100, 5)]  # type: ignore[misc]
        for worker in workers:
            worker.join()
        assert sorted(diary.lines) == ["not_tried"] * 98 + ["seen"] * 2

    def test_a_farm_that_rejected_is_not_asked_again(self, folder: str) -> None:
        self._logon(folder, "https://a", "rejected")
        assert _code(lambda: self._logon(folder, "https://a", "accepted")) == "not_tried"
        assert _code(lambda: self._logon(folder, "https://b", "accepted")) is None

    def test_a_farm_of_its_own_mind_does_not_stop_the_others(self, folder: str) -> None:
        self._logon(folder, "https://a", "accepted")
        self._logon(folder, "https://b", "rejected")
        assert _code(lambda: self._logon(folder, "https://c", "accepted")) is None

    def test_two_rejections_stop_also_after_others_accepted(self, folder: str) -> None:
        self._logon(folder, "https://a", "accepted")
        for farm in ("https://b", "https://c"):
            self._logon(folder, farm, "rejected")
        with pytest.raises(RasError) as caught:
            self._logon(folder, "https://d", "accepted")
        assert caught.value.code == "not_tried"
        for part in ("svc", "https://b", "https://c"):
            assert part in caught.value.message

    @pytest.mark.parametrize(
        "user", ["SVC", " svc", "svc@corp.example.com", "Svc@CORP", "CORP\\svc", "corp.local\\SVC"]
    )
    def test_one_account_has_many_names(self, folder: str, user: str) -> None:
        for farm in ("https://a", "https://b"):
            self._logon(folder, farm, "rejected")
        assert _code(lambda: self._logon(folder, "https://c", "accepted", user, "one")) == "not_tried"

    @pytest.mark.parametrize(("user", "password"), [("svc", "two"), ("other", "one")])
    def test_another_name_or_password_is_not_concerned(self, folder: str, user: str, password: str) -> None:
        for farm in ("https://a", "https://b"):
            self._logon(folder, farm, "rejected")
        assert _code(lambda: self._logon(folder, "https://c", "accepted", user, password)) is None

    def test_a_logon_that_ended_otherwise_counts_for_nothing(self, folder: str) -> None:
        for number in range(5):
            self._logon(folder, f"https://{number}", None)
        assert _code(lambda: self._logon(folder, "https://x", "accepted")) is None

    def test_what_nothing_explains_is_a_rejection(self, folder: str) -> None:
        for farm in ("https://a", "https://b"):
            self._logon(folder, farm, "unclear")
        assert _code(lambda: self._logon(folder, "https://c", "accepted")) == "not_tried"

    def test_once_a_farm_accepted_only_plain_rejections_count(self, folder: str) -> None:
        """Two farms with a broken service must not end the look at three thousand others."""
        self._logon(folder, "https://a", "accepted")
        for number in range(5):
            self._logon(folder, f"https://{number}", "unclear")
        assert _code(lambda: self._logon(folder, "https://x", "accepted")) is None

    def test_others_wait_for_the_first_logon(self, folder: str, diary: Diary) -> None:
        inside, go, entered = event(), event(), event()

        def pilot() -> None:
            with LogonGate(folder, "one")("https://a", "svc", lambda: None) as permit:
                inside.set()
                assert go.wait(HANG_GUARD_SECONDS)
                diary.note("pilot leaves")
                permit.accepted()

        def other() -> None:
            with LogonGate(folder, "one")("https://b", "svc", lambda: None) as permit:
                entered.set()
                diary.note("other enters")
                permit.accepted()

        first = Worker(diary, "pilot", pilot)
        assert inside.wait(HANG_GUARD_SECONDS)
        second = Worker(diary, "other", other)
        assert not entered.wait(QUIET_SECONDS)
        go.set()
        first.join()
        second.join()
        assert diary.lines == ["pilot leaves", "other enters"]

    def test_a_farm_that_is_down_is_found_out_before_others_are_made_to_wait(self, folder: str) -> None:
        def down() -> None:
            # While this farm is found to be down, another one can log on.
            self._logon(folder, "https://b", "accepted")
            raise RasError("api_unreachable", "down")

        with pytest.raises(RasError) as caught, LogonGate(folder, "one")("https://a", "svc", down):
            pytest.fail("entered")
        assert caught.value.code == "api_unreachable"

    def test_once_accepted_nobody_probes_and_many_are_inside(self, folder: str) -> None:
        self._logon(folder, "https://a", "accepted")

        def probe() -> None:
            pytest.fail("probed")

        gate = LogonGate(folder, "one")
        with gate("https://b", "svc", probe) as one, gate("https://c", "svc", probe) as two:
            one.accepted()
            two.rejected()

    def test_the_password_is_in_no_file_and_no_name(self, folder: str) -> None:
        self._logon(folder, "https://a", "rejected", password="plain-enough")
        for name in os.listdir(folder):
            assert "plain" not in name
            assert "plain" not in pathlib.Path(folder, name).read_text()
