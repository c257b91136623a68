import { chiSquareQuantile } from "../chi-square/chi-square-quantile.ts";
import { chiSquareSurvival } from "../chi-square/chi-square-survival.ts";
import { psiTerm } from "../distances/psi.ts";

/** A shift of this many standard deviations is past every PSI that a threshold can be. */
const MOST = 20;
const STEPS = 40;

/**
 * How far a normal feature, cut into bins of these shares, moves for its PSI to be this large: a PSI in plain words.
 *
 * @param shares of the reference's bins in their order, summing to 1
 * @returns standard deviations, to 1e-6; null where bins cannot show it
 */
export function normalShift(psi: number, shares: ArrayLike<number>): number | null {
  const cuts = cutsOf(shares);
  const reaches = (shift: number) => psiOfShift(shares, cuts, shift) >= psi;
  if (!reaches(MOST)) return null;
  let low = 0;
  let high = MOST;
  for (let step = 0; step < STEPS && high - low > 1e-6; step++) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Where the inner edges lie on a standard normal. */
function cutsOf(shares: ArrayLike<number>): number[] {
  const cuts: number[] = [];
  let below = 0;
  for (let i = 0; i < shares.length - 1; i++) {
    below += shares[i]!;
    const tail = Math.min(below, 1 - below);
    const x = tail > 0 ? Math.sqrt(chiSquareQuantile(2 * tail, 1)) : Number.POSITIVE_INFINITY;
    cuts.push(below < 0.5 ? -x : x);
  }
  return cuts;
}

function psiOfShift(shares: ArrayLike<number>, cuts: readonly number[], shift: number): number {
  let psi = 0;
  let before = 0;
  for (let i = 0; i < shares.length; i++) {
    const below = i === cuts.length ? 1 : normalBelow(cuts[i]! - shift);
    psi += psiTerm(shares[i]!, below - before);
    before = below;
  }
  return psi;
}

function normalBelow(x: number): number {
  const beyond = chiSquareSurvival(x * x, 1) / 2;
  return x < 0 ? beyond : 1 - beyond;
}
