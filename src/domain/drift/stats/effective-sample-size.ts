/**
 * k = N·M / (N + M), the factor that turns a divergence between two samples of N and M rows into a χ² statistic:
 * half the harmonic mean, so the smaller sample decides. Written as 1 / (1/N + 1/M), which cannot overflow.
 * 0 when either sample is empty.
 */
export function effectiveSampleSize(nReference: number, nCurrent: number): number {
  return nReference > 0 && nCurrent > 0 ? 1 / (1 / nReference + 1 / nCurrent) : 0;
}
