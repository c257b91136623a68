import { clustered } from "./false-alarms/clustered.ts";
import { falseAlarms } from "./false-alarms/false-alarms.ts";
import { manyFeatures } from "./false-alarms/many-features.ts";
import { againstOneReference } from "./false-alarms/one-reference.ts";
import { reBinned } from "./false-alarms/re-binned.ts";
import type { Figure, TableName } from "./figure.ts";
import type { Plan } from "./plan.ts";
import { powerOfPsi } from "./power/power-of-psi.ts";
import { powerOfShares } from "./power/power-of-shares.ts";
import { shapeVerdicts } from "./power/shape-verdicts.ts";

const PARTS = [
  falseAlarms,
  reBinned,
  againstOneReference,
  clustered,
  manyFeatures,
  shapeVerdicts,
  powerOfPsi,
  powerOfShares,
];

/** All figures, or those of the parts whose name holds one of these words. */
export function calibrate(plan: Plan, only: readonly string[] = []): Figure[] {
  const parts = only.length === 0 ? PARTS : PARTS.filter(({ name }) => only.some((word) => name.includes(word)));
  return parts.flatMap((part) => [...part(plan)]);
}

export function ofTable(figures: readonly Figure[], table: TableName): Figure[] {
  return figures.filter((figure) => figure.table === table);
}
