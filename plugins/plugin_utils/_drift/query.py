# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""JMESPath over a report, strictly: what would silently be null in JMESPath, and so look like "no drift", is an error.

Before anything is evaluated the expression is walked with the schema of the report: a field that the schema lacks, or a
text that a field can never have, is reported with its position and an example.
"""

from __future__ import annotations

import itertools
import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.schema import (
    resolve,
    Schema,
    type_of,
    types_of,
    values_of,
)

try:
    import jmespath
    import jmespath.exceptions
    import jmespath.functions
    import jmespath.lexer
    import jmespath.parser
except ImportError:  # compile_query reports it in one sentence
    HAS_JMESPATH = False
else:
    HAS_JMESPATH = True

EXAMPLES: t.Final = {
    "fail_when": "length(findings[?severity == 'error' && !waived]) > `0`",
    "select": "[?state != 'ok'].{farm: farm, state: state, rules: rules}",
}
_ANYTHING: t.Final[Schema] = {}
_ORDERED: t.Final = frozenset({"lt", "lte", "gt", "gte"})
# What functions give, where it does not depend on what they take (JMESPath specification, built-in functions).
_RESULTS: t.Final[dict[str, Schema]] = {
    "length": {"type": "integer"},
    "contains": {"type": "boolean"},
    "starts_with": {"type": "boolean"},
    "ends_with": {"type": "boolean"},
    "join": {"type": "string"},
    "type": {"type": "string"},
    "to_string": {"type": "string"},
    "keys": {"type": "array", "items": {"type": "string"}},
}
_SAME: t.Final = frozenset({"sort", "sort_by", "reverse"})
_FIRST: t.Final = frozenset({"max", "max_by", "min", "min_by"})


class Query:
    """An expression that was found to fit a schema.

    :ivar text: as it was written.
    """

    def __init__(self, option: str, text: str, compiled: t.Any) -> None:
        self.option = option
        self.text = text
        self._compiled = compiled

    def search(self, data: t.Any) -> t.Any:
        """The result, never None.

        :raises RasError: ``invalid_option`` for a null result, or a function that is given what it does not take.
        """
        try:
            result = self._compiled.search(data)
        except jmespath.exceptions.JMESPathError as exc:
            raise _refused(self.option, self.text, f"cannot be evaluated ({exc})") from exc
        if result is None:
            raise _refused(self.option, self.text, "gives nothing (null), which says neither yes nor no")
        return result

    def holds(self, data: t.Any) -> bool:
        """The result as yes or no.

        :raises RasError: ``invalid_option``, also for a result that is neither true nor false.
        """
        result = self.search(data)
        if not isinstance(result, bool):
            raise _refused(self.option, self.text, f"must be true or false, but it gives {type_of(result)}")
        return result


def compile_query(option: str, text: str, schema: Schema, root: Schema) -> Query:
    """Check an expression against the schema of what it is to be applied to.

    :param option: ``fail_when`` or ``select``, for messages and their example.
    :param root: the schema in which references are looked up.
    :raises RasError: ``invalid_option``.
    """
    if not HAS_JMESPATH:
        raise RasError(
            "invalid_option",
            f"{option} needs the Python library jmespath, which is missing on the controller.",
            remedy="Install jmespath on the controller, where ansible-playbook runs.",
        )
    try:
        tokens = list(jmespath.lexer.Lexer().tokenize(text))
        compiled = jmespath.compile(text)
    except jmespath.exceptions.JMESPathError as exc:
        position = getattr(exc, "lex_position", None)
        where = f" at position {position}" if isinstance(position, int) and position >= 0 else ""
        why = str(exc).splitlines()[0]
        raise _refused(option, text, f"is not a JMESPath expression{where} ({why})") from exc
    _Walk(option, text, tokens, root).result(compiled.parsed, schema)
    return Query(option, text, compiled)


def _refused(option: str, text: str, why: str) -> RasError:
    return RasError(
        "invalid_option",
        f"{option} {why}: observed {text!r}.",
        remedy=f"Correct it; an example is {EXAMPLES[option]!r}. Texts go in single quotes, numbers in backquotes.",
    )


class _Walk:
    """Walks an expression in the order in which it is written, and keeps track of what each part can be."""

    def __init__(self, option: str, text: str, tokens: t.Sequence[t.Mapping[str, t.Any]], root: Schema) -> None:
        self._option = option
        self._text = text
        self._root = root
        # The tree has no positions; its fields and literals come in the order of these.
        self._names = [
            (token["value"], token["start"])
            for token, following in itertools.pairwise(tokens)
            if token["type"] in ("unquoted_identifier", "quoted_identifier") and following["type"] != "lparen"
        ]
        self._literals = [(token["value"], token["start"]) for token in tokens if token["type"] == "literal"]

    def result(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        """What a part of the expression gives when it is applied to what the schema describes."""
        schema = resolve(schema, self._root)
        handler = getattr(self, f"_{node['type']}", None)
        if handler is None:
            for child in node["children"]:
                if isinstance(child, dict):
                    self.result(child, schema)
            return _ANYTHING
        return resolve(t.cast(Schema, handler(node, schema)), self._root)

    # -- fields ------------------------------------------------------------------------------------------------------

    def _field(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        name, start = node["value"], self._taken(self._names, node["value"])
        types = types_of(schema)
        if not types:
            return _ANYTHING
        if "object" not in types:
            raise self._error(start, f"asks for '{name}' of something that is not an object but {' or '.join(types)}")
        fields = schema.get("properties", {})
        if name not in fields:
            raise self._error(start, f"names the field '{name}', which does not exist: there are {', '.join(fields)}")
        return t.cast(Schema, fields[name])

    def _subexpression(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        for child in node["children"]:
            schema = self.result(child, schema)
        return schema

    _index_expression = _subexpression
    _pipe = _subexpression

    def _index(self, _node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        return self._item(schema)

    def _slice(self, _node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        self._item(schema)
        return schema

    def _identity(self, _node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        return schema

    _current = _identity

    def _flatten(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        inner = self.result(node["children"][0], schema)
        item = self._item(inner)
        return {"type": "array", "items": item.get("items", item) if "array" in types_of(item) else item}

    # -- projections -------------------------------------------------------------------------------------------------

    def _projection(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        left, right = node["children"]
        return self._list_of(self.result(right, self._item(self.result(left, schema))))

    def _value_projection(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        left, right = node["children"]
        whole = self.result(left, schema)
        fields = [resolve(each, self._root) for each in whole.get("properties", {}).values()]
        same = fields[0] if fields and all(each == fields[0] for each in fields) else _ANYTHING
        return self._list_of(self.result(right, same))

    def _filter_projection(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        left, right, condition = node["children"]
        item = self._item(self.result(left, schema))
        self.result(condition, item)  # it is written before what follows the filter
        return self._list_of(self.result(right, item))

    def _multi_select_list(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        made = [self.result(child, schema) for child in node["children"]]
        if made and all("const" in each and "start" in each for each in made):
            return {"type": "array", "literals": [(each["const"], each["start"]) for each in made], "start": 0}
        return {"type": "array"}

    def _multi_select_dict(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        made = {}
        for pair in node["children"]:
            self._taken(self._names, pair["value"])
            made[pair["value"]] = self.result(pair["children"][0], schema)
        return {"type": "object", "properties": made}

    # -- comparisons -------------------------------------------------------------------------------------------------

    def _literal(self, node: t.Mapping[str, t.Any], _schema: Schema) -> Schema:
        start = self._taken(self._literals, node["value"])
        value = node["value"]
        if isinstance(value, list):
            return {"type": "array", "literals": [(each, start) for each in value], "start": start}
        return {"type": "object", "start": start} if isinstance(value, dict) else {"const": value, "start": start}

    def _comparator(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        left, right = (self.result(child, schema) for child in node["children"])
        for literal, other in ((left, right), (right, left)):
            if "const" in literal and "start" in literal and "start" not in other:
                self._possible(literal["const"], literal["start"], other)
                if node["value"] in _ORDERED and type_of(literal["const"]) not in ("integer", "number"):
                    why = f"puts {literal['const']!r} in an order; only numbers have one in JMESPath"
                    raise self._error(literal["start"], why)
        return {"type": "boolean"}

    def _not_expression(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        self.result(node["children"][0], schema)
        return {"type": "boolean"}

    def _or_expression(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        left, right = (self.result(child, schema) for child in node["children"])
        return left if types_of(left) == types_of(right) == ("boolean",) else _ANYTHING

    _and_expression = _or_expression

    def _possible(self, value: t.Any, start: int, other: Schema) -> None:
        values, types = values_of(other), types_of(other)
        if values is not None and value not in values:
            known = ", ".join(str(each) for each in values if each is not None)
            raise self._error(start, f"compares with {value!r}, which that field never is: it is one of {known}")
        kind = type_of(value)
        if types and kind not in types and not (kind == "integer" and "number" in types):
            raise self._error(start, f"compares with {value!r} ({kind}), but that field is {' or '.join(types)}")

    # -- functions ---------------------------------------------------------------------------------------------------

    def _function_expression(self, node: t.Mapping[str, t.Any], schema: Schema) -> Schema:
        name = node["value"]
        if name not in jmespath.functions.Functions.FUNCTION_TABLE:
            raise self._error(max(self._text.find(f"{name}("), 0), f"calls '{name}', which JMESPath does not have")
        arguments: list[Schema] = []
        children = list(node["children"])
        if name == "map" and len(children) == 2:  # the only one whose expression comes first
            return self._mapped(children, schema)
        for child in children:
            inner = self._item(arguments[0]) if child["type"] == "expref" and arguments else schema
            arguments.append(self.result(child["children"][0] if child["type"] == "expref" else child, inner))
        if name == "contains" and len(arguments) == 2:
            self._contains(*arguments)
        if name in _SAME and arguments:
            return arguments[0]
        if name in _FIRST and arguments:
            return self._item(arguments[0])
        return _RESULTS.get(name, _ANYTHING)

    def _mapped(self, children: list[t.Mapping[str, t.Any]], schema: Schema) -> Schema:
        # Names are counted in the order of the text, so what is mapped over is looked up with a walk of its own.
        names, literals = list(self._names), list(self._literals)
        expression, subject = children
        self._skip(expression)
        item = self._item(self.result(subject, schema))
        after = self._names, self._literals
        self._names, self._literals = names, literals
        made = self.result(expression["children"][0], item) if expression["type"] == "expref" else _ANYTHING
        self._names, self._literals = after
        return self._list_of(made)

    def _contains(self, subject: Schema, search: Schema) -> None:
        if "start" in search and "array" in types_of(subject) and "start" not in subject:
            self._possible(search.get("const"), search["start"], self._item(subject))
        elif "literals" in subject and "start" not in search:
            for value, start in subject["literals"]:
                self._possible(value, start, search)

    # -- plumbing ----------------------------------------------------------------------------------------------------

    def _item(self, schema: Schema) -> Schema:
        return resolve(schema.get("items", _ANYTHING), self._root)

    def _list_of(self, item: Schema) -> Schema:
        return {"type": "array", "items": item}

    def _skip(self, node: t.Any) -> None:
        """Count the names and literals of a part without looking at them."""
        if not isinstance(node, dict):
            return
        if node["type"] in ("field", "key_val_pair"):
            self._taken(self._names, node["value"])
        elif node["type"] == "literal":
            self._taken(self._literals, node["value"])
        order = list(node["children"])
        if node["type"] == "filter_projection":
            order = [order[0], order[2], order[1]]
        for child in order:
            self._skip(child)

    @staticmethod
    def _taken(tokens: list[tuple[t.Any, int]], value: t.Any) -> int:
        """The position of the next name or literal."""
        for number, (token, start) in enumerate(tokens):
            if token == value and type(token) is type(value):
                del tokens[: number + 1]
                return start
        return 0

    def _error(self, start: int, why: str) -> RasError:
        return _refused(self._option, self._text, f"at position {start} {why}")
