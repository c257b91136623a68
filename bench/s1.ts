import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { figure, report } from "./lib/figures.ts";
import { nextPrefix } from "./lib/load-prefix.ts";
import { need } from "./lib/needs.ts";
import { alternate } from "./lib/rounds.ts";
import { startPushgateway } from "./lib/servers.ts";
import { wrk } from "./lib/wrk.ts";

/** S1: acknowledged, durable single reports a second on Postgres, beside Debian's Pushgateway. */

need("wrk", "prometheus-pushgateway", "postgresql");
const PIPELINES = 1000;
const CONNECTIONS = 64;
const SECONDS = 8;
const ROUNDS = 3;

const postgres = await startDebianPostgres();
const agent = await startAgent({ database_url: postgres.url });
const gateway = await startPushgateway();

const latencies: Record<string, { p50_ms: number; p99_ms: number }> = {};
async function reports(kind: string, seconds = SECONDS): Promise<number> {
  const args = [kind, PIPELINES, nextPrefix()];
  const { rate, errors, ...rest } = await wrk({
    url: agent.url,
    script: "reports",
    connections: CONNECTIONS,
    seconds,
    args,
  });
  if (errors > 0) throw new Error(`${errors} reports were not accepted:\n${agent.errors}`);
  latencies[kind] = rest;
  return rate;
}

/** Creates the groups too, before it is measured: what it costs grows with their number. */
async function createGroups(): Promise<void> {
  const push = (i: number) =>
    fetch(`${gateway.url}/metrics/job/pipeline_${String(i).padStart(4, "0")}`, {
      method: "POST",
      body: "# TYPE data_quality_score gauge\ndata_quality_score 1\n# TYPE data_quality_threshold gauge\ndata_quality_threshold 1\n",
    }).then((response) => response.arrayBuffer());
  for (let i = 0; i < PIPELINES; i++) await push(i);
}

async function pushes(): Promise<number> {
  const { rate, errors } = await wrk({
    url: gateway.url,
    script: "push",
    connections: CONNECTIONS,
    seconds: SECONDS,
    args: [PIPELINES],
  });
  if (errors > 0) throw new Error(`${errors} pushes failed`);
  return rate;
}

await createGroups();
await reports("quality", 4);
const rates = await alternate(ROUNDS, [
  { name: "quality", measure: () => reports("quality") },
  { name: "pushgateway", measure: pushes },
]);
const others = await alternate(1, [
  { name: "records", measure: () => reports("records") },
  { name: "run", measure: () => reports("run") },
]);

const against = `Pushgateway, ${PIPELINES} groups`;
report(
  "s1",
  `acknowledged single reports, ${CONNECTIONS} clients, ${PIPELINES} pipelines, PostgreSQL at default durability`,
  [
    figure("quality", "reports/s", rates.quality!, against, rates.pushgateway!, { least: 100 }),
    figure("records", "reports/s", others.records!, against, rates.pushgateway!),
    figure("run", "reports/s", others.run!, against, rates.pushgateway!),
  ],
  { latencies },
);
await agent.dispose();
await gateway.stop();
await postgres.dispose();
process.exit(0);
