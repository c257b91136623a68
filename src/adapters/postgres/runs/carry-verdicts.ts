import type { Committed } from "../../../domain/commit/committed.ts";
import { speakingOf, summarize } from "../../../domain/runs/run.ts";
import { gaugeHorizon } from "../../../domain/runs/run-state.ts";
import type { RunOfFeature } from "../../../ports.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import { VERDICT_COLUMNS, verdictOf } from "../drift/verdict-columns.ts";
import { bigint } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { speakingFeatures } from "./speaking-evidence.ts";

/** Runs that are looked back on for a verdict. Each run that has the feature carries it on, so it is rarely far. */
const RUNS_BACK = 100;

export const CARRY_VERDICTS = statement(
  "carry_verdicts",
  { place: bigint, ...VERDICT_COLUMNS },
  `
  WITH carried AS (
    SELECT u.place, u.run_key, u.attempt_no, f.*
      FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::float8[], $6::int[]) WITH ORDINALITY
           AS u (pipeline_id, feature_id, run_key, run_order, horizon, attempt_no, place)
     CROSS JOIN LATERAL (
             SELECT f.feature_id, ${verdictOf("f")}, f.histogram
               FROM (
                      SELECT run_key, run_order, evidence_from FROM run
                       WHERE pipeline_id = u.pipeline_id AND run_key <> u.run_key
                         AND run_order <= to_timestamp(u.run_order)
                         AND run_order >= coalesce(to_timestamp(u.horizon), '-infinity')
                       ORDER BY run_order DESC, run_key DESC LIMIT ${RUNS_BACK}
                    ) r
               CROSS JOIN LATERAL ${speakingFeatures("r", "u.feature_id")} f
               WHERE f.verdict <> 'errored'
              ORDER BY r.run_order DESC, f.at DESC LIMIT 1
           ) f
  ), saved AS (
    INSERT INTO run_feature (run_key, feature_id, attempt_no, ${verdictOf()}, histogram)
    SELECT run_key, feature_id, attempt_no, ${verdictOf()}, histogram FROM carried
        ON CONFLICT DO NOTHING
    RETURNING run_key, feature_id
  )
  SELECT place, ${verdictOf()} FROM carried JOIN saved USING (run_key, feature_id)`,
);

/** Verdicts too old for a gauge are not carried on. Answers what the gauges show now. */
export async function carryVerdicts(
  query: Query,
  names: NameTable,
  runs: readonly RunOfFeature[],
): Promise<Committed["features"]> {
  if (runs.length === 0) return [];
  const rows = await query(CARRY_VERDICTS, [
    numbers(runs.map(({ pipeline }) => pipeline.pipeline_id)),
    numbers(runs.map(({ feature_name }) => names.id(feature_name))),
    numbers(runs.map(({ entry }) => entry.key)),
    times(runs.map(({ entry }) => summarize(entry.run).run_order)),
    times(runs.map(({ pipeline }) => gaugeHorizon(pipeline.run_state))),
    numbers(runs.map(({ entry }) => speakingOf(entry.run).attempt_no)),
  ]);
  return rows.map(({ place, ...verdict }) => {
    const { pipeline, feature_name, entry } = runs[place - 1]!;
    const { pipeline_name } = pipeline;
    return { pipeline_name, feature_name, run_order: summarize(entry.run).run_order, ...verdict };
  });
}
