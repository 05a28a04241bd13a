# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""WinRM: WS-Management over HTTP, as much of it as real clients use to run commands."""
