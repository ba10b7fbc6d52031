// The state of the page lives in the hash of its address, so that a link opens the same view.
const VIEWS = [
  { id: "credentials", title: "Credentials" },
  { id: "automations", title: "Automations" },
  { id: "findings", title: "Findings" },
  { id: "literals", title: "Hard-coded places" },
  { id: "calendar", title: "Calendar" },
  { id: "coverage", title: "Coverage" },
];
const FACETS = [
  { id: "env", title: "Environment", of: (c) => (c.fe || [c.env]).map(T) },
  { id: "owner", title: "Owner", of: (c) => (c.fo && c.fo.length ? c.fo.map(T) : ["(none)"]) },
  { id: "service", title: "Service", of: (c) => [T(c.sv) || "(unknown)"] },
  { id: "exposure", title: "Exposure", of: (c) => [T(c.ex)] },
  { id: "severity", title: "Risk", of: (c) => [T(c.sev) || "(none)"] },
];
const state = { view: "credentials", q: "", sort: "powers", down: true, chosen: "", path: "", node: -1, facets: {} };

function readHash() {
  const p = new URLSearchParams(location.hash.slice(1));
  state.view = VIEWS.some((v) => v.id === p.get("view")) ? p.get("view") : "credentials";
  state.q = p.get("q") || "";
  const sort = p.get("sort") || "-powers";
  state.down = sort.startsWith("-");
  state.sort = sort.replace(/^-/, "");
  state.chosen = D.credentials.some((c) => c.l === p.get("c")) ? p.get("c") : "";
  state.path = state.chosen && p.get("path") || "";
  state.facets = {};
  for (const f of FACETS) if (p.get(f.id)) state.facets[f.id] = p.get(f.id);
}

function writeHash() {
  const p = new URLSearchParams();
  if (state.view !== "credentials") p.set("view", state.view);
  if (state.q) p.set("q", state.q);
  for (const f of FACETS) if (state.facets[f.id]) p.set(f.id, state.facets[f.id]);
  const sort = (state.down ? "-" : "") + state.sort;
  if (sort !== "-powers") p.set("sort", sort);
  if (state.chosen) p.set("c", state.chosen);
  if (state.chosen && state.path) p.set("path", state.path);
  const hash = "#" + p.toString();
  if (hash !== location.hash && !(hash === "#" && location.hash === "")) history.replaceState(null, "", hash);
}

const words = () => state.q.toLowerCase().split(/\s+/).filter(Boolean);
const matches = (hay, list) => list.every((w) => hay.includes(w));

// facetAllows reports whether a credential passes all filters but one.
function facetAllows(c, but) {
  for (const f of FACETS) {
    const want = state.facets[f.id];
    if (want && f.id !== but && !f.of(c).includes(want)) return false;
  }
  return true;
}

// filtered holds what passes the search and the filters; every view draws from it.
const filtered = { credentials: [], automations: [], findings: [], literals: [], calendar: [], found: [] };

function filter() {
  const list = words();
  const faceted = Object.keys(state.facets).length > 0;
  const allowed = D.credentials.map((c) => facetAllows(c, ""));
  filtered.found = D.credentials.filter((c) => matches(c.hay, list)); // before filters: what they count
  const found = new Set(filtered.found);
  const hit = D.credentials.map((c, i) => allowed[i] && found.has(c));
  filtered.credentials = D.credentials.filter((c, i) => hit[i]);
  const through = (own, hay) => {
    if (!faceted) return matches(hay, list) || own.some((i) => list.length > 0 && hit[i]);
    return own.some((i) => allowed[i] && (hit[i] || matches(hay, list)));
  };
  filtered.automations = D.automations.filter((a) => through(a.cr || [], a.hay));
  filtered.findings = D.findings.filter((f) => through(f.c >= 0 ? [f.c] : [], f.hay));
  filtered.calendar = D.calendar.filter((e) => through(e.c >= 0 ? [e.c] : [], e.hay));
  filtered.literals = D.literals.filter((l) => through(l.c >= 0 ? [l.c] : [], l.hay));
}

// change sets parts of the state and draws what depends on them.
function change(parts) {
  Object.assign(state, parts);
  writeHash();
  draw();
}
