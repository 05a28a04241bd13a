# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads PowerShell with tree-sitter: what a script may call in any branch, also one that no run takes.

Only what reading can determine is accepted: full names of commands and parameters, splatted hash tables whose keys are
in the script, and ``& $name`` where ``$name`` comes from Get-RasName.
"""

from __future__ import annotations

import functools
import re
import typing as t
from dataclasses import dataclass, field

import tree_sitter_pwsh
from tree_sitter import Language, Node, Parser

INCLUDE: t.Final = re.compile(r"^# include: common\n", re.MULTILINE)
_PARAMETER: t.Final = re.compile(r"[\](,]\s*\$(\w+)")
_BLOCK: t.Final = re.compile(r"\[scriptblock\] \$(\w+)", re.IGNORECASE)
_LOOK_UP: t.Final = "get-rasname"
_REDIRECTS: t.Final = "redirects a stream"


@functools.cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_pwsh.language()))


@dataclass(frozen=True)
class Command:
    """One call: the names that it may mean (none: they cannot be determined), its parameters and what is wrong with it.

    ``literals`` holds the parameters whose values are plain texts, ``nameless`` the first argument without a parameter.
    """

    node: Node
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    literals: dict[str, tuple[str, ...]]
    looked_up: bool
    nameless: str | None = None
    wrong: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        return self.node.start_point[0] + 1

    def calls(self, name: str) -> bool:
        return any(one.casefold() == name.casefold() for one in self.names)


@dataclass
class Script:
    """A parsed script, its includes taken in."""

    text: str
    root: Node
    commands: list[Command] = field(default_factory=list)
    functions: dict[str, Node] = field(default_factory=dict)

    @property
    def errors(self) -> list[str]:
        """Where the parser found no sense, by line."""
        found = []
        for node in walk(self.root):
            if node.is_error or node.is_missing:
                what = f"{node.type} is missing" if node.is_missing else f"unexpected {text_of(node)[:40]!r}"
                found.append(f"line {node.start_point[0] + 1}: {what}")
        return found

    def within(self, node: Node) -> list[Command]:
        """The calls in a part of the script, in the order of the text."""
        return [one for one in self.commands if node.start_byte <= one.node.start_byte < node.end_byte]

    def main(self) -> list[Command]:
        """The calls outside functions."""
        inside = {one.node.start_byte for body in self.functions.values() for one in self.within(body)}
        return [one for one in self.commands if one.node.start_byte not in inside]

    def reached(self, commands: list[Command]) -> set[str]:
        """The own functions that these calls lead to, directly or not, by their folded names."""
        found: set[str] = set()
        waiting = list(commands)
        while waiting:
            for name in (name.casefold() for name in waiting.pop().names):
                if name in self.functions and name not in found:
                    found.add(name)
                    waiting += self.within(self.functions[name])
        return found

    def parameters_of(self, function: str) -> set[str]:
        """The parameters of an own function, folded."""
        block = next((node for node in walk(self.functions[function]) if node.type == "param_block"), None)
        # read from the text: the parser takes a default and the type of the next parameter for one expression
        found = _PARAMETER.findall(text_of(block)) if block else []
        return {name.casefold() for name in found}


def parse(text: str) -> Script:
    """Parses a script and reads its calls."""
    script = Script(text, _parser().parse(text.encode()).root_node)
    for node in walk(script.root):
        if node.type == "function_statement":
            script.functions[_first(node, "function_name").casefold()] = node
    sources = _sources(script.root)
    script.commands = [_command(node, sources) for node in walk(script.root) if node.type == "command"]
    return script


def walk(node: Node) -> t.Iterator[Node]:
    """A node and everything in it, in the order of the text."""
    yield node
    for child in node.children:
        yield from walk(child)


def text_of(node: Node) -> str:
    return (node.text or b"").decode()


def _first(node: Node, kind: str) -> str:
    return next((text_of(child) for child in node.children if child.type == kind), "")


def is_program(name: str) -> bool:
    """Whether a name is that of a program of Windows, and no cmdlet's."""
    return name.casefold().endswith(".exe")


def literals(node: Node) -> tuple[str, ...] | None:
    """The plain texts that an expression is made of; None for anything else."""
    found: list[str] = []
    for part in walk(node):
        if part.type == "verbatim_string_characters":
            found.append(text_of(part)[1:-1])
        elif part.type in ("variable", "generic_token", "expandable_string_literal", "sub_expression", "command"):
            return None
    return tuple(found) or None


