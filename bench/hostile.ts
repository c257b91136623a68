import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { hashedKey } from "./hostile/hashed-key.ts";
import { type Asked, Honest } from "./hostile/honest.ts";
import { catastrophicGlobs } from "./hostile/loads/catastrophic-globs.ts";
import { hugeReports } from "./hostile/loads/huge-reports.ts";
import { labelFlood } from "./hostile/loads/label-flood.ts";
import { muteListeners } from "./hostile/loads/mute-listeners.ts";
import { slowBodies } from "./hostile/loads/slow-bodies.ts";
import { startAgent } from "./lib/agent.ts";
import { residentMegabytes } from "./lib/children.ts";
import { say, short } from "./lib/figures.ts";
import { flag, numberFlag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";

/** Hostile: what an honest user waits for while another key attacks, the agent's memory, and what the attacker is answered. `--only huge` */

await need("postgresql");
const ROUNDS = numberFlag("rounds", 200);
const LOADS = [
  muteListeners(1500, 20),
  labelFlood(40),
  hugeReports(3),
  slowBodies(1000, 60_000, true),
  slowBodies(4100, 60_000, false),
  catastrophicGlobs(3),
].filter(({ name }) => name.includes(flag("only") ?? ""));
/** An agent that does not answer for so long is taken for stopped. */
const PATIENCE_MS = 60_000;
const SETTLE_MS = 5000;

const honest = hashedKey("honest", ["report", "read"]);
const hostile = hashedKey("hostile", ["report", "read"]);
const directory = await mkdtemp(join(tmpdir(), "sluice-hostile-"));
await writeFile(join(directory, "sluice.yaml"), JSON.stringify({ api_keys: [honest.entry, hostile.entry] }));
const postgres = await startDebianPostgres();

const line = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(" | ")} |\n`);
line(["load", "honest: p50 ms", "p99 ms", "max ms", "not answered", "MB before", "during", "after"]);
line(Array.from({ length: 8 }, () => "---"));
for (const load of LOADS) {
  const env = { SLUICE_CONFIG: join(directory, "sluice.yaml") };
  const agent = await startAgent({ database_url: postgres.url, env });
  const port = Number(new URL(agent.url).port);
  const calm = new Honest({ port, key: honest.key, patience: PATIENCE_MS });
  calm.start();
  await calm.rounds(ROUNDS);
  await calm.stop();
  const before = residentMegabytes(agent.pid);
  const user = new Honest({ port, key: honest.key, patience: PATIENCE_MS });
  let during = before;
  const watch = setInterval(() => {
    if (agent.running) during = Math.max(during, residentMegabytes(agent.pid));
  }, 100);
  user.start();
  const answers = await load.run({ port, key: hostile.key }, () => user.rounds(ROUNDS));
  await user.stop();
  clearInterval(watch);
  await sleep(SETTLE_MS);
  const failed = user.failures();
  const times = latencies(user.asked);
  line([load.name, ...times, String(failed.length), ...[before, during, residentMegabytes(agent.pid)].map(short)]);
  line(["  the same, nobody attacks", ...latencies(calm.asked), String(calm.failures().length), "", "", ""]);
  say(`    the slowest answers: ${slowest(user.asked)}`);
  for (const [answer, times] of answers) say(`    the attacker was answered ${answer}: ${times}`);
  if (failed.length > 0) say(`    the honest user was not: ${[...new Set(failed)].join(", ")}`);
  await agent.dispose();
}
await postgres.dispose();
await rm(directory, { recursive: true, force: true });
process.exit(0);

function latencies(asked: readonly Asked[]): string[] {
  const sorted = asked.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return [at(0.5), at(0.99), at(1)].map(short);
}

/** Reports wait for the commits before them, a look at the agent's health only for its event loop. */
function slowest(asked: readonly Asked[]): string {
  const most = new Map<string, number>();
  for (const { what, ms } of asked) most.set(what, Math.max(most.get(what) ?? 0, ms));
  return [...most].map(([what, ms]) => `${what} ${short(ms)} ms`).join(", ");
}
