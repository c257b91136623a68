import type { Run } from "./run.ts";

/** What a run counts as in the SLA of runs: one event, of the attempt that ended last. */
export interface LastWord {
  /** When the end that decides was, milliseconds. */
  at: number;
  passed: boolean;
}

/**
 * null: no event. A cancelled or skipped run did neither well nor badly. A run that is going on again, or waits for a
 * retry, keeps the event of its earlier end, if it had one.
 */
export function lastWordOf({ attempts }: Pick<Run, "attempts">): LastWord | null {
  const end = attempts.findLast((attempt) => attempt.end !== null && attempt.end.status !== "retrying")?.end ?? null;
  if (end === null || end.status === "cancelled" || end.status === "skipped") return null;
  return { at: end.own_at, passed: end.status === "success" };
}

export function sameWord(a: LastWord | null, b: LastWord | null): boolean {
  return a === null || b === null ? a === b : a.at === b.at && a.passed === b.passed;
}
