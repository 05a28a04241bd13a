# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories of fleets, replayed, and judged by invariants."""
