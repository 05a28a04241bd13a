# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What replaces PowerShell: Ansible's payloads, known commands, marked scripts and the RASAdmin cmdlets."""
