# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what the playbooks of the collection say at their end, and give single hosts other variables for one run."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml

from .runner import Run, Runner
from .worlds import ADMIN_PASSWORD, PASSWORD, PREPAID_KEY, PRIVATE_KEY, PRIVATE_PASSWORD, SMALL_KEY, SPLA_KEY

SECRETS: t.Final = (PASSWORD, PRIVATE_PASSWORD, ADMIN_PASSWORD, SPLA_KEY, PREPAID_KEY, SMALL_KEY, PRIVATE_KEY)


def outcomes(run: Run) -> dict[str, dict[str, t.Any]]:
    """Farm -> its record in the table at the end of a playbook.

    :raises AssertionError: when the run did not get as far as the table, or did not show it.
    """
    facts = [each["result"].get("ansible_facts", {}) for each in run.records if "result" in each]
    rows = [row for fact in facts for row in fact.get("__ras_outcomes", [])]
    lines = [each["result"]["msg"] for each in run.records if each.get("task") == "Show all farms"]
    assert rows, f"the run ended without a table\n{run.output[-4000:]}"
    assert len(lines) == 1
    assert [line.split()[0] for line in lines[0][1 : len(rows) + 1]] == [row["farm"] for row in rows]
    return {row["farm"]: row for row in rows}


def states(run: Run) -> dict[str, str]:
    """Farm -> its state in the table, with the failure's code where there is one: ``refused account_mismatch``."""
    return {farm: f"{row['state']} {row['code'] or ''}".strip() for farm, row in outcomes(run).items()}


def preflight_lines(run: Run) -> dict[str, str]:
    """Host -> the line in which preflight says what will be done."""
    return {
        each["host"]: each["result"]["msg"]
        for each in run.records
        if str(each.get("task", "")).endswith("Show what will be done")
    }


def waves(run: Run) -> list[set[str]]:
    """The hosts on which each wave that had hosts sent a change, in the order of the waves."""
    found = []
    for part in re.split(r"^PLAY \[", run.stdout, flags=re.MULTILINE):
        if part.startswith("Wave ") and "(none)" not in part.splitlines()[0]:
            found.append(set(re.findall(r"^changed: \[([^]]+)\]", part, flags=re.MULTILINE)))
    return found


def secrets_in(run: Run, *more: str) -> list[str]:
    """Where a secret of the world is in what a run printed or left in files, without the secret itself.

    :param more: further secrets.
    """
    texts = {"output": run.output, "results": str(run.records)}
    texts.update({str(path): path.read_text(encoding="utf-8", errors="replace") for path in run.files})
    return [
        f"secret {number} in {name}"
        for name, text in texts.items()
        for number, each in enumerate((*SECRETS, *more))
        if each in text
    ]


def overlay(runner: Runner, name: str, hosts: t.Mapping[str, t.Mapping[str, t.Any]]) -> tuple[str, str]:
    """Arguments that add an inventory of host variables for one run, over those of the lab.

    :param name: names the file.
    """
    path = _write(runner, name, {"all": {"hosts": {host: dict(values) for host, values in hosts.items()}}})
    return ("-i", str(path))


def inventory(runner: Runner, name: str, content: t.Mapping[str, t.Any] | None) -> Path:
    """An inventory file of its own, far from the lab's group_vars."""
    return _write(runner, name, content)


def _write(runner: Runner, name: str, content: t.Any) -> Path:
    path = runner.folder / "inventories" / name / "hosts.yml"
    path.parent.mkdir(parents=True)
    path.write_text("" if content is None else yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path
