// Reads the reports of the demo (map/map.FORMAT) and the goldens with hostile names with the programs that people read
// them with. Each line says what a reader saw: ran, FAILED, or not run with the reason.
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { JSDOM } from "jsdom";

const project = process.argv[2];
const text = (name) => fs.readFileSync(name, "utf8");
const of = (format) => path.join("map", "map." + format);
const golden = (format, name) => path.join(project, "testdata", "reports", format, name);
const map = JSON.parse(text(of("json")));

class Missing extends Error {}

async function check(name, run) {
  try {
    console.log(`ran      ${name}: ${await run()}`);
  } catch (e) {
    const why = String(e && e.message ? e.message : JSON.stringify(e)).replace(/\s+/g, " ").slice(0, 500);
    console.log(`${e instanceof Missing ? "not run " : "FAILED  "} ${name}: ${why}`);
  }
}

// both checks the report of the demo and the golden with hostile names.
async function both(reader, format, name, run) {
  await check(`${format}, demo: ${reader}`, () => run(of(format), map.totals.credentials));
  await check(`${format}, hostile names: ${reader}`, () => run(golden(format.replace(/-1\.7$/, ""), name), 6));
}

function atLeast(n, least, what) {
  if (!(n >= least)) throw new Error(`${n} ${what}, want at least ${least}`);
  return `${n} ${what}`;
}

const dom = new JSDOM("<!doctype html><body></body>");
for (const k of ["DOMParser", "Document", "document", "window", "Element", "Node"]) globalThis[k] = k === "window" ? dom.window : dom.window[k];

// Graphs.
const { default: Graph } = await import("graphology");
for (const id of ["graphml", "gexf"]) {
  const { parse } = (await import(`graphology-${id}`)).default;
  await both(`graphology-${id}`, id, "acme." + id, (file, least) => {
    const g = parse(Graph.MultiDirectedGraph, text(file), { allowUndeclaredAttributes: true, addMissingNodes: false });
    return atLeast(g.order, least, "nodes") + ", " + atLeast(g.size, 20, "edges");
  });
}
const { default: cytoscape } = await import("cytoscape");
await both("cytoscape", "cytoscape", "acme.cyjs", (file, least) => {
  const cy = cytoscape({ headless: true, ...JSON.parse(text(file)) });
  return atLeast(cy.nodes().length, least, "nodes") + ", " + atLeast(cy.edges().length, 20, "edges");
});
const { default: mermaid } = await import("mermaid");
await both("mermaid", "mermaid", "acme.mmd", async (file) => (await mermaid.parse(text(file))).diagramType);

const cypher = await import("@neo4j-cypher/language-support");
const { lintCypherQuery, parseStatementsStrs } = cypher.default || cypher;
await both("Neo4j's own parser and semantic checks", "cypher", "acme.cypher", (file, least) => {
  const query = text(file);
  const { diagnostics } = lintCypherQuery(query, { labels: [], relationshipTypes: [] });
  const errors = diagnostics.filter((d) => d.severity === 1);
  if (errors.length) throw new Error(errors.slice(0, 3).map((d) => `line ${d.range.start.line + 1}: ${d.message}`).join("; "));
  const statements = parseStatementsStrs(query).filter((s) => s.trim());
  if (statements.some((s) => !/^(CREATE CONSTRAINT|UNWIND)\s/.test(s.trim()))) throw new Error("a name became a statement");
  return atLeast(statements.length, 3, "statements") + ", no error" + (least ? "" : "");
});

