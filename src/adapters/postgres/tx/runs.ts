import { type Run, type RunOutcome, summarize } from "../../../domain/run.ts";
import type { RunEntry } from "../../../domain/run-book.ts";
import type { EndedRun } from "../../../domain/standing.ts";
import type { PipelineRow } from "../../../ports.ts";
import { numbers, texts, times } from "../array-literals.ts";
import type { NameTable } from "../names.ts";
import type { Query } from "./query.ts";

interface LoadedRow {
  run_key: number;
  pipeline_id: number;
  run_id: string;
  first_at: number;
  data_interval_start: number | null;
  data_interval_end: number | null;
  traceparent: string | null;
  invalidated: boolean;
  runless: boolean;
  attempt: number | null;
  status: RunOutcome["status"];
  at: number;
  started_at: number | null;
  finished_at: number | null;
  duration_seconds: number | null;
  error: string | null;
  observed: boolean;
}

const COLUMNS = `
  SELECT r.run_key, r.pipeline_id, r.run_id, r.first_at, r.data_interval_start, r.data_interval_end, r.traceparent,
         r.invalidated_at IS NOT NULL AS invalidated, r.runless, o.attempt, o.status, o.at, o.started_at, o.finished_at, o.duration_seconds, o.error, o.observed`;

/** A row for each outcome of a run, and one for a run without any. */
const LOAD = `${COLUMNS}
    FROM unnest($1::int[], $2::text[]) AS u (pipeline_id, run_id)
    JOIN run r USING (pipeline_id, run_id)
    LEFT JOIN run_outcome o USING (run_key)`;

const LOAD_BY_KEY = `${COLUMNS}
    FROM run r
    LEFT JOIN run_outcome o USING (run_key)
   WHERE r.run_key = ANY ($1::bigint[])`;

export async function loadRuns(
  query: Query,
  pipelines: NameTable,
  refs: readonly { pipeline_name: string; run_id: string }[],
  open: readonly { pipeline_name: string; run_key: number }[],
): Promise<RunEntry[]> {
  const [byName, byKey] = await Promise.all([
    refs.length === 0
      ? []
      : query<LoadedRow>("load_runs", LOAD, [
          numbers(refs.map(({ pipeline_name }) => pipelines.id(pipeline_name))),
          texts(refs.map(({ run_id }) => run_id)),
        ]),
    open.length === 0
      ? []
      : query<LoadedRow>("load_runs_by_key", LOAD_BY_KEY, [numbers(open.map(({ run_key }) => run_key))]),
  ]);
  const names = new Map([...refs, ...open].map(({ pipeline_name }) => [pipelines.id(pipeline_name), pipeline_name]));
  const runs = new Map<number, Run>();
  for (const row of [...byName, ...byKey]) addRow(runs, row, names.get(row.pipeline_id)!);
  return [...runs].map(([key, run]) => ({ run, key, before: summarize(run), dirty: false }));
}

function addRow(runs: Map<number, Run>, row: LoadedRow, pipeline_name: string): void {
  let run = runs.get(row.run_key);
  if (run === undefined) {
    const { run_id, first_at, data_interval_start, data_interval_end, traceparent, invalidated, runless } = row;
    const interval = { data_interval_start, data_interval_end };
    run = { pipeline_name, run_id, first_at, ...interval, traceparent, invalidated, runless, outcomes: [] };
    runs.set(row.run_key, run);
  }
  const { attempt, status, at, started_at, finished_at, duration_seconds, error, observed } = row;
  if (attempt === null) return;
  run.outcomes.push({ attempt, status, at, started_at, finished_at, duration_seconds, error, observed });
}

