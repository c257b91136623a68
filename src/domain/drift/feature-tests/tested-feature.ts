import type { Distribution } from "../../../histogram/distribution.ts";
import { total } from "../../../histogram/total.ts";
import { compareFeature } from "../compare/compare-feature.ts";
import type { ComparedFeature } from "../compare/compared-feature.ts";
import { binsOf, measuresOf, NO_MEASURES } from "../drift-measures.ts";
import type { JudgedBy } from "../drift-settings.ts";
import type { DriftVerdict } from "../drift-verdict.ts";
import { criticalPsi } from "../stats/critical-psi.ts";
import { decidingEffects } from "./deciding-effects.ts";
import { effectsInWords, toldName, toldNames, toldTest } from "./effects-in-words.ts";
import { type FeatureTests, runFeatureTests } from "./run-feature-tests.ts";
import { verdictOfTests } from "./verdict-of-tests.ts";

/** A feature with its tests, before the adjustment for the number of features. */
export interface TestedFeature {
  readonly ok: true;
  readonly rule: 2;
  readonly p_feature: number | null;
  readonly cautious_p: number;
  readonly feature: ComparedFeature;
  readonly tests: FeatureTests | null;
}

export function testFeature(reference: Distribution, current: Distribution, { threshold }: JudgedBy): TestedFeature {
  const feature = compareFeature(reference, current, threshold);
  const tests = runFeatureTests(feature, threshold);
  const p_feature = tests?.p_feature ?? null;
  return { ok: true, rule: 2, p_feature, cautious_p: p_feature ?? 1, feature, tests };
}

/** @param limit see rejectionLimit */
export function testedVerdict({ feature, tests }: TestedFeature, settings: JudgedBy, limit: number): DriftVerdict {
  const { expected, actual, ordered, rebin_error, new_names } = feature;
  const { alpha, threshold } = settings;
  const n_reference = total(expected);
  const n_current = total(actual);
  const critical_psi = tests === null ? null : criticalPsi(alpha, tests.compared.bins, n_reference, n_current);
  const deciding = tests === null ? [] : decidingEffects(tests, limit);
  const told = toldNames(new_names.keys(), settings.show_values);
  const { verdict, decided_by, held_back_by } = verdictOfTests(tests, deciding, critical_psi, threshold);
  const labels = told.size === 0 ? feature.labels : feature.labels.map((label) => toldName(label, told));
  return {
    verdict,
    psi: tests?.compared.psi ?? null,
    threshold,
    p_value: tests?.p_value ?? null,
    critical_psi,
    n_reference,
    n_current,
    measures: tests === null ? NO_MEASURES : measuresOf(tests.compared, ordered),
    bins: binsOf(expected, actual, labels, n_reference, n_current),
    ...(rebin_error === null ? {} : { rebin_error }),
    tested: {
      decided_by: decided_by.map((test) => toldTest(test, told)),
      held_back_by,
      detail: effectsInWords(deciding, told),
      new_names: Object.fromEntries(Array.from(new_names, ([name, count]) => [toldName(name, told), count])),
    },
  };
}
