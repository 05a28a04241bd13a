# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a farm under the table, also where it ended well."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.notes import notes_of


def _finding(rule: str, observed: t.Any, remedy: str = "None.") -> dict[str, t.Any]:
    return {"rule": rule, "severity": "info", "expected": None, "observed": observed, "remedy": remedy}


@pytest.mark.parametrize(
    ("license_result", "agents", "upgrade", "notes"),
    [
        ({}, {}, {}, []),
        ({"findings": [_finding("settings_pending", "staged settings")]}, {"findings": []}, {}, []),
        (
            {"findings": [_finding("rest_unreachable", "connection refused.", "Check api_url.")]},
            {},
            {},
            ["WinRM was used in place of REST: connection refused. Check ras_api_url."],
        ),
        *(
            ({"findings": [_finding(rule, ["type: 9", "x: y"], "Look.")]}, {}, {}, [f"{said}: type: 9, x: y. Look."])
            for rule, said in (
                ("field_unknown", "the license says what is not known"),
                ("date_unreadable", "an end of the license or its support is not known"),
                ("expired", "the license has ended"),
                ("grace_period", "a grace period runs"),
                ("needs_attention", "licensing needs attention"),
            )
        ),
        (
            {"findings": [_finding("answer_lost", "it was sent once")]},
            {},
            {},
            ["the answer to a change was lost, and the license, read again, shows the change: it was sent once. None."],
        ),
        (
            {},
            {"findings": [_finding("agent_restart_due", {"rds1": "RebootPending"})], "restart_due": ["rds1"]},
            {},
            ["a restart is pending: rds1 (RebootPending). None."],
        ),
        (
            {},
            {"restart_due": ["rds1", "rds2"]},
            {},
            ["a restart is pending: rds1, rds2. The new version is there and waits for it."],
        ),
        (
            {},
            {},
            {"checks": {"pending_reboot": {"state": "warning", "observed": "a restart is pending"}}},
            ["on the licensing server, a restart is pending."],
        ),
        ({}, {}, {"checks": {"pending_reboot": {"state": "ok", "observed": "none"}}}, []),
    ],
)
def test_notes(
    license_result: dict[str, t.Any], agents: dict[str, t.Any], upgrade: dict[str, t.Any], notes: list[str]
) -> None:
    assert notes_of(license_result, agents, upgrade) == notes


def test_a_foreign_text_is_one_harmless_line_and_said_once() -> None:
    findings = [_finding("powershell_wrote", "##vso[task.complete]\n" + "x" * 2000)] * 2
    (note,) = notes_of({"findings": findings}, {}, {})
    assert note.isprintable()
    assert len(note) <= 600
    assert "##vso[" not in note
