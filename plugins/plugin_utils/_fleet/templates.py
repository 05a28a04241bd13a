# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Secrets that Ansible would evaluate: ``{{``, ``{%`` and ``{#`` in a variables file are templates, in a vault too.

Such a password is changed before it is sent, and the message of a broken template shows it. So it is refused by the
name of its variable, before anything is worked out. What is meant as a template is known by what it refers to: it is
one expression alone, or a whole template that names something and nothing that the host does not have.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.argspec import SECRET_VARIABLES
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import is_evaluated
from jinja2 import Environment, meta, nodes, TemplateSyntaxError

_MARKS: t.Final = ("{{", "{%", "{#")
# What every template of Ansible may name beside variables of the host.
_GIVEN: t.Final = frozenset({"lookup", "query", "q", "now", "undef", "omit", "hostvars", "vars", "range", "dict"})
# The extensions that Ansible gives to its templates.
_JINJA: t.Final = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)

Values = t.Mapping[str, t.Any]
# The variables of a host, not worked out.
Look = t.Callable[[str], Values]
_Place = tuple[str, tuple[str, ...]]


def evaluated_secrets(host: str, look: Look) -> list[str]:
    """The names of variables that hold secrets of a host and would be evaluated without being meant as templates.

    :param look: gives the variables of a host.
    """
    found = [_at_fault((host, (name,)), look, frozenset()) for name in SECRET_VARIABLES]
    return [name for name in dict.fromkeys(found) if name]


def _at_fault(place: _Place, look: Look, seen: frozenset[_Place]) -> str | None:
    """The variable at fault: this one, or one that it refers to."""
    host, path = place
    value = _looked_up(look(host), path)
    for text in value if isinstance(value, (list, tuple)) else [value]:
        if not isinstance(text, str) or not any(mark in text for mark in _MARKS) or not is_evaluated(text):
            continue
        try:
            tree = _JINJA.parse(text)
        except TemplateSyntaxError:
            return ".".join(path)
        if "{#" in text or not (_is_one_expression(tree) or _is_template(tree, look(host))):
            return ".".join(path)
        for referred in _references(tree, host):
            fault = None if referred in seen else _at_fault(referred, look, seen | {place})
            if fault:
                return fault
    return None


def _is_one_expression(tree: nodes.Template) -> bool:
    """Whether there is nothing but one expression, and blanks around it."""
    parts = [part for node in tree.body for part in (node.nodes if isinstance(node, nodes.Output) else [node])]
    said = [part for part in parts if not (isinstance(part, nodes.TemplateData) and not part.data.strip())]
    return len(said) == 1 and isinstance(said[0], nodes.Expr) and not isinstance(said[0], nodes.TemplateData)


def _is_template(tree: nodes.Template, values: Values) -> bool:
    names = meta.find_undeclared_variables(tree)
    return bool(names) and all(name in values or name in _GIVEN for name in names)


def _references(tree: nodes.Template, host: str) -> t.Iterator[_Place]:
    """The variables, and parts of variables, that a template names: of its host, and of others through hostvars."""
    for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Call)):
        path = _path(node)
        if path[:1] == ("hostvars",) and len(path) > 2:
            yield path[1], path[2:]
        elif path[:1] == ("vars",) and len(path) > 1:
            yield host, path[1:]
        elif path:
            yield host, path


def _path(node: nodes.Node) -> tuple[str, ...]:
    """``vault.password`` and ``vault['password']`` in parts; also what the lookup of variables is given."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        parent = _path(node.node)
        return (*parent, node.attr) if parent else ()
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        parent = _path(node.node)
        return (*parent, str(node.arg.value)) if parent else ()
    if isinstance(node, nodes.Call):
        given = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        if len(given) > 1 and given[0] in ("vars", "ansible.builtin.vars"):
            return (str(given[1]),)
    return ()


def _looked_up(values: Values, path: tuple[str, ...]) -> t.Any:
    found: t.Any = values
    for part in path:
        found = found.get(part) if isinstance(found, t.Mapping) else None
    return found


def refusal(host: str, names: t.Sequence[str]) -> RasError:
    """The refusal of a host whose secrets would be evaluated; it names variables and shows no value."""
    return RasError(
        "invalid_option",
        # Without the marks themselves: this text, too, passes through templates.
        f"{', '.join(names)} of {host} would be evaluated by Ansible: expected a text, one expression alone, or a "
        "template of variables that the host has; observed the beginning of a template (an opening brace with another "
        "one, % or #) within something else.",
        remedy="Write the value as !unsafe '...' in its file, and run again. Nothing was sent.",
    )
