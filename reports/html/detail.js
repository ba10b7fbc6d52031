// The inspector: one credential with its evidence.
const CERTAINTIES = [
  { id: "breaks", title: "Breaks when it changes" },
  { id: "does-not-start", title: "Is not started any more" },
  { id: "may-break", title: "May break" },
];

// drawDetail shows the chosen credential, or the chosen automation, beside its list.
function drawDetail() {
  const panel = byId("detail");
  const c = state.view === "credentials" ? D.credentials.find((x) => x.l === state.chosen) : undefined;
  const a = state.view === "automations" ? D.automations[state.automation] : undefined;
  const shown = Boolean(c || a);
  panel.hidden = !shown;
  byId("main").classList.toggle("split", shown);
  document.body.classList.toggle("reading", shown);
  const of = c ? c.l : a ? automationLabel(a.index) : "";
  if (panel.dataset.of === of) return;
  panel.dataset.of = of;
  panel.scrollTop = 0;
  panel.replaceChildren(...(c ? credentialDetail(c) : a ? automationDetail(a) : []));
}

function credentialDetail(c) {
  return [detailHead(T(c.n), T(c.i), badge("severity", T(c.sev)), badge("exposure", T(c.ex))), detailFacts(c), detailGraph(c), el("div", { class: "columns" },
    el("div", {}, ...CERTAINTIES.map((k) => dependentList(c, k))), el("div", {}, findingList(c), planSection(c), literalList(c), slotList(c), settleList(c), mentionList(c)))];
}

function detailHead(name, id, ...badges) {
  const close = el("button", { type: "button", class: "close", title: "Close (Esc)", onclick: closeDetail }, "Close");
  return el("header", { class: "detail-head" },
    el("div", {}, el("h2", { id: "detail-title", tabindex: -1, text: name }), el("p", { class: "mono faint id", text: id })),
    el("div", { class: "badges" }, ...badges, close));
}

function closeDetail() {
  const row = byId("list").querySelector('tr[aria-selected="true"]');
  change({ chosen: "", automation: -1, path: "" });
  const again = byId("list").querySelector('tr[tabindex="0"]') || row;
  if (again) again.focus();
}

function fact(title, value) {
  return value ? el("div", {}, el("dt", { text: title }), el("dd", {}, value)) : "";
}

function detailFacts(c) {
  const owners = (c.ow || []).map((o) => `${T(o.n)} (${T(o.s)})`).join(", ");
  const through = !owners && (c.fo || []).length ? (c.fo || []).map(T).join(", ") + " (through automations)" : "";
  return el("dl", { class: "facts" },
    fact("Label", c.l), fact("Service", T(c.sv)), fact("Environment", known(T(c.env))), fact("Owner", owners || through),
    fact("Age", c.age === undefined ? "" : age(c.age) + (c.fs ? ", since " + c.fs : "")), fact("Purpose", T(c.pu)),
    fact("Temporary", T(c.tmp)), fact("Fingerprint", (c.va || []).length ? el("span", { class: "mono", text: c.va.join(", ") }) : ""));
}

function section(title, n, ...children) {
  return el("section", { class: "block" }, el("h3", {}, title, n === undefined ? "" : el("span", { class: "n", text: String(n) })), ...children);
}

function detailGraph(c) {
  const frame = drawGraph(c, (n) => openNode(c, n));
  return section("How a change travels", undefined, frame, pathTool(c, frame),
    c.p.left ? el("p", { class: "faint", text: plural(c.p.left, "node") + " left out of the picture; the list below has all." }) : "");
}

// openNode shows the evidence for a box: the path of the automation, or all of a collapsed group.
function openNode(c, n) {
  const target = n[7];
  const all = byId("detail").querySelectorAll("details.dependent");
  const wanted = [...all].filter((d) => (n[4] > 1 ? T(n[1]).endsWith(d.dataset.platform) : target >= 0 && d.dataset.automation === String(target)));
  if (!wanted.length) return;
  if (wanted.length === 1) wanted[0].open = true;
  wanted[0].scrollIntoView({ block: "center" });
  wanted[0].querySelector("summary").focus({ preventScroll: true });
  for (const d of wanted) d.classList.add("found");
  setTimeout(() => wanted.forEach((d) => d.classList.remove("found")), 1600);
}

function dependentList(c, kind) {
  const all = (c.de || []).filter((d) => T(d.ce) === kind.id);
  if (!all.length) {
    return kind.id === "breaks" ? section(kind.title, 0, el("p", { class: "faint", text: `No reference found in ${plural(D.totals.sources, "scanned source")}. That does not say that nothing uses it.` })) : "";
  }
  return section(kind.title, all.length, ...all.map((d) => dependent(d, all.length <= 3)));
}

