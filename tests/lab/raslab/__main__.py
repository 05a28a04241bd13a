# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry point of ``python -m raslab``."""

from __future__ import annotations

import sys

from raslab.cli import main

sys.exit(main())
