import { total } from "../../histogram/total.ts";
import type { OrderedBins } from "./compare/compared-feature.ts";
import { homogeneityP } from "./stats/chi-square/chi-square-homogeneity.ts";
import type { CountComparison } from "./stats/compare-counts.ts";
import { kolmogorovSmirnov } from "./stats/distances/kolmogorov-smirnov.ts";
import { wasserstein } from "./stats/distances/wasserstein.ts";

/** Other measures of the same two histograms. null: there is nothing to compare, or bins have no order (ks). */
export interface DriftMeasures {
  /** 0 to 1, see jensenShannon. */
  readonly js_distance: number | null;
  /** 0 to 1, see hellinger. */
  readonly hellinger: number | null;
  /** 0 to 1, of the rows that are not null, see kolmogorovSmirnov; null for categories. */
  readonly ks: number | null;
  /** Not adjusted, see chiSquareHomogeneity. */
  readonly chi_square_p: number | null;
  /** In the unit of the feature, of the rows that are not null, see wasserstein; only where edges are known. */
  readonly wasserstein?: number;
}

export interface DriftBin {
  readonly label: string;
  /** Share of the reference's rows, 0 to 1, not clipped. */
  readonly expected: number;
  /** Share of the current rows. */
  readonly actual: number;
}

export const NO_MEASURES: DriftMeasures = { js_distance: null, hellinger: null, ks: null, chi_square_p: null };

// Fields are listed instead of spread: spreading takes a third of the time of a feature.

export function measuresOf(compared: CountComparison, ordered: OrderedBins | null): DriftMeasures {
  const { js_distance, hellinger } = compared;
  const chi_square_p = homogeneityP(compared.chi_square, compared.bins - 1);
  if (ordered === null) return { js_distance, hellinger, ks: null, chi_square_p };
  const { expected, actual, edges } = ordered;
  const nExpected = total(expected);
  const nActual = total(actual);
  const ks = kolmogorovSmirnov(expected, actual, nExpected, nActual);
  const moved = edges === null ? null : wasserstein(expected, actual, edges, nExpected, nActual);
  return moved === null
    ? { js_distance, hellinger, ks, chi_square_p }
    : { js_distance, hellinger, ks, chi_square_p, wasserstein: moved };
}

/** The bins with a row on either side. */
export function binsOf(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  labels: readonly string[],
  nReference: number,
  nCurrent: number,
): DriftBin[] {
  const bins: DriftBin[] = [];
  for (let i = 0; i < expected.length; i++) {
    const e = expected[i]!;
    const a = actual[i]!;
    if (e > 0 || a > 0) {
      bins.push({
        label: labels[i]!,
        expected: nReference > 0 ? e / nReference : 0,
        actual: nCurrent > 0 ? a / nCurrent : 0,
      });
    }
  }
  return bins;
}
