// Tables draw only the rows that can be seen: every row has one height, and what is above and below is a gap. On a phone
// it is higher.
const rowHeight = () => (PHONE.matches ? 64 : 44);
const SPARE = 2; // rows that are drawn above and below what is seen
const rank = (list, v) => { const i = list.indexOf(v); return i < 0 ? list.length : i; };

const COLUMNS = {
  credentials: [
    { id: "name", title: "Name", key: (c) => T(c.n).toLowerCase(), cell: nameCell, wide: true },
    { id: "service", title: "Service", key: (c) => T(c.sv) || "~", cell: (c) => T(c.sv), has: (c) => c.sv },
    { id: "exposure", title: "Exposure", key: (c) => rank(EXPOSURES, T(c.ex)), cell: (c) => badge("exposure", T(c.ex)) },
    { id: "risk", title: "Risk", key: (c) => rank(SEVERITIES, T(c.sev)), cell: (c) => badge("severity", T(c.sev)), has: (c) => c.sev },
    { id: "lives", title: "Lives in", key: (c) => (c.st || []).map(T).join(), cell: (c) => (c.st || []).map(T).join(", "), quiet: true },
    { id: "env", title: "Environment", key: (c) => T(c.env), cell: (c) => known(T(c.env)), quiet: true, has: (c) => known(T(c.env)) },
    { id: "owner", title: "Owner", key: (c) => ownersOf(c)[0] || "~", cell: ownerCell, quiet: true, has: (c) => ownersOf(c).length },
    { id: "powers", title: "Powers", key: (c) => c.pw, cell: powersCell, number: true },
    { id: "age", title: "Age", key: (c) => (c.age === undefined ? -1 : c.age), cell: (c) => age(c.age), number: true, quiet: true, has: (c) => c.age !== undefined },
    { id: "findings", title: "Findings", key: (c) => (c.fi || []).length, cell: (c) => String((c.fi || []).length || ""), number: true, quiet: true, has: (c) => c.fi },
  ],
  automations: [
    { id: "name", title: "Name", key: (a) => T(a.n).toLowerCase(), cell: (a) => middle(T(a.n), "name"), wide: true },
    { id: "platform", title: "Platform", key: (a) => T(a.pl), cell: (a) => T(a.pl) },
    { id: "schedule", title: "Schedule", key: (a) => (a.sc || []).map(T).join() || "~", cell: (a) => el("span", { class: "mono", text: (a.sc || []).map(T).join("; ") }), has: (a) => a.sc },
    { id: "active", title: "Active", key: (a) => T(a.ac), cell: (a) => known(T(a.ac)), quiet: true, has: (a) => known(T(a.ac)) },
    { id: "env", title: "Environment", key: (a) => T(a.env), cell: (a) => known(T(a.env)), quiet: true, has: (a) => known(T(a.env)) },
    { id: "owner", title: "Owner", key: (a) => (a.ow || []).map(T)[0] || "~", cell: (a) => (a.ow || []).map(T).join(", "), quiet: true, has: (a) => a.ow },
    { id: "needs", title: "Needs", key: (a) => (a.cr || []).length, cell: needsCell, number: true },
    { id: "where", title: "Where", key: (a) => (a.p || []).map(T)[0] || "", cell: (a) => placeCell((a.p || []).map(T)[0]), wide: true, quiet: true },
  ],
  literals: [
    { id: "value", title: "Value", key: (l) => l.l, cell: (l) => el("span", { class: "mono", text: l.l, title: l.fp }) },
    { id: "name", title: "Name", key: (l) => T(l.n).toLowerCase(), cell: (l) => middle(T(l.n), "name"), wide: true },
    { id: "rule", title: "Rule", key: (l) => T(l.r), cell: (l) => T(l.r) },
    { id: "risk", title: "Risk", key: (l) => rank(SEVERITIES, T(l.sev)), cell: (l) => badge("severity", T(l.sev)) },
    { id: "state", title: "State", key: (l) => T(l.st), cell: (l) => T(l.st), quiet: true },
    { id: "since", title: "Since", key: (l) => l.fs || "~", cell: (l) => l.fs || "", quiet: true, has: (l) => l.fs },
    { id: "where", title: "Where", key: (l) => T(l.p), cell: (l) => placeCell(T(l.p)), wide: true },
  ],
};
const known = (s) => (s === "unknown" ? "" : s);
const ownersOf = (c) => ((c.ow || []).length ? c.ow.map((o) => T(o.n)) : (c.fo || []).map(T));

