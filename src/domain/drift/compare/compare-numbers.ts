import { binLabels, NULLS_LABEL } from "../../../histogram/bin-labels.ts";
import type { CategoricalHistogram, Distribution, NumericHistogram } from "../../../histogram/distribution.ts";
import { sameEdges } from "../../../histogram/same-edges.ts";
import { total } from "../../../histogram/total.ts";
import { leastPsiPlacing, type RowsBelow, rowsBelow } from "../histograms/least-psi-placing.ts";
import { rebin } from "../histograms/rebin.ts";
import {
  type ComparedFeature,
  NO_NAMES,
  type OutsideTest,
  SHARE_FLOOR,
  type SingleShare,
  STRICT_FLOOR,
  shareOf,
} from "./compared-feature.ts";

type Ordered = Exclude<Distribution, CategoricalHistogram>;

/** Numbers, or counts by position. The histograms fit each other. */
export function compareNumbers(reference: Ordered, current: Ordered): ComparedFeature {
  const placed = placedOn(reference, current);
  const withNulls = reference.nulls > 0 || current.nulls > 0;
  const and = (counts: ArrayLike<number>, nulls: number) => (withNulls ? withOneMore(counts, nulls) : counts);
  const labels = binLabels(reference);
  return {
    expected: and(reference.counts, reference.nulls),
    actual: and(placed.counts, current.nulls),
    labels: withNulls ? [...labels, NULLS_LABEL] : labels,
    ordered: {
      expected: reference.counts,
      actual: placed.counts,
      edges: reference.kind === "numeric" ? reference.edges : null,
    },
    shares: [
      ...shareOf("nulls", reference.nulls, current.nulls, SHARE_FLOOR),
      ...infiniteShares(reference, current),
      ...(placed.rebin_error === null ? spikeShares(reference, placed.counts) : []),
    ],
    novelty: null,
    outside: outsideTest(reference, current),
    kindest: placed.kindest === null ? null : and(placed.kindest, current.nulls),
    rebin_error: placed.rebin_error,
    new_names: NO_NAMES,
  };
}

function placedOn(reference: Ordered, current: Ordered) {
  if (
    reference.kind !== "numeric" ||
    current.kind !== "numeric" ||
    reference.edges === current.edges ||
    sameEdges(reference.edges, current.edges)
  ) {
    return { counts: current.counts, kindest: null, rebin_error: null };
  }
  const spread = rebin(current.counts, current.edges, reference.edges).counts;
  const fences = rowsBelow(reference.edges, current);
  return {
    counts: within(fences, spread),
    kindest: leastPsiPlacing(reference.counts, reference.edges, current),
    rebin_error: errorBound(fences),
  };
}

/** Rows spread evenly over their bins, as far as nothing more is known of where they are. */
function within({ low, high }: RowsBelow, spread: Float64Array): Float64Array {
  const counts = new Float64Array(spread.length);
  let below = 0;
  let before = 0;
  for (let j = 0; j < spread.length; j++) {
    below += spread[j]!;
    const placed = Math.min(Math.max(below, low[j + 1]!), high[j + 1]!);
    counts[j] = Math.max(0, placed - before);
    before = placed;
  }
  return counts;
}

/** Greatest share of the rows that may lie on the other side of an edge. */
function errorBound({ low, high }: RowsBelow): number {
  const rows = high[high.length - 1]!;
  let most = 0;
  for (let j = 0; j < low.length; j++) most = Math.max(most, high[j]! - low[j]!);
  return rows > 0 ? most / rows : 0;
}

function infiniteShares(reference: Ordered, current: Ordered): SingleShare[] {
  const before = outsideOf(reference);
  const now = outsideOf(current);
  if (before === undefined || now === undefined) return [];
  return [
    ...shareOf("inf", before.inf, now.inf, STRICT_FLOOR),
    ...shareOf("neg_inf", before.neg_inf, now.neg_inf, STRICT_FLOOR),
  ];
}

/** Values that have a bin of their own. */
function spikeShares(reference: Ordered, counts: ArrayLike<number>): SingleShare[] {
  if (reference.kind !== "numeric") return [];
  const shares: SingleShare[] = [];
  for (const value of reference.summary?.spikes ?? []) {
    const bin = binOf(reference, value);
    shares.push(...shareOf(`value ${value}`, reference.counts[bin]!, counts[bin]!, SHARE_FLOOR));
  }
  return shares;
}

function binOf({ edges, counts }: NumericHistogram, value: number): number {
  let bin = 0;
  while (bin < counts.length - 1 && edges[bin + 1]! <= value) bin++;
  return bin;
}

function outsideTest(reference: Ordered, current: Ordered): OutsideTest | null {
  const now = outsideOf(current);
  if (now?.below === undefined || now.above === undefined) return null;
  return { rows: now.below + now.above, n_reference: total(reference.counts), n_current: total(current.counts) };
}

function outsideOf(histogram: Ordered) {
  return histogram.kind === "numeric" ? histogram.summary?.outside : undefined;
}

function withOneMore(counts: ArrayLike<number>, last: number): Float64Array {
  const longer = new Float64Array(counts.length + 1);
  longer.set(counts);
  longer[counts.length] = last;
  return longer;
}
