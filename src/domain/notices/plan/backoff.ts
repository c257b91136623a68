/** Milliseconds. */
export interface Backoff {
  /** Before the second attempt. */
  first: number;
  most: number;
}

export const NOTICE_BACKOFF: Backoff = { first: 2000, most: 300_000 };

/**
 * How long to wait after an attempt (1 is the first): twice as long each time up to the most, between half and all of it by
 * chance (`random` in [0, 1)), so that many do not come back together; never sooner than the channel asked for.
 */
export function retryAfter({ first, most }: Backoff, attempts: number, asked: number | null, random: number): number {
  const full = Math.min(most, first * 2 ** Math.min(attempts - 1, 30));
  return Math.max(Math.round(full * (0.5 + random / 2)), asked ?? 0);
}
