/**
 * Simulates what the drift verdicts promise and prints it as a table: how often a feature that did not change is
 * called different, how often one that did is seen, how often 200 stable features raise any alarm, and the outlier
 * that hides a shift from others. Everything goes through judgeFeatures, the function that judges real reports.
 *
 *   npm run calibrate            about two minutes on one core; exit code 1 when a figure is out of its range
 *   npm run calibrate -- quick   a few cells with fewer simulations
 *   npm run calibrate -- json    the figures as JSON
 *
 * The random numbers are seeded: the same figures come out each time.
 */
import { argv, exit, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import type { DriftVerdict } from "../src/domain/drift/drift-verdict.ts";
import { type FeatureToJudge, judgeFeatures } from "../src/domain/drift/judge-features.ts";
import { chiSquareQuantile } from "../src/domain/drift/stats/chi-square/chi-square-quantile.ts";
import { chiSquareSurvival } from "../src/domain/drift/stats/chi-square/chi-square-survival.ts";
import { binValues } from "../src/histogram/bin-values.ts";
import type { Distribution } from "../src/histogram/distribution.ts";
import { quantileEdges } from "../src/histogram/edges/quantile-edges.ts";
import { uniformEdges } from "../src/histogram/edges/uniform-edges.ts";
import { hash, multinomial, normal, random, risingUniforms } from "./lib/random.ts";

export interface Figure {
  readonly table: "false alarms" | "power" | "200 features" | "outlier";
  /** What was simulated, without the sizes. */
  readonly of: string;
  readonly bins: number;
  readonly n_reference: number;
  readonly n_current: number;
  readonly simulations: number;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** Standard error of the value, from the number of simulations. */
  readonly standard_error: number;
  readonly in_range: boolean;
}

export interface Plan {
  readonly sizes: readonly number[];
  readonly bins: readonly number[];
  readonly simulations: number;
  readonly runs_of_200: number;
}

export const FULL: Plan = {
  sizes: [200, 500, 1_000, 3_000, 10_000],
  bins: [5, 10, 20],
  simulations: 10_000,
  runs_of_200: 3_000,
};
export const QUICK: Plan = { sizes: [200, 1_000], bins: [10], simulations: 2_000, runs_of_200: 100 };

export function calibrate(plan: Plan): Figure[] {
  return [...falseAlarms(plan), ...power(plan), ...manyFeatures(plan), ...outlier()];
}

// The figures.

const FALSE_ALARM_ALPHA = 0.05;

/** p < 0.05 in 3 to 7 % of reports of one feature that did not change. */
function* falseAlarms({ sizes, bins, simulations }: Plan): Generator<Figure> {
  const figure = (of: string, B: number, N: number, M: number, alarms: number): Figure =>
    figureOf("false alarms", of, B, N, M, simulations, alarms / simulations, 0.03, 0.07);

  for (const [of, shape] of CATEGORICAL) {
    for (const B of bins) {
      const shares = shape(B);
      const sample = multinomial(shares, random(hash(of) + B));
      for (const N of sizes) {
        for (const M of sizes) {
          let alarms = 0;
          for (let i = 0; i < simulations; i++) {
            alarms += Number(judge(categories(sample(N)), categories(sample(M))).p_value! < FALSE_ALARM_ALPHA);
          }
          yield figure(of, B, N, M, alarms);
        }
      }
    }
  }

  // Quantiles of a sample commute with any rising transformation, so uniform values stand for every continuous
  // feature, and the chance of each bin is the distance of its edges. Reference rows are really drawn, cut and binned.
  const next = random(7);
  for (const N of sizes) {
    const alarms = new Map<string, number>();
    for (let i = 0; i < simulations; i++) {
      const rows = risingUniforms(N, next);
      for (const B of bins) {
        const edges = quantileEdges(rows, B);
        const reference = numeric(edges, binValues(rows, edges).counts);
        const sample = multinomial(sharesBetween(edges), next);
        for (const M of sizes) {
          const { p_value } = judge(reference, numeric(edges, sample(M)));
          if (p_value! < FALSE_ALARM_ALPHA) alarms.set(`${B} ${M}`, (alarms.get(`${B} ${M}`) ?? 0) + 1);
        }
      }
    }
    for (const B of bins) {
      for (const M of sizes) yield figure("numeric, quantile bins", B, N, M, alarms.get(`${B} ${M}`) ?? 0);
    }
  }
}

/** A true PSI of 0.3 is called drifted at 1 000 and 1 000 rows and threshold 0.2 in 95 % or more. */
function* power({ bins, simulations }: Plan): Generator<Figure> {
  const rows = 1_000;
  const truePsi = 0.3;
  for (const B of bins) {
    for (const [of, reference, changed] of alternatives(B)) {
      const shifted = changed(strengthFor(truePsi, reference, changed));
      const sampleReference = multinomial(reference, random(hash(of) + B));
      const sampleCurrent = multinomial(shifted, random(hash(of) + B + 100));
      let drifted = 0;
      for (let i = 0; i < simulations; i++) {
        const { verdict } = judge(categories(sampleReference(rows)), categories(sampleCurrent(rows)));
        drifted += Number(verdict === "drifted");
      }
      yield figureOf("power", of, B, rows, rows, simulations, drifted / simulations, 0.95, 1);
    }
  }
}

/**
 * Of runs with 200 features that did not change, at most alpha (0.01) call any of them drifted. Benjamini–Hochberg
 * meets this bound exactly, not with room to spare, so a figure may pass it by chance: by three standard errors it
 * may not.
 */
function* manyFeatures({ bins, runs_of_200 }: Plan): Generator<Figure> {
  const features = 200;
  const figure = (of: string, B: number, N: number, M: number, runs: number, feature: () => FeatureToJudge): Figure => {
    let alarmed = 0;
    for (let i = 0; i < runs; i++) {
      const verdicts = judgeFeatures(Array.from({ length: features }, feature)).map(verdictOf);
      alarmed += Number(verdicts.some(({ verdict }) => verdict === "drifted"));
    }
    return figureOf("200 features", of, B, N, M, runs, alarmed / runs, 0, 0.01, 3);
  };

  for (const [of, shape] of CATEGORICAL) {
    for (const B of bins) {
      const sample = multinomial(shape(B), random(hash(of) + B + 200));
      for (const [N, M] of [
        [200, 200],
        [2_000, 200],
        [1_000, 1_000],
      ] as const) {
        // With 1 000 rows noise never reaches the threshold: a few runs show it.
        yield figure(of, B, N, M, M < 1_000 ? runs_of_200 : runs_of_200 / 5, () => ({
          feature_name: "",
          reference: categories(sample(N)),
          current: categories(sample(M)),
        }));
      }
    }
  }
  const next = random(11);
  for (const B of bins) {
    yield figure("numeric, quantile bins", B, 200, 200, runs_of_200 / 2, () => {
      const sorted = risingUniforms(200, next);
      const edges = quantileEdges(sorted, B);
      const current = multinomial(sharesBetween(edges), next)(200);
      return {
        feature_name: "",
        reference: numeric(edges, binValues(sorted, edges).counts),
        current: numeric(edges, current),
      };
    });
  }
}

/** 5 000 rows of N(1, 1) against N(0, 1), and again with one value of 1 000 among them: drifted both times. */
function* outlier(): Generator<Figure> {
  const rows = 5_000;
  const next = random(3);
  const reference = Float64Array.from({ length: rows }, () => normal(next));
  const shifted = Float64Array.from({ length: rows }, () => 1 + normal(next));
  const withOutlier = Float64Array.from([...shifted, 1_000]);
  const cuts: [string, Float64Array][] = [
    ["quantile bins", quantileEdges(reference)],
    ["uniform bins", uniformEdges(reference)],
  ];
  for (const [of, edges] of cuts) {
    const expected = numeric(edges, binValues(reference, edges).counts);
    for (const [name, values] of [
      ["shift", shifted],
      ["shift and one value of 1000", withOutlier],
    ] as const) {
      const { verdict, psi, bins } = judge(expected, numeric(edges, binValues(values, edges).counts));
      const seen = verdict === "drifted" ? psi! : 0;
      yield figureOf("outlier", `${name}, ${of}`, bins.length, rows, values.length, 1, seen, 0.9, 1.3);
    }
  }
}

function figureOf(
  table: Figure["table"],
  of: string,
  bins: number,
  n_reference: number,
  n_current: number,
  simulations: number,
  value: number,
  least: number,
  most: number,
  /** Standard errors by which the value may miss its range. */
  slack = 0,
): Figure {
  const standard_error = simulations > 1 ? Math.sqrt((value * (1 - value)) / simulations) : 0;
  const in_range = value >= least - slack * standard_error && value <= most + slack * standard_error;
  return { table, of, bins, n_reference, n_current, simulations, value, least, most, standard_error, in_range };
}

// The distributions.

/** Shares of features that are not numeric: level, and skewed as names and countries are (share of rank i ~ 1/i). */
const CATEGORICAL: readonly [string, (bins: number) => Float64Array][] = [
  ["categories, equal shares", (bins) => new Float64Array(bins).fill(1 / bins)],
  ["categories, Zipf", zipf],
];

function zipf(bins: number): Float64Array {
  return normalised(Float64Array.from({ length: bins }, (_, i) => 1 / (i + 1)));
}

type Change = (strength: number) => Float64Array;

/** Ways to differ, each with a strength that is turned up until the PSI is the one wanted. */
function alternatives(bins: number): [string, Float64Array, Change][] {
  const level = new Float64Array(bins).fill(1 / bins);
  const skewed = zipf(bins);
  const alternate = (base: Float64Array): Change => {
    return (strength) => normalised(base.map((share, i) => share * Math.exp(i % 2 === 0 ? strength : -strength)));
  };
  const first = (base: Float64Array, sign: number): Change => {
    return (strength) => normalised(base.map((share, i) => (i === 0 ? share * Math.exp(sign * strength) : share)));
  };
  const last = (base: Float64Array): Change => {
    return (strength) =>
      normalised(base.map((share, i) => (i === base.length - 1 ? share * Math.exp(strength) : share)));
  };
  return [
    ["normal, mean shifted, quantile bins", level, (shift) => normalQuantileBins(bins, shift)],
    ["equal shares, every other bin grows", level, alternate(level)],
    ["equal shares, one bin grows", level, first(level, 1)],
    ["Zipf, every other category grows", skewed, alternate(skewed)],
    ["Zipf, the rarest category grows", skewed, last(skewed)],
    ["Zipf, the commonest category shrinks", skewed, first(skewed, -1)],
  ];
}

/** Shares of N(shift, 1) between the quantiles i/bins of N(0, 1). */
function normalQuantileBins(bins: number, shift: number): Float64Array {
  const below = Array.from({ length: bins + 1 }, (_, i) => {
    if (i === 0 || i === bins) return i / bins;
    const share = i / bins;
    const tail = Math.sqrt(chiSquareQuantile(2 * Math.min(share, 1 - share), 1));
    const x = (share < 0.5 ? -tail : tail) - shift;
    const beyond = chiSquareSurvival(x * x, 1) / 2;
    return x < 0 ? beyond : 1 - beyond;
  });
  return Float64Array.from({ length: bins }, (_, i) => below[i + 1]! - below[i]!);
}

function strengthFor(wanted: number, reference: Float64Array, changed: Change): number {
  let low = 0;
  let high = 20;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    const shares = changed(middle);
    let psi = 0;
    for (let j = 0; j < shares.length; j++) psi += (shares[j]! - reference[j]!) * Math.log(shares[j]! / reference[j]!);
    if (psi < wanted) low = middle;
    else high = middle;
  }
  return low;
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Chance of each bin for a uniform value; the outer bins are open. */
function sharesBetween(edges: Float64Array): Float64Array {
  const bins = edges.length - 1;
  return Float64Array.from(
    { length: bins },
    (_, i) => (i === bins - 1 ? 1 : edges[i + 1]!) - (i === 0 ? 0 : edges[i]!),
  );
}

// One feature.

function judge(reference: Distribution, current: Distribution): DriftVerdict {
  return verdictOf(judgeFeatures([{ feature_name: "", reference, current }])[0]!);
}

function verdictOf(judged: ReturnType<typeof judgeFeatures>[number]): DriftVerdict {
  if (!judged.ok) throw new Error(judged.errors.map(({ message }) => message).join("; "));
  return judged.verdict;
}

const NAMES = Array.from({ length: 100 }, (_, i) => String(i));
const names = new Map<number, readonly string[]>();

function categories(counts: Float64Array): Distribution {
  let own = names.get(counts.length);
  if (own === undefined) {
    own = NAMES.slice(0, counts.length);
    names.set(counts.length, own);
  }
  return { kind: "categorical", categories: own, counts, nulls: 0 };
}

function numeric(edges: Float64Array, counts: Float64Array): Distribution {
  return { kind: "numeric", edges, counts, nulls: 0 };
}

export function asTable(figures: readonly Figure[]): string {
  const lines: string[] = [];
  for (const table of ["false alarms", "power", "200 features", "outlier"] as const) {
    const rows = figures.filter((figure) => figure.table === table);
    if (rows.length === 0) continue;
    lines.push("", HEADINGS[table], "");
    lines.push(...(table === "false alarms" ? grid(rows) : list(rows)));
  }
  const bad = figures.filter((figure) => !figure.in_range);
  lines.push("", `${figures.length - bad.length} of ${figures.length} figures in range.`);
  return `${lines.join("\n")}\n`;
}

const HEADINGS: Record<Figure["table"], string> = {
  "false alarms": "Nothing drifted: % of reports with p < 0.05 (range 3 to 7)",
  power: "A true PSI of 0.3, threshold 0.2: % called drifted (95 or more)",
  "200 features":
    "200 features that did not change: % of runs that call any of them drifted (at most 1, give or take 3 standard errors)",
  outlier: "5 000 rows of N(1, 1) against N(0, 1): PSI where called drifted, else 0 (0.9 to 1.3)",
};

/** A line a feature, number of bins and N; a column a M. */
function grid(rows: readonly Figure[]): string[] {
  const columns = new Set(rows.map((row) => String(row.n_current).padStart(8)));
  const lines = new Map([[`${"feature".padEnd(28)}${"B".padStart(4)}${"N".padStart(8)}   M`, [...columns].join("")]]);
  for (const row of rows) {
    const line = `${row.of.padEnd(28)}${String(row.bins).padStart(4)}${String(row.n_reference).padStart(8)}    `;
    lines.set(line, `${lines.get(line) ?? ""}${`${percent(row)}${row.in_range ? " " : "!"}`.padStart(8)}`);
  }
  return Array.from(lines, ([line, cells]) => `${line}${cells}`);
}

function list(rows: readonly Figure[]): string[] {
  return rows.map((row) => {
    const value =
      row.table === "outlier" ? row.value.toFixed(4) : `${percent(row)} ± ${(100 * row.standard_error).toFixed(2)}`;
    const sizes = `B ${row.bins}, N ${row.n_reference}, M ${row.n_current}`;
    return `${row.of.padEnd(62)}${sizes.padEnd(26)}${value.padStart(16)}${row.in_range ? "" : "  out of range"}`;
  });
}

function percent({ value }: Figure): string {
  return (100 * value).toFixed(2);
}

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === argv[1]) {
  const options = argv.slice(2);
  const figures = calibrate(options.includes("quick") ? QUICK : FULL);
  stdout.write(options.includes("json") ? `${JSON.stringify(figures, null, 1)}\n` : asTable(figures));
  exit(figures.every((figure) => figure.in_range) ? 0 : 1);
}
