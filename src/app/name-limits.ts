import type { Limits } from "../config.ts";
import type { NameLimits } from "../service/new-names/new-names.ts";

export function nameLimits(limits: Limits): NameLimits {
  return {
    new_pipelines_per_minute: limits.new_pipelines_per_minute,
    pipelines_per_key: limits.pipelines_per_key,
    names: {
      stage: limits.stages_per_pipeline,
      check: limits.checks_per_pipeline,
      feature: limits.features_per_pipeline,
      operation: limits.operations_per_pipeline,
      dataset: limits.datasets_per_pipeline,
    },
  };
}
