# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collections that the tests see: this checkout through a link, and the pinned ansible.windows."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

from paths import CACHE, COLLECTION_PATH, COLLECTIONS, LOCKS, ROOT
from runner import Argv, Log, StepFailed
from venvs import file_sha256, only_one, pip_env, Venv

GALAXY = "https://galaxy.ansible.com/api/"
GALAXY_SECONDS = 5
_WINDOWS = "ansible_collections/ansible/windows"


@dataclass(frozen=True)
class Pin:
    """One entry of ``tests/locks/collections.json``.

    ``manifest_sha256`` covers the whole collection, wherever it came from: MANIFEST.json holds the hash of FILES.json,
    which holds the hash of every file.
    """

    version: str
    manifest_sha256: str
    wheel: str
    wheel_sha256: str


def pin(version: str) -> Pin:
    """Return the pin of a version of ansible.windows.

    Raises:
        KeyError: The version is not pinned.
    """
    return Pin(version, **json.loads((LOCKS / "collections.json").read_text())["ansible.windows"][version])


def link_checkout() -> None:
    """Make the checkout importable as an Ansible collection, wherever it lies."""
    link = COLLECTIONS / COLLECTION_PATH
    target = os.path.relpath(ROOT, link.parent)
    if link.is_symlink() and os.readlink(link) == target:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    with only_one("collections"):
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def windows(log: Log, venv: Venv, version: str) -> Path:
    """Make sure that a pinned version of ansible.windows is there.

    It comes from the Galaxy where that answers at once, else out of the PyPI wheel of the package ``ansible``.

    Args:
        log: The step's log.
        venv: An environment with ansible-core and pip, on a Python that the wheel supports.
        version: The version.

    Returns:
        The folder to name in ``ANSIBLE_COLLECTIONS_PATH``.

    Raises:
        StepFailed: Neither source gave it, or what came is not what is pinned.
    """
    wanted = pin(version)
    place = CACHE / f"collections-{version}"
    with only_one(f"collections-{version}"):
        manifest = place / _WINDOWS / "MANIFEST.json"
        if manifest.exists() and file_sha256(manifest) == wanted.manifest_sha256:
            return place
        shutil.rmtree(place, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="collections-") as folder:
            fresh = Path(folder)
            if not (_galaxy_answers(log) and _from_galaxy(log, venv, wanted, fresh)):
                _from_wheel(log, venv, wanted, fresh)
            _verify(fresh / _WINDOWS, wanted)
            # Moved into place only when whole: a stopped run leaves nothing that looks right.
            place.mkdir()
            (fresh / "ansible_collections").rename(place / "ansible_collections")
    return place


def _galaxy_answers(log: Log) -> bool:
    try:
        with urllib.request.urlopen(GALAXY, timeout=GALAXY_SECONDS) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError) as error:
        log.write(f"{GALAXY} does not answer ({error}): taking ansible.windows out of the PyPI wheel")
        return False


def _from_galaxy(log: Log, venv: Venv, wanted: Pin, fresh: Path) -> bool:
    argv: Argv = [venv.bin / "ansible-galaxy", "collection", "install", f"ansible.windows:=={wanted.version}"]
    env = {**pip_env(), "HOME": str(fresh), "LC_ALL": "C.UTF-8"}
    try:
        log.run([*argv, "-p", fresh, "--no-deps", "--timeout", str(GALAXY_SECONDS * 6)], env=env, limit=120)
    except StepFailed as failure:
        log.write(f"the Galaxy did not deliver ({failure}): taking ansible.windows out of the PyPI wheel")
        shutil.rmtree(fresh / "ansible_collections", ignore_errors=True)
        return False
    return True


def _from_wheel(log: Log, venv: Venv, wanted: Pin, fresh: Path) -> None:
    requirement = fresh / "wheel.txt"
    requirement.write_text(f"{wanted.wheel} --hash=sha256:{wanted.wheel_sha256}\n")
    pip: Argv = [venv.bin / "python", "-I", "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-input"]
    log.run([*pip, "--no-deps", "--require-hashes", "-r", requirement, "-d", fresh], env=pip_env())
    (wheel,) = fresh.glob("ansible-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(fresh, [name for name in archive.namelist() if name.startswith(_WINDOWS + "/")])
    wheel.unlink()


def _verify(folder: Path, wanted: Pin) -> None:
    manifest = folder / "MANIFEST.json"
    if not manifest.exists() or file_sha256(manifest) != wanted.manifest_sha256:
        raise StepFailed(f"ansible.windows {wanted.version}: MANIFEST.json is not the pinned one")
    entry = json.loads(manifest.read_text())["file_manifest_file"]
    files = folder / entry["name"]
    if file_sha256(files) != entry["chksum_sha256"]:
        raise StepFailed(f"ansible.windows {wanted.version}: {entry['name']} is not the one of MANIFEST.json")
    known = {item["name"]: item["chksum_sha256"] for item in json.loads(files.read_text())["files"]}
    # The wheel leaves tests out, so a listed file may be missing; an unlisted or changed one may not be there.
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path not in (manifest, files)):
        name = path.relative_to(folder).as_posix()
        if known.get(name) != hashlib.sha256(path.read_bytes()).hexdigest():
            raise StepFailed(f"ansible.windows {wanted.version}: {name} is not what the collection was published with")
