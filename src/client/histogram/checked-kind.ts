import { kindOfValues, strayValues, type ValueKind } from "../../histogram/kind-of-values.ts";
import type { FeatureValue, FeatureValues } from "./feature.ts";

/** The kind of all values (a column of nulls only counts as numeric), or what is wrong with one of them. */
export function checkedKind(values: FeatureValues): { kind: ValueKind } | { problem: string } {
  const kind = kindOfValues(values);
  const [stray] = strayValues(values, kind, 1);
  if (stray === undefined) return { kind };
  const rule =
    stray.kind === undefined
      ? "must be a number, a string, a boolean or null"
      : `the values before it are of type ${kind}`;
  return { problem: `values[${stray.at}]: ${shown(stray.value as FeatureValue)} given; ${rule}` };
}

export function shown(value: FeatureValue | object): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 50));
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
