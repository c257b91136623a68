import { describe, expect, test } from "vitest";
import { applyOverride } from "../../../src/domain/gate/apply-override.ts";
import { assess, type Decision } from "../../../src/domain/gate/assess.ts";
import { upstreamFindings } from "../../../src/domain/gate/checks/upstream.ts";
import { allows } from "../../../src/domain/gate/decision.ts";
import type { Evidence } from "../../../src/domain/gate/evidence/evidence.ts";
import type { Override } from "../../../src/domain/gate/transition.ts";
import { withReasons } from "../../../src/domain/gate/with-upstreams.ts";
import {
  asking,
  check,
  evidence,
  feature,
  going,
  MINUTE,
  NOW,
  nothing,
  policy,
  run,
  stage,
} from "./checks/evidence.ts";

const good = () => evidence({ checks: [check()], stages: [stage("load", 47_500), stage("transform", 48_000)] });

describe("none of these is a pass:", () => {
  test.each([
    ["a pipeline that was never heard of", nothing(), {}, "unknown", ["no_evidence"]],
    ["a success with only a status", evidence(), {}, "unknown", ["no_evidence"]],
    ["stale evidence", good(), { max_age: 60 * MINUTE }, "unknown", ["evidence_stale"]],
    ["a run still going", { ...good(), run: going() }, {}, "pending", ["run_in_progress"]],
    [
      "only warnings",
      evidence({ checks: [check(), check({ check_name: "w", severity: "warn", score: 0.1 })] }),
      {},
      "warn",
      ["quality_below_threshold"],
    ],
    [
      "a policy naming a check that never came",
      good(),
      { requires: { checks: ["row_hash"] } },
      "pending",
      ["check_missing"],
    ],
    ["an empty quality batch", evidence({ checks: [] }), {}, "unknown", ["no_evidence"]],
    [
      "only a check that could not be computed",
      evidence({ checks: [check({ score: null })] }),
      {},
      "unknown",
      ["check_errored", "no_evidence"],
    ],
  ] as const)("%s", (_what, given, overlay, decision: Decision, codes) => {
    const said = assess(given, policy(overlay as never), asking());
    expect(said.decision).toBe(decision);
    expect(said.reasons.map(({ code }) => code)).toEqual(codes);
  });
});

test("a run that ended well, with data that is well, is a pass without reasons", () => {
  expect(assess(good(), policy(), asking())).toEqual({
    decision: "pass",
    allowed: true,
    reasons: [],
    run_id: "r1",
    evidence_at: NOW - 90 * MINUTE,
    valid_until: null,
  });
});

test("what a run that still goes on may put right is pending, not a block", () => {
  const partial = { ...good(), run: going(), stages: [stage("load", 10), stage("transform", 48_000)] };
  const outside = assess(partial, policy(), asking());
  expect(outside.decision).toBe("pending");
  expect(outside.reasons.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    "run_in_progress pending",
    "stage_ratio_out_of_range pending",
  ]);
  expect(assess(partial, policy(), asking({ while_running: true })).decision).toBe("block");
});

test("a drifted feature of a failed run: the gravest reason first, then in the order of the codes", () => {
  const bad = evidence({
    run: run({ status: "failed", error: "timeout" }),
    checks: [check({ score: 0.91 }), check({ check_name: "a", severity: "warn", score: 0 })],
    features: [feature({ verdict: "drifted", psi: 0.31, p_value: 1e-9 })],
  });
  expect(assess(bad, policy(), asking()).reasons.map(({ detail }) => detail)).toEqual([
    "Run r1 failed at 2026-11-20 02:30 UTC: timeout",
    "null_rate scored 0.91, 0.95 is required",
    "amount drifted: its PSI of 0.31 on 48,000 rows is above 0.2, and that is not chance (p < 0.0001)",
    "a scored 0, 0.95 is required",
  ]);
});

test.each<[Decision, boolean, boolean]>([
  ["pass", true, true],
  ["warn", true, true],
  ["block", false, false],
  ["pending", false, false],
  ["unknown", false, true],
])("%s is allowed: %s under on_unknown: block, %s under allow", (decision, block, allow) => {
  expect(allows(decision, { on_unknown: "block" })).toBe(block);
  expect(allows(decision, { on_unknown: "allow" })).toBe(allow);
  const given: Record<Decision, Evidence> = {
    pass: good(),
    warn: evidence({ checks: [check(), check({ check_name: "w", severity: "warn", score: 0 })] }),
    block: evidence({ checks: [check({ score: 0 })] }),
    pending: { ...good(), run: going() },
    unknown: evidence(),
  };
  expect(assess(given[decision], policy(), asking())).toMatchObject({ decision, allowed: block });
  expect(assess(given[decision], policy({ on_unknown: "allow" }), asking())).toMatchObject({
    decision,
    allowed: allow,
  });
});

describe("an override", () => {
  const override = (over: Partial<Override> = {}): Override => ({
    override_id: "o1",
    decision: "pass",
    reason: "vendor confirmed",
    actor: "ana",
    created_at: NOW,
    expires_at: NOW + 60 * MINUTE,
    run_id: null,
    ...over,
  });
  const blocked = () => assess(evidence({ checks: [check({ score: 0.5 })] }), policy(), asking());

  test("to pass keeps the reasons, so that everyone sees what was overridden", () => {
    const { decision, allowed, reasons, valid_until } = applyOverride(blocked(), override());
    expect({ decision, allowed, valid_until }).toEqual({
      decision: "pass",
      allowed: true,
      valid_until: NOW + 60 * MINUTE,
    });
    expect(reasons).toEqual(blocked().reasons);
  });

  test("to block comes first among the reasons: who, until when, why; twice is once", () => {
    const over = override({ decision: "block", reason: "wrong file" });
    const once = applyOverride(assess(good(), policy(), asking()), over);
    expect(once).toMatchObject({ decision: "block", allowed: false });
    expect(once.reasons.map(({ detail }) => detail)).toEqual(["Blocked by ana until 2026-11-20 05:00 UTC: wrong file"]);
    expect(applyOverride(once, over)).toEqual(once);
  });

  test("of another run is not applied", () => {
    expect(applyOverride(blocked(), override({ run_id: "r2" }))).toEqual(blocked());
  });

  test("to pass, laid over upstreams that are blocked, lets through", () => {
    const reasons = upstreamFindings(policy(), [
      {
        pipeline_name: "raw",
        decision: "block",
        allowed: false,
        reasons: [{ detail: "null_rate scored 0.91, 0.95 is required" }],
      },
    ]);
    const whole = withReasons(assess(good(), policy(), asking()), reasons, policy());
    expect(whole).toMatchObject({ decision: "block", allowed: false });
    expect(whole.reasons[0]!.detail).toBe("Upstream raw is blocked: null_rate scored 0.91, 0.95 is required");
    expect(applyOverride(whole, override())).toMatchObject({ decision: "pass", allowed: true, reasons: whole.reasons });
  });
});
