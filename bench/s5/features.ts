import type { FeatureToJudge } from "../../src/domain/drift/judge-features.ts";
import { ruled } from "../../src/domain/drift/rule.ts";

export const FEATURES = 1000;
export const BINS = 10;
/** On either side: the smallest batch of which 10 bins and the threshold 0.2 allow an opinion, and the kindest to who reads rows. */
export const ROWS = 1000;
/** One feature in so many has changed. */
const CHANGED_EVERY = 10;

export interface Counts {
  reference: number[][];
  current: number[][];
}

/** The same counts each time, and no bin empty, so that everybody's treatment of an empty bin is left out of it. */
export function someCounts(): Counts {
  const next = random(5);
  const reference: number[][] = [];
  const current: number[][] = [];
  for (let i = 0; i < FEATURES; i++) {
    const shares = Array.from({ length: BINS }, () => 0.5 + next());
    const tilt = i % CHANGED_EVERY === 0 ? 0.12 : 0;
    reference.push(sample(shares, next));
    current.push(
      sample(
        shares.map((share, bin) => share * Math.exp(tilt * (bin - (BINS - 1) / 2))),
        next,
      ),
    );
  }
  return { reference, current };
}

export const edges = (): Float64Array => Float64Array.from({ length: BINS + 1 }, (_, i) => i);

/** As they are in the agent when a report has been read. */
export function toJudge({ reference, current }: Counts): FeatureToJudge[] {
  return reference.map((counts, i) => {
    const on = edges();
    return {
      feature_name: `feature_${i}`,
      reference: ruled({ kind: "numeric", edges: on, counts: Float64Array.from(counts), nulls: 0 }),
      current: { kind: "numeric", edges: on, counts: Float64Array.from(current[i]!), nulls: 0 },
    };
  });
}

function sample(shares: readonly number[], next: () => number): number[] {
  const sum = shares.reduce((a, b) => a + b);
  // One row in each bin beforehand.
  const counts: number[] = new Array(shares.length).fill(1);
  for (let row = shares.length; row < ROWS; row++) {
    let left = next() * sum;
    let bin = 0;
    while (bin < shares.length - 1 && left >= shares[bin]!) left -= shares[bin++]!;
    counts[bin]!++;
  }
  return counts;
}

/** Mulberry32: seeded, good enough to fill bins. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
