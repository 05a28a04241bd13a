# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows side of a RAS host: products, services, files, registry, power; no protocol in here."""
