import type { FeatureValue, FeatureValues } from "./feature.ts";

export type ValueKind = "number" | "string" | "boolean";

/** The kind of all values (a column of nulls only counts as numeric), or what is wrong with one of them. */
export function kindOfValues(values: FeatureValues): { kind: ValueKind } | { problem: string } {
  // Typed arrays hold numbers, whatever is in them.
  if (ArrayBuffer.isView(values)) return { kind: "number" };
  let kind: ValueKind | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const found = kindOf(value);
    if (found === undefined) {
      return { problem: `values[${i}]: ${shown(value)} given; must be a number, a string, a boolean or null` };
    }
    if (kind === undefined) kind = found;
    else if (found !== kind) {
      return { problem: `values[${i}]: ${shown(value)} given; the values before it are of type ${kind}` };
    }
  }
  return { kind: kind ?? "number" };
}

function kindOf(value: unknown): ValueKind | undefined {
  const type = typeof value;
  if (type === "bigint") return "number";
  return type === "number" || type === "string" || type === "boolean" ? type : undefined;
}

export function shown(value: FeatureValue | object): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 50));
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
