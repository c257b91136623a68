import { cleanValues, type NumericValue } from "../../histogram/clean-values.ts";
import type { CategoricalHistogram } from "../../histogram/distribution.ts";
import type { BinnableValue } from "../../histogram/histogram-input.ts";
import { asNumbers, countsTruth } from "../../histogram/names/as-numbers.ts";
import { countCategories } from "../../histogram/names/count-categories.ts";
import { daysOf } from "../../histogram/names/days.ts";
import type { FeatureKind, FeatureValue, FeatureValues, ReferenceBins } from "./feature.ts";

/** What a column is, or what is wrong with it. */
export type ReadColumn =
  | { kind: "numeric"; numbers: Float64Array }
  | { kind: "categorical"; names: CategoricalHistogram }
  | { kind: "wrong"; problem: string };

type Found = "number" | "string" | "boolean" | "time" | "null" | "other";

const TIMES_ARE_NONE = 'a time is no feature: send what you know of it (hour, age), or say kind "days"';
const wrong = (problem: string): ReadColumn => ({ kind: "wrong", problem });

/** Numbers or names, as `kind` says, else as the reference counts, else as the values are; a column of nulls alone is numeric. */
export function readColumn(
  values: FeatureValues,
  kind: FeatureKind | undefined,
  reference: ReferenceBins | null,
): ReadColumn {
  const found = ArrayBuffer.isView(values) ? new Map<Found, number>([["number", 0]]) : firstOfEach(values);
  const other = found.get("other");
  if (other !== undefined) {
    return wrong(`values[${other}]: ${shown(values[other]!)} given; must be a number, a string, a boolean or null`);
  }
  const time = found.get("time");
  if (time !== undefined && kind !== "days") return wrong(`values[${time}]: a Date given; ${TIMES_ARE_NONE}`);
  const known = reference?.kind === "categorical" ? Object.keys(reference.categories) : [];
  const wanted = kind ?? (reference?.kind === "positional" ? undefined : reference?.kind);
  if (wanted === "categorical") return named(values, known);
  if (wanted === "days") return days(values);
  if (wanted === "numeric") {
    const because = kind === undefined ? "the reference is numeric" : "its kind is numeric";
    const truth = kind === "numeric" || (reference?.kind === "numeric" && countsTruth(reference.edges));
    const numbers = asNumbers(values, truth);
    if ("stray" in numbers) return wrong(`${shown(values[numbers.stray]!)} given; ${because}: give numbers`);
    return { kind: "numeric", numbers };
  }
  return asTheyAre(values, found, known);
}

function asTheyAre(values: FeatureValues, found: ReadonlyMap<Found, number>, known: readonly string[]): ReadColumn {
  const kinds = [...found.keys()].filter((one) => one !== "null");
  if (kinds.length > 1) {
    const truth = truthOf(values);
    if (truth !== null) return named(truth, known);
    const [first, second] = kinds;
    const at = found.get(second!)!;
    const hint = 'if they are names, say kind "categorical"';
    return wrong(`values[${at}]: ${shown(values[at]!)} given; the values before it are of type ${first}; ${hint}`);
  }
  if (kinds.length === 1 && kinds[0] !== "number") return named(values, known);
  return { kind: "numeric", numbers: cleanValues(values as ArrayLike<NumericValue>) };
}

function named(values: FeatureValues, known: readonly string[]): ReadColumn {
  return { kind: "categorical", names: countCategories(values as ArrayLike<BinnableValue>, known) };
}

function days(values: FeatureValues): ReadColumn {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const day = typeof values[i] === "boolean" ? null : daysOf(values[i]);
    if (day === null) return wrong(`${shown(values[i]!)} given; its kind is days: give dates`);
    numbers[i] = day;
  }
  return { kind: "numeric", numbers };
}

/** Truth values of which some came as 1 and 0; null: there is more than those. */
function truthOf(values: FeatureValues): (boolean | null)[] | null {
  const truth: (boolean | null)[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) truth.push(null);
    else if (typeof value === "boolean") truth.push(value);
    else if (value === 0 || value === 1 || value === 0n || value === 1n) truth.push(Number(value) === 1);
    else return null;
  }
  return truth;
}

/** Where a value of each kind stands first. */
function firstOfEach(values: FeatureValues): Map<Found, number> {
  const found = new Map<Found, number>();
  for (let i = 0; i < values.length; i++) {
    const kind = foundIn(values[i]);
    if (!found.has(kind)) found.set(kind, i);
  }
  return found;
}

function foundIn(value: unknown): Found {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "number":
      return Number.isNaN(value) ? "null" : "number";
    case "bigint":
      return "number";
    case "string":
    case "boolean":
      return typeof value as "string" | "boolean";
    default:
      return value instanceof Date ? "time" : "other";
  }
}

export function shown(value: FeatureValue | object): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 50));
  if (value instanceof Date) return "a Date";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
