# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which variables a text of a task names, without working anything out.

A name counts where Ansible would look a variable up: in a template, and in a text that is one expression, as that of
``when`` is. The key or the attribute of something else is no variable: ``hostvars[ras_hook_host].site`` names two.
"""

from __future__ import annotations

import re
import typing as t

import jinja2
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._fleet.hooks import ANY
from jinja2 import meta, nodes

_JINJA: t.Final = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)
_MARKS: t.Final = ("{{", "{%")
_LOOKUPS: t.Final = frozenset({"lookup", "query", "q"})
# Lookups that look variables up by a name that is a text.
_BY_NAME: t.Final = frozenset({"vars", "ansible.builtin.vars", "varnames", "ansible.builtin.varnames"})


def variables_named(said: t.Any) -> set[str]:
    """The variables that texts name, however deep in lists and dictionaries; :data:`ANY` for one of any name.

    A template that cannot be read names every word in it.
    """
    if isinstance(said, str):
        return _in_text(said)
    if isinstance(said, t.Mapping):
        keys = {name for key in said if is_template(key) for name in _in_text(str(key))}
        return keys.union(*(variables_named(value) for value in said.values()))
    if isinstance(said, (list, tuple, set)):
        return set().union(*(variables_named(each) for each in said))
    return set()


def is_template(said: t.Any) -> bool:
    """Whether Ansible would work it out wherever it is."""
    return isinstance(said, str) and any(mark in said for mark in _MARKS)


def _in_text(text: str) -> set[str]:
    source = text if is_template(text) else "{{ (" + text + ") }}"
    try:
        tree = _JINJA.parse(source)
        return meta.find_undeclared_variables(tree) | _looked_up(tree)
    except (jinja2.TemplateError, RecursionError):
        # What is no template and no expression is a text.
        return set(re.findall(r"\w+", text)) if is_template(text) else set()


def _looked_up(tree: nodes.Template) -> set[str]:
    """The names that are texts in ``lookup('vars', 'name')``, ``vars['name']`` and ``vars.name``."""
    found: set[str] = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in _LOOKUPS:
            kind = _constant(call.args[0]) if call.args else ANY
            if kind in _BY_NAME or kind == ANY:
                found |= {_constant(each) for each in call.args[1:]} or {ANY}
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.node, nodes.Name) and item.node.name == "vars":
            found.add(_constant(item.arg))
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == "vars":
            found.add(part.attr)
    return found


def _constant(node: nodes.Node) -> str:
    value = node.value if isinstance(node, nodes.Const) else None
    # Which names fit a pattern is not known here.
    return value if isinstance(value, str) and re.fullmatch(r"[\w.]+", value) else ANY