@dataclass
class _Sources:
    """Where the values of variables come from: keys of hash tables, names looked up with Get-RasName, script blocks.

    ``blocks`` are the parameters that take a script block, whose calls are read where it is written.
    Variables by their folded names; ``other`` are those that get anything else.
    """

    keys: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    blocks: set[str] = field(default_factory=set)
    other: set[str] = field(default_factory=set)


def _sources(root: Node) -> _Sources:
    sources = _Sources()
    for node in walk(root):
        if node.type == "param_block":
            sources.blocks.update(name.casefold() for name in _BLOCK.findall(text_of(node)))
        if node.type != "assignment_expression":
            continue
        left, value = node.children[0], node.children[-1]
        name = next((text_of(part)[1:].casefold() for part in walk(left) if part.type == "variable"), "")
        element = next((part for part in walk(left) if part.type == "element_access"), None)
        look_up = next((part for part in walk(value) if part.type == "command"), None)
        table = next((part for part in walk(value) if part.type == "hash_literal_expression"), None)
        if element is not None:
            index = next((child for child in element.children if child.type == "unary_expression"), None)
            found = literals(index) if index else None
            sources.keys.setdefault(name, set()).update(found or ("?",))
        elif look_up is not None and _first(look_up, "command_name").casefold() == _LOOK_UP:
            elements = next(child for child in look_up.children if child.type == "command_elements")
            sources.names.setdefault(name, set()).update(_arguments(elements, sources).literals.get("Names", ()))
        elif table is not None and text_of(value).startswith("@{"):
            sources.keys.setdefault(name, set()).update(_keys(table))
        elif text_of(value) != "$null":
            sources.other.add(name)
    return sources


def _keys(table: Node) -> set[str]:
    """The keys of a hash table, without those of the tables in it."""
    keys: set[str] = set()
    for body in (child for child in table.children if child.type == "hash_literal_body"):
        for entry in (child for child in body.children if child.type == "hash_entry"):
            key = next(child for child in entry.children if child.type == "key_expression")
            keys.update(literals(key) or (text_of(key),))
    return keys


def _command(node: Node, sources: _Sources) -> Command:
    wrong: list[str] = []
    names: tuple[str, ...] = ()
    looked_up = False
    expression = next((child for child in node.children if child.type == "command_name_expr"), None)
    if any(text_of(child) == "." for child in node.children if child.type == "command_invocation_operator"):
        wrong.append("takes in another file")
    elif expression is None:
        names = (_first(node, "command_name"),)
    elif (given := literals(expression)) and text_of(expression).startswith("'"):
        names = given
    else:
        variable = text_of(expression)[1:].casefold()
        if variable not in sources.other:
            names = tuple(sorted(sources.names.get(variable, ())))
        looked_up = bool(names)
        if not names and variable not in sources.blocks - sources.other:
            wrong.append(f"calls {text_of(expression)}, and what that is cannot be determined")
    elements = next((child for child in node.children if child.type == "command_elements"), None)
    given_to = _arguments(elements, sources) if elements else _Arguments()
    if names and all(is_program(name) for name in names):
        # What it says on standard error is read with the rest.
        given_to.wrong = [one for one in given_to.wrong if one != f"{_REDIRECTS} by 2>&1"]
    return Command(
        node,
        names,
        tuple(given_to.parameters),
        given_to.literals,
        looked_up,
        given_to.nameless,
        (*wrong, *given_to.wrong),
    )


@dataclass
class _Arguments:
    """What a command is given."""

    parameters: list[str] = field(default_factory=list)
    literals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nameless: str | None = None
    wrong: list[str] = field(default_factory=list)


def _arguments(elements: Node, sources: _Sources) -> _Arguments:
    given = _Arguments()
    free: str | None = None
    for child in elements.children:
        if child.type == "command_argument_sep":
            continue
        if child.type == "command_parameter":
            free = text_of(child)[1:].rstrip(":")
            given.parameters.append(free)
        elif child.type == "redirection":
            given.wrong.append(f"{_REDIRECTS} by {text_of(child)}")
        elif text_of(child).startswith("@") and not text_of(child).startswith(("@(", "@{", "@'", '@"')):
            variable = text_of(child)[1:].casefold()
            keys = sources.keys.get(variable, set())
            if not keys or "?" in keys or variable in sources.other:
                given.wrong.append(f"splats {text_of(child)}, and what that holds cannot be determined")
            given.parameters += sorted(keys - {"?"})
            free = None
        elif free is None:
            given.nameless = given.nameless or text_of(child)
        else:
            if (texts := literals(child)) is not None:
                given.literals[free] = texts
            free = None
    return given
