# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Parallels RAS world on loopback: My Account, farms, RAS hosts and the REST API they answer.

This module imports nothing, so that ``raslab.testing`` works in an interpreter that has only the standard library.
"""
