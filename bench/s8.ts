import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { figure, median, report, say } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";
import { processorSeconds } from "./lib/processor.ts";
import { alternate } from "./lib/rounds.ts";
import { type Server, startProgram } from "./lib/servers.ts";
import { startIngest } from "./lib/steady-ingest.ts";
import { wrk } from "./lib/wrk.ts";

/** S8: `GET /v1/gates/{pipeline_name}` with 10 000 pipelines under ingest load, beside an empty Fastify route. */

await need("wrk", "postgresql");
const PIPELINES = 10_000;
const BATCH = 1000;
const CONNECTIONS = 64;
const SECONDS = numberFlag("seconds", 5);
const ROUNDS = numberFlag("rounds", 5);
/** A run of three reports each, of every pipeline every minute. */
const REPORTS_PER_SECOND = numberFlag("ingest", (PIPELINES * 3) / 60);

const postgres = await startDebianPostgres();
const agent = await startAgent({ database_url: postgres.url });
const empty = await startProgram("bare-fastify");

/** The reports of run after run of each pipeline: a check and counts, then the end. */
function reportOf(serial: number): object {
  const i = Math.floor(serial / 3) % PIPELINES;
  const run = Math.floor(serial / 3 / PIPELINES);
  const common = { pipeline_name: `pipeline_${String(i).padStart(5, "0")}`, run_id: `run-${run}`, id: `r-${serial}` };
  const kinds = [
    { kind: "quality", check_name: "null_rate", score: i % 10 === 0 ? 0.5 : 0.99, threshold: 0.95 },
    { kind: "records", stage: "load", count: 1000 + i, expected_min: 1000 },
    { kind: "run", status: "success", duration_seconds: 60 },
  ];
  return { ...common, at: Date.now() / 1000, ...kinds[serial % 3] };
}

async function post(reports: object[]): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${agent.url}/v1/reports`, { method: "POST", headers, body: JSON.stringify(reports) });
  const { accepted } = (await response.json()) as { accepted: number };
  if (accepted !== reports.length) throw new Error(`${accepted} of ${reports.length} accepted`);
}

function push(to: Record<string, number[]>, name: string, value: number): void {
  to[name] = [...(to[name] ?? []), value];
}

const processor: Record<string, number[]> = {};

async function rate(name: string, server: Server, path: string, pipelines: number, seconds = SECONDS): Promise<number> {
  const before = processorSeconds(server.pid);
  const args = [path, pipelines];
  const result = await wrk({ url: server.url, script: "gets", connections: CONNECTIONS, seconds, args });
  if (result.errors > 0) throw new Error(`${result.errors} answers were errors:\n${server.errors}`);
  const spent = processorSeconds(server.pid) - before;
  push(processor, name, (spent * 1e6) / (result.rate * seconds));
  return result.rate;
}

const seed = PIPELINES * 3;
for (let from = 0; from < seed; from += BATCH) {
  await post(Array.from({ length: Math.min(BATCH, seed - from) }, (_, i) => reportOf(from + i)));
}
const answer = (await (await fetch(`${agent.url}/v1/gates/pipeline_00001`)).json()) as { decision: string };
if (answer.decision !== "pass") throw new Error(`pipeline_00001 should pass: ${JSON.stringify(answer)}`);

const gates = (name: string, seconds?: number) => rate(name, agent, "/v1/gates/pipeline_%05d", PIPELINES, seconds);
const route = (name: string, seconds?: number) => rate(name, empty, "/", 1, seconds);
// Compiled code is compared, not how long it takes to compile.
const WARM = 30_000;
for (let asked = 0; asked < WARM; ) asked += 3 * (await gates("warm-up", 3));
for (let asked = 0; asked < WARM; ) asked += 3 * (await route("warm-up", 3));

say("  nothing beside:");
const alone = await alternate(ROUNDS, [
  { name: "gates alone", measure: () => gates("gates alone") },
  { name: "empty route alone", measure: () => route("empty route alone") },
]);

say(`  with ${REPORTS_PER_SECOND} reports/s going to the agent beside:`);
const started = performance.now();
const ingest = startIngest({
  url: agent.url,
  reports_per_second: REPORTS_PER_SECOND,
  reportOf: (serial) => reportOf(seed + serial),
});
const ingested: Record<string, number[]> = {};
const beside = (name: string, measure: (name: string) => Promise<number>) => ({
  name,
  async measure() {
    const [at, acknowledged] = [performance.now(), ingest.acknowledged];
    const measured = await measure(name);
    push(ingested, name, (ingest.acknowledged - acknowledged) / ((performance.now() - at) / 1000));
    return measured;
  },
});
const loaded = await alternate(ROUNDS, [beside("gates", gates), beside("empty route", route)]);
const seconds = (performance.now() - started) / 1000;
const whole = ingest.acknowledged / seconds;
await ingest.stop();

const medians = (of: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(of).map(([name, values]) => [name, Math.round(median(values) * 10) / 10]));
report(
  "s8",
  `GET /v1/gates/{pipeline_name}, ${PIPELINES} pipelines in turn, ${CONNECTIONS} connections; beside both: ${Math.round(whole)} reports/s to the agent in batches of ${Math.round(REPORTS_PER_SECOND / 10)}, each durable and deciding gates`,
  [
    figure(
      "gates, under ingest",
      "requests/s",
      loaded.gates!,
      "empty Fastify route, ingest beside",
      loaded["empty route"]!,
      { least: 0.8 },
    ),
    // With ingest in it the processor time is not the question's alone.
    figure(
      "processor time, nothing beside",
      "µs",
      median(processor["gates alone"]!),
      "empty Fastify route",
      median(processor["empty route alone"]!),
      { most: 1.5 },
    ),
    figure(
      "gates, nothing beside",
      "requests/s",
      alone["gates alone"]!,
      "empty Fastify route",
      alone["empty route alone"]!,
    ),
  ],
  { ingested_per_second: medians(ingested), processor_microseconds_a_request: medians(processor) },
);
say(`processor time of the server a request, microseconds: ${JSON.stringify(medians(processor))}`);
say(`ingested meanwhile, reports/s: ${JSON.stringify(medians(ingested))}`);
await agent.dispose();
await empty.stop();
await postgres.dispose();
process.exit(0);
