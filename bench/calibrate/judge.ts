import type { DriftVerdict } from "../../src/domain/drift/drift-verdict.ts";
import { type FeatureToJudge, judgeFeatures } from "../../src/domain/drift/judge-features.ts";
import { ruled } from "../../src/domain/drift/rule.ts";
import type { Distribution } from "../../src/histogram/distribution.ts";

/** A reference and current rows, as histograms. */
export interface Pair {
  readonly reference: Distribution;
  readonly current: Distribution;
}

/** One feature, alone in its report. */
export function judgePair({ reference, current }: Pair, alpha?: number): DriftVerdict {
  return judgePairs([{ reference, current }], alpha)[0]!;
}

/** The features of one report, against references as they are stored today. */
export function judgePairs(pairs: readonly Pair[], alpha?: number): DriftVerdict[] {
  const features = pairs.map(
    ({ reference, current }): FeatureToJudge => ({ feature_name: "", reference: ruled(reference), current, alpha }),
  );
  return judgeFeatures(features).map((judged) => {
    if (!judged.ok) throw new Error(judged.errors.map(({ message }) => message).join("; "));
    return judged.verdict;
  });
}
