import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { figure, report } from "./lib/figures.ts";
import { nextPrefix } from "./lib/load-prefix.ts";
import { need } from "./lib/needs.ts";
import { alternate } from "./lib/rounds.ts";
import { startProgram } from "./lib/servers.ts";
import { wrk } from "./lib/wrk.ts";

/** S2: acknowledged, durable single reports a second on Postgres, beside the same routes with validation and no store. */

need("wrk", "postgresql");
const PIPELINES = 1000;
const CONNECTIONS = 64;
const SECONDS = 8;
const ROUNDS = 3;
const KINDS = ["quality", "records", "run"] as const;

const postgres = await startDebianPostgres();
const agent = await startAgent({ database_url: postgres.url });
const noStore = await startProgram("no-store");

async function rate(url: string, kind: string, seconds = SECONDS): Promise<number> {
  const args = [kind, PIPELINES, nextPrefix()];
  const result = await wrk({ url, script: "reports", connections: CONNECTIONS, seconds, args });
  if (result.errors > 0) throw new Error(`${result.errors} reports were not accepted:\n${agent.errors}`);
  return result.rate;
}

for (const { url } of [agent, noStore]) await rate(url, "quality", 4);
const figures = [];
for (const kind of KINDS) {
  const rounds = kind === "quality" ? ROUNDS : 1;
  const rates = await alternate(rounds, [
    { name: `${kind}, stored`, measure: () => rate(agent.url, kind) },
    { name: `${kind}, not stored`, measure: () => rate(noStore.url, kind) },
  ]);
  const [stored, notStored] = [rates[`${kind}, stored`]!, rates[`${kind}, not stored`]!];
  const goal = kind === "quality" ? { least: 0.5 } : undefined;
  figures.push(figure(kind, "reports/s", stored, "same routes, no store", notStored, goal));
}
report("s2", `acknowledged single reports, ${CONNECTIONS} clients, beside the same routes without a store`, figures);
await agent.dispose();
await noStore.stop();
await postgres.dispose();
process.exit(0);
