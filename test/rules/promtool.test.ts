import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ALERTS, RECORDS } from "./shipped-rules.ts";

interface RuleTest {
  name: string;
  alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[];
  promql_expr_test?: { expr: string }[];
}

const FILES = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".yaml"));
const TESTS = FILES.flatMap((file) => {
  const text = readFileSync(path.join(import.meta.dirname, file), "utf8");
  return (parse(text) as { tests: RuleTest[] }).tests;
});

test.each(FILES)("promtool finds nothing wrong in %s", (file) => {
  const { error, status, stdout, stderr } = spawnSync("promtool", ["test", "rules", file], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  expect(error).toBeUndefined();
  expect(`${stdout}${stderr}`).toContain("SUCCESS");
  expect(status, `${stdout}${stderr}`).toBe(0);
});

describe("every rule is tested", () => {
  const expectations = TESTS.flatMap(({ alert_rule_test = [] }) => alert_rule_test);

  test.each(ALERTS.map(({ alert }) => alert))("%s: its message, and when it is not there", (alert) => {
    const of = expectations.filter(({ alertname }) => alertname === alert);
    expect(of.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
    // It always fires.
    if (alert !== "Watchdog") expect(of.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true);
  });

  test.each(RECORDS.map(({ record }) => record))("%s", (record) => {
    const asked = TESTS.flatMap(({ promql_expr_test = [] }) => promql_expr_test.map(({ expr }) => expr));
    expect(asked).toContain(record);
  });

  test("what a restart of the agent does, in each file about alerts", () => {
    const about = FILES.filter((file) => !["recording.yaml", "thresholds.yaml"].includes(file));
    for (const file of about) {
      const text = readFileSync(path.join(import.meta.dirname, file), "utf8");
      expect(text, file).toMatch(/- name: .*restart/);
    }
  });
});
