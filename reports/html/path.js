// The way between two boxes of a neighbourhood: chosen from lists, shown in the picture and in words.
function pathTool(c, frame) {
  const p = c.p;
  if (p.n.length < 3) return "";
  const [from, to] = chosenPath(p);
  const words = el("p", { class: "way", role: "status" });
  const show = () => {
    const [a, b] = [Number(lists[0].value), Number(lists[1].value)];
    change({ path: a >= 0 && b >= 0 ? a + "-" + b : "" });
    drawWay(p, frame, words, a, b);
  };
  const lists = [["from", from], ["to", to]].map(([name, chosen]) => el("select", { id: "path-" + name, onchange: show },
    el("option", { value: -1, text: "choose" }), ...p.n.map((n, i) => el("option", { value: i, selected: i === chosen, text: `${T(n[0])}: ${T(n[1])}` }))));
  drawWay(p, frame, words, from, to);
  return el("div", { class: "path-tool" }, el("label", { class: "facet" }, el("span", { text: "Path from" }), lists[0]),
    el("label", { class: "facet" }, el("span", { text: "to" }), lists[1]), words);
}

// chosenPath reads the two boxes from the state; -1 for none.
function chosenPath(p) {
  const ends = state.path.split("-").map(Number);
  return ends.length === 2 && ends.every((i) => Number.isInteger(i) && i >= 0 && i < p.n.length) && state.path ? ends : [-1, -1];
}

function drawWay(p, frame, words, from, to) {
  if (!frame.light) return;
  if (from < 0 || to < 0) { words.textContent = ""; frame.light(null); return; }
  const way = shortest(p, from, to);
  frame.light(way);
  words.textContent = way ? [...way.order].map((i) => T(p.n[i][1])).join(" → ") : "No path between them in this picture.";
}

// shortest is the shortest way between two boxes, in either direction of the lines.
function shortest(p, from, to) {
  const came = new Map([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined && at !== to; at = queue.shift()) {
    p.e.forEach((e, i) => {
      const next = e[0] === at ? e[1] : e[1] === at ? e[0] : -1;
      if (next < 0 || came.has(next)) return;
      came.set(next, [at, i]);
      queue.push(next);
    });
  }
  if (!came.has(to)) return null;
  const way = { nodes: new Set([to]), edges: new Set(), order: [to] };
  for (let step = came.get(to); step; step = came.get(step[0])) {
    way.nodes.add(step[0]);
    way.edges.add(step[1]);
    way.order.unshift(step[0]);
  }
  return way;
}
