import { USUAL_RUNS } from "../../../../domain/gate/evidence/evidence.ts";
import { bigint, integer, text } from "../../statement/columns.ts";
import { isSome } from "../../statement/is-some.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGate, AskedGates } from "./asked-gates.ts";
import { runByKey } from "./chosen-run.ts";

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
export async function addReferencedFeatures(gates: AskedGates): Promise<void> {
  const rows = await gates.askPipelines(REFERENCED_FEATURES, ({ chosen }) => chosen.has_references);
  for (const { pipeline_id, feature_name } of rows) {
    gates.ofPipeline(pipeline_id).evidence.referenced_features.push(feature_name);
  }
}

/** Runs that are looked back on for those that went well. */
const RUNS_BACK = 100;

const REPORTED =
  "run_feature f WHERE f.run_key = s.run_key AND f.attempt_no >= s.evidence_from AND f.feature_id = usual.feature_id";

export const USUAL_FEATURES = statement(
  "usual_features",
  { run_key: bigint, feature_name: text },
  `
  SELECT s.run_key, n.name AS feature_name
    FROM unnest($1::bigint[]) AS u (run_key)
   ${runByKey("s")}
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
   WHERE ${isSome(REPORTED)} IS NULL
   ORDER BY n.name`,
);

/**
 * Features with an active reference that the runs did not report although each of the last runs before them that went well did.
 * Looked for where one of those is missing.
 */
export async function addUsualFeatures(gates: AskedGates): Promise<void> {
  const rows = await gates.askRuns(USUAL_FEATURES, { of: lacksSome });
  for (const { run_key, feature_name } of rows) gates.ofRun(run_key).evidence.usual_features!.push(feature_name);
}

function lacksSome({ evidence: { features, referenced_features } }: AskedGate): boolean {
  if (referenced_features.length === 0) return false;
  const reported = new Set(features.map(({ feature_name }) => feature_name));
  return referenced_features.some((feature_name) => !reported.has(feature_name));
}
