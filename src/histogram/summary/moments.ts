/** Of the finite values; absent where there are too few of them, or where it is no finite number. */
export interface Moments {
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Of the sample: n − 1. */
  readonly sd?: number;
}

/** Squares of numbers from 2^−400 to 2^400 neither overflow nor vanish. */
const MODERATE = 2 ** 400;
const STEP = 2 ** 600;

/**
 * Least, greatest, mean and standard deviation of the finite values. Two passes: the second adds the distances from the
 * mean of the first, so that a small spread on large numbers keeps its digits, and the rounding of that mean is taken out
 * again (the corrected two-pass algorithm; Chan, Golub and LeVeque 1983). Very large and very small numbers are scaled by
 * a power of two, which rounds nothing.
 */
export function momentsOf(values: Float64Array): Moments {
  let n = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    n++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (n === 0) return {};
  // + 0: −0 is 0.
  const range = { min: min + 0, max: max + 0 };
  if (min === max) return n > 1 ? { ...range, mean: range.min, sd: 0 } : { ...range, mean: range.min };

  const reach = Math.max(Math.abs(min), Math.abs(max));
  const scale = reach > MODERATE ? 1 / STEP : reach < 1 / MODERATE ? STEP : 1;
  const about = sumOf(values, scale, 0).sum / n;
  const { sum, squares } = sumOf(values, scale, about);
  const mean = Math.min(max, Math.max(min, (about + sum / n) / scale));
  const sd = Math.sqrt(Math.max(0, squares - (sum * sum) / n) / (n - 1)) / scale;
  return Number.isFinite(sd) ? { ...range, mean, sd } : { ...range, mean };
}

/** Sums of value · scale − about over the finite values. */
function sumOf(values: Float64Array, scale: number, about: number): { sum: number; squares: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! * scale - about;
    if (!Number.isFinite(distance)) continue;
    sum += distance;
    squares += distance * distance;
  }
  return { sum, squares };
}
