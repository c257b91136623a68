import { GraphDrawStyle, StackingConfigBuilder, StackingMode } from "@grafana/grafana-foundation-sdk/common";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./lib/board.ts";
import { COLOURS } from "./lib/colours.ts";
import * as is from "./lib/expressions.ts";
import { toAgentsPage, toDashboard } from "./lib/links.ts";
import { count, fixed, lines, timeline } from "./lib/panels.ts";
import { now, of, range, rows } from "./lib/sources.ts";
import { codeMappings, GATE, LAST_RUN, RUN } from "./lib/states.ts";
import { type Column, table } from "./lib/tables.ts";
import { agentUrl, datasource, instance, job, pipelineName } from "./lib/variables.ts";

export function overview(agent_url: string): Dashboard {
  return dashboard({
    uid: "sluice-overview",
    title: "Sluice / Overview",
    description: "Every pipeline in a row: may the next step go on, and if not, what is wrong.",
    from: "now-24h",
    refresh: "30s",
    variables: [datasource(), job(), instance(), pipelineName(), agentUrl(agent_url)],
    sections: [
      {
        strips: [
          {
            height: 4,
            panels: [
              [4, closedGates],
              [4, undecidedGates],
              [4, failedRuns],
              [4, failingChecks],
              [4, driftedFeatures],
              [4, missedTargets],
            ],
          },
          { height: 12, panels: [[24, pipelines]] },
        ],
      },
      {
        title: "What is wrong",
        strips: [
          {
            height: 8,
            panels: [
              [12, checksBelow],
              [12, featuresAbove],
            ],
          },
        ],
      },
      {
        title: "In this time range",
        strips: [
          {
            height: 8,
            panels: [
              [12, gatesClosed],
              [12, runsEnded],
            ],
          },
        ],
      },
    ],
  });
}

const closedGates = count({
  title: "Gates not allowed",
  description:
    "Pipelines whose next step may not go on now: blocked, pending, or unknown where the policy blocks that.",
  targets: [now(`sum(min by (pipeline_name) (${of("gate_allowed")}) == bool 0)`, "not allowed")],
  some: COLOURS.act,
});

const undecidedGates = count({
  title: "Gates pending or unknown",
  description: "Pipelines about whose data nothing is known yet, or nothing recent enough. Not a pass.",
  targets: [
    now(`sum(max by (pipeline_name, decision) (${of("gate_decision", 'decision=~"pending|unknown"')}))`, "undecided"),
  ],
  some: COLOURS.unknown,
});

const failedRuns = count({
  title: "Last run failed",
  description: "Pipelines whose latest run ended as failed. A success resolves it.",
  targets: [now(`sum(${is.LAST_FAILURE} > bool ${is.LAST_SUCCESS})`, "failed")],
  some: COLOURS.act,
});

const failingChecks = count({
  title: "Checks below threshold",
  description: "Quality checks whose newest score is below the threshold that was reported with it.",
  targets: [now(`sum(${is.SCORE} < bool ${is.SCORE_THRESHOLD})`, "below")],
  some: COLOURS.act,
});

const driftedFeatures = count({
  title: "Features drifted",
  description: "Features whose newest verdict is drifted: PSI above the threshold, and more than chance would do.",
  targets: [now(`sum(${is.DRIFTED})`, "drifted")],
  some: COLOURS.act,
});

const missedTargets = count({
  title: "Below SLA target",
  description: "Pipelines whose quality SLA of the last 30 days is below their target.",
  targets: [now(`sum(${is.slaRate("30d")} < bool ${is.SLA_TARGET})`, "below target")],
  some: COLOURS.act,
});

const WIDEST = (offset = "") =>
  `max by (pipeline_name) (sum by (pipeline_name, stage) (increase(${of("records_processed_total")}[$__range]${offset})))`;

const columns: Column[] = [
  {
    field: "pipeline_name",
    name: "Pipeline",
    link: { title: "Open this pipeline", url: toDashboard("sluice-pipeline", "pipeline_name") },
  },
  {
    field: "Value #A",
    name: "Gate",
    states: codeMappings(GATE),
    width: 100,
    link: { title: "Why? The agent's page", url: toAgentsPage("Pipeline") },
  },
  { field: "Value #B", name: "Last run", states: codeMappings(LAST_RUN), width: 110 },
  { field: "Value #C", name: "Ended", unit: "dateTimeFromNow", width: 150 },
  { field: "Value #D", name: "Took", unit: "s", width: 100 },
  { field: "Value #E", name: "Records", unit: "short", decimals: 0, width: 110 },
  { field: "Value #F", name: "Of the range before", unit: "percentunit", decimals: 0, width: 150 },
  { field: "Value #G", name: "Checks below", unit: "short", decimals: 0, act_from: 1, width: 120 },
  { field: "Value #H", name: "Lowest score", unit: "none", decimals: 3, width: 120 },
  { field: "Value #I", name: "Drifted", unit: "short", decimals: 0, act_from: 1, width: 90 },
  { field: "Value #J", name: "SLA 30 d", unit: "percentunit", decimals: 2, width: 100 },
];

