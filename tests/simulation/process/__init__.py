# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Histories in one process: real ansible-core and the lab's model, without sockets, forks and sleeping."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader

# Before anything of the collection is imported: core finds its plugins by the packages that this makes.
init_plugin_loader()
