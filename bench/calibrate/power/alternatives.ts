import { normalCumulated, normalQuantile } from "./normal-law.ts";

/** Skewed as names and countries are: the share of rank i is as 1 / i. */
export function zipfShares(bins: number): Float64Array {
  return normalised(Float64Array.from({ length: bins }, (_, i) => 1 / (i + 1)));
}

type Change = (strength: number) => Float64Array;

/** Ways to differ, each with a strength that is turned up until the PSI is the one wanted. */
export function alternatives(bins: number): [string, Float64Array, Change][] {
  const level = new Float64Array(bins).fill(1 / bins);
  const skewed = zipfShares(bins);
  const alternate = (base: Float64Array): Change => {
    return (strength) => normalised(base.map((share, i) => share * Math.exp(i % 2 === 0 ? strength : -strength)));
  };
  const first = (base: Float64Array, sign: number): Change => {
    return (strength) => normalised(base.map((share, i) => (i === 0 ? share * Math.exp(sign * strength) : share)));
  };
  const last = (base: Float64Array): Change => {
    return (strength) =>
      normalised(base.map((share, i) => (i === base.length - 1 ? share * Math.exp(strength) : share)));
  };
  return [
    ["normal, mean shifted, quantile bins", level, (shift) => normalQuantileBins(bins, shift)],
    ["equal shares, every other bin grows", level, alternate(level)],
    ["equal shares, one bin grows", level, first(level, 1)],
    ["Zipf, every other category grows", skewed, alternate(skewed)],
    ["Zipf, the rarest category grows", skewed, last(skewed)],
    ["Zipf, the commonest category shrinks", skewed, first(skewed, -1)],
  ];
}

/** Shares of N(shift, 1) between the quantiles i/bins of N(0, 1). */
function normalQuantileBins(bins: number, shift: number): Float64Array {
  const below = Array.from({ length: bins + 1 }, (_, i) => {
    return i === 0 || i === bins ? i / bins : normalCumulated(normalQuantile(i / bins) - shift);
  });
  return Float64Array.from({ length: bins }, (_, i) => below[i + 1]! - below[i]!);
}

export function strengthFor(wanted: number, reference: Float64Array, changed: Change): number {
  let low = 0;
  let high = 20;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    const shares = changed(middle);
    let psi = 0;
    for (let j = 0; j < shares.length; j++) psi += (shares[j]! - reference[j]!) * Math.log(shares[j]! / reference[j]!);
    if (psi < wanted) low = middle;
    else high = middle;
  }
  return low;
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
