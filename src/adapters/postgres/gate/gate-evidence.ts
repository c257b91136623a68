import type { AttachRules } from "../../../domain/gate/evidence/attach.ts";
import type {
  CheckEvidence,
  Evidence,
  FeatureEvidence,
  RunEvidence,
  RunGoingOn,
} from "../../../domain/gate/evidence/evidence.ts";
import type { Override } from "../../../domain/gate/transition.ts";
import { bucketsOfOperation } from "../../../domain/reports/buckets.ts";
import type { GateRow, Subject } from "../../../ports.ts";
import type { Ask } from "../runs/run-spans.ts";
import { speakingChecks, speakingFeatures, speakingStages } from "../runs/speaking-evidence.ts";
import { bigint, boolean, integer, json, nullable, type RowOf, text, time } from "../statement/columns.ts";
import { CHECKED_AFTER } from "./checked-after.ts";
import { STATE, STATE_COLUMNS, stateOf } from "./gate-state.ts";
import { looseEvidence, MAY_HAVE_LOOSE } from "./loose-evidence.ts";
import { standingItems, usualFeatures } from "./rejected-evidence.ts";

/** Alerts of one pipeline that are looked at; a flood of them decides no differently. */
const MOST_ALERTS = 100;

/** Milliseconds as a JSON number; times are exact numerics there. */
function ms(time: string): string {
  return `extract(epoch FROM ${time}) * 1000`;
}

const RUN = `
  r.run_key, r.run_order, r.data_interval_end, r.ended_once, r.finished_at, r.run_id AS by_id, r.attempt, r.marks,
  r.evidence_since, r.evidence_from, r.records_from, r.first_at, r.runless,
  least(r.first_at, r.started_at) AS known_from, r.status <> 'unknown' AND NOT r.runless AS reported,
  json_build_object(
    'run_id', r.run_id, 'status', r.status, 'attempt', r.attempt, 'ended', r.ended, 'started_at', ${ms("r.started_at")},
    'finished_at', ${ms("r.finished_at")}, 'first_at', ${ms("r.first_at")}, 'error', r.error,
    'data_interval_end', ${ms("r.data_interval_end")},
    'invalidated', CASE WHEN r.invalidated_at IS NOT NULL THEN json_build_object(
      'actor', r.invalidated_by, 'reason', r.invalidated_reason, 'at', ${ms("r.invalidated_at")}) END) AS run
  FROM run r WHERE r.pipeline_id = p.pipeline_id`;

const LATEST_FIRST = "ORDER BY run_order DESC, finished_at DESC NULLS LAST, by_id DESC LIMIT 1";

/** The latest run that ended, even if it was started again since; where none has ended, or any will do, the latest. */
export const LATEST_RUN = `
  SELECT * FROM (
    (SELECT 1 AS rank, ${RUN} AND r.ended_once AND NOT u.any_run ${LATEST_FIRST})
    UNION ALL
    (SELECT 2 AS rank, ${RUN} ${LATEST_FIRST})
  ) latest ORDER BY rank LIMIT 1`;

export const NAMED_RUN = `SELECT ${RUN} AND r.run_id = u.run_id`;

export const RUN_OF_INTERVAL = `SELECT ${RUN} AND r.data_interval_end = u.interval_end ${LATEST_FIRST}`;

/** Earlier good runs that are looked through for a stage that holds nothing now. */
const GOOD_RUNS = 100;

/** Runs of one pipeline that are going on; more of them decide no differently. */
const MOST_GOING_ON = 100;

/** The index run_going_on holds them in this order. */
const GOING_ON = `
  (SELECT json_agg(json_build_object('run_id', o.run_id, 'status', o.status, 'attempt', o.attempt,
            'started_at', ${ms("o.started_at")}, 'first_at', ${ms("o.first_at")}) ORDER BY o.run_id)
     FROM (SELECT * FROM run o
            WHERE o.pipeline_id = p.pipeline_id AND NOT o.ended AND o.status IN ('started', 'retrying')
              AND o.invalidated_at IS NULL
            ORDER BY coalesce(o.started_at, o.first_at) LIMIT ${MOST_GOING_ON}) o)`;

/** Whether stage t of run s had records in an earlier good run. A stage that never had any is told by its total, without looking through runs. */
const HELD_ROWS = `
  (EXISTS (SELECT FROM records_total o
            WHERE o.pipeline_id = p.pipeline_id AND o.stage_id = t.stage_id AND o.processed > 0)
   AND EXISTS (SELECT FROM (SELECT e.run_key, e.records_from FROM run e
                             WHERE e.pipeline_id = p.pipeline_id AND e.run_order < s.run_order
                               AND e.status = 'success' AND e.ended AND e.invalidated_at IS NULL
                             ORDER BY e.run_order DESC, e.run_key DESC LIMIT ${GOOD_RUNS}) good
                 JOIN run_records h ON h.run_key = good.run_key AND h.attempt_no >= good.records_from
                      AND h.stage_id = t.stage_id AND h.count > 0))`;

