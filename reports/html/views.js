// The frame around the list: summary, tabs, filters, and the views that are no table.
function drawSummary() {
  const t = D.totals;
  const findings = SEVERITIES.map((s) => [s, t.findings[s] || 0]);
  const total = findings.reduce((n, f) => n + f[1], 0);
  byId("summary").replaceChildren(
    tile("credentials", t.credentials, "Credentials", bar([["hard-coded", t.hard_coded], ["history", t.history_only], ["referenced", t.referenced]], "exposure")),
    tile("automations", t.automations, "Automations", el("p", { class: "faint", text: `${D.automations.filter((a) => (a.sc || []).length).length.toLocaleString("en")} on a schedule, ${plural(t.services, "service")}, ${plural(t.owners, "owner")}` })),
    tile("findings", total, "Findings", total ? bar(findings, "severity") : el("p", { class: "faint", text: D.judged ? "No violation of a policy" : "Policy was not applied" })),
    tile("literals", t.literals, "Hard-coded places", el("p", { class: "faint", text: placesText(t) })),
    tile("coverage", t.files, "Files looked at", el("p", { class: D.coverage.complete ? "faint" : "warn", text: D.coverage.complete ? `${plural(t.sources, "source")}, ${plural(t.commits, "commit")}` : "Not everything could be read" })));
  byId("meta").textContent = [D.client ? "For " + D.client : "", D.time ? "as of " + D.time.slice(0, 10) : "", plural(t.sources, "source")].filter(Boolean).join(" · ");
}

function placesText(t) {
  const past = D.literals.filter((l) => T(l.st) === "history").length;
  const held = `${t.suppressed.toLocaleString("en")} more held to be no secret`;
  return past ? `${(t.literals - past).toLocaleString("en")} today, ${past.toLocaleString("en")} only in the history; ${held}` : held;
}

function tile(view, n, title, below) {
  return el("button", { type: "button", class: "tile", onclick: () => change({ view }) },
    el("span", { class: "big", text: n.toLocaleString("en") }), el("span", { class: "tile-title", text: title }), below);
}

// bar is a stacked bar with a legend in words.
function bar(parts, kind) {
  const total = Math.max(1, parts.reduce((n, p) => n + p[1], 0));
  const rects = [];
  let x = 0;
  for (const [name, n] of parts) {
    if (!n) continue;
    const w = Math.max(2, (n / total) * 100);
    const r = svg("rect", { x: x.toFixed(2), y: 0, width: Math.max(1, w - 0.6).toFixed(2), height: 6, class: kind });
    r.dataset.value = name;
    rects.push(r);
    x += w;
  }
  return el("span", { class: "stack" }, svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" }, ...rects),
    el("span", { class: "legend" }, ...parts.filter((p) => p[1]).map(([name, n]) => el("span", {}, String(n) + " ", badge(kind, name)))));
}

let shownTab = VIEWS[0].id; // a narrow page has room for some tabs only

function drawTabs() {
  byId("tabs").replaceChildren(...VIEWS.map((v) => {
    const n = filtered[v.id] ? filtered[v.id].length : undefined;
    const on = state.view === v.id;
    return el("button", { type: "button", role: "tab", id: "tab-" + v.id, "aria-selected": on ? "true" : "false", "aria-controls": "list", tabindex: on ? 0 : -1,
      onclick: () => change({ view: v.id }), onkeydown: tabKeys }, v.title, n === undefined ? "" : el("span", { class: "n", text: String(n) }));
  }));
  byId("list").setAttribute("aria-labelledby", "tab-" + state.view);
  if (shownTab !== state.view) byId("tabs").scrollLeft = byId("tab-" + state.view).offsetLeft - 60;
  shownTab = state.view;
}

function tabKeys(e) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!step) return;
  e.preventDefault();
  const i = VIEWS.findIndex((v) => v.id === state.view);
  change({ view: VIEWS[(i + step + VIEWS.length) % VIEWS.length].id });
  byId("tab-" + state.view).focus();
}

// The filters are made once and keep their elements; what they offer follows the search.
const facetBoxes = FACETS.map((f) => {
  const select = el("select", { id: "facet-" + f.id, onchange: (e) => setFacet(f.id, e.target.value) });
  return { select, box: el("label", { class: "facet" }, el("span", { text: f.title }), select), order: f.id === "severity" ? SEVERITIES : f.id === "exposure" ? EXPOSURES : [] };
});
const clearButton = el("button", { type: "button", class: "clear", id: "clear", text: "Clear", onclick: clearAll });
byId("facets").replaceChildren(...facetBoxes.map((b) => b.box), clearButton);

