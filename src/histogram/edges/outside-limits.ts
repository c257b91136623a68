import { valueMargin } from "./value-margin.ts";

/**
 * How far values may lie beyond those of the reference before they count as outside: a tenth of its range, and at
 * least what another number format moves a value by (valueMargin of the greatest number in the range).
 *
 * @param min least finite value of the reference
 * @param max greatest finite value
 * @returns a value is outside where it is less than `below` or greater than `above`
 */
export function outsideLimits(min: number, max: number): { below: number; above: number } {
  const width = Math.max(max / 10 - min / 10, valueMargin(Math.max(Math.abs(min), Math.abs(max))));
  return { below: min - width, above: max + width };
}
