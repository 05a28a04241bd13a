# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that a script has to keep: what it calls exists in every version that it may meet, and nobody is asked.

The cmdlets of RAS are those of the lab's table (raslab/powershell/cmdlets.py), those of Windows those of
windows_cmdlets.yml; everything else must be a function of the script.
"""

from __future__ import annotations

import functools
import re
import typing as t

from meta.powershell import Command, is_program, literals, Node, Script, text_of, walk
from meta.repo import load
from raslab.powershell import cmdlets

MAJORS: t.Final = (18, 19, 20, 21)
_COMMON: t.Final = {"erroraction", "errorvariable"}
_ASKING: t.Final = {"read-host", "get-credential", "out-gridview", "pause"}
# Those of Windows that are called by name, with the search path set to the folder of Windows.
_PROGRAMS: t.Final = {"shutdown.exe"}
_RAS: t.Final = re.compile(r"[a-z]+-ras", re.IGNORECASE)


@functools.cache
def windows_cmdlets() -> dict[str, t.Any]:
    """The cmdlets of Windows by their folded names."""
    table = load("tests/meta/windows_cmdlets.yml")
    return {name.casefold(): {**entry, "name": name} for name, entry in table.items()}


def problems(script: Script) -> list[str]:
    """Everything that is wrong with what a script says and calls, each with its line."""
    if script.errors:
        return script.errors
    found = [f"line {number}: is not ASCII" for number, line in enumerate(script.text.splitlines(), 1) if _odd(line)]
    for command in script.commands:
        wrong = [*command.wrong, *_look_ups(script, command)]
        for name in command.names:
            wrong += _problems_of(script, command, name)
        found += [f"line {command.line}: {one}" for one in wrong]
    of_session = [*_session_problems(script), *_outside_problems(script), *_write_problems(script)]
    return [*found, *of_session, *_check_mode_problems(script)]


def _odd(line: str) -> bool:
    return not line.isascii()


def _problems_of(script: Script, command: Command, name: str) -> list[str]:
    folded = name.casefold()
    if folded in script.functions:
        known = script.parameters_of(folded)
        return [f"{name} has no parameter {one}" for one in command.parameters if one.casefold() not in known]
    if folded in _ASKING:
        return [f"{name} asks somebody"]
    if is_program(name):
        return [] if folded in _PROGRAMS else [f"{name} is not one of the programs that may be called"]
    if "-" not in name:
        return [f"{name} is no full name of a cmdlet"]
    nameless = [f"{name} gets an argument without the name of its parameter"] if command.nameless else []
    if _RAS.match(name):
        return [*nameless, *_ras_problems(script, command, name)]
    known = windows_cmdlets().get(folded)
    if known is None:
        return [f"{name} is not known: neither a cmdlet of RAS or Windows nor a function of the script"]
    accepted = {one.casefold() for one in known["parameters"]} | _COMMON
    strange = [one for one in command.parameters if one.casefold() not in accepted]
    return [*nameless, *(f"{name} has no parameter {one}" for one in strange)]


def _ras_problems(script: Script, command: Command, name: str) -> list[str]:
    """A cmdlet of RAS is there in all versions, or was looked up; so are its parameters, or somebody asked for them."""
    found = {major: cmdlet for major in MAJORS if (cmdlet := cmdlets.find(name, major))}
    if not found:
        return [f"{name} exists in no version of RAS"]
    wrong = []
    if len(found) < len(MAJORS) and not command.looked_up:
        missing = ", ".join(str(major) for major in MAJORS if major not in found)
        wrong.append(f"{name} does not exist in RAS {missing}: look it up with Get-RasName")
    for parameter in command.parameters:
        folded = parameter.casefold()
        having = [major for major, cmdlet in found.items() if folded in {one.casefold() for one in cmdlet.parameters}]
        if not having:
            wrong.append(f"{name} has no parameter {parameter}")
        elif len(having) < len(found) and folded not in _asked_for(script):
            wrong.append(f"{name} has the parameter {parameter} in RAS {', '.join(map(str, having))} only")
    return wrong


def _asked_for(script: Script) -> set[str]:
    """The parameters that the script looks for with Test-RasParameter, folded."""
    asked = [command.literals for command in script.commands if command.calls("Test-RasParameter")]
    return {name.casefold() for literals_ in asked for name in literals_.get("Parameter", ())}


def _look_ups(script: Script, command: Command) -> list[str]:
    """Names that are looked up: each exists somewhere, and together they cover all versions."""
    if command.calls("Get-RasName"):
        names = command.literals.get("Names", ())
        wrong = [] if names else ["the names that are looked up cannot be determined"]
        wrong += [f"{name} exists in no version of RAS" for name in names if not _versions(name)]
        covered = {major for name in names for major in _versions(name)}
        gaps = [str(major) for major in MAJORS if major not in covered]
        return [*wrong, *([f"none of {', '.join(names)} exists in RAS {', '.join(gaps)}"] if names and gaps else [])]
    if command.calls("Get-Command") or command.calls("Test-RasParameter"):
        names = command.literals.get("Name", ())
        known = [name for name in names if name.casefold() in windows_cmdlets() or _versions(name)]
        return [f"{name} is not known" for name in names if name not in known]
    return []


def _versions(name: str) -> list[int]:
    return [major for major in MAJORS if cmdlets.find(name, major)]


def _session_problems(script: Script) -> list[str]:
    """A session is opened here and without a question, and closed whatever happens."""
    wrong = []
    for command in script.commands:
        if not command.calls("New-RASSession"):
            continue
        if command.literals.get("Server") != ("localhost",):
            wrong.append(f"line {command.line}: New-RASSession without -Server 'localhost'")
        given = {one.casefold() for one in command.parameters}
        if missing := {"username", "password"} - given:
            wrong.append(f"line {command.line}: New-RASSession without {', '.join(sorted(missing))}")
        # The vendor uses it on backup brokers only (BrokerPromoteSample.ps1), and does not say what it does.
        if any("force".startswith(one) for one in given if one):
            wrong.append(f"line {command.line}: New-RASSession with -Force")
        if not any(_closes(script, clause) for clause in _finally_of(command.node)):
            wrong.append(f"line {command.line}: no 'finally' behind New-RASSession closes the session")
    return wrong


def _outside_problems(script: Script) -> list[str]:
    """The script itself calls RAS in the body that it gives to Invoke-InRasSession only, whose frame is made once."""
    own = script.main()
    bodies = [one.node for one in own if one.calls("Invoke-InRasSession")]
    outside = [one for one in own if not any(body.start_byte < one.node.start_byte < body.end_byte for body in bodies)]
    return [
        f"line {command.line}: {name} is called outside Invoke-InRasSession"
        for command in outside
        for name in command.names
        if _RAS.match(name) and name.casefold() not in script.functions
    ]


def _writes(name: str) -> bool:
    """Whether a name is that of a cmdlet of RAS that changes something."""
    return bool(_RAS.match(name)) and not name.casefold().startswith(("get-", "new-rassession", "remove-rassession"))


def _write_problems(script: Script) -> list[str]:
    """Until the cmdlet that writes is called, nothing was sent, and the code of a failure says so; then no longer."""
    wrong = []
    own = script.main()
    frame = next((one.node.start_byte for one in own if one.calls("Invoke-InRasSession")), 0)
    for command in own:
        for name in command.names:
            if name.casefold() in script.functions or not _writes(name):
                continue
            if "\n$step['code'] = 'not_sent'\n" not in script.text[:frame]:
                wrong.append(f"line {command.line}: {name} writes, and before its session no line says 'not_sent'")
            if "$step['code'] = 'refused'\n" not in script.text[frame : command.node.start_byte]:
                wrong.append(f"line {command.line}: {name} writes, and before it no line says 'refused'")
    return wrong


def _finally_of(node: Node) -> list[Node]:
    """The ``finally`` of the try statement that comes right after a statement."""
    statement = node
    while statement.parent is not None and statement.parent.type != "statement_list":
        statement = statement.parent
    following = statement.next_named_sibling
    while following is not None and following.type == "comment":
        following = following.next_named_sibling
    if following is None or following.type != "try_statement":
        return []
    return [child for child in following.children if child.type == "finally_clause"]


def _closes(script: Script, clause: Node) -> bool:
    commands = script.within(clause)
    bodies = [script.functions[name] for name in script.reached(commands)]
    everything = [*commands, *(one for body in bodies for one in script.within(body))]
    return any(command.calls("Remove-RASSession") for command in everything)


def _check_mode_problems(script: Script) -> list[str]:
    """A script that runs in check mode too reads only, or asks whether it may write."""
    if not re.search(r"\[CmdletBinding\(SupportsShouldProcess\)\]", script.text):
        return []
    wrong = []
    own = script.main()
    own += [one for name in script.reached(own) for one in script.within(script.functions[name])]
    asks = "$PSCmdlet.ShouldProcess(" in script.text
    for command in own:
        for name in command.names:
            if _writes(name) and name.casefold() not in script.functions:
                wrong.append(f"line {command.line}: {name} would run in check mode")
            if windows_cmdlets().get(name.casefold(), {}).get("writes") and not asks:
                wrong.append(f"line {command.line}: {name} writes in check mode")
    return wrong


def codes(script: Script) -> set[str]:
    """The codes with which a script can fail: what its own part and the functions that it reaches say."""
    main = script.main()
    bodies = {name: script.functions[name] for name in script.functions}
    reached = script.reached(main)
    found: set[str] = set()
    for node in walk(script.root):
        owner = next(
            (name for name, body in bodies.items() if body.start_byte <= node.start_byte < body.end_byte), None
        )
        if owner is None or owner in reached:
            found.update(_codes_of(node))
    return found


def _codes_of(node: Node) -> tuple[str, ...]:
    """The code that a call, an assignment, a default or an entry of a table names."""
    previous = node.prev_named_sibling
    if node.type == "assignment_expression" and text_of(node.children[0]).casefold() == "$step['code']":
        return literals(node.children[-1]) or ()
    if node.type == "hash_entry" and text_of(node.children[0]).casefold() == "code":
        return next((literals(child) or () for child in node.children if child.type == "pipeline"), ())
    if node.type == "param_block":
        return tuple(re.findall(r"\$Code = '([a-z_]+)'", text_of(node)))
    while previous is not None and previous.type == "command_argument_sep":
        previous = previous.prev_named_sibling
    if previous is not None and previous.type == "command_parameter" and text_of(previous) == "-Code":
        return literals(node) or ()
    return ()