const { default: Papa } = await import("papaparse");
const csv = (name, data) => {
  const { data: rows, errors } = Papa.parse(data, { header: true, skipEmptyLines: true });
  if (errors.length) throw new Error(`${name}: ${JSON.stringify(errors[0])}`);
  return rows;
};
// head holds a CSV to what the manual of neo4j-admin says of heads.
const head = (rows, id, want) => {
  const fields = Object.keys(rows[0]);
  for (const f of want) if (!fields.includes(f)) throw new Error(`no column ${f}`);
  for (const f of fields) if (!/^\w*(:(ID|LABEL|START_ID|END_ID|TYPE|string))?$/.test(f)) throw new Error(`a column ${f}`);
};
const neo4j = (nodes, edges, least) => {
  head(nodes, "nodes", ["id:ID", ":LABEL"]);
  head(edges, "relationships", [":START_ID", ":END_ID", ":TYPE"]);
  const known = new Set(nodes.map((n) => n["id:ID"]));
  if (known.size !== nodes.length) throw new Error("two nodes have one id");
  for (const e of edges) if (!known.has(e[":START_ID"]) || !known.has(e[":END_ID"])) throw new Error("a relationship that joins nothing");
  return atLeast(nodes.length, least, "nodes") + ", " + atLeast(edges.length, 20, "relationships");
};
await check("neo4j, demo: papaparse, heads of neo4j-admin", async () => {
  const { unzipSync, strFromU8 } = await import("fflate");
  const files = unzipSync(fs.readFileSync(of("neo4j")));
  return neo4j(csv("nodes", strFromU8(files["nodes.csv"])), csv("relationships", strFromU8(files["relationships.csv"])), map.totals.credentials);
});
await check("neo4j, hostile names: papaparse, heads of neo4j-admin", () => {
  const [, nodes, edges] = text(golden("neo4j", "acme.zip.txt")).split(/^# (?:nodes|relationships)\.csv\n/m);
  return neo4j(csv("nodes", nodes), csv("relationships", edges.split(/^# IMPORT\.txt$/m)[0]), 6);
});

// Schemas.
const { default: Ajv } = await import("ajv");
const { default: Ajv2020 } = await import("ajv/dist/2020.js");
const { default: formats } = await import("ajv-formats");
const validator = (Class, schema) => {
  const ajv = new Class({ strict: false, allErrors: true });
  formats.default ? formats.default(ajv) : formats(ajv);
  return ajv.compile(schema);
};
const valid = (validate, value, what) => {
  if (!validate(value)) throw new Error(what + ": " + validate.errors.slice(0, 3).map((e) => `${e.instancePath} ${e.message}`).join("; "));
};
// schemaOf is a schema that no package has.
const schemaOf = (name) => {
  const file = path.join(process.env.ROTAMAP_SCHEMAS, name);
  if (!fs.existsSync(file)) throw new Missing(`ROTAMAP_SCHEMAS holds no ${name}`);
  return JSON.parse(text(file));
};
await both("ajv, docs/schemas/report.json", "json", "acme.json", (file) => {
  valid(validator(Ajv2020, JSON.parse(text(path.join(project, "docs/schemas/report.json")))), JSON.parse(text(file)), "report");
  return "valid";
});
await both("ajv, the schema of GitLab", "gitlab", "acme.json", (file) => {
  const schema = schemaOf("gitlab-secret-detection.json");
  const report = JSON.parse(text(file));
  valid(validator(Ajv, schema), report, "report");
  return `valid by schema ${schema.self.version}, ` + atLeast(report.vulnerabilities.length, 3, "vulnerabilities");
});
await both("ajv, the schemas of BloodHound's ingest", "opengraph", "acme.json", (file, least) => {
  const [node, edge, metadata] = ["node", "edge", "metadata"].map((n) => validator(Ajv, schemaOf(`opengraph-${n}.json`)));
  const report = JSON.parse(text(file));
  valid(metadata, report.metadata, "metadata");
  const ids = new Set();
  for (const n of report.graph.nodes) {
    valid(node, n, "node");
    if (n.kinds.length > 3 || /:/.test(n.id) || "objectid" in n.properties) throw new Error("a node that BloodHound refuses");
    ids.add(n.id);
  }
  for (const e of report.graph.edges) {
    valid(edge, e, "edge");
    if (!ids.has(e.start.value) || !ids.has(e.end.value)) throw new Error("an edge that joins nothing");
  }
  return "valid, " + atLeast(report.graph.nodes.length, least, "nodes") + ", " + atLeast(report.graph.edges.length, 20, "edges");
});
const cdx = await import("@cyclonedx/cyclonedx-library");
const lib = cdx.default || cdx;
const sbom = (version) => async (file) => {
  const problems = await new lib.Validation.JsonStrictValidator(version).validate(text(file));
  if (problems) throw new Error(JSON.stringify(problems));
  return "valid";
};
await both("@cyclonedx/cyclonedx-library 1.6", "cyclonedx", "acme.cdx.json", sbom("1.6"));
await both("@cyclonedx/cyclonedx-library 1.7", "cyclonedx-1.7", "acme-1.7.cdx.json", sbom("1.7"));
await both("@backstage/catalog-model", "backstage", "acme.yaml", async (file, least) => {
  const { parseAllDocuments } = await import("yaml");
  const model = await import("@backstage/catalog-model");
  const m = model.default || model;
  const policy = m.EntityPolicies.allOf([new m.DefaultNamespaceEntityPolicy(), new m.SchemaValidEntityPolicy(), new m.FieldFormatEntityPolicy(), new m.NoForeignRootFieldsEntityPolicy()]);
  const all = parseAllDocuments(text(file)).map((d) => d.toJS());
  for (const e of all) {
    await policy.enforce(e);
    const kind = e.kind === "Resource" ? m.resourceEntityV1alpha1Validator : m.componentEntityV1alpha1Validator;
    if (!(await kind.check(e))) throw new Error(`${e.kind} ${e.metadata.name} is not valid`);
  }
  return atLeast(all.length, least, "entities");
});

// What people and CI servers read.
await both("ical.js", "ics", "acme.ics", async (file) => {
  const { default: ICAL } = await import("ical.js");
  const events = new ICAL.Component(ICAL.parse(text(file))).getAllSubcomponents("vevent");
  for (const e of events) if (!e.getFirstPropertyValue("uid") || !e.getFirstPropertyValue("dtstamp")) throw new Error("an event without UID or DTSTAMP");
  return atLeast(events.length, 1, "events");
});
await both("junit2json", "junit", "acme.xml", async (file) => {
  const { parse } = await import("junit2json");
  const suites = (await parse(text(file))).testsuite;
  const cases = suites.flatMap((s) => s.testcase || []);
  return `${suites.length} suites, ` + atLeast(cases.length, 3, "cases") + `, ${cases.filter((c) => c.failure).length} failed`;
});
await both("papaparse", "csv", "acme.csv", (file, least) => {
  const rows = csv("csv", text(file));
  if (rows.some((r) => Object.values(r).some((v) => /^[=+\-@\t\r]/.test(v)))) throw new Error("a formula");
  return atLeast(rows.length, least, "rows");
});
const { unified } = await import("unified");
const { default: remarkParse } = await import("remark-parse");
const { default: remarkGfm } = await import("remark-gfm");
for (const id of ["markdown", "comment"]) {
  await both("remark with GitHub's dialect", id, "acme.md", async (file) => {
    const seen = { table: 0, code: 0, heading: 0 };
    const html = [];
    const walk = (n) => {
      if (n.type in seen) seen[n.type]++;
      if (n.type === "html") html.push(n.value);
      if (n.type === "image" || (n.type === "link" && /^\s*javascript:/i.test(n.url))) throw new Error(`a ${n.type} made of a name`);
      for (const c of n.children || []) walk(c);
    };
    const root = unified().use(remarkParse).use(remarkGfm).parse(text(file));
    walk(root);
    const odd = html.find((h) => !/^(<\/?(details|summary|br|code|sub|b)>|<!--[\w .:/-]*-->)/.test(h.trim()));
    if (odd) throw new Error("HTML made of a name: " + odd);
    for (const n of root.children) if (n.type === "code" && n.lang === "mermaid") await mermaid.parse(n.value);
    return atLeast(seen.heading, 1, "headings") + `, ${seen.table} tables, ${seen.code} code blocks`;
  });
}
await both("resvg", "svg", "acme.svg", async (file) => {
  const { Resvg } = await import("@resvg/resvg-js");
  const drawn = new Resvg(text(file), { font: { loadSystemFonts: true } }).render();
  const { pixels } = drawn;
  const dark = pixels.filter((v, i) => i % 4 === 0 && pixels[i + 3] > 0 && v < 128).length;
  return `${drawn.width} x ${drawn.height} points, ` + atLeast(dark, 500, "dark");
});
await check("png, demo: pngjs", async () => {
  const { PNG } = await import("pngjs");
  const { width, height, data } = PNG.sync.read(fs.readFileSync(of("png")), { checkCRC: true });
  const dark = data.filter((v, i) => i % 4 === 0 && v < 128).length;
  return `${width} x ${height} points, ` + atLeast(dark, 500, "dark");
});
await both("act, a runner of GitHub Actions", "github", "acme.txt", (file, least) => {
  if (!process.env.ROTAMAP_ACT) throw new Missing("no act on PATH, and it could not be installed");
  const git = (...args) => execFileSync("git", ["-C", "job", "-c", "user.name=x", "-c", "user.email=x@example.test", ...args]);
  fs.rmSync("job", { recursive: true, force: true });
  fs.mkdirSync("job/.github/workflows", { recursive: true });
  fs.writeFileSync("job/.github/workflows/w.yml", "on: push\njobs:\n  j:\n    runs-on: here\n    steps:\n      - run: cat \"$REPORT\"\n");
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "x");
  const env = { ...process.env, REPORT: path.resolve(file), HOME: path.resolve("home"), XDG_CACHE_HOME: path.resolve("home"), XDG_CONFIG_HOME: path.resolve("home") };
  const out = execFileSync(process.env.ROTAMAP_ACT, ["push", "-P", "here=-self-hosted", "--json"], { cwd: "job", env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const said = out.trim().split("\n").map((l) => JSON.parse(l));
  if (!said.some((r) => r.jobResult === "success")) throw new Error("the job failed");
  const read = said.filter((r) => r.command);
  const odd = read.find((r) => !["error", "warning", "notice"].includes(r.command) || Object.keys(r.kvPairs).some((k) => !["title", "file", "line"].includes(k)));
  if (odd) throw new Error("a name became the command or property " + odd.command + " " + Object.keys(odd.kvPairs));
  const lines = text(file).trim().split("\n").length;
  if (read.length !== lines) throw new Error(`${read.length} of ${lines} lines are commands`);
  // act, unlike GitHub's own runner, drops a property that has a second sign of equality.
  const titled = (r) => r.kvPairs.title || /title=[^,:]*=/.test(r.raw);
  if (read.some((r) => !titled(r) || (r.kvPairs.line && !/^[1-9]\d*$/.test(r.kvPairs.line)))) throw new Error("a command without title, or with a line that is no number");
  return atLeast(read.length, Math.min(least, 5), "annotations") + `, ${read.filter((r) => r.kvPairs.file).length} at a file`;
});
await both("jsdom as XML", "svg", "acme.svg", (file) => {
  const doc = new dom.window.DOMParser().parseFromString(text(file), "image/svg+xml");
  if (doc.querySelector("parsererror, script, foreignObject, image, a")) throw new Error("no plain picture");
  return atLeast(doc.querySelectorAll("rect").length, 5, "boxes");
});
await check("sqlite, demo: SQLite itself (sql.js)", async () => {
  const { default: init } = await import("sql.js");
  const db = new (await init()).Database(fs.readFileSync(of("sqlite")));
  const one = (q) => db.exec(q)[0].values[0][0];
  if (one("PRAGMA integrity_check") !== "ok") throw new Error("the database is damaged");
  if (one("SELECT count(*) FROM credentials") !== map.totals.credentials) throw new Error("credentials are missing");
  return "integrity ok, " + atLeast(one("SELECT count(*) FROM edges e JOIN nodes a ON a.id = e.from_id JOIN nodes b ON b.id = e.to_id"), 20, "edges joined");
});
await check("jsonl, demo: JSON.parse", () => atLeast(text(of("jsonl")).trim().split("\n").map((l) => JSON.parse(l)).length, map.totals.credentials, "objects"));
