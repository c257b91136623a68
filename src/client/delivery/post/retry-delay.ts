const BASE = 250;
const MOST = 30_000;
/** The same where somebody waits for the answer: an agent that is back is asked soon. */
export const MOST_WHILE_WAITED_FOR = 5_000;
/** An agent that asks for more is asked again after this all the same. */
const MOST_ASKED_FOR = 5 * 60_000;

/**
 * The clients' own backoff (the command line's as well), not the agent's: applications bundle the client, which imports no code of the agent.
 * Milliseconds until the next attempt: any time up to a limit that doubles with each failure (full jitter, so that many
 * clients do not come back together), and not before the agent asked for.
 *
 * @param failures in a row, 1 or more
 * @param chance 0 ≤ chance < 1
 * @param most where the limit stops doubling
 */
export function retryDelay(failures: number, retryAfter: number | null, chance: number, most = MOST): number {
  const limit = Math.min(most, BASE * 2 ** Math.min(failures, 20));
  return Math.min(retryAfter ?? 0, MOST_ASKED_FOR) + chance * limit;
}

/** The header in seconds or as a date, in milliseconds from now; null where there is none or it is neither. */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
