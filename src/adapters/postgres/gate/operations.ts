import type { Override } from "../../../domain/gate/transition.ts";
import type { AlertHeard } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { statement } from "../statement/statement.ts";

/** What is heard late or twice changes nothing: a resolved episode stays resolved, the latest word about it holds. */
export const SAVE_ALERTS = statement(
  "save_gate_alerts",
  {},
  `
  INSERT INTO gate_alert AS a (pipeline_id, fingerprint, starts_at, alertname, gate, summary, resolved, heard_at, expires_at)
  SELECT pipeline_id, fingerprint, to_timestamp(starts_at), alertname, gate, summary, resolved, to_timestamp(heard_at),
         to_timestamp(expires_at)
    FROM unnest($1::int[], $2::text[], $3::float8[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::float8[],
                $9::float8[])
         AS u (pipeline_id, fingerprint, starts_at, alertname, gate, summary, resolved, heard_at, expires_at)
   ORDER BY pipeline_id, fingerprint, starts_at
      ON CONFLICT (pipeline_id, fingerprint, starts_at) DO UPDATE
     SET resolved = a.resolved OR excluded.resolved,
         gate = least(a.gate, excluded.gate), summary = greatest(a.summary, excluded.summary),
         heard_at = greatest(a.heard_at, excluded.heard_at), expires_at = greatest(a.expires_at, excluded.expires_at)`,
);

export async function saveAlerts(query: Query, alerts: readonly AlertHeard[]): Promise<void> {
  if (alerts.length === 0) return;
  await query(SAVE_ALERTS, [
    numbers(alerts.map((alert) => alert.pipeline_id)),
    texts(alerts.map((alert) => alert.fingerprint)),
    times(alerts.map((alert) => alert.starts_at)),
    texts(alerts.map((alert) => alert.alertname)),
    texts(alerts.map((alert) => alert.gate)),
    texts(alerts.map((alert) => alert.summary)),
    numbers(alerts.map((alert) => alert.resolved)),
    times(alerts.map((alert) => alert.heard_at)),
    times(alerts.map((alert) => alert.expires_at)),
  ]);
}

export const ADD_OVERRIDE = statement(
  "add_gate_override",
  {},
  `
  INSERT INTO gate_override (override_id, pipeline_id, run_id, decision, reason, actor, key_name, created_at, expires_at)
  SELECT $1::uuid, $2::int, $3::text, $4::text, $5::text, $6::text, $7::text, to_timestamp($8::float8), to_timestamp($9::float8)
   WHERE (SELECT count(*) FROM gate_override o
           WHERE o.pipeline_id = $2 AND o.ended_at IS NULL AND o.expires_at > to_timestamp($8::float8)) < $10::int`,
);

/** Answers whether there was room: `most` hold at once. The pipeline is locked. */
export async function addOverride(
  query: Query,
  pipeline_id: number,
  { override_id, run_id, decision, reason, actor, created_at, expires_at }: Override,
  key_name: string | null,
  most: number,
): Promise<boolean> {
  const values = [
    override_id,
    pipeline_id,
    run_id,
    decision,
    reason,
    actor,
    key_name,
    created_at / 1000,
    expires_at / 1000,
    most,
  ];
  return (await query.count(ADD_OVERRIDE, values)) > 0;
}

export const END_OVERRIDE = statement(
  "end_gate_override",
  {},
  `
  UPDATE gate_override SET ended_at = to_timestamp($3::float8), ended_by = $4
   WHERE pipeline_id = $1 AND override_id = $2 AND ended_at IS NULL AND expires_at > to_timestamp($3::float8)`,
);

export async function endOverride(
  query: Query,
  pipeline_id: number,
  override_id: string,
  actor: string,
  now: number,
): Promise<boolean> {
  return (await query.count(END_OVERRIDE, [pipeline_id, override_id, now / 1000, actor])) > 0;
}

export const ARCHIVE_PIPELINES = statement(
  "archive_pipelines",
  {},
  "UPDATE pipeline SET archived_at = to_timestamp($2::float8) WHERE pipeline_id = ANY ($1::int[])",
);

export const FORGET_GATES = statement("forget_gates", {}, "DELETE FROM gate WHERE pipeline_id = ANY ($1::int[])");

export async function archivePipelines(query: Query, pipeline_ids: readonly number[], now: number): Promise<void> {
  const ids = numbers(pipeline_ids);
  await Promise.all([query(ARCHIVE_PIPELINES, [ids, now / 1000]), query(FORGET_GATES, [ids])]);
}
