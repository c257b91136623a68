import { readFileSync } from "node:fs";

export interface MeasuredPair {
  readonly expected: number[];
  readonly actual: number[];
  readonly edges: number[];
  readonly js_distance: number;
  readonly hellinger: number;
  readonly ks: number;
  readonly wasserstein: number;
  readonly chi_square: number;
  readonly chi_square_p: number;
}

interface Published {
  readonly src: string;
  readonly [field: string]: unknown;
}

interface Vectors {
  readonly published: readonly Published[];
  readonly critical: readonly { B: number; N: number; M: number; alpha: number; chi2: number; crit: number }[];
  readonly minimum_effect: readonly { B: number; N: number; M: number; d0: number; alpha: number; crit: number }[];
  readonly histogram_edge_cases: readonly {
    case: string;
    expected: number[];
    actual: number[];
    "psi_jeffreys_0.5": number;
    p: number;
  }[];
  readonly scipy: {
    readonly chi_square_survival: readonly { x: number; df: number; p: number }[];
    readonly chi_square_quantile: readonly { alpha: number; df: number; x: number }[];
    readonly measures: readonly MeasuredPair[];
    readonly benjamini_hochberg: readonly { p: number[]; adjusted: number[] }[];
    readonly null_rate: readonly { counts: [number, number, number, number]; p: number }[];
  };
}

/**
 * Figures published by other projects, and figures computed with SciPy 1.17.1:
 *
 *   chi_square_survival   scipy.stats.chi2.sf(x, df)
 *   chi_square_quantile   scipy.stats.chi2.isf(alpha, df)
 *   critical              scipy.stats.chi2.isf(alpha, B - 1) * (1/N + 1/M)
 *   minimum_effect        scipy.stats.ncx2.ppf(1 - alpha, B - 1, d0 * k) / k, k = N * M / (N + M)
 *   js_distance           scipy.spatial.distance.jensenshannon(p, q, 2)
 *   chi_square, null_rate scipy.stats.chi2_contingency([expected, actual], correction=False), without empty bins
 *   benjamini_hochberg    scipy.stats.false_discovery_control(p)
 *   wasserstein           numpy.trapezoid of |F - G| on 200 001 points a bin, F and G by numpy.interp
 */
export const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../../vectors/drift.json", import.meta.url), "utf8"),
) as Vectors;

/** The published figures of one project, by a part of its source. */
export function publishedBy<T>(source: string): T {
  const found = vectors.published.find(({ src }) => src.includes(source));
  if (found === undefined) throw new Error(`no vector from ${source}`);
  return found as unknown as T;
}

/** |actual − expected| as a share of expected. */
export function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}
