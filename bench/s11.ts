import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../scripts/lib/free-port.mjs";
import { createClient } from "../src/client/index.ts";
import type { RunHandle } from "../src/client/report/run.ts";
import { type Figure, figure, report, say } from "./lib/figures.ts";
import { alternate } from "./lib/rounds.ts";
import { startProgram } from "./lib/servers.ts";
import { medianOf } from "./lib/timing.ts";

/** S11: what a call of the SDK costs its caller, beside a JSON.stringify (json.dumps) of the same report; and a run whose agent is away. */

const CALLS = 2000;
const ROUNDS = 60;
const goal = { most: 1.5 };
const pythonGoal = { most: 2 };

const CALLED: Record<string, { call: (run: RunHandle, i: number) => void; same: (i: number) => object }> = {
  records: {
    call: (run, i) => run.records("load", i, { failed: 12 }),
    same: (i) => ({ kind: "records", ...COMMON, stage: "load", count: i, failed: 12 }),
  },
  quality: {
    call: (run, i) => run.quality("null_rate", i / CALLS, { threshold: 0.95 }),
    same: (i) => ({ kind: "quality", ...COMMON, check_name: "null_rate", score: i / CALLS, threshold: 0.95 }),
  },
  latency: {
    call: (run, i) => run.latency("vector_search", i / 1e5),
    same: (i) => ({ kind: "latency", ...COMMON, operation: "vector_search", seconds: i / 1e5 }),
  },
};
const COMMON = {
  id: "01977f6a-30c0-7d3a-8c4e-5b6f708192a3",
  at: "2026-11-21T11:00:00.000Z",
  pipeline_name: "orders_daily",
  run_id: "scheduled__2026-11-20T00:00:00+00:00",
  attempt: 1,
};

const server = await startProgram("no-store");
const spool = await mkdtemp(join(tmpdir(), "sluice-bench-"));
const client = createClient({ url: server.url, spool, maxQueuedReports: 100_000 });
const inMemory = createClient({ url: server.url, spool: false, maxQueuedReports: 100_000 });
const attach = (to: typeof client) => to.pipeline(COMMON.pipeline_name).attach(COMMON.run_id);
const [run, runInMemory] = [attach(client), attach(inMemory)];

/** Nanoseconds a call, in the caller; sending goes on between the rounds. */
async function cost(call: (i: number) => void): Promise<number> {
  const start = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) call(i);
  const taken = Number(process.hrtime.bigint() - start) / CALLS;
  await Promise.all([client.flush({ deadlineSeconds: 30 }), inMemory.flush({ deadlineSeconds: 30 })]);
  return taken;
}

const figures: Figure[] = [];
let written = 0;
for (const [name, { call, same }] of Object.entries(CALLED)) {
  const subjects = [
    { name: `${name}, SDK`, measure: () => cost((i) => call(run, i)) },
    { name: `${name}, SDK without a spool`, measure: () => cost((i) => call(runInMemory, i)) },
    {
      name: `${name}, JSON.stringify`,
      measure: () =>
        cost((i) => {
          written += JSON.stringify(same(i)).length;
        }),
    },
  ];
  const costs = await alternate(ROUNDS, subjects);
  const [sdk, memory, json] = subjects.map((subject) => costs[subject.name]!) as [number, number, number];
  figures.push(figure(`${name}, TypeScript`, "ns", sdk, "JSON.stringify", json, goal));
  figures.push(figure(`${name}, without a spool`, "ns", memory, "JSON.stringify", json));
}
if (written === 0) throw new Error("nothing was written");
const { sent, dropped } = client.stats();
if (sent !== Object.keys(CALLED).length * ROUNDS * CALLS || dropped > 0) {
  throw new Error(`${sent} sent and ${dropped} dropped: what was measured was not all delivered`);
}
figures.push(figure("a run, agent away", "ms", await runWithoutAgent(), "allowed", 50, { most: 1 }));
figures.push(...python());
report("s11", "an SDK call in its caller, beside writing the same report as JSON", figures);
await Promise.all([client.close(), inMemory.close()]);
await server.stop();
await rm(spool, { recursive: true, force: true });

/** Milliseconds that a run without work takes from its start to its end with a new client of an agent that is not there. */
async function runWithoutAgent(): Promise<number> {
  const url = `http://127.0.0.1:${await freePort()}`;
  return medianOf(20, async () => {
    const alone = createClient({ url, spool, logger: { warn() {} } });
    await alone.pipeline(COMMON.pipeline_name).run((run) => run.records("load", 1));
    await alone.close();
  });
}

/** The Python client measures itself: it prints {"sdk_ns": …, "json_ns": …}. */
function python(): Figure[] {
  const script = "python/bench/call_cost.py";
  if (!existsSync(script)) {
    say(`  ${script} is not there: the Python client is left out`);
    return [];
  }
  const { status, stdout, stderr } = spawnSync("python3", [script], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  const { sdk_ns, json_ns } = JSON.parse(stdout) as { sdk_ns: number; json_ns: number };
  return [figure("records, Python", "ns", sdk_ns, "json.dumps", json_ns, pythonGoal)];
}
