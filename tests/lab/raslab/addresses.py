# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Free blocks of loopback addresses, each held under a file lock, so that labs that run side by side never collide."""

from __future__ import annotations

import fcntl
import os
import random
import tempfile
from pathlib import Path

_USABLE = 240  # hosts a /24 block; the rest is for the control API and the redirect target
_FIRST_HOST = 10


class AddressBlock:
    """One locked ``127.x.y.0/24``."""

    def __init__(self, prefix: str, path: Path, descriptor: int) -> None:
        self.prefix = prefix
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def try_lock(cls, prefix: str) -> AddressBlock | None:
        """The block, or None if another lab holds it."""
        path = Path(tempfile.gettempdir()) / f"raslab-{prefix}.lock"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError:  # e.g. the file of another user
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # the former holder removes its file on leaving: a lock on a removed file guards nothing
            if os.fstat(descriptor).st_ino == os.stat(path).st_ino:
                return cls(prefix, path, descriptor)
        except OSError:
            pass
        os.close(descriptor)
        return None

    def release(self) -> None:
        """Removes the lock file while it is still locked, then lets go."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)


class AddressPool:
    """Hands out addresses, taking further blocks as needed (a lab may have more hosts than a block)."""

    def __init__(self) -> None:
        self._blocks: list[AddressBlock] = []
        self._used = _USABLE
        # starting anywhere keeps labs that start together from queueing for the same files
        self._candidates = [f"127.{x}.{y}" for x in range(20, 220) for y in range(256)]
        random.shuffle(self._candidates)

    @property
    def control_address(self) -> str:
        return f"{self._first().prefix}.1"

    @property
    def elsewhere_address(self) -> str:
        """Where the redirect fault sends its victims."""
        return f"{self._first().prefix}.2"

    def next_host(self) -> str:
        if self._used >= _USABLE:
            self._take_block()
        self._used += 1
        return f"{self._blocks[-1].prefix}.{_FIRST_HOST + self._used - 1}"

    def release(self) -> None:
        for block in self._blocks:
            block.release()
        self._blocks.clear()

    def _first(self) -> AddressBlock:
        if not self._blocks:
            self._take_block()
        return self._blocks[0]

    def _take_block(self) -> None:
        while self._candidates:
            block = AddressBlock.try_lock(self._candidates.pop())
            if block:
                self._blocks.append(block)
                self._used = 0
                return
        raise RuntimeError("no free block of loopback addresses is left")
