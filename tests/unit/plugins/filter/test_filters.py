# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters: one a file, by its name, with documentation."""

from __future__ import annotations

import importlib
import pkgutil
import typing as t

import pytest
import yaml
from ansible_collections.fleetops.parallels_ras.plugins import filter as filters

MODULES = [
    importlib.import_module(found.name) for found in pkgutil.iter_modules(filters.__path__, f"{filters.__name__}.")
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_each_file_holds_one_filter_of_its_name_with_documentation(module: t.Any) -> None:
    name = module.__name__.rsplit(".", 1)[1]
    assert list(module.FilterModule().filters()) == [name]
    assert yaml.safe_load(module.DOCUMENTATION)["name"] == name
    assert yaml.safe_load(module.EXAMPLES)
    assert yaml.safe_load(module.RETURN)["_value"]
