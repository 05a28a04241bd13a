# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scan of fleet_info without Ansible around it: shows what of its cost is ours, and what is Ansible's.

A process of its own that takes and gives the same as the floor.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import tempfile
import time
from typing import Any

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.target import Target
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.scan import scan, Settings


def measure(order: dict[str, Any]) -> dict[str, float]:
    """Scan all farms of an order and return how long it took."""
    targets = [
        Target(
            host=url,
            farm=url,
            api_url=url,
            username=order["username"],
            password=order["password"],
            ca_path=order["ca_path"],
        )
        for url in order["urls"]
    ]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=folder, today=dt.date.today(), workers=order["workers"])
        begin, cpu = time.monotonic(), time.process_time()
        records = scan(targets, settings)
        measured = {"seconds": time.monotonic() - begin, "cpu": time.process_time() - cpu}
    unread = [record["failure"] for record in records if record["failure"]]
    if unread:
        raise RuntimeError(f"{len(unread)} farms were not read, such as {unread[0]}")
    return measured


if __name__ == "__main__":
    json.dump(measure(json.load(sys.stdin)), sys.stdout)
