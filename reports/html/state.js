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
for (const c of D.credentials) c.facet = FACETS.map((f) => [...new Set(f.of(c))]); // what a credential is found by
const state = { view: "credentials", q: "", sort: "powers", down: true, chosen: "", automation: -1, path: "", facets: {} };

function readHash() {
  const p = new URLSearchParams(location.hash.slice(1));
  state.view = VIEWS.some((v) => v.id === p.get("view")) ? p.get("view") : "credentials";
  state.q = p.get("q") || "";
  const sort = p.get("sort") || "-powers";
  state.down = sort.startsWith("-");
  state.sort = sort.replace(/^-/, "");
  state.chosen = D.credentials.some((c) => c.l === p.get("c")) ? p.get("c") : "";
  state.path = state.chosen && p.get("path") || "";
  state.automation = automationOf(p.get("a"));
  state.facets = {};
  for (const f of FACETS) if (p.get(f.id)) state.facets[f.id] = p.get(f.id);
}

// Automations are labelled by their place in the report, as credentials are: A-001 is the first.
const automationLabel = (i) => "A-" + String(i + 1).padStart(3, "0");

function automationOf(label) {
  const i = /^A-\d+$/.test(label || "") ? Number(label.slice(2)) - 1 : -1;
  return i < D.automations.length ? i : -1;
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
  if (state.automation >= 0) p.set("a", automationLabel(state.automation));
  const hash = "#" + p.toString();
  if (hash !== location.hash && !(hash === "#" && location.hash === "")) history.replaceState(null, "", hash);
}

const words = () => state.q.toLowerCase().split(/\s+/).filter(Boolean);
const matches = (hay, list) => list.every((w) => hay.includes(w));

// filtered holds what passes the search and the filters; every view draws from it. counts says how many credentials
// each value of a filter would leave, given the search and the other filters.
const filtered = { credentials: [], automations: [], findings: [], literals: [], calendar: [], counts: [] };

// failing is a number whose bits say which filters a credential does not pass.
function failing(c, wanted) {
  let bits = 0;
  wanted.forEach((want, k) => { if (want && !c.facet[k].includes(want)) bits |= 1 << k; });
  return bits;
}

function filter() {
  const list = words();
  const wanted = FACETS.map((f) => state.facets[f.id] || "");
  const faceted = wanted.some(Boolean);
  const counts = FACETS.map(() => new Map());
  const allowed = [];
  const hit = [];
  filtered.credentials = D.credentials.filter((c, i) => {
    const bits = faceted ? failing(c, wanted) : 0;
    const found = matches(c.hay, list);
    allowed[i] = bits === 0;
    hit[i] = found && bits === 0;
    if (found) count(counts, c, bits);
    return hit[i];
  });
  filtered.counts = counts;
  const through = (own, hay) => {
    if (!faceted) return matches(hay, list) || (list.length > 0 && own.some((i) => hit[i]));
    return own.some((i) => allowed[i] && (hit[i] || matches(hay, list)));
  };
  const none = [];
  filtered.automations = D.automations.filter((a) => through(a.cr || none, a.hay));
  filtered.findings = D.findings.filter((f) => through(f.own, f.hay));
  filtered.calendar = D.calendar.filter((e) => through(e.own, e.hay));
  filtered.literals = D.literals.filter((l) => through(l.own, l.hay));
}

// count adds the credential to the values of each filter whose choice alone may leave it out.
function count(counts, c, bits) {
  counts.forEach((map, k) => {
    if (bits & ~(1 << k)) return;
    for (const v of c.facet[k]) map.set(v, (map.get(v) || 0) + 1);
  });
}

// change sets parts of the state and draws what depends on them.
function change(parts, typing) {
  Object.assign(state, parts);
  writeHash();
  draw(typing);
}
