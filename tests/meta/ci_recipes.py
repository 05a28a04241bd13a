# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the command lines in the recipes of examples/ci, whatever CI system they are written for."""

from __future__ import annotations

import re
import textwrap
import typing as t
from pathlib import Path

from meta.repo import load, read, ROOT

HERE: t.Final = ROOT / "examples" / "ci"
# What a recipe asks of the CI system itself; everything else is the same in all of them.
OF_THE_SYSTEM: t.Final = re.compile(r"\$GITHUB_STEP_SUMMARY|##vso\[|::stop-commands::")
RECIPES: t.Final[dict[str, dict[str, str]]] = {
    "github": {"drift": "github/ras-drift.yml", "rollout": "github/ras-rollout.yml"},
    "gitlab": {"drift": "gitlab/gitlab-ci.yml", "rollout": "gitlab/gitlab-ci.yml"},
    "azure": {"drift": "azure/drift.yml", "rollout": "azure/rollout.yml"},
    "jenkins": {"drift": "jenkins/drift.Jenkinsfile", "rollout": "jenkins/rollout.Jenkinsfile"},
}
# How a reader's secret comes into the environment of a step.
SECRETS: t.Final = {
    "github": "${{ secrets.RAS_VAULT_PASSWORD }}",
    "azure": "$(RAS_VAULT_PASSWORD)",
    "jenkins": "credentials('ras-vault-password')",
}


def steps(system: str, recipe: str) -> list[list[str]]:
    """The command lines of a recipe, step by step in their order."""
    scripts = _FINDERS[system](Path("examples/ci") / RECIPES[system][recipe], recipe)
    found = []
    for script in scripts:
        lines = [line.strip() for line in script.strip().splitlines()]
        kept = [line for line in lines if line and line != "set -e" and not OF_THE_SYSTEM.search(line)]
        if kept:
            found.append(kept)
    return found


def _github(path: Path, _recipe: str) -> list[str]:
    jobs = load(path)["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def _gitlab(path: Path, recipe: str) -> list[str]:
    content = load(path)
    jobs = [job for name, job in content.items() if name.startswith(f"ras-{recipe}")]
    before = "\n".join(content["default"]["before_script"])
    return [script for job in jobs for script in (before, "\n".join(job["script"]))]


def _azure(path: Path, _recipe: str) -> list[str]:
    return list(_scripts(load(path)))


def _scripts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("script"), str):
            yield value["script"]
        for item in value.values():
            yield from _scripts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _scripts(item)


def _jenkins(path: Path, _recipe: str) -> list[str]:
    found = re.findall(r"\bsh (?:'''(.*?)'''|'([^'\n]*)')", read(path), re.DOTALL)
    return [textwrap.dedent(long or short) for long, short in found]


_FINDERS: t.Final[dict[str, t.Callable[[Path, str], list[str]]]] = {
    "github": _github,
    "gitlab": _gitlab,
    "azure": _azure,
    "jenkins": _jenkins,
}
