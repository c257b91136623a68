import type pg from "pg";
import type { RunReportStatus } from "../../domain/report.ts";
import { type RunSpan, runSpan } from "../../domain/run-span.ts";
import { numbers, times } from "./array-literals.ts";

/** A statement under its name, in a transaction or by the pool. */
export type Ask = <R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) => Promise<R[]>;

/** Runs that are looked at on each side of a time: those further off have ended long before, or start long after. */
const RUNS_AROUND = 50;

const RUN = "r.run_key, r.run_id, r.first_at, r.ended FROM run r";

/** Runs that were reported with a run_id (and not heard of by evidence alone). */
const REPORTED = "r.pipeline_id = u.pipeline_id AND NOT r.runless AND r.status <> 'unknown'";

const SPANS = `
  SELECT u.place, r.run_id, r.first_at, r.ended, o.outcomes,
         greatest(r.first_at, (SELECT max(at) FROM run_check c WHERE c.run_key = r.run_key),
                  (SELECT max(at) FROM run_feature f WHERE f.run_key = r.run_key)) AS last_at
    FROM unnest($1::int[], $2::float8[]) WITH ORDINALITY AS u (pipeline_id, around, place)
   CROSS JOIN LATERAL (
           (SELECT ${RUN} WHERE ${REPORTED} AND r.first_at <= to_timestamp(u.around)
             ORDER BY r.first_at DESC LIMIT ${RUNS_AROUND})
            UNION ALL
           (SELECT ${RUN} WHERE ${REPORTED} AND r.first_at > to_timestamp(u.around)
             ORDER BY r.first_at LIMIT ${RUNS_AROUND})
         ) r
    LEFT JOIN LATERAL (
           SELECT json_agg(json_build_object('status', o.status, 'at', extract(epoch FROM o.at) * 1000,
                    'started_at', extract(epoch FROM o.started_at) * 1000,
                    'finished_at', extract(epoch FROM o.finished_at) * 1000)) AS outcomes
             FROM run_outcome o WHERE o.run_key = r.run_key
         ) o ON true`;

interface SpanRow {
  place: number;
  run_id: string;
  first_at: number;
  last_at: number;
  ended: boolean;
  outcomes: { status: RunReportStatus; at: number; started_at: number | null; finished_at: number | null }[] | null;
}

/** The reported runs of each pipeline around a time (milliseconds), as they stand now; one answer for each. */
export async function runSpans(
  ask: Ask,
  asked: readonly { pipeline_id: number; around: number }[],
): Promise<RunSpan[][]> {
  const spans: RunSpan[][] = asked.map(() => []);
  if (asked.length === 0) return spans;
  const rows = await ask<SpanRow>("run_spans", SPANS, [
    numbers(asked.map(({ pipeline_id }) => pipeline_id)),
    times(asked.map(({ around }) => around)),
  ]);
  for (const { place, outcomes, ...run } of rows) spans[place - 1]!.push(runSpan({ ...run, outcomes: outcomes ?? [] }));
  return spans;
}
