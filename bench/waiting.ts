import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { startAgent } from "./lib/agent.ts";
import { residentMegabytes } from "./lib/children.ts";
import { figure, median, report, say, short } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";

/** Waiting: 2 000 connections that wait for a gate, released by one report; and the memory that they leave behind. */

await need("postgresql");
const WAITERS = 2000;
/** Memory is measured from here on: pages of connections are kept by the runtime once there were any. */
const WARM_ROUNDS = 3;
const ROUNDS = numberFlag("rounds", 10);
const SETTLE_MS = 5000;

const postgres = await startDebianPostgres();
const agent = await startAgent({ database_url: postgres.url });

async function post(path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(agent.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** On a connection of its own, as a scheduler's. Resolves with when the whole answer was there. */
function ask(path: string): Promise<{ at: number; decision: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get(agent.url + path, { agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const { decision } = JSON.parse(Buffer.concat(chunks).toString()) as { decision: string };
      resolve({ at: performance.now(), decision });
    });
    request.on("error", reject);
  });
}

async function waiting(): Promise<number> {
  const text = await (await fetch(`${agent.url}/metrics`)).text();
  return Number(/^sluice_gate_waiters(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
}

async function untilWaiting(count: number): Promise<void> {
  while ((await waiting()) !== count) await sleep(50);
}

async function round(run: number): Promise<{ last: number; middle: number; plain: number }> {
  const common = { pipeline_name: "waited_for", run_id: `run-${run}` };
  await post("/v1/runs", { ...common, status: "started" });
  await post("/v1/quality", { ...common, check_name: "null_rate", score: 1 });
  const path = `/v1/gates/waited_for?run_id=run-${run}`;
  const held = Array.from({ length: WAITERS }, () => ask(`${path}&wait=5m`));
  await untilWaiting(WAITERS);
  const start = performance.now();
  await post("/v1/runs", { ...common, status: "success" });
  const answers = await Promise.all(held);
  if (answers.some(({ decision }) => decision !== "pass")) throw new Error("not everybody was told that it passed");
  const taken = answers.map(({ at }) => at - start);
  await untilWaiting(0);
  const again = performance.now();
  await Promise.all(Array.from({ length: WAITERS }, () => ask("/v1/gates/waited_for")));
  return { last: Math.max(...taken), middle: median(taken), plain: performance.now() - again };
}

const rounds: Awaited<ReturnType<typeof round>>[] = [];
let warm = 0;
for (let run = 0; run < WARM_ROUNDS + ROUNDS; run++) {
  const measured = await round(run);
  say(
    `  the last of ${WAITERS} answered after ${short(measured.last)} ms; asking without waiting: ${short(measured.plain)} ms`,
  );
  if (run >= WARM_ROUNDS) rounds.push(measured);
  if (run !== WARM_ROUNDS - 1) continue;
  await sleep(SETTLE_MS);
  warm = residentMegabytes(agent.pid);
}
await sleep(SETTLE_MS);
const after = residentMegabytes(agent.pid);
const of = (what: keyof (typeof rounds)[number]) => median(rounds.map((one) => one[what]));
report(
  "waiting",
  `${WAITERS} connections wait for the gate of one run, which one report decides; ${ROUNDS} rounds`,
  [
    figure("from the report to the last answer", "ms", of("last"), "a second", 1000, { most: 1 }),
    figure("the same", "ms", of("last"), `${WAITERS} connections asking without waiting`, of("plain")),
    figure("memory after the rounds", "MB", after, `after the first ${WARM_ROUNDS}`, warm, { most: 1.1 }),
  ],
  { median_answer_ms: of("middle"), slowest_round_ms: Math.max(...rounds.map(({ last }) => last)) },
);
await agent.dispose();
await postgres.dispose();
process.exit(0);
