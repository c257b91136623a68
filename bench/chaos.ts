import { failovers } from "./chaos/failover/failover.ts";
import { SITE_FAULTS } from "./chaos/failover/faults.ts";
import { killEmbedded, killOnServer, type Plan, postgresAway, postgresRestarted } from "./chaos/rounds.ts";
import { severalAgents } from "./chaos/several/several.ts";
import { flag, numberFlag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";

/** R1 to R3: kill -9 of agent and servers, and restarts, under load; every acknowledged report must be there exactly once. `--rounds 50 --seed 1 --only restarted`. */

await need("postgresql");
const seed = numberFlag("seed", Math.floor(Math.random() * 2 ** 31));
const rounds = numberFlag("rounds", 50);
process.stdout.write(`seed ${seed}: npm run chaos -- --rounds ${rounds} --seed ${seed} plays the same again\n`);

const parts: [string, number, (plan: Plan) => Promise<string[]>][] = [
  ["kill -9 of the agent, PostgreSQL stays", rounds, killOnServer],
  ["kill -9 of agent and embedded server", Math.ceil(rounds * 0.4), killEmbedded],
  ["PostgreSQL away under load", Math.ceil(rounds * 0.2), postgresAway],
  ["PostgreSQL restarted while runs go on", Math.ceil(rounds * 0.4), postgresRestarted],
];

const only = flag("only") ?? "";
let failed = false;
for (const [name, times, run] of parts.filter(([name]) => name.includes(only))) {
  process.stdout.write(`\n${name}, ${times} rounds\n`);
  const found = await run({
    seed,
    rounds: times,
    onRound(round, fault, { told }) {
      const answers = [...told.answers].map(([status, n]) => `${status || "none"}: ${n}`).join(", ");
      process.stdout.write(
        `  ${String(round).padStart(3)}  ${fault.padEnd(48)} ${told.ids} reports, answers ${answers}\n`,
      );
    },
  });
  for (const violation of found) process.stdout.write(`VIOLATION ${violation}\n`);
  if (found.length > 0) failed = true;
  else process.stdout.write("  every acknowledged report is there exactly once, and all sums agree\n");
}

if ("several agents".includes(only)) {
  process.stdout.write(`\nseveral agents, ${Math.ceil(rounds * 0.4)} rounds\n`);
  const lags: number[] = [];
  const found = await severalAgents({
    seed,
    rounds: Math.ceil(rounds * 0.4),
    onRound(round, fault, crowd) {
      lags.splice(0, lags.length, ...crowd.lags);
      const { told } = crowd;
      const answers = [...told.answers].map(([status, n]) => `${status || "none"}: ${n}`).join(", ");
      process.stdout.write(
        `  ${String(round).padStart(3)}  ${fault.padEnd(48)} ${told.ids} reports, answers ${answers}\n`,
      );
    },
  });
  for (const violation of found) process.stdout.write(`VIOLATION ${violation}\n`);
  if (found.length > 0) failed = true;
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(1);
  process.stdout.write(
    `  from an acknowledgement to the right answer of each agent: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length}\n`,
  );
}

if ("behind a balancer".includes(only)) {
  // Those of its own number: each takes half a minute, and the last ones are as telling as the first.
  const times = only === "" ? SITE_FAULTS.length : rounds;
  process.stdout.write(`\nbehind a balancer, ${times} rounds\n`);
  await need("haproxy");
  const say = (line: string) => process.stdout.write(`  ${line.replaceAll("\n", "\n  ")}\n`);
  const found = await failovers({ seed, rounds: times, say });
  for (const violation of found) process.stdout.write(`VIOLATION ${violation}\n`);
  if (found.length > 0) failed = true;
}
process.exit(failed ? 1 : 0);
