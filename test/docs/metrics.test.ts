import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { DRIFT_DETAILS } from "../../src/adapters/metrics/names.ts";
import { DEPRECATED_FAMILIES, SWITCHABLE_FAMILIES } from "../../src/config.ts";
import { NOW, newMetrics } from "../adapters/metrics/support.ts";
import { load } from "../config/load.ts";
import { alertNamed } from "../rules/shipped-rules.ts";
import { agentFamilies, DOMAIN_FAMILIES, KEPT, tableOf, usesOf } from "./metric-families.ts";

const PAGE = path.resolve(import.meta.dirname, "../../docs/metrics.md");

const all = [...DOMAIN_FAMILIES, ...(await agentFamilies())];

/** The page with these tables in place of those below its headings. */
function pageWith(tables: Readonly<Record<string, string>>): string {
  let page = readFileSync(PAGE, "utf8");
  for (const [heading, table] of Object.entries(tables)) {
    const [before, after] = page.split(`\n## ${heading}\n`);
    if (after === undefined) throw new Error(`docs/metrics.md has no heading ${heading}`);
    page = `${before}\n## ${heading}\n${after.replace(/^\| family \|.*(\n\|.*)*$/m, table)}`;
  }
  return page;
}

// `npx vitest run test/docs/metrics.test.ts -u` writes the tables.
test("the page lists every family with what reads it, in rules and dashboards", async () => {
  const page = pageWith({ Families: tableOf(DOMAIN_FAMILIES), "The agent's own": tableOf(await agentFamilies()) });
  await expect(page).toMatchFileSnapshot(PAGE);
});

test("what nothing reads is deprecated, and nothing else is", () => {
  const unread = all.filter((family) => {
    const { rules, panels } = usesOf(family);
    return rules.length + panels.length === 0 && !KEPT.test(family.name);
  });
  expect(unread.map(({ name }) => name)).toEqual(DEPRECATED_FAMILIES);
});

test("what may be off, and what leaves near the cap, is read by no rule and is not among what is kept", () => {
  const names = all.map(({ name }) => name);
  for (const family of [...SWITCHABLE_FAMILIES, ...DRIFT_DETAILS]) {
    expect(names).toContain(family);
    expect(family).not.toMatch(KEPT);
    expect(usesOf(all.find(({ name }) => name === family)!).rules, family).toEqual([]);
  }
});

test("the page counts the series of a pipeline right, and 10 000 of them are below the alert on the cap", () => {
  const { exposition, recorder, observe } = newMetrics();
  const pipeline_name = "p";
  const each = <T>(count: number, make: (name: string) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(`n${i}`));
  const order = { run_order: 1, at: NOW };
  const histogram = { buckets: [1, 0, 0, 0, 0, 0, 0, 0, 0], sum: 0.001, count: 1 };
  const counted: number[] = [];
  const count = () => counted.push(exposition.series - counted.reduce((sum, one) => sum + one, 0));
  const window = (days: string) => ({ pipeline_name, window: days, ratio: 1 });

  observe({
    headlines: [
      { pipeline_name, last_success_at: NOW, last_failure_at: null, last_duration_seconds: 1, gauge_horizon: null },
    ],
  });
  recorder.showGates([{ pipeline_name, decision: "pass", allowed: true }]);
  const pipelines = { pipelines: [window("7d"), window("30d")], targets: [{ pipeline_name, ratio: 1 }] };
  recorder.setSlaRates([pipeline_name], { checks: [], ...pipelines });
  count();
  observe({ records: each(3, (stage) => ({ pipeline_name, stage, processed: 1, failed: 0, born_at: NOW })) });
  count();
  observe({ checks: each(10, (check_name) => ({ pipeline_name, check_name, ...order, score: 1, threshold: 1 })) });
  const checks = each(10, (check_name) => ["7d", "30d"].map((days) => ({ check_name, ...window(days) }))).flat();
  recorder.setSlaRates([pipeline_name], { checks, ...pipelines });
  count();
  const judged = {
    psi: 0.1,
    p_value: 0.5,
    threshold: 0.2,
    critical_psi: 0.1,
    n_current: 1,
    verdict: "stable" as const,
  };
  observe({ features: each(10, (feature_name) => ({ pipeline_name, feature_name, ...order, ...judged })) });
  count();
  observe({ freshness: [{ pipeline_name, dataset: "d", data_through: NOW }] });
  recorder.showUpstreams(each(2, (upstream) => ({ pipeline_name, upstream })));
  count();
  observe({ latencies: [{ pipeline_name, operation: "vector_search", histogram, born_at: NOW }] });
  count();

  expect(counted).toEqual([28, 3 * 2, 10 * 4, 10 * 5, 3, 11]);
  expect(exposition.series).toBe(138);
  expect(readFileSync(PAGE, "utf8")).toContain("has 138 series, and 10 000 of them have 1 380 000");
  expect(exposition.series * 10_000).toBeLessThan(0.8 * load().config.metrics.series_cap);
  expect(alertNamed("SluiceSeriesNearCap").expr).toContain("> 0.8");
});

test("a family that rules read is known as read", () => {
  const uses = (name: string) => usesOf(all.find((family) => family.name === name)!);
  expect(uses("data_quality_score").rules).toContain("DataQualityDegraded");
  expect(uses("vector_search_latency_seconds").rules).toContain("VectorSearchLatencyHigh");
  expect(uses("sluice_series_cap")).toEqual({ rules: ["SluiceSeriesNearCap"], panels: [] });
});
