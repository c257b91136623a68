import { binValues } from "../../../src/histogram/bin-values.ts";
import { distinctValues } from "../../../src/histogram/edges/distinct-values.ts";
import { outsideLimits } from "../../../src/histogram/edges/outside-limits.ts";
import { quantileBins } from "../../../src/histogram/edges/quantile-edges.ts";
import { hash, multinomial, random, risingUniforms } from "../../lib/random.ts";
import { type Draw, names, share, zipf } from "../draws.ts";
import { alarmFigure, type Figure } from "../figure.ts";
import { judgePairs, type Pair } from "../judge.ts";
import { pairOf } from "../judge-shape.ts";
import type { Plan } from "../plan.ts";

type PairOf = (nReference: number, nCurrent: number, next: () => number) => Pair;

const FEATURES = 200;
const NO_ROWS_OUTSIDE = { below: 0, above: 0, inf: 0, neg_inf: 0 };

/** So many features of each kind: what single shares look at is on in all of them. */
const KINDS: readonly PairOf[] = [
  numbersWithNulls(0.05),
  numbersWithNulls(0.3),
  spikes([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.02),
  spikes([0.9, 0.04, 0.03, 0.02, 0.01], 0),
  named(share(0.3)),
  named(share(0.01)),
  named(zipf(30)),
  named(names({ a: 50, b: 30, c: 15, d: 4.9, e: 0.1 })),
];

/**
 * Of the runs with 200 features that did not change, at most alpha call any of them drifted. Benjamini–Hochberg meets
 * this bound exactly, not with room to spare.
 */
export function* manyFeatures({ runs_of_200 }: Plan): Generator<Figure> {
  for (const [n_reference, n_current, part] of [
    [200, 200, 1],
    [1_000, 100, 1],
    [200, 5_000, 1],
    [1_000, 1_000, 1],
    [5_000, 5_000, 1 / 10],
  ] as const) {
    const simulations = Math.ceil(part * runs_of_200);
    const next = random(hash(`${FEATURES} ${n_reference} ${n_current}`));
    let alarmed = 0;
    let features = 0;
    for (let run = 0; run < simulations; run++) {
      const pairs = Array.from({ length: FEATURES }, (_, i) => KINDS[i % KINDS.length]!(n_reference, n_current, next));
      const drifted = judgePairs(pairs).filter(({ verdict }) => verdict === "drifted").length;
      alarmed += Number(drifted > 0);
      features += drifted;
    }
    const sizes = { n_reference, n_current, simulations };
    yield alarmFigure("200 features", "numbers, nulls, spikes, classes, names", sizes, alarmed / simulations, {
      "of all features": features / (simulations * FEATURES),
    });
  }
}

function named(draw: Draw): PairOf {
  return (nReference, nCurrent, next) => pairOf(draw(nReference, next), draw(nCurrent, next));
}

/**
 * Quantiles of a sample commute with any rising transformation, so uniform values stand for every continuous feature, and
 * the chance of each bin is the distance of its edges: only the rows of the reference are drawn.
 */
function numbersWithNulls(nulls: number): PairOf {
  return (nReference, nCurrent, next) => {
    const [filled, empty] = split(nReference, nulls, next);
    const rows = risingUniforms(filled, next);
    const { edges, spikes } = quantileBins(distinctValues(rows), 10);
    const bins = edges.length - 1;
    const chance = Float64Array.from(
      { length: bins },
      (_, i) => (i === bins - 1 ? 1 : edges[i + 1]!) - (i === 0 ? 0 : edges[i]!),
    );
    const [now, emptyNow] = split(nCurrent, nulls, next);
    return onEdges(edges, spikes, [binValues(rows, edges).counts, empty], [multinomial(chance, next)(now), emptyNow]);
  };
}

/** The values 0, 1, 2, … with these shares. */
function spikes(shares: readonly number[], nulls: number): PairOf {
  const chance = Float64Array.from(shares);
  const values = Float64Array.from(shares, (_, i) => i);
  return (nReference, nCurrent, next) => {
    const [filled, empty] = split(nReference, nulls, next);
    const [now, emptyNow] = split(nCurrent, nulls, next);
    const before = multinomial(chance, next)(filled);
    const after = multinomial(chance, next)(now);
    const seen = values.filter((value) => before[value]! > 0);
    const distinct = { values: seen, counts: before.filter((count) => count > 0), rows: filled };
    const { edges, spikes: own } = quantileBins(distinct, 10);
    const limits = outsideLimits(seen[0]!, seen.at(-1)!);
    const rowsWhere = (is: (value: number) => boolean) => after.reduce((sum, n, value) => sum + (is(value) ? n : 0), 0);
    const outside = {
      ...NO_ROWS_OUTSIDE,
      below: rowsWhere((value) => value < limits.below),
      above: rowsWhere((value) => value > limits.above),
    };
    return onEdges(edges, own, [onBinsOf(edges, before), empty], [onBinsOf(edges, after), emptyNow], outside);
  };
}

/** @param weights rows of the values 0, 1, 2, … */
function onBinsOf(edges: Float64Array, weights: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  let bin = 0;
  for (let value = 0; value < weights.length; value++) {
    while (bin < counts.length - 1 && edges[bin + 1]! <= value) bin++;
    counts[bin]! += weights[value]!;
  }
  return counts;
}

function split(rows: number, nulls: number, next: () => number): [filled: number, nulls: number] {
  const [filled, empty] = multinomial(Float64Array.of(1 - nulls, nulls), next)(rows);
  return [filled!, empty!];
}

type Counted = readonly [counts: Float64Array, nulls: number];

function onEdges(
  edges: Float64Array,
  spikes: readonly number[],
  [before, nulls]: Counted,
  [now, nullsNow]: Counted,
  outside = NO_ROWS_OUTSIDE,
): Pair {
  const kind = "numeric";
  return {
    reference: { kind, edges, counts: before, nulls, summary: { spikes, outside: NO_ROWS_OUTSIDE } },
    current: { kind, edges, counts: now, nulls: nullsNow, summary: { outside } },
  };
}
