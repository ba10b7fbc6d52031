// Draws the page and listens.
function draw() {
  filter();
  drawTabs();
  drawFacets();
  drawList();
  drawDetail();
  drawStatus();
}

function drawList() {
  const list = byId("list");
  const kept = list.querySelector(".frame");
  const key = JSON.stringify([state.view, state.q, state.sort, state.down, state.facets]);
  if (kept && list.dataset.key === key) { markChosen(); return; }
  list.dataset.key = key;
  switch (state.view) {
    case "credentials": drawTable("credentials", filtered.credentials, choose, (c) => c.l === state.chosen); break;
    case "automations": drawTable("automations", filtered.automations, openAutomation, () => false); break;
    case "literals": drawTable("literals", filtered.literals, (l) => { if (l.c >= 0) choose(D.credentials[l.c]); }, () => false); break;
    case "findings": drawFindings(); break;
    case "calendar": drawCalendar(); break;
    case "coverage": drawCoverage(); break;
  }
}

// markChosen moves the mark in a table that stays as it is.
function markChosen() {
  const rows = sorted(filtered.credentials, COLUMNS.credentials);
  for (const row of byId("list").querySelectorAll("tr[data-row]")) {
    const c = rows[Number(row.dataset.row)];
    row.setAttribute("aria-selected", state.view === "credentials" && c && c.l === state.chosen ? "true" : "false");
  }
}

function choose(c) {
  const sort = state.view === "credentials" ? {} : { sort: "powers", down: true };
  change({ view: "credentials", chosen: c.l, path: "", node: -1, ...sort });
  byId("detail-title").focus({ preventScroll: true });
}

// openAutomation shows what an automation needs: its one credential, or the list of them.
function openAutomation(a) {
  const needs = a.cr || [];
  if (needs.length === 1) return choose(D.credentials[needs[0]]);
  byId("search").value = T(a.n);
  change({ view: "credentials", q: T(a.n), chosen: "", sort: "powers", down: true });
}

function drawStatus() {
  const all = { credentials: D.credentials.length, automations: D.automations.length, findings: D.findings.length, literals: D.literals.length, calendar: D.calendar.length }[state.view];
  byId("status").textContent = all === undefined ? "" : `${filtered[state.view].length} of ${all}`;
}

function isDark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function drawTheme() {
  byId("theme-button").textContent = isDark() ? "Light" : "Dark";
  byId("theme-button").setAttribute("aria-pressed", isDark() ? "true" : "false");
}

function onKey(e) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);
  if (e.key === "Escape") {
    if (e.target.id === "search" && state.q) { byId("search").value = ""; change({ q: "" }); }
    else if (state.chosen) closeDetail();
    else if (typing) e.target.blur();
  } else if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey) {
    e.preventDefault();
    byId("search").focus();
    byId("search").select();
  } else if (e.key === "ArrowDown" && e.target.id === "search") {
    const row = byId("list").querySelector('tr[tabindex="0"]');
    if (row) { e.preventDefault(); row.focus(); }
  }
}

function restore() {
  readHash();
  byId("detail").dataset.of = "";
  byId("search").value = state.q;
  draw();
}

byId("search").addEventListener("input", (e) => change({ q: e.target.value }));
byId("theme-button").addEventListener("click", () => { document.documentElement.dataset.theme = isDark() ? "light" : "dark"; drawTheme(); });
byId("print-button").addEventListener("click", () => window.print());
addEventListener("beforeprint", drawPrint);
addEventListener("hashchange", restore);
addEventListener("keydown", onKey);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTheme);
drawSummary();
drawTheme();
restore();
document.documentElement.dataset.ready = "true";
