/**
 * PSI of two bins, "these rows against the rest":
 *
 *     (a − e) · ln( a (1 − e) / (e (1 − a)) )
 *
 * e and a the shares, clipped to [floor, 1 − floor]. 0.04 is Cohen's h = 0.2 squared, the usual small effect: with a
 * floor of 0.001 that is 0 → 1.6 %, 1 → 3.9 %, 5 → 10.2 %, 10 → 16.8 %, 30 → 39.5 %, 50 → 60 %.
 *
 * @param expected share of the reference's rows, 0 to 1
 * @param actual share of the current rows
 * @param floor least share that counts; smaller where the rows must not be there at all
 * @returns nats, 0 or more
 */
export function sharePsi(expected: number, actual: number, floor: number): number {
  const e = Math.min(Math.max(expected, floor), 1 - floor);
  const a = Math.min(Math.max(actual, floor), 1 - floor);
  return (a - e) * Math.log((a * (1 - e)) / (e * (1 - a)));
}
