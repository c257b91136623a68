import type { Decision } from "../../../domain/gate/decision.ts";
import type { Mark } from "../../../domain/runs/run-state.ts";
import type { PipelineRow } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import type { Standing, Writer } from "../replicas/writer.ts";
import {
  bigint,
  boolean,
  float,
  integer,
  nullable,
  type RowOf,
  text,
  time,
  timeArray,
  word,
} from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { NameTable } from "./names.ts";

/** The row of the agent is locked first and once: who gives it up waits until this transaction has ended. */
export const LOCK_PIPELINES = statement(
  "lock_pipelines",
  {
    member: boolean,
    pipeline_id: integer,
    pipeline_name: text,
    born_at: nullable(time),
    has_named_runs: boolean,
    has_early_rejections: boolean,
    last_loose_at: nullable(time),
    had_data_ahead: boolean,
    recent_orders: timeArray,
    last_success_at: nullable(time),
    last_success_order: nullable(time),
    last_failure_at: nullable(time),
    last_failure_order: nullable(time),
    last_duration_seconds: nullable(float),
    archived_at: nullable(time),
    sla_hours_until: nullable(time),
    sla_months_until: nullable(time),
    decision: nullable(word<Decision>()),
    subject_key: nullable(bigint),
    subject_order: nullable(time),
    subject_ended: nullable(boolean),
  },
  `
    WITH own AS MATERIALIZED (SELECT FROM agent WHERE fence = $2::bigint FOR KEY SHARE)
  SELECT $2::bigint IS NULL OR EXISTS (SELECT FROM own) AS member, pipeline_id, pipeline_name, born_at, has_named_runs,
         has_early_rejections, last_loose_at, had_data_ahead, recent_orders, last_success_at, last_success_order, last_failure_at, last_failure_order,
         last_duration_seconds, archived_at, sla_hours_until, sla_months_until, g.decision,
         g.run_key AS subject_key, g.run_order AS subject_order, g.ended_once AS subject_ended
    FROM pipeline p LEFT JOIN gate g USING (pipeline_id)
   WHERE pipeline_id = ANY ($1::int[])
   ORDER BY pipeline_id
     FOR NO KEY UPDATE OF p`,
);

/** Locks in the order of the ids, which is one order for every agent. Fails where the agent is no member under this number. */
export async function lockPipelines(
  query: Query,
  table: NameTable,
  names: readonly string[],
  { fence }: Standing,
  refusal: Writer["refusal"],
): Promise<Map<string, PipelineRow>> {
  const ids = numbers(names.map((name) => table.id(name)));
  const rows = await query(LOCK_PIPELINES, [ids, fence]);
  if (rows.some((row) => !row.member)) throw await refusal(fence!);
  return new Map(rows.map((row) => [row.pipeline_name, pipelineRow(row)]));
}

function pipelineRow(row: RowOf<typeof LOCK_PIPELINES.columns>): PipelineRow {
  return {
    pipeline_id: row.pipeline_id,
    pipeline_name: row.pipeline_name,
    born_at: row.born_at,
    has_named_runs: row.has_named_runs,
    has_early_rejections: row.has_early_rejections,
    last_loose_at: row.last_loose_at,
    had_data_ahead: row.had_data_ahead,
    archived: row.archived_at !== null,
    gate:
      row.decision === null
        ? null
        : {
            decision: row.decision,
            run_key: row.subject_key,
            run_order: row.subject_order,
            ended_once: row.subject_ended === true,
          },
    run_state: {
      recent_orders: row.recent_orders,
      last_success: mark(row.last_success_at, row.last_success_order),
      last_failure: mark(row.last_failure_at, row.last_failure_order),
      last_duration_seconds: row.last_duration_seconds,
    },
    sla_fold: { hours_until: row.sla_hours_until, months_until: row.sla_months_until },
  };
}

function mark(at: number | null, run_order: number | null): Mark | null {
  return at === null || run_order === null ? null : { at, run_order };
}

export const SAVE_PIPELINES = statement(
  "save_pipelines",
  {},
  `
  UPDATE pipeline p
     SET born_at = to_timestamp(u.born_at), archived_at = NULL, has_named_runs = u.has_named_runs,
         last_loose_at = to_timestamp(u.last_loose_at),
         recent_orders = ARRAY(SELECT to_timestamp(o) FROM unnest(u.recent_orders::float8[]) o),
         last_success_at = to_timestamp(u.last_success_at), last_success_order = to_timestamp(u.last_success_order),
         last_failure_at = to_timestamp(u.last_failure_at), last_failure_order = to_timestamp(u.last_failure_order),
         last_duration_seconds = u.last_duration_seconds, had_data_ahead = u.had_data_ahead
    FROM unnest($1::int[], $2::float8[], $3::boolean[], $4::text[], $5::float8[], $6::float8[], $7::float8[],
                $8::float8[], $9::float8[], $10::float8[], $11::boolean[])
         AS u (pipeline_id, born_at, has_named_runs, recent_orders, last_success_at, last_success_order, last_failure_at,
               last_failure_order, last_duration_seconds, last_loose_at, had_data_ahead)
   WHERE p.pipeline_id = u.pipeline_id`,
);

export async function savePipelines(query: Query, rows: readonly PipelineRow[]): Promise<void> {
  if (rows.length === 0) return;
  const run_states = rows.map(({ run_state }) => run_state);
  await query(SAVE_PIPELINES, [
    numbers(rows.map((row) => row.pipeline_id)),
    times(rows.map((row) => row.born_at)),
    numbers(rows.map((row) => row.has_named_runs)),
    texts(run_states.map(({ recent_orders }) => times(recent_orders))),
    times(run_states.map(({ last_success }) => last_success?.at)),
    times(run_states.map(({ last_success }) => last_success?.run_order)),
    times(run_states.map(({ last_failure }) => last_failure?.at)),
    times(run_states.map(({ last_failure }) => last_failure?.run_order)),
    numbers(run_states.map(({ last_duration_seconds }) => last_duration_seconds)),
    times(rows.map((row) => row.last_loose_at)),
    numbers(rows.map((row) => row.had_data_ahead)),
  ]);
}
