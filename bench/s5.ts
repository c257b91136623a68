import { mkdirSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { currentHistogram } from "../src/domain/drift/histograms/current-histogram.ts";
import { type FeatureToJudge, judgeFeatures } from "../src/domain/drift/judge-features.ts";
import { type Agent, startAgent } from "./lib/agent.ts";
import { outputOf } from "./lib/children.ts";
import { figure, median, report } from "./lib/figures.ts";
import { pythonWithPeers } from "./lib/python.ts";
import { alternate } from "./lib/rounds.ts";
import { type Counts, edges, FEATURES, ROWS, someCounts, toJudge } from "./s5/features.ts";

/** S5: PSI, p-value, measures and bins of 1 000 features in 10 bins, beside the naive NumPy function and Evidently's PSI. */

const REPETITIONS = 400;
const ROUNDS = 5;
/** A report of Evidently takes the longer the more features: 1 000 would take a minute. */
const REPORT_FEATURES = 100;
const POSTS = 30;
/** What PSI may differ by between us and them. */
const SAME = 1e-9;

interface Theirs {
  ns: number;
  psi: number[];
}

const python = await pythonWithPeers();
const counts = someCounts();
const features = toJudge(counts);
const wanted = judgeFeatures(features).map((judged) => (judged.ok ? judged.verdict.psi! : Number.NaN));

/** In ns a feature. */
async function theirs(who: string, count = FEATURES): Promise<number> {
  mkdirSync("bench/results", { recursive: true });
  const file = "bench/results/s5-counts.json";
  const some = { reference: counts.reference.slice(0, count), current: counts.current.slice(0, count) };
  writeFileSync(file, JSON.stringify(some));
  const { ns, psi } = JSON.parse(await outputOf(python, ["bench/s5/theirs.py", who, file])) as Theirs;
  const differs = psi.findIndex((value, i) => Math.abs(value - wanted[i]!) > SAME);
  if (psi.length !== count || differs >= 0) {
    throw new Error(`${who} has PSI ${psi[differs]} for feature ${differs}, we have ${wanted[differs]}`);
  }
  return ns;
}

/** The fastest of many, as with theirs. */
function fastest(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPETITIONS; i++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return (least * 1e6) / FEATURES;
}

/** Binned from their rows first, as values that a report brings. */
function judgeRows(rows: readonly Float64Array[]): unknown {
  const binned = features.map((feature, i): FeatureToJudge => {
    const current = currentHistogram({ values: rows[i]! }, feature.reference);
    if (!current.ok) throw new Error("rows that fit do not fit");
    return { ...feature, current: current.value };
  });
  return judgeFeatures(binned);
}

function rowsOf(current: Counts["current"]): Float64Array[] {
  return current.map((bins) => Float64Array.from(bins.flatMap((n, bin) => new Array<number>(n).fill(bin + 0.5))));
}

const rows = rowsOf(counts.current);
const ns = await alternate(ROUNDS, [
  { name: "counts", measure: async () => fastest(() => judgeFeatures(features)) },
  { name: "numpy", measure: () => theirs("numpy") },
]);
const slow = await alternate(1, [
  { name: "rows", measure: async () => fastest(() => judgeRows(rows)) },
  { name: "evidently-function", measure: () => theirs("evidently-function") },
  { name: "evidently-report", measure: () => theirs("evidently-report", REPORT_FEATURES) },
]);
const agent = await startAgent();
const posted = await postedReports(agent);
await agent.dispose();

const us = (nanoseconds: number) => nanoseconds / 1000;
const numpy = "PSI alone, NumPy, a feature at a time";
report(
  "s5",
  `PSI, p-value, measures and bins of ${FEATURES} features in 10 bins, ${ROWS} rows on either side; per feature`,
  [
    figure("judged, from counts", "µs", us(ns.counts!), numpy, us(ns.numpy!), { most: 0.1 }),
    figure("judged, from counts", "µs", us(ns.counts!), "Evidently, a report", us(slow["evidently-report"]!), {
      most: 0.001,
    }),
    figure(
      "judged, from counts",
      "µs",
      us(ns.counts!),
      "Evidently, its PSI function alone",
      us(slow["evidently-function"]!),
    ),
    figure("binned from rows, judged", "µs", us(slow.rows!), "Evidently, a report", us(slow["evidently-report"]!)),
    figure("posted, judged, stored", "µs", us(posted), numpy, us(ns.numpy!)),
  ],
  { ns: { ...ns, ...slow, posted } },
);
process.exit(0);

/** One POST /v1/drift of all features after another against stored references: the median until it is durable, in ns a feature. */
async function postedReports({ url, errors }: Agent): Promise<number> {
  const send = async (method: string, path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}\n${errors}`);
    return JSON.parse(text) as { features: Record<string, { psi: number }> };
  };
  for (const [i, reference] of counts.reference.entries()) {
    await send("PUT", `/v1/references/bench/feature_${i}`, { edges: [...edges()], counts: reference });
  }
  const sent = Object.fromEntries(counts.current.map((bins, i) => [`feature_${i}`, { counts: bins }]));
  const times: number[] = [];
  for (let i = 0; i < POSTS; i++) {
    const started = performance.now();
    const answer = await send("POST", "/v1/drift", { pipeline_name: "bench", run_id: `run-${i}`, features: sent });
    times.push(performance.now() - started);
    if (Math.abs(answer.features.feature_0!.psi - wanted[0]!) > SAME) throw new Error("the agent has another PSI");
  }
  return (median(times) * 1e6) / FEATURES;
}
