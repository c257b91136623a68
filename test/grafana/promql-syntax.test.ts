import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { missing } from "../adapters/metrics/promtool.ts";
import { BOARDS, promqlOf, queriesOf } from "./support/boards.ts";
import { filledPromql } from "./support/fill-variables.ts";
import { parsePromql } from "./support/promql-selectors.ts";

/** What promtool has to say about these as expressions of rules: "" when all of them are PromQL. */
function promtoolOn(expressions: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-dashboards-"));
  try {
    const rules = expressions.map((expr, index) => ({ record: `dashboard:query:${index}`, expr }));
    writeFileSync(join(folder, "rules.yml"), JSON.stringify({ groups: [{ name: "dashboards", rules }] }));
    const { error, status, stdout, stderr } = spawnSync("promtool", ["check", "rules", join(folder, "rules.yml")]);
    if (error !== undefined) throw missing("promtool", error);
    return status === 0 ? "" : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const expressions = promqlOf(queriesOf()).map(({ target }) => filledPromql(target.expr!));

test("promtool takes every query of every dashboard", () => {
  expect(expressions.length).toBeGreaterThan(60);
  expect(promtoolOn(expressions)).toBe("");
});

test("promtool takes what fills the variables", () => {
  const selectors = Object.values(BOARDS).flatMap(({ templating }) =>
    templating.list
      .filter(({ type }) => type === "query")
      .map(({ query }) => /^label_values\((.+), \w+\)$/.exec(query)![1]!),
  );
  expect(promtoolOn(selectors.map((selector) => filledPromql(selector)))).toBe("");
});

test("promtool would notice a broken one", () => {
  expect(promtoolOn(["sum by (pipeline_name (up)"])).toContain("could not parse expression");
});

describe("the selectors of a query", () => {
  test("are found through functions, groupings and arithmetic", () => {
    const expr =
      'histogram_quantile(0.9, sum by (le, route) (rate(a_bucket{x=~"}[5m]", y="1"}[$__rate_interval] offset $__range))) / on (route) group_left (z) (b > bool 0 or 1000 * time())';
    expect(parsePromql(expr)).toEqual({
      selectors: [
        { metric: "a_bucket", matchers: ['x=~"}[5m]"', 'y="1"'], range: "$__rate_interval", call: "rate" },
        { metric: "b", matchers: [], range: null, call: null },
      ],
      labels: ["le", "route", "route", "z"],
    });
  });
});
