# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutants still fit the files. That tests notice them is proven by tests/mutants/run.py in the full run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from meta.repo import read, ROOT

sys.path.insert(0, str(ROOT / "tests" / "mutants"))
from catalog import load, Mutant, NoMutant

MUTANTS = load()


def test_there_are_enough() -> None:
    assert len(MUTANTS) >= 30


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_its_file(mutant: Mutant) -> None:
    changed = mutant.applied(read(mutant.file))
    if mutant.file.endswith(".yml"):
        assert yaml.safe_load(changed)
    else:
        compile(changed, mutant.file, "exec")
    assert mutant.why.endswith(".")


@pytest.mark.parametrize("suite", sorted({mutant.suite for mutant in MUTANTS}), ids=" ".join)
def test_its_suite_exists(suite: tuple[str, ...]) -> None:
    paths = [word.split("::")[0] for word in suite if word.startswith("tests/")]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_an_old_text_that_does_not_fit_once_is_refused() -> None:
    mutant = Mutant("m", "f", "a", "b", "why.", ("tests",))
    assert mutant.applied("xax") == "xbx"
    for text in ("x", "aa"):
        with pytest.raises(NoMutant):
            mutant.applied(text)


def test_a_name_may_occur_once(tmp_path: Path) -> None:
    entry = {"name": "m", "file": "f", "old": "a", "new": "b", "why": "why.", "suite": "tests/unit -k x"}
    (tmp_path / "one.yml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    assert load(tmp_path)[0].suite == ("tests/unit", "-k", "x")
    (tmp_path / "two.yml").write_text(yaml.safe_dump([entry]), encoding="utf-8")
    with pytest.raises(NoMutant):
        load(tmp_path)
