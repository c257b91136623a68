import { chiSquareQuantile } from "../../../src/domain/drift/stats/chi-square/chi-square-quantile.ts";
import { chiSquareSurvival } from "../../../src/domain/drift/stats/chi-square/chi-square-survival.ts";

/** Of N(0, 1), by the square of it, which is χ² with one degree of freedom. */

export function normalQuantile(share: number): number {
  const distance = Math.sqrt(chiSquareQuantile(2 * Math.min(share, 1 - share), 1));
  return share < 0.5 ? -distance : distance;
}

export function normalCumulated(x: number): number {
  const beyond = chiSquareSurvival(x * x, 1) / 2;
  return x < 0 ? beyond : 1 - beyond;
}
