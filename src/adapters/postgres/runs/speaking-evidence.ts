import { LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../domain/commit/newest.ts";
import { orderBy } from "../tables/precedence-sql.ts";

/**
 * The evidence of a run that speaks, as SQL to be joined LATERAL to the run under the name `run` (its columns run_key,
 * evidence_from and records_from). Of each part of a stage, check and feature the greatest (attempt, try) speaks alone, and
 * nothing from before the attempt that began anew. The only place that knows this rule.
 */

/** One row a part: reports that say their place differently but stand in the same one add up. */
export function speakingRecords(run: string): string {
  return `(
    SELECT e.stage_id, e.part_id, sum(e.count) AS count, sum(e.failed) AS failed, max(e.expected_min) AS expected_min,
           max(e.stage_expected_min) AS stage_expected_min, max(e.last_at) AS last_at
      FROM (SELECT o.*, rank() OVER (PARTITION BY o.stage_id, o.part_id ORDER BY o.attempt_no DESC, o.try_no DESC) AS place
              FROM run_records o
             WHERE o.run_key = ${run}.run_key AND o.attempt_no >= ${run}.records_from) e
     WHERE e.place = 1 GROUP BY e.stage_id, e.part_id)`;
}

/** One row a stage: parts add up, and so do their minima, unless one was said for the stage. */
export function speakingStages(run: string): string {
  return `(
    SELECT p.stage_id, sum(p.count) AS count, sum(p.failed) AS failed,
           greatest(sum(p.expected_min), max(p.stage_expected_min)) AS expected_min, max(p.last_at) AS last_at
      FROM ${speakingRecords(run)} p GROUP BY p.stage_id)`;
}

/** One row a check: inside an attempt and try the newest. */
export function speakingChecks(run: string): string {
  return `(
    SELECT DISTINCT ON (e.check_id) e.*
      FROM run_check e
     WHERE e.run_key = ${run}.run_key AND e.attempt_no >= ${run}.evidence_from
     ORDER BY e.check_id, e.attempt_no DESC, e.try_no DESC, ${orderBy([...LATEST, ...WORSE_RESULT], "e")})`;
}

/** One row a feature: inside an attempt and try the newest. `feature_id`: of this one alone. */
export function speakingFeatures(run: string, feature_id: string | null = null): string {
  const only = feature_id === null ? "" : `AND e.feature_id = ${feature_id}`;
  return `(
    SELECT DISTINCT ON (e.feature_id) e.*
      FROM run_feature e
     WHERE e.run_key = ${run}.run_key AND e.attempt_no >= ${run}.evidence_from ${only}
     ORDER BY e.feature_id, e.attempt_no DESC, e.try_no DESC, 
              ${orderBy([...LATEST, ...WEIGHTIER_VERDICT], "e")})`;
}
