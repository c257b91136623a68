import { figure, report } from "./lib/figures.ts";
import { numberFlag } from "./lib/flags.ts";
import { ITEMS, MeteredAgent, PIPELINES } from "./lib/metered-agent.ts";
import { need } from "./lib/needs.ts";
import { printSamples, processorOf, sampleInTurns } from "./lib/samples.ts";

/** S12: processor time of a quality report, agent and Postgres by the operating system, beside its budget: single, in batches, in batches spread over 1 000 pipelines. */

await need("wrk", "postgresql");
const FEW = 20;
const SECONDS = numberFlag("seconds", 6);
const ROUNDS = numberFlag("rounds", 5);
const BUDGET_US = { single: 65, "in batches": 20, "in batches, spread": 40 };

const metered = await MeteredAgent.start();
await metered.singles("quality", 4);
await metered.batches("quality", PIPELINES, 3);
const samples = await sampleInTurns(ROUNDS, [
  { name: "single", measure: () => metered.singles("quality", SECONDS) },
  { name: "in batches", measure: () => metered.batches("quality", FEW, SECONDS) },
  { name: "in batches, spread", measure: () => metered.batches("quality", PIPELINES, SECONDS) },
]);

printSamples(samples);
report(
  "s12",
  `processor time of one quality report; batches of ${ITEMS} from ${FEW} pipelines (spread: ${PIPELINES})`,
  Object.entries(BUDGET_US).map(([what, budget]) =>
    figure(what, "µs", processorOf(samples[what]!), "budget", budget, { most: 1 }),
  ),
  { samples },
);
await metered.dispose();
process.exit(0);
