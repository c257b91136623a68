import type { Board, Panel, Target, Variable } from "./boards.ts";
import { parsePromql, type Selector } from "./promql-selectors.ts";

/**
 * The rules of grafana/dashboard-linter by their names there, written anew from its documentation. Each returns a sentence
 * for each breach. `target-promql-rule` is promtool's word (promql.test.ts); here it only wants a query where there is a target.
 */
export const RULES: Readonly<Record<string, (board: Board) => string[]>> = {
  "template-datasource-rule": ({ templating }) => {
    const sources = templating.list.filter(({ type }) => type === "datasource");
    return [
      ...unless(sources.length === 1, `has ${sources.length} data source variables, should have 1`),
      ...sources.flatMap(({ name, label, query }) => [
        ...unless(name === "datasource", `data source variable ${name} should be named datasource`),
        ...unless(label === "Data source", `data source variable is labelled ${label}`),
        ...unless(query === "prometheus", `data source variable is for ${query}`),
      ]),
    ];
  },
  "template-job-rule": (board) => scrapeVariable(board, "job", "Job"),
  "template-instance-rule": (board) => scrapeVariable(board, "instance", "Instance", ".*"),
  "template-label-promql-rule": (board) =>
    queryVariables(board).flatMap(({ name, query }) =>
      unless(/^(label_names|label_values|metrics|query_result)\(.+\)$/.test(query), `variable ${name} asks ${query}`),
    ),
  "template-on-time-change-reload-rule": (board) =>
    queryVariables(board).flatMap(({ name, refresh }) =>
      unless(refresh === 2, `variable ${name} is not read again when the time range changes`),
    ),
  "panel-datasource-rule": (board) =>
    panels(board, ["singlestat", "graph", "table-old", "timeseries"]).flatMap(({ title, datasource }) =>
      unless(/^\$\{?datasource\}?$/.test(datasource?.uid ?? ""), `${title} has a fixed data source`),
    ),
  "panel-title-description-rule": (board) =>
    panels(board, NUMBERS).flatMap(({ title, description }) =>
      unless(Boolean(title) && Boolean(description), `panel "${title}" lacks a title or a description`),
    ),
  "panel-units-rule": (board) =>
    panels(board, NUMBERS).flatMap((panel) =>
      unitsOf(panel).flatMap((unit) => unless(UNITS.has(unit), `${panel.title} has the unit ${unit || "(none)"}`)),
    ),
  "panel-no-targets-rule": (board) =>
    panels(board, NUMBERS).flatMap(({ title, targets }) =>
      unless((targets ?? []).length > 0, `${title} has no target`),
    ),
  "target-logql-rule": (board) => targets(board).flatMap(({ title, target }) => noLoki(title, target)),
  "target-logql-auto-rule": (board) => targets(board).flatMap(({ title, target }) => noLoki(title, target)),
  "target-promql-rule": (board) =>
    targets(board).flatMap(({ title, target }) =>
      unless(Boolean(target.expr?.trim() || target.rawSql?.trim()), `${title} ${target.refId} has no query`),
    ),
  "target-rate-interval-rule": (board) =>
    selectors(board).flatMap(({ title, selector: { metric, range, call } }) =>
      unless(
        range === null || (call !== "rate" && call !== "irate") || range === "$__rate_interval",
        `${title}: ${call} of ${metric} is over ${range}, should be over $__rate_interval`,
      ),
    ),
  "target-job-rule": (board) => matched(board, 'job=~"$job"'),
  "target-instance-rule": (board) => matched(board, 'instance=~"$instance"'),
  "target-counter-agg-rule": (board) =>
    selectors(board).flatMap(({ title, selector: { metric, range, call } }) =>
      unless(
        !metric.endsWith("_total") || (range !== null && ["rate", "irate", "increase"].includes(call ?? "")),
        `${title}: the counter ${metric} is shown without rate or increase`,
      ),
    ),
  "uneditable-dashboard-rule": ({ editable }) => unless(editable === false, "can be edited, and changes would be lost"),
};

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}

const NUMBERS = ["stat", "singlestat", "graph", "table", "timeseries", "gauge"];

function panels(board: Board, types: readonly string[]): Panel[] {
  return board.panels.filter(({ type }) => types.includes(type));
}

function targets(board: Board): { title: string; target: Target }[] {
  return board.panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, target })));
}

function selectors(board: Board): { title: string; selector: Selector }[] {
  return targets(board).flatMap(({ title, target }) =>
    parsePromql(target.expr ?? "").selectors.map((selector) => ({ title, selector })),
  );
}

function matched(board: Board, matcher: string): string[] {
  return selectors(board).flatMap(({ title, selector: { metric, matchers } }) =>
    unless(matchers.includes(matcher), `${title}: ${metric} is not limited by ${matcher}`),
  );
}

function queryVariables({ templating }: Board): Variable[] {
  return templating.list.filter(({ type }) => type === "query");
}

function scrapeVariable({ templating }: Board, name: string, label: string, all = ".+"): string[] {
  const variable = templating.list.find((one) => one.name === name);
  if (variable === undefined) return [`has no variable ${name}`];
  return [
    ...unless(variable.type === "query", `variable ${name} is no query`),
    ...unless(/^\$\{?datasource\}?$/.test(variable.datasource?.uid ?? ""), `variable ${name} has a fixed data source`),
    ...unless(variable.label === label, `variable ${name} is labelled ${variable.label}`),
    ...unless(variable.multi, `of variable ${name} only one value can be chosen`),
    ...unless(variable.allValue === all, `All of variable ${name} is ${variable.allValue}`),
  ];
}

const noLoki = (title: string, { datasource, refId }: Target) =>
  unless(datasource.type !== "loki", `${title} ${refId} asks Loki`);

/** The panel's own and those of its columns. Words and mapped states need none. */
function unitsOf({ fieldConfig }: Panel): string[] {
  const overridden = (fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter(({ id }) => id === "unit").map(({ value }) => String(value)),
  );
  return [fieldConfig?.defaults.unit ?? "", ...overridden];
}

/** Those of Grafana's units that a dashboard here has a use for. */
const UNITS = new Set(
  "none string short percent percentunit bytes decbytes s ms ns cps ops reqps rps cpm dateTimeAsIso dateTimeFromNow bool".split(
    " ",
  ),
);
