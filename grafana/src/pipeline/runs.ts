import { LineInterpolation } from "@grafana/grafana-foundation-sdk/common";
import { LAST_FAILURE, LAST_SUCCESS, least, slaRate, worst } from "../lib/expressions.ts";
import { lines, stat, timeline } from "../lib/panels.ts";
import { CHOSEN_PIPELINES, now, of, POSTGRES, range, sql } from "../lib/sources.ts";
import { codeMappings, codeOf, RUN, wordMappings } from "../lib/states.ts";
import { table } from "../lib/tables.ts";

export const lastSuccess = stat({
  title: "Last success",
  description: "When a run last ended as success. At most 12, the oldest.",
  targets: [now(least(`1000 * (${LAST_SUCCESS} > 0)`), "{{pipeline_name}}")],
  unit: "dateTimeFromNow",
  empty: "never",
});

export const lastFailure = stat({
  title: "Last failure",
  description: "When a run last ended as failed. At most 12, the newest.",
  targets: [now(worst(`1000 * (${LAST_FAILURE} > 0)`), "{{pipeline_name}}")],
  unit: "dateTimeFromNow",
  empty: "never",
});

const TOOK = `max by (pipeline_name) (${of("pipeline_last_run_duration_seconds")})`;

export const took = stat({
  title: "Latest run took",
  description: "How long the latest run took, where its times were reported. At most 12, the longest.",
  targets: [now(worst(TOOK), "{{pipeline_name}}")],
  unit: "s",
});

export const slaNow = stat({
  title: "Quality SLA, 30 days",
  description: "Share of the quality results of the last 30 days that passed. At most 12, the lowest.",
  targets: [now(least(slaRate("30d")), "{{pipeline_name}}")],
  unit: "percentunit",
}).decimals(2);

/** Where no start was reported, the end less the duration, else when the first report was true. */
const STARTED = "coalesce(r.started_at, r.finished_at - make_interval(secs => r.duration_seconds), r.first_at)";

export const runs = timeline({
  title: "Runs",
  description: "From start to end, by how they ended. Of two that overlap, the later start hides the earlier one.",
  source: POSTGRES,
  targets: [
    sql(
      `
        WITH runs AS (
          SELECT p.pipeline_name, ${codeOf(RUN, "r.status")} AS code, ${STARTED} AS started, r.finished_at AS finished,
                 lead(${STARTED}) OVER (PARTITION BY r.pipeline_id ORDER BY ${STARTED}) AS next_started
            FROM run r
            JOIN pipeline p USING (pipeline_id)
           WHERE ${CHOSEN_PIPELINES} AND $__timeFilter(r.first_at)
        )
        SELECT started AS time, pipeline_name AS metric, code AS value FROM runs
        UNION ALL
        SELECT finished, pipeline_name, ${RUN.idle.code} FROM runs
         WHERE finished > started AND (next_started IS NULL OR next_started > finished)
         ORDER BY time
      `,
      "time_series",
    ),
  ],
  mappings: codeMappings(RUN),
  empty: "No run in this time range",
}).spanNulls(true);

export const durations = lines({
  title: "Duration of the latest run",
  description: "A step up without more records means that something got slow.",
  targets: [range(TOOK, "{{pipeline_name}}")],
  unit: "s",
}).lineInterpolation(LineInterpolation.StepAfter);

export const latestRuns = table({
  title: "Latest runs",
  description: "The last 200 runs reported in this time range, with what their stages processed and what did not pass.",
  source: POSTGRES,
  targets: [
    sql(`
      SELECT r.run_order, p.pipeline_name, r.run_id, r.status, r.attempt, ${STARTED} AS started, r.duration_seconds,
             (SELECT string_agg(n.name || ' ' || s.count, ' → ' ORDER BY s.count DESC, n.name)
                FROM (SELECT stage_id, sum(count) AS count FROM run_records WHERE run_key = r.run_key GROUP BY 1) s
                JOIN name n ON n.name_id = s.stage_id) AS records,
             (SELECT string_agg(n.name || ' ' || coalesce(round(c.score::numeric, 4)::text || ' < ' || c.threshold, 'not computed'),
                                ', ' ORDER BY n.name)
                FROM run_check c JOIN name n ON n.name_id = c.check_id
               WHERE c.run_key = r.run_key AND (c.score < c.threshold - 1e-9 OR c.score IS NULL)) AS not_passed,
             (SELECT string_agg(n.name, ', ' ORDER BY n.name)
                FROM run_feature f JOIN name n ON n.name_id = f.feature_id
               WHERE f.run_key = r.run_key AND f.verdict = 'drifted') AS drifted,
             left(r.error, 300) AS error, r.invalidated_by || ': ' || left(r.invalidated_reason, 200) AS invalidated
        FROM run r
        JOIN pipeline p USING (pipeline_id)
       WHERE ${CHOSEN_PIPELINES} AND $__timeFilter(r.first_at)
       ORDER BY r.run_order DESC, r.run_key DESC
       LIMIT 200
    `),
  ],
  empty: "No run in this time range",
  columns: [
    { field: "started", name: "Started", unit: "dateTimeAsIso", width: 170 },
    { field: "pipeline_name", name: "Pipeline", width: 180 },
    { field: "run_id", name: "Run", width: 180 },
    { field: "status", name: "Status", states: wordMappings(RUN), width: 100 },
    { field: "attempt", name: "Attempt", unit: "none", decimals: 0, width: 80 },
    { field: "duration_seconds", name: "Took", unit: "s", width: 90 },
    { field: "records", name: "Records" },
    { field: "not_passed", name: "Checks not passed" },
    { field: "drifted", name: "Drifted", width: 140 },
    { field: "error", name: "Error", width: 200 },
    { field: "invalidated", name: "Invalidated by", width: 140 },
  ],
  sort_by: { name: "Started", desc: true },
});
