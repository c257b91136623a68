import type { RunReport, RunReportStatus } from "../../reports/report.ts";

/**
 * The content of one run report, and what was counted of it. A run keeps a set of marks: reports with the same number, status and
 * times are one mark, merged by minima and maxima, so that neither order nor repetition matters.
 */
export interface RunMark {
  /** The attempt that the report stated; null: none. */
  attempt: number | null;
  status: RunReportStatus;
  /** When it was true by the run's own clock: `started_at` of a start, `finished_at` of an end, else `at`; milliseconds. */
  own_at: number;
  /** Of a start: its time was stated, so that it may begin an attempt. */
  stated: boolean;
  /** Of an end: the start that it states, never later than the end. */
  started_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  /** Only part of the work is done again, and the evidence of the attempt before still counts. */
  resumes: boolean;
  /** It has gone into the total of its status. */
  counted: boolean;
  /** The duration of its attempt has gone into the histogram. */
  duration_counted: boolean;
}

export function markOf(report: RunReport): RunMark {
  const started = report.status === "started";
  const own_at = (started ? report.started_at : report.finished_at) ?? report.at;
  return {
    attempt: report.attempt,
    status: report.status,
    own_at,
    stated: started && (report.at_stated || report.started_at !== null),
    started_at: started || report.started_at === null ? null : Math.min(report.started_at, own_at),
    duration_seconds: started ? null : report.duration_seconds,
    error: report.error,
    resumes: report.resumes,
    counted: false,
    duration_counted: false,
  };
}

/** Adds a mark to the set, which stays sorted. */
export function addMark(marks: readonly RunMark[], mark: RunMark): RunMark[] {
  const place = marks.findIndex((known) => compareMarks(known, mark) >= 0);
  if (place === -1) return [...marks, mark];
  const known = marks[place]!;
  if (compareMarks(known, mark) > 0) return [...marks.slice(0, place), mark, ...marks.slice(place)];
  return [...marks.slice(0, place), merged(known, mark), ...marks.slice(place + 1)];
}

function merged(known: RunMark, said: RunMark): RunMark {
  return {
    ...known,
    stated: known.stated || said.stated,
    duration_seconds: greatest(known.duration_seconds, said.duration_seconds),
    error: longest(known.error, said.error),
    resumes: known.resumes || said.resumes,
  };
}

/** By time; the other fields only make the order total. */
export function compareMarks(a: RunMark, b: RunMark): number {
  return (
    a.own_at - b.own_at ||
    (a.attempt ?? 0) - (b.attempt ?? 0) ||
    (a.status < b.status ? -1 : a.status > b.status ? 1 : 0) ||
    (a.started_at ?? Number.NEGATIVE_INFINITY) - (b.started_at ?? Number.NEGATIVE_INFINITY) ||
    0
  );
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

/** The longer text tells more; of equal length the greater, so that the order of arrival does not matter. */
export function longest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a > b ? a : b;
}
