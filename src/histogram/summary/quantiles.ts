/** The shares of rows below the quantiles that are told of a feature. */
const TOLD = ["0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99"];

/**
 * The quantiles that are told, by the share of rows below them: linear interpolation at (n − 1)·p, R's type 7 (Hyndman
 * and Fan 1996). Not by simple-statistics: the package of the client would carry its single file along; a test holds both
 * to the same numbers.
 *
 * @param sorted finite, rising
 */
export function quantilesOf(sorted: Float64Array): Record<string, number> {
  if (sorted.length === 0) return {};
  return Object.fromEntries(TOLD.map((share) => [share, quantileAt(sorted, Number(share))]));
}

function quantileAt(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const fraction = position - below;
  const low = sorted[below]!;
  if (fraction === 0) return low;
  const high = sorted[below + 1]!;
  const value = low + fraction * (high - low);
  // The distance of two numbers near the greatest there is overflows.
  return Number.isFinite(value) ? value : low * (1 - fraction) + high * fraction;
}
