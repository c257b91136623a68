/** Milliseconds. */
export interface Backoff {
  /** Before the second attempt. */
  first: number;
  most: number;
}

/** Milliseconds to wait after so many failures in a row (1 or more): twice as long each time, up to the most. */
export function backoffDelay({ first, most }: Backoff, failures: number): number {
  return Math.min(most, first * 2 ** Math.min(failures - 1, 30));
}
