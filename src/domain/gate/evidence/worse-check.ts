interface Scored {
  score: number | null;
  threshold: number;
}

/** Of two results of one check at one time: no score is the worst, then the lower one, then the higher threshold. */
export function worseCheck(a: Scored, b: Scored): boolean {
  if (a.score !== b.score) return (a.score ?? -1) < (b.score ?? -1);
  return a.threshold > b.threshold;
}
