# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report in a real browser: it sorts, filters, fits, prints, asks for nothing; axe-core finds nothing serious.

One browser for all tests, and one page for each report: starting a browser costs more than all that is looked at.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.dates import read_date
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.report import give_verdict, Report
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.html_page import render_html
from ansible_collections.fleetops.parallels_ras.tests.harness.browser import browser, COMMAND, PACKAGE, Seen
from ansible_collections.fleetops.parallels_ras.tests.unit.support.builders import active, TODAY
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import (
    failed,
    machines,
    read,
    report_of,
    rich_report,
)
from playwright.sync_api import BrowserContext, expect, Locator, Page

FARMS: t.Final = 1000
HOSTILE: t.Final = "</script></style><img src=x onerror=\"document.title='owned'\"><b data-x='\"'>&amp;{{ 7*7 }}\u202e"
_VERSIONS: t.Final = ("21.2.1.27306", "20.2.0.26050", "9.10.0.1")


def _large() -> Report:
    """A thousand farms in an order of their own; each tenth is not read, each seventh deviates."""
    records = []
    for number in range(FARMS):
        name = f"farm-{(number * 7) % FARMS}"
        if number % 10 == 0:
            records.append(failed(name, "api_unreachable", "The farm's API cannot be reached."))
            continue
        ends = TODAY + dt.timedelta(days=(number * 13) % 700 - 20)
        changes = {"account_email": f"team{number % 5}@example.net"} if number % 7 == 0 else {}
        license = active(expires=read_date(ends.strftime("%d/%m/%Y")), **changes)
        records.append(read(name, license, machines(name, _VERSIONS[number % 3])))
    report = report_of(records, waivers=())
    give_verdict(report, True)
    return report


@pytest.fixture(name="context", scope="module")
def _context(needs_command: Callable[[str, str], None]) -> Iterator[BrowserContext]:
    needs_command(COMMAND, PACKAGE)
    # Machines are busy; a test that fails may wait.
    expect.set_options(timeout=60_000)
    with browser() as context:
        context.set_default_timeout(60_000)
        yield context


class Opened(t.NamedTuple):
    """A report in a page of its own."""

    page: Page
    seen: Seen
    url: str


def _opened(context: BrowserContext, path: Path, report: Report) -> Opened:
    path.write_text(render_html(report), encoding="utf-8")
    page = context.new_page()
    seen = Seen(page)
    page.goto(path.as_uri())
    return Opened(page, seen, path.as_uri())


