// npm run release:fixture: what the tests of later releases start on: this release's agent, its clients, its OpenAPI
// document, and a store that it filled.
// --checkout DIR: of another checkout than this one (the tag of a release, built here). --out DIR: test/fixtures/release-<version>.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { root } from "./lib/root.mjs";
import { startAgentOf } from "./release-fixture/agent.mjs";
import { answersOf } from "./release-fixture/answers.mjs";
import { emptyTables } from "./release-fixture/empty-tables.mjs";
import { fill } from "./release-fixture/fill.mjs";
import { packAgent, packClients } from "./release-fixture/pack.mjs";
import { startPostgres } from "./release-fixture/postgres.mjs";

const { values } = parseArgs({
  options: { checkout: { type: "string", default: root }, out: { type: "string", default: "" } },
});
const checkout = resolve(values.checkout);
const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
const short = version.split(".").slice(0, 2).join(".");
const out = values.out === "" ? join(root, "test/fixtures", `release-${short}`) : resolve(values.out);
mkdirSync(out, { recursive: true });

const work = mkdtempSync(join(tmpdir(), "sluice-release-"));
const stops = [() => rmSync(work, { recursive: true, force: true })];
try {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: checkout, stdio: "inherit" });
  const postgres = await startPostgres(work);
  stops.unshift(() => postgres.dispose());
  const agent = await startAgentOf(checkout, { work, database_url: postgres.url });
  stops.unshift(() => agent.stop());
  await fill(agent);
  const answers = await answersOf(agent);
  const openapi = await agent.ask("GET", "/openapi.json");
  await agent.stop();
  const empty = await emptyTables(postgres.url);
  if (empty.length > 0)
    throw new Error(`nothing fills ${empty.join(", ")}: add it to scripts/release-fixture/fill.mjs`);
  writeFileSync(join(out, "store.sql.gz"), gzipSync(postgres.dump(), { level: 9 }));
  writeFileSync(join(out, "answers.json"), `${JSON.stringify(answers, null, 1)}\n`);
  writeFileSync(join(out, "openapi.json"), `${JSON.stringify(openapi, null, 1)}\n`);
  packAgent(checkout, join(out, "agent.tgz"));
  packClients(checkout, out);
  process.stdout.write(`${out}\n`);
} finally {
  for (const stop of stops) await stop();
}
