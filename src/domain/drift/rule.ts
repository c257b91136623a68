import type { Distribution } from "../../histogram/distribution.ts";

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
