import type { CheckGauge, FeatureGauge, Observed } from "../../../domain/observed.ts";
import { gaugeHorizon } from "../../../domain/standing.ts";
import type { PipelineRow } from "../../../ports.ts";
import { numbers, times } from "../array-literals.ts";
import { speakingChecks, speakingFeatures } from "../speaking-evidence.ts";
import type { Query } from "./query.ts";

const RUNS = `
    FROM unnest($1::int[], $2::float8[]) AS u (pipeline_id, horizon)
    JOIN run r ON r.pipeline_id = u.pipeline_id AND r.run_order >= coalesce(to_timestamp(u.horizon), '-infinity')
    JOIN pipeline p ON p.pipeline_id = r.pipeline_id`;

const CHECKS = `
  SELECT DISTINCT ON (r.pipeline_id, c.check_id)
         p.pipeline_name, n.name AS check_name, r.run_order, c.at, c.score, c.threshold
    ${RUNS}
    CROSS JOIN LATERAL ${speakingChecks("r")} c
    JOIN name n ON n.name_id = c.check_id
   ORDER BY r.pipeline_id, c.check_id, r.run_order DESC, c.at DESC, c.score NULLS FIRST, c.threshold DESC`;

const FEATURES = `
  SELECT DISTINCT ON (r.pipeline_id, f.feature_id)
         p.pipeline_name, n.name AS feature_name, r.run_order, f.at, f.verdict, f.psi, f.p_value, f.threshold, f.n_current
    ${RUNS}
    CROSS JOIN LATERAL ${speakingFeatures("r")} f
    JOIN name n ON n.name_id = f.feature_id
   ORDER BY r.pipeline_id, f.feature_id, r.run_order DESC, f.at DESC, f.verdict = 'errored', f.n_current DESC, f.psi DESC NULLS LAST`;

/** The check and feature gauges that these pipelines are to show. */
export async function gaugesOf(query: Query, pipelines: readonly PipelineRow[]): Promise<Observed["rechecked"]> {
  const parameters = [
    numbers(pipelines.map(({ pipeline_id }) => pipeline_id)),
    times(pipelines.map(({ standing }) => gaugeHorizon(standing))),
  ];
  const [checks, features] = await Promise.all([
    query<CheckGauge & { pipeline_name: string }>("check_gauges", CHECKS, parameters),
    query<FeatureGauge & { pipeline_name: string }>("feature_gauges", FEATURES, parameters),
  ]);
  const byPipeline = new Map<string, Observed["rechecked"][number]>();
  for (const { pipeline_name } of pipelines) byPipeline.set(pipeline_name, { pipeline_name, checks: [], features: [] });
  for (const { pipeline_name, ...gauge } of checks) byPipeline.get(pipeline_name)!.checks.push(gauge);
  for (const { pipeline_name, ...gauge } of features) byPipeline.get(pipeline_name)!.features.push(gauge);
  return [...byPipeline.values()];
}
