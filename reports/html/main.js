// Draws the page and listens.
let later = 0;

// draw draws all that the state says. While somebody types, what the filters offer is drawn when the rows are.
function draw(typing) {
  filter();
  drawTabs();
  drawList();
  drawDetail();
  drawStatus();
  clearTimeout(later);
  if (typing) later = setTimeout(drawFacets, 0);
  else drawFacets();
}

function drawList() {
  const list = byId("list");
  const key = JSON.stringify([state.view, state.q, state.sort, state.down, state.facets]);
  if (list.querySelector(".frame") && list.dataset.key === key) { markChosen(); return; }
  list.dataset.key = key;
  switch (state.view) {
    case "credentials": drawTable("credentials", filtered.credentials, choose, (c) => c.l === state.chosen); break;
    case "automations": drawTable("automations", filtered.automations, chooseAutomation, (a) => a.index === state.automation); break;
    case "literals": drawTable("literals", filtered.literals, (l) => { if (l.c >= 0) choose(D.credentials[l.c]); }, () => false); break;
    case "findings": drawFindings(); break;
    case "calendar": drawCalendar(); break;
    case "coverage": drawCoverage(); break;
  }
}

// markChosen moves the mark in a table that stays as it is.
function markChosen() {
  for (const row of byId("list").querySelectorAll("tr[data-row]")) {
    row.setAttribute("aria-selected", table.isChosen(table.rows[Number(row.dataset.row)]) ? "true" : "false");
  }
}

function choose(c) {
  const sort = state.view === "credentials" ? {} : { sort: "powers", down: true };
  change({ view: "credentials", chosen: c.l, automation: -1, path: "", ...sort });
  byId("detail-title").focus({ preventScroll: true });
}

function chooseAutomation(a) {
  const sort = state.view === "automations" ? {} : { sort: "needs", down: true };
  change({ view: "automations", automation: a.index, chosen: "", path: "", ...sort });
  byId("detail-title").focus({ preventScroll: true });
}

function drawStatus() {
  const all = { credentials: D.credentials.length, automations: D.automations.length, findings: D.findings.length, literals: D.literals.length, calendar: D.calendar.length }[state.view];
  byId("status").textContent = all === undefined ? "" : `${filtered[state.view].length.toLocaleString("en")} of ${all.toLocaleString("en")}`;
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
    else if (!byId("detail").hidden) closeDetail();
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

byId("search").addEventListener("input", (e) => change({ q: e.target.value }, true));
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
