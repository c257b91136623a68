import { USUAL_RUNS } from "../../../../domain/gate/evidence/evidence.ts";
import type { Query } from "../../connection/query.ts";
import { bigint, integer, text } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGate } from "./chosen-run.ts";
import { grouped, ofPipelines, ofRuns } from "./rows-of.ts";

export const REFERENCED_FEATURES = statement(
  "referenced_features",
  { pipeline_id: integer, feature_name: text },
  `
  SELECT a.pipeline_id, n.name AS feature_name
    FROM active_reference a JOIN name n ON n.name_id = a.feature_id
   WHERE a.pipeline_id = ANY ($1::int[])
   ORDER BY a.pipeline_id, n.name`,
);

/** Features with an active reference. */
export async function referencedFeatures(
  query: Query,
  gates: readonly AskedGate[],
): Promise<(pipeline_id: number) => string[]> {
  const rows = await ofPipelines(
    query,
    REFERENCED_FEATURES,
    gates.filter(({ has_references }) => has_references),
  );
  return grouped(
    rows,
    ({ pipeline_id }) => pipeline_id,
    ({ feature_name }) => feature_name,
  );
}

/** Runs that are looked back on for those that went well. */
const RUNS_BACK = 100;

export const USUAL_FEATURES = statement(
  "usual_features",
  { run_key: bigint, feature_name: text },
  `
  SELECT s.run_key, n.name AS feature_name
    FROM unnest($1::bigint[]) AS u (run_key)
    JOIN run s USING (run_key)
   CROSS JOIN LATERAL (
           SELECT f.feature_id
             FROM (SELECT run_key, evidence_from
                     FROM (SELECT b.run_key, b.evidence_from, b.run_order, b.status, b.ended, b.invalidated_at
                             FROM run b
                            WHERE b.pipeline_id = s.pipeline_id AND b.run_key <> s.run_key AND b.run_order <= s.run_order
                            ORDER BY b.run_order DESC, b.run_key DESC LIMIT ${RUNS_BACK}) back
                    WHERE ended AND status = 'success' AND invalidated_at IS NULL
                    ORDER BY run_order DESC, run_key DESC LIMIT ${USUAL_RUNS}) good
             JOIN run_feature f ON f.run_key = good.run_key AND f.attempt_no >= good.evidence_from
            GROUP BY f.feature_id HAVING count(DISTINCT f.run_key) = ${USUAL_RUNS}) usual
    JOIN active_reference a ON a.pipeline_id = s.pipeline_id AND a.feature_id = usual.feature_id
    JOIN name n ON n.name_id = usual.feature_id
   WHERE NOT EXISTS (SELECT FROM run_feature f
                      WHERE f.run_key = s.run_key AND f.attempt_no >= s.evidence_from AND f.feature_id = usual.feature_id)
   ORDER BY s.run_key, n.name`,
);

/**
 * Features with an active reference that these runs did not report although each of the last runs before them that went well did.
 */
export async function usualFeatures(
  query: Query,
  missing_some: readonly AskedGate[],
): Promise<(run_key: number | null) => string[]> {
  return grouped(
    await ofRuns(query, USUAL_FEATURES, missing_some),
    ({ run_key }): number | null => run_key,
    ({ feature_name }) => feature_name,
  );
}
