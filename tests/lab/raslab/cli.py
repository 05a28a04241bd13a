# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m raslab up WORLD``: serves a world until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import sys
from pathlib import Path

from aiohttp import web

from raslab.control import Control, CONTROL_PORT
from raslab.lab import RunningLab
from raslab.output import write_files
from raslab.reading import WorldError
from raslab.world import load_world, World


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0 after an orderly stop, 2 for a world that cannot be served."""
    options = _parser().parse_args(arguments)
    try:
        world = load_world(sys.stdin if options.world == "-" else Path(options.world))
    except (WorldError, OSError) as error:
        print(f"raslab: {error}", file=sys.stderr)
        return 2
    return asyncio.run(_serve(world, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="raslab", description="A simulated Parallels RAS world on loopback.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    up = verbs.add_parser("up", help="serve a world until SIGTERM or Ctrl-C")
    up.add_argument("world", metavar="WORLD", help="the world file (YAML); - reads it from standard input")
    up.add_argument("--dir", required=True, type=Path, help="where inventory, vault and lab.json are written")
    up.add_argument("--for", dest="seconds", type=float, help="stop by itself after that many seconds")
    up.add_argument("--parent-pid", type=int, help="stop when this process is gone")
    up.add_argument("--ready-fd", type=int, help="a file descriptor that gets the content of lab.json when it is ready")
    up.add_argument("--quiet", action="store_true", help="do not print a line for each request")
    return parser


async def _serve(world: World, options: argparse.Namespace) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    _raise_file_limit()
    lab = RunningLab(world, None if options.quiet else _say)
    runner = web.AppRunner(Control(lab).application(), access_log=None)
    directory: Path = options.dir.resolve()
    ready = directory / "lab.json"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        ready.unlink(missing_ok=True)
        await lab.start()
        await runner.setup()
        await web.TCPSite(runner, lab.pool.control_address, CONTROL_PORT).start()
        control_url = f"http://{lab.pool.control_address}:{CONTROL_PORT}"
        write_files(lab, directory, control_url)
        _print_table(lab, control_url)
        if options.ready_fd is not None:
            with os.fdopen(options.ready_fd, "wb") as stream:
                stream.write(ready.read_bytes())
        watch = loop.create_task(_watch_parent(options.parent_pid, stopped))
        try:
            await asyncio.wait_for(stopped.wait(), options.seconds)
        except asyncio.TimeoutError:
            pass
        watch.cancel()
    finally:
        ready.unlink(missing_ok=True)
        await runner.cleanup()
        await lab.stop()
    return 0


def _say(line: str) -> None:
    try:
        print(line, flush=True)
    except OSError:
        pass  # nobody reads any more, e.g. a pipe that was closed: that must not touch what the lab answers


def _raise_file_limit() -> None:
    """A fleet of farms under many forks needs more sockets than the usual 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or soft < hard:
        wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def _watch_parent(pid: int | None, stopped: asyncio.Event) -> None:
    """Sets ``stopped`` when the process ``pid`` is gone, so that a killed test run leaves no lab behind."""
    if pid is None:
        return
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        stopped.set()
        return
    except OSError:  # a kernel or a container without pidfd
        while not stopped.is_set():
            await asyncio.sleep(1)
            if not Path(f"/proc/{pid}").exists():
                stopped.set()
        return
    asyncio.get_running_loop().add_reader(descriptor, stopped.set)


def _print_table(lab: RunningLab, control_url: str) -> None:
    rows = lab.table()
    widths = {name: max([len(name), *(len(row[name]) for row in rows)]) for name in ("farm", "host", "address", "url")}
    for row in [{name: name for name in widths}, *rows]:
        print("  ".join(row[name].ljust(width) for name, width in widths.items()).rstrip())
    print(f"control {control_url}", flush=True)