/** What the freshness evidence is: of the pipeline, or of the run alone. */
export const PIPELINE_FRESHNESS =
  "dataset_freshness f JOIN name n ON n.name_id = f.dataset_id WHERE f.pipeline_id = p.pipeline_id";
export const RUN_FRESHNESS = "run_freshness f JOIN name n ON n.name_id = f.dataset_id WHERE f.run_key = s.run_key";

/**
 * A row for each pipeline of `asked` (an SQL source named u with pipeline_id and what `run` needs) with all its evidence as JSON.
 * $1 is the time in seconds that overrides have to outlast. `going_on`: an SQL condition, whether to say which runs are.
 */
export function evidenceSql(asked: string, run: string, freshness: string, going_on = "false"): string {
  return `
  SELECT p.pipeline_id, p.pipeline_name, p.archived_at IS NOT NULL AS archived,
         s.run_key, s.run_order, s.data_interval_end, s.ended_once, s.run, s.first_at, ${MAY_HAVE_LOOSE} AS may_have_loose,
         (SELECT json_agg(json_build_object('check_name', n.name, 'score', c.score, 'threshold', c.threshold,
                   'severity', c.severity, 'error', c.error, 'at', ${ms("c.at")}) ORDER BY n.name)
            FROM ${speakingChecks("s")} c JOIN name n ON n.name_id = c.check_id) AS checks,
         (SELECT json_agg(json_build_object('stage', n.name, 'count', t.count, 'failed', t.failed,
                   'expected_min', t.expected_min, 'held_rows', CASE WHEN t.count = 0 THEN ${HELD_ROWS} END)
                   ORDER BY n.name)
            FROM ${speakingStages("s")} t JOIN name n ON n.name_id = t.stage_id) AS stages,
         (SELECT json_agg(json_build_object('feature_name', n.name, 'verdict', f.verdict, 'psi', f.psi,
                   'p_value', f.p_value, 'threshold', f.threshold, 'n_current', f.n_current, 'at', ${ms("f.at")},
                   'mismatch', CASE WHEN f.verdict = 'errored'
                                    THEN json_build_object('detail', f.detail, 'retyped', f.retyped) END)
                   ORDER BY n.name)
            FROM ${speakingFeatures("s")} f JOIN name n ON n.name_id = f.feature_id) AS features,
         (SELECT json_agg(n.name ORDER BY n.name)
            FROM active_reference a JOIN name n ON n.name_id = a.feature_id
           WHERE a.pipeline_id = p.pipeline_id) AS referenced_features,
         ${usualFeatures("s")} AS usual_features,
         ${CHECKED_AFTER} AS checked_after,
         (SELECT json_agg(json_build_object('kind', x.kind, 'item', x.item, 'code', x.code, 'why', x.why, 'at', ${ms("x.at")})
                   ORDER BY x.kind, x.item, x.attempt)
            FROM ${standingItems("s")}) AS rejected,
         (SELECT json_agg(json_build_object('operation', n.name, 'buckets', l.buckets, 'count', l.count,
                   'sum', l.sum_nanoseconds / 1e9) ORDER BY n.name)
            FROM run_latency l JOIN name n ON n.name_id = l.operation_id WHERE l.run_key = s.run_key) AS latencies,
         (SELECT json_agg(json_strip_nulls(json_build_object('dataset', n.name, 'data_through', ${ms("f.data_through")},
                   'ahead', CASE WHEN f.ahead IS NOT NULL THEN json_build_object(
                     'data_through', ${ms("f.ahead")}, 'at', ${ms("f.reported_at")}) END)) ORDER BY n.name)
            FROM ${freshness}) AS freshness,
         (SELECT json_agg(json_build_object('fingerprint', a.fingerprint, 'alertname', a.alertname, 'gate', a.gate,
                   'summary', a.summary, 'starts_at', ${ms("a.starts_at")}, 'expires_at', ${ms("a.expires_at")})
                   ORDER BY a.alertname, a.fingerprint, a.starts_at)
            FROM (SELECT * FROM gate_alert a
                   WHERE a.pipeline_id = p.pipeline_id AND NOT a.resolved AND a.expires_at > to_timestamp($1::float8)
                   ORDER BY a.gate, a.fingerprint, a.starts_at LIMIT ${MOST_ALERTS}) a) AS alerts,
         CASE WHEN ${going_on} THEN coalesce(${GOING_ON}, '[]') END AS going_on,
         (SELECT json_agg(json_build_object('override_id', o.override_id, 'decision', o.decision, 'reason', o.reason,
                   'actor', o.actor, 'created_at', ${ms("o.created_at")}, 'expires_at', ${ms("o.expires_at")},
                   'run_id', o.run_id) ORDER BY o.created_at, o.override_id)
            FROM gate_override o
           WHERE o.pipeline_id = p.pipeline_id AND o.ended_at IS NULL AND o.expires_at > to_timestamp($1::float8)) AS overrides,
         g.revision, ${STATE_COLUMNS}
    FROM ${asked} JOIN pipeline p USING (pipeline_id)
    LEFT JOIN LATERAL (${run}) s ON true
    LEFT JOIN gate g ON g.pipeline_id = p.pipeline_id`;
}

