import type { RunSpan } from "../../runs/run-span.ts";
import { DAY } from "../../words/time.ts";
import type { GatePolicy } from "../policy/policy.ts";

/**
 * Finds the runs that evidence without a run_id counts for: by the time at which it was true, and by the runs reported with a
 * run_id. Each decision finds them anew, so that every order of arrival gives the same result.
 */
export type AttachRules = Pick<GatePolicy, "attach_window" | "max_duration">;

export interface Attached {
  /** The run that it counts for in any case: the one that started last. null: no run was reported. */
  picked: RunSpan | null;
  /** The runs that it counts for where it failed, `picked` among them; in the order of their starts. */
  failing: RunSpan[];
}

export function attach(spans: readonly RunSpan[], at: number, rules: AttachRules): Attached {
  const going = spans.filter((span) => goesOn(span, at, rules));
  const recent = spans.filter((span) => endedLately(span, at, rules));
  const picked = latest([...going, ...recent]) ?? latest(spans.filter(({ start }) => start <= at)) ?? first(spans);
  const failing = new Set(going);
  for (const span of [endedLast(recent, at), picked]) if (span !== null) failing.add(span);
  return { picked, failing: [...failing].sort(byStart) };
}

/** Half-open, milliseconds. */
export interface TimeRange {
  from: number;
  to: number;
}

/** The times at which evidence has to be true to count for the run: in any case (`picked`), or where it failed. */
export interface AttachedTimes {
  picked: TimeRange[];
  failing: TimeRange[];
}

/** The result of `attach` changes only at a start, at an end, and past a time limit of a run. */
export function timesOf(run_id: string, spans: readonly RunSpan[], rules: AttachRules): AttachedTimes {
  const times: AttachedTimes = { picked: [], failing: [] };
  const run = spans.find((span) => span.run_id === run_id);
  if (run === undefined) return times;
  // Evidence from before the start of a run does not count for it, except for the first run.
  const since = run === first(spans) ? Number.NEGATIVE_INFINITY : run.start;
  const all = new Set([Number.NEGATIVE_INFINITY, ...spans.flatMap((span) => changesOf(span, rules))]);
  const changes = [...all].filter((change) => change >= since).sort((a, b) => a - b);
  changes.forEach((change, i) => {
    const to = changes[i + 1] ?? Number.POSITIVE_INFINITY;
    const from = Math.max(change, run.attempt_from);
    if (from >= to) return;
    const { picked, failing } = attach(spans, change, rules);
    if (picked === run) add(times.picked, { from, to });
    if (failing.includes(run)) add(times.failing, { from, to });
  });
  return times;
}

/** Times are whole milliseconds: "later than t" begins at t + 1. */
function changesOf(span: RunSpan, rules: AttachRules): number[] {
  const { max_duration, attach_window } = rules;
  const phases = span.going.flatMap(({ from, to }) => [
    from,
    ...(max_duration === null ? [] : [from + max_duration + 1]),
    ...(to === null ? [span.last_at + DAY + 1] : [to]),
    ...(to === null || attach_window === null ? [] : [to + attach_window + 1]),
  ]);
  return [span.start, ...phases];
}

function add(ranges: TimeRange[], range: TimeRange): void {
  const last = ranges.at(-1);
  if (last?.to === range.from) last.to = range.to;
  else ranges.push(range);
}

/** A run past its longest duration, or without a report for a day, is taken for dead where another run can be chosen. */
function goesOn(span: RunSpan, at: number, { max_duration }: AttachRules): boolean {
  const phase = phaseAt(span, at);
  if (phase === null || (max_duration !== null && at - phase.from > max_duration)) return false;
  return phase.to !== null || at - span.last_at <= DAY;
}

function endedLately(span: RunSpan, at: number, { attach_window }: AttachRules): boolean {
  const ended = lastEnd(span, at);
  if (phaseAt(span, at) !== null || ended === Number.NEGATIVE_INFINITY) return false;
  return attach_window === null || at - ended <= attach_window;
}

function phaseAt({ going }: RunSpan, at: number) {
  return going.find(({ from, to }) => from <= at && (to === null || at < to)) ?? null;
}

/** −∞: it had not ended by then. */
function lastEnd({ going }: RunSpan, at: number): number {
  return going.reduce(
    (last, { to }) => (to !== null && to <= at ? Math.max(last, to) : last),
    Number.NEGATIVE_INFINITY,
  );
}

function endedLast(recent: readonly RunSpan[], at: number): RunSpan | null {
  const order = (a: RunSpan, b: RunSpan) => lastEnd(a, at) - lastEnd(b, at) || byStart(a, b);
  return [...recent].sort(order).at(-1) ?? null;
}

function latest(spans: readonly RunSpan[]): RunSpan | null {
  return [...spans].sort(byStart).at(-1) ?? null;
}

function first(spans: readonly RunSpan[]): RunSpan | null {
  return [...spans].sort(byStart)[0] ?? null;
}

function byStart(a: RunSpan, b: RunSpan): number {
  return a.start - b.start || (a.run_id < b.run_id ? -1 : 1);
}
