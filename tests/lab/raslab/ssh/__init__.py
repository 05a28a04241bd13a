# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenSSH for Windows: a server whose default shell is PowerShell, with SFTP."""
