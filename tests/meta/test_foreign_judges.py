# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's programs read what a drift check writes, and judge our own validator of it."""

from __future__ import annotations

import copy
import itertools
import json
import re
import socket
import subprocess
import time
import typing as t
import urllib.request
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.schema import problems
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.levels import VERDICTS
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.markdown import render_markdown
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.prometheus import render_prometheus
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._drift.rules import INPUTS, STATES
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._drift.reports import RENDERERS, schema
from ansible_collections.fleetops.parallels_ras.tests.unit.support.fleet_report import (
    NASTY,
    read,
    report_of,
    rich_report,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped
from markdown_it import MarkdownIt
from markdown_it.token import Token
from prometheus_client.parser import text_string_to_metric_families

from meta.repo import ROOT

DATA: t.Final = ROOT / "tests" / "unit" / "data"
# One of each type, and texts that no enumeration holds.
FEW: t.Final = (None, True, "no such word")
STRANGERS: t.Final = (*FEW, False, 0, 1, -7, 2.5, "", [], ["x"], {}, {"no_such_field": 1})
Place = tuple[str | int, ...]


@pytest.fixture(scope="module", name="library")
def _library() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


class TestSchema:
    """jsonschema judges the schema, the report that all formats are made from, and our own validator."""

    def test_the_report_of_record_fits(self, library: jsonschema.Draft202012Validator) -> None:
        report = json.loads((DATA / "drift_report.json").read_text("utf-8"))
        assert list(library.iter_errors(report)) == []

    @pytest.mark.parametrize("strangers", [FEW, pytest.param(STRANGERS, marks=pytest.mark.full)], ids=["few", "all"])
    def test_our_validator_has_the_same_verdict_of_every_broken_report(
        self, library: jsonschema.Draft202012Validator, strangers: tuple[t.Any, ...]
    ) -> None:
        report = _smaller(rich_report())
        assert library.is_valid(report)
        tried, refused = 0, 0
        for place, broken in _broken(report, strangers):
            ours = next(problems(broken, schema()), None)
            assert library.is_valid(broken) is (ours is None), (place, ours)
            tried, refused = tried + 1, refused + (ours is not None)
        # Some strangers fit where they are put. That most do not shows that both look everywhere.
        assert tried > 500
        assert refused > tried * 0.8


def _smaller(report: t.Any) -> t.Any:
    """The same with one item in each list: every kind of field is still there."""
    if isinstance(report, dict):
        return {name: _smaller(value) for name, value in report.items()}
    return [_smaller(value) for value in report[:1]] if isinstance(report, list) else report


def _broken(report: t.Any, strangers: tuple[t.Any, ...]) -> t.Iterator[tuple[Place, t.Any]]:
    """The report with one field taken away, one added, or a stranger in the place of a value."""
    work = copy.deepcopy(report)
    for place in list(_places(work)):
        *above, last = place
        holder = work
        for part in above:
            holder = holder[part]
        kept = holder[last]
        for stranger in strangers:
            holder[last] = stranger
            yield place, work
        if isinstance(holder, dict):
            order = list(holder)
            del holder[last]
            yield (*place, "missing"), work
            holder[last] = kept
            # As it was, the order of the fields too.
            for name in order:
                holder[name] = holder.pop(name)
        holder[last] = kept
        if isinstance(kept, dict):
            kept["no_such_field"] = 1
            yield (*place, "added"), work
            del kept["no_such_field"]
    assert work == report


def _places(value: t.Any, above: Place = ()) -> t.Iterator[Place]:
    """Where the values of a report are; of the items of a list only the first."""
    items: t.Iterable[tuple[str | int, t.Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value[:1]))
    for name, item in items:
        yield (*above, name)
        yield from _places(item, (*above, name))


class TestJUnit:
    """junitparser reads the file as CI systems do."""

    def test_sums_and_ends_of_cases(self) -> None:
        report = rich_report()
        suites = JUnitXml.fromstring(RENDERERS["junit"](report).encode())
        cases = [case for suite in suites for case in suite]
        ends = {kind: [case for case in cases if isinstance(_end(case), kind)] for kind in (Error, Failure, Skipped)}
        assert (suites.tests, suites.errors, suites.failures, suites.skipped) == (
            len(cases),
            *(len(ends[kind]) for kind in (Error, Failure, Skipped)),
        )
        unread = {farm["farm"] for farm in report["farms"] if farm["failure"]}
        unwanted = {(row["farm"], row["rule"]) for row in report["findings"] if row["rule"] in INPUTS}
        ended = {(case.classname.split(".")[1], case.name) for case in ends[Error]}
        assert unwanted
        assert {farm for farm, _rule in ended - unwanted} == unread
        assert unwanted <= ended
        said = {
            (finding["organization"], finding["farm"], finding["rule"])
            for finding in report["findings"]
            if finding["severity"] == "error" and not finding["waived"] and finding["farm"] not in unread
            if finding["rule"] not in INPUTS
        }
        assert {(*_names(case.classname), case.name) for case in ends[Failure]} == said
        for case in ends[Failure] + ends[Error]:
            assert _end(case).message

    def test_what_a_farm_says_comes_back_as_text(self) -> None:
        suites = JUnitXml.fromstring(RENDERERS["junit"](rich_report()).encode())
        (case,) = [case for suite in suites for case in suite if (_names(case.classname)[1], case.name) == NAHA]
        # XML cannot carry the last character.
        assert NASTY[:-1] in str(case.system_out)


NAHA: t.Final = ("naha", "needs_attention")


def _end(case: t.Any) -> t.Any:
    """How a case ended; None for one that passed."""
    assert len(case.result) <= 1
    return case.result[0] if case.result else None


def _names(classname: str) -> tuple[str, str | None]:
    organization, _dot, farm = classname.partition(".")
    return organization, farm or None


class TestPrometheus:
    """prometheus_client and the collector of the node exporter itself read the text."""

    def test_every_sample_belongs_to_a_described_family(self) -> None:
        families = list(text_string_to_metric_families(RENDERERS["prometheus"](rich_report())))
        assert len({family.name for family in families}) == len(families) >= 8
        for family in families:
            assert family.type == "gauge", family.name
            assert family.documentation.endswith(".")
            assert family.samples
            assert {sample.name for sample in family.samples} == {family.name}
            labels = [tuple(sorted(sample.labels.items())) for sample in family.samples]
            assert len(set(labels)) == len(labels), family.name

    def test_values(self) -> None:
        report = rich_report()
        values = _values(RENDERERS["prometheus"](report))
        assert {key[1]: value for key, value in values.items() if key[0] == "ras_drift_verdict"} == {
            (("report", "drift"), ("verdict", name)): float(name == "error") for name in VERDICTS
        }
        states = {dict(labels)["farm"]: dict(labels)["state"] for name, labels in values if name == "ras_farm_state"}
        assert states == {farm["farm"]: farm["state"] for farm in report["farms"]}
        assert set(states.values()) <= set(STATES)

    def test_a_name_that_must_be_escaped_comes_back(self) -> None:
        odd = 'a"b\\c\nd, {e="f"} 東京'
        values = _values(RENDERERS["prometheus"](report_of([read(odd)], waivers=())))
        assert {dict(labels)["farm"] for _name, labels in values if "farm" in dict(labels)} == {odd}


class TestNodeExporter:
    """The program of Prometheus, as Debian packages it, reads the files of a folder."""

    def _read(self, unpacked: t.Callable[[str], Path], folder: Path) -> tuple[str, str]:
        """What it exports, and what it says about the files."""
        program = unpacked("prometheus-node-exporter") / "usr" / "bin" / "prometheus-node-exporter"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        command = [program, "--collector.disable-defaults", "--collector.textfile", f"--web.listen-address={address}"]
        log = folder.parent / "log"
        with log.open("w") as output:
            exporter = subprocess.Popen([*command, f"--collector.textfile.directory={folder}"], stderr=output)
        try:
            for _attempt in range(100):
                try:
                    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
                        return answer.read().decode(), log.read_text("utf-8")
                except OSError:
                    time.sleep(0.05)
            raise AssertionError(log.read_text("utf-8"))
        finally:
            exporter.terminate()
            exporter.wait(10)

    @pytest.mark.parametrize("second", ["day", "night"])
    def test_two_reports_in_one_folder(self, unpacked: t.Callable[[str], Path], tmp_path: Path, second: str) -> None:
        """The same farms twice, the same time and verdict. With one label for both, they would cost each other."""
        folder = tmp_path / "textfile"
        folder.mkdir()
        odd = 'a"b\\c\nd, {e="f"} 東京 \r\t\x07' + "x" * 500
        report = rich_report() if second == "night" else report_of([read(odd), read("tokyo")], waivers=())
        for name, label in (("night.prom", "night.prom"), (f"{second}.2.prom", f"{second}.prom")):
            (folder / name).write_text(render_prometheus(report, label), encoding="utf-8", newline="\n")
        text, said = self._read(unpacked, folder)
        ours = [line for line in text.split("\n") if line.startswith(("ras_farm", "ras_drift"))]
        wanted = {
            line for line in render_prometheus(report, "night.prom").split("\n") if line and not line.startswith("#")
        }
        if second == "night":
            # The control: these two collide, and that is what it looks like.
            assert "was collected before with the same name and label values" in said
            return
        assert "collected before" not in said
        assert "level=error" not in said
        assert "node_textfile_scrape_error 0" in text
        assert len(ours) == len(set(ours)) == 2 * len(wanted)
        values = _values("\n".join(line for line in text.split("\n") if "ras_" in line) + "\n")
        for label in ("night", second):
            expected = _values(render_prometheus(report, f"{label}.prom"))
            assert {key: value for key, value in values.items() if ("report", label) in key[1]} == expected


class TestMarkdown:
    """markdown-it renders the tables of GFM; what reads its text afterwards is modeled after GitHub and GitLab."""

    # What becomes a link, a mention or a picture in the text of a page, outside of code.
    FINDS: t.Final = re.compile(
        r"(?<![\w/])@[\w-]|[\w.+-]@[\w-]+\.\w|(?:https?|ftp)://|www\.\w|(?:mailto|xmpp):\S|:[\w+-]+:|[#!~%$&^][\w\"{]"
        r"|\bGH-\d|\b[A-Z]+-\d|\b[0-9a-f]{7,40}\b",
        re.IGNORECASE,
    )
    WORDS: t.Final = st.sampled_from(
        "@all a@b.example https://e.example www.e.example http :// @ : www. :smile: fe80:ab:cd:1 fe80::1 #1 !2 GH-1 "
        "J-12 deadbeef %1 ~b ^c ![x](y) [x](y) [x]: y <img src=x> <!-- &#64;all &commat;x ` `` ``` | \\ \\| \\` *a* "
        "__a__ ~~a~~ $x$ $`x`$ - + 1. 1) > # --- === a 東京 \u202e \n \n\n \t \u2028".split(" ")
    )

    @given(st.lists(st.tuples(st.sampled_from(["", " "]), WORDS | st.text(max_size=2)), max_size=12))
    @example([("", "`"), ("", "|"), ("", "`"), ("", "@all")])
    @settings(max_examples=300, deadline=None)
    def test_texts_of_farms_are_shown_and_mean_nothing(self, parts: list[tuple[str, str]]) -> None:
        text = "".join(blank + word for blank, word in parts)
        report = {**report_of([read("tokyo")], waivers=()), "verdict": "ok"}
        shown = render_markdown({**report, "failure": {"message": text, "remedy": "x"}, "selected": [text]})
        farm = {**report["farms"][0], "farm": text, "organization": text}
        shown += "\n" + render_markdown({**report, "selected": [farm]})
        tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(shown)
        inline = [child for token in tokens for child in token.children or ()]
        kinds = {token.type for token in [*tokens, *inline]}
        assert kinds <= KNOWN, kinds - KNOWN
        for token in inline:
            if token.type == "text":
                assert not self.FINDS.search(token.content), token.content
        head, row = (cells for cells in _rows(tokens) if len(cells) == 7)
        assert head[0] == "farm"
        printable = "".join(char if char.isprintable() else " " for char in text)
        for cell in row[:2]:
            # Blanks were put into commands of CI systems.
            assert re.sub(r"\s", "", cell) == re.sub(r"\s", "", printable)


KNOWN: t.Final = frozenset(
    "inline text code_inline softbreak paragraph_open paragraph_close heading_open heading_close strong_open "
    "strong_close table_open table_close thead_open thead_close tbody_open tbody_close tr_open tr_close th_open "
    "th_close td_open td_close bullet_list_open bullet_list_close list_item_open list_item_close".split()
)


def _rows(tokens: t.Sequence[Token]) -> list[list[str]]:
    """The cells of all rows, as a reader sees them."""
    rows: list[list[str]] = []
    for before, token in itertools.pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if token.type == "inline" and before.type in ("td_open", "th_open"):
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def _values(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_file_of_record_is_what_is_judged_here() -> None:
    """The golden files are of the same report: what the judges say holds for them."""
    for name, file in (("junit", "drift_report.xml"), ("prometheus", "drift_report.prom")):
        assert Path(DATA / file).read_text("utf-8") == RENDERERS[name](rich_report())
