# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Hold data to a JSON schema, and find out what a schema says about a field. Pure, no I/O.

It knows the words that the collection's own schemas use: type, enum, const, properties, required, additionalProperties,
items and references. The controller need not have a library for it.
"""

from __future__ import annotations

import typing as t

Schema = t.Mapping[str, t.Any]
_TYPES: t.Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def resolve(schema: Schema, root: Schema) -> Schema:
    """The schema itself, or the one that it refers to."""
    while "$ref" in schema:
        target: t.Any = root
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def types_of(schema: Schema) -> tuple[str, ...]:
    """The names of the types that the schema allows; none for a schema that allows everything."""
    if "type" in schema:
        named = schema["type"]
        return (named,) if isinstance(named, str) else tuple(named)
    values = values_of(schema)
    return tuple(dict.fromkeys(type_of(value) for value in values)) if values is not None else ()


def values_of(schema: Schema) -> list[t.Any] | None:
    """The only values that the schema allows; None when it does not name them."""
    if "const" in schema:
        return [schema["const"]]
    return list(schema["enum"]) if "enum" in schema else None


def type_of(value: t.Any) -> str:
    """The name of a value's type."""
    if isinstance(value, bool):
        return "boolean"
    return next(name for name, kinds in _TYPES.items() if isinstance(value, kinds))


def problems(value: t.Any, schema: Schema, root: Schema | None = None, where: str = "") -> t.Iterator[str]:
    """What is wrong with a value, each as a place and a few words."""
    root = schema if root is None else root
    schema = resolve(schema, root)
    here = where or "the whole"
    allowed = values_of(schema)
    if allowed is not None and not any(value == each and type(value) is type(each) for each in allowed):
        yield f"{here}: expected one of {', '.join(str(each) for each in allowed[:12])}"
        return
    types = types_of(schema)
    if types and not _is_of(value, types):
        yield f"{here}: expected {' or '.join(types)}"
        return
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{here}: expected the field '{name}'"
        for name, item in value.items():
            if name in known:
                yield from problems(item, known[name], root, f"{where}.{name}".lstrip("."))
            elif schema.get("additionalProperties") is False:
                yield f"{here}: unknown field '{name}'"
    elif isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from problems(item, schema["items"], root, f"{where}[{number}]")


def _is_of(value: t.Any, types: tuple[str, ...]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    return any(isinstance(value, _TYPES[name]) for name in types)
