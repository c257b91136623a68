import type { RunMark } from "../../../domain/runs/attempts/run-mark.ts";
import { type RunSpan, runSpan, type SpannedRun } from "../../../domain/runs/run-span.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import { boolean, integerArray, nullable, text, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { MARK_COLUMNS, MARKS, storedAttempts } from "./stored-marks.ts";

/** Runs that are looked at on each side of a time: those further off have ended long before, or start long after. */
const RUNS_AROUND = 50;

/** A run that was reported with a run_id (and not heard of by evidence alone). */
export function isReported(run: string): string {
  return `NOT ${run}.runless AND ${run}.status <> 'unknown'`;
}

const REPORTED = `r.pipeline_id = u.pipeline_id AND ${isReported("r")}`;

/** Each run once, however many times it is near: a commit may ask about thousands of times of one pipeline. */
export const RUN_SPANS = statement(
  "run_spans",
  {
    places: integerArray,
    run_id: text,
    first_at: time,
    ended: boolean,
    evidence_since: nullable(time),
    ...MARK_COLUMNS,
    last_at: time,
  },
  `
  SELECT near.places, r.run_id, r.first_at, r.ended, r.evidence_since, ${MARKS},
         greatest(r.first_at, r.last_at, (SELECT max(last_at) FROM run_records c WHERE c.run_key = r.run_key), (SELECT max(at) FROM run_check c WHERE c.run_key = r.run_key),
                  (SELECT max(at) FROM run_feature f WHERE f.run_key = r.run_key),
                  (SELECT max(at) FROM run_schema c WHERE c.run_key = r.run_key)) AS last_at
    FROM (SELECT r.run_key, array_agg(u.place::int) AS places
            FROM unnest($1::int[], $2::float8[]) WITH ORDINALITY AS u (pipeline_id, around, place)
           CROSS JOIN LATERAL (
                   (SELECT r.run_key FROM run r WHERE ${REPORTED} AND r.first_at <= to_timestamp(u.around)
                     ORDER BY r.first_at DESC LIMIT ${RUNS_AROUND})
                    UNION ALL
                   (SELECT r.run_key FROM run r WHERE ${REPORTED} AND r.first_at > to_timestamp(u.around)
                     ORDER BY r.first_at LIMIT ${RUNS_AROUND})
                 ) r
           GROUP BY r.run_key) near
    JOIN run r USING (run_key)`,
);

/**
 * The reported runs of each pipeline around a time (milliseconds), as they stand now; one answer for each. Those who ask the
 * same share an answer.
 */
export async function runSpans(
  query: Query,
  asked: readonly { pipeline_id: number; around: number }[],
): Promise<RunSpan[][]> {
  if (asked.length === 0) return [];
  const different = new Map(asked.map((one) => [keyOf(one), one]));
  const found = new Map([...different.keys()].map((key): [string, RunSpan[]] => [key, []]));
  const inPlace = [...found.values()];
  const rows = await query(RUN_SPANS, [
    numbers([...different.values()].map(({ pipeline_id }) => pipeline_id)),
    times([...different.values()].map(({ around }) => around)),
  ]);
  for (const { places, marks, outcomes, folded, ...run } of rows) {
    const reports = storedAttempts({ marks, outcomes, folded }).marks;
    const span = runSpan({ ...run, outcomes: reports.map(outcomeOf) });
    for (const place of places) inPlace[place - 1]!.push(span);
  }
  return asked.map((one) => found.get(keyOf(one))!);
}

function keyOf({ pipeline_id, around }: { pipeline_id: number; around: number }): string {
  return `${pipeline_id} ${around}`;
}

/** A start whose time was not said begins nothing. */
function outcomeOf({ status, own_at, stated, started_at }: RunMark): SpannedRun["outcomes"][number] {
  const started = status === "started";
  return {
    status,
    at: own_at,
    started_at: started ? (stated ? own_at : null) : started_at,
    finished_at: started ? null : own_at,
  };
}
