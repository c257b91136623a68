import { HOUR } from "../../words/time.ts";

/** So many openings and closings within an hour are a trouble that comes and goes. */
const FLIPS = 6;
/** It is steady again when nothing changed for so long. */
export const STEADY_AFTER = 15 * 60_000;

/** Until when a trouble that comes and goes is waited for (milliseconds); null: it does not, or has come to rest. */
export function flapsUntil(flips: readonly number[], now: number): number | null {
  const last = flips.at(-1);
  if (last === undefined || now >= last + STEADY_AFTER) return null;
  return flips.filter((at) => at > now - HOUR).length >= FLIPS ? last + STEADY_AFTER : null;
}