const pipelines = table({
  title: "Pipelines",
  description:
    "Worst gate first; a click on the name opens the pipeline, one on the gate the agent's page with the reasons. Records: what the busiest stage processed in this time range, and its share of the range before it.",
  targets: [
    rows(is.GATE_CODE),
    rows(is.LAST_RUN_CODE),
    rows(is.LAST_ENDED),
    rows(`max by (pipeline_name) (${of("pipeline_last_run_duration_seconds")})`),
    rows(WIDEST()),
    rows(`${WIDEST()} / (${WIDEST(" offset $__range")} > 0)`),
    rows(`sum by (pipeline_name) (${is.SCORE} < bool ${is.SCORE_THRESHOLD})`),
    rows(`min by (pipeline_name) (${of("data_quality_score")})`),
    rows(`sum by (pipeline_name) (${is.DRIFTED})`),
    rows(is.slaRate("30d")),
  ],
  empty: "No pipeline has reported yet",
  columns,
  sort_by: { name: "Gate", desc: true },
});

const checksBelow = table({
  title: "Checks below their threshold",
  description: "Newest score of each quality check that does not pass, the one furthest below first.",
  targets: [
    rows(`${is.SCORE} < ${is.SCORE_THRESHOLD}`),
    rows(`${is.SCORE_THRESHOLD} > ${is.SCORE}`),
    rows(`(${is.SCORE_THRESHOLD} - ${is.SCORE}) > 0`),
  ],
  empty: "Every check passes",
  columns: [
    {
      field: "pipeline_name",
      name: "Pipeline",
      link: { title: "Open this pipeline", url: toDashboard("sluice-pipeline", "pipeline_name") },
    },
    { field: "check_name", name: "Check" },
    { field: "Value #A", name: "Score", unit: "none", decimals: 3, width: 90 },
    { field: "Value #B", name: "Threshold", unit: "none", decimals: 3, width: 100 },
    { field: "Value #C", name: "Below by", unit: "none", decimals: 3, width: 100 },
  ],
  sort_by: { name: "Below by", desc: true },
});

const featuresAbove = table({
  title: "Features that drifted",
  description: "Features whose newest verdict is drifted, the one furthest above its threshold first.",
  targets: [
    rows(`${is.PSI} and ${is.DRIFTED} == 1`),
    rows(`${is.PSI_THRESHOLD} and ${is.DRIFTED} == 1`),
    rows(`${is.PSI} / ${is.PSI_THRESHOLD} and ${is.DRIFTED} == 1`),
  ],
  empty: "No feature drifted",
  columns: [
    {
      field: "pipeline_name",
      name: "Pipeline",
      link: { title: "Open its drift", url: toDashboard("sluice-drift", "pipeline_name") },
    },
    { field: "feature_name", name: "Feature" },
    { field: "Value #A", name: "PSI", unit: "none", decimals: 3, width: 90 },
    { field: "Value #B", name: "Threshold", unit: "none", decimals: 3, width: 100 },
    { field: "Value #C", name: "Times threshold", unit: "none", decimals: 1, width: 130 },
  ],
  sort_by: { name: "Times threshold", desc: true },
});

const gatesClosed = timeline({
  title: "Gates that were closed",
  description: "Decisions over time of the pipelines whose gate was not allowed at some time in this range.",
  targets: [
    range(
      `${is.GATE_CODE} and on (pipeline_name) (min by (pipeline_name) (min_over_time(${of("gate_allowed")}[$__range] @ end())) == 0)`,
      "{{pipeline_name}}",
    ),
  ],
  mappings: codeMappings(GATE),
  empty: "Every gate stayed open",
});

const runsEnded = lines({
  title: "Attempts that ended",
  description: "By how they ended. An attempt that will be retried is retrying, not failed.",
  targets: [range(`sum by (status) (increase(${of("pipeline_runs_total")}[$__rate_interval]))`, "{{status}}")],
  unit: "short",
})
  .decimals(0)
  .drawStyle(GraphDrawStyle.Bars)
  .fillOpacity(80)
  .lineWidth(0)
  .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"))
  .overrideByName("success", fixed(RUN.success.color))
  .overrideByName("failed", fixed(RUN.failed.color))
  .overrideByName("retrying", fixed(RUN.retrying.color))
  .overrideByName("skipped", fixed(RUN.skipped.color))
  .overrideByName("cancelled", fixed(RUN.cancelled.color));