@pytest.fixture(name="large", scope="module")
def _large_page(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return _opened(context, tmp_path_factory.mktemp("large") / "drift.html", _large())


@pytest.fixture(name="rich", scope="module")
def _rich_page(context: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return _opened(context, tmp_path_factory.mktemp("rich") / "drift.html", rich_report())


def _column(page: Page, number: int) -> list[str]:
    """The keys of a column, in the order of the rows."""
    return t.cast(
        "list[str]",
        page.evaluate(
            "n => [...document.querySelectorAll('#farm-table tbody tr')].map(r => "
            "r.cells[n].dataset.v ?? r.cells[n].querySelector('.name').textContent)",
            number,
        ),
    )


def _head(page: Page, name: str) -> Locator:
    """The button that sorts by a column."""
    return page.locator("#farm-table thead button").filter(has_text=name)


def test_a_thousand_farms_are_there(large: Opened) -> None:
    expect(large.page.locator("#farm-table tbody tr")).to_have_count(FARMS)
    expect(large.page.locator("#filter-count")).to_have_text(f"{FARMS} of {FARMS} farms")
    # Large groups of findings begin folded, and open for who follows a link to them.
    fold = large.page.locator("#rule-unreachable")
    expect(fold).not_to_have_attribute("open", "")
    large.page.locator("a[href='#rule-unreachable']").first.click()
    expect(fold).to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("name", "number", "key"),
    [
        ("Farm", 0, lambda text: int(text.removeprefix("farm-"))),
        ("Ends", 4, int),
        ("Version", 5, lambda text: [int(part) for part in text.split(".")]),
    ],
)
def test_columns_sort_as_what_they_are(large: Opened, name: str, number: int, key: Callable[[str], t.Any]) -> None:
    """farm-9 before farm-10, 9.10 before 20.2, days as numbers; what is not known comes last both ways."""
    page = large.page
    header = page.locator("#farm-table thead th").filter(has_text=name)
    button = _head(page, name)
    for turn, direction in enumerate(("ascending", "descending")):
        button.focus()
        page.keyboard.press("Enter" if turn == 0 else "Space")
        expect(header).to_have_attribute("aria-sort", direction)
        column = _column(page, number)
        known = [text for text in column if text]
        assert column == known + [""] * (FARMS - len(known))
        assert [key(text) for text in known] == sorted((key(text) for text in known), reverse=turn == 1)
        assert len(set(known)) > 2
    assert page.locator("#farm-table [aria-sort]").count() == 1
    expect(page.locator("#filter-count")).to_contain_text(f"sorted by {name.lower()}, descending")


def test_the_worst_state_comes_first(rich: Opened) -> None:
    _head(rich.page, "State").click()
    states = rich.page.eval_on_selector_all("#farm-table tbody tr", "rows => rows.map(row => row.dataset.state)")
    assert states[0] == "error"
    assert states[-1] == "ok"
    assert states.index("unmanaged") > states.index("unreachable")


def test_filters_by_text_and_by_state(large: Opened) -> None:
    page = large.page
    status, rows = page.locator("#filter-count"), page.locator("#farm-table tbody tr:visible")
    find, state = page.locator("#filter-text"), page.locator("#filter-state")
    find.fill("TEAM3@example.net  9.10")
    expected = [n for n in range(FARMS) if n % 7 == 0 and n % 10 and n % 5 == 3 and n % 3 == 2]
    expect(rows).to_have_count(len(expected))
    expect(status).to_contain_text(f"{len(expected)} of {FARMS} farms")
    assert expected
    find.fill("")
    state.select_option("unreachable")
    expect(rows).to_have_count(FARMS // 10)
    assert state.locator("option:checked").text_content() == f"unreachable ({FARMS // 10})"
    find.fill("nothing is called so")
    expect(status).to_contain_text(f"0 of {FARMS} farms")
    find.press("Escape")
    expect(rows).to_have_count(FARMS)


def test_controls_have_names(rich: Opened) -> None:
    """As a screen reader hears them: the arrow of a button is no part of its name, and what changes is announced."""
    page = rich.page
    for name in ("Farm", "State", "Ends", "Findings"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Find")).to_have_attribute("id", "filter-text")
    expect(page.get_by_role("combobox", name="State")).to_have_attribute("id", "filter-state")
    expect(page.get_by_role("status")).to_have_attribute("aria-live", "polite")
    for name in ("banner", "navigation", "main", "contentinfo"):
        expect(page.get_by_role(t.cast("t.Literal['main']", name))).to_have_count(1)


# The schemes differ in colors only, so the second look is at colors.
@pytest.mark.parametrize(("scheme", "options"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})])
def test_axe_finds_nothing_serious(
    rich: Opened, scheme: t.Literal["light", "dark"], options: dict[str, list[str]]
) -> None:
    page = rich.page
    page.emulate_media(color_scheme=scheme)
    page.evaluate(importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("options => axe.run(document, {resultTypes: ['violations'], ...options})", options)
    page.emulate_media(color_scheme=None)
    assert found["passes"], "axe-core looked at nothing"
    serious = [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_light_and_dark_differ(rich: Opened) -> None:
    colors = []
    for scheme in ("light", "dark"):
        rich.page.emulate_media(color_scheme=t.cast("t.Literal['light', 'dark']", scheme))
        colors.append(rich.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    rich.page.emulate_media(color_scheme=None)
    assert colors == ["rgb(246, 245, 241)", "rgb(20, 24, 29)"]


@pytest.mark.parametrize("width", [320, 375, 800, 1280])
def test_no_width_makes_the_page_scroll_sideways(rich: Opened, width: int) -> None:
    page = rich.page
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        "width => [...document.querySelectorAll('td, th, p, h1, h2, h3')]"
        ".filter(e => !e.closest('.hidden, thead') && e.getBoundingClientRect().right > width + 1).length",
        width,
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    assert outside == 0


def test_on_paper_everything_is_open_and_nothing_is_a_control(large: Opened) -> None:
    page = large.page
    folded = page.locator("#rule-account_mismatch")
    expect(folded).not_to_have_attribute("open", "")
    page.emulate_media(media="print")
    # The table of a folded group takes room on paper.
    assert page.evaluate("document.querySelector('#rule-account_mismatch table').getBoundingClientRect().height") > 100
    for selector in (".filter", ".menu", ".skip"):
        expect(page.locator(selector)).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator(".filter")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(rich: Opened) -> None:
    page = rich.page
    page.goto(rich.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_what_a_farm_is_called_stays_text(context: BrowserContext, tmp_path: Path) -> None:
    hostile = active(account_email=f"{HOSTILE}@example.com", account_company=HOSTILE, alert_message=HOSTILE)
    report = report_of([read(HOSTILE, hostile, organization=HOSTILE), failed(HOSTILE + "2", "bad_answer", HOSTILE)])
    give_verdict(report, True)
    opened = _opened(context, tmp_path / "hostile.html", report)
    names = opened.page.locator("#farm-table .name").all_text_contents()
    # What would turn the direction of the text that follows is shown as what it is: no letter.
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert sorted(names) == sorted([shown, shown + "2"])
    assert opened.page.locator("img, b[data-x]").count() == 0
    assert opened.page.locator("script").count() == 1
    assert "owned" not in opened.page.title()
    assert opened.seen.complaints == []
    assert set(opened.seen.requests) == {opened.url}
    opened.page.close()


def test_the_policy_of_the_page_stops_what_escaping_would_miss(context: BrowserContext, tmp_path: Path) -> None:
    """The second line: markup that got into the file neither runs nor fetches."""
    smuggled = (
        "<img src='https://evil.example/x.png'><script>document.title = 'owned'</script><p style='color: red'></p>"
    )
    path = tmp_path / "smuggled.html"
    path.write_text(render_html(rich_report()).replace("</main>", f"{smuggled}</main>"), encoding="utf-8")
    page = context.new_page()
    seen = Seen(page)
    page.goto(path.as_uri())
    assert page.title() != "owned"
    assert seen.sent == [path.as_uri()]
    assert len([text for text in seen.complaints if "Content Security Policy" in text]) == 3
    page.close()


def test_without_script_everything_is_there(context: BrowserContext, tmp_path: Path) -> None:
    """Nothing is hidden that only the script would show, and nothing looks as if it could be pressed."""
    path = tmp_path / "plain.html"
    text = render_html(_large())
    path.write_text(text[: text.index("<script>")] + "</body></html>", encoding="utf-8")
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("details.finding:not([open])").count() == 0
    assert page.locator("#farm-table tbody tr:visible").count() == FARMS
    assert page.locator("button").count() == 0
    expect(page.locator("#filter")).to_be_hidden()
    page.close()


def test_nothing_but_the_file_was_asked_for_and_nothing_complained(large: Opened, rich: Opened) -> None:
    """The last test: of all that was done above."""
    for opened in (large, rich):
        assert {url.split("#")[0] for url in opened.seen.requests} == {opened.url}
        assert opened.seen.complaints == []
