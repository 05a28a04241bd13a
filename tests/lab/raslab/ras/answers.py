# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doubles of scripts hand back: one JSON string, with what was asked for or with an error that has a code."""

from __future__ import annotations

import json
from typing import Any

from raslab.powershell.scripts import Ended


class Coded(Exception):
    """``Stop-WithCode`` of the scripts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def answer(data: dict[str, Any], changed: bool = False) -> Ended:
    """What a script hands back: one JSON string."""
    return Ended(json.dumps(data, ensure_ascii=False), changed)


def failure(error: Exception, changed: bool, code: str = "refused") -> Ended:
    """``Write-RasFailure``: ``code`` is that of the step, for what has none of its own."""
    code = error.code if isinstance(error, Coded) else code
    return answer({"ok": False, "error": {"code": code, "message": str(error)}}, changed)
