import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { ALL, of, own, PROMETHEUS } from "./sources.ts";

const EVERYTHING = { selected: true, text: "All", value: "$__all" };

export function datasource() {
  return new DatasourceVariableBuilder("datasource")
    .label("Data source")
    .description("The Prometheus that scrapes the agent.")
    .type("prometheus")
    .current({ selected: true, text: "Prometheus (Sluice)", value: "sluice-prometheus" });
}

export function job() {
  return ofLabel("job", "Job", `label_values(sluice_build_info, job)`, ".+").description(
    "The scrape job of the agent.",
  );
}

/** All is also what has none: the series of pipelines, by the scrape configuration that is shipped. */
export function instance(hide: VariableHide = VariableHide.HideVariable) {
  return ofLabel("instance", "Instance", `label_values(sluice_build_info{job=~"$job"}, instance)`, ".*")
    .description("The agent's address as Prometheus knows it.")
    .hide(hide);
}

export function pipelineName() {
  const series = 'pipeline_runs_total{job=~"$job", instance=~"$instance"}';
  return ofLabel("pipeline_name", "Pipeline", `label_values(${series}, pipeline_name)`).description(
    "One, some or all pipelines.",
  );
}

export function checkName() {
  return ofLabel("check_name", "Check", `label_values(${of("data_quality_score")}, check_name)`).description(
    "Quality checks of these pipelines.",
  );
}

export function featureName() {
  return ofLabel("feature_name", "Feature", `label_values(${of("feature_rows")}, feature_name)`).description(
    "Features of these pipelines.",
  );
}

export function reportKind() {
  return ofLabel("kind", "Report kind", `label_values(${own("sluice_reports_total")}, kind)`).description(
    "Kinds of report.",
  );
}

export function choice(name: string, label: string, description: string, values: readonly string[]) {
  return new CustomVariableBuilder(name)
    .label(label)
    .description(description)
    .values(values.join(","))
    .options(values.map((value, index) => ({ selected: index === 0, text: value, value })))
    .current({ selected: true, text: values[0]!, value: values[0]! })
    .multi(false)
    .includeAll(false);
}

/** Where a browser finds the agent, for links. */
export function agentUrl(url: string) {
  return new TextBoxVariableBuilder("agent_url")
    .label("Agent")
    .description("Where your browser finds the agent's own page.")
    .hide(VariableHide.HideVariable)
    .defaultValue(url)
    .current({ selected: true, text: url, value: url })
    .options([{ selected: true, text: url, value: url }]);
}

function ofLabel(name: string, label: string, query: string, all = ALL) {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(PROMETHEUS)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current(EVERYTHING);
}
