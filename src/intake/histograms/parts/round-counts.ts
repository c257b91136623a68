/**
 * Counts that a sketch or a share of rows estimates, as whole numbers: each rounded down or up, so that they add up to the
 * rounded total of the estimates (the method of largest remainders: those that lose most by rounding down are rounded up,
 * earlier ones first where they lose the same). Each is off by less than 1. Whole counts stay as they are.
 *
 * @param counts each 0 or more
 */
export function roundCounts(counts: readonly number[]): number[] {
  const whole = counts.map(Math.floor);
  let lost = 0;
  counts.forEach((count, i) => {
    lost += count - whole[i]!;
  });
  const up = Math.round(lost);
  if (up === 0) return whole;
  const remainder = (i: number) => counts[i]! - whole[i]!;
  const byLoss = counts.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const i of byLoss.slice(0, up)) whole[i]! += 1;
  return whole;
}
