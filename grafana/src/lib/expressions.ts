import { of } from "./sources.ts";
import { GATE, LAST_RUN } from "./states.ts";

// Several agents may know a pipeline (an old scrape, a second environment): each expression makes one series of it, the worst.

/** The gate's decision as its code; exactly one decision of a gate is 1. */
export const GATE_CODE = `max by (pipeline_name) (${Object.entries(GATE)
  .map(
    ([decision, { code }]) =>
      `${code} * max by (pipeline_name, decision) (${of("gate_decision", `decision="${decision}"`)})`,
  )
  .join(" or ")})`;

const succeeded = `max by (pipeline_name) (${of("pipeline_last_success_timestamp_seconds")})`;
const failed = `max by (pipeline_name) (${of("pipeline_last_failure_timestamp_seconds")})`;

export const LAST_SUCCESS = succeeded;
export const LAST_FAILURE = failed;

/** How the latest run ended, as its code; both times are 0 until one has. */
export const LAST_RUN_CODE = `${LAST_RUN.failed.code} * (${failed} > bool ${succeeded}) + ${LAST_RUN.none.code} * (${failed} + ${succeeded} == bool 0)`;

/** When a run last ended, milliseconds since 1970. */
export const LAST_ENDED = `1000 * ((${succeeded} >= ${failed} or ${failed}) > 0)`;

export const SCORE = `min by (pipeline_name, check_name) (${of("data_quality_score")})`;
export const SCORE_THRESHOLD = `max by (pipeline_name, check_name) (${of("data_quality_threshold")})`;

export const PSI = `max by (pipeline_name, feature_name) (${of("feature_drift_score")})`;
export const PSI_THRESHOLD = `min by (pipeline_name, feature_name) (${of("feature_drift_threshold")})`;
export const DRIFTED = `max by (pipeline_name, feature_name) (${of("feature_drifted")})`;

/** 0 to 1; over the last `window` days. */
export const slaRate = (window: string) =>
  `min by (pipeline_name) (${of("pipeline_sla_rate_ratio", `window="${window}"`)})`;
/** 0 to 1. */
export const SLA_TARGET = `max by (pipeline_name) (${of("pipeline_sla_target_ratio")})`;

/** Of many pipelines one panel shows only so many numbers that they can still be read. */
export const worst = (expr: string) => `sort_desc(topk(12, ${expr}))`;
export const least = (expr: string) => `sort(bottomk(12, ${expr}))`;
