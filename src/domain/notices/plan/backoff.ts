import { type Backoff, backoffDelay } from "../../words/backoff.ts";

export const NOTICE_BACKOFF: Backoff = { first: 2000, most: 300_000 };

/**
 * Milliseconds to wait after an attempt (1 is the first): between half and all of the backoff (`random` in [0, 1) decides), so
 * that many notices do not retry together; never less than the channel asked for.
 */
export function retryAfter(backoff: Backoff, attempts: number, asked: number | null, random: number): number {
  return Math.max(Math.round(backoffDelay(backoff, attempts) * (0.5 + random / 2)), asked ?? 0);
}
