import type { NumericHistogram, NumericSummary, OutsideRows } from "../distribution.ts";
import { mergeCounts } from "../merge-counts.ts";
import { total } from "../total.ts";
import type { SummarizedHistogram } from "./count-numbers.ts";

/** Rows that were counted in two parts, on the same bins. */
export function mergeNumbers(first: NumericHistogram, second: NumericHistogram): SummarizedHistogram {
  return {
    kind: "numeric",
    edges: first.edges,
    counts: mergeCounts(first.counts, second.counts),
    nulls: first.nulls + second.nulls,
    summary: mergeSummaries(first, second),
  };
}

/**
 * What is known of two sets of rows together. Quantiles, spikes and the number of different values are not: they cannot be
 * told from those of the parts. Mean and standard deviation by the pairwise update of Chan, Golub and LeVeque (1983), which
 * loses no digits where the parts lie far from 0.
 */
export function mergeSummaries(first: NumericHistogram, second: NumericHistogram): NumericSummary {
  const [a, b] = [first.summary?.outside, second.summary?.outside];
  if (a === undefined || b === undefined) return {};
  const outside = mergeOutside(a, b);
  const [n, m] = [finiteRows(first, a), finiteRows(second, b)];
  if (n === 0) return { ...momentsIn(second), outside };
  if (m === 0) return { ...momentsIn(first), outside };
  return { ...mergeMoments(momentsIn(first), n, momentsIn(second), m), outside };
}

type Moments = Pick<NumericSummary, "min" | "max" | "mean" | "sd">;

function mergeMoments(first: Moments, n: number, second: Moments, m: number): Moments {
  const merged: { -readonly [Field in keyof Moments]: Moments[Field] } = {};
  if (first.min !== undefined && second.min !== undefined) merged.min = Math.min(first.min, second.min);
  if (first.max !== undefined && second.max !== undefined) merged.max = Math.max(first.max, second.max);
  if (first.mean === undefined || second.mean === undefined) return merged;
  const apart = second.mean - first.mean;
  const share = m / (n + m);
  const mean = Number.isFinite(apart) ? first.mean + apart * share : first.mean * (1 - share) + second.mean * share;
  merged.mean = Math.min(merged.max ?? mean, Math.max(merged.min ?? mean, mean));
  // A single row has no deviation, and adds none.
  const [one, other] = [n === 1 ? 0 : first.sd, m === 1 ? 0 : second.sd];
  if (one === undefined || other === undefined) return merged;
  const rows = n + m - 1;
  const within = Math.hypot(one * Math.sqrt((n - 1) / rows), other * Math.sqrt((m - 1) / rows));
  const sd = Math.hypot(within, apart * Math.sqrt((n * share) / rows));
  if (Number.isFinite(sd)) merged.sd = sd;
  return merged;
}

function momentsIn({ summary = {} }: NumericHistogram): Moments {
  const { min, max, mean, sd } = summary;
  return {
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(mean === undefined ? {} : { mean }),
    ...(sd === undefined ? {} : { sd }),
  };
}

function finiteRows({ counts }: NumericHistogram, { inf, neg_inf }: OutsideRows): number {
  return total(counts) - inf - neg_inf;
}

function mergeOutside(a: OutsideRows, b: OutsideRows): OutsideRows {
  const infinite = { inf: a.inf + b.inf, neg_inf: a.neg_inf + b.neg_inf };
  if (a.below === undefined || b.below === undefined || a.above === undefined || b.above === undefined) return infinite;
  return { below: a.below + b.below, above: a.above + b.above, ...infinite };
}
