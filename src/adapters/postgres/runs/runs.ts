import { newRun, type Run, speakingOf, summarize } from "../../../domain/runs/run.ts";
import { loadedEntry, type RunEntry } from "../../../domain/runs/run-entry.ts";
import type { EndedRun } from "../../../domain/runs/run-state.ts";
import type { PipelineRow } from "../../../ports.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { bigint, boolean, float, integer, nullable, type RowOf, text, time, word } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { MARK_COLUMNS, MARKS, storedAttempts } from "./stored-marks.ts";

type LoadedRow = RowOf<typeof LOADED>;

const COLUMNS = `
  r.run_key, r.pipeline_id, r.run_id, r.runless, r.heard_at, r.first_at, r.last_at, r.given_up_at, r.logical_date,
  r.data_interval_start, r.data_interval_end, r.records_from, r.tried, r.traceparent, r.invalidated_at IS NOT NULL AS invalidated,
  ${MARKS}`;

const LOADED = {
  run_key: bigint,
  pipeline_id: integer,
  run_id: text,
  runless: boolean,
  heard_at: nullable(time),
  first_at: time,
  last_at: nullable(time),
  given_up_at: nullable(time),
  logical_date: nullable(time),
  data_interval_start: nullable(time),
  data_interval_end: nullable(time),
  records_from: integer,
  tried: boolean,
  traceparent: nullable(text),
  invalidated: boolean,
  ...MARK_COLUMNS,
};

export const LOAD_RUNS = statement(
  "load_runs",
  LOADED,
  `
  SELECT ${COLUMNS} FROM unnest($1::int[], $2::text[]) AS u (pipeline_id, run_id) JOIN run r USING (pipeline_id, run_id)`,
);

export const LOAD_RUNS_BY_KEY = statement(
  "load_runs_by_key",
  LOADED,
  `SELECT ${COLUMNS} FROM run r WHERE r.run_key = ANY ($1::bigint[])`,
);

export async function loadRuns(
  query: Query,
  pipelines: NameTable,
  refs: readonly { pipeline_name: string; run_id: string }[],
  keys: readonly { pipeline_name: string; run_key: number }[],
): Promise<RunEntry[]> {
  const [byName, byKey] = await Promise.all([
    refs.length === 0
      ? []
      : query(LOAD_RUNS, [
          numbers(refs.map(({ pipeline_name }) => pipelines.id(pipeline_name))),
          texts(refs.map(({ run_id }) => run_id)),
        ]),
    keys.length === 0 ? [] : query(LOAD_RUNS_BY_KEY, [numbers(keys.map(({ run_key }) => run_key))]),
  ]);
  const names = new Map([...refs, ...keys].map(({ pipeline_name }) => [pipelines.id(pipeline_name), pipeline_name]));
  const rows = new Map([...byName, ...byKey].map((row) => [row.run_key, row]));
  return [...rows.values()].map((row) => entryOf(row, names.get(row.pipeline_id)!));
}

/** The runs around each time: the two that began last by then, since what ends one may begin the next, and the one after. */
export const LOAD_RUNLESS = statement(
  "load_runless_runs",
  LOADED,
  `
  SELECT ${COLUMNS} FROM run r WHERE r.run_key IN (
    SELECT n.run_key
      FROM unnest($1::int[], $2::float8[]) AS u (pipeline_id, at)
     CROSS JOIN LATERAL (
             (SELECT run_key FROM run WHERE pipeline_id = u.pipeline_id AND runless AND first_at <= to_timestamp(u.at)
               ORDER BY first_at DESC, run_key DESC LIMIT 2)
             UNION ALL
             (SELECT run_key FROM run WHERE pipeline_id = u.pipeline_id AND runless AND first_at > to_timestamp(u.at)
               ORDER BY first_at, run_key LIMIT 1)
           ) n)`,
);

export async function loadRunless(
  query: Query,
  pipelines: NameTable,
  asked: readonly { pipeline_name: string; at: number }[],
): Promise<RunEntry[]> {
  if (asked.length === 0) return [];
  const names = new Map(asked.map(({ pipeline_name }) => [pipelines.id(pipeline_name), pipeline_name]));
  const rows = await query(LOAD_RUNLESS, [
    numbers(asked.map(({ pipeline_name }) => pipelines.id(pipeline_name))),
    times(asked.map(({ at }) => at)),
  ]);
  return rows.map((row) => entryOf(row, names.get(row.pipeline_id)!));
}

function entryOf(row: LoadedRow, pipeline_name: string): RunEntry {
  const { run_key, pipeline_id: _, records_from, outcomes: _outcomes, marks: stored, folded: _folded, ...rest } = row;
  const { marks, folded, attempts } = storedAttempts(row);
  const first = { at: row.first_at, heard_at: row.heard_at };
  const run: Run = { ...newRun(pipeline_name, row.run_id, first), ...rest, marks, folded, attempts };
  if (run.runless && marks.length === 0 && records_from > 1) run.records_day = records_from;
  return loadedEntry(run, run_key, stored === null ? null : attempts);
}

