# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a farm when its hosts change: installs, agent pushes, restarts, promotion."""
