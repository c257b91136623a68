import type pg from "pg";
import type { Reason } from "../../../domain/gate/reason.ts";
import type { DigestFeature, DigestOverride } from "../../../domain/notices/digest.ts";
import type { DigestFilter, DigestRows } from "../../../ports.ts";
import { float, jsonb, nullable, text, time, word } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

const WITHIN = "at >= to_timestamp($1::float8) AND at < to_timestamp($2::float8)";
const VISIBLE = "($3::text[] IS NULL OR p.pipeline_name ~ ANY ($3::text[]))";

/** The worst verdict of each feature that drifted, by how far it is past its threshold. */
export const DRIFTED_FEATURES = statement(
  "digest_features",
  {
    pipeline_name: text,
    feature_name: text,
    verdict: word<DigestFeature["verdict"]>(),
    psi: nullable(float),
    threshold: float,
    at: time,
  },
  `
  SELECT pipeline_name, feature_name, verdict, psi, threshold, at
    FROM (SELECT DISTINCT ON (d.pipeline_id, d.feature_id) p.pipeline_name, n.name AS feature_name, d.verdict, d.psi,
                 d.threshold, d.at
            FROM drift_result d JOIN pipeline p USING (pipeline_id) JOIN name n ON n.name_id = d.feature_id
           WHERE ${WITHIN} AND d.verdict IN ('drifted', 'no_data') AND NOT d.excluded AND ${VISIBLE}
           ORDER BY d.pipeline_id, d.feature_id, d.psi / d.threshold DESC NULLS LAST, d.at DESC) worst
   ORDER BY psi / threshold DESC NULLS FIRST, pipeline_name, feature_name LIMIT $4`,
);

/** What blocked a run first; blocks by hand are overrides. */
export const BLOCKED_RUNS = statement(
  "digest_blocked",
  { pipeline_name: text, run_id: nullable(text), at: time, reasons: jsonb<Reason[]>() },
  `
  SELECT pipeline_name, run_id, at, reasons
    FROM (SELECT DISTINCT ON (t.pipeline_id, t.run_id) p.pipeline_name, t.run_id, t.at, t.reasons
            FROM gate_transition t JOIN pipeline p USING (pipeline_id)
           WHERE ${WITHIN} AND t.decision = 'block' AND t.override IS NULL AND ${VISIBLE}
           ORDER BY t.pipeline_id, t.run_id, t.at) first
   ORDER BY at DESC, pipeline_name LIMIT $4`,
);

export const OVERRIDES_MADE = statement(
  "digest_overrides",
  {
    pipeline_name: text,
    decision: word<DigestOverride["decision"]>(),
    actor: text,
    reason: text,
    created_at: time,
    expires_at: time,
  },
  `
  SELECT p.pipeline_name, o.decision, o.actor, o.reason, o.created_at, o.expires_at
    FROM gate_override o JOIN pipeline p USING (pipeline_id)
   WHERE o.created_at >= to_timestamp($1::float8) AND o.created_at < to_timestamp($2::float8) AND ${VISIBLE}
   ORDER BY o.created_at DESC, o.override_id LIMIT $4`,
);

export const SILENT_PIPELINES = statement(
  "digest_silent",
  { pipeline_name: text, last_run_at: time },
  `
  SELECT pipeline_name, last_run_at
    FROM (SELECT p.pipeline_name, greatest(p.last_success_at, p.last_failure_at) AS last_run_at
            FROM pipeline p WHERE p.archived_at IS NULL AND ${VISIBLE}) heard
   WHERE last_run_at < to_timestamp($1::float8) AND last_run_at >= to_timestamp($2::float8)
   ORDER BY last_run_at, pipeline_name LIMIT $4`,
);

export async function digestRows(
  db: pg.Pool,
  { from, to, silent_since, allowed, limit }: DigestFilter,
): Promise<DigestRows> {
  const period = [from / 1000, to / 1000, allowed, limit];
  const [features, blocked, overrides, silent] = await Promise.all([
    select(db, DRIFTED_FEATURES, period),
    select(db, BLOCKED_RUNS, period),
    select(db, OVERRIDES_MADE, period),
    select(db, SILENT_PIPELINES, [from / 1000, silent_since / 1000, allowed, limit]),
  ]);
  return {
    features,
    blocked: blocked.map(({ reasons, ...run }) => ({
      ...run,
      code: reasons[0]?.code ?? null,
      detail: reasons[0]?.detail ?? null,
    })),
    overrides,
    silent,
  };
}
