/** A tumbling window [start, end), milliseconds. */
export interface WindowSpan {
  start: number;
  end: number;
}

/** The most that a window waits for late reports, milliseconds. */
const MOST_GRACE = 300_000;

/** The window of this length (milliseconds) that `at` lies in. Windows are counted from 1970, UTC, so every agent cuts alike. */
export function windowOf(at: number, length: number): WindowSpan {
  const start = Math.floor(at / length) * length;
  return { start, end: start + length };
}

/**
 * When the window closes. Reports are a little late (a batch that ends with the hour is sent after it, clocks differ), so it
 * stays open past its end for as long as it is, at most 5 minutes.
 */
export function closesAt({ start, end }: WindowSpan): number {
  return end + Math.min(end - start, MOST_GRACE);
}
