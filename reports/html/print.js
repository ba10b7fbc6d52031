// What is printed is a document of its own, made when it is asked for: summary, findings, credentials, places,
// coverage. Filters that are set hold for it, and it says so.
function drawPrint() {
  const list = el("div", {});
  const t = D.totals;
  const limits = [state.q ? "search “" + state.q + "”" : "", ...FACETS.filter((f) => state.facets[f.id]).map((f) => f.title.toLowerCase() + " " + state.facets[f.id])].filter(Boolean);
  list.append(el("header", { class: "cover" }, el("h1", { text: D.title }), D.client ? el("p", { text: "For " + D.client }) : "",
    el("p", { text: [D.time ? "As of " + D.time.slice(0, 10) : "", plural(t.sources, "source"), plural(t.files, "file"), plural(t.commits, "commit")].filter(Boolean).join(" · ") }),
    limits.length ? el("p", { text: "Shown here: only " + limits.join(", ") }) : ""));
  list.append(printSection("Summary",
    el("p", { text: `${plural(t.credentials, "credential")}: ${t.hard_coded} hard-coded, ${t.history_only} only in the history, ${t.referenced} only referenced by name. ${plural(t.automations, "automation")}, ${plural(t.services, "service")}.` }),
    D.coverage.complete ? "" : el("p", { text: "Not everything that should have been read could be read: see coverage." })));
  if (filtered.findings.length) list.append(printSection("Findings", ...printFindings(filtered.findings)));
  list.append(printSection("Credentials", printTable(["", "Name", "Service", "Exposure", "Risk", "Environment", "Owner", "Powers", "Age"],
    filtered.credentials.map((c) => [c.l, T(c.n), T(c.sv), EXPOSURE_WORDS[T(c.ex)], T(c.sev), known(T(c.env)), ownersOf(c).join(", "), c.pw, age(c.age)]))));
  list.append(printSection("What stops when a credential changes", ...filtered.credentials.filter((c) => (c.de || []).length).map((c) => el("div", { class: "keep" },
    el("h3", { text: `${c.l} ${T(c.n)}` }), printTable(["Automation", "Platform", "Outcome", "Evidence"],
      c.de.map((d) => [T(d.n), T(d.pl), T(d.ce).replaceAll("-", " "), (d.pa || []).filter((x, i) => i % 2 === 0).map(T).join(" → ")]))))));
  if (filtered.literals.length) {
    list.append(printSection("Hard-coded places", printTable(["Value", "Name", "Rule", "Risk", "State", "Where"],
      filtered.literals.map((l) => [l.l, T(l.n), T(l.r), T(l.sev), T(l.st), T(l.p)]))));
  }
  if (filtered.calendar.length) {
    list.append(printSection("Calendar", printTable(["Day", "", "What", "Note"],
      filtered.calendar.map((e) => [e.d + (e.h ? " " + e.h + " UTC" : ""), EVENTS[T(e.k)] || T(e.k), T(e.n), T(e.de)]))));
  }
  list.append(printSection("Coverage", printTable(["Source", "Revision", "Files", "Commits"], D.coverage.sources.map((s) => [s.id, s.revision.slice(0, 12), s.files, s.commits])),
    D.coverage.unreadable.length ? printTable(["Could not be read", "Reason"], D.coverage.unreadable.map((u) => [u.source + "/" + u.what, u.reason])) : "",
    el("p", { text: "“No reference found” means: none in the sources listed here. It never means that a credential is unused or safe to delete." })));
  byId("print").replaceChildren(list);
}

// printFindings says why and what to do once where the findings of a rule agree on it.
function printFindings(all) {
  const said = new Set();
  return all.map((f) => {
    const text = [f.r, f.w, f.f].join();
    const card = findingCard(f, said.has(text));
    for (const more of card.querySelectorAll("details")) more.open = true;
    said.add(text);
    return card;
  });
}

function printSection(title, ...children) {
  return el("section", {}, el("h2", { text: title }), ...children);
}

function printTable(heads, rows) {
  return el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { text: h })))),
    el("tbody", {}, ...rows.map((r) => el("tr", {}, ...r.map((x) => el("td", { class: printClass(String(x)), text: String(x) }))))));
}

// printClass keeps labels, days and short words on one line.
const printClass = (text) => (/^\d{4}-\d\d-\d\d/.test(text) || text.length <= 12 ? "short" : text.length > 18 ? "long" : "");