// A column in which nothing in the whole report has a value takes no room.
for (const kind of Object.keys(COLUMNS)) COLUMNS[kind] = COLUMNS[kind].filter((c) => !c.has || D[kind].some(c.has));

// twins counts the credentials of each name: those that share one show where they stand.
const twins = new Map();
for (const c of D.credentials) twins.set(T(c.n), (twins.get(T(c.n)) || 0) + 1);

function nameCell(c) {
  return el("span", { class: "two" }, middle(T(c.n), "name"), twins.get(T(c.n)) > 1 ? middle(c.l + " · " + standing(c), "label") : el("span", { class: "label", text: c.l }));
}

// standing is the first place of a credential, or its id when it has none.
function standing(c) {
  const slot = (c.sl || []).find((s) => (s.p || []).length);
  return slot ? T(slot.p[0]) : T(c.i);
}

function ownerCell(c) {
  const all = ownersOf(c);
  const own = (c.ow || []).length > 0;
  return el("span", { class: own ? "" : "faint", title: own ? undefined : "of automations that it powers", text: all.slice(0, 2).join(", ") + (all.length > 2 ? " +" + (all.length - 2) : "") });
}

function powersCell(c) {
  const most = Math.max(1, D.credentials.length ? D.credentials[0].pw : 1);
  const bar = svg("svg", { class: "spark", width: 48, height: 6, "aria-hidden": "true" },
    svg("rect", { width: 48, height: 6, rx: 3, class: "track" }), svg("rect", { width: Math.round((c.pw / most) * 48), height: 6, rx: 3 }));
  return el("span", { class: "powers" }, bar, el("span", { text: String(c.pw) }));
}

function needsCell(a) { return plural((a.cr || []).length, "credential"); }

const placeCell = (text) => (text ? middle(text, "mono place") : "");

// orders holds every row of a kind in the order of one column, so that a search sorts nothing.
const orders = new Map();

function sorted(kind, rows) {
  const columns = COLUMNS[kind];
  const wanted = columns.find((c) => c.id === state.sort);
  const column = wanted || columns.find((c) => c.id === "needs" || c.id === "risk") || columns[0];
  const sign = (wanted ? state.down : column.id === "needs") ? -1 : 1;
  const name = [kind, column.id, sign].join();
  if (!orders.has(name)) {
    orders.set(name, D[kind].map((r) => [column.key(r), r]).sort((a, b) =>
      (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1].index - b[1].index)).map((p) => p[1]));
  }
  const kept = new Set(rows);
  return orders.get(name).filter((r) => kept.has(r));
}

// table is what the list shows now, null when that is no table.
let table = null;

// drawTable shows rows in the list. open is what a row does when it is chosen. A table of the same kind stays, with
// new rows.
function drawTable(kind, rows, open, isChosen) {
  if (!table || table.kind !== kind || !table.frame.isConnected) table = newTable(kind);
  const view = Object.assign(table, { rows: sorted(kind, rows), open, isChosen, first: -1, focus: 0 });
  view.element.setAttribute("aria-rowcount", view.rows.length + 1);
  drawHead(view);
  view.frame.hidden = !view.rows.length;
  view.empty.hidden = Boolean(view.rows.length);
  const at = view.rows.findIndex(isChosen);
  const top = at < 0 ? 0 : Math.max(0, at * rowHeight() - view.height / 2 + rowHeight());
  if (at >= 0) view.focus = at;
  const moves = top !== view.top; // asking the frame where it is would lay out the page once more
  view.top = top;
  drawRows(view);
  if (moves) view.frame.scrollTop = top;
}

