// The runbook of a credential, and the calendar of all.
const PHASES = { before: "Before", rehearsal: "Rehearsal", window: "In the window", soak: "While both are valid", after: "After" };
const EVENTS = { due: "Due", expires: "Expires", window: "Window", soak: "Soak ends" };

function planSection(c) {
  const r = c.rp;
  if (!r) {
    return D.planned ? section("Rotation plan", undefined, el("p", { class: "faint" }, "This report holds runbooks of what the most depends on. For this one: ",
      el("code", { text: "rotamap plan " + T(c.n) }))) : "";
  }
  return section("Rotation plan", undefined,
    el("dl", { class: "facts" }, fact("Earliest window", T(r.w)), fact("Quiet", T(r.q)), fact("Old value stays until", r.s), fact("Playbook", T(r.k)),
      fact("Approves", (r.ap || []).map(T).join(", ")), fact("Contact", T(r.ct))),
    T(r.sw) ? el("p", { class: "faint", text: T(r.sw) }) : "",
    foldout("Steps", el("ol", { class: "steps" }, ...(r.st || []).map(step))),
    (r.wa || []).length ? foldout("Order of the places", el("ol", { class: "steps" }, ...r.wa.map(wave))) : "",
    (r.un || []).length ? foldout("What could not be seen", el("ul", { class: "rows" }, ...r.un.map((u) => el("li", { text: T(u) })))) : "",
    (r.em || []).length ? foldout("If it has leaked", el("ol", { class: "steps" }, ...r.em.map((x) => el("li", { text: T(x) })))) : "");
}

function foldout(title, content) {
  return el("details", { class: "dependent" }, el("summary", {}, el("span", { class: "name", text: title })), content);
}

function step(s) {
  return el("li", {}, el("span", { class: "name", text: T(s.t) }), " ", el("span", { class: "label", text: PHASES[T(s.p)] || T(s.p) }),
    s.x ? el("span", { class: "warn", text: " no way back" }) : "",
    el("ul", {}, ...(s.d || []).map((x) => el("li", { text: T(x) }))),
    T(s.r) ? el("p", { class: "faint", text: "To go back: " + T(s.r) }) : "");
}

function wave(w) {
  const places = [];
  for (let i = 0; i < (w.p || []).length; i += 2) {
    places.push(el("li", {}, el("span", { class: "mono place", text: T(w.p[i]) }), el("span", { class: "faint", text: T(w.p[i + 1]) })));
  }
  return el("li", {}, el("span", { class: "name", text: T(w.e) || "environment not known" }), " ", el("span", { class: "faint", text: T(w.w) }), el("ul", { class: "rows" }, ...places));
}

// drawCalendar lists months, each with a sheet of its weeks and what falls in it.
function drawCalendar() {
  const months = new Map();
  for (const e of filtered.calendar) {
    const m = e.d.slice(0, 7);
    if (!months.has(m)) months.set(m, []);
    months.get(m).push(e);
  }
  byId("list").replaceChildren(months.size ? el("div", { class: "cards frame", tabindex: 0 }, el("h2", { class: "sr", text: "Calendar" }),
    el("p", { class: "faint", text: "Due and expiry days are those of the register. Windows are proposals: quiet times for what the most depends on, in UTC." }),
    ...[...months].map(([m, events]) => month(m, events)))
    : el("p", { class: "empty", text: D.calendar.length ? "Nothing matches. Clear the search or a filter." : "No date is known: the register tracks none, and nothing was planned." }));
}

function month(m, events) {
  const first = new Date(m + "-01T00:00:00Z");
  const title = first.toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });
  return el("section", { class: "month" }, el("h3", { text: title }), el("div", { class: "month-body" }, monthSheet(first, events),
    el("ul", { class: "rows agenda" }, ...events.map((e) => el("li", { class: "event" },
      el("span", { class: "when", text: weekday(e.d) + (e.h ? " " + e.h : "") }), el("span", { class: "label", text: EVENTS[T(e.k)] || T(e.k) }),
      e.c >= 0 ? el("button", { type: "button", class: "link", text: T(e.n), onclick: () => choose(D.credentials[e.c]) }) : el("span", { text: T(e.n) }),
      T(e.de) ? el("span", { class: "faint", text: T(e.de) }) : "")))));
}

const weekday = (d) => new Date(d + "T00:00:00Z").toLocaleDateString("en", { weekday: "short", day: "numeric", timeZone: "UTC" });

function monthSheet(first, events) {
  const counts = new Map();
  for (const e of events) counts.set(Number(e.d.slice(8)), (counts.get(Number(e.d.slice(8))) || 0) + 1);
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const cells = [...Array((first.getUTCDay() + 6) % 7).fill(0), ...Array.from({ length: days }, (_, i) => i + 1)];
  const rows = [];
  for (let i = 0; i < cells.length; i += 7) rows.push(el("tr", {}, ...cells.slice(i, i + 7).map((d) => sheetDay(d, counts.get(d)))));
  return el("table", { class: "sheet", "aria-hidden": "true" }, el("thead", {}, el("tr", {}, ..."MTWTFSS".split("").map((d) => el("th", { text: d })))), el("tbody", {}, ...rows));
}

function sheetDay(d, n) {
  return el("td", { class: n ? "busy" : "" }, d ? String(d) : "", el("small", { text: n > 1 ? "\u00d7" + n : "" }));
}
