# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An empty folder with a running lab, in which the commands of a page are typed as a reader would type them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import typing as t
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from meta.repo import BIN, COLLECTION
from raslab.testing import Lab

HANG_SECONDS = 300


class Sandbox:
    """A folder, and the shell of a reader in it: exported variables live on from one command to the next.

    ``addresses`` holds the address of each host of the lab, for files in which a name would have to be resolved.
    """

    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        self.addresses: dict[str, str] = {}
        self._exports = state / "exports.sh"
        self._exports.touch()
        self._home = state / "home"
        self._home.mkdir()

    def write(self, name: str, text: str) -> None:
        """Make a file as an editor would."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_with_addresses(self, name: str, text: str) -> None:
        """Make a file in which the hosts in URLs are replaced by their addresses: the lab has no name server."""
        for host, address in self.addresses.items():
            text = text.replace(f"https://{host}:", f"https://{address}:")
        self.write(name, text)

    def run(self, script: str, *, language: str = "bash", stdin: str = "") -> tuple[int, str]:
        """Type commands.

        Args:
            script: What is typed, or a Python program.
            language: ``python`` for a program, anything else for bash.
            stdin: What is answered to questions. There is no terminal.

        Returns:
            The exit code, and all output.
        """
        if language == "python":
            command = [sys.executable, "-c", script]
        else:
            kept = f"trap 'export -p > {self._exports}' EXIT\n. {self._exports}\n"
            command = ["bash", "-e", "-o", "pipefail", "-c", kept + script]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._env(),
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=HANG_SECONDS,
            check=False,
            start_new_session=True,
        )
        return done.returncode, done.stdout

    def _env(self) -> dict[str, str]:
        """A reader's shell in the activated main lane: nothing of this machine's own settings for Ansible."""
        kept = {name: os.environ[name] for name in ("PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH") if name in os.environ}
        return {
            **kept,
            "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
            "HOME": str(self._home),
        }


@contextlib.contextmanager
def beside_a_lab(folder: Path, world: Mapping[str, t.Any]) -> Iterator[Sandbox]:
    """An empty sandbox whose hosts are in a lab: their addresses and authority are in host_vars, and nothing else.

    The certificate of their authority lies in it as ca.pem, for what cannot read host_vars.
    """
    with Lab(world, folder / "lab") as lab:
        sandbox = Sandbox(_new(folder / "sandbox"), _new(folder / "state"))
        sandbox.write("ca.pem", lab.ca_path.read_text("utf-8"))
        for group in yaml.safe_load(lab.inventory.read_text("utf-8"))["all"]["children"].values():
            for name, variables in group["hosts"].items():
                sandbox.addresses[name] = variables["ansible_host"]
                own = {"ansible_host": variables["ansible_host"], "ras_ca_path": str(lab.ca_path)}
                # User and password are the page's own.
                own.update((key, variables[key]) for key in variables if key == "ansible_port" or "_winrm_" in key)
                sandbox.write(f"host_vars/{name}/lab.yml", yaml.safe_dump(own))
        yield sandbox


@contextlib.contextmanager
def inside_a_lab(folder: Path, world: Path) -> Iterator[Sandbox]:
    """A sandbox that is the folder into which a lab wrote its files."""
    with Lab(world, folder / "sandbox") as lab:
        yield Sandbox(lab.dir, _new(folder / "state"))


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def in_check_mode(sandbox: Sandbox, playbook: str) -> tuple[int, str]:
    """What a reader types first with an inventory of his own."""
    return sandbox.run(f"ansible-playbook -i inventory.yml {COLLECTION}.{playbook} --check --diff")
