import { expect, test } from "vitest";
import { createMetrics } from "../../src/app/http/metrics.ts";
import { DEPRECATED_FAMILIES, type SwitchableFamily } from "../../src/config.ts";
import type { Log } from "../../src/ports.ts";
import { load } from "../config/load.ts";

function metricsWith(off: SwitchableFamily[]) {
  const lines: [object, string][] = [];
  const log = { info: (fields: object, text: string) => lines.push([fields, text]) } as unknown as Log;
  const config = { metrics: { ...load().config.metrics, series_cap: 500, off } };
  return { lines, ...createMetrics({ config, store_up: () => true, clock: { now: () => 0 }, log }) };
}

test("one line at the start names the deprecated families that are on", () => {
  expect(metricsWith([]).lines).toEqual([[{ families: DEPRECATED_FAMILIES }, expect.stringContaining("deprecated")]]);
  expect(metricsWith(["nodejs_external_memory_bytes", "feature_rows"]).lines).toEqual([
    [{ families: ["process_cpu_user_seconds_total", "process_cpu_system_seconds_total"] }, expect.any(String)],
  ]);
  expect(metricsWith([...DEPRECATED_FAMILIES]).lines).toEqual([]);
});

test("what is off is off in both halves of the body, and the cap is told", async () => {
  const { agent, exposition } = metricsWith(["feature_rows", "process_cpu_user_seconds_total"]);
  const own = await agent.registry.metrics();
  expect(own).not.toContain("process_cpu_user_seconds_total");
  expect(own).toContain("sluice_series_cap 500\n");
  expect(exposition.shows("feature_rows")).toBe(false);
  expect(exposition.shows("feature_drift_score")).toBe(true);
});
