import type { AlertEvidence } from "../../../../domain/gate/evidence/evidence.ts";
import { integer, nullable, text, time, word } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGates } from "./asked-gates.ts";

/** Alerts of one pipeline that are looked at; a flood of them decides no differently. */
const MOST_ALERTS = 100;

export const ALERT_EVIDENCE = statement(
  "alert_evidence",
  {
    pipeline_id: integer,
    fingerprint: text,
    alertname: text,
    gate: word<AlertEvidence["gate"]>(),
    summary: nullable(text),
    starts_at: time,
    expires_at: time,
  },
  `
  SELECT a.pipeline_id, a.fingerprint, a.alertname, a.gate, a.summary, a.starts_at, a.expires_at
    FROM unnest($1::int[]) AS u (pipeline_id)
   CROSS JOIN LATERAL (
           SELECT * FROM gate_alert a
            WHERE a.pipeline_id = u.pipeline_id AND NOT a.resolved AND a.expires_at > to_timestamp($2::float8)
            ORDER BY a.gate, a.fingerprint, a.starts_at LIMIT ${MOST_ALERTS}) a
   ORDER BY a.pipeline_id, a.alertname, a.fingerprint, a.starts_at`,
);

/** Those that ask for the gate and outlast `now`. */
export async function addAlerts(gates: AskedGates, now: number): Promise<void> {
  const rows = await gates.askPipelines(ALERT_EVIDENCE, ({ chosen }) => chosen.has_alerts, now / 1000);
  for (const { pipeline_id, ...alert } of rows) gates.ofPipeline(pipeline_id).evidence.alerts.push(alert);
}
