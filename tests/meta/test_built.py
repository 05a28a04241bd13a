# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published works alone: built, and stripped to the folders that the collection needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import typing as t
from pathlib import Path

import pytest
import yaml

from harness.rhythm import effects
from harness.runner import Runner
from harness.worlds import ACTIVE, NONE, world
from meta.repo import ansible_doc, BIN, CALLBACKS, FILTERS, INVENTORIES, MODULES, ROOT, tracked_files
from raslab.testing import Lab

NEEDED: t.Final = {"meta", "plugins", "roles", "playbooks", "MANIFEST.json", "FILES.json"}
# What stays at home: useful in a checkout only, and by far the larger part.
AT_HOME: t.Final = {"tests/lab", "tests/unit", "tests/scenarios", "tests/meta", "tests/mutants", "tests/tools", ".ci"}


@pytest.fixture(scope="module", name="unpacked")
def _unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built collection, unpacked: it is built out of what git knows, as the release is."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    for name in tracked_files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name, follow_symlinks=False)
    command: list[str | Path] = [BIN / "ansible-galaxy", "collection", "build", "--output-path", folder, source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (tarball,) = folder.glob("fleetops-parallels_ras-*.tar.gz")
    unpacked = folder / "collections" / "ansible_collections" / "fleetops" / "parallels_ras"
    unpacked.mkdir(parents=True)
    with tarfile.open(tarball) as archive:
        # Python 3.11 knows the filter only in its later releases; the archive is our own.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
        archive.extractall(unpacked)
    return unpacked


@pytest.fixture(scope="module", name="stripped")
def _stripped(unpacked: Path) -> Path:
    """A collections folder with a copy that holds nothing but the needed folders."""
    place = unpacked.parents[3] / "stripped"
    here = place / "ansible_collections" / "fleetops" / "parallels_ras"
    here.mkdir(parents=True)
    for name in sorted(NEEDED):
        source = unpacked / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, here / name)
    return place


def test_what_is_of_use_in_a_checkout_only_stays_at_home(unpacked: Path) -> None:
    assert [name for name in sorted(AT_HOME) if (unpacked / name).exists()] == []
    assert NEEDED <= {path.name for path in unpacked.iterdir()}


def test_it_brings_its_licenses_and_its_readme(unpacked: Path) -> None:
    for name in ("README.md", "LICENSE", "LICENSES/BSD-2-Clause.txt", "LICENSES/GPL-3.0-or-later.txt"):
        assert (unpacked / name).is_file(), name


def test_an_execution_environment_gets_what_the_plugins_need(unpacked: Path) -> None:
    """What ansible-builder reads out of the collection, where it lies among others."""
    command = [sys.executable, "-m", "ansible_builder", "introspect", str(unpacked.parents[2])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    needed = ["jmespath", "olefile>=0.46", "pywinrm>=0.4.3", "urllib3>=1.26"]
    # bindep.txt asks for no package.
    assert yaml.safe_load(done.stdout) == {
        "python": [f"{line}  # from collection fleetops.parallels_ras" for line in needed],
        "system": [],
    }
    meta = yaml.safe_load((unpacked / "meta" / "execution-environment.yml").read_text("utf-8"))
    assert all((unpacked / name).is_file() for name in meta["dependencies"].values())


def test_the_stripped_collection_is_documented(stripped: Path) -> None:
    alone = {"ANSIBLE_COLLECTIONS_PATH": str(stripped), "PYTHONPATH": ""}
    kinds = {"module": MODULES, "filter": FILTERS, "inventory": INVENTORIES, "callback": CALLBACKS}
    for kind, names in kinds.items():
        for said in ansible_doc(kind, names, **alone).values():
            assert said["doc"]["filename"].startswith(str(stripped))


def test_the_stripped_collection_works(stripped: Path, tmp_path: Path) -> None:
    alone = {"ANSIBLE_COLLECTIONS_PATH": str(stripped), "PYTHONPATH": ""}
    farms = {"tokyo": {"license": NONE}, "osaka": {"license": ACTIVE}}
    with Lab(world(farms), tmp_path / "lab") as lab:
        runner = Runner(lab, tmp_path / "runs")
        for check in (True, False):
            done = runner.playbook("fleetops.parallels_ras.activate", "-vv", check=check, env=alone)
            assert done.rc == 0, done.output
            assert str(stripped) in done.output
            assert str(ROOT) + os.sep + "roles" not in done.output
            assert effects(runner) == ({} if check else {"tokyo": ["activated"]})