export const EVIDENCE_COLUMNS = {
  pipeline_id: integer,
  pipeline_name: text,
  archived: boolean,
  run_key: nullable(bigint),
  run_order: time,
  data_interval_end: nullable(time),
  ended_once: boolean,
  run: nullable(json<RunEvidence>()),
  first_at: nullable(time),
  may_have_loose: boolean,
  checks: nullable(json<Evidence["checks"]>()),
  stages: nullable(json<Evidence["stages"]>()),
  features: nullable(json<Evidence["features"]>()),
  referenced_features: nullable(json<string[]>()),
  usual_features: nullable(json<string[]>()),
  checked_after: nullable(json<{ checks: CheckEvidence[] | null; features: FeatureEvidence[] | null }>()),
  rejected: nullable(json<NonNullable<Evidence["rejected"]>>()),
  latencies: nullable(json<{ operation: string; buckets: number[]; count: number; sum: number }[]>()),
  freshness: nullable(json<Evidence["freshness"]>()),
  alerts: nullable(json<Evidence["alerts"]>()),
  going_on: nullable(json<RunGoingOn[]>()),
  overrides: nullable(json<Override[]>()),
  revision: nullable(bigint),
  ...STATE,
};

type EvidenceRow = RowOf<typeof EVIDENCE_COLUMNS>;

/** `rules`: one for each row. */
export async function gateRows(
  ask: Ask,
  rows: readonly EvidenceRow[],
  asked_run_id: string | null,
  rules: readonly AttachRules[],
): Promise<GateRow[]> {
  const gates = rows.map((row) => gateRow(row, asked_run_id));
  const attaching = rows.flatMap((row, i) => (row.may_have_loose ? { row, gate: gates[i]!, rules: rules[i]! } : []));
  if (attaching.length === 0) return gates;
  const asked = attaching.map(({ row: { pipeline_id, run, first_at }, rules }) => {
    return { pipeline_id, run_id: run!.run_id, first_at: first_at!, rules };
  });
  const found = await looseEvidence(ask, asked);
  attaching.forEach(({ gate }, i) => {
    const loose = found[i];
    if (loose != null) gate.evidence.loose = loose;
  });
  return gates;
}

function gateRow(row: EvidenceRow, asked_run_id: string | null): GateRow {
  const { pipeline_id, pipeline_name, archived } = row;
  return {
    pipeline_id,
    pipeline_name,
    archived,
    subject: subjectOf(row),
    evidence: {
      pipeline_name,
      run: row.run,
      asked_run_id,
      checks: row.checks ?? [],
      stages: row.stages ?? [],
      features: row.features ?? [],
      referenced_features: row.referenced_features ?? [],
      usual_features: row.usual_features ?? [],
      rejected: row.rejected ?? [],
      latencies: (row.latencies ?? []).map(({ operation, ...histogram }) => ({
        operation,
        histogram,
        bounds: bucketsOfOperation(operation),
      })),
      freshness: row.freshness ?? [],
      alerts: row.alerts ?? [],
      ...(row.going_on !== null && { going_on: row.going_on }),
      ...(row.checked_after !== null && {
        loose: { checks: row.checked_after.checks ?? [], features: row.checked_after.features ?? [] },
      }),
    },
    overrides: row.overrides ?? [],
    state: stateOf(row),
    revision: row.revision ?? 0,
  };
}

function subjectOf({ run_key, run_order, data_interval_end, ended_once }: EvidenceRow): Subject | null {
  return run_key === null ? null : { run_key, run_order, data_interval_end, ended_once };
}
