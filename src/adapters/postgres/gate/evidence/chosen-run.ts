import type { RunEvidence } from "../../../../domain/gate/evidence/evidence.ts";
import type { Subject } from "../../../../ports.ts";
import { isReported } from "../../runs/run-spans.ts";
import { bigint, boolean, integer, nullable, type RowOf, text, time, word } from "../../statement/columns.ts";
import { isSome } from "../../statement/is-some.ts";
import { type Statement, statement } from "../../statement/statement.ts";
import { STATE, STATE_COLUMNS } from "../gate-state.ts";

/** Those of the latest place among the runs, mostly one: the index tells them without sorting. */
const LATEST = "ORDER BY r.run_order DESC FETCH FIRST 1 ROW WITH TIES";

/** The latest run that ended, even if it was started again since; where none has ended, or any will do, the latest. */
export const LATEST_RUN = `
  (SELECT r.* FROM run r WHERE r.pipeline_id = p.pipeline_id AND r.ended_once AND NOT u.any_run ${LATEST})
   UNION ALL
  (SELECT r.* FROM run r
    WHERE r.pipeline_id = p.pipeline_id
      AND (u.any_run OR ${isSome("run e WHERE e.pipeline_id = p.pipeline_id AND e.ended_once")} IS NULL) ${LATEST})`;

/** The run of u.run_key under that name, found by its key whatever there was in the table when the plan was made. */
export function runByKey(name: string): string {
  return `CROSS JOIN LATERAL (SELECT * FROM run WHERE run_key = u.run_key LIMIT 1) ${name}`;
}

export const NAMED_RUN = "SELECT r.* FROM run r WHERE r.pipeline_id = p.pipeline_id AND r.run_id = u.run_id";

export const RUN_OF_INTERVAL = `
  SELECT r.* FROM run r WHERE r.pipeline_id = p.pipeline_id AND r.data_interval_end = u.interval_end ${LATEST}`;

/** Where freshness is looked for: that of the pipeline, or of the run alone. */
export const PIPELINE_FRESHNESS = "dataset_freshness f WHERE f.pipeline_id = p.pipeline_id";
export const RUN_FRESHNESS = "run_freshness f WHERE f.run_key = s.run_key";

/** A report states that the run began by then, although no report of it is that old. */
const BEGAN_BY_THEN = `
         jsonb_path_exists(s.marks, '$[*] ? (@.started_at <= $then || (@.stated == true && @.own_at <= $then))',
                           jsonb_build_object('then', extract(epoch FROM p.last_loose_at) * 1000))`;

/**
 * Whether there may be loose evidence for the run `s` of the pipeline `p`, so that nobody else pays for looking. What was true
 * before any reported run counts for the first one.
 */
const MAY_HAVE_LOOSE = `
         coalesce(p.last_loose_at IS NOT NULL AND ${isReported("s")}
                  AND (p.last_loose_at >= s.first_at OR p.last_loose_at >= s.started_at OR ${BEGAN_BY_THEN}
                       OR NOT EXISTS (SELECT FROM run e
                                       WHERE e.pipeline_id = p.pipeline_id AND ${isReported("e")}
                                         AND e.first_at <= p.last_loose_at)), false)`;

const CHOSEN = {
  pipeline_id: integer,
  pipeline_name: text,
  archived: boolean,
  /** NULL: there is no run; nor is any of what follows up to records_from. */
  run_key: nullable(bigint),
  run_order: time,
  data_interval_end: nullable(time),
  ended_once: boolean,
  run_id: text,
  status: word<RunEvidence["status"]>(),
  attempt: integer,
  ended: boolean,
  started_at: nullable(time),
  finished_at: nullable(time),
  first_at: time,
  error: nullable(text),
  invalidated_at: nullable(time),
  invalidated_by: nullable(text),
  invalidated_reason: nullable(text),
  evidence_from: integer,
  records_from: integer,
  may_be_checked_after: nullable(boolean),
  may_have_loose: boolean,
  has_references: nullable(boolean),
  has_rejected: nullable(boolean),
  has_latencies: nullable(boolean),
  has_schemas: nullable(boolean),
  has_freshness: nullable(boolean),
  has_alerts: nullable(boolean),
  has_overrides: nullable(boolean),
  revision: nullable(bigint),
  ...STATE,
};

export type ChosenRow = RowOf<typeof CHOSEN>;

/**
 * The pipelines of `asked` (an SQL source named u with pipeline_id, place and what `run` needs), in their order, each with the run
 * that its decision is about, what is stored of its gate, and which kinds of evidence that are rare there is some of: what is not
 * there is not asked for. Of runs in one place, the one that finished last comes first. $1 is the time in seconds that alerts and
 * overrides have to outlast. `freshness`: an SQL source of it.
 */
export function chosenRuns(name: string, asked: string, run: string, freshness: string): Statement<typeof CHOSEN> {
  return statement(
    name,
    CHOSEN,
    `
  SELECT p.pipeline_id, p.pipeline_name, p.archived_at IS NOT NULL AS archived,
         s.run_key, s.run_order, s.data_interval_end, s.ended_once, s.run_id, s.status, s.attempt, s.ended, s.started_at,
         s.finished_at, s.first_at, s.error, s.invalidated_at, s.invalidated_by, s.invalidated_reason, s.evidence_from,
         s.records_from,
         s.runless AND s.ended_once AND NOT p.has_named_runs AS may_be_checked_after, ${MAY_HAVE_LOOSE} AS may_have_loose,
         ${isSome("active_reference a WHERE a.pipeline_id = p.pipeline_id")} AS has_references,
         ${isSome("rejected_item x WHERE x.run_key = s.run_key")} AS has_rejected,
         ${isSome("run_latency l WHERE l.run_key = s.run_key")} AS has_latencies,
         ${isSome("run_schema e WHERE e.run_key = s.run_key")} AS has_schemas,
         ${isSome(freshness)} AS has_freshness,
         ${isSome("gate_alert a WHERE a.pipeline_id = p.pipeline_id AND NOT a.resolved AND a.expires_at > to_timestamp($1::float8)")} AS has_alerts,
         ${isSome("gate_override o WHERE o.pipeline_id = p.pipeline_id AND o.ended_at IS NULL AND o.expires_at > to_timestamp($1::float8)")} AS has_overrides,
         g.revision, ${STATE_COLUMNS}
    FROM ${asked} JOIN pipeline p USING (pipeline_id)
    LEFT JOIN LATERAL (${run}) s ON true
    LEFT JOIN gate g ON g.pipeline_id = p.pipeline_id
   ORDER BY u.place, s.finished_at DESC NULLS LAST, s.run_id DESC`,
  );
}

/** Each pipeline with the first of its rows. */
export function firstRows(rows: readonly ChosenRow[]): ChosenRow[] {
  return rows.filter(({ pipeline_id }, i) => pipeline_id !== rows[i - 1]?.pipeline_id);
}

export function subjectOf({ run_key, run_order, data_interval_end, ended_once }: ChosenRow): Subject | null {
  return run_key === null ? null : { run_key, run_order, data_interval_end, ended_once };
}

export function runOf(row: ChosenRow): RunEvidence | null {
  if (row.run_key === null) return null;
  const { run_id, status, attempt, ended, started_at, finished_at, first_at, error, data_interval_end } = row;
  const invalidated =
    row.invalidated_at === null
      ? null
      : { actor: row.invalidated_by!, reason: row.invalidated_reason!, at: row.invalidated_at };
  return { run_id, status, attempt, ended, started_at, finished_at, first_at, error, data_interval_end, invalidated };
}
