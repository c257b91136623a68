import { LineInterpolation } from "@grafana/grafana-foundation-sdk/common";
import { SLA_TARGET, slaRate } from "../lib/expressions.ts";
import { toDashboard } from "../lib/links.ts";
import { DASHED, lines } from "../lib/panels.ts";
import { of, range, rows } from "../lib/sources.ts";
import { table } from "../lib/tables.ts";

const rate = slaRate("$window");
/** 1: untouched, 0: used up, below: overdrawn. Nothing is left to a target of 1 once anything failed. */
const budget = `1 - (1 - ${rate}) / (1 - (${SLA_TARGET} < 1))`;

const PIPELINE = {
  field: "pipeline_name",
  name: "Pipeline",
  link: { title: "Open this pipeline", url: toDashboard("sluice-pipeline", "pipeline_name") },
};

export const ratesNow = table({
  title: "Quality rate against target",
  description: "Share of the quality results in the window that passed, lowest margin first. No results: no rate.",
  targets: [rows(rate), rows(SLA_TARGET), rows(`${rate} - ${SLA_TARGET}`)],
  columns: [
    PIPELINE,
    { field: "Value #A", name: "Rate", unit: "percentunit", decimals: 2, width: 110 },
    { field: "Value #B", name: "Target", unit: "percentunit", decimals: 2, width: 110 },
    { field: "Value #C", name: "Margin", unit: "percentunit", decimals: 2, width: 110, act_below: 0 },
  ],
  sort_by: { name: "Margin", desc: false },
});

export const budgetLeft = table({
  title: "Error budget left",
  description: "Share of the failures that the target allows which is still left; below 0 it is overdrawn.",
  targets: [rows(budget)],
  columns: [PIPELINE, { field: "Value", name: "Left", unit: "percentunit", decimals: 0, width: 140, act_below: 0 }],
  sort_by: { name: "Left", desc: false },
});

export const ratesOverTime = lines({
  title: "Rate over time",
  description: "The rate over the window before each moment, and dashed the target.",
  targets: [range(rate, "{{pipeline_name}}"), range(SLA_TARGET, "{{pipeline_name}} target")],
  unit: "percentunit",
})
  .max(1)
  .lineInterpolation(LineInterpolation.StepAfter)
  .overrideByQuery("B", DASHED);

export const budgetOverTime = lines({
  title: "Error budget left over time",
  description: "A steep fall: something broke then. It rises when the failures leave the window.",
  targets: [range(budget, "{{pipeline_name}}")],
  unit: "percentunit",
}).lineInterpolation(LineInterpolation.StepAfter);

export const checkRates = table({
  title: "Checks by rate",
  description: "Which check costs the budget: share of its results in the window that passed, lowest first.",
  targets: [rows(`min by (pipeline_name, check_name) (${of("sla_rate_ratio", 'window="$window"')})`)],
  columns: [
    PIPELINE,
    { field: "check_name", name: "Check" },
    { field: "Value", name: "Rate", unit: "percentunit", decimals: 2, width: 110 },
  ],
  sort_by: { name: "Rate", desc: false },
});
