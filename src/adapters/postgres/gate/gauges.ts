import type { Committed } from "../../../domain/commit/committed.ts";
import { gaugeHorizon } from "../../../domain/runs/run-state.ts";
import type { PipelineRow } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import { statement } from "../statement/statement.ts";
import {
  CHECK_GAUGE_COLUMNS,
  CHECK_GAUGES,
  CHECK_GAUGES_ORDER,
  checksOf,
  FEATURE_GAUGE_COLUMNS,
  FEATURE_GAUGES,
  FEATURE_GAUGES_ORDER,
  featuresOf,
} from "./gauge-rows.ts";

const PIPELINES = `
         (SELECT p.pipeline_id, p.pipeline_name, p.last_loose_at, to_timestamp(u.horizon) AS horizon
            FROM unnest($1::int[], $2::float8[]) AS u (pipeline_id, horizon) JOIN pipeline p USING (pipeline_id)) p`;

export const CHECKS_SHOWN = statement(
  "check_gauges",
  CHECK_GAUGE_COLUMNS,
  `${CHECK_GAUGES} FROM ${checksOf(PIPELINES)} ${CHECK_GAUGES_ORDER}`,
);
export const FEATURES_SHOWN = statement(
  "feature_gauges",
  FEATURE_GAUGE_COLUMNS,
  `${FEATURE_GAUGES} FROM ${featuresOf(PIPELINES)} ${FEATURE_GAUGES_ORDER}`,
);

/** The check and feature gauges that these pipelines are to show. */
export async function gaugesOf(query: Query, pipelines: readonly PipelineRow[]): Promise<Committed["rechecked"]> {
  const parameters = [
    numbers(pipelines.map(({ pipeline_id }) => pipeline_id)),
    times(pipelines.map(({ run_state }) => gaugeHorizon(run_state))),
  ];
  const [checks, features] = await Promise.all([query(CHECKS_SHOWN, parameters), query(FEATURES_SHOWN, parameters)]);
  const byPipeline = new Map<string, Committed["rechecked"][number]>();
  for (const { pipeline_name } of pipelines) byPipeline.set(pipeline_name, { pipeline_name, checks: [], features: [] });
  for (const { pipeline_name, ...gauge } of checks) byPipeline.get(pipeline_name)!.checks.push(gauge);
  for (const { pipeline_name, ...gauge } of features) byPipeline.get(pipeline_name)!.features.push(gauge);
  return [...byPipeline.values()];
}