function newTable(kind) {
  const view = { kind, columns: COLUMNS[kind], rows: [], first: -1, focus: 0, top: 0, head: el("tr", { "aria-rowindex": 1 }), order: "", body: el("tbody"),
    empty: el("p", { class: "empty", text: "Nothing matches. Clear the search or a filter." }) };
  view.element = el("table", { class: "grid " + kind + (COLUMNS[kind].length < 10 ? " roomy" : "") }, el("caption", { class: "sr", text: VIEWS.find((v) => v.id === kind).title }),
    el("thead", {}, view.head), view.body);
  view.frame = el("div", { class: "frame" }, view.element);
  view.frame.addEventListener("scroll", () => requestAnimationFrame(() => { view.top = view.frame.scrollTop; drawRows(view); }), { passive: true });
  view.frame.addEventListener("keydown", (e) => rowKeys(e, view));
  byId("list").replaceChildren(view.frame, view.empty);
  view.height = view.frame.clientHeight;
  let height = rowHeight();
  new ResizeObserver(() => {
    if (view.frame.clientHeight === view.height && rowHeight() === height) return;
    height = rowHeight();
    view.height = view.frame.clientHeight;
    view.first = -1;
    drawRows(view);
  }).observe(view.frame);
  return view;
}

// drawHead makes the head anew when the order changed.
function drawHead(view) {
  const order = state.sort + state.down;
  if (view.order === order) return;
  view.order = order;
  view.head.replaceChildren(...view.columns.map(headCell));
}

function headCell(c) {
  const on = state.sort === c.id;
  const button = el("button", { type: "button", text: c.title, onclick: () => {
    change({ sort: c.id, down: on ? !state.down : Boolean(c.number) });
    table.head.querySelector(".col-" + c.id + " button").focus({ preventScroll: true });
  } });
  return el("th", { scope: "col", class: columnClass(c), "aria-sort": on ? (state.down ? "descending" : "ascending") : "none" }, button);
}

const columnClass = (c) => ["col-" + c.id, c.number ? "number" : "", c.wide ? "wide" : "", c.quiet ? "quiet" : ""].filter(Boolean).join(" ");

function drawRows(view) {
  const seen = Math.ceil((view.height || 600) / rowHeight()) + 2 * SPARE;
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight()) - SPARE, view.rows.length - seen));
  if (first === view.first) return;
  view.first = first;
  const last = Math.min(view.rows.length, first + seen);
  const parts = [gap(first)];
  for (let i = first; i < last; i++) parts.push(drawRow(view, i));
  parts.push(gap(view.rows.length - last));
  const focused = view.body.contains(document.activeElement);
  view.body.replaceChildren(...parts);
  if (focused) focusRow(view, view.focus);
}

function gap(n) {
  const row = el("tr", { class: "gap", "aria-hidden": "true" }, el("td"));
  row.style.height = n * rowHeight() + "px";
  row.hidden = n <= 0;
  return row;
}

function drawRow(view, i) {
  const r = view.rows[i];
  const row = el("tr", { tabindex: i === view.focus ? 0 : -1, "aria-rowindex": i + 2, "aria-selected": view.isChosen(r) ? "true" : "false",
    onclick: () => { view.focus = i; view.open(r); } },
    ...view.columns.map((c) => el("td", { class: columnClass(c) }, c.cell(r))));
  row.dataset.row = i;
  return row;
}

function focusRow(view, i) {
  view.focus = Math.max(0, Math.min(view.rows.length - 1, i));
  const top = view.focus * rowHeight();
  if (top < view.frame.scrollTop) view.frame.scrollTop = top;
  if (top + 2 * rowHeight() > view.frame.scrollTop + view.height) view.frame.scrollTop = top + 2 * rowHeight() - view.height;
  view.top = view.frame.scrollTop;
  drawRows(view);
  for (const row of view.body.children) {
    const on = row.dataset.row === String(view.focus);
    if (row.dataset.row !== undefined) row.tabIndex = on ? 0 : -1;
    if (on) row.focus({ preventScroll: true });
  }
}

function rowKeys(e, view) {
  const page = Math.max(1, Math.floor(view.height / rowHeight()) - 2);
  const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -view.rows.length, End: view.rows.length };
  if (!e.target.dataset || e.target.dataset.row === undefined) return;
  if (e.key === "Enter" || e.key === " ") {
    e.preventDefault();
    view.open(view.rows[view.focus]);
  } else if (moves[e.key] !== undefined && !e.ctrlKey && !e.metaKey && !e.altKey) {
    e.preventDefault();
    focusRow(view, view.focus + moves[e.key]);
  }
}
