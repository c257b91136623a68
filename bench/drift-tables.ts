import { readFileSync, writeFileSync } from "node:fs";
import { argv, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { DEFAULT_ALPHA } from "../src/domain/drift/drift-settings.ts";
import { criticalPsi } from "../src/domain/drift/stats/critical-psi.ts";
import { sharePsi } from "../src/domain/drift/stats/shares/share-psi.ts";
import type { Distribution } from "../src/histogram/distribution.ts";
import { judgePair } from "./calibrate/judge.ts";
import { currentOf, referenceOf } from "./calibrate/judge-shape.ts";
import { normalCumulated, normalQuantile } from "./calibrate/power/normal-law.ts";

/** The tables of docs/drift.md, computed; with --write they are put there. */

export const PAGE = "docs/drift.md";

/** Each table by the name that its place in the page has: `<!-- table: NAME -->` … `<!-- end of table -->`. */
export function driftTables(): Record<string, string> {
  return {
    "fixed thresholds": fixedThresholds(),
    "rows to see a change": rowsToSee(),
    inconclusive: rowsToTell(),
    noise: noise(),
    "single shares": singleShares(),
    "shift of a normal": shiftOfANormal(),
    "same histograms": sameHistograms(),
    "one outlier": oneOutlier(),
  };
}

/** The page with its tables replaced. Throws where it has no place for one of them, or one that is not computed. */
export function withTables(page: string, tables: Record<string, string>): string {
  const unused = new Set(Object.keys(tables));
  const written = page.replaceAll(
    /(<!-- table: (.+?) -->\n)[\s\S]*?(<!-- end of table -->)/g,
    (_, start: string, name: string, end: string) => {
      if (!unused.delete(name)) throw new Error(`${PAGE} has a place for a table ${name}, which is not computed`);
      return `${start}\n${tables[name]}\n\n${end}`;
    },
  );
  if (unused.size > 0) throw new Error(`${PAGE} has no place for ${[...unused].join(", ")}`);
  return written;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, i) => (i === 0 ? "---" : "---:"));
  return [columns, rule, ...rows].map(line).join("\n");
}

const SIMULATIONS = 10_000;

/** How often a feature that did not change passes a plain threshold, and what its verdict is here. */
function fixedThresholds(): string {
  const bins = 10;
  const thresholds = [0.1, 0.2, 0.25];
  const next = random(1);
  const sample = (rows: number) => {
    const counts = new Float64Array(bins);
    for (let i = 0; i < rows; i++) counts[Math.floor(next() * bins)]!++;
    return counts;
  };
  const rows = [50, 100, 200, 300, 500, 1000].map((n) => {
    const passed = thresholds.map(() => 0);
    const verdicts = { drifted: 0, inconclusive: 0, stable: 0, no_data: 0 };
    for (let i = 0; i < SIMULATIONS; i++) {
      const { psi, verdict } = judge(positional(sample(n)), positional(sample(n)));
      for (const [at, threshold] of thresholds.entries()) if (psi! > threshold) passed[at]!++;
      verdicts[verdict]++;
    }
    const { drifted, inconclusive, stable } = verdicts;
    return [number(n), ...[...passed, drifted, inconclusive, stable].map((count) => percent(count / SIMULATIONS))];
  });
  const words = ["drifted", "inconclusive", "stable"].map((word) => `\`${word}\``);
  return table(["rows on either side", ...thresholds.map((threshold) => `PSI > ${threshold}`), ...words], rows);
}

const BINS = [2, 5, 10, 20, 50];
/** A reference this large is as good as the truth. */
const MANY = 1_000_000;
const REFERENCE_ROWS = 10_000;
const MOST_ROWS = 10_000_000;
const POWER = 0.95;
const TRIED_ROWS = [
  1500, 1200, 1000, 800, 700, 600, 500, 400, 350, 300, 250, 200, 180, 160, 140, 120, 100, 90, 80, 70, 60, 50, 45, 40,
  35, 30, 25, 20, 15, 10,
];

/**
 * Rows of a report from which on a feature of this true PSI is called drifted in 95 % of the reports. Simulated: where
 * bins hold a few rows each, the χ² laws promise more than comes true.
 */
function rowsToSee(): string {
  const alone = [5, 10, 20, 50];
  const rows = [0.25, 0.3, 0.4, 0.5, 0.75, 1, 2].map((psi) => [
    String(psi),
    ...alone.map((bins) => leastRowsToSee(psi, bins, DEFAULT_ALPHA)),
    // As the only one of 100 features that changed it has its p-value multiplied by 100.
    leastRowsToSee(psi, 10, DEFAULT_ALPHA / 100),
  ]);
  return table(["true PSI", ...alone.map((bins) => `${bins} bins`), "10 bins, among 100 features"], rows);
}

