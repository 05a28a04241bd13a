# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What the parallel workers of one run share: small files in a folder that disappears with the run."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
import time
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent

# A farm that hangs while others wait ends within its own time-outs; this limit is only for the unforeseen.
_WAIT_SECONDS: t.Final = 1800.0
_POLL_SECONDS: t.Final = 0.02

# By path, the ledgers that this thread holds: the script that logs a RAS administrator on travels over a connection
# whose Windows user may be the same account.
_HELD: t.Final = threading.local()


class Ledger:
    """A small JSON file that one worker at a time holds. Who holds it may enter it again, and finds it as it is then.

    :ivar state: its content while it is held, to be changed in place.
    """

    def __init__(self, folder: str, *identity: str) -> None:
        # The name must not give the secret away: the folder's own random name salts it, and only its owner
        # can read the folder.
        digest = hashlib.sha256("\0".join((folder, *identity)).encode("utf-8", "surrogatepass")).hexdigest()
        self._path = os.path.join(folder, f"ras-gate-{digest[:32]}.json")
        self._file: t.IO[str] | None = None
        self._written = ""
        self.state: dict[str, t.Any] = {}

    @property
    def exists(self) -> bool:
        """Whether anybody has written it."""
        return os.path.exists(self._path)

    def __enter__(self) -> Ledger:
        held = _HELD.__dict__
        if self._path in held:
            return t.cast("Ledger", held[self._path])
        self._file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
        _lock(self._file)
        self._written = self._file.read()
        self.state = json.loads(self._written) if self._written else {}
        held[self._path] = self
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._file is not None:
            del _HELD.__dict__[self._path]
            self.save(self.state)
            self._file.close()
            self._file = None

    def save(self, state: dict[str, t.Any]) -> None:
        """Write this content now, so that it outlives a killed worker."""
        text = json.dumps(state)
        # Most farms of a fleet find what is already known, and change nothing.
        if self._file is not None and text != self._written:
            self._file.seek(0)
            self._file.truncate()
            self._file.write(text)
            self._file.flush()
            self._written = text


def _lock(file: t.IO[str]) -> None:
    ends_at = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > ends_at:
                file.close()
                raise NotSent(
                    "not_tried", f"Another farm of this run held the turn for more than {_WAIT_SECONDS:g} s."
                ) from None
            time.sleep(_POLL_SECONDS)
