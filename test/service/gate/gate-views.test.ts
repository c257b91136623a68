import { expect, test } from "vitest";
import { type Committed, type GateShown, nothingCommitted } from "../../../src/domain/commit/committed.ts";
import type { Decision } from "../../../src/domain/gate/decision.ts";
import type { GateState } from "../../../src/domain/gate/transition.ts";
import { GateViews } from "../../../src/service/gate/gate-views.ts";
import { Policies } from "../../../src/service/gate/policies.ts";

/** `clean` waits for `load`, and `report` for `clean`. */
const dependent = (pipeline_name: string, upstream: string) => ({
  pipeline_name,
  policy: { depends_on: [upstream] },
  consumers: {},
});
const ENTRIES = [dependent("clean", "load"), dependent("report", "clean")];

function world() {
  const policies = new Policies({ defaults: {}, entries: ENTRIES });
  const gauges: string[] = [];
  const edges: string[][] = [];
  const touched: string[][] = [];
  const views = new GateViews({
    policies,
    gauges: {
      showGates: (gates) => gauges.push(...gates.map(({ pipeline_name, decision }) => `${pipeline_name} ${decision}`)),
      showUpstreams: (all) => edges.push(all.map(({ pipeline_name, upstream }) => `${pipeline_name} < ${upstream}`)),
    },
    onTouched: (names) => touched.push([...names].sort()),
  });
  const observe = (part: Partial<Committed>) => views.observe({ ...nothingCommitted(), ...part });
  /** What was told since the last time. */
  const told = () => ({ gauges: gauges.splice(0), touched: touched.splice(0) });
  const gate = (pipeline_name: string, decision: Decision, revision = 1, more: Partial<GateState> = {}): GateShown => {
    const state = {
      decision,
      allowed: decision === "pass",
      reasons: [],
      run_id: "1",
      override: null,
      evidence_at: 0,
      valid_until: null,
      decision_id: `${pipeline_name} ${revision}`,
      decided_at: 0,
      policy_version: policies.of(pipeline_name).policy_version,
      ...more,
    } as GateState;
    return { pipeline_name, revision, state, data_interval_end: null, cause: null };
  };
  return { policies, views, observe, told, edges, gate };
}

test("of two decisions of a pipeline the one with the greater revision stays, in whatever order they are told", () => {
  const { views, observe, told, gate } = world();
  observe({ gates: [gate("load", "pass", 2)] });
  expect(told().gauges).toEqual(["load pass"]);
  observe({ gates: [gate("load", "block", 1), gate("load", "warn", 2)] });
  expect(told()).toEqual({ gauges: [], touched: [] });
  expect(views.get("load")!.state.decision).toBe("pass");
  observe({ gates: [gate("load", "block", 3)] });
  expect(views.get("load")!.state.decision).toBe("block");
});

test("a decision is shown and waited for by all that depend on it, with their upstreams taken in", () => {
  const { views, observe, told, edges, gate } = world();
  observe({ gates: ["load", "clean", "report"].map((name) => gate(name, "pass")) });
  expect(edges.at(-1)!.sort()).toEqual(["clean < load", "report < clean"]);
  told();
  observe({ gates: [gate("load", "block", 2)] });
  expect(told()).toEqual({
    gauges: ["load block", "clean block", "report block"],
    touched: [["clean", "load", "report"]],
  });
  expect([views.effective("report")!.decision, views.get("report")!.state.decision]).toEqual(["block", "pass"]);
  expect(views.dependentsOf("load").sort()).toEqual(["clean", "report"]);
});

test("what was touched wakes those who wait, though nothing was decided otherwise", () => {
  const { observe, told } = world();
  observe({ touched: ["clean"] });
  expect(told()).toEqual({ gauges: [], touched: [["clean"]] });
  observe({});
  expect(told()).toEqual({ gauges: [], touched: [] });
});

test("an archived pipeline leaves, and those that wait for it no longer know it", () => {
  const { views, observe, told, edges, gate } = world();
  observe({ gates: ["load", "clean", "report"].map((name) => gate(name, "pass")) });
  told();
  observe({ archived: ["load"] });
  expect(told()).toEqual({ gauges: ["clean block", "report block"], touched: [["clean", "load", "report"]] });
  expect([views.get("load"), views.names()]).toEqual([undefined, ["clean", "report"]]);
  observe({ gates: [gate("load", "pass", 1)] });
  expect(told().gauges).toContain("report pass");
  expect(edges.at(-1)).toContain("clean < load");
});

test("the first decision of a revived pipeline takes the place of any before, though nobody saw it archived", () => {
  const { views, observe, gate } = world();
  observe({ gates: [gate("load", "block", 7)] });
  observe({ gates: [gate("load", "pass", 1)], revived: ["load"] });
  expect(views.get("load")!.state.decision).toBe("pass");
});

test("of pipelines that are archived together none is shown again, though one depends on another", () => {
  const { observe, told, gate } = world();
  observe({ gates: ["load", "clean", "report"].map((name) => gate(name, "pass")) });
  told();
  observe({ archived: ["load", "clean"] });
  expect(told().gauges).toEqual(["report block"]);
});

test("archiving what is not known changes nothing that is shown", () => {
  const { observe, told, gate } = world();
  observe({ gates: [gate("load", "pass")] });
  told();
  observe({ archived: ["never reported"] });
  expect(told().gauges).toEqual([]);
});

test("time makes a decision due, and another policy makes it outdated", () => {
  const { policies, views, observe, told, gate } = world();
  observe({ gates: [gate("load", "pass", 1, { valid_until: 10 }), gate("clean", "pass")] });
  expect([views.due(9), views.due(10), views.outdated()]).toEqual([[], ["load"], []]);
  told();
  policies.replace({ defaults: {}, entries: [...ENTRIES, dependent("load", "source")] });
  views.policiesChanged();
  expect(views.outdated()).toEqual(["load"]);
  expect(told().touched).toEqual([["clean", "load"]]);
  expect(views.effective("load")!.decision).toBe("block");
});

test("its own answer is one object for as long as the decision stands", () => {
  const { views, observe, gate } = world();
  observe({ gates: [gate("load", "pass")] });
  const own = views.own(views.get("load")!);
  expect(own).toMatchObject({ pipeline_name: "load", decision: "pass" });
  expect(views.own(views.get("load")!)).toBe(own);
  observe({ gates: [gate("load", "block", 2)] });
  expect(views.own(views.get("load")!)).not.toBe(own);
});
