import { type Attempt, attemptsOf } from "../../../domain/runs/attempts/attempts.ts";
import { type FoldedAttempts, NOTHING_FOLDED } from "../../../domain/runs/attempts/fold-marks.ts";
import { compareMarks, type RunMark } from "../../../domain/runs/attempts/run-mark.ts";
import { jsonb, nullable } from "../statement/columns.ts";

/** What is stored of a run's reports. */
export interface StoredMarks {
  marks: RunMark[] | null;
  /** What version 0.1 stored, where there are no marks. */
  outcomes: RunMark[] | null;
  folded: FoldedAttempts | null;
}

/** Milliseconds as a JSON number. */
const ms = (time: string) => `round(extract(epoch FROM ${time}) * 1000)`;

/**
 * The columns of StoredMarks, of a run under the name r. An outcome of version 0.1 is a mark that has been counted: it was one
 * for each (attempt, status). Whether the time of its start was said is not known, so that it cuts nothing.
 */
export const MARKS = `
  r.marks, r.folded, CASE WHEN r.marks IS NULL THEN (
    SELECT jsonb_agg(jsonb_build_object(
             'attempt', o.attempt, 'status', o.status,
             'own_at', ${ms("coalesce(CASE o.status WHEN 'started' THEN o.started_at ELSE o.finished_at END, o.at)")},
             'stated', false,
             'started_at', CASE WHEN o.status <> 'started' THEN ${ms("least(o.started_at, o.finished_at)")} END,
             'duration_seconds', o.duration_seconds, 'error', o.error, 'resumes', false,
             'counted', o.status <> 'started', 'duration_counted', o.observed))
      FROM run_outcome o WHERE o.run_key = r.run_key) END AS outcomes`;

/** What the server says of them. */
export const MARK_COLUMNS = {
  marks: nullable(jsonb<RunMark[]>()),
  folded: nullable(jsonb<FoldedAttempts>()),
  outcomes: nullable(jsonb<RunMark[]>()),
};

export function storedAttempts({ marks: stored, outcomes, folded: known }: StoredMarks): {
  marks: RunMark[];
  folded: FoldedAttempts;
  attempts: Attempt[];
} {
  const marks = (stored ?? outcomes ?? []).sort(compareMarks);
  const folded = known ?? NOTHING_FOLDED;
  return { marks, folded, attempts: attemptsOf(marks, folded.count) };
}
