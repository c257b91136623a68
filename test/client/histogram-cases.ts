import type { BinnableValue, HistogramInput } from "../../src/histogram/histogram-input.ts";
import { fromQuantiles, levels, lognormal, mostlyZeros, normal, poisson } from "./shapes.ts";

export interface CurrentCase {
  name: string;
  values: BinnableValue[];
  /** As PUT /v1/references takes it; null: no reference is known. */
  reference: HistogramInput | null;
}

export interface ReferenceCase {
  name: string;
  values: BinnableValue[];
  bins?: number;
  method?: "quantile" | "uniform";
}

/** Numbers with the look of measurements, the same on every machine. */
function measurements(n: number, seed: number): number[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: n }, () => Math.round((next() + next() + next() - 1.5) * 1e6) / 1e4);
}

const TENS = { edges: [0, 10, 20, 30, 40], counts: [10, 20, 30, 40] };
const COLOURS = { categories: { red: 5, green: 3, "": 1 }, nulls: 2 };
const { NaN: nan, POSITIVE_INFINITY: inf, MAX_VALUE: greatest, MIN_VALUE: tiniest } = Number;
const times = (n: number, value: number) => new Array<number>(n).fill(value);
const float32 = (values: number[]) => values.map(Math.fround);

export const CURRENT: CurrentCase[] = [
  { name: "values on edges fall into the bin above", values: [0, 10, 20, 30, 40], reference: TENS },
  {
    name: "values just beside an edge",
    values: [9.999999999999998, 10.000000000000002, 20, 19.999999999999996],
    reference: TENS,
  },
  { name: "the outer bins are open", values: [-1e9, -0.1, 40.1, 1e300], reference: TENS },
  { name: "null and NaN are nulls", values: [5, null, 15, nan, null], reference: TENS },
  { name: "the infinite fall into the outer bins", values: [-inf, inf, inf, 5], reference: TENS },
  { name: "minus zero is zero", values: [-0, 0], reference: { edges: [-1, 0, 1], counts: [1, 1] } },
  { name: "empty", values: [], reference: TENS },
  { name: "nulls only", values: [null, null, nan], reference: TENS },
  { name: "one bin takes everything", values: [-5, 0.5, 7], reference: { edges: [0, 1], counts: [3] } },
  {
    name: "nine bins, not a power of two",
    values: measurements(200, 7),
    reference: { edges: [-150, -90, -60, -30, -10, 0, 10, 40, 80, 150], counts: [1, 2, 3, 4, 5, 4, 3, 2, 1] },
  },
  {
    name: "big whole numbers are read as the nearest double",
    values: [9007199254740991, 9007199254740992, 1e21, 12345678901234567000],
    reference: { edges: [0, 9007199254740992, 1e20, 2e21], counts: [1, 1, 1] },
  },
  {
    name: "tiny and huge numbers",
    values: [5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308],
    reference: { edges: [-1e308, -1e-320, 0, 1e-320, 1e308], counts: [1, 1, 1, 1] },
  },
  {
    name: "edges written by exponent and by digits are the same",
    values: [0.1, 0.2, 0.30000000000000004, 0.3],
    reference: { edges: [0, 0.1, 0.30000000000000004, 1], counts: [1, 1, 1] },
  },
  {
    name: "rows outside the range of the reference are told",
    values: [-4, -3.9, 0, 44, 44.1, 1e9, inf, -inf, null],
    reference: { ...TENS, min: 0, max: 40 },
  },
  {
    name: "a constant reference, as float32 and as another number",
    values: [19.99, Math.fround(19.99), 20, 0],
    reference: { values: times(30, 19.99) },
  },
  { name: "ten levels as float32", values: float32(levels(100, 5)), reference: { values: levels(200, 6) } },
  { name: "95 % zeros on their own kind", values: mostlyZeros(100, 5), reference: { values: mostlyZeros(400, 6) } },
  { name: "large numbers with little noise", values: normal(60, 9).map((z) => 1e9 + z), reference: TENS },
  { name: "numbers of which squares overflow", values: [1e300, -1e300, greatest, 5], reference: TENS },
  { name: "text on a reference of categories", values: ["red", "green", "red", ""], reference: COLOURS },
  { name: "unseen categories keep their names", values: ["red", "blue", "blue", null, "GREEN"], reference: COLOURS },
  { name: "no values on a reference of categories", values: [], reference: COLOURS },
  { name: "nulls only on a reference of categories", values: [null, nan], reference: COLOURS },
  {
    name: "text beyond ASCII",
    values: ["Zürich", "東京", "🦉", "Zu\u0308rich"],
    reference: { categories: { Zürich: 1, 東京: 1 } },
  },
  {
    name: "names that objects have already",
    values: ["__proto__", "constructor", "toString", "constructor"],
    reference: { categories: { constructor: 4 } },
  },
  {
    name: "booleans are named true and false",
    values: [true, false, true, null],
    reference: { categories: { true: 1, false: 1 } },
  },
  {
    name: "numbers on a reference of categories are named as JavaScript writes them",
    values: [
      1,
      1.5,
      -0,
      0,
      100,
      1e21,
      1e20,
      123456789012345680000,
      1e-7,
      0.000001,
      -2.5e-10,
      9007199254740992,
      inf,
      -inf,
      nan,
    ],
    reference: { categories: { 1: 3, 1.5: 1, 0: 2 } },
  },
  { name: "text does not fit a numeric reference", values: [null, "old", "young"], reference: TENS },
  { name: "booleans do not fit a numeric reference", values: [true, false], reference: TENS },
  { name: "values do not fit bins known by position", values: [1, 2], reference: { counts: [1, 2, 3] } },
  { name: "numbers among text are refused", values: ["a", 1], reference: null },
  {
    name: "text that means no value is null where the reference has no such name",
    values: ["red", "", "  ", "NULL", "nan", "NA"],
    reference: { categories: { red: 5, green: 3 } },
  },
  {
    name: "booleans are called as the reference calls them",
    values: [true, false, true, null],
    reference: { categories: { True: 1, False: 1 } },
  },
  {
    name: "1 and 0 are booleans to a reference of booleans",
    values: [1, 0, 1, nan],
    reference: { categories: { true: 1, false: 1 } },
  },
  {
    name: "booleans are 1 and 0 to a reference of those names",
    values: [true, false, true],
    reference: { categories: { "1.0": 1, "0.0": 1 } },
  },
  {
    name: "1 and 0 are names of their own to a reference of more",
    values: [1, 0],
    reference: { categories: { true: 1, false: 1, maybe: 1 } },
  },
  {
    name: "a whole number is called as the reference calls it",
    values: [2, 3, 2.5, nan],
    reference: { categories: { "2.0": 3, "3.0": 1, "007": 1 } },
  },
  { name: "booleans among numbers are refused", values: [1, 2, true], reference: TENS },
  {
    name: "without a reference, numbers get up to 32 quantile bins of their own",
    values: measurements(500, 11),
    reference: null,
  },
  { name: "without a reference, a spike has a narrow bin", values: mostlyZeros(500, 3), reference: null },
  { name: "without a reference, ten levels", values: levels(120, 3), reference: null },
  { name: "without a reference, ten levels as float32", values: float32(levels(120, 3)), reference: null },
  {
    name: "without a reference, neighbouring doubles",
    values: [1, 1.0000000000000002, 1.0000000000000004],
    reference: null,
  },
  {
    name: "without a reference, the ends of all numbers",
    values: [greatest, -greatest, tiniest, 0, -0],
    reference: null,
  },
  { name: "without a reference, infinite values", values: [inf, 1, -inf, inf], reference: null },
  {
    name: "without a reference, 21 different values",
    values: [...Array(63).keys()].map((i) => i % 21),
    reference: null,
  },
  {
    name: "without a reference, few distinct numbers get a bin each",
    values: [1, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 9],
    reference: null,
  },
  { name: "without a reference, empty", values: [], reference: null },
  { name: "without a reference, nulls only", values: [null, nan], reference: null },
  { name: "without a reference, a constant", values: [42, 42, 42], reference: null },
  { name: "without a reference, text", values: ["b", "a", "b", null], reference: null },
  { name: "without a reference, booleans", values: [true, null, false, true], reference: null },
];

