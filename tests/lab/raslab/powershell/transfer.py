# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files over standard input and output, as winrm and psrp move them (ansible-core 2.16 to 2.21)."""

from __future__ import annotations

import base64
import hashlib
import json

from raslab.windows.machine import Machine
from raslab.wsman.shells import Outcome


def put_file(machine: Machine, path: str, stdin: bytes) -> Outcome:
    """Writes a file from lines of base64 and answers its sha1. Raises FileError."""
    content = b"".join(base64.b64decode(line) for line in stdin.splitlines() if line.strip())
    machine.windows.files.write(path, content)
    return Outcome(0, json.dumps({"sha1": hashlib.sha1(content).hexdigest()}).encode() + b"\r\n")


def fetch_whole_file(machine: Machine, path: str, size: int) -> Outcome:
    """What kind of thing a path is, then pieces of the file, a line of base64 each."""
    node = machine.windows.files.find(path)
    if node is None or node.content is None:
        return fetch_file(machine, path, 0, size)
    pieces = [base64.b64encode(node.content[start : start + size]) for start in range(0, len(node.content), size)]
    return Outcome(0, b"\r\n".join([b"[FILE]", *pieces]) + b"\r\n")


def fetch_file(machine: Machine, path: str, offset: int, size: int) -> Outcome:
    """A piece of a file as base64, or ``[DIR]``."""
    node = machine.windows.files.find(path)
    if node is None:
        return Outcome(1, b"", f"{path} does not exist\r\n".encode())
    if node.content is None:
        return Outcome(0, b"[DIR]\r\n")
    return Outcome(0, base64.b64encode(node.content[offset : offset + size]) + b"\r\n")
