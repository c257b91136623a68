import { expect, test } from "vitest";
import { DECISIONS } from "../../../../src/domain/gate/decision.ts";
import { REASON_CODES } from "../../../../src/domain/gate/reason.ts";
import { newMetrics } from "../support.ts";

const lines = async (metrics: ReturnType<typeof newMetrics>) =>
  (await metrics.samples()).map((line) => line.replace(/ +/g, " "));

test("a gate shows whether it lets through, and what it says as one of five", async () => {
  const metrics = newMetrics();
  metrics.recorder.showGates([{ pipeline_name: "p", decision: "warn", allowed: true }]);
  metrics.recorder.showGates([{ pipeline_name: "p", decision: "block", allowed: false }]);
  expect(await lines(metrics)).toEqual([
    'gate_allowed{pipeline_name="p"} 0',
    'gate_decision{pipeline_name="p",decision="pass"} 0',
    'gate_decision{pipeline_name="p",decision="warn"} 0',
    'gate_decision{pipeline_name="p",decision="block"} 1',
    'gate_decision{pipeline_name="p",decision="pending"} 0',
    'gate_decision{pipeline_name="p",decision="unknown"} 0',
  ]);
});

test("decisions are counted once, however often and in whatever order they are told", async () => {
  const metrics = newMetrics();
  const count = (pipeline_name: string, total: number) =>
    metrics.observe({ gate_decisions: [{ pipeline_name, decision: "block", code: "run_failed", total }] });
  count("a", 2);
  count("b", 1);
  count("a", 1);
  count("a", 2);
  expect(await lines(metrics)).toEqual(['gate_decisions_total{decision="block",code="run_failed"} 3']);
});

test("every decision and code is there at 0 from the start, so that increase() sees the first of each", async () => {
  const metrics = newMetrics();
  metrics.recorder.birthDecisions();
  const shown = await lines(metrics);
  expect(shown).toHaveLength(DECISIONS.length * (1 + REASON_CODES.length));
  expect(shown).toContain('gate_decisions_total{decision="pass",code="none"} 0');
});

test("who depends on whom is shown as it is now", async () => {
  const metrics = newMetrics();
  metrics.recorder.showUpstreams([{ pipeline_name: "mart", upstream: "a" }]);
  metrics.recorder.showUpstreams([{ pipeline_name: "mart", upstream: "b" }]);
  expect(await lines(metrics)).toEqual(['pipeline_upstream_info{pipeline_name="mart",upstream="b"} 1']);
});
