# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages show is executed as it is there, in their order, against a lab; blocks.yml says how."""

from __future__ import annotations

import configparser
import contextlib
import json
import typing as t
from pathlib import Path

import pytest
import yaml

from counts import count
from meta.fences import Block, markdown, restructured
from meta.repo import load, read, ROOT, tracked
from meta.sandbox import beside_a_lab, inside_a_lab, Sandbox

PLAN: t.Final = load("tests/meta/blocks.yml")
PAGES = sorted(
    path.as_posix()
    for path in tracked(".md", ".rst")
    if path.as_posix() in ("README.md", "CONTRIBUTING.md", "SECURITY.md") or path.parts[0] in ("docs", "examples")
)
_USES = ("run", "file", "not_run")
_OPTIONS = {"starts", "rc", "shows", "hides", "stdin", "addresses"}


def blocks(page: str) -> list[Block]:
    """The blocks of a page."""
    return (markdown if page.endswith(".md") else restructured)(read(page))


def with_blocks() -> list[str]:
    """The pages that have any."""
    return [page for page in PAGES if blocks(page)]


def used(page: str) -> list[tuple[Block, dict[str, t.Any]]]:
    """Each block of a page with its entry of blocks.yml.

    Raises:
        AssertionError: One has no entry, or an entry has no block.
    """
    found, listed = blocks(page), PLAN["blocks"].get(page, [])
    assert [block.starts for block in found] == [entry["starts"] for entry in listed], (
        f"the blocks of {page} are not those that tests/meta/blocks.yml lists"
    )
    return list(zip(found, listed, strict=True))


def executed_pages() -> list[str]:
    """The pages with something to run."""
    return [page for page, entries in PLAN["blocks"].items() if any("run" in entry for entry in entries)]


def test_pages_with_blocks_are_those_that_are_listed() -> None:
    assert set(PLAN["blocks"]) == set(with_blocks())
    assert set(PLAN["sandboxes"]) == set(executed_pages())
    assert {"README.md", "docs/lab.md"} <= set(executed_pages())


@pytest.mark.parametrize("page", with_blocks())
def test_every_block_is_used_or_has_a_reason(page: str) -> None:
    for block, entry in used(page):
        assert sum(use in entry for use in _USES) == 1, f"{page}:{block.line}: one of {_USES}"
        assert set(entry) - _OPTIONS <= set(_USES), f"{page}:{block.line}"
        assert entry.get("run", True) is True
        assert len(entry.get("not_run", "a reason")) >= len("a reason"), f"{page}:{block.line}: say why"


@pytest.mark.parametrize("page", with_blocks())
def test_data_can_be_read(page: str) -> None:
    """Also what is not executed: YAML, JSON and INI without a slip, and only variables that the role knows."""
    options = set(load("roles/ras/meta/argument_specs.yml")["argument_specs"]["main"]["options"])
    for block in blocks(page):
        if block.language.startswith("yaml"):
            unknown = {name for name in _names(yaml.safe_load(block.text)) if name.startswith("ras_")} - options
            assert unknown <= {"ras_licensing_servers", "ras_members"}, f"{page}:{block.line}"
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "ini":
            configparser.ConfigParser().read_string(block.text)
        else:
            assert block.language in ("bash", "console", "python"), f"{page}:{block.line}: {block.language}"


def _names(data: t.Any) -> set[str]:
    if isinstance(data, dict):
        return {str(name) for name in data}.union(*map(_names, data.values()))
    return set().union(*map(_names, data)) if isinstance(data, list) else set()


@contextlib.contextmanager
def _sandbox(page: str, folder: Path) -> t.Iterator[Sandbox]:
    made = PLAN["sandboxes"][page]
    if made["beside"]:
        with beside_a_lab(folder, made["world"]) as sandbox:
            yield sandbox
    else:
        with inside_a_lab(folder, ROOT / made["world"]) as sandbox:
            yield sandbox


@pytest.fixture(name="curl")
def _curl(needs_command: t.Callable[[str, str], None]) -> None:
    """The pages use curl."""
    needs_command("curl", "curl")


@pytest.mark.usefixtures("curl")
@pytest.mark.parametrize(
    "page",
    # The lab's page rolls a fleet out twice: minutes.
    [pytest.param(page, marks=pytest.mark.full if page == "docs/lab.md" else []) for page in executed_pages()],
)
def test_a_page_works_as_it_is_written(page: str, tmp_path: Path) -> None:
    with _sandbox(page, tmp_path) as sandbox:
        for block, entry in used(page):
            where = f"{page}:{block.line}: {block.starts}"
            if "file" in entry:
                (sandbox.write_with_addresses if entry.get("addresses") else sandbox.write)(entry["file"], block.text)
            elif "run" in entry:
                rc, output = sandbox.run(block.script, language=block.language, stdin=entry.get("stdin", ""))
                assert rc == entry.get("rc", 0), f"{where}\nexit code {rc}\n{output}"
                missing = [text for text in entry.get("shows", []) if text not in output]
                assert not missing, f"{where}\ndoes not show {missing}\n{output}"
                shown = [text for text in entry.get("hides", []) if text in output]
                assert not shown, f"{where}\nshows {shown}\n{output}"
                assert "[WARNING]" not in output or "account_unknown" in output, f"{where}\n{output}"
                count("example", where)


def test_fences_are_found() -> None:
    assert markdown("a\n\n```bash\none\n  two\n```\n") == [Block(3, "bash", "one\n  two\n")]
    assert markdown("1. x\n\n   ```ini\n   [a]\n   ```\n") == [Block(3, "ini", "[a]\n")]
    rst = "x::\n\n.. code-block:: yaml\n\n    a:\n      b: 1\n\n    c: 2\n\ntext\n"
    assert restructured(rst) == [Block(3, "yaml", "a:\n  b: 1\n\nc: 2\n")]
    for broken in ("```bash\nx\n", "```\nx\n```\n", "```bash\n```\n"):
        with pytest.raises(ValueError, match="line 1"):
            markdown(broken)


def test_of_a_console_only_what_is_typed_is_run() -> None:
    block = Block(1, "console", "$ make it\nit is made\n$ make more  # comment\n")
    assert (block.starts, block.script) == ("make it", "make it\nmake more  # comment\n")
