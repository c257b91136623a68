import type { DataError } from "../../src/domain/drift/data-error.ts";
import { currentHistogram } from "../../src/domain/drift/histograms/current-histogram.ts";
import { referenceHistogram } from "../../src/domain/drift/histograms/reference-histogram.ts";
import { cleanValues } from "../../src/histogram/clean-values.ts";
import type { Distribution } from "../../src/histogram/distribution.ts";
import type { BinnableValue } from "../../src/histogram/histogram-input.ts";
import { histogramOf } from "../../src/histogram/histogram-of.ts";
import { kindOfValues } from "../../src/histogram/kind-of-values.ts";
import { currentAlone } from "../../src/histogram/summary/count-numbers.ts";
import { CURRENT, type CurrentCase, REFERENCES, type ReferenceCase } from "./histogram-cases.ts";

/** What JSON cannot write of a number is `{"float": "NaN"}`, "Infinity", "-Infinity" or "-0". */
export type WrittenValue = BinnableValue | { float: string };

const ABOUT = [
  "What a client must make of the same values, in any language; the expectations come from the agent's own src/histogram and src/domain/drift.",
  'A number that JSON cannot write is {"float": "NaN" | "Infinity" | "-Infinity" | "-0"}.',
  "current: values and a reference (as GET /v1/references/{pipeline_name} answers it; null: none is known) make `expected`,",
  "the feature of a drift report; {error} means that nothing is sent of the feature and the caller is told.",
  "Without a reference numbers get bins of their own, made to be re-binned: a narrow one for each of at most 20 different values and for each spike, up to 32 quantile bins else.",
  "mean and sd may differ in the 12th digit (the order of the sum), everything else is the same to the last bit.",
  "references: values, bins (default 10) and method (default quantile) make `expected`, the body of PUT /v1/references.",
  "categories: of more than 1000 names those of the reference stay and the most frequent others (the first seen on a tie) up to 1000 in all; the rest, and names unknown to the reference of more than 200 code points, add up in `folded`, which is no name.",
];

export function histogramVectors(): object {
  return { about: ABOUT, current: [...CURRENT.map(current), ...FOLDED], references: REFERENCES.map(reference) };
}

function current({ name, values, reference: input }: CurrentCase): object {
  if (input === null) {
    const alone = kindOfValues(values) === "number" ? currentAlone(cleanValues(values as number[])) : null;
    const made = alone === null ? referenceHistogram({ values }) : { ok: true as const, value: alone };
    return { name, values: written(values), reference: null, expected: body(made) };
  }
  const reference = referenceHistogram(input);
  if (!reference.ok) throw new Error(`${name}: ${reference.errors[0]!.message}`);
  const made = currentMade(values, reference.value);
  return { name, values: written(values), reference: stored(reference.value), expected: body(made) };
}

/** What the agent makes of values, told of the reference's range. */
function currentMade(values: BinnableValue[], reference: Distribution): Made {
  const made = currentHistogram({ values }, reference);
  if (!made.ok || reference.kind !== "numeric") return made;
  return { ok: true, value: histogramOf({ values }, reference.edges, reference.summary) };
}

function reference({ name, values, bins, method }: ReferenceCase): object {
  const options = { ...(bins === undefined ? {} : { bins }), ...(method === undefined ? {} : { method }) };
  return { name, values: written(values), ...options, expected: body(referenceHistogram({ values, ...options })) };
}

type Made = { ok: true; value: Distribution } | { ok: false; code: string; errors: readonly DataError[] };

function body(made: Made): object {
  if (!made.ok) return { error: made.code };
  const { kind: _, ...histogram } = stored(made.value) as { kind: string };
  return histogram;
}

function stored(histogram: Distribution): object {
  const { kind, nulls } = histogram;
  const counts = Array.from(histogram.counts);
  if (histogram.kind === "numeric")
    return { kind, edges: Array.from(histogram.edges), counts, nulls, ...histogram.summary };
  if (histogram.kind === "positional") return { kind, counts, nulls };
  return { kind, categories: Object.fromEntries(histogram.categories.map((name, i) => [name, counts[i]])), nulls };
}

function written(values: BinnableValue[]): WrittenValue[] {
  return values.map((value) => {
    if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0))) return value;
    return { float: Object.is(value, -0) ? "-0" : String(value) };
  });
}

/** The inverse of `written`. */
export function read(values: readonly WrittenValue[]): BinnableValue[] {
  return values.map((value) => (typeof value === "object" && value !== null ? Number(value.float) : value));
}

const names = (n: number) => Array.from({ length: n }, (_, i) => `c${i}`);
const once = (n: number) => Object.fromEntries(names(n).map((name) => [name, 1]));

/** Folding happens in the client alone, so these are counted by hand. */
const FOLDED = [
  {
    name: "of 1003 names the 1000 first seen stay",
    values: names(1003),
    reference: null,
    expected: { categories: { ...once(1000) }, folded: 3, nulls: 0 },
  },
  {
    name: "of too many names the more frequent and the reference's stay",
    values: [...names(1003), "c1001", "c1002"],
    reference: { kind: "categorical", categories: { c1000: 1 }, nulls: 0 },
    expected: { categories: { ...once(997), c1000: 1, c1001: 2, c1002: 2 }, folded: 3, nulls: 0 },
  },
  {
    name: "a long name that the reference has not is folded, and a category of that name stays",
    values: ["🦉".repeat(200), "x".repeat(201), "y".repeat(300), "other"],
    reference: { kind: "categorical", categories: { ["y".repeat(300)]: 1 }, nulls: 0 },
    expected: { categories: { ["🦉".repeat(200)]: 1, ["y".repeat(300)]: 1, other: 1 }, folded: 1, nulls: 0 },
  },
];
