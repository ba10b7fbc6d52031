// The neighbourhood of one credential. Coordinates come with the data; nothing is laid out here.
const KIND_SHAPES = {
  slot: "M2 4C2 2.5 12 2.5 12 4V10C12 11.5 2 11.5 2 10ZM2 4C2 5.5 12 5.5 12 4",
  credential: "M4.2 4.2A2.8 2.8 0 1 0 4.2 9.8 2.8 2.8 0 1 0 4.2 4.2M7 7H12.5V9.5M10 7V9",
  automation: "M3 2.5 11.5 7 3 11.5Z",
  code: "M5 4 2 7 5 10M9 4 12 7 9 10",
  service: "M4 10.5A2.6 2.6 0 0 1 4 5.4 3.2 3.2 0 0 1 10 5.6 2.4 2.4 0 0 1 10.2 10.5Z",
  schedule: "M7 2A5 5 0 1 0 7 12 5 5 0 1 0 7 2M7 4.5V7L9 8.2",
  owner: "M7 2.5A2.2 2.2 0 1 0 7 7 2.2 2.2 0 1 0 7 2.5M2.5 12C3 9 5 8.2 7 8.2S11 9 11.5 12",
};
const LANE_NAMES = D.lanes;

function drawGraph(c, onNode) {
  const p = c.p;
  if (!p.n.length) return el("p", { class: "faint", text: "Nothing to draw." });
  const root = svg("svg", { class: "graph", viewBox: `0 0 ${p.w} ${p.h}`, width: p.w, height: p.h, role: "group",
    "aria-label": `Neighbourhood of ${T(c.n)}: ${plural(p.n.length, "node")}, from left to right` });
  const lanes = new Set();
  const w = D.box[0];
  for (const n of p.n) {
    if (!lanes.has(n[3])) {
      lanes.add(n[3]);
      root.append(svgText("lane", n[5], 14, LANE_NAMES[n[3]], w, 11));
    }
  }
  const edges = p.e.map((e) => root.appendChild(svg("path", { class: e[2] && e[2] < 3 ? "edge unsure" : "edge", d: edgePath(e.slice(3)) })));
  const nodes = p.n.map((n, i) => root.appendChild(drawNode(n, i, onNode, () => light(i), () => light(-1))));
  let held = null; // the way between two boxes, while one is chosen
  // light shows what a node reaches and what reaches it; -1 shows all.
  function light(i) {
    mark(i < 0 ? held : reach(p, i));
  }
  // mark lights a set of nodes and edges; null lights all.
  function mark(on) {
    nodes.forEach((n, j) => n.classList.toggle("dim", on !== null && !on.nodes.has(j)));
    edges.forEach((n, j) => { n.classList.toggle("dim", on !== null && !on.edges.has(j)); n.classList.toggle("lit", on !== null && on.edges.has(j)); });
  }
  root.addEventListener("keydown", (e) => graphKeys(e, p, nodes));
  root.style.maxWidth = p.w + "px";
  root.style.minWidth = Math.min(p.w, Math.max(640, Math.round(p.w * 0.76))) + "px";
  const frame = el("div", { class: "graph-frame", tabindex: -1 }, root);
  frame.light = (way) => { held = way; mark(way); };
  return frame;
}

function edgePath(points) {
  let d = `M${points[0]} ${points[1]}`;
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x, y] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
    const m = x0 < x ? (x0 + x) / 2 : x0 + 20;
    d += y0 === y ? `H${x}` : `C${m} ${y0} ${m} ${y} ${x} ${y}`;
  }
  return d;
}

