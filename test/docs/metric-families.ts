import { createAgentMetrics } from "../../src/adapters/metrics/agent/agent-metrics.ts";
import { INSTRUMENTS } from "../../src/adapters/metrics/agent/instruments.ts";
import { DRIFT_DETAILS, FAMILIES } from "../../src/adapters/metrics/names.ts";
import { DEPRECATED_FAMILIES, SWITCHABLE_FAMILIES } from "../../src/config.ts";
import { promqlOf, queriesOf } from "../grafana/support/boards.ts";
import { parsePromql } from "../grafana/support/promql-selectors.ts";
import { RECORDS, RULES } from "../rules/shipped-rules.ts";

export interface DocumentedFamily {
  name: string;
  type: string;
  labels: readonly string[];
}

/** The domain's, in the order of the body. */
export const DOMAIN_FAMILIES: readonly DocumentedFamily[] = Object.entries(FAMILIES).map(([name, { type, labels }]) => {
  return { name, type, labels };
});

/** What telemetry records with attributes (src/http/server/server.ts). */
const TELEMETRY_LABELS: Readonly<Record<string, readonly string[]>> = {
  http_request_duration_seconds: ["method", "route", "status"],
};

/** About the agent itself, and its process. */
export async function agentFamilies(): Promise<DocumentedFamily[]> {
  const { registry } = createAgentMetrics("0", {
    notices: { channels: [], pending: () => 0, oldest_pending_seconds: () => 0 },
  });
  const metrics = registry.getMetricsAsArray() as unknown as { name: string; labelNames?: string[] }[];
  const described = await registry.getMetricsAsJSON();
  return [
    ...Object.keys(INSTRUMENTS).map((name) => {
      return { name: `sluice_${name}`, type: "histogram", labels: TELEMETRY_LABELS[name] ?? [] };
    }),
    ...metrics.map(({ name, labelNames = [] }) => {
      const { type } = described.find((one) => one.name === name)!;
      return { name, type: String(type), labels: labelNames };
    }),
  ];
}

export interface Uses {
  /** Alerts and recording rules. */
  rules: string[];
  /** `board: panel`. */
  panels: string[];
}

/** By the name of a recorded series: the metrics that it is made of. */
const RECORDED = new Map(RECORDS.map(({ record, expr }) => [record, parsedMetrics(expr)]));
const READ_BY_RULES = RULES.map(({ rule }) => {
  return { by: "alert" in rule ? rule.alert : rule.record, reads: metricsIn(rule.expr) };
});
const READ_BY_PANELS = promqlOf(queriesOf()).map(({ board, panel, target }) => {
  return { by: `${board}: ${panel}`, reads: metricsIn(target.expr!) };
});

function parsedMetrics(expr: string): string[] {
  return parsePromql(expr).selectors.map(({ metric }) => metric);
}

function metricsIn(expr: string): string[] {
  return parsedMetrics(expr).flatMap((metric) => RECORDED.get(metric) ?? [metric]);
}

/** What of rules/ and grafana/dashboards reads the family, itself or by one of its recorded series. */
export function usesOf({ name, type }: DocumentedFamily): Uses {
  const parts = type === "histogram" ? ["_bucket", "_sum", "_count"].map((part) => name + part) : [name];
  const readers = (all: typeof READ_BY_RULES) => {
    return [...new Set(all.filter(({ reads }) => reads.some((one) => parts.includes(one))).map(({ by }) => by))];
  };
  return { rules: readers(READ_BY_RULES), panels: readers(READ_BY_PANELS) };
}

/**
 * Kept although nothing shipped may read them: what the product was ordered with, gates, what an operator of several agents looks
 * at, and what every Prometheus client has.
 */
export const KEPT =
  /^(pipeline_runs_total|pipeline_duration_seconds|records_processed_total|data_quality_score|feature_drift_score|vector_search_latency_seconds|gate_.*|sluice_agents|sluice_lease_held|process_(cpu_seconds_total|start_time_seconds|resident_memory_bytes|open_fds|max_fds))$/;

const among = (list: readonly string[], name: string) => list.includes(name);

function shownOf(name: string): string {
  if (among(DEPRECATED_FAMILIES, name)) return "deprecated: off from 0.3 on";
  if (among(DRIFT_DETAILS, name)) return "on, may be off; leaves near the cap";
  return among(SWITCHABLE_FAMILIES, name) ? "on, may be off" : "on";
}

/** A table of them as it stands in docs/metrics.md. */
export function tableOf(families: readonly DocumentedFamily[]): string {
  const rows = families.map((family) => {
    const { rules, panels } = usesOf(family);
    const cells = [
      `\`${family.name}\``,
      family.type,
      family.labels.map((label) => `\`${label}\``).join(", "),
      rules.map((rule) => `\`${rule}\``).join(", "),
      panels.join("; "),
      shownOf(family.name),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| family | type | labels | rules | panels | shown |", "| --- | --- | --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}
