import { describe, expect, test } from "vitest";
import { FAMILIES, type FamilyName } from "../../src/adapters/metrics/names.ts";
import { ALERTS, alertNamed, RECORDS, RULES } from "./shipped-rules.ts";

const NAMED = ALERTS.map((alert) => [alert.alert, alert] as const);
/** What the gate decides on, or has decided, itself. */
const JUDGED_BY_THE_GATE = /\b(gate_|pipeline_last_|pipeline_runs_|data_quality_|feature_|records_|data_through_)/;

describe("the rules that the product was ordered with are among the shipped ones, word for word", () => {
  test.each([
    ["PipelineRunFailed", 'increase(pipeline_runs_total{status="failed"}[5m]) > 0', "1m", "critical"],
    ["DataQualityDegraded", "data_quality_score < 0.8", "5m", "warning"],
    ["FeatureDriftDetected", "feature_drift_score > 0.2", "10m", "warning"],
    [
      "VectorSearchLatencyHigh",
      "histogram_quantile(0.99, sum by (pipeline_name, le) (rate(vector_search_latency_seconds_bucket[5m]))) > 1.0",
      "5m",
      "warning",
    ],
  ])("%s", (name, expr, after, severity) => {
    const rule = alertNamed(name);
    expect(rule).toMatchObject({ expr, for: after, labels: { severity } });
    expect(RULES.find((entry) => entry.rule === rule)!.group).toBe("data_pipeline_alerts");
  });

  test("and their summaries say the same", () => {
    const summaries = Object.fromEntries(ALERTS.map(({ alert, annotations }) => [alert, annotations.summary]));
    expect(summaries).toMatchObject({
      PipelineRunFailed: "Pipeline {{ $labels.pipeline_name }} failed",
      DataQualityDegraded: "Data quality check {{ $labels.check_name }} below threshold",
      FeatureDriftDetected: 'Feature {{ $labels.feature_name }} drift detected (PSI={{ $value | printf "%.3f" }})',
      VectorSearchLatencyHigh: "Vector search P99 latency above 1s",
    });
  });
});

describe("each alert", () => {
  test("has a name of its own", () => {
    expect(new Set(ALERTS.map(({ alert }) => alert)).size).toBe(ALERTS.length);
  });

  test.each(NAMED)("%s has a severity, and says what, where to look, and what to do", (name, rule) => {
    expect(["critical", "warning", "info", "none"]).toContain(rule.labels.severity);
    expect(Object.keys(rule.annotations).sort()).toEqual(["dashboard", "description", "runbook_url", "summary"]);
    expect(rule.annotations.runbook_url).toBe(`{{ $externalURL }}/user/runbooks/${name}.md`);
    expect(rule.annotations.dashboard).toMatch(/^http:\/\/localhost:3000\/d\/sluice-(pipeline|drift|sla|agent)(\?|$)/);
  });

  // A label with a value in it makes a new alert of each value.
  test.each(NAMED)("%s has labels that do not change", (_, rule) => {
    for (const value of Object.values(rule.labels)) expect(value).not.toContain("{{");
  });

  test.each(NAMED)("%s holds a gate only for what the gate does not judge itself", (_, rule) => {
    const { gate } = rule.labels;
    if (gate === undefined) return;
    expect(["block", "warn"]).toContain(gate);
    expect(rule.expr).not.toMatch(JUDGED_BY_THE_GATE);
  });

  test.each(NAMED)("%s survives a restart of the agent where it reads a gauge of a pipeline", (_, rule) => {
    if (gaugesIn(rule.expr).length > 0) expect(rule.keep_firing_for).toBeDefined();
  });
});

test("every family that a rule reads is one that the agent shows", () => {
  const own = RECORDS.map(({ record }) => record);
  for (const { rule } of RULES) {
    for (const name of namesIn(rule.expr)) {
      if (name.startsWith("sluice_") || name === "up" || own.includes(name)) continue;
      expect(Object.keys(FAMILIES)).toContain(name.replace(/_(bucket|count|sum)$/, ""));
    }
  }
});

test("recorded series are named level:metric:operation", () => {
  for (const { record } of RECORDS) expect(record).toMatch(/^[a-z_]+:[a-z_]+:[a-z0-9_]+$/);
});

/** What looks like a metric: a lower-case word with an underscore, or `up`, that is neither a label nor in quotes. */
function namesIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)/g, "")
    .replace(/\b[a-z_]+\s*\(/g, "(");
  return bare.match(/\b[a-z][a-z0-9]*(?:[_:][a-z0-9_:]+)+\b|\bup\b/g) ?? [];
}

function gaugesIn(expr: string): string[] {
  return namesIn(expr).filter((name) => FAMILIES[name as FamilyName]?.type === "gauge");
}
