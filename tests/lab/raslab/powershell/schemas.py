# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a double returns, compared with the schema that its script declares: a double must not say more, or less."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[4] / "plugins" / "plugin_utils" / "_backends" / "ps"


@functools.cache
def _validator(name: str) -> Any:
    # imported late: worlds without Windows hosts do not need it
    from jsonschema import Draft202012Validator

    schema = json.loads((SCRIPTS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def misfit(name: str, result: Any) -> str | None:
    """Why the ``$Ansible.Result`` of a script's double does not fit the script's schema; None if it does.

    Says places and rules only: what is there may be anything.
    """
    if not (SCRIPTS / f"{name}.schema.json").is_file():
        return f"the script {name} has no schema"
    try:
        answer = json.loads(result)
    except (TypeError, ValueError):
        return f"the answer of {name} is no JSON string, so it does not fit its schema"
    places = sorted({_place(error) for error in _validator(name).iter_errors(answer)})
    return f"the answer of {name} does not fit its schema: {'; '.join(places)}" if places else None


def _place(error: Any) -> str:
    """Where an answer is wrong, and by which rule; names of our own properties, for those the rule knows."""
    said = f"{error.json_path} ({error.validator}"
    if error.validator == "required":
        said += f": {', '.join(name for name in error.validator_value if name not in error.instance)}"
    elif error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        said += f": {', '.join(sorted(name for name in error.instance if name not in known))}"
    return said + ")"