function leastRowsToSee(psi: number, bins: number, alpha: number): string {
  const simulations = 1_000;
  const binOf = drawn(tilted(bins, psi));
  const reference = positional(new Array<number>(bins).fill(REFERENCE_ROWS / bins));
  const next = random(bins + psi * 1_000);
  const isSeen = (rows: number) => {
    let seen = 0;
    for (let i = 0; i < simulations; i++) {
      const counts = new Float64Array(bins);
      for (let row = 0; row < rows; row++) counts[binOf[Math.floor(next() * binOf.length)]!]!++;
      seen += Number(judge(reference, positional(counts), alpha).verdict === "drifted");
    }
    return seen >= POWER * simulations;
  };
  // The more rows, the more is seen.
  let [enough, tooFew] = [-1, TRIED_ROWS.length];
  while (tooFew - enough > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (isSeen(TRIED_ROWS[middle]!)) enough = middle;
    else tooFew = middle;
  }
  return enough < 0 ? `more than ${number(TRIED_ROWS[0]!)}` : number(TRIED_ROWS[enough]!);
}

/** The bin of each of 65 536 equally likely draws. */
function drawn(shares: readonly number[]): Uint8Array {
  const draws = new Uint8Array(65_536);
  let below = 0;
  for (const [bin, share] of shares.entries()) {
    const from = Math.round(below * draws.length);
    below += share;
    draws.fill(bin, from, Math.round(below * draws.length));
  }
  return draws;
}

/** Equal shares, each times e^(t · its place), with the t that gives this PSI; the greatest first. */
function tilted(bins: number, psi: number): number[] {
  const by = (t: number) => {
    const weights = Array.from({ length: bins }, (_, i) => Math.exp((-t * i) / (bins - 1)));
    const sum = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / sum);
  };
  const psiOf = (shares: number[]) => shares.reduce((sum, q) => sum + (q - 1 / bins) * Math.log(q * bins), 0);
  let [low, high] = [0, 50];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (psiOf(by(middle)) < psi) low = middle;
    else high = middle;
  }
  return by(low);
}

/** Rows from which a verdict that is not `drifted` is `stable`. */
function rowsToTell(): string {
  const thresholds = [0.1, 0.2, 0.25];
  const needed = (threshold: number, bins: number, reference: (rows: number) => number) =>
    leastRows((rows) => criticalPsi(DEFAULT_ALPHA, bins, reference(rows), rows) <= threshold);
  const columns = thresholds.flatMap((threshold) => [
    `${threshold}, large reference`,
    `${threshold}, reference as small`,
  ]);
  const rows = [...BINS, 100].map((bins) => [
    String(bins),
    ...thresholds.flatMap((threshold) => [needed(threshold, bins, () => MANY), needed(threshold, bins, (n) => n)]),
  ]);
  return table(["bins", ...columns], rows);
}

/** What PSI½ noise alone reaches in one of a hundred reports. */
function noise(): string {
  const rows = [20, 50, 100, 200, 500, 1000, 5000, 100_000].map((n) => [
    number(n),
    ...BINS.map((bins) => criticalPsi(DEFAULT_ALPHA, bins, MANY, n).toPrecision(2)),
  ]);
  return table(["rows in the report", ...BINS.map((bins) => `${bins} bins`)], rows);
}

/** The share that is found, beside what it was: the least whose share PSI is above a fifth of the threshold. */
function singleShares(): string {
  const SHARE_FLOOR = 0.001;
  const limits = [0.1, 0.2, 0.25].map((threshold) => threshold / 5);
  const least = (before: number, limit: number) => {
    let [low, high] = [before, 1];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (sharePsi(before, middle, SHARE_FLOOR) > limit) high = middle;
      else low = middle;
    }
    return high;
  };
  const rows = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5].map((before) => [
    `${Number((100 * before).toPrecision(3))} %`,
    ...limits.map((limit) => `${(100 * least(before, limit)).toFixed(1)} %`),
  ]);
  return table(["before", "threshold 0.1", "threshold 0.2", "threshold 0.25"], rows);
}

/** PSI of N(shift, 1) against N(0, 1) on the bins that 1 000 rows and more get: deciles, and a thin bin at either end. */
function shiftOfANormal(): string {
  const cuts = [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99].map(normalQuantile);
  const shares = (shift: number) => {
    const below = [0, ...cuts.map((cut) => normalCumulated(cut - shift)), 1];
    return below.slice(1).map((value, i) => value - below[i]!);
  };
  const reference = shares(0);
  const psi = (shift: number) =>
    shares(shift).reduce((sum, a, i) => sum + (a - reference[i]!) * Math.log(a / reference[i]!), 0);
  const shiftOf = (wanted: number) => {
    let [low, high] = [0, 5];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (psi(middle) < wanted) low = middle;
      else high = middle;
    }
    return high;
  };
  const rows = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1].map((wanted) => [
    String(wanted),
    `${shiftOf(wanted).toFixed(2)} sd`,
  ]);
  return table(["PSI", "shift of the mean"], rows);
}

