# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run Ansible with everything written down that it can write down, and look for secrets in all of it."""

from __future__ import annotations

import json
import shutil
import typing as t
from pathlib import Path

from ansible.parsing.vault import VaultLib, VaultSecret

from counts import count
from harness.runner import HERE as HARNESS
from harness.runner import Run, Runner
from leak.canaries import CANARIES, VAULT
from leak.detector import Detector
from raslab.testing import Lab

_HERE = Path(__file__).resolve().parent


class Leaks:
    """A lab full of farms that quote secrets, and a way to run Ansible against it with everything written down."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.runner = Runner(lab, folder, forks=30)
        self._sessions: set[str] = set()
        self._number = 0
        self._encrypt_anew()

    def _encrypt_anew(self) -> None:
        """The lab chooses a plain vault password; ours is as nasty as the rest."""
        vault = self.lab.dir / "group_vars" / "all" / "vault.yml"
        old = VaultSecret(self.lab.vault_password_file.read_bytes().strip())
        plain = VaultLib([("default", old)]).decrypt(vault.read_bytes())
        new = VaultSecret(VAULT.text.encode())
        vault.write_bytes(VaultLib([("default", new)]).encrypt(plain, secret=new))
        self.lab.vault_password_file.write_text(VAULT.text, encoding="utf-8")

    def environment(self, name: str, **more: str) -> tuple[Path, dict[str, str]]:
        """A folder where all that Ansible can write is kept, and the variables that make it so."""
        work = self.folder / f"kept-{name}"
        for part in ("facts", "junit", "tree", "witness"):
            (work / part).mkdir(parents=True)
        return work, {
            "ANSIBLE_CALLBACK_PLUGINS": f"{HARNESS / 'callback_plugins'}:{_HERE / 'callback_plugins'}",
            "ANSIBLE_CALLBACKS_ENABLED": "record,witness,ansible.builtin.junit,ansible.builtin.tree",
            "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(work / "facts"),
            "JUNIT_OUTPUT_DIR": str(work / "junit"),
            "ANSIBLE_CALLBACK_TREE_DIR": str(work / "tree"),
            "ANSIBLE_RETRY_FILES_ENABLED": "1",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": str(work),
            "WITNESS_DIR": str(work / "witness"),
            **more,
        }

    def playbook(
        self, name: str, playbook: str, *args: str, more: t.Mapping[str, str] | None = None, **options: t.Any
    ) -> Run:
        """Run a playbook at -vvvv --diff and look everywhere."""
        work, env = self.environment(name, **(more or {}))
        return self._searched(name, work, self.runner.playbook(playbook, "-vvvv", "--diff", *args, env=env, **options))

    def play(
        self,
        name: str,
        tasks: list[dict[str, t.Any]],
        more: t.Mapping[str, str] | None = None,
        loud: str = "-vvvv",
        **options: t.Any,
    ) -> Run:
        """Run a play at -vvvv --diff, or as loud as is said, and look everywhere."""
        work, env = self.environment(name, **(more or {}))
        return self._searched(name, work, self.runner.play(tasks, loud, "--diff", env=env, **options))

    def inventory(self, name: str, path: Path, *args: str, env: t.Mapping[str, str]) -> Run:
        """Load an inventory at -vvvv, and look everywhere, beside the file too. No callback is there to witness."""
        run = self.runner.inventory(path, "-vvvv", *args, env=env)
        self._search(name, path.parent, run)
        assert any(file.name == "ansible.log" for file in run.files)
        return run

    def _searched(self, name: str, work: Path, run: Run) -> Run:
        self._search(name, work, run)
        self._check_witnesses(work, run)
        shutil.rmtree(work)
        return run

    def _search(self, name: str, work: Path, run: Run) -> None:
        count("canary", name)
        self._sessions |= {entry["session"] for entry in self.lab.journal() if entry["session"]}
        detector = Detector(CANARIES, self._sessions)
        hits = detector.search("stdout", run.stdout) + detector.search("stderr", run.stderr)
        files = [*run.files, *(path for path in work.rglob("*") if path.is_file())]
        for path in files:
            hits += detector.search(f"{path.parent.name}/{path.name}", path.read_bytes())
            hits += detector.search("a file name", str(path))
        for part in ("journal", "attempts", "state", "problems", "open_sessions"):
            said = getattr(self.lab, part)()
            hits += detector.search(f"the lab's {part}", json.dumps(said))
        for path in (self.lab.log_path, self.lab.inventory, self.lab.dir / "lab.json"):
            if path.exists():
                hits += detector.search(path.name, path.read_bytes())
        assert not hits, "\n".join(sorted({str(hit) for hit in hits}))

    def _check_witnesses(self, work: Path, run: Run) -> None:
        """What was searched was really there: silence of nothing proves nothing."""
        names = {path.name for path in run.files}
        assert {"ansible.log", "record.jsonl"} <= names
        # A mistake that is found early enough sends nothing, and then nobody keeps a ledger.
        if "mistake" not in work.name:
            assert list(work.rglob("ras-gate-*.json")), "no ledger of the gate was searched"
        assert "ansible-playbook" in (work / "witness" / "argv").read_text(encoding="utf-8")
        assert list((work / "junit").iterdir())
        assert list((work / "tree").iterdir())
        assert len(run.stdout) > 1000
