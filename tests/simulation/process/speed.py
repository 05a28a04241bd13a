# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What core works out anew in each run, and in each of its forks, and what is the same in all of them: once."""

from __future__ import annotations

import contextlib
import functools
import pickle
import typing as t
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import jinja2
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import Jinja2Loader, PluginLoader

# Path -> what is in a file, as core has read it, and packed.
_FILES: t.Final[dict[str, t.Any]] = {}
_PACKED: t.Final[dict[str, tuple[t.Any, bytes]]] = {}


class _Code:
    """Jinja's code of a text, kept: what a fork compiles is gone with it, what is compiled here is not."""

    def __init__(self) -> None:
        self._of_templates: dict[t.Any, t.Any] = {}
        self._of_expressions: dict[t.Any, t.Any] = {}
        self._last: t.Any = None

    def templates(self, compile_: t.Any) -> t.Any:
        @functools.wraps(compile_)
        def call(env: jinja2.Environment, source: t.Any, *args: t.Any, **options: t.Any) -> t.Any:
            if not isinstance(source, str):
                self._last = compile_(env, source, *args, **options)
                return self._last
            key = (type(env), str(source), env.block_start_string, env.variable_start_string, env.finalize is None)
            key = (*key, args, tuple(sorted(options.items())))  # type: ignore[assignment]
            if key not in self._of_templates:
                self._of_templates[key] = compile_(env, source, *args, **options)
            return self._of_templates[key]

        return call

    def expressions(self, compile_: t.Any) -> t.Any:
        @functools.wraps(compile_)
        def call(env: jinja2.Environment, source: str, undefined_to_none: bool = True) -> t.Any:
            key = (type(env), str(source))
            if key not in self._of_expressions:
                made = compile_(env, source, undefined_to_none)
                self._of_expressions[key] = self._last
                return made
            code = self._of_expressions[key]
            template = env.template_class.from_code(env, code, env.make_globals(None))
            return jinja2.environment.TemplateExpression(template, undefined_to_none)

        return call


_CODE: t.Final = _Code()


def _with_files(init: t.Any) -> t.Any:
    @functools.wraps(init)
    def call(loader: DataLoader, *args: t.Any, **options: t.Any) -> None:
        init(loader, *args, **options)
        loader._FILE_CACHE = _FILES

    return call


def _unpacked(load: t.Any) -> t.Any:
    """A copy of what is in a file: out of a pickle it is made in half the time that ``copy.deepcopy`` takes."""

    @functools.wraps(load)
    def call(loader: DataLoader, name: str, cache: str = "all", unsafe: bool = False, **options: t.Any) -> t.Any:
        if unsafe or cache != "all":
            return load(loader, name, cache=cache, unsafe=unsafe, **options)
        path = loader.path_dwim(name)
        if path not in _FILES:
            load(loader, name, unsafe=True, **options)
        found = _FILES[path]
        if _PACKED.get(path, (None, b""))[0] is not found:
            _PACKED[path] = (found, pickle.dumps(found))
        return pickle.loads(_PACKED[path][1])

    return call


def _filters_found_once(find: t.Any) -> t.Any:
    """Filters and tests: core looks for one at each mention."""
    kept: dict[t.Any, t.Any] = {}

    @functools.wraps(find)
    def call(loader: t.Any, name: str, *args: t.Any, **options: t.Any) -> t.Any:
        key = (loader.type, name)
        if key not in kept:
            kept[key] = find(loader, name, *args, **options)
        return kept[key]

    return call


def _plugins_found_once(find: t.Any) -> t.Any:
    """Where a plugin with a whole name is."""
    kept: dict[t.Any, t.Any] = {}

    @functools.wraps(find)
    def call(
        loader: t.Any,
        name: str,
        mod_type: str = "",
        ignore_deprecated: bool = False,
        check_aliases: bool = False,
        collection_list: t.Any = None,
    ) -> t.Any:
        if name.count(".") < 2:
            return find(loader, name, mod_type, ignore_deprecated, check_aliases, collection_list)
        key = (loader.package, loader.subdir, name, mod_type, ignore_deprecated, check_aliases)
        if key not in kept:
            kept[key] = find(loader, name, mod_type, ignore_deprecated, check_aliases, collection_list)
        return kept[key]

    return call


@contextlib.contextmanager
def worked_out_once() -> Iterator[None]:
    """Let core find again what it has found before."""
    with (
        mock.patch.object(DataLoader, "__init__", _with_files(DataLoader.__init__)),
        mock.patch.object(DataLoader, "load_from_file", _unpacked(DataLoader.load_from_file)),
        mock.patch.object(Jinja2Loader, "get_with_context", _filters_found_once(Jinja2Loader.get_with_context)),
        mock.patch.object(
            PluginLoader, "find_plugin_with_context", _plugins_found_once(PluginLoader.find_plugin_with_context)
        ),
        mock.patch.object(jinja2.Environment, "compile", _CODE.templates(jinja2.Environment.compile)),
        mock.patch.object(
            jinja2.Environment, "compile_expression", _CODE.expressions(jinja2.Environment.compile_expression)
        ),
    ):
        yield


def forget_files(folder: Path) -> None:
    """Those of a history may change between two commands."""
    for path in [path for path in _FILES if str(path).startswith(str(folder))]:
        del _FILES[path]
        _PACKED.pop(path, None)
