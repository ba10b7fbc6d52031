// The data block, and small ways to make elements. Text from the report is only ever set as text, never as markup.
const D = JSON.parse(document.getElementById("data").textContent);
const T = (i) => D.texts[i] || "";
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const EXPOSURES = ["hard-coded", "history", "referenced"];
const EXPOSURE_WORDS = { "hard-coded": "Hard-coded", "history": "In history", "referenced": "Referenced" };

const byId = (id) => document.getElementById(id);

function el(tag, props, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props || {})) {
    if (v === undefined || v === null || v === false) continue;
    if (k === "class") e.className = v;
    else if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (k === "text") e.textContent = v;
    else e.setAttribute(k, v === true ? "" : v);
  }
  e.append(...children.filter((c) => c !== undefined && c !== null && c !== ""));
  return e;
}

function svg(tag, props, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [k, v] of Object.entries(props || {})) if (v !== undefined) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

// PHONE is a page so narrow that names and places are broken into lines.
const PHONE = matchMedia("(max-width: 600px)");

// KEPT is how much of the beginning and the end of a long text a phone shows.
const KEPT = { name: [22, 22], label: [8, 18], "mono place": [9, 26] };
const shortened = (text, head, tail) => (text.length > head + tail + 1 ? text.slice(0, head) + "…" + text.slice(-tail) : text);

// broken is a text that may be broken behind its signs.
const broken = (text) => text.split(/(?<=[#/._:-])/).flatMap((part) => [part, el("wbr")]);

// middle shows head and end of a text that has no room: the end of a name or a place tells it from others.
function middle(text, cls) {
  if (PHONE.matches) return el("span", { class: cls + " lines", title: text }, ...broken(shortened(text, ...(KEPT[cls] || KEPT.name))));
  if (text.length <= 20) return el("span", { class: cls, text });
  const end = text.slice(-18).search(/[#/._:-]/);
  const cut = text.length - (end >= 0 && end <= 9 ? 18 - end : 12);
  return el("span", { class: cls + " mid", title: text }, el("bdi", { text: text.slice(0, cut) }), el("bdi", { text: text.slice(cut) }));
}

const plural = (n, noun) => n.toLocaleString("en") + " " + noun + (n === 1 ? "" : "s");

function age(days) {
  if (days === undefined || days === null) return "";
  if (days >= 730) return Math.floor(days / 365) + " years";
  if (days >= 60) return Math.floor(days / 30) + " months";
  return plural(days, "day");
}

// badge names a severity or an exposure by a shape, a word and a colour: never by colour alone.
function badge(kind, value) {
  if (!value) return "";
  const word = kind === "exposure" ? EXPOSURE_WORDS[value] || value : value;
  const e = el("span", { class: "badge " + kind });
  e.dataset.value = value;
  e.append(svg("svg", { viewBox: "0 0 10 10", width: 9, height: 9, "aria-hidden": "true" }, shape(value)), word);
  return e;
}

function shape(value) {
  switch (value) {
    case "critical": return svg("path", { d: "M5 0 10 5 5 10 0 5Z" });
    case "high": return svg("path", { d: "M5 .5 10 9.5H0Z" });
    case "medium": return svg("circle", { cx: 5, cy: 5, r: 4 });
    case "low": return svg("circle", { cx: 5, cy: 5, r: 3.2, class: "hollow" });
    case "hard-coded": return svg("rect", { x: 1, y: 1, width: 8, height: 8 });
    case "history": return svg("path", { d: "M1 1H9V9H1ZM5 1V9", class: "hollow" });
  }
  return svg("rect", { x: 1.5, y: 1.5, width: 7, height: 7, class: "hollow" });
}

// What search looks through, in lower case, once.
const lower = (list) => list.join("\n").toLowerCase();
for (const a of D.automations) {
  a.hay = lower([T(a.n), T(a.pl), T(a.i), T(a.env), ...(a.p || []).map(T), ...(a.ow || []).map(T), ...(a.sc || []).map(T), ...(a.tr || []).map(T)]);
}
D.credentials.forEach((c, index) => {
  c.index = index;
  c.hay = lower([c.l, T(c.n), T(c.i), T(c.sv), T(c.ex), T(c.env), T(c.pu), ...(c.st || []).map(T), ...(c.va || []),
    ...(c.fo || []).map(T), ...(c.sl || []).flatMap((s) => [T(s.i), ...(s.p || []).map(T)]),
    ...(c.li || []).flatMap((i) => [T(D.literals[i].p), T(D.literals[i].r)]), ...(c.de || []).map((d) => T(d.n))]);
});
D.automations.forEach((a, index) => { a.index = index; });
D.literals.forEach((l, index) => { l.index = index; l.hay = lower([l.l, T(l.n), T(l.r), T(l.p), T(l.po), T(l.st)]); });
D.calendar.forEach((e) => { e.hay = lower([e.d, T(e.k), T(e.n), T(e.de)]); });
for (const x of [...D.literals, ...D.calendar, ...D.findings]) x.own = x.c >= 0 ? [x.c] : []; // the credential it speaks of
D.findings.forEach((f, index) => { f.index = index; f.hay = lower([T(f.r), T(f.t), T(f.w), T(f.f), T(f.su), ...(f.p || []).map(T)]); });