export const SAVE_RUNS = statement(
  "save_runs",
  {},
  `
  INSERT INTO run AS r (run_key, pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at,
                        duration_seconds, error, ended, ended_once, data_interval_start, data_interval_end,
                        traceparent, marks, folded, heard_at, logical_date, attempt_no, evidence_from, records_from,
                        evidence_since, tried, last_at, given_up_at, runless)
  SELECT run_key, pipeline_id, run_id, to_timestamp(run_order), to_timestamp(first_at), status, attempt,
         to_timestamp(started_at), to_timestamp(finished_at), duration_seconds, error, ended, ended_once,
         to_timestamp(data_interval_start), to_timestamp(data_interval_end), traceparent, marks::jsonb, folded::jsonb,
         to_timestamp(heard_at), to_timestamp(logical_date), attempt_no, evidence_from, records_from,
         to_timestamp(evidence_since), tried, to_timestamp(last_at), to_timestamp(given_up_at), runless
    FROM unnest($1::int[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::int[], $7::float8[], $8::float8[],
                $9::float8[], $10::text[], $11::boolean[], $12::float8[], $13::float8[], $14::text[], $15::bigint[],
                $16::boolean[], $17::text[], $18::text[], $19::float8[], $20::float8[], $21::int[], $22::int[], $23::int[],
                $24::float8[], $25::boolean[], $26::float8[], $27::float8[], $28::boolean[])
         AS u (pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at, duration_seconds,
               error, ended, data_interval_start, data_interval_end, traceparent, run_key, ended_once, marks, folded,
               heard_at, logical_date, attempt_no, evidence_from, records_from, evidence_since, tried, last_at, given_up_at,
               runless)
      ON CONFLICT (pipeline_id, run_id) DO UPDATE
     SET run_order = excluded.run_order, first_at = excluded.first_at, status = excluded.status,
         attempt = excluded.attempt, started_at = excluded.started_at, finished_at = excluded.finished_at,
         duration_seconds = excluded.duration_seconds, error = excluded.error, ended = excluded.ended, ended_once = excluded.ended_once,
         data_interval_start = excluded.data_interval_start, data_interval_end = excluded.data_interval_end,
         traceparent = excluded.traceparent, marks = excluded.marks, folded = excluded.folded,
         logical_date = excluded.logical_date, attempt_no = excluded.attempt_no, evidence_from = excluded.evidence_from,
         records_from = excluded.records_from, evidence_since = excluded.evidence_since, tried = excluded.tried,
         last_at = excluded.last_at, given_up_at = excluded.given_up_at`,
);

export const RESERVE_RUN_KEYS = statement(
  "reserve_run_keys",
  { key: bigint },
  "SELECT nextval('run_run_key_seq') AS key FROM generate_series(1, $1)",
);

/** Keys for new runs; gaps do no harm. */
export async function reserveRunKeys(query: Query, count: number): Promise<number[]> {
  return (await query(RESERVE_RUN_KEYS, [count])).map(({ key }) => key);
}

export async function saveRuns(query: Query, pipelines: NameTable, entries: readonly RunEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const runs = entries.map(({ run }) => {
    return { ...run, ...summarize(run), ...speakingOf(run), pipeline_id: pipelines.id(run.pipeline_name) };
  });
  await query(SAVE_RUNS, [
    numbers(runs.map((run) => run.pipeline_id)),
    texts(runs.map((run) => run.run_id)),
    times(runs.map((run) => run.run_order)),
    times(runs.map((run) => run.first_at)),
    texts(runs.map((run) => run.status)),
    numbers(runs.map((run) => run.attempt)),
    times(runs.map((run) => run.started_at)),
    times(runs.map((run) => run.finished_at)),
    numbers(runs.map((run) => run.duration_seconds)),
    texts(runs.map((run) => run.error)),
    numbers(runs.map((run) => run.ended)),
    times(runs.map((run) => run.data_interval_start)),
    times(runs.map((run) => run.data_interval_end)),
    texts(runs.map((run) => run.traceparent)),
    numbers(entries.map((entry) => entry.key)),
    numbers(runs.map((run) => run.ended_once)),
    texts(runs.map((run) => JSON.stringify(run.marks))),
    texts(runs.map((run) => (run.folded.count === 0 ? null : JSON.stringify(run.folded)))),
    times(runs.map((run) => run.heard_at)),
    times(runs.map((run) => run.logical_date)),
    numbers(runs.map((run) => run.attempt_no)),
    numbers(runs.map((run) => run.evidence_from)),
    numbers(runs.map((run) => run.records_from)),
    times(runs.map((run) => run.evidence_since)),
    numbers(runs.map((run) => run.tried)),
    times(runs.map((run) => run.last_at)),
    times(runs.map((run) => run.given_up_at)),
    numbers(runs.map((run) => run.runless)),
  ]);
}

export const ENDED_RUNS = statement(
  "ended_runs",
  {
    status: word<EndedRun["status"]>(),
    run_order: time,
    duration_seconds: nullable(float),
    finished_at: time,
    has_interval: boolean,
  },
  `
  SELECT status, run_order, duration_seconds, finished_at,
         data_interval_end IS NOT NULL OR logical_date IS NOT NULL AS has_interval
    FROM run
   WHERE pipeline_id = $1 AND ended
   ORDER BY run_order DESC, finished_at DESC, run_id
   LIMIT $2`,
);

export function endedRuns(query: Query, pipeline: PipelineRow, limit: number): Promise<EndedRun[]> {
  return query(ENDED_RUNS, [pipeline.pipeline_id, limit]);
}