function drawFacets() {
  FACETS.forEach((f, k) => {
    const { select, box, order } = facetBoxes[k];
    const counts = filtered.counts[k];
    const want = state.facets[f.id] || "";
    if (want && !counts.has(want)) counts.set(want, 0);
    const values = [...counts.keys()].sort((a, b) => rank(order, a) - rank(order, b) || counts.get(b) - counts.get(a) || (a < b ? -1 : 1)).slice(0, 300);
    select.replaceChildren(el("option", { value: "", text: "any" }), ...values.map((v) => el("option", { value: v, text: `${v} (${counts.get(v)})` })));
    select.value = want;
    box.className = want ? "facet on" : "facet";
  });
  clearButton.hidden = !(state.q || Object.keys(state.facets).length);
}

function setFacet(id, value) {
  const facets = { ...state.facets };
  if (value) facets[id] = value; else delete facets[id];
  change({ facets });
}

function clearAll() {
  byId("search").value = "";
  change({ q: "", facets: {} });
  byId("search").focus();
}

// Findings stand in groups, one for each rule, the worst first; a long group shows more when it is asked to.
const GROUP = 8;
const opened = new Map(); // rule -> how many of its findings are shown

function drawFindings() {
  const groups = new Map();
  for (const f of filtered.findings) {
    if (!groups.has(f.r)) groups.set(f.r, []);
    groups.get(f.r).push(f);
  }
  byId("list").replaceChildren(groups.size ? el("div", { class: "cards frame findings", tabindex: 0 }, el("h2", { class: "sr", text: "Findings" }),
    ...[...groups].map(([rule, all]) => findingGroup(rule, all)))
    : el("p", { class: "empty", text: D.findings.length ? "Nothing matches. Clear the search or a filter." : D.judged ? "No violation of a policy was found in what was looked at." : "Policy was not applied to this map." }));
}

function findingGroup(rule, all) {
  const shown = Math.max(GROUP, opened.get(rule) || 0);
  const name = T(rule).replaceAll("-", " ");
  const group = section(name.charAt(0).toUpperCase() + name.slice(1), all.length, el("div", { class: "group" }, ...all.slice(0, shown).map((f) => {
    const card = findingCard(f);
    if (f.c >= 0) card.append(credentialLink(f.c));
    return card;
  })));
  if (all.length > shown) {
    const next = Math.min(100, all.length - shown);
    group.append(el("button", { type: "button", class: "clear", text: `Show ${next} more of ${all.length - shown}`, onclick: () => {
      opened.set(rule, shown + next);
      const more = findingGroup(rule, all);
      group.replaceWith(more);
      const card = more.querySelectorAll(".finding")[shown];
      card.tabIndex = -1;
      card.focus();
    } }));
  }
  return group;
}

function credentialLink(i) {
  const c = D.credentials[i];
  return el("button", { type: "button", class: "link", onclick: () => choose(c) }, el("span", { class: "label", text: c.l }), " " + T(c.n));
}

function drawCoverage() {
  const c = D.coverage;
  const table = (title, heads, rows) => (rows.length ? section(title, rows.length, el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, el("table", { class: "plain" },
    el("thead", {}, el("tr", {}, ...heads.map((h, i) => el("th", { scope: "col", class: typeof rows[0][i] === "number" ? "number" : "", text: h })))),
    el("tbody", {}, ...rows.slice(0, 1000).map((r) => el("tr", {}, ...r.map((x) => el("td", { class: typeof x === "number" ? "number" : "", text: typeof x === "number" ? x.toLocaleString("en") : String(x) })))))))) : "");
  byId("list").replaceChildren(el("div", { class: "cards frame coverage", tabindex: 0 },
    el("h2", { class: "sr", text: "Coverage" }),
    el("p", { class: c.complete ? "notice" : "notice bad", text: c.complete ? "Everything that should have been read was read." : "Not everything that should have been read could be read: see below." }),
    el("p", { class: "faint", text: "“No reference found” in this report means: none in the sources listed here. It never means that a credential is unused or safe to delete." }),
    table("Sources", ["Source", "Revision", "Files", "Commits", "Branches", "Contents"], c.sources.map((s) => [s.id, s.revision.slice(0, 12), s.files, s.commits, s.branches, s.blobs])),
    table("Could not be read", ["Source", "What", "Reason"], c.unreadable.map((u) => [u.source, u.what, u.reason])),
    table("Left out by choice", ["Source", "Reason", "Count", "For example"], c.skipped.map((s) => [s.source, s.reason, s.count, s.path])),
    table("Held to be no secret", ["Source", "Reason", "Count"], c.suppressed.map((s) => [s.source, s.reason, s.count])),
    c.notes.length ? section("Notes", undefined, el("ul", {}, ...c.notes.map((n) => el("li", { text: n })))) : ""));
}
