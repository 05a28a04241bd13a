# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real PowerShell 7 in which scripts run unmodified, on a Windows machine that the lab's model pretends."""
