// Reads the reports of one folder with the programs that people read them with, and says what each of them saw.
import fs from "node:fs";
import { JSDOM } from "jsdom";

const text = (name) => fs.readFileSync(name, "utf8");
const map = JSON.parse(text("map.json"));
let failed = 0;

async function check(name, run) {
  try {
    console.log(`${name}: ${await run()}`);
  } catch (e) {
    failed++;
    console.log(`${name}: FAILED: ${e && e.message ? e.message : JSON.stringify(e)}`);
  }
}

function atLeast(n, least, what) {
  if (n < least) throw new Error(`${n} ${what}, want at least ${least}`);
  return `${n} ${what}`;
}

const dom = new JSDOM("<!doctype html><body></body>");
for (const k of ["DOMParser", "Document", "document", "window", "Element", "Node"]) globalThis[k] = k === "window" ? dom.window : dom.window[k];

const { default: Graph } = await import("graphology");
for (const [id, file] of [["graphml", "map.graphml"], ["gexf", "map.gexf"]]) {
  await check(`graphology-${id}`, async () => {
    const { parse } = (await import(`graphology-${id}`)).default;
    const g = parse(Graph.MultiDirectedGraph, text(file), { allowUndeclaredAttributes: true, addMissingNodes: false });
    return atLeast(g.order, map.totals.credentials + map.totals.automations, "nodes") + ", " + atLeast(g.size, 20, "edges");
  });
}
await check("cytoscape", async () => {
  const { default: cytoscape } = await import("cytoscape");
  const cy = cytoscape({ headless: true, ...JSON.parse(text("map.cyjs")) });
  return atLeast(cy.nodes().length, map.totals.credentials, "nodes") + ", " + atLeast(cy.edges().length, 20, "edges");
});
for (const v of ["1.6", "1.7"]) {
  await check(`cyclonedx-library ${v}`, async () => {
    const cdx = await import("@cyclonedx/cyclonedx-library");
    const lib = cdx.default || cdx;
    const problems = await new lib.Validation.JsonStrictValidator(v).validate(text(`map-${v}.json`));
    if (problems) throw new Error(JSON.stringify(problems).slice(0, 600));
    return "valid";
  });
}
await check("mermaid", async () => {
  const { default: mermaid } = await import("mermaid");
  const out = await mermaid.parse(text("map.mmd"));
  return out.diagramType;
});
await check("ical.js", async () => {
  const { default: ICAL } = await import("ical.js");
  const events = new ICAL.Component(ICAL.parse(text("map.ics"))).getAllSubcomponents("vevent");
  for (const e of events) if (!e.getFirstPropertyValue("uid") || !e.getFirstPropertyValue("dtstamp")) throw new Error("an event without UID or DTSTAMP");
  return atLeast(events.length, 1, "events");
});
await check("backstage catalog-model", async () => {
  const { parseAllDocuments } = await import("yaml");
  const model = await import("@backstage/catalog-model");
  const m = model.default || model;
  const policy = m.EntityPolicies.allOf([new m.DefaultNamespaceEntityPolicy(), new m.SchemaValidEntityPolicy(), new m.FieldFormatEntityPolicy(), new m.NoForeignRootFieldsEntityPolicy()]);
  const all = parseAllDocuments(text("map.yaml")).map((d) => d.toJS());
  for (const e of all) {
    await policy.enforce(e);
    const validator = e.kind === "Resource" ? m.resourceEntityV1alpha1Validator : m.componentEntityV1alpha1Validator;
    if (!(await validator.check(e))) throw new Error(`${e.kind} ${e.metadata.name} is not valid`);
  }
  return atLeast(all.length, map.totals.credentials, "entities");
});
process.exit(failed ? 1 : 0);
