# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: real playbooks sign a simulated fleet in with one business account, and roll out a newer version."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import screen
from drift import Drift
from fleet import Fleet
from held import Failed
from story import Story
from upgrade import Upgrade

from raslab.testing import Lab, LabError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORLD = HERE / "world.yml"
ACTIVATE = ROOT / ".cache" / "activate-main"


class Stopped(BaseException):
    """The user, or the machine, wants the demo to stop."""


def _stop_once(number: int, _frame: FrameType | None) -> None:
    # Further signals are ignored: a second Ctrl-C must not cut the clean-up short.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(signal.Signals(number).name)


def _shown(path: Path) -> Path:
    """Return the path as it is shown: from where the user is, if it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def introduce(folder: Path) -> None:
    """Say what is about to be seen."""
    screen.heading(
        "fleetops.parallels_ras: every Parallels RAS farm under the one business account, and on one version"
    )
    screen.say(
        "The farms, their REST API over TLS, their Windows hosts behind WinRM and Parallels My Account are simulated "
        "on this machine (the lab). Ansible, the collection and every request are real. Ten farms in the states that "
        "real fleets are in:"
    )
    screen.blank()
    screen.table(
        [
            ("farm", "state"),
            ("tokyo", "right account, with a license key of its own"),
            ("yokohama", "right account, with the SPLA key that many farms share"),
            ("osaka", "new, never activated"),
            ("nagoya", "on the trial it was set up with"),
            ("kobe", "activated by a colleague in the same business account"),
            ("fukuoka", "activated with somebody's private account"),
            ("sapporo", "right account, but another key than wanted"),
            ("sendai", "its API does not report the account"),
            ("hiroshima", "account and key are right, the subscription has run out"),
            ("naha", "pay as you go (Azure Marketplace), not managed"),
        ]
    )
    screen.blank()
    screen.say(
        f"The account is set once, in an ansible-vault file. Inventory and vault are in {_shown(folder)}, where the "
        "commands below are typed."
    )


def conclude(folder: Path, logs: Path, page: Path, seconds: float) -> None:
    """Say how to go on."""
    mine = _shown(folder.parent / "mine")
    screen.heading(f"Done in {seconds:.0f} s. Nothing is left running. Whole output of every run: {_shown(logs)}")
    screen.say(f"The drift report, to open in a browser: {_shown(page)}")
    screen.say("Try it yourself. In one shell, serve the same fleet until Ctrl-C:")
    screen.blank()
    # What 'make demo' has set up is not set up again.
    screen.command(". .cache/activate-main" if ACTIVATE.exists() else "make setup && . .cache/activate-main")
    screen.command(f"python -m raslab up {_shown(WORLD)} --dir {mine}")
    screen.blank()
    screen.say("In another shell:")
    screen.blank()
    screen.command(f". .cache/activate-main && cd {mine}")
    screen.command(Fleet.command("activate", "--check", "--diff"))
    screen.command(Fleet.command("activate"))
    screen.command("ansible-vault view --vault-password-file vault_password group_vars/all/vault.yml")
    screen.command(Fleet.command("rollout", "--check"))
    screen.command(Fleet.command("rollout"))
    screen.command(Fleet.command("drift"))
    screen.command(Fleet.command("deactivate"))
    screen.blank()
    screen.say("docs/lab.md says how to break farms on purpose; README.md how to begin with real ones.")


def run(folder: Path) -> None:
    """Run the demo with its files below ``folder``.

    Raises:
        Failed: It showed something else than it says.
        LabError: The lab did not start.
        RuntimeError: A run of Ansible broke down, or another demo uses the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RuntimeError(f"another demo is running in {folder}: wait for its end, or choose --dir") from None
        place, logs = folder / "fleet", folder / "logs"
        for each in (place, logs):
            shutil.rmtree(each, ignore_errors=True)
        logs.mkdir()
        introduce(place)
        lab = Lab(WORLD, place)
        try:
            lab.start()
            farms = {host: name for name, farm in lab.farms.items() for host in farm["hosts"]}
            fleet = Fleet(place, logs, farms)
            Story(lab, fleet).play()
            Upgrade(lab, fleet, step=7).play()
            page = Drift(lab, fleet, step=12).play()
        finally:
            lab.stop()
    conclude(place, logs, page, time.monotonic() - begin)


def main() -> int:
    """Run the demo and return the exit code: 0, 1 when it failed, 130 when it was stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, default=ROOT / ".cache" / "demo", help="where its files go")
    folder: Path = parser.parse_args().dir.resolve()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _stop_once)
    try:
        run(folder)
    except Stopped as stopped:
        screen.heading(f"Stopped ({stopped}). Nothing is left running.")
        return 130
    except (Failed, LabError, RuntimeError) as error:
        print(f"\nFAILED: {error}", file=sys.stderr)
        print(f"Logs: {folder / 'logs'}{os.sep}, lab: {folder / 'fleet' / 'lab.log'}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
