import type { Distribution } from "../../histogram/distribution.ts";
import type { DataError } from "./data-error.ts";
import { DEFAULT_ALPHA, DEFAULT_THRESHOLD, type DriftSettings, type JudgedBy } from "./drift-settings.ts";
import type { DriftVerdict } from "./drift-verdict.ts";
import { rejectionLimit } from "./feature-tests/deciding-effects.ts";
import { type TestedFeature, testedVerdict, testFeature } from "./feature-tests/tested-feature.ts";
import { type Measurement, measure, verdictOn } from "./first-rule/measurement.ts";
import { alignHistograms } from "./histograms/align-histograms.ts";
import { isTested } from "./rule.ts";
import { benjaminiHochberg } from "./stats/benjamini-hochberg.ts";
import { toTheEnd } from "./to-the-end.ts";

/** A feature of a report, beside its reference. Its own settings come before those of the report. */
export interface FeatureToJudge extends DriftSettings {
  readonly feature_name: string;
  readonly reference: Distribution;
  readonly current: Distribution;
}

export type JudgedFeature =
  | { readonly feature_name: string; readonly ok: true; readonly verdict: DriftVerdict }
  | {
      readonly feature_name: string;
      readonly ok: false;
      readonly code: "invalid" | "reference_mismatch";
      readonly errors: readonly DataError[];
    };

/**
 * Judges the features of one report together: each against its reference, p-values adjusted by Benjamini–Hochberg
 * over all features of the report that have rows on both sides.
 *
 * How rows become bins: see alignHistograms. Nulls are a bin of their own and unseen categories are the bin "other",
 * on both sides and in the same sum as any other bin (psi, PSI½, js_distance, hellinger, chi_square_p); n_reference and
 * n_current count them. ks and wasserstein, which need an order, are of the rows that have a value.
 *
 * A feature whose data does not fit its reference is answered with what is wrong and leaves the others alone. A
 * feature with a single bin (a constant column that stayed what it was) has psi 0 and p_value 1.
 *
 * @param features in any order; names are not looked at
 * @param defaults settings of features that have none of their own
 * @returns one answer a feature, in the order given
 */
export function judgeFeatures(features: readonly FeatureToJudge[], defaults: DriftSettings = {}): JudgedFeature[] {
  return toTheEnd(judgingFeatures(features, defaults));
}

/** The same in steps, one a feature; each step yields its number of bins. */
export function* judgingFeatures(
  features: readonly FeatureToJudge[],
  defaults: DriftSettings = {},
): Generator<number, JudgedFeature[]> {
  const measured: (Measurement | TestedFeature | Mismatch)[] = [];
  for (const feature of features) {
    const { reference, current } = feature;
    const aligned = alignHistograms(reference, current);
    if (!aligned.ok) measured.push(aligned);
    else if (isTested(reference)) measured.push(testFeature(reference, current, settingsOf(feature, defaults)));
    else measured.push(measure(aligned.value));
    yield aligned.ok ? aligned.value.expected.length : 1;
  }

  // Features of both rules share one alpha; of the rule before, two tests have to rule out chance.
  const pValues: number[] = [];
  const cautious: number[] = [];
  for (const measurement of measured) {
    if (!measurement.ok) continue;
    if (measurement.p_feature !== null) {
      pValues.push(measurement.p_feature);
      cautious.push(measurement.cautious_p);
    }
  }
  const adjusted = benjaminiHochberg(pValues);
  const adjustedCautious = benjaminiHochberg(cautious);
  const sorted = Float64Array.from(cautious).sort();

  let next = 0;
  return features.map((feature, i): JudgedFeature => {
    const measurement = measured[i]!;
    const { feature_name } = feature;
    if (!measurement.ok) return { feature_name, ok: false, code: measurement.code, errors: measurement.errors };
    const at = measurement.p_feature === null ? null : next++;
    const settings = settingsOf(feature, defaults);
    if (measurement.rule === 2) {
      const limit = at === null ? 0 : rejectionLimit(sorted, settings.alpha);
      return { feature_name, ok: true, verdict: testedVerdict(measurement, settings, limit) };
    }
    const p_value = at === null ? null : adjusted[at]!;
    const cautious_p = at === null ? null : adjustedCautious[at]!;
    return {
      feature_name,
      ok: true,
      verdict: verdictOn(measurement, settings.alpha, settings.threshold, p_value, cautious_p),
    };
  });
}

function settingsOf(feature: DriftSettings, defaults: DriftSettings): JudgedBy {
  return {
    alpha: feature.alpha ?? defaults.alpha ?? DEFAULT_ALPHA,
    threshold: feature.threshold ?? defaults.threshold ?? DEFAULT_THRESHOLD,
    show_values: feature.show_values ?? defaults.show_values ?? false,
  };
}

type Mismatch = Extract<ReturnType<typeof alignHistograms>, { ok: false }>;
