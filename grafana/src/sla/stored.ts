import { PanelBuilder as BarChartPanel } from "@grafana/grafana-foundation-sdk/barchart";
import { StackingMode, VisibilityMode } from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatusHistoryPanel } from "@grafana/grafana-foundation-sdk/statushistory";
import { COLOURS } from "../lib/colours.ts";
import { dressed, fixed, legend, steps, tooltip } from "../lib/panels.ts";
import { CHOSEN_PIPELINES, POSTGRES, sql } from "../lib/sources.ts";
import { NO_DATA } from "../lib/states.ts";
import { table } from "../lib/tables.ts";

/** Whole UTC days that the time range touches; what was excluded is in neither `total` nor `passed`. */
const COUNTED = `
          FROM sla_day s
          JOIN pipeline p USING (pipeline_id)
         WHERE ${CHOSEN_PIPELINES} AND s.kind = \${kind:sqlstring}
           AND s.day >= date_trunc('day', $__timeFrom()::timestamptz, 'UTC') AND s.day <= $__timeTo()::timestamptz`;

export const calendar = dressed(new StatusHistoryPanel(), {
  title: "Calendar",
  description: "Share of the results of each UTC day that passed. Green: all of them. A gap: there were none.",
  source: POSTGRES,
  targets: [
    sql(
      `
        SELECT s.day AS time, p.pipeline_name AS metric, (sum(s.passed) / nullif(sum(s.total), 0))::float8 AS value
        ${COUNTED.trim()}
         GROUP BY 1, 2
         ORDER BY 1
      `,
      "time_series",
    ),
  ],
  empty: "No results in this time range",
})
  .unit("percentunit")
  .decimals(1)
  .mappings([NO_DATA])
  .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
  .thresholds(steps([null, COLOURS.attention], [1, COLOURS.good]))
  .showValue(VisibilityMode.Auto)
  .rowHeight(0.85)
  .colWidth(0.9)
  .fillOpacity(80)
  .lineWidth(0)
  .legend(legend())
  .tooltip(tooltip());

export const days = dressed(new BarChartPanel(), {
  title: "Results by day",
  description: "How many results passed, did not, and were excluded because their run was invalidated. UTC days.",
  source: POSTGRES,
  targets: [
    sql(`
        SELECT to_char(s.day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, sum(s.passed)::float8 AS passed,
               sum(s.total - s.passed)::float8 AS failed, sum(s.excluded)::float8 AS excluded
        ${COUNTED.trim()}
         GROUP BY 1
         ORDER BY 1
    `),
  ],
  empty: "No results in this time range",
})
  .unit("short")
  .decimals(0)
  .min(0)
  .xField("day")
  .xTickLabelSpacing(80)
  .stacking(StackingMode.Normal)
  .showValue(VisibilityMode.Never)
  .fillOpacity(80)
  .legend(legend())
  .tooltip(tooltip())
  .overrideByName("passed", fixed(COLOURS.good))
  .overrideByName("failed", fixed(COLOURS.attention))
  .overrideByName("excluded", fixed(COLOURS.quiet));

export const totals = table({
  title: "Results",
  description: "Exact counts over the whole UTC days of this time range, by pipeline and subject, most failures first.",
  source: POSTGRES,
  targets: [
    sql(`
        SELECT p.pipeline_name, (SELECT name FROM name WHERE name_id = s.subject_id) AS subject,
               sum(s.total)::float8 AS total, sum(s.passed)::float8 AS passed,
               sum(s.total - s.passed)::float8 AS failed, sum(s.excluded)::float8 AS excluded,
               (sum(s.passed) / nullif(sum(s.total), 0))::float8 AS rate
        ${COUNTED.trim()}
         GROUP BY p.pipeline_name, s.subject_id
         ORDER BY failed DESC, 1, 2
         LIMIT 1000
    `),
  ],
  empty: "No results in this time range",
  columns: [
    { field: "pipeline_name", name: "Pipeline" },
    { field: "subject", name: "Subject" },
    { field: "total", name: "Results", unit: "short", decimals: 0, width: 110 },
    { field: "passed", name: "Passed", unit: "short", decimals: 0, width: 110 },
    { field: "failed", name: "Failed", unit: "short", decimals: 0, width: 110 },
    { field: "excluded", name: "Excluded", unit: "short", decimals: 0, width: 110 },
    { field: "rate", name: "Rate", unit: "percentunit", decimals: 2, width: 110 },
  ],
  sort_by: { name: "Failed", desc: true },
});
