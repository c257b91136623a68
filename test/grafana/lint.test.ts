import { describe, expect, test } from "vitest";
import { BOARDS, type Board } from "./support/boards.ts";
import { RULES } from "./support/lint-rules.ts";

const NAMES = Object.keys(BOARDS);

test("the linter has seventeen rules", () => {
  expect(Object.keys(RULES)).toHaveLength(17);
});

describe.each(Object.keys(RULES))("%s", (rule) => {
  test.each(NAMES)("holds for %s", (name) => {
    expect(RULES[rule]!(BOARDS[name]!)).toEqual([]);
  });

  test("notices a dashboard that breaks it", () => {
    const spoiled = structuredClone(BOARDS.pipeline!);
    SPOIL[rule]!(spoiled);
    expect(RULES[rule]!(spoiled)).toHaveLength(1);
  });
});

const variable = ({ templating }: Board, name: string) => templating.list.find((one) => one.name === name)!;
const ofType = ({ panels }: Board, wanted: string) => panels.find(({ type }) => type === wanted)!;
const durations = ({ panels }: Board) => panels.find(({ title }) => title === "Duration of the latest run")!;

/** One fault for each rule. */
const SPOIL: Record<string, (board: Board) => void> = {
  "template-datasource-rule": (board) => {
    variable(board, "datasource").name = "prometheus";
  },
  "template-job-rule": (board) => {
    variable(board, "job").allValue = ".*";
  },
  "template-instance-rule": (board) => {
    variable(board, "instance").multi = false;
  },
  "template-label-promql-rule": (board) => {
    variable(board, "check_name").query = "SELECT name FROM name";
  },
  "template-on-time-change-reload-rule": (board) => {
    variable(board, "check_name").refresh = 1;
  },
  "panel-datasource-rule": (board) => {
    ofType(board, "timeseries").datasource = { type: "prometheus", uid: "somebody-elses" };
  },
  "panel-title-description-rule": (board) => {
    ofType(board, "stat").description = "";
  },
  "panel-units-rule": (board) => {
    ofType(board, "stat").fieldConfig!.defaults.unit = "smoots";
  },
  "panel-no-targets-rule": (board) => {
    ofType(board, "table").targets = [];
  },
  "target-logql-rule": (board) => {
    durations(board).targets![0]!.datasource = { type: "loki", uid: "loki" };
  },
  "target-logql-auto-rule": (board) => {
    durations(board).targets![0]!.datasource = { type: "loki", uid: "loki" };
  },
  "target-promql-rule": (board) => {
    durations(board).targets![0]!.expr = " ";
  },
  "target-rate-interval-rule": (board) => {
    durations(board).targets![0]!.expr = 'rate(pipeline_runs_total{job=~"$job", instance=~"$instance"}[5m])';
  },
  "target-job-rule": (board) => {
    durations(board).targets![0]!.expr = 'sum(sluice_series{instance=~"$instance"})';
  },
  "target-instance-rule": (board) => {
    durations(board).targets![0]!.expr = 'sum(sluice_series{job=~"$job"})';
  },
  "target-counter-agg-rule": (board) => {
    durations(board).targets![0]!.expr = 'sum(pipeline_runs_total{job=~"$job", instance=~"$instance"})';
  },
  "uneditable-dashboard-rule": (board) => {
    board.editable = true;
  },
};