const SAVE = `
  INSERT INTO run AS r (run_key, pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at,
                        duration_seconds, error, ended, ended_once, data_interval_start, data_interval_end,
                        traceparent, runless)
  SELECT run_key, pipeline_id, run_id, to_timestamp(run_order), to_timestamp(first_at), status, attempt,
         to_timestamp(started_at), to_timestamp(finished_at), duration_seconds, error, ended, ended_once,
         to_timestamp(data_interval_start), to_timestamp(data_interval_end), traceparent, runless
    FROM unnest($1::int[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::int[], $7::float8[], $8::float8[],
                $9::float8[], $10::text[], $11::boolean[], $12::float8[], $13::float8[], $14::text[], $15::bigint[],
                $16::boolean[], $17::boolean[])
         AS u (pipeline_id, run_id, run_order, first_at, status, attempt, started_at, finished_at, duration_seconds,
               error, ended, data_interval_start, data_interval_end, traceparent, run_key, ended_once,
               runless)
      ON CONFLICT (pipeline_id, run_id) DO UPDATE
     SET run_order = excluded.run_order, first_at = excluded.first_at, status = excluded.status,
         attempt = excluded.attempt, started_at = excluded.started_at, finished_at = excluded.finished_at,
         duration_seconds = excluded.duration_seconds, error = excluded.error, ended = excluded.ended, ended_once = excluded.ended_once,
         data_interval_start = excluded.data_interval_start, data_interval_end = excluded.data_interval_end,
         traceparent = excluded.traceparent`;

const RESERVE = "SELECT nextval('run_run_key_seq') AS key FROM generate_series(1, $1)";

/** Keys for new runs; gaps do no harm. */
export async function reserveRunKeys(query: Query, count: number): Promise<number[]> {
  return (await query<{ key: number }>("reserve_run_keys", RESERVE, [count])).map(({ key }) => key);
}

export async function saveRuns(query: Query, pipelines: NameTable, entries: readonly RunEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const runs = entries.map(({ run }) => ({ ...run, ...summarize(run), pipeline_id: pipelines.id(run.pipeline_name) }));
  const saved = query("save_runs", SAVE, [
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
    numbers(runs.map((run) => run.runless)),
  ]);
  await Promise.all([saved, saveOutcomes(query, entries)]);
}

const SAVE_OUTCOMES = `
  INSERT INTO run_outcome AS o (run_key, attempt, status, at, started_at, finished_at, duration_seconds, error, observed)
  SELECT run_key, attempt, status, to_timestamp(at), to_timestamp(started_at), to_timestamp(finished_at),
         duration_seconds, error, observed
    FROM unnest($1::bigint[], $2::int[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::text[],
                $9::boolean[])
         AS u (run_key, attempt, status, at, started_at, finished_at, duration_seconds, error, observed)
      ON CONFLICT (run_key, attempt, status) DO UPDATE
     SET at = excluded.at, started_at = excluded.started_at, finished_at = excluded.finished_at,
         duration_seconds = excluded.duration_seconds, error = excluded.error, observed = excluded.observed`;

async function saveOutcomes(query: Query, entries: readonly RunEntry[]): Promise<void> {
  const outcomes = entries.flatMap(({ key, run }) => run.outcomes.map((outcome) => ({ key, ...outcome })));
  if (outcomes.length === 0) return;
  await query("save_run_outcomes", SAVE_OUTCOMES, [
    numbers(outcomes.map((o) => o.key)),
    numbers(outcomes.map((o) => o.attempt)),
    texts(outcomes.map((o) => o.status)),
    times(outcomes.map((o) => o.at)),
    times(outcomes.map((o) => o.started_at)),
    times(outcomes.map((o) => o.finished_at)),
    numbers(outcomes.map((o) => o.duration_seconds)),
    texts(outcomes.map((o) => o.error)),
    numbers(outcomes.map((o) => o.observed)),
  ]);
}

const ENDED = `
  SELECT status, run_order, duration_seconds, finished_at, data_interval_end IS NOT NULL AS has_interval
    FROM run
   WHERE pipeline_id = $1 AND ended
   ORDER BY run_order DESC, finished_at DESC, run_id
   LIMIT $2`;

export function endedRuns(query: Query, pipeline: PipelineRow, limit: number): Promise<EndedRun[]> {
  return query<EndedRun>("ended_runs", ENDED, [pipeline.pipeline_id, limit]);
}
