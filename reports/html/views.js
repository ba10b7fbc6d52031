// The frame around the list: summary, tabs, filters, and the views that are no table.
function drawSummary() {
  const t = D.totals;
  const findings = SEVERITIES.map((s) => [s, t.findings[s] || 0]);
  const total = findings.reduce((n, f) => n + f[1], 0);
  byId("summary").replaceChildren(
    tile("credentials", t.credentials, "Credentials", bar([["hard-coded", t.hard_coded], ["history", t.history_only], ["referenced", t.referenced]], "exposure")),
    tile("automations", t.automations, "Automations", el("p", { class: "faint", text: `${D.automations.filter((a) => (a.sc || []).length).length.toLocaleString("en")} on a schedule, ${plural(t.services, "service")}, ${plural(t.owners, "owner")}` })),
    tile("findings", total, "Findings", total ? bar(findings, "severity") : el("p", { class: "faint", text: D.judged ? "No violation of a policy" : "Policy was not applied" })),
    tile("literals", t.literals, "Hard-coded places", el("p", { class: "faint", text: `${t.suppressed.toLocaleString("en")} more held to be no secret` })),
    tile("coverage", t.files, "Files looked at", el("p", { class: D.coverage.complete ? "faint" : "warn", text: D.coverage.complete ? `${plural(t.sources, "source")}, ${plural(t.commits, "commit")}` : "Not everything could be read" })));
  byId("meta").textContent = [D.client ? "For " + D.client : "", D.time ? "as of " + D.time.slice(0, 10) : "", plural(t.sources, "source")].filter(Boolean).join(" · ");
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

function drawTabs() {
  byId("tabs").replaceChildren(...VIEWS.map((v) => {
    const n = filtered[v.id] ? filtered[v.id].length : undefined;
    const on = state.view === v.id;
    return el("button", { type: "button", role: "tab", id: "tab-" + v.id, "aria-selected": on ? "true" : "false", "aria-controls": "list", tabindex: on ? 0 : -1,
      onclick: () => change({ view: v.id }), onkeydown: tabKeys }, v.title, n === undefined ? "" : el("span", { class: "n", text: String(n) }));
  }));
  byId("list").setAttribute("aria-labelledby", "tab-" + state.view);
}

function tabKeys(e) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
  if (!step) return;
  e.preventDefault();
  const i = VIEWS.findIndex((v) => v.id === state.view);
  change({ view: VIEWS[(i + step + VIEWS.length) % VIEWS.length].id });
  byId("tab-" + state.view).focus();
}

function drawFacets() {
  const boxes = FACETS.map((f) => {
    const counts = new Map();
    for (const c of filtered.found) {
      if (!facetAllows(c, f.id)) continue;
      for (const v of new Set(f.of(c))) counts.set(v, (counts.get(v) || 0) + 1);
    }
    const want = state.facets[f.id] || "";
    if (want && !counts.has(want)) counts.set(want, 0);
    const order = f.id === "severity" ? SEVERITIES : f.id === "exposure" ? EXPOSURES : [];
    const values = [...counts.keys()].sort((a, b) => rank(order, a) - rank(order, b) || counts.get(b) - counts.get(a) || (a < b ? -1 : 1)).slice(0, 300);
    const select = el("select", { id: "facet-" + f.id, onchange: (e) => setFacet(f.id, e.target.value) },
      el("option", { value: "", text: "any" }), ...values.map((v) => el("option", { value: v, selected: v === want, text: `${v} (${counts.get(v)})` })));
    return el("label", { class: want ? "facet on" : "facet" }, el("span", { text: f.title }), select);
  });
  const any = state.q || Object.keys(state.facets).length;
  byId("facets").replaceChildren(...boxes, any ? el("button", { type: "button", class: "clear", id: "clear", text: "Clear", onclick: clearAll }) : "");
}

function setFacet(id, value) {
  const facets = { ...state.facets };
  if (value) facets[id] = value; else delete facets[id];
  change({ facets });
  byId("facet-" + id).focus();
}

function clearAll() {
  byId("search").value = "";
  change({ q: "", facets: {} });
  byId("search").focus();
}

function drawFindings() {
  const rows = filtered.findings.slice().sort((a, b) => a.index - b.index);
  byId("list").replaceChildren(rows.length ? el("div", { class: "cards frame", tabindex: 0 }, ...rows.slice(0, 400).map((f) => {
    const card = findingCard(f);
    if (f.c >= 0) card.append(credentialLink(f.c));
    return card;
  }), rows.length > 400 ? el("p", { class: "faint", text: `${rows.length - 400} more: narrow the search.` }) : "")
    : el("p", { class: "empty", text: D.findings.length ? "Nothing matches. Clear the search or a filter." : D.judged ? "No violation of a policy was found in what was looked at." : "Policy was not applied to this map." }));
}

function credentialLink(i) {
  const c = D.credentials[i];
  return el("button", { type: "button", class: "link", onclick: () => choose(c) }, el("span", { class: "label", text: c.l }), " " + T(c.n));
}

function drawCoverage() {
  const c = D.coverage;
  const table = (title, heads, rows) => (rows.length ? section(title, rows.length, el("div", { class: "scroll" }, el("table", { class: "plain" },
    el("thead", {}, el("tr", {}, ...heads.map((h, i) => el("th", { scope: "col", class: typeof rows[0][i] === "number" ? "number" : "", text: h })))),
    el("tbody", {}, ...rows.slice(0, 1000).map((r) => el("tr", {}, ...r.map((x) => el("td", { class: typeof x === "number" ? "number" : "", text: String(x) })))))))) : "");
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
