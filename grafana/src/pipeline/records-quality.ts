import { GraphDrawStyle, LineInterpolation } from "@grafana/grafana-foundation-sdk/common";
import { COLOURS } from "../lib/colours.ts";
import { DASHED, lines } from "../lib/panels.ts";
import { of, range, rows } from "../lib/sources.ts";
import { table } from "../lib/tables.ts";

const increased = (metric: string) => `sum by (pipeline_name, stage) (increase(${of(metric)}[$__rate_interval]))`;

export const recordsByStage = lines({
  title: "Records processed, by stage",
  description: "Work: every attempt counts. What a run loaded in the end is in the table of runs.",
  targets: [range(increased("records_processed_total"), "{{pipeline_name}} {{stage}}")],
  unit: "short",
})
  .decimals(0)
  .drawStyle(GraphDrawStyle.Bars)
  .fillOpacity(60);

export const failedByStage = lines({
  title: "Records failed, by stage",
  description: "Records that a stage could not process.",
  targets: [range(increased("records_failed_total"), "{{pipeline_name}} {{stage}}")],
  unit: "short",
})
  .decimals(0)
  .drawStyle(GraphDrawStyle.Bars)
  .fillOpacity(60)
  .overrideByRegexp("/.*/", [{ id: "color", value: { mode: "shades", fixedColor: COLOURS.attention } }]);

const CHOSEN_CHECKS = 'check_name=~"$check_name"';
const score = `min by (pipeline_name, check_name) (${of("data_quality_score", CHOSEN_CHECKS)})`;
const threshold = `max by (pipeline_name, check_name) (${of("data_quality_threshold", CHOSEN_CHECKS)})`;

export const scores = lines({
  title: "Quality by check",
  description: "Score of each check, and dashed the threshold it has to reach. A gap: it was not computed.",
  targets: [
    range(score, "{{pipeline_name}} {{check_name}}"),
    range(threshold, "{{pipeline_name}} {{check_name}} threshold"),
  ],
  unit: "percentunit",
})
  .max(1)
  .lineInterpolation(LineInterpolation.StepAfter)
  .overrideByQuery("B", DASHED);

export const scoresNow = table({
  title: "Checks now",
  description: "Newest score and its distance to the threshold; below 0 the check does not pass. Lowest first.",
  targets: [rows(score), rows(threshold), rows(`${score} - ${threshold}`)],
  columns: [
    { field: "pipeline_name", name: "Pipeline" },
    { field: "check_name", name: "Check" },
    { field: "Value #A", name: "Score", unit: "none", decimals: 3, width: 80 },
    { field: "Value #B", name: "Threshold", unit: "none", decimals: 3, width: 90 },
    { field: "Value #C", name: "Margin", unit: "none", decimals: 3, width: 80, act_below: 0 },
  ],
  sort_by: { name: "Margin", desc: false },
});
