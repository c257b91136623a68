import { type Attempt, attemptsOf, isEnd } from "./attempts.ts";
import { compareMarks, type RunMark } from "./run-mark.ts";

/** A summary of the attempts whose reports are no longer kept. */
export interface FoldedAttempts {
  count: number;
  /** The earliest start among them. */
  started_at: number | null;
  ended_once: boolean;
}

export const NOTHING_FOLDED: FoldedAttempts = { count: 0, started_at: null, ended_once: false };

/** Most reports that a run keeps. A run with more (one run_id for ever) keeps those of its latest attempts. */
export const MOST_MARKS = 100;

interface Folded {
  marks: RunMark[];
  folded: FoldedAttempts;
}

/**
 * Bounds the reports that are kept of a run. Repetitions inside attempts go first: the first start of an attempt and the last
 * report of each status hold the same. If that is not enough the oldest attempts go, and only their number stays.
 */
export function foldMarks(marks: readonly RunMark[], folded: FoldedAttempts): Folded {
  if (marks.length <= MOST_MARKS) return { marks: [...marks], folded };
  const attempts = attemptsOf(marks, folded.count).map((attempt) => ({ ...attempt, marks: essence(attempt) }));
  let kept = attempts.reduce((sum, attempt) => sum + attempt.marks.length, 0);
  let { count, started_at, ended_once } = folded;
  while (kept > MOST_MARKS / 2 && attempts.length > 1) {
    const oldest = attempts.shift()!;
    kept -= oldest.marks.length;
    count++;
    if (oldest.started_at !== null) started_at = Math.min(started_at ?? oldest.started_at, oldest.started_at);
    ended_once ||= oldest.marks.some((mark) => isEnd(mark) && mark.status !== "retrying");
  }
  const left = attempts.flatMap((attempt) => attempt.marks).sort(compareMarks);
  return { marks: left, folded: { count, started_at, ended_once } };
}

function essence({ marks }: Attempt): RunMark[] {
  const last = new Map<string, RunMark>();
  for (const mark of marks) {
    const key = `${mark.attempt} ${mark.status}`;
    const known = last.get(key);
    if (mark.status === "started") last.set(key, known ?? mark);
    else last.set(key, known === undefined ? mark : inherited(mark, known));
  }
  return [...last.values()];
}

function inherited(mark: RunMark, known: RunMark): RunMark {
  const started = [mark.started_at, known.started_at].filter((start) => start !== null);
  return {
    ...mark,
    started_at: started.length === 0 ? null : Math.min(...started),
    resumes: mark.resumes || known.resumes,
    counted: mark.counted || known.counted,
    duration_counted: mark.duration_counted || known.duration_counted,
  };
}
