import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { PLACE, prometheusRule } from "../../scripts/prometheus-rule.mjs";
import { ROOT, RULES } from "../rules/shipped-rules.ts";

test("the PrometheusRule in deploy/ is made from the rules as they are; npm run rules writes it", () => {
  expect(readFileSync(path.join(ROOT, PLACE), "utf8")).toBe(prometheusRule(ROOT));
});

test("it holds every rule, as promtool reads it", () => {
  const { apiVersion, kind, spec } = parse(prometheusRule(ROOT));
  expect([apiVersion, kind]).toEqual(["monitoring.coreos.com/v1", "PrometheusRule"]);
  const directory = mkdtempSync(path.join(tmpdir(), "sluice-rules-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "rules.yaml");
  writeFileSync(file, stringify({ groups: spec.groups }));
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", file], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toContain(`${RULES.length} rules found`);
});

test("links lead where the options say, and nowhere else is changed", () => {
  const links = {
    runbooks: "https://wiki.example.com/runbooks/",
    dashboards: "https://grafana.example.com",
    agent: "https://sluice.example.com",
  };
  const text = prometheusRule(ROOT, links);
  expect(text).toContain("runbook_url: https://wiki.example.com/runbooks/PipelineLastRunFailed.md");
  expect(text).toContain("https://sluice.example.com/v1/gates/");
  expect(text).not.toMatch(/localhost|externalURL/);
  const exprs = (of: string) =>
    parse(of).spec.groups.flatMap(({ rules }: { rules: { expr: string }[] }) => rules.map(({ expr }) => expr));
  expect(exprs(text)).toEqual(exprs(prometheusRule(ROOT)));
});
