# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that restarts and stays down until another farm of its wave has ended: each farm goes at its own pace."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from held import expect

from raslab.testing import Lab

_ENDED = "Record that the farm ended well"
# Seconds between two looks; and after how many the host is switched on whatever happened, so that nothing hangs.
_PAUSE, _PATIENCE = 0.2, 240.0


class SlowRestart:
    """While it is entered, the host of a farm that restarts is switched on as soon as another farm has ended.

    Args:
        lab: The running lab.
        farm: The farm whose licensing server restarts.
        record: The file in which the run records its results.
    """

    def __init__(self, lab: Lab, farm: str, record: Path) -> None:
        self._lab = lab
        self._farm = farm
        self._host = f"cb1.{farm}.example.com"
        self._record = record
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> SlowRestart:
        self._lab.add_fault(self._farm, on="install", kind="msiexec", code=3010)
        self._lab.add_fault(self._farm, on="restart", kind="restart_never_ends")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._lab.clear_faults(self._farm)

    def hold(self) -> str:
        """The farm that had ended while the host was down.

        Raises:
            Failed: There was none: the farms waited for each other.
        """
        journal = self._lab.journal()
        (restart,) = [each["seq"] for each in journal if (each["farm"], each["op"]) == (self._farm, "restart")]
        back = min(each["seq"] for each in journal if each["farm"] == self._farm and each["seq"] > restart)
        began = {each["farm"] for each in journal if each["op"] == "install" and restart > each["seq"]}
        last: dict[str, int] = {}
        for each in journal:
            if each["effect"] in ("installed", "logon", "logoff"):
                last[each["farm"]] = each["seq"]
        ended = sorted(farm for farm, seq in last.items() if farm in began and restart < seq < back)
        expect("farms that ended while a host of another one was down", True, bool(ended))
        return ended[0]

    def _watch(self) -> None:
        before: set[str] | None = None
        for _look in range(int(_PATIENCE / _PAUSE)):
            if self._over.wait(_PAUSE):
                break
            ended = self._ended()
            if before is None:
                is_down = self._lab.journal(self._farm, "restart") != []
                before = ended if is_down else None
            elif ended - before:
                break
        self._lab.patch_windows(self._farm, self._host, power="on")

    def _ended(self) -> set[str]:
        """The hosts of the farms that have ended."""
        if not self._record.exists():
            return set()
        results = [_read(line) for line in self._record.read_text(encoding="utf-8").splitlines()]
        return {each["host"] for each in results if each.get("task", "").endswith(_ENDED) and each["kind"] == "ok"}


def _read(line: str) -> dict[str, Any]:
    """A result; none where the line is still being written."""
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return found
