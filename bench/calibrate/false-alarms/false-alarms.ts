import { hash, random } from "../../lib/random.ts";
import { alarmFigure, type Figure } from "../figure.ts";
import { judgeShape } from "../judge-shape.ts";
import type { Plan } from "../plan.ts";
import { UNCHANGED, type Unchanged } from "./unchanged.ts";

/** Rows of the reference and of the report. */
export const SIZES: readonly (readonly [number, number])[] = [
  [50, 50],
  [200, 200],
  [1_000, 100],
  [5_000, 50],
  [100, 5_000],
  [1_000, 1_000],
  [5_000, 5_000],
  [20_000, 1_000],
];

const SHOWN_P = 0.05;

/** At most alpha of the reports of one feature that did not change call it drifted, whatever its shape and the sizes. */
export function* falseAlarms({ reports, each_cell }: Plan): Generator<Figure> {
  let cell = 0;
  for (const feature of UNCHANGED) {
    for (const rows of SIZES) {
      if (cell++ % each_cell === 0) yield alarmsOf(feature, rows, reports);
    }
  }
}

function alarmsOf({ name, cost, reference, current }: Unchanged, rows: readonly [number, number], reports: number) {
  const next = random(hash(`${name} ${rows.join(" ")}`));
  const simulations = Math.ceil(reports * partOf(cost, rows));
  let drifted = 0;
  let inconclusive = 0;
  let rare = 0;
  for (let i = 0; i < simulations; i++) {
    const { verdict, p_value } = judgeShape({ rows, reference, current }, next);
    drifted += Number(verdict === "drifted");
    inconclusive += Number(verdict === "inconclusive");
    rare += Number(p_value! < SHOWN_P);
  }
  const sizes = { n_reference: rows[0], n_current: rows[1], simulations };
  return alarmFigure("false alarms", name, sizes, drifted / simulations, {
    inconclusive: inconclusive / simulations,
    "p < 0.05": rare / simulations,
  });
}

/** Part of the reports that can be afforded. */
function partOf(cost: Unchanged["cost"], [nReference, nCurrent]: readonly [number, number]): number {
  if (cost === "counts") return 1;
  const rows = nReference + nCurrent;
  if (rows <= 2_000) return 0.5;
  return rows <= 6_000 ? 0.25 : 0.15;
}
