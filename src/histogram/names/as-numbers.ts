import { isNullText, numberOfText } from "./text-value.ts";

/**
 * Values that are meant as numbers: texts of digits are, and true and false where `truth` says that 1 and 0 are meant.
 *
 * @returns the numbers, NaN for no value; or where the first value stands that is none
 */
export function asNumbers(values: ArrayLike<unknown>, truth: boolean): Float64Array | { stray: number } {
  if (values instanceof Float64Array) return values;
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const number = numberOf(values[i], truth);
    if (number === null) return { stray: i };
    numbers[i] = number;
  }
  return numbers;
}

function numberOf(value: unknown, truth: boolean): number | null {
  switch (typeof value) {
    case "number":
      return value;
    case "bigint":
      return Number(value);
    case "boolean":
      return truth ? Number(value) : null;
    case "string":
      return isNullText(value) ? Number.NaN : numberOfText(value);
    default:
      return value === null || value === undefined ? Number.NaN : null;
  }
}

/** Whether a reference's numbers lie between 0 and 1, so that truth values may be meant by them. */
export function countsTruth(edges: ArrayLike<number>): boolean {
  return edges[0]! >= -1 && edges[edges.length - 1]! <= 2;
}
