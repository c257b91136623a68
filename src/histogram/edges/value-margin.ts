/**
 * Difference from `value` that is rounding and not a change: a millionth of it, which is more than float32 is off by
 * (6e-8), and a billionth where the value is 0.
 */
export function valueMargin(value: number): number {
  return value === 0 ? 1e-9 : Math.max(Math.abs(value) / 1e6, Number.MIN_VALUE);
}
