import { LATER_RUN, LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../domain/commit/newest.ts";
import { VERDICT_COLUMNS, verdictOf } from "../drift/verdict-columns.ts";
import { speakingChecks, speakingFeatures } from "../runs/speaking-evidence.ts";
import { float, nullable, text, time } from "../statement/columns.ts";
import { orderBy } from "../tables/precedence-sql.ts";

/**
 * What the check and feature gauges of pipelines may show: results of runs from the horizon on (null: of all), and loose ones,
 * whose own time is their place among the runs. `pipelines` is an SQL source named p: pipeline_id, pipeline_name,
 * last_loose_at and horizon.
 */
const SINCE = "coalesce(p.horizon, '-infinity')";

export const CHECK_GAUGES = `
  SELECT DISTINCT ON (c.pipeline_id, c.check_id)
         c.pipeline_name, n.name AS check_name, c.run_order, c.at, c.score, c.threshold`;

export const CHECK_GAUGE_COLUMNS = {
  pipeline_name: text,
  check_name: text,
  run_order: time,
  at: time,
  score: nullable(float),
  threshold: float,
};

export function checksOf(pipelines: string): string {
  return `(
    SELECT p.pipeline_id, p.pipeline_name, r.run_order, c.check_id, c.at, c.score, c.threshold
      FROM ${pipelines}
      JOIN run r ON r.pipeline_id = p.pipeline_id AND r.run_order >= ${SINCE}
      CROSS JOIN LATERAL ${speakingChecks("r")} c
     UNION ALL
    SELECT p.pipeline_id, p.pipeline_name, l.checked_at, l.check_id, l.checked_at, l.score, l.threshold
      FROM ${pipelines}
      JOIN quality_result l ON l.pipeline_id = p.pipeline_id AND l.run_key IS NULL AND l.checked_at >= ${SINCE}
     WHERE p.last_loose_at IS NOT NULL
  ) c JOIN name n ON n.name_id = c.check_id`;
}

export const CHECK_GAUGES_ORDER = `
  ORDER BY c.pipeline_id, c.check_id, ${orderBy([...LATER_RUN, ...LATEST, ...WORSE_RESULT], "c")}`;

export const FEATURE_GAUGES = `
  SELECT DISTINCT ON (f.pipeline_id, f.feature_id)
         f.pipeline_name, n.name AS feature_name, f.run_order, ${verdictOf("f")}`;

export const FEATURE_GAUGE_COLUMNS = {
  pipeline_name: text,
  feature_name: text,
  run_order: time,
  ...VERDICT_COLUMNS,
};

export function featuresOf(pipelines: string): string {
  return `(
    SELECT p.pipeline_id, p.pipeline_name, r.run_order, f.feature_id, ${verdictOf("f")}
      FROM ${pipelines}
      JOIN run r ON r.pipeline_id = p.pipeline_id AND r.run_order >= ${SINCE}
      CROSS JOIN LATERAL ${speakingFeatures("r")} f
     UNION ALL
    SELECT p.pipeline_id, p.pipeline_name, l.at, l.feature_id, ${verdictOf("l")}
      FROM ${pipelines}
      JOIN drift_result l ON l.pipeline_id = p.pipeline_id AND l.run_key IS NULL AND l.at >= ${SINCE}
     WHERE p.last_loose_at IS NOT NULL
  ) f JOIN name n ON n.name_id = f.feature_id`;
}

export const FEATURE_GAUGES_ORDER = `
  ORDER BY f.pipeline_id, f.feature_id, ${orderBy([...LATER_RUN, ...LATEST, ...WEIGHTIER_VERDICT], "f")}`;
