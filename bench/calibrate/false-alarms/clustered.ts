import { hash, normal, random } from "../../lib/random.ts";
import type { Draw } from "../draws.ts";
import { type Figure, figureOf } from "../figure.ts";
import { judgeShape } from "../judge-shape.ts";
import type { Plan } from "../plan.ts";

/** Users, rows of each, and the part of the variance that lies between users. */
const CASES: readonly (readonly [users: number, rows: number, between: number])[] = [
  [30, 20, 0.99],
  [30, 20, 0.3],
  [200, 10, 0.99],
  [200, 10, 0.1],
];
const PART = 0.2;

/** What is not promised: rows that belong together count as independent, and raise more alarms than alpha. */
export function* clustered({ reports }: Plan): Generator<Figure> {
  const simulations = Math.ceil(PART * reports);
  for (const [users, rows, between] of CASES) {
    const of = `${users} users, ${rows} rows of each, ${100 * between} % between users`;
    const next = random(hash(of));
    const draw = ofUsers(rows, between);
    const size = users * rows;
    let drifted = 0;
    for (let i = 0; i < simulations; i++) {
      const { verdict } = judgeShape({ rows: [size, size], reference: draw, current: draw }, next);
      drifted += Number(verdict === "drifted");
    }
    yield figureOf("clustered", of, { n_reference: size, n_current: size, simulations }, drifted / simulations, [0, 1]);
  }
}

function ofUsers(rowsOfUser: number, between: number): Draw {
  return (rows, next) => {
    const values = new Float64Array(rows);
    let user = 0;
    for (let i = 0; i < rows; i++) {
      if (i % rowsOfUser === 0) user = normal(next);
      values[i] = Math.sqrt(between) * user + Math.sqrt(1 - between) * normal(next);
    }
    return { values };
  };
}
