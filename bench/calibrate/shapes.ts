import {
  type Draw,
  each,
  exact,
  float32,
  gauss,
  levels,
  lognormal,
  mapped,
  names,
  nulls,
  numbers,
  poisson,
  prices,
  share,
  some,
  student,
  tenths,
  top,
  zeros,
  zipf,
} from "./draws.ts";

/** What the verdict has to be; null: both are right, the change is next to the limit. */
export type Truth = "drifted" | "stable" | "inconclusive" | null;

/** A shape of data, before and after: rows drawn anew each time. */
export interface Shape {
  readonly name: string;
  readonly truth: Truth;
  readonly rows: readonly [reference: number, current: number];
  readonly reference: Draw;
  readonly current: Draw;
}

const k5: [number, number] = [5000, 5000];
const k20: [number, number] = [20_000, 20_000];

function shape(name: string, truth: Truth, rows: [number, number], reference: Draw, current: Draw = reference): Shape {
  return { name, truth, rows, reference, current };
}

/** The truth of each is written before it is run. */
export const SHAPES: readonly Shape[] = [
  shape("normal, half a standard deviation up", "drifted", k5, gauss(), gauss(0.5)),
  shape("normal, one up", "drifted", k5, gauss(), gauss(1)),
  shape("normal, twice as wide", "drifted", k5, gauss(), gauss(0, 2)),
  shape(
    "whole column × 100",
    "drifted",
    k5,
    gauss(5),
    each(gauss(5), (value) => 100 * value),
  ),
  shape(
    "lognormal, top decile × 1000",
    "drifted",
    k5,
    lognormal(1),
    top(0.1, lognormal(1), (value) => 1000 * value),
  ),
  shape(
    "lognormal, top decile × 10",
    "drifted",
    k5,
    lognormal(1),
    top(0.1, lognormal(1), (value) => 10 * value),
  ),
  shape(
    "lognormal, top 1 % × 1000",
    "drifted",
    k5,
    lognormal(1),
    top(0.01, lognormal(1), (value) => 1000 * value),
  ),
  shape(
    "lognormal, 2 % of the rows × 100",
    "drifted",
    k5,
    lognormal(1),
    some(0.02, lognormal(1), (value) => 100 * value),
  ),
  shape(
    "normal, 1 % of the rows × 1000",
    "drifted",
    k5,
    gauss(),
    some(0.01, gauss(), (value) => 1000 * value),
  ),
  shape("95 % zeros, the others × 100", "drifted", k5, zeros(0.95), zeros(0.95, 100)),
  shape("95 % zeros, the others × 10", "drifted", k5, zeros(0.95), zeros(0.95, 10)),
  shape("95 % zeros, now 88 %", "drifted", k5, zeros(0.95), zeros(0.88)),
  shape(
    "1 % become infinite",
    "drifted",
    k5,
    gauss(),
    some(0.01, gauss(), () => Number.POSITIVE_INFINITY),
  ),
  shape("nulls 0 → 3 %", "drifted", k5, gauss(), nulls(0.03)),
  shape("nulls 5 → 15 %", "drifted", k20, nulls(0.05), nulls(0.15)),
  shape("nulls 10 → 25 %", "drifted", k5, nulls(0.1), nulls(0.25)),
  shape("all null", "drifted", k5, gauss(), nulls(1)),
  shape("boolean 30 → 50 %", "drifted", k5, share(0.3), share(0.5)),
  shape("classes 99/1 → 95/5 %", "drifted", k20, share(0.01), share(0.05)),
  shape(
    "4 categories, 5 % of a new one",
    "drifted",
    k5,
    names({ a: 4, b: 3, c: 2, d: 1 }),
    names({ a: 3.8, b: 2.85, c: 1.9, d: 0.95, e: 0.5 }),
  ),
  shape(
    "half of other becomes zzz",
    "drifted",
    [1000, 1000],
    exact({ a: 500, other: 500 }),
    exact({ a: 500, other: 250, zzz: 250 }),
  ),
  shape(
    "constant 5 → 5.1",
    "drifted",
    k5,
    numbers(() => 5),
    numbers(() => 5.1),
  ),
  shape("Poisson 3 → 4", "drifted", k5, poisson(3), poisson(4)),
  shape(
    "500 names, all renamed",
    "drifted",
    k5,
    zipf(500),
    zipf(500, (rank) => `now ${rank}`),
  ),
  shape(
    "500 names, the tail renamed",
    "drifted",
    k5,
    zipf(500),
    zipf(500, (rank) => (rank > 50 ? `now ${rank}` : `name ${rank}`)),
  ),
  shape("normal, the same", "stable", k5, gauss()),
  shape("normal, a tenth up", "stable", k5, gauss(), gauss(0.1)),
  shape(
    "lognormal × 1.1",
    "stable",
    k5,
    lognormal(1),
    each(lognormal(1), (value) => 1.1 * value),
  ),
  shape(
    "uniform, a tenth up",
    "stable",
    k5,
    numbers((next) => next()),
    numbers((next) => next() + 0.1 / Math.sqrt(12)),
  ),
  shape(
    "normal and one row of 1e6",
    "stable",
    k5,
    gauss(),
    mapped(gauss(), (values) => [1e6, ...values.slice(1)]),
  ),
  shape(
    "one row of 1e6 in the reference",
    "stable",
    k5,
    mapped(gauss(), (values) => [1e6, ...values.slice(1)]),
    gauss(),
  ),
  shape("t(1.5), the same", "stable", k20, student(1.5)),
  shape("lognormal(2), the same", "stable", k5, lognormal(2)),
  shape("95 % zeros, the same", "stable", k5, zeros(0.95)),
  shape("Poisson 3, the same", "stable", k20, poisson(3)),
  shape("10 levels → float32", "stable", [10_000, 10_000], levels(tenths), float32(levels(tenths))),
  shape(
    "constant 19.99 → float32",
    "stable",
    k5,
    numbers(() => 19.99),
    float32(numbers(() => 19.99)),
  ),
  shape("100 prices → float32", "stable", [10_000, 10_000], levels(prices), float32(levels(prices))),
  shape("normal → float32", "stable", [10_000, 10_000], gauss(), float32(gauss())),
  shape("boolean 30 %, the same", "stable", k5, share(0.3)),
  shape("boolean 30 → 33 %", "stable", k20, share(0.3), share(0.33)),
  shape("class 1 → 1.5 %", "stable", k20, share(0.01), share(0.015)),
  shape("nulls 5 → 6 %", "stable", k20, nulls(0.05), nulls(0.06)),
  shape("nulls 0 → 0.3 %", "stable", k20, gauss(), nulls(0.003)),
  shape("100 names, the same", "stable", [1000, 1000], zipf(100)),
  shape("500 names, the same", "stable", [1000, 1000], zipf(500)),
  shape("1 000 names, the same", "stable", k5, zipf(1000)),
  shape("5 000 names, the same", "stable", k20, zipf(5000)),
  shape(
    "2 000 equal names, the same",
    "stable",
    [10_000, 10_000],
    names(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`n${i}`, 1]))),
  ),
  shape("normal, a quarter up", null, k5, gauss(), gauss(0.25)),
  shape("boolean 30 → 40 %", null, k5, share(0.3), share(0.4)),
  shape("class 1 → 3 %", null, k20, share(0.01), share(0.03)),
  shape("nulls 5 → 8 %", null, k20, nulls(0.05), nulls(0.08)),
  shape("nulls 0 → 1 %", null, k20, gauss(), nulls(0.01)),
  shape("100 against 100 of one normal", "inconclusive", [100, 100], gauss()),
  shape("5 000 against 5 of one normal", "inconclusive", [5000, 5], gauss()),
];
