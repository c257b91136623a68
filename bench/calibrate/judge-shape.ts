import type { DriftVerdict } from "../../src/domain/drift/drift-verdict.ts";
import { currentHistogram } from "../../src/domain/drift/histograms/current-histogram.ts";
import { referenceHistogram } from "../../src/domain/drift/histograms/reference-histogram.ts";
import { judgeFeatures } from "../../src/domain/drift/judge-features.ts";
import type { HistogramInput } from "../../src/histogram/histogram-input.ts";
import type { Shape } from "./shapes.ts";

/** One draw of the shape, from its rows to the verdict. */
export function judgeShape({ rows, reference, current }: Shape, next: () => number): DriftVerdict {
  return judgeInputs(reference(rows[0], next), current(rows[1], next));
}

/** What is sent of a reference and of current rows, judged. */
export function judgeInputs(reference: HistogramInput, current: HistogramInput): DriftVerdict {
  const before = referenceHistogram(reference);
  if (!before.ok) throw new Error(JSON.stringify(before.errors));
  const now = currentHistogram(current, before.value);
  if (!now.ok) throw new Error(JSON.stringify(now.errors));
  const [judged] = judgeFeatures([{ feature_name: "f", reference: before.value, current: now.value }]);
  if (!judged?.ok) throw new Error(JSON.stringify(judged));
  return judged.verdict;
}
