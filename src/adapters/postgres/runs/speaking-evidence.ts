import { GREATER_VERSION, LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../domain/commit/newest.ts";
import { orderBy } from "../tables/precedence-sql.ts";

/**
 * The evidence of a run that speaks. Of each part of a stage, check and feature the greatest (attempt, try) speaks alone, and
 * nothing from before the attempt that began anew. The only place that knows this rule.
 *
 * `…Of(runs)`: SQL of a subquery over many runs at once; `runs` is a source under the name r, with run_key and evidence_from
 * (for counts records_from). The others are SQL to be joined LATERAL to the one run that is named.
 */

const CHECKS_FIRST = `e.attempt_no DESC, e.try_no DESC, ${orderBy([...LATEST, ...WORSE_RESULT], "e")}`;
const FEATURES_FIRST = `e.attempt_no DESC, e.try_no DESC, ${orderBy([...LATEST, ...WEIGHTIER_VERDICT], "e")}`;

const SCHEMAS_FIRST = `e.attempt_no DESC, e.try_no DESC, ${orderBy([...LATEST, ...GREATER_VERSION], "e")}`;

/** Counts by stage and part, in the order of their names. Reports of one part that say their place differently but stand in the same one are a row each: they add up (domain/gate/evidence/stages-of-parts.ts). */
export function speakingRecordsOf(runs: string): string {
  return `(
    SELECT e.run_key, e.stage, e.part_id, e.count, e.failed, e.expected_min, e.stage_expected_min
      FROM (SELECT e.*, n.name AS stage,
                   rank() OVER (PARTITION BY e.run_key, n.name, e.part_id ORDER BY e.attempt_no DESC, e.try_no DESC) AS place
              FROM ${runs}
              JOIN run_records e ON e.run_key = r.run_key AND e.attempt_no >= r.records_from
              JOIN name n ON n.name_id = e.stage_id) e
     WHERE e.place = 1)`;
}

/** One row a check under its name, in the order of their names: inside an attempt and try the newest. */
export function speakingChecksOf(runs: string): string {
  return `(
    SELECT DISTINCT ON (e.run_key, n.name) e.*, n.name AS check_name
      FROM ${runs}
      JOIN run_check e ON e.run_key = r.run_key AND e.attempt_no >= r.evidence_from
      JOIN name n ON n.name_id = e.check_id
     ORDER BY e.run_key, n.name, ${CHECKS_FIRST})`;
}

/** One row a feature under its name, in the order of their names: inside an attempt and try the newest. */
export function speakingFeaturesOf(runs: string): string {
  return `(
    SELECT DISTINCT ON (e.run_key, n.name) e.*, n.name AS feature_name
      FROM ${runs}
      JOIN run_feature e ON e.run_key = r.run_key AND e.attempt_no >= r.evidence_from
      JOIN name n ON n.name_id = e.feature_id
     ORDER BY e.run_key, n.name, ${FEATURES_FIRST})`;
}

/** One row a dataset: inside an attempt and try the newest. */
export function speakingSchemasOf(runs: string): string {
  return `(
    SELECT DISTINCT ON (e.run_key, e.dataset_id) e.*
      FROM ${runs}
      JOIN run_schema e ON e.run_key = r.run_key AND e.attempt_no >= r.evidence_from
     ORDER BY e.run_key, e.dataset_id, ${SCHEMAS_FIRST})`;
}

/** One row a check: inside an attempt and try the newest. */
export function speakingChecks(run: string): string {
  return `(
    SELECT DISTINCT ON (e.check_id) e.*
      FROM run_check e
     WHERE e.run_key = ${run}.run_key AND e.attempt_no >= ${run}.evidence_from
     ORDER BY e.check_id, ${CHECKS_FIRST})`;
}

/** One row a feature: inside an attempt and try the newest. `feature_id`: of this one alone. */
export function speakingFeatures(run: string, feature_id: string | null = null): string {
  const only = feature_id === null ? "" : `AND e.feature_id = ${feature_id}`;
  return `(
    SELECT DISTINCT ON (e.feature_id) e.*
      FROM run_feature e
     WHERE e.run_key = ${run}.run_key AND e.attempt_no >= ${run}.evidence_from ${only}
     ORDER BY e.feature_id, ${FEATURES_FIRST})`;
}
