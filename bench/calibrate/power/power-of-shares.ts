import { binomial, hash, random } from "../../lib/random.ts";
import { ALPHA, type Figure, figureOf } from "../figure.ts";
import { judgePair } from "../judge.ts";
import { pairOf } from "../judge-shape.ts";
import type { Plan } from "../plan.ts";

/** Shares before and after; those that have to be found at 20 000 rows are marked. */
const CHANGES: readonly (readonly [before: number, after: number, found?: true])[] = [
  [0.01, 0.05, true],
  [0.3, 0.5, true],
  [0.05, 0.15, true],
  [0.1, 0.25, true],
  [0.4, 0.6, true],
  [0, 0.02, true],
  [0.001, 0.02],
  [0.005, 0.03],
  [0.01, 0.04],
  [0.02, 0.06],
  [0.05, 0.1],
  [0.3, 0.4],
  [0.5, 0.6],
  [0.01, 0.02],
  [0.3, 0.36],
  [0.05, 0.08],
  [0, 0.01],
];

const ROWS = [500, 1_000, 5_000, 20_000, 200_000];
/** From so many rows on a marked change has to be found. */
const ENOUGH = 20_000;
const FEATURES = 200;
/** A change takes few draws to be seen: two binomial ones each. */
const PART = 0.2;

/**
 * How often a class is found whose share changed, with as many rows in the reference as in the report: the feature alone in
 * its report, and as the only one of 200 that changed (its p then has to be below alpha / 200).
 */
export function* powerOfShares({ reports }: Plan): Generator<Figure> {
  const simulations = Math.ceil(reports * PART);
  for (const [before, after, wanted] of CHANGES) {
    for (const rows of ROWS) {
      const next = random(hash(`${before} ${after} ${rows}`));
      let alone = 0;
      let among = 0;
      for (let i = 0; i < simulations; i++) {
        const pair = pairOf(classes(rows, before, next), classes(rows, after, next));
        alone += Number(judgePair(pair).verdict === "drifted");
        among += Number(judgePair(pair, ALPHA / FEATURES).verdict === "drifted");
      }
      const sizes = { n_reference: rows, n_current: rows, simulations };
      const least = wanted && rows >= ENOUGH ? 0.99 : 0;
      yield figureOf("power of shares", `${100 * before} → ${100 * after} %`, sizes, alone / simulations, [least, 1], {
        "among 200": among / simulations,
      });
    }
  }
}

function classes(rows: number, share: number, next: () => number) {
  const of = binomial(rows, share, next);
  return { categories: of === 0 ? { no: rows } : { yes: of, no: rows - of } };
}
