import type { Distribution } from "../../histogram/distribution.ts";
import { sameEdges } from "../../histogram/same-edges.ts";

/** The rule of references that are stored now: the feature tests. Before 0.3 references had none, and keep the first rule. */
export const CURRENT_RULE = 2;

/** Whether what is compared with the reference is judged by the feature tests. */
export function isTested({ rule }: Distribution): boolean {
  return rule !== undefined && rule >= CURRENT_RULE;
}

/** The histogram as a reference that is stored now. */
export function ruled<D extends Distribution>(histogram: D): D {
  return histogram.rule === CURRENT_RULE ? histogram : { ...histogram, rule: CURRENT_RULE };
}

/**
 * Current rows as a reference: values that had a bin of their own keep it where the bins are the same, and what was
 * outside before is not outside itself.
 */
export function promoted(current: Distribution, before: Distribution | null): Distribution {
  if (current.kind !== "numeric" || current.summary === undefined) return ruled(current);
  const { outside, ...summary } = current.summary;
  const spikes =
    before?.kind === "numeric" && sameEdges(before.edges, current.edges) ? before.summary?.spikes : undefined;
  return ruled({
    ...current,
    summary: {
      ...summary,
      ...(spikes === undefined ? {} : { spikes }),
      ...(outside === undefined ? {} : { outside: { inf: outside.inf, neg_inf: outside.neg_inf } }),
    },
  });
}
