import type { HistogramInput } from "../../src/histogram/histogram-input.ts";
import { multinomial, normal } from "../lib/random.ts";

/** Columns to draw rows of. */

type Random = () => number;
/** Rows drawn anew each time, as they are sent. */
export type Draw = (rows: number, next: Random) => HistogramInput;

export const numbers =
  (value: (next: Random) => number | null): Draw =>
  (rows, next) => ({ values: Array.from({ length: rows }, () => value(next)) });
export const mapped = (draw: Draw, change: (values: (number | null)[], next: Random) => (number | null)[]): Draw => {
  return (rows, next) => ({ values: change([...(draw(rows, next).values as (number | null)[])], next) });
};
export const each = (draw: Draw, change: (value: number, next: Random) => number | null) =>
  mapped(draw, (values, next) => values.map((value) => (value === null ? null : change(value, next))));
/** The greatest part of the rows, changed. */
export const top = (part: number, draw: Draw, change: (value: number) => number) =>
  mapped(draw, (values) => {
    const limit = [...(values as number[])].sort((a, b) => a - b)[Math.floor(values.length * (1 - part))]!;
    return values.map((value) => (value! >= limit ? change(value!) : value));
  });

export const gauss = (mean = 0, sd = 1) => numbers((next) => mean + sd * normal(next));
export const lognormal = (sigma: number) => numbers((next) => Math.exp(sigma * normal(next)));
const exponential = (next: Random) => -Math.log(1 - next());
export const zeros = (part: number, factor = 1) =>
  numbers((next) => (next() < part ? 0 : factor * 50 * exponential(next)));
export const student = (df: number) =>
  numbers((next) => {
    // Bailey's polar method.
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const w = u * u + v * v;
      if (w > 0 && w < 1) return u * Math.sqrt((df * (w ** (-2 / df) - 1)) / w);
    }
  });
export const poisson = (mean: number) =>
  numbers((next) => {
    let count = -1;
    for (let product = 1; product > Math.exp(-mean); count++) product *= next();
    return count;
  });
export const levels = (values: readonly number[]) => numbers((next) => values[Math.floor(next() * values.length)]!);
export const float32 = (draw: Draw) => each(draw, Math.fround);
export const nulls = (part: number, draw: Draw = gauss()) =>
  each(draw, (value, next) => (next() < part ? null : value));
export const some = (part: number, draw: Draw, change: (value: number) => number) =>
  each(draw, (value, next) => (next() < part ? change(value) : value));

/** Names with these weights. */
export const names = (weights: Readonly<Record<string, number>>): Draw => {
  const labels = Object.keys(weights);
  const all = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const shares = Float64Array.from(labels, (label) => weights[label]! / all);
  return (rows, next) => {
    const counts = multinomial(shares, next)(rows);
    return {
      categories: Object.fromEntries(labels.flatMap((label, i) => (counts[i]! > 0 ? [[label, counts[i]!]] : []))),
    };
  };
};
export const zipf = (many: number, rename: (rank: number) => string = (rank) => `name ${rank}`) =>
  names(Object.fromEntries(Array.from({ length: many }, (_, i) => [rename(i + 1), 1 / (i + 1)])));
export const share = (part: number) => names({ yes: part, no: 1 - part });
export const exact =
  (counts: Readonly<Record<string, number>>): Draw =>
  () => ({ categories: counts });

export const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
export const prices = Array.from({ length: 100 }, (_, i) => i + 0.99);
