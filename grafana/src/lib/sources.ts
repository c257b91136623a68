import type { Dataquery as AnyQuery, Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";

/** Chosen on the dashboard, so that it also works with a Prometheus that was there before. */
export const PROMETHEUS: DataSourceRef = { type: "prometheus", uid: "$datasource" };

/** Provisioned under this uid; companies have many Postgres data sources, and only one is the agent's. */
export const POSTGRES: DataSourceRef = { type: "grafana-postgresql-datasource", uid: "sluice-postgres" };

export type Target = Builder<AnyQuery>;

/** A series of the domain's families, of the pipelines chosen on the dashboard. */
export function of(metric: string, matchers = ""): string {
  return selector(metric, 'pipeline_name=~"$pipeline_name"', matchers);
}

/** A series of the agent's own telemetry. */
export function own(metric: string, matchers = ""): string {
  return selector(metric, "", matchers);
}

function selector(metric: string, ...matchers: string[]): string {
  const all = ['job=~"$job"', 'instance=~"$instance"', ...matchers].filter((matcher) => matcher !== "");
  return `${metric}{${all.join(", ")}}`;
}

const REF_IDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Over the whole time range. */
export function range(expr: string, legend: string): (index: number) => Target {
  return (index) => query(expr, index).range().format(PromQueryFormat.TimeSeries).legendFormat(legend);
}

/** At its end. */
export function now(expr: string, legend: string): (index: number) => Target {
  return (index) => query(expr, index).instant().format(PromQueryFormat.TimeSeries).legendFormat(legend);
}

/** At its end, each label a column. */
export function rows(expr: string): (index: number) => Target {
  return (index) => query(expr, index).instant().format(PromQueryFormat.Table);
}

function query(expr: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().refId(REF_IDS[index]!).datasource(PROMETHEUS).expr(expr);
}

/** `time_series` wants the columns `time`, `metric` (the name of the series) and `value`. */
export function sql(rawSql: string, format: "table" | "time_series" = "table"): (index: number) => Target {
  const target = { datasource: POSTGRES, editorMode: "code", format, rawQuery: true, rawSql: tidy(rawSql) };
  return (index) => ({ build: () => ({ refId: REF_IDS[index]!, ...target }) as unknown as AnyQuery });
}

/** Without the indentation of the source file. */
export function tidy(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const margin = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin).trimEnd()).join("\n");
}

/**
 * What "All" is for a variable that PromQL and SQL both use. Grafana inserts it as it is: in `=~"…"` it is a pattern that
 * everything matches, in `IN (…)` a text.
 */
export const ALL = "'|.+|'";

/** The pipelines chosen on the dashboard. */
export const CHOSEN_PIPELINES = chosen("p.pipeline_name", "pipeline_name");

/** Single values arrive quoted, and not as a pattern between dollars: Grafana takes `--` there for a comment. */
export function chosen(column: string, variable: string): string {
  const values = `\${${variable}:sqlstring}`;
  return `(${ALL} IN (${values}) OR ${column} IN (${values}))`;
}