export const REFERENCES: ReferenceCase[] = [
  { name: "quantile bins of ten rows or more", values: measurements(180, 3) },
  { name: "1 000 rows, the least that have thin bins", values: normal(1000, 1) },
  { name: "four uniform bins", values: measurements(100, 5), bins: 4, method: "uniform" },
  { name: "three quantile bins of whole numbers", values: [...Array(31).keys()], bins: 3 },
  { name: "one bin", values: [3, 1, 2], bins: 1 },
  { name: "5 rows", values: normal(5, 2) },
  { name: "50 rows", values: normal(50, 3) },
  { name: "more bins than rows bear", values: normal(90, 4), bins: 40 },
  { name: "a lognormal", values: lognormal(300, 5) },
  { name: "a spike at 0", values: [...times(60, 0), ...measurements(40, 9)] },
  { name: "a spike in the middle of many values", values: [...times(300, 0.5), ...normal(200, 7)] },
  {
    name: "two spikes at the ends",
    values: [...times(150, 0), ...normal(60, 8).map((z) => 50 + z), ...times(150, 100)],
  },
  { name: "95 % zeros, 50 rows", values: mostlyZeros(50, 1) },
  { name: "95 % zeros, 400 rows", values: mostlyZeros(400, 2) },
  { name: "ten levels", values: levels(400, 3) },
  { name: "ten levels as float32", values: float32(levels(400, 3)) },
  { name: "ten levels, 50 rows", values: levels(50, 4) },
  { name: "counts of a Poisson process", values: poisson(300, 5) },
  { name: "prices as float32", values: float32(measurements(200, 6).map((x) => Math.round(x * 100) / 100)) },
  { name: "runs of equal values that are no spikes", values: fromQuantiles(400, (u) => Math.floor(u * 47) / 7) },
  { name: "1 200 rows of 50 whole numbers", values: [...Array(1200).keys()].map((i) => (i * 7) % 50) },
  { name: "20 different values, one of which 20 rows hold", values: [...times(19, 0), ...Array(20).keys()] },
  { name: "21 different values, one of which 20 rows hold", values: [...times(19, 0), ...Array(21).keys()] },
  { name: "two values", values: [0, 1, 0, 1, 1], bins: 5 },
  { name: "a constant", values: [7, 7, 7] },
  { name: "a constant that float32 does not hold", values: times(20, 19.99) },
  { name: "a constant as float32", values: float32(times(20, 19.99)) },
  { name: "the constant 0", values: [0, -0, 0] },
  { name: "the least and the greatest number as constants", values: times(25, greatest) },
  { name: "the greatest number below 0 as a constant", values: times(25, -greatest) },
  { name: "the smallest number as a constant", values: times(25, tiniest) },
  { name: "a negative constant, uniform", values: [-2.5, -2.5], method: "uniform" },
  { name: "nulls, NaN and the infinite make no edges", values: [null, 1, 2, 3, nan, inf, -inf, 4, 5], bins: 2 },
  { name: "infinite only", values: [inf, inf, -inf] },
  { name: "nulls only", values: [null, nan] },
  { name: "empty", values: [] },
  { name: "numbers as far apart as can be", values: [-greatest, greatest, 0, 1e308], bins: 3 },
  { name: "numbers as far apart as can be, uniform", values: [-greatest, greatest], bins: 4, method: "uniform" },
  { name: "numbers near 0", values: [tiniest, 2 * tiniest, 3 * tiniest, -tiniest, 0, -0, 2.5e-308] },
  { name: "numbers of which squares vanish", values: [1e-300, 3e-300, -2e-300] },
  { name: "large numbers with little noise", values: normal(60, 9).map((z) => 1e9 + z) },
  { name: "neighbouring doubles", values: [1, 1.0000000000000002, 1.0000000000000004] },
  { name: "neighbouring doubles, uniform", values: [1, 1.0000000000000002, 1.0000000000000004], method: "uniform" },
  {
    name: "whole numbers that no double holds",
    values: [9007199254740991, 9007199254740992, 1e21, 12345678901234567000],
  },
  { name: "text", values: ["b", "a", "b", null, ""] },
  { name: "booleans", values: [false, true, true, null] },
];
