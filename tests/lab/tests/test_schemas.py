# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of script doubles against the schemas of the scripts: a double says what its script declares, no more."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest

from raslab.modules import arguments
from raslab.modules.call import ModuleCall, NotModeled
from raslab.modules.powershell import win_powershell
from raslab.powershell import schemas, scripts
from winclient import script

_REFUSED: dict[str, Any] = {"ok": False, "error": {"code": "refused", "message": "No."}}
_NAMES = sorted(path.name.removesuffix(".schema.json") for path in schemas.SCRIPTS.glob("*.schema.json"))
_EXPORTED = {"ok": True, "path": "C:\\a.dat2", "size": 3, "sha256": "0" * 64, "removed": [], "not_removed": []}


@pytest.mark.parametrize("name", _NAMES)
def test_every_script_can_fail(name: str) -> None:
    assert schemas.misfit(name, json.dumps(_REFUSED)) is None


@pytest.mark.parametrize("name", _NAMES)
def test_codes_and_further_properties_are_declared(name: str) -> None:
    made_up = json.dumps({"ok": False, "error": {"code": "made_up", "message": "No."}})
    assert schemas.misfit(name, made_up) == f"the answer of {name} does not fit its schema: $.error.code (enum)"
    more = json.dumps({**_REFUSED, "color": "red"})
    assert schemas.misfit(name, more) == (
        f"the answer of {name} does not fit its schema: $ (additionalProperties: color)"
    )


@pytest.mark.parametrize(
    ("name", "answer", "wrong"),
    [
        ("ras_export", _EXPORTED, None),
        ("ras_export", {**_EXPORTED, "size": "3"}, "$.size (type)"),
        ("ras_export", {**_EXPORTED, "sha256": "F" * 64}, "$.sha256 (pattern)"),
        ("ras_export", {"ok": True, "path": "C:\\a.dat2", "size": 3}, "$ (required: sha256, removed, not_removed)"),
        ("ras_export", {}, "$ (required: ok)"),
        ("ras_agents", {"ok": True, "agents": [{"Server": "a", "Id": 1, "IP": None}]}, None),
        ("ras_agents", {"ok": True, "agents": [{"Server": ["a"]}]}, "$.agents[0].Server (type)"),
        ("state_note", {"ok": True, "content": None}, None),
        ("signature", {"ok": True, "status": "Good", "publisher": None, "subject": None}, "$.status (enum)"),
    ],
)
def test_what_fits(name: str, answer: dict[str, Any], wrong: str | None) -> None:
    misfit = schemas.misfit(name, json.dumps(answer))
    assert (misfit is None) if wrong is None else (wrong in str(misfit))


def test_values_are_not_shown() -> None:
    misfit = schemas.misfit("read_tail", json.dumps({"ok": True, "exists": "a secret", "lines": [{"very": "secret"}]}))
    assert "does not fit its schema" in str(misfit)
    assert "secret" not in str(misfit)


def test_no_json_and_no_schema() -> None:
    assert "no JSON string" in str(schemas.misfit("ras_apply", {"ok": True}))
    assert schemas.misfit("unheard_of", "{}") == "the script unheard_of has no schema"


@pytest.mark.parametrize(("result", "is_right"), [('{"ok": true}', True), ('{"ok": true, "also": 1}', False)])
def test_a_wrong_answer_fails_the_module(monkeypatch: pytest.MonkeyPatch, result: str, is_right: bool) -> None:
    """Through win_powershell itself: the answer of a double that says too much is refused, and a problem."""

    async def double(_run: scripts.Run) -> scripts.Ended:
        return scripts.Ended(result)

    monkeypatch.setitem(scripts._DOUBLES, "ras_apply", scripts.Double(double, 2))
    given = {
        "script": script("ras_apply"),
        "parameters": {"Username": "a"},
        "sensitive_parameters": [{"name": "Password", "value": "long enough"}],
    }
    nothing = cast(Any, None)  # the double looks at neither the machine nor the journal
    args = arguments.complete("win_powershell", given)
    call = ModuleCall(nothing, "win_powershell", args, check=False, diff=False, user="a", entry=nothing)
    if is_right:
        assert asyncio.run(win_powershell(call))["result"] == result
    else:
        with pytest.raises(NotModeled, match=r"does not fit its schema: \$ \(additionalProperties: also\)"):
            asyncio.run(win_powershell(call))
