import type { BinnableValue } from "./histogram-input.ts";

/** Type of the first value that is not null; a column of nulls only counts as numeric. */
export function kindOfValues(values: ArrayLike<BinnableValue>): "number" | "string" | "boolean" {
  for (let i = 0; i < values.length; i++) {
    const type = typeof values[i];
    if (type === "number" || type === "string" || type === "boolean") return type;
  }
  return "number";
}
