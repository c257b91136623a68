import type { Reason } from "../../gate/reason.ts";

/** What the first reasons of several troubles say, where all say the same; null: they differ. */
export function commonDetail(troubles: readonly (readonly Reason[])[]): string | null {
  const details = new Set(troubles.map(([first]) => first?.detail ?? null));
  const [only = null] = details;
  return details.size === 1 ? only : null;
}
