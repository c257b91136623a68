import type { EndStatus } from "../../reports/report.ts";
import { longest, type RunMark } from "./run-mark.ts";

/** A run done once: from one start to what ended it. */
export interface Attempt {
  /** Its place among the run's attempts, from 1. */
  ordinal: number;
  /** The number that run reports state; null: attempts are told apart by time. */
  number: number | null;
  /** Evidence belongs to the attempt from then on, until the next one begins; milliseconds. */
  from: number;
  /** The earliest start that is known. */
  started_at: number | null;
  /** The end with the greatest own time, on a tie the worst; null: the attempt is going on. */
  end: RunMark | null;
  /** It resumes the attempt before: only part of the work is done again. */
  resumes: boolean;
  /** By own time. */
  marks: RunMark[];
}

/**
 * Cuts the run reports of a run into attempts. Numbers come first: while none above 1 is stated, 1 is the same as none; a report
 * without one belongs to the greatest number whose first report is not after it. Inside one number own times cut:
 * a start with a stated time after an end, with no such start between, begins the next attempt. A start without a stated time
 * begins nothing, so a late or repeated one reopens nothing.
 *
 * `marks` are sorted; `before`: the number of attempts that are no longer kept.
 */
export function attemptsOf(marks: readonly RunMark[], before = 0): Attempt[] {
  const attempts: Attempt[] = [];
  for (const { number, marks: same } of byNumber(marks)) {
    for (const part of cutByTime(same)) attempts.push(attemptOf(part, number, before + attempts.length + 1));
  }
  return attempts;
}

interface Numbered {
  number: number | null;
  marks: RunMark[];
}

function byNumber(marks: readonly RunMark[]): Numbered[] {
  if (marks.length === 0) return [];
  const firsts = firstOfEach(marks);
  if (firsts.length === 0 || firsts.at(-1)!.number === 1) return [{ number: null, marks: [...marks] }];
  const groups = new Map<number, RunMark[]>();
  for (const mark of marks) {
    const number = mark.attempt ?? firsts.findLast(({ first }) => first <= mark.own_at)?.number ?? 1;
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [mark]);
    else group.push(mark);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([number, group]) => ({ number: firsts.some((one) => one.number === number) ? number : null, marks: group }));
}

/** The stated numbers, rising, each with the own time of its first report. */
function firstOfEach(marks: readonly RunMark[]): { number: number; first: number }[] {
  const firsts = new Map<number, number>();
  for (const { attempt, own_at } of marks) {
    if (attempt !== null && !(own_at >= (firsts.get(attempt) ?? Number.POSITIVE_INFINITY))) firsts.set(attempt, own_at);
  }
  return [...firsts].map(([number, first]) => ({ number, first })).sort((a, b) => a.number - b.number);
}

interface Part {
  /** The time at which it was cut from the one before; null: it is the first of its number. */
  cut: number | null;
  marks: RunMark[];
}

function cutByTime(marks: readonly RunMark[]): Part[] {
  const first: Part = { cut: null, marks: [] };
  const parts = [first, ...(marks.length < 2 ? [] : cutsOf(marks)).map((cut): Part => ({ cut, marks: [] }))];
  for (const mark of marks) parts.findLast(({ cut }) => cut === null || cut <= mark.own_at)!.marks.push(mark);
  return parts;
}

/** The own times of the starts that begin another attempt. The marks are in their order. */
function cutsOf(marks: readonly RunMark[]): number[] {
  const ends = marks.filter(isEnd).map(({ own_at }) => own_at);
  const cuts: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const start of startsOf(marks)) {
    if (ends.some((end) => end >= last && end < start)) cuts.push(start);
    last = start;
  }
  return cuts;
}

/** The own times of all starts that may begin an attempt, rising. */
function startsOf(marks: readonly RunMark[]): number[] {
  const starts: number[] = [];
  for (const mark of marks) {
    if (mark.status !== "started") {
      if (mark.started_at !== null) starts.push(mark.started_at);
    } else if (mark.stated) starts.push(mark.own_at);
  }
  return starts.sort((a, b) => a - b);
}

export function isEnd({ status }: RunMark): boolean {
  return status !== "started";
}

function attemptOf({ cut, marks }: Part, number: number | null, ordinal: number): Attempt {
  let from = cut ?? Number.POSITIVE_INFINITY;
  let started_at = cut;
  let end: RunMark | null = null;
  for (const mark of marks) {
    const start = mark.status === "started" ? mark.own_at : mark.started_at;
    if (cut === null) {
      from = Math.min(from, start ?? mark.own_at);
      if (start !== null && (started_at === null || start < started_at)) started_at = start;
    }
    if (isEnd(mark) && (end === null || endsLater(mark, end))) end = mark;
  }
  return { ordinal, number, from, started_at, end, resumes: marks.some(({ resumes }) => resumes), marks };
}

const WORST_FIRST: readonly EndStatus[] = ["failed", "retrying", "cancelled", "skipped", "success"];

function endsLater(a: RunMark, b: RunMark): boolean {
  if (a.own_at !== b.own_at) return a.own_at > b.own_at;
  return WORST_FIRST.indexOf(a.status as EndStatus) < WORST_FIRST.indexOf(b.status as EndStatus);
}

/**
 * `duration_seconds`, else finished − started, else unknown; milliseconds in, seconds out. Clocks that disagree (a negative
 * span) are unknown too.
 */
export function durationOf({ end, started_at, marks }: Attempt): number | null {
  if (end === null) return null;
  const stated = lastSaid(marks, end, ({ duration_seconds }) => duration_seconds, Math.max);
  if (stated !== null) return stated;
  return started_at === null || end.own_at < started_at ? null : (end.own_at - started_at) / 1000;
}

/**
 * The duration for the histogram, once an attempt: its own, else that of any of its ends, so that the number of durations does
 * not depend on which end arrived first.
 */
export function durationToCount(attempt: Attempt): number | null {
  const known = durationOf(attempt);
  if (known !== null || attempt.end === null) return known;
  const others = attempt.marks.filter(isEnd).map((end) => durationOf({ ...attempt, end }));
  return others.find((seconds) => seconds !== null) ?? null;
}

/** The error of the end, from the last report that has one. */
export function errorOf({ end, marks }: Attempt): string | null {
  return end === null
    ? null
    : lastSaid(
        marks,
        end,
        ({ error }) => error,
        (a, b) => longest(a, b)!,
      );
}

/** The value of the last report that has the status of the deciding end and states one. The marks are sorted. */
function lastSaid<T>(
  marks: readonly RunMark[],
  { status }: RunMark,
  say: (mark: RunMark) => T | null,
  ofEqual: (a: T, b: T) => T,
): T | null {
  let last: T | null = null;
  let at = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const value = mark.status === status ? say(mark) : null;
    if (value === null) continue;
    last = last !== null && mark.own_at === at ? ofEqual(last, value) : value;
    at = mark.own_at;
  }
  return last;
}
