/* Copyright (c) 2026, FleetOps contributors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 * Sorts and filters the table of farms, and folds long findings. Without it everything is there, and visible. */
"use strict";
(() => {
  const many = 10;
  const details = [...document.querySelectorAll("details")];
  for (const each of document.querySelectorAll("details.finding")) {
    each.open = each.querySelectorAll("tbody tr").length <= many;
  }

  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    if (target.hidden && clear) clear();
    target.scrollIntoView();
  };
  let clear = null;

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = details.filter((each) => !each.open);
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });

  const table = document.getElementById("farm-table");
  if (table) {
    const form = document.getElementById("filter");
    const text = document.getElementById("filter-text");
    const state = document.getElementById("filter-state");
    const count = document.getElementById("filter-count");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({
      row,
      state: row.dataset.state,
      text: row.textContent.toLowerCase(),
      words: row.cells[1].textContent,
    }));
    let order = "";

    const states = new Map();
    for (const each of rows) {
      const known = states.get(each.state);
      states.set(each.state, { words: each.words, number: (known ? known.number : 0) + 1 });
    }
    for (const [value, { words, number }] of states) {
      state.add(new Option(`${words} (${number})`, value));
    }

    const say = (shown) => {
      count.textContent = `${shown} of ${rows.length} farm${rows.length === 1 ? "" : "s"}${order}`;
    };
    const filter = () => {
      const terms = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const each of rows) {
        const fits = (!state.value || each.state === state.value) && terms.every((term) => each.text.includes(term));
        each.row.hidden = !fits;
        if (fits) shown += 1;
      }
      say(shown);
    };
    clear = () => {
      text.value = "";
      state.value = "";
      filter();
    };
    text.addEventListener("input", filter);
    state.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") clear();
    });

    const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
    const valueOf = (row, column, kind) => {
      const cell = row.cells[column];
      const value = cell.dataset.v === undefined ? cell.textContent : cell.dataset.v;
      return value === "" ? null : kind === "number" ? Number(value) : value;
    };
    const heads = [...table.tHead.rows[0].cells];
    const sort = (column) => {
      const head = heads[column];
      const up = head.getAttribute("aria-sort") !== "ascending";
      const kind = head.dataset.sort;
      const compare = kind === "number" ? (a, b) => a - b : collator.compare;
      const keyed = rows.map((each) => ({ row: each.row, key: valueOf(each.row, column, kind) }));
      /* What is not known is last in both directions. */
      keyed.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return up ? compare(a.key, b.key) : compare(b.key, a.key);
      });
      body.append(...keyed.map((each) => each.row));
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      order = `, sorted by ${head.textContent.toLowerCase()}, ${up ? "ascending" : "descending"}`;
      say(rows.filter((each) => !each.row.hidden).length);
    };
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sort(column));
      head.replaceChildren(button);
    });
    form.hidden = false;
    filter();
  }

  addEventListener("hashchange", reveal);
  reveal();
})();
