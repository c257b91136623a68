import { hash, random } from "../../lib/random.ts";
import { type Figure, figureOf } from "../figure.ts";
import { judgeShape } from "../judge-shape.ts";
import type { Plan } from "../plan.ts";
import { SHAPES, type Shape } from "../shapes.ts";

/** Of 20 draws that have to be found one may be missed: 95 % zeros that become 88 % are 2.5 standard errors from the limit. */
const FOUND = 0.95;

/** Every draw of a shape has the verdict that was written before it was run; those next to the limit may have any. */
export function* shapeVerdicts({ draws }: Plan): Generator<Figure> {
  for (const shape of SHAPES) yield verdictsOn(shape, draws);
}

function verdictsOn(shape: Shape, draws: number): Figure {
  const { name, truth, rows } = shape;
  const next = random(hash(`${name}, many draws`));
  const verdicts = Array.from({ length: draws }, () => judgeShape(shape, next));
  const drifted = verdicts.filter(({ verdict }) => verdict === "drifted");
  const sizes = { n_reference: rows[0], n_current: rows[1], simulations: draws };
  const decided = drifted.flatMap(({ tested }) => tested?.decided_by ?? []);
  const beside = {
    "mean PSI": verdicts.reduce((sum, { psi }) => sum + psi!, 0) / draws,
    "by PSI": decided.filter((test) => test === "psi").length / draws,
    "by a share": drifted.filter(({ tested }) => tested?.decided_by.some((test) => test !== "psi")).length / draws,
  };
  if (truth === null)
    return figureOf("shapes", `${name} (free: drifted)`, sizes, drifted.length / draws, [0, 1], beside);
  const right = verdicts.filter(({ verdict }) => verdict === truth).length;
  return figureOf("shapes", `${name} (${truth})`, sizes, right / draws, [truth === "drifted" ? FOUND : 1, 1], beside);
}
