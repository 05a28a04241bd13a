# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the collection as a whole: that its parts agree with each other and that what its texts show is true."""