function dependent(d, open) {
  const a = d.a >= 0 ? D.automations[d.a] : null;
  const notes = [T(d.pl), a && known(T(a.env)), a && (a.sc || []).map(T).join("; "), a && (a.ow || []).map(T).join(", "),
    (d.ne || []).map(T).join(", ") && "then: " + (d.ne || []).map(T).join(", "), T(d.c) === "certain" || T(d.c) === "high" ? "" : T(d.c) + " confidence"].filter(Boolean);
  const e = el("details", { class: "dependent", open: open ? true : undefined },
    el("summary", {}, el("span", { class: "name", text: T(d.n) }), el("span", { class: "faint", text: notes.join(" · ") })),
    pathSteps(d), a ? el("p", { class: "onward" }, el("button", { type: "button", class: "link", text: "All that it needs", onclick: () => chooseAutomation(a) })) : "");
  e.dataset.automation = d.a;
  e.dataset.platform = T(d.pl);
  return e;
}

// pathSteps is the way of a change to a dependent: at each step what it does, and where that was seen.
function pathSteps(d) {
  const steps = [];
  for (let i = 0; i < (d.pa || []).length; i += 2) {
    steps.push(el("li", {}, el("span", { class: "what", text: T(d.pa[i + 1]) }), el("span", { class: "mono place", text: T(d.pa[i]) })));
  }
  return el("ol", { class: "path" }, ...steps);
}

function findingList(c) {
  const all = (c.fi || []).map((i) => D.findings[i]);
  return all.length ? section("Findings", all.length, ...all.map(findingCard)) : "";
}

// findingCard is a finding; a brief one leaves out why it matters and what to do.
function findingCard(f, brief = false) {
  const places = (f.p || []).map(T);
  return el("article", { class: "finding" },
    el("p", { class: "finding-title" }, badge("severity", T(f.sev)), el("strong", { text: T(f.t) })),
    T(f.su) ? el("p", { class: "accepted", text: "Accepted: " + T(f.su) }) : "",
    T(f.w) && !brief ? el("p", { text: T(f.w) }) : "",
    T(f.f) && !brief ? el("p", { class: "fix" }, el("span", { class: "tag", text: "Fix" }), T(f.f)) : "",
    placeList(places, f.m || 0));
}

// placeList shows a few places, and the others when they are asked for. left counts those that the report leaves out.
function placeList(places, left) {
  const items = (all) => all.map((p) => el("li", { class: "mono", text: p }));
  if (!places.length) return "";
  if (places.length <= 5 && !left) return el("ul", { class: "places" }, ...items(places));
  const rest = items(places.slice(4));
  if (left) rest.push(el("li", { text: `and ${left.toLocaleString("en")} more, which rotamap check lists` }));
  return el("div", {}, el("ul", { class: "places" }, ...items(places.slice(0, 4))),
    el("details", { class: "more" }, el("summary", { text: `${(places.length - 4 + left).toLocaleString("en")} more places` }), el("ul", { class: "places" }, ...rest)));
}

function literalList(c) {
  const all = (c.li || []).map((i) => D.literals[i]);
  if (!all.length) return "";
  return section("Hard-coded in", all.length, el("ul", { class: "rows" }, ...all.slice(0, 200).map((l) => el("li", {},
    el("span", { class: "mono place", text: T(l.p) }),
    el("span", { class: "faint", text: [l.l, T(l.r), T(l.st) === "head" ? "" : T(l.st), l.fs ? "since " + l.fs : "", T(l.w) ? "weak: " + T(l.w) : ""].filter(Boolean).join(" · ") })))));
}

function slotList(c) {
  const all = c.sl || [];
  const words = { "in-scan": "defined in the scan", outside: "defined outside this scan", documented: "named by a sample file" };
  return section("Lives in", all.length, el("ul", { class: "rows" }, ...all.map((s) => el("li", {},
    el("span", { class: "mono place", text: T(s.i) }), el("span", { class: "faint", text: words[T(s.d)] || T(s.d) }),
    ...(s.p || []).map((p) => el("span", { class: "mono faint place", text: T(p) }))))));
}

function settleList(c) {
  const all = (c.se || []).map(T);
  return all.length ? section("What would settle it", undefined, el("ul", { class: "rows" }, ...all.map((s) => el("li", { text: s })))) : "";
}

// mentionList is where the credential is named and nothing joins it: lines to read before it is rotated.
function mentionList(c) {
  const all = c.me || [];
  const total = all.reduce((n, m) => n + m.p.length + (m.m || 0), 0);
  return all.length ? section("Named, joined to nothing", total, el("p", { class: "faint", text: "No reader understood these lines: read them before you rotate." }),
    el("ul", { class: "rows" }, ...all.map((m) => el("li", {}, el("span", { class: "mono", text: T(m.n) }),
      ...m.p.map((p) => el("span", { class: "mono faint place", text: T(p) })),
      m.m ? el("span", { class: "faint", text: `and ${m.m.toLocaleString("en")} more, which rotamap impact --json lists` }) : "")))) : "";
}
