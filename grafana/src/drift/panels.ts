import { PanelBuilder as BarChartPanel } from "@grafana/grafana-foundation-sdk/barchart";
import { StackingMode, VisibilityMode } from "@grafana/grafana-foundation-sdk/common";
import { COLOURS } from "../lib/colours.ts";
import { count, dressed, fixed, legend, stat, timeline, tooltip } from "../lib/panels.ts";
import { CHOSEN_PIPELINES, chosen, now, of, POSTGRES, sql } from "../lib/sources.ts";
import { codeMappings, codeOf, VERDICT } from "../lib/states.ts";
import { table } from "../lib/tables.ts";
import { BINS, NEWEST_VERDICTS } from "./verdicts.ts";

const FEATURES = 'feature_name=~"$feature_name"';
const drifted = `max by (pipeline_name, feature_name) (${of("feature_drifted", FEATURES)})`;

export const driftedNow = count({
  title: "Drifted",
  description: "Features whose newest verdict is drifted.",
  targets: [now(`sum(${drifted})`, "drifted")],
  some: COLOURS.act,
});

export const judgedNow = stat({
  title: "Judged",
  description: "Features whose newest verdict gave a PSI.",
  targets: [now(`count(${drifted})`, "judged")],
  unit: "short",
});

export const notJudgedNow = count({
  title: "Without a PSI",
  description: "Features that have nothing to be compared with: no reference, or no rows. Never a pass.",
  targets: [
    now(
      `count(max by (pipeline_name, feature_name) (${of("feature_rows", FEATURES)})) - (count(${drifted}) or vector(0))`,
      "without a PSI",
    ),
  ],
  some: COLOURS.unknown,
});

export const inconclusiveNow = count({
  title: "Inconclusive",
  description: "Features with too few rows to tell: noise alone may reach their threshold. Send more rows at a time.",
  source: POSTGRES,
  targets: [
    sql(`
      WITH ${NEWEST_VERDICTS}
      SELECT count(*) FILTER (WHERE verdict = 'inconclusive') AS inconclusive FROM verdict HAVING count(*) > 0
    `),
  ],
  some: COLOURS.attention,
});

export const features = table({
  title: "Features",
  description:
    "Newest verdict on each feature in this time range, worst first. Inconclusive: noise alone reaches the threshold with so few rows (noise PSI above threshold).",
  source: POSTGRES,
  targets: [
    sql(`
      WITH ${NEWEST_VERDICTS}
      SELECT ${codeOf(VERDICT, "verdict")} AS verdict, pipeline_name, feature_name, psi, threshold,
             psi / nullif(threshold, 0) AS times_threshold, p_value, critical_psi, n_reference, n_current, run_id, at
        FROM verdict
       ORDER BY 1 DESC, times_threshold DESC NULLS LAST, pipeline_name, feature_name
       LIMIT 1000
    `),
  ],
  empty: "No feature was reported in this time range",
  columns: [
    { field: "verdict", name: "Verdict", states: codeMappings(VERDICT), width: 190 },
    { field: "pipeline_name", name: "Pipeline", width: 180 },
    { field: "feature_name", name: "Feature" },
    { field: "psi", name: "PSI", unit: "none", decimals: 3, width: 80 },
    { field: "threshold", name: "Threshold", unit: "none", decimals: 3, width: 90 },
    { field: "times_threshold", name: "Times threshold", unit: "none", decimals: 2, width: 120 },
    { field: "p_value", name: "p-value", unit: "none", decimals: 4, width: 90 },
    { field: "critical_psi", name: "Noise PSI", unit: "none", decimals: 3, width: 90 },
    { field: "n_reference", name: "Rows expected", unit: "short", width: 120 },
    { field: "n_current", name: "Rows actual", unit: "short", width: 110 },
    { field: "run_id", name: "Run", width: 150 },
    { field: "at", name: "At", unit: "dateTimeAsIso", width: 170 },
  ],
  sort_by: { name: "Verdict", desc: true },
});

export const verdictHistory = timeline({
  title: "Verdicts over time",
  description: "Each verdict on each feature until the next one.",
  source: POSTGRES,
  targets: [
    sql(
      `
        SELECT d.at AS time, p.pipeline_name || ' ' || n.name AS metric, max(${codeOf(VERDICT, "d.verdict")}) AS value
          FROM drift_result d
          JOIN pipeline p USING (pipeline_id)
          JOIN name n ON n.name_id = d.feature_id
         WHERE ${CHOSEN_PIPELINES} AND ${chosen("n.name", "feature_name")} AND $__timeFilter(d.at)
         GROUP BY 1, 2
         ORDER BY 1
      `,
      "time_series",
    ),
  ],
  mappings: codeMappings(VERDICT),
  empty: "No feature was judged in this time range",
})
  .spanNulls(true)
  .showValue(VisibilityMode.Never);

/** Repeated for each chosen feature. */
export const histograms = dressed(new BarChartPanel(), {
  title: "Expected and actual: $feature_name",
  description:
    "Share of the rows in each bin: of the reference, and of the newest report. With several pipelines of that feature each bin names its pipeline.",
  source: POSTGRES,
  targets: [
    sql(`
      WITH ${NEWEST_VERDICTS},
        ${BINS.trimStart()}
      SELECT CASE WHEN count(*) OVER () > count(*) OVER (PARTITION BY result_id)
                  THEN pipeline_name || ' · ' ELSE '' END || label AS bin,
             (expected / nullif(sum(expected) OVER (PARTITION BY result_id), 0))::float8 AS expected,
             (actual / nullif(sum(actual) OVER (PARTITION BY result_id), 0))::float8 AS actual
        FROM named
       ORDER BY pipeline_name, feature_name, named.bin
    `),
  ],
  empty: "Nothing to compare: no reference, or no rows",
})
  .repeat("feature_name")
  .repeatDirection("h")
  .maxPerRow(3)
  .unit("percentunit")
  .min(0)
  .xField("bin")
  .xTickLabelRotation(-30)
  .xTickLabelMaxLength(16)
  .stacking(StackingMode.None)
  .showValue(VisibilityMode.Never)
  .groupWidth(0.8)
  .barWidth(0.95)
  .fillOpacity(80)
  .legend(legend())
  .tooltip(tooltip())
  .overrideByName("expected", fixed(COLOURS.quiet))
  .overrideByName("actual", fixed(COLOURS.neutral));
