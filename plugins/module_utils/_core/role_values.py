# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Refuse values of the role's variables that are of another type, or none of the choices. Pure.

Ansible-core judges the same when the role is entered, and prints the whole specification with each refusal. So this
comes first, by core's own rules, and is stricter where core would make a text of whatever it is given.
"""

from __future__ import annotations

import math
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import SECRET_VARIABLES, Spec
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.given_texts import check_given, kind_of
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line

_EXPECTED: t.Final = {
    "bool": "true or false",
    "dict": "a mapping",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "path": "a text",
    "str": "a text",
}
_ELEMENTS: t.Final = {"dict": "mappings", "str": "texts"}
_NUMBERS: t.Final = ("float", "int")
_REMEDY: t.Final = (
    "Correct it where it is set (see ansible-doc -t role fleetops.parallels_ras.ras), and run again. Nothing was sent."
)
_SHOWN: t.Final = 5
_LONGEST: t.Final = 40


class _Wrong(t.NamedTuple):
    """What is said of a variable, or one item of its list, after its name, and what to do."""

    name: str
    place: str
    says: str
    remedy: str


def value_refusal(
    where: str, values: t.Mapping[str, t.Any], spec: Spec, hidden: t.Callable[[str], str] = str
) -> RasError | None:
    """Why the variables of a host are refused for their values; None when each is as the specification says.

    :param where: whose variables they are, such as a host.
    :param values: by their names; what is not there is not judged.
    :param spec: of the role: types, elements and choices.
    :param hidden: takes secrets out of a text, for a secret may be where none belongs.
    """
    judged = (_wrong(name, values[name], option, hidden) for name, option in spec.items() if name in values)
    wrong = sorted(each for each in judged if each)
    if not wrong:
        return None
    first, *others = wrong
    names = [each.name for each in others[:_SHOWN]]
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    also = f"; {', '.join(names)}{more} {'is' if len(others) == 1 else 'are'} wrong, too" if names else ""
    return RasError(
        "invalid_option",
        f"The variable {first.place} of {where} {first.says}{also}.",
        remedy=first.remedy,
        observed={"variables": [each.name for each in wrong]},
    )


def _wrong(name: str, value: t.Any, option: t.Mapping[str, t.Any], hidden: t.Callable[[str], str]) -> _Wrong | None:
    choices = option.get("choices")
    if choices is None and not _is_no_list(value, option):
        try:
            check_given({name: value}, {name: option})
        except RasError as exc:
            place, says = exc.message.removesuffix(".").split(" ", 1)
            return _Wrong(name, place, says, exc.remedy)
    if _fits(name, value, option):
        return None
    expected = f"one of {', '.join(map(str, choices))}" if choices else _expected(option)
    observed = kind_of(value) or "a text" if name in SECRET_VARIABLES else _observed(value, hidden)
    return _Wrong(name, name, f"has a value that it cannot have: expected {expected}, observed {observed}", _REMEDY)


def _fits(name: str, value: t.Any, option: t.Mapping[str, t.Any]) -> bool:
    if _is_no_list(value, option) or (option.get("type") in _NUMBERS and isinstance(value, bool)):
        return False  # core makes a text of the one, and Python takes true for 1
    # Without the default: it would make null a value for core, or none.
    judged = {key: option[key] for key in ("type", "elements", "choices") if key in option}
    if value is None and "default" in option:
        return option.get("type") == "raw"
    try:
        checked = ArgumentSpecValidator({name: judged}).validate({name: value})
    except ArithmeticError:  # core makes no whole number of infinity, and does not expect it
        return False
    number = checked.validated_parameters.get(name)
    return not checked.error_messages and not (isinstance(number, float) and not math.isfinite(number))


def _is_no_list(value: t.Any, option: t.Mapping[str, t.Any]) -> bool:
    """Whether something is given in place of a list of texts; one text may be such a list."""
    return option.get("elements") == "str" and kind_of(value) not in (None, "a list")


def _expected(option: t.Mapping[str, t.Any]) -> str:
    if option.get("elements") in _ELEMENTS:
        return f"a list of {_ELEMENTS[option['elements']]}"
    return _EXPECTED.get(str(option.get("type")), str(option.get("type")))


def _observed(value: t.Any, hidden: t.Callable[[str], str]) -> str:
    kind = kind_of(value)
    if kind is None:
        return repr(log_line(hidden(str(value)), _LONGEST))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else kind
