/** Difference from `value` that is rounding and not a change: a billionth of it, and of 1 for the value 0. */
export function valueMargin(value: number): number {
  return value === 0 ? 1e-9 : Math.max(Math.abs(value) * 1e-9, Number.MIN_VALUE);
}
