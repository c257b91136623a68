import type { Distribution } from "../../histogram/distribution.ts";
import { histogramOf } from "../../histogram/histogram-of.ts";
import { total } from "../../histogram/total.ts";
import { shortWhy } from "../reports/rejection.ts";
import type { DriftFeature } from "../reports/report.ts";
import { fieldPath } from "../words/field-path.ts";
import type { DataError, Result } from "./data-error.ts";
import { DEFAULT_ALPHA, DEFAULT_THRESHOLD } from "./drift-settings.ts";
import type { DriftVerdict, DriftWord } from "./drift-verdict.ts";
import { countsOnReference } from "./histograms/counts-on-reference.ts";
import { currentHistogram } from "./histograms/current-histogram.ts";
import { type FeatureToJudge, judgingFeatures } from "./judge-features.ts";
import { toTheEnd } from "./to-the-end.ts";

/** `errored`: it does not fit its reference, so nothing could be compared. */
export type DriftState = DriftWord | "no_reference" | "errored";

/** When a feature has drifted: see DriftSettings. */
export interface JudgeSettings {
  alpha: number;
  threshold: number;
  /** Names that the reference does not hold are told by name. */
  show_values?: boolean | undefined;
}

/** The configuration of a feature. */
export interface FeatureSettings extends JudgeSettings {
  /** Length of the windows its reports are summed into, milliseconds; absent: each report is judged by itself. */
  window?: number | undefined;
}

/** The fields of a stored reference that judging needs. */
export interface Reference {
  reference_id: number;
  version: string;
  histogram: Distribution;
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
  current: Distribution;
  /** On the reference's bins, in the order of alignHistograms; null without a reference, or where it does not fit. */
  counts: ArrayLike<number> | null;
  /** Of an `errored` one: what does not fit. */
  mismatch?: Mismatch;
}

export interface Mismatch {
  detail: string;
  /** The feature is of another kind than its reference: numbers where there were categories, or the other way round. */
  retyped: boolean;
}

export interface ReadFeatures {
  features: FeatureWithHistogram[];
  /** Verdicts on the features that do not fit their references. */
  errored: FeatureVerdict[];
}

export type FeatureWithHistogram = FeatureWithReference & { current: Distribution };

/** Putting this many values into their bins is as much work as judging one bin. */
const VALUES_A_BIN = 10;

/** The histograms of one report's features. One that does not fit its reference leaves the others alone. */
export function readFeatures(features: readonly FeatureWithReference[]): ReadFeatures {
  return toTheEnd(readingFeatures(features));
}

/** The same in steps, one a feature; each step yields its work in bins. */
export function* readingFeatures(features: readonly FeatureWithReference[]): Generator<number, ReadFeatures> {
  const read: ReadFeatures = { features: [], errored: [] };
  for (const one of features) {
    const current = readCurrent(one.feature, one.reference);
    if (current.ok) read.features.push({ ...one, current: current.value });
    else read.errored.push(misfit(one, one.reference!, current.errors));
    yield VALUES_A_BIN +
      (current.ok ? current.value.counts.length : 0) +
      (one.feature.input.values?.length ?? 0) / VALUES_A_BIN;
  }
  return read;
}

/** The histogram is kept as it came: it can become the reference. */
function misfit({ feature, settings }: FeatureWithReference, reference: Reference, errors: readonly DataError[]) {
  const current = histogramOf(feature.input, null);
  const retyped = isOfOtherKind(current, reference.histogram);
  const fields = errors.flatMap(({ path, message }) => {
    const field = fieldPath(path);
    // The change itself names the kinds.
    if (retyped && field === "kind") return [];
    return field === "" ? message : `${field}: ${message}`;
  });
  const change = `of kind ${current.kind}, its reference of kind ${reference.histogram.kind}`;
  const detail = retyped ? [change, ...fields] : fields;
  return {
    ...withoutVerdict({ feature, settings, current }),
    verdict: "errored" as const,
    n_reference: rows(reference.histogram),
    reference,
    mismatch: { detail: shortWhy(detail.join("; ")), retyped },
  };
}

/** Counts by position may be of either kind. */
function isOfOtherKind(a: Distribution, b: Distribution): boolean {
  if (a.kind === "positional" || b.kind === "positional") return false;
  return (a.kind === "categorical") !== (b.kind === "categorical");
}

export interface HistogramToJudge {
  feature: Pick<DriftFeature, "feature_name">;
  reference: Reference | null;
  settings: JudgeSettings;
  current: Distribution;
}

/** Judges features together. The histograms fit their references, or the verdict is `no_reference`. */
export function judgeHistograms(features: readonly HistogramToJudge[]): FeatureVerdict[] {
  return toTheEnd(judgingHistograms(features));
}

/** The same in steps; each step yields its number of bins. */
export function* judgingHistograms(features: readonly HistogramToJudge[]): Generator<number, FeatureVerdict[]> {
  const judgeable: FeatureToJudge[] = [];
  for (const { feature, reference, settings, current } of features) {
    if (reference === null) continue;
    const { feature_name } = feature;
    judgeable.push({ feature_name, reference: reference.histogram, current, ...settings });
  }
  const judged = (yield* judgingFeatures(judgeable))[Symbol.iterator]();
  const verdicts: FeatureVerdict[] = [];
  for (const one of features) {
    const answer = one.reference === null ? null : judged.next().value!;
    verdicts.push(answer?.ok === true ? withVerdict(one, answer.verdict) : withoutVerdict(one));
    yield one.current.counts.length;
  }
  return verdicts;
}

function withVerdict(
  { feature, reference, settings, current }: HistogramToJudge,
  verdict: DriftVerdict,
): FeatureVerdict {
  const counts = countsOnReference(reference!.histogram, current)?.counts ?? null;
  return { feature_name: feature.feature_name, ...verdict, alpha: settings.alpha, reference, current, counts };
}

function readCurrent({ input }: DriftFeature, reference: Reference | null): Result<Distribution> {
  if (reference !== null) return currentHistogram(input, reference.histogram);
  return { ok: true, value: histogramOf(input, null) };
}

function withoutVerdict({ feature, settings, current }: Omit<HistogramToJudge, "reference">): FeatureVerdict {
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
export function rows(histogram: Distribution): number {
  return total(histogram.counts) + histogram.nulls;
}

/** Passed, failed, or (null) no evidence either way: too few rows, no rows, no reference, one that does not fit. */
export function driftPasses(verdict: DriftState): boolean | null {
  if (verdict === "stable") return true;
  return verdict === "drifted" ? false : null;
}

/**
 * Whether the verdict alone reports something wrong: loose evidence that fails counts for several runs
 * (domain/gate/evidence/attach.ts).
 */
export function driftFails(verdict: DriftState): boolean {
  return verdict !== "stable" && verdict !== "inconclusive" && verdict !== "no_reference";
}

export const DEFAULT_DRIFT: JudgeSettings = { alpha: DEFAULT_ALPHA, threshold: DEFAULT_THRESHOLD };
