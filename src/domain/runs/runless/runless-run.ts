import { isEnd } from "../attempts/attempts.ts";
import type { Run } from "../run.ts";

/** When a run-less run was going on: from its first report to its end, to the start of the next one, or (∞) until now. */
export interface Coverage {
  from: number;
  /** Inclusive, milliseconds. */
  to: number;
}

export function coverageOf(run: Run): Coverage {
  const to = closedAt(run) ?? (run.given_up_at === null ? Number.POSITIVE_INFINITY : run.given_up_at - 1);
  return { from: run.first_at, to };
}

export function covers(run: Run, at: number): boolean {
  const { from, to } = coverageOf(run);
  return from <= at && at <= to;
}

/** A failed attempt that will be retried ends nothing. */
export function closedAt({ marks }: Run): number | null {
  return marks.findLast((mark) => isEnd(mark) && mark.status !== "retrying")?.own_at ?? null;
}

export function hasStart({ marks }: Run): boolean {
  return marks.some(({ status }) => status === "started");
}
