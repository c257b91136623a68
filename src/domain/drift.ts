import type { DriftFeature } from "./report.ts";
import { alignHistograms } from "./stats/align-histograms.ts";
import { OTHER_LABEL } from "./stats/bin-labels.ts";
import { currentHistogram } from "./stats/current-histogram.ts";
import type { DataError, Outcome } from "./stats/data-error.ts";
import { DEFAULT_ALPHA, DEFAULT_THRESHOLD } from "./stats/drift-settings.ts";
import type { DriftWord } from "./stats/drift-verdict.ts";
import type { Histogram } from "./stats/histogram.ts";
import { histogramOf } from "./stats/histogram-of.ts";
import { type DriftVerdict, type FeatureToJudge, judgeFeatures } from "./stats/judge-features.ts";
import { total } from "./stats/total.ts";

export type DriftState = DriftWord | "no_reference";

/** When a feature has drifted: see DriftSettings. */
export interface JudgeSettings {
  alpha: number;
  threshold: number;
}

/** What is configured of a feature. */
export interface FeatureSettings extends JudgeSettings {
  /** Length of the windows its reports are summed into, milliseconds; absent: each report is judged by itself. */
  window?: number | undefined;
}

/** A stored reference, as much of it as judging needs. */
export interface Reference {
  reference_id: number;
  version: string;
  histogram: Histogram;
}

/** A feature with the reference it is to be judged against; null: there is none. */
export interface FeatureWithReference {
  feature: DriftFeature;
  reference: Reference | null;
  settings: FeatureSettings;
}

export interface FeatureVerdict extends Omit<DriftVerdict, "verdict"> {
  feature_name: string;
  verdict: DriftState;
  alpha: number;
  reference: Reference | null;
  /** As it was sent, complete: it can be judged again or become a reference. */
  current: Histogram;
  /** On the reference's bins, in the order of alignHistograms; null without a reference. */
  counts: ArrayLike<number> | null;
}

export type ReadFeatures = { ok: true; features: FeatureWithHistogram[] } | { ok: false; errors: DataError[] };
export type FeatureWithHistogram = FeatureWithReference & { current: Histogram };

/** The histograms of one report's features; `errors` name each feature that does not fit its reference. */
export function readFeatures(features: readonly FeatureWithReference[]): ReadFeatures {
  const errors: DataError[] = [];
  const currents = features.map(({ feature, reference }) => {
    const current = readCurrent(feature, reference);
    if (current.ok) return current.value;
    errors.push(
      ...current.errors.map(({ path, message }) => ({ path: `/${escaped(feature.feature_name)}${path}`, message })),
    );
    return null;
  });
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, features: features.map((one, i) => ({ ...one, current: currents[i]! })) };
}

export interface HistogramToJudge {
  feature: Pick<DriftFeature, "feature_name">;
  reference: Reference | null;
  settings: JudgeSettings;
  current: Histogram;
}

/** Judges features together. The histograms fit their references, or the verdict is `no_reference`. */
export function judgeHistograms(features: readonly HistogramToJudge[]): FeatureVerdict[] {
  const judgeable: FeatureToJudge[] = [];
  for (const { feature, reference, settings, current } of features) {
    if (reference === null) continue;
    const { feature_name } = feature;
    judgeable.push({ feature_name, reference: reference.histogram, current, ...settings });
  }
  const judged = judgeFeatures(judgeable)[Symbol.iterator]();
  return features.map((one) => {
    if (one.reference === null) return withoutReference(one);
    const answer = judged.next().value!;
    if (!answer.ok) return withoutReference(one);
    const { feature, reference, settings, current } = one;
    const aligned = alignHistograms(reference.histogram, current);
    const counts = aligned.ok ? aligned.value.actual : null;
    return { feature_name: feature.feature_name, ...answer.verdict, alpha: settings.alpha, reference, current, counts };
  });
}

function readCurrent({ input }: DriftFeature, reference: Reference | null): Outcome<Histogram> {
  if (reference !== null) return currentHistogram(input, reference.histogram);
  return { ok: true, value: histogramOf(input, null) };
}

function withoutReference({ feature, settings, current }: HistogramToJudge): FeatureVerdict {
  return {
    feature_name: feature.feature_name,
    verdict: "no_reference",
    psi: null,
    p_value: null,
    critical_psi: null,
    threshold: settings.threshold,
    alpha: settings.alpha,
    n_reference: 0,
    n_current: rows(current),
    measures: { js_distance: null, hellinger: null, ks: null, chi_square_p: null },
    bins: [],
    reference: null,
    current,
    counts: null,
  };
}

/** Nulls included. */
export function rows(histogram: Histogram): number {
  return total(histogram.counts) + histogram.nulls;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** Passed, failed, or (null) no evidence either way: too few rows, no rows, no reference. */
export function driftPasses(verdict: DriftState): boolean | null {
  if (verdict === "stable") return true;
  return verdict === "drifted" ? false : null;
}

/**
 * Of two verdicts on a feature in one run with the same `at`, which one holds: the one on more rows (late rows were added to
 * a window), then the one with the greater PSI.
 */
export function outweighs(verdict: Weight, known: Weight): boolean {
  if (verdict.n_current !== known.n_current) return verdict.n_current > known.n_current;
  return (verdict.psi ?? -1) > (known.psi ?? -1);
}

/** It says that something is wrong, by itself: it counts wherever it may belong (domain/attach.ts). */
export function driftFails(verdict: DriftState): boolean {
  return verdict !== "stable" && verdict !== "inconclusive" && verdict !== "no_reference";
}

type Weight = Pick<FeatureVerdict, "n_current" | "psi">;

export const DEFAULT_DRIFT: JudgeSettings = { alpha: DEFAULT_ALPHA, threshold: DEFAULT_THRESHOLD };

/** The current histogram as far as the stored counts tell it: on the reference's bins, unseen categories together as "other". */
export function histogramOnBins(reference: Histogram, counts: ArrayLike<number>): Histogram {
  const bins = reference.counts.length;
  const all = Float64Array.from(counts);
  if (reference.kind === "categorical") {
    const nulls = all[bins + 1] ?? 0;
    if (!(all[bins]! > 0)) return { ...reference, counts: all.subarray(0, bins), nulls };
    const categories = [...reference.categories, OTHER_LABEL];
    return { kind: "categorical", categories, counts: all.subarray(0, bins + 1), nulls };
  }
  const own = { counts: all.subarray(0, bins), nulls: all[bins] ?? 0 };
  return reference.kind === "numeric"
    ? { kind: "numeric", edges: reference.edges, ...own }
    : { kind: "positional", ...own };
}
