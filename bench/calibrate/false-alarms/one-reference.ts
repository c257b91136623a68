import { hash, random } from "../../lib/random.ts";
import { type Draw, gauss, levels, nulls, share, tenths, zipf } from "../draws.ts";
import { ALPHA, type Figure, figureOf } from "../figure.ts";
import { judgePair } from "../judge.ts";
import { currentOf, referenceOf } from "../judge-shape.ts";
import type { Plan } from "../plan.ts";

const CASES: readonly (readonly [string, Draw, number, number])[] = [
  ["normal, 5 % nulls", nulls(0.05), 200, 200],
  ["normal, 5 % nulls", nulls(0.05), 1_000, 100],
  ["normal, 5 % nulls", nulls(0.05), 50, 1_000],
  ["normal, 5 % nulls", nulls(0.05), 1_000, 1_000],
  ["normal", gauss(), 200, 1_000],
  ["ten levels", levels(tenths), 1_000, 100],
  ["boolean 30 %", share(0.3), 50, 1_000],
  ["classes 99/1", share(0.01), 200, 1_000],
  ["500 names, Zipf", zipf(500), 1_000, 100],
  ["500 names, Zipf", zipf(500), 1_000, 1_000],
];

/**
 * A reference is drawn once, and all reports that come are held against it. Over references and reports together at most
 * alpha raise an alarm; the reports against one of them share its luck, so the worst reference is shown beside.
 */
export function* againstOneReference({ references, reports_a_reference }: Plan): Generator<Figure> {
  for (const [name, draw, n_reference, n_current] of CASES) {
    const next = random(hash(`${name} ${n_reference} ${n_current} one reference`));
    const alarms: number[] = [];
    for (let i = 0; i < references; i++) {
      const reference = referenceOf(draw(n_reference, next));
      let drifted = 0;
      for (let report = 0; report < reports_a_reference; report++) {
        const current = currentOf(draw(n_current, next), reference);
        drifted += Number(judgePair({ reference, current }).verdict === "drifted");
      }
      alarms.push(drifted / reports_a_reference);
    }
    const value = meanOf(alarms);
    const sizes = { n_reference, n_current, simulations: references * reports_a_reference };
    yield figureOf("one reference", name, sizes, value, [0, mostOf(alarms, reports_a_reference)], {
      "worst reference": Math.max(...alarms),
      "references without an alarm": alarms.filter((share) => share === 0).length / references,
    });
  }
}

/**
 * Alpha and three standard errors. References differ, so that the number of references counts and not that of reports:
 * the error is that of their mean, and at least that of as many independent reports at alpha.
 */
function mostOf(alarms: readonly number[], reports: number): number {
  const mean = meanOf(alarms);
  const variance = alarms.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (alarms.length - 1);
  const independent = (ALPHA * (1 - ALPHA)) / reports;
  return ALPHA + 3 * Math.sqrt(Math.max(variance, independent) / alarms.length);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