// fitting cuts the middle out of a text that is wider than the room, by the usual widths of characters in a font
// without serifs: the end of a name tells it from others.
function fitting(text, room, size) {
  const width = (c) => size * (/[A-Z0-9_@%&mw#]/.test(c) ? 0.7 : /[iljtfr.,:;|!()[\] /'-]/.test(c) ? 0.4 : c > "\u2e80" ? 1 : 0.62);
  let whole = 0;
  for (const c of text) whole += width(c);
  if (whole <= room) return text;
  let [head, tail, used] = [0, text.length, size];
  for (let i = 0; head < tail; i++) {
    used += width(i % 2 ? text[tail - 1] : text[head]);
    if (used > room) break;
    if (i % 2) tail--; else head++;
  }
  return text.slice(0, head) + "…" + text.slice(tail);
}

function svgText(cls, x, y, text, room, size) {
  const t = svg("text", { class: cls, x, y, "aria-hidden": cls === "lane" ? undefined : "true" });
  t.textContent = fitting(text, room, size);
  return t;
}

function drawNode(n, i, onNode, over, out) {
  const [kind, name, note] = [T(n[0]), T(n[1]), T(n[2])];
  const [w, h] = D.box;
  const label = `${kind} ${name}${note ? ", " + note : ""}${n[4] > 1 ? ", " + n[4] + " of them" : ""}`;
  const g = svg("g", { class: "node " + kind, transform: `translate(${n[5]} ${n[6]})`, tabindex: kind === "credential" ? 0 : -1, role: "button" });
  const title = svg("title");
  title.textContent = label;
  g.append(title);
  if (n[4] > 1) g.append(svg("rect", { class: "box under", x: 4, y: 4, width: w, height: h, rx: 7 }));
  g.append(svg("rect", { class: "box", width: w, height: h, rx: 7 }));
  const icon = svg("path", { class: "icon", d: KIND_SHAPES[kind] || "M3 3H11V11H3Z", transform: "translate(9 15)" });
  g.append(icon, svgText("t1", 30, 19, name, w - 38, kind === "credential" ? 14 : 13), svgText("t2", 30, 34, note || kind, w - 38, 11));
  g.dataset.node = i;
  g.addEventListener("mouseenter", over);
  g.addEventListener("mouseleave", out);
  g.addEventListener("focus", over);
  g.addEventListener("blur", out);
  g.addEventListener("click", () => onNode(n, i));
  return g;
}

// reach returns the nodes and edges on all ways through a node.
function reach(p, start) {
  const on = { nodes: new Set([start]), edges: new Set() };
  for (const [from, to] of [[0, 1], [1, 0]]) {
    const queue = [start];
    const seen = new Set(queue);
    while (queue.length) {
      const at = queue.pop();
      p.e.forEach((e, i) => {
        if (e[from] !== at) return;
        on.edges.add(i);
        on.nodes.add(e[to]);
        if (!seen.has(e[to])) { seen.add(e[to]); queue.push(e[to]); }
      });
    }
  }
  return on;
}

// graphKeys moves between boxes: up and down in a column, left and right to the nearest of the next one.
function graphKeys(e, p, nodes) {
  const at = Number(e.target.dataset && e.target.dataset.node);
  if (Number.isNaN(at)) return;
  if (e.key === "Enter" || e.key === " ") { e.preventDefault(); e.target.dispatchEvent(new MouseEvent("click")); return; }
  const here = p.n[at];
  const far = (n, i) => {
    const [dx, dy] = [n[5] - here[5], n[6] - here[6]];
    if (i === at) return Infinity;
    switch (e.key) {
      case "ArrowDown": return dx === 0 && dy > 0 ? dy : Infinity;
      case "ArrowUp": return dx === 0 && dy < 0 ? -dy : Infinity;
      case "ArrowRight": return dx > 0 ? dx * 10 + Math.abs(dy) : Infinity;
      case "ArrowLeft": return dx < 0 ? -dx * 10 + Math.abs(dy) : Infinity;
    }
    return Infinity;
  };
  let best = -1;
  let least = Infinity;
  p.n.forEach((n, i) => { const f = far(n, i); if (f < least) { least = f; best = i; } });
  if (best < 0) return;
  e.preventDefault();
  nodes[at].setAttribute("tabindex", -1);
  nodes[best].setAttribute("tabindex", 0);
  nodes[best].focus();
}