/** The smallest number of rows that does, with two digits. */
function leastRows(enough: (rows: number) => boolean): string {
  let low = 1;
  let high = MOST_ROWS;
  if (!enough(high)) return "never";
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(high)) - 1);
  return number(Math.ceil(high / unit) * unit);
}

/**
 * Histograms that others disagree on. Their figures come from their own code or from their formulas written down
 * again, at the versions that the page names; ours are computed here.
 */
const DISPUTED = [
  {
    expected: [100, 200, 300, 400],
    actual: [0, 200, 350, 450],
    theirs: ["0.70", "0.22", "2.09", "∞", "70.6", "1 625"],
  },
  { expected: [0, 500, 500], actual: [10, 495, 495], theirs: ["0.046", "0.0001", "0.18", "∞", "7.04", "138"] },
  {
    expected: [0, 500_000, 500_000],
    actual: [1, 500_000, 499_999],
    theirs: ["0.00046", "0", "0.000009", "∞", "0.0007", "11.5"],
  },
  { expected: [500, 500, 0], actual: [400, 600, 0], theirs: ["0.041", "0.041", "0.041", "NaN", "0.041", "40.5"] },
  {
    expected: [100, 200, 300, 400],
    actual: [150, 180, 320, 350],
    theirs: ["0.030", "0.030", "0.030", "0.030", "0.030", "30.4"],
  },
  { expected: [1000, 0], actual: [0, 1000], theirs: ["18.4", "9.12", "46.1", "∞", "1 417", "36 841"] },
] as const;

function sameHistograms(): string {
  const columns = ["Evidently", "Deepchecks", "Scouter", "Deequ", "Frouros", "popmon"];
  const rows = DISPUTED.map(({ expected, actual, theirs }) => {
    const { verdict, psi, p_value } = judge(positional(expected), positional(actual));
    const counts = `${expected.map(number).join(", ")} → ${actual.map(number).join(", ")}`;
    return [counts, ...theirs, digits(psi!), small(p_value!), `\`${verdict}\``];
  });
  return table(["counts", ...columns, "Sluice: PSI", "p", "verdict"], rows);
}

/** 5 000 rows of N(μ, 1) against 5 000 of N(0, 1), and the same with one value of 1 000 behind them. */
function oneOutlier(): string {
  const theirs: [number, string[]][] = [
    [0.25, ["0.073", "**0.00007**", "0.074", "**0.0006**"]],
    [0.5, ["0.26", "**0.00007**", "0.26", "**0.0006**"]],
    [1, ["1.11", "**0.00007**", "1.10", "**0.0006**"]],
  ];
  const next = random(3);
  const sample = (mean: number) => Float64Array.from({ length: 5_000 }, () => mean + normal(next));
  const before = referenceOf({ values: sample(0) });
  const rows = theirs.map(([mean, peers]) => {
    const now = sample(mean);
    const ours = [now, Float64Array.from([...now, 1_000])].map((values) => {
      const { psi, verdict } = judge(before, currentOf({ values }, before));
      return `${digits(psi!)}, \`${verdict}\``;
    });
    return [String(mean), ...peers, ...ours];
  });
  const columns = ["Evidently", "with the outlier", "Soda", "with the outlier", "Sluice", "with the outlier"];
  return table(["shift", ...columns], rows);
}

const positional = (counts: ArrayLike<number>): Distribution => ({ kind: "positional", counts, nulls: 0 });

function judge(reference: Distribution, current: Distribution, alpha = DEFAULT_ALPHA) {
  return judgePair({ reference, current }, alpha);
}

/** Thousands apart, as everywhere in the docs. */
function number(n: number): string {
  return n.toLocaleString("en-US").replaceAll(",", " ");
}

const percent = (share: number) => (share === 0 ? "0" : `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`);
const digits = (n: number) => (n >= 10 ? n.toFixed(1) : n < 1e-6 ? "0" : n.toPrecision(2));

/** Of a small p-value it matters how small it is. */
function small(p: number): string {
  if (p === 0) return "0";
  if (p >= 0.001) return p.toPrecision(2);
  const [digit, exponent] = p.toExponential(0).split("e-");
  return `${digit}·10⁻${exponent!.replaceAll(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]!)}`;
}

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Box and Muller. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === argv[1]) {
  const tables = driftTables();
  if (argv.includes("--write")) writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8"), tables));
  else for (const [name, text] of Object.entries(tables)) stdout.write(`\n${name}\n\n${text}\n`);
}
