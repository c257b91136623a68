import { startDebianPostgres } from "../test/support/debian-postgres.ts";
import { fillStore } from "./fill/fill-store.ts";
import { growthExponents, type Measured, stepsOf } from "./growth/exponents.ts";
import { ABOUT_ONE, measureStore } from "./growth/measure-store.ts";
import { printTable, say, short, writeResult } from "./lib/figures.ts";
import { flag } from "./lib/flags.ts";
import { need } from "./lib/needs.ts";

/**
 * S14: how start, memory, board, lists, SLA, a retention step and one pipeline's answers grow with the store:
 * `--steps 1000:3000000,10000:30000000` pipelines and rows, filled by SQL (30 million rows take 20 GB).
 */

await need("postgresql");
const STEPS = stepsOf(flag("steps") ?? "1000:100000,10000:1000000");
const CHECKS = 10;
const DAYS = 365;
const DAYS_DELETED = 3;
/** The exponents allowed: of what is about the whole store, and of what is about one pipeline. */
const MOST = { all: 1.05, one: 0.1 };

const measured: Measured = {};
for (const { pipelines, rows } of STEPS) {
  const postgres = await startDebianPostgres({ settings: { max_wal_size: "4GB" } });
  // As many runs as give every one of them its ten checks: a row is a result of a check.
  const runs = Math.max(1, Math.round(rows / (pipelines * CHECKS)));
  const began = performance.now();
  await fillStore(postgres.url, { pipelines, rows, checks: CHECKS, runs, days: DAYS });
  say(`  ${short(pipelines)} pipelines, ${short(rows)} rows: filled in ${short((performance.now() - began) / 1000)} s`);
  const values = await measureStore(postgres.url, { days: DAYS, days_deleted: DAYS_DELETED });
  for (const [measure, value] of Object.entries(values)) measured[measure] = [...(measured[measure] ?? []), value];
  await postgres.dispose();
}

const sizes = STEPS.map(({ pipelines, rows }) => `${short(pipelines)} / ${short(rows)}`);
const growth = Object.entries(measured).map(([measure, values]) => {
  const exponents = growthExponents(STEPS, values);
  const allowed = ABOUT_ONE.includes(measure) ? MOST.one : MOST.all;
  return { measure, values, exponents, allowed, met: exponents.every((exponent) => exponent <= allowed) };
});
process.stdout.write("\nGROWTH: exponents by which each grows with the store: 0 is flat, 1 is as the store\n\n");
printTable([
  ["pipelines / rows", ...sizes, ...sizes.slice(1).map((size) => `→ ${size}`), "allowed", ""],
  ...growth.map(({ measure, values, exponents, allowed, met }) => [
    `${measure}, ${measure === "resident memory" ? "MB" : "ms"}`,
    ...values.map(short),
    ...exponents.map((exponent) => exponent.toFixed(2)),
    `≤ ${allowed}`,
    exponents.length === 0 ? "" : met ? "met" : "missed",
  ]),
]);
writeResult("growth", { steps: STEPS, growth });
process.exit(0);
