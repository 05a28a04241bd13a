# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian's browser without a screen, driven by Playwright: it opens files, and whatever else it asks for is noted."""

from __future__ import annotations

import contextlib
import tempfile
import typing as t

from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

COMMAND: t.Final = "chromium-headless-shell"
PACKAGE: t.Final = "chromium-headless-shell"
_ARGUMENTS: t.Final = [
    # The sandbox refuses to run as root, which tests in a container do; what is opened is our own file.
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@contextlib.contextmanager
def browser() -> t.Iterator[BrowserContext]:
    """A browser with an empty profile.

    :raises playwright.sync_api.Error: when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="ras-browser-") as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=f"/usr/bin/{COMMAND}",
            args=_ARGUMENTS,
            locale="en-GB",
            timezone_id="UTC",
            viewport={"width": 1280, "height": 900},
        )
        try:
            yield context
        finally:
            context.close()


class Seen:
    """What a page did beside showing itself.

    :ivar requests: URLs that were asked for, also those that the policy of the page forbade.
    :ivar sent: URLs that would have left the browser; none of them was let through but files.
    :ivar complaints: errors and warnings of the console, and exceptions of scripts.
    """

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.sent: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.route("**/*", self._only_files)

    def _only_files(self, route: Route) -> None:
        self.sent.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()
