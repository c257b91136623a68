import type { DriftVerdict } from "../../src/domain/drift/drift-verdict.ts";
import { currentHistogram } from "../../src/domain/drift/histograms/current-histogram.ts";
import { referenceHistogram } from "../../src/domain/drift/histograms/reference-histogram.ts";
import type { Distribution } from "../../src/histogram/distribution.ts";
import type { HistogramInput } from "../../src/histogram/histogram-input.ts";
import { judgePair, type Pair } from "./judge.ts";
import type { Shape } from "./shapes.ts";

/** One draw of the shape, from its rows to the verdict. */
export function judgeShape(
  { rows, reference, current }: Pick<Shape, "rows" | "reference" | "current">,
  next: () => number,
): DriftVerdict {
  return judgeInputs(reference(rows[0], next), current(rows[1], next));
}

/** What is sent of a reference and of current rows, judged. */
export function judgeInputs(reference: HistogramInput, current: HistogramInput): DriftVerdict {
  return judgePair(pairOf(reference, current));
}

/** What is sent, read as the agent reads it. */
export function pairOf(reference: HistogramInput, current: HistogramInput): Pair {
  const before = referenceOf(reference);
  return { reference: before, current: currentOf(current, before) };
}

export function referenceOf(input: HistogramInput): Distribution {
  const reference = referenceHistogram(input);
  if (!reference.ok) throw new Error(JSON.stringify(reference.errors));
  return reference.value;
}

export function currentOf(input: HistogramInput, reference: Distribution): Distribution {
  const current = currentHistogram(input, reference);
  if (!current.ok) throw new Error(JSON.stringify(current.errors));
  return current.value;
}
