import type { Distribution } from "./distribution.ts";

/** The bin of the rows without a value. */
export const NULLS_LABEL = "nulls";
/** The bin of the categories that the reference has never seen. */
export const OTHER_LABEL = "other";
/** The bin of the names that are too rare for one of their own; it is no name. */
export const FOLDED_LABEL = "(rare names)";

/** Writing numbers costs more than judging them, and a reference is judged against many times. */
const kept = new WeakMap<Distribution, readonly string[]>();

/**
 * What to call each bin of a histogram (without nulls) when drawing it: "(-∞, 25)", "[25, 35)", "[35, ∞)" with edges
 * cut to 6 digits where that keeps them apart; "0", "1", … for bins known by position; the names of categories.
 *
 * @returns one label a count
 */
export function binLabels(histogram: Distribution): readonly string[] {
  if (histogram.kind === "categorical") return histogram.categories;
  let labels = kept.get(histogram);
  if (labels === undefined) {
    labels =
      histogram.kind === "numeric"
        ? intervals(histogram.edges)
        : Array.from({ length: histogram.counts.length }, (_, i) => String(i));
    kept.set(histogram, labels);
  }
  return labels;
}

function intervals(edges: ArrayLike<number>): string[] {
  const inner = Array.from(edges).slice(1, -1);
  const short = inner.map((edge) => String(Number(edge.toPrecision(6))));
  const names = new Set(short).size === inner.length ? short : inner.map(String);
  const labels: string[] = [];
  for (let i = 0; i <= inner.length; i++) {
    const low = i === 0 ? "(-∞" : `[${names[i - 1]}`;
    const high = i === inner.length ? "∞)" : `${names[i]})`;
    labels.push(`${low}, ${high}`);
  }
  return labels;
}
