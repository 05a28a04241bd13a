# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No part of a URL that may give access is shown, however it is written."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.urls import (
    shown_url,
    url_secrets,
    without_urls,
)
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._upgrade.install import (
    download_said,
    installer_absent,
)
from hypothesis import given
from hypothesis import strategies as st

_parts = st.text(st.sampled_from("abcXYZ019-._~%41:;=&/?#@+!$'()*, \u79d8"), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://download.example.com/ras.msi", "https://download.example.com/ras.msi"),
        ("https://download.example.com/ras.msi?sig=x", "https://download.example.com/ras.msi?..."),
        ("https://user:word@download.example.com/ras.msi", "https://...@download.example.com/ras.msi"),
        ("https://user:w@rd@host/ras.msi#part", "https://...@host/ras.msi#..."),
        ("https://user:wo/rd@host/ras.msi?x", "https://...@host/ras.msi?..."),
        ("https://user:wo?rd@host/ras.msi", "https://?..."),
        ("https://host/ras.msi?mail=a@b", "https://?..."),
        ("user:word@host/ras.msi", "user:...@host/ras.msi"),
        ("/srv/installers/ras.msi", "/srv/installers/ras.msi"),
        ("C:\\installers\\ras.msi", "C:\\installers\\ras.msi"),
        ("", ""),
    ],
)
def test_as_much_as_is_shown(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@given(user=_parts, query=_parts)
def test_neither_user_nor_query_is_shown(user: str, query: str) -> None:
    marked = f"Kq7{user}zW3", f"Pm4{query}tR8"
    for url in (
        f"https://{marked[0]}@host.example.com/ras.msi?{marked[1]}",
        f"https://{marked[0]}@host.example.com/ras.msi",
        f"https://host.example.com/ras.msi?{marked[1]}",
    ):
        texts = [shown_url(url)]
        if not set(url) & set("' "):
            texts.append(without_urls(f"Error downloading '{url}' to 'C:\\\\ras.msi'"))
        for marker in ("Kq7", "zW3", "Pm4", "tR8"):
            assert not any(marker in text for text in texts)
        whole = " ".join(url_secrets(url))
        assert all(marker in whole for marker in ("Kq7", "Pm4") if marker in url)


@pytest.mark.parametrize("written", [str, str.upper, lambda text: text.replace("%2B", "+").replace("%27", "'")])
def test_what_a_download_says_of_its_address_is_not_shown(written: t.Callable[[str], str]) -> None:
    url = "https://fetcher:Kq7%2Baccess%27word@host.example.com/ras.msi?sig=Pm4%2Bsignature"
    said = f"The server said that {written('fetcher:Kq7%2Baccess%27word')} and {written('Pm4%2Bsignature')} are wrong."
    failure = installer_absent(url, download_said(url, said))
    assert "are wrong" in failure.message
    assert "https://...@host.example.com/ras.msi?..." in failure.message
    for marker in ("kq7", "word", "pm4", "signature"):
        assert marker not in failure.message.casefold()
