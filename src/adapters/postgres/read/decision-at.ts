import type pg from "pg";
import type { PastDecision } from "../../../ports.ts";
import { jsonb, nullable, text, time } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

/** The last decision at or before a time, about one run where one is named, and when the next one (about any run) was made. */
export const DECISION_AT = statement(
  "decision_at",
  {
    run_id: nullable(text),
    evidence: jsonb<PastDecision["evidence"]>(),
    override: nullable(jsonb<NonNullable<PastDecision["override"]>>()),
    at: time,
    until: nullable(time),
  },
  `
  SELECT d.run_id, d.evidence, d.override, d.at,
         (SELECT min(n.at) FROM gate_transition n
           WHERE n.pipeline_id = d.pipeline_id AND (n.at, n.revision) > (d.at, d.revision)) AS until
    FROM (SELECT * FROM gate_transition
           WHERE pipeline_id = (SELECT pipeline_id FROM pipeline WHERE pipeline_name = $1)
             AND at <= to_timestamp($2::float8) AND ($3::text IS NULL OR run_id = $3)
           ORDER BY at DESC, revision DESC LIMIT 1) d`,
);

export async function decisionAt(
  db: pg.Pool,
  pipeline_name: string,
  run_id: string | null,
  at: number,
): Promise<PastDecision | null> {
  const rows = await select(db, DECISION_AT, [pipeline_name, at / 1000, run_id]);
  return rows[0] ?? null;
}
