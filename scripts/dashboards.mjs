// npm run dashboards: grafana/src → grafana/dashboards/*.json.
// npm run dashboards -- --agent-url https://sluice.example.com --out DIR: with links to the agent there.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "./lib/root.mjs";

const { values } = parseArgs({ options: { "agent-url": { type: "string" }, out: { type: "string" } } });
const out = resolve(values.out ?? join(root, "grafana/dashboards"));
const { dashboards } = await load(join(root, "grafana/src/index.ts"));

mkdirSync(out, { recursive: true });
for (const [name, dashboard] of Object.entries(dashboards(values["agent-url"]))) {
  writeFileSync(join(out, `${name}.json`), formatted(`${JSON.stringify(dashboard)}\n`));
}
process.stderr.write(`wrote ${Object.keys(dashboards()).length} dashboards to ${out}\n`);

/** TypeScript, which Node 20 does not run by itself, and the builders of Grafana in one module, without a file on disk. */
async function load(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20.19",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** As `npm run lint` wants it. */
function formatted(json) {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "format", "--stdin-file-path=dashboard.json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, input: json, encoding: "utf8" });
  if (status !== 0) throw new Error(`Biome cannot format a dashboard: ${stderr}`);
  return stdout;
}
