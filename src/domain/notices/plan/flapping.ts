import { HOUR } from "../../words/time.ts";

/** Openings and closings within an hour that make a trouble flapping. */
const FLIPS = 6;
/** A flapping trouble is steady again after this long without a change. */
export const STEADY_AFTER = 15 * 60_000;

/** When a flapping trouble becomes steady if nothing changes (milliseconds); null: it does not flap, or is steady again. */
export function flapsUntil(flips: readonly number[], now: number): number | null {
  const last = flips.at(-1);
  if (last === undefined || now >= last + STEADY_AFTER) return null;
  return flips.filter((at) => at > now - HOUR).length >= FLIPS ? last + STEADY_AFTER : null;
}
