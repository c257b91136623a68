import type { Reason } from "../../gate/reason.ts";

/** The sentence of the first reasons, where it is the same in all troubles; null: they differ. */
export function commonDetail(troubles: readonly (readonly Reason[])[]): string | null {
  const details = new Set(troubles.map(([first]) => first?.detail ?? null));
  const [only = null] = details;
  return details.size === 1 ? only : null;
}
