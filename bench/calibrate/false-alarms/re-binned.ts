import { hash, random } from "../../lib/random.ts";
import { type Draw, each, gauss, levels, lognormal, poisson, prices, student, tenths, zeros } from "../draws.ts";
import { alarmFigure, type Figure, figureOf, type TableName } from "../figure.ts";
import { judgeShape } from "../judge-shape.ts";
import { asClientsAlone, inTenBuckets } from "../own-bins.ts";
import type { Plan } from "../plan.ts";

interface ReBinned {
  readonly of: string;
  readonly reference: Draw;
  readonly current: Draw;
}

const alone = (name: string, reference: Draw, now = reference): ReBinned => ({
  of: `${name}, bins of a client`,
  reference,
  current: asClientsAlone(now),
});
const ten = (name: string, before: Draw, now = before): ReBinned => ({
  of: `${name}, ten equal buckets`,
  reference: before,
  current: inTenBuckets(now),
});
const bothTen = (name: string, before: Draw, now = before): ReBinned => ({
  of: `${name}, both in ten equal buckets`,
  reference: inTenBuckets(before),
  current: inTenBuckets(now),
});

const UNCHANGED_ON_OTHER_EDGES: readonly ReBinned[] = [
  alone("Poisson 3", poisson(3)),
  alone("ten levels", levels(tenths)),
  alone("100 prices", levels(prices)),
  alone("normal", gauss()),
  ten("normal", gauss()),
  ten("t(1.5)", student(1.5)),
  ten("lognormal(1.5)", lognormal(1.5)),
  ten("95 % zeros", zeros(0.95)),
  bothTen("t(1.5)", student(1.5)),
  bothTen("lognormal(1.5)", lognormal(1.5)),
];

const CHANGED_ON_OTHER_EDGES: readonly ReBinned[] = [
  alone("normal, half a standard deviation up", gauss(), gauss(0.5)),
  alone("normal, one up", gauss(), gauss(1)),
  alone("Poisson 3 → 5", poisson(3), poisson(5)),
  ten("normal, 0.6 up", gauss(), gauss(0.6)),
  ten("normal, one up", gauss(), gauss(1)),
  ten(
    "lognormal × 100",
    lognormal(1),
    each(lognormal(1), (value) => 100 * value),
  ),
];

const ROWS = 5_000;
/** Each draw is two samples of 5 000 rows. */
const PART = 0.1;

/** Counts on other edges never raise more alarms than counts on the reference's own. */
export function* reBinned({ reports }: Plan): Generator<Figure> {
  const draws = Math.ceil(reports * PART);
  for (const feature of UNCHANGED_ON_OTHER_EDGES) yield judged("re-binned", feature, draws);
  for (const feature of CHANGED_ON_OTHER_EDGES) yield judged("power re-binned", feature, Math.ceil(draws / 4));
}

function judged(table: TableName, { of, reference, current }: ReBinned, simulations: number): Figure {
  const next = random(hash(of));
  let drifted = 0;
  let inconclusive = 0;
  for (let i = 0; i < simulations; i++) {
    const { verdict } = judgeShape({ rows: [ROWS, ROWS], reference, current }, next);
    drifted += Number(verdict === "drifted");
    inconclusive += Number(verdict === "inconclusive");
  }
  const sizes = { n_reference: ROWS, n_current: ROWS, simulations };
  const beside = { inconclusive: inconclusive / simulations };
  if (table === "re-binned") return alarmFigure(table, of, sizes, drifted / simulations, beside);
  return figureOf(table, of, sizes, drifted / simulations, [0, 1], beside);
}
