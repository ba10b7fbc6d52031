// The inspector of an automation: what it is, and which credentials it needs, with the evidence for each.
function automationDetail(a) {
  const needs = (a.cr || []).map((i) => D.credentials[i]);
  const states = { head: "", branch: "on a branch only: " + (a.br || []).join(", "), history: "in the history only" };
  return [detailHead(T(a.n), T(a.i)),
    el("dl", { class: "facts" }, fact("Label", automationLabel(a.index)), fact("Platform", T(a.pl)), fact("Active", known(T(a.ac))),
      fact("Schedule", (a.sc || []).map(T).join("; ")), fact("Starts on", (a.tr || []).map(T).join(", ")), fact("Environment", known(T(a.env))),
      fact("Owner", (a.ow || []).map(T).join(", ")), fact("Seen", states[T(a.st)])),
    placeList((a.p || []).map(T), 0),
    needs.length ? section("Stops, or may stop, when one of these changes", needs.length, ...needs.map((c) => needed(a, c, needs.length <= 3)))
      : section("Needs", 0, el("p", { class: "faint", text: `No credential of it was seen in ${plural(D.totals.sources, "scanned source")}.` }))];
}

// needed is a credential that an automation needs, with the way on which a change of it arrives.
function needed(a, c, open) {
  const d = (c.de || []).find((x) => x.a === a.index);
  const notes = [T(c.sv), EXPOSURE_WORDS[T(c.ex)], d && T(d.ce).replaceAll("-", " "), d && (d.ne || []).length ? "then: " + d.ne.map(T).join(", ") : ""].filter(Boolean);
  return el("details", { class: "dependent", open: open ? true : undefined },
    el("summary", {}, el("span", { class: "name", text: T(c.n) }), el("span", { class: "faint", text: notes.join(" · ") })),
    d ? pathSteps(d) : "", el("p", { class: "onward" }, credentialLink(c.index)));
}
