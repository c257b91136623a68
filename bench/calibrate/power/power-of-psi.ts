import { hash, multinomial, random } from "../../lib/random.ts";
import { type Figure, figureOf } from "../figure.ts";
import { judgePair } from "../judge.ts";
import type { Plan } from "../plan.ts";
import { alternatives, strengthFor } from "./alternatives.ts";

const ROWS = 1_000;
const TRUE_PSI = 0.3;
const BINS = [5, 10, 20];

/** A true PSI of 0.3 is called drifted at 1 000 and 1 000 rows and threshold 0.2 in 95 % or more. */
export function* powerOfPsi({ reports }: Plan): Generator<Figure> {
  for (const bins of BINS) {
    for (const [of, reference, changed] of alternatives(bins)) {
      const shifted = changed(strengthFor(TRUE_PSI, reference, changed));
      const next = random(hash(of) + bins);
      const before = multinomial(reference, next);
      const now = multinomial(shifted, next);
      let drifted = 0;
      for (let i = 0; i < reports; i++) {
        const pair = { reference: positional(before(ROWS)), current: positional(now(ROWS)) };
        drifted += Number(judgePair(pair).verdict === "drifted");
      }
      const sizes = { n_reference: ROWS, n_current: ROWS, simulations: reports };
      yield figureOf("power of PSI", `${of}, ${bins} bins`, sizes, drifted / reports, [0.95, 1]);
    }
  }
}

const positional = (counts: Float64Array) => ({ kind: "positional", counts, nulls: 0 }) as const;
