export interface Dealing {
  /** How many of each bin's pooled rows the current side got. */
  readonly current: readonly number[];
  /** Its chance among all ways of dealing. */
  readonly chance: number;
}

/** Every way to deal the pooled rows of the bins to a current side of `nCurrent` rows, with its exact chance. */
export function allDealings(pooled: readonly number[], nCurrent: number): Dealing[] {
  const n = pooled.reduce((sum, count) => sum + count, 0);
  const ways = choose(n, nCurrent);
  const found: Dealing[] = [];
  const deal = (at: number, left: number, current: number[], weight: number): void => {
    if (at === pooled.length) {
      if (left === 0) found.push({ current: [...current], chance: weight / ways });
      return;
    }
    for (let c = 0; c <= Math.min(left, pooled[at]!); c++) {
      current.push(c);
      deal(at + 1, left - c, current, weight * choose(pooled[at]!, c));
      current.pop();
    }
  };
  deal(0, nCurrent, [], 1);
  return found;
}

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
