/**
 * The demo relives days that are over, so its clock is simulated: it stands still but for what is said here.
 * That also makes a report of the same step the same text each time, down to its `at`.
 */
export function simulatedClock(start) {
  let ms = start;
  return {
    now: () => new Date(ms).toISOString(),
    /** A step takes five seconds, and one more for every 500 rows. */
    work: (rows) => {
      ms += 5_000 + Math.round(rows / 500) * 1_000;
    },
    pause: (seconds) => {
      ms += seconds * 1_000;
    },
    waitUntil: (time) => {
      ms = Math.max(ms, time);
    },
  };
}
