# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doubles of the Windows modules, one file a family; each names the source that its shapes were taken from."""
