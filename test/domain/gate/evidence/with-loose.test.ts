import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assess } from "../../../../src/domain/gate/assess.ts";
import { decisionOf, graver } from "../../../../src/domain/gate/decision.ts";
import type { Evidence, LooseEvidence } from "../../../../src/domain/gate/evidence/evidence.ts";
import type { PolicyOverlay } from "../../../../src/domain/gate/policy/policy.ts";
import { anyEvidence, anyOverlay } from "../checks/any-evidence.ts";
import { asking, check, evidence, feature, going, lines, MINUTE, NOW, policy, stage } from "../checks/evidence.ts";

const GOOD = { stages: [stage("load", 10)] };
const late = NOW - 89 * MINUTE;
const failed = check({ score: 0.1, at: late });
const passed = check({ at: late });
const loose = (over: Partial<LooseEvidence>): LooseEvidence => ({ checks: [], features: [], ...over });
const says = (over: Partial<Evidence>, overlay: PolicyOverlay = {}) => {
  const { decision, allowed, reasons } = assess(evidence(over), policy(overlay), asking());
  return [decision, allowed, ...reasons.map(({ code }) => code)];
};

describe("evidence without a run_id, in the decision on a run with one", () => {
  test.each<[string, Partial<Evidence>, LooseEvidence, PolicyOverlay, unknown[]]>([
    [
      "a failure blocks",
      GOOD,
      loose({ checks: [failed] }),
      {},
      ["block", false, "quality_below_threshold", "overall_quality_below_minimum"],
    ],
    [
      "a failure of a check that warns, warns",
      GOOD,
      loose({ checks: [check({ severity: "warn", score: 0.1 })] }),
      {},
      ["warn", true, "quality_below_threshold"],
    ],
    [
      "one that could not be computed is unknown",
      GOOD,
      loose({ checks: [check({ score: null, error: "timeout" })] }),
      {},
      ["unknown", false, "check_errored"],
    ],
    ["a passed check changes nothing", GOOD, loose({ checks: [passed] }), {}, ["pass", true]],
    [
      "a drifted feature blocks",
      GOOD,
      loose({ features: [feature({ verdict: "drifted", psi: 0.5 })] }),
      {},
      ["block", false, "feature_drifted"],
    ],
    [
      "… and does not where the policy looks away",
      GOOD,
      loose({ features: [feature({ verdict: "drifted" })] }),
      { drift: { drifted: "off" } },
      ["pass", true],
    ],
    [
      "a passed check does not heal a failure of the run",
      { checks: [check({ score: 0.1 })] },
      loose({ checks: [passed] }),
      {},
      ["block", false, "quality_below_threshold", "overall_quality_below_minimum"],
    ],
    [
      "a later result of the run ends an earlier failure",
      { checks: [check({ at: late + 1 })] },
      loose({ checks: [failed] }),
      {},
      ["pass", true],
    ],
    [
      "a failure later than the run's own result blocks",
      { checks: [check({ at: late - 1 })] },
      loose({ checks: [failed] }),
      {},
      ["block", false, "quality_below_threshold", "overall_quality_below_minimum"],
    ],
    [
      "at the same time the worse one stands",
      { checks: [check({ at: late })] },
      loose({ checks: [failed] }),
      {},
      ["block", false, "quality_below_threshold", "overall_quality_below_minimum"],
    ],
    [
      "it is no evidence of the run's data by itself",
      {},
      loose({ checks: [passed] }),
      {},
      ["unknown", false, "no_evidence"],
    ],
    [
      "… and a failure beside that blocks",
      {},
      loose({ checks: [failed] }),
      {},
      ["block", false, "quality_below_threshold", "overall_quality_below_minimum", "no_evidence"],
    ],
    [
      "it does not satisfy requires",
      GOOD,
      loose({ checks: [passed] }),
      { requires: { checks: ["null_rate"] } },
      ["pending", false, "check_missing"],
    ],
    [
      "… nor a check that the policy names",
      GOOD,
      loose({ checks: [passed] }),
      { quality: { checks: [{ check_name: "null_rate", minimum: 0.9 }] } },
      ["pending", false, "check_missing"],
    ],
    [
      "both of two failures are told",
      { checks: [check({ check_name: "a", score: 0.9, severity: "warn" }), check({ check_name: "b" })] },
      loose({ checks: [check({ check_name: "b", score: 0.1, severity: "warn", at: late })] }),
      {},
      ["warn", true, "quality_below_threshold", "quality_below_threshold"],
    ],
    [
      "unknown that is allowed stays allowed beside a warning",
      {},
      loose({ checks: [check({ severity: "warn", score: 0.1 })] }),
      { on_unknown: "allow" },
      ["unknown", true, "no_evidence", "quality_below_threshold"],
    ],
  ])("%s", (_name, own, extra, overlay, expected) => {
    expect(says({ ...own, loose: extra }, overlay)).toEqual(expected);
  });

  test("while the run is going on a failure only waits, as one of its own does", () => {
    const { decision } = assess(
      evidence({ ...GOOD, run: going(), loose: loose({ checks: [failed] }) }),
      policy(),
      asking(),
    );
    expect(decision).toBe("pending");
  });

  test.each([
    ["a warning that a feature is missing goes", [], "pass"],
    ["… and stays where it stops the run: the runs before had the feature", ["age"], "block"],
  ])("%s", (_name, usual_features, decision) => {
    const own = { ...GOOD, referenced_features: ["age"], usual_features };
    const extra = loose({ features: [feature({ feature_name: "age" })] });
    expect(says({ ...own, loose: extra })[0]).toBe(decision);
  });

  test("the reason says that it came without a run_id, and when", () => {
    const { reasons } = assess(evidence({ ...GOOD, loose: loose({ checks: [failed] }) }), policy(), asking());
    expect(lines(reasons)[0]).toBe(
      "block quality_below_threshold null_rate: null_rate scored 0.1, 0.95 is required (reported without a run_id at 2026-11-20 02:31 UTC)",
    );
  });

  test("a reason of the run itself does not say so", () => {
    const { reasons } = assess(
      evidence({ checks: [check({ score: 0.1 })], loose: loose({ checks: [passed] }) }),
      policy(),
      asking(),
    );
    expect(reasons[0]!.detail).toBe("null_rate scored 0.1, 0.95 is required");
  });

  test("makes it worse or leaves it, whatever it says, and mends nothing but the warning that a feature is missing", () => {
    fc.assert(
      fc.property(anyEvidence, anyEvidence, anyOverlay, (own, other, overlay) => {
        const { checks, features } = other;
        const without = assess(own, policy(overlay), asking());
        const both = assess({ ...own, loose: { checks, features } }, policy(overlay), asking());
        const stays = without.reasons.filter(({ code, severity, subject }) => {
          const reported = features.some(({ feature_name }) => feature_name === subject);
          return !(code === "feature_missing" && severity === "warn" && reported);
        });
        expect(graver(both.decision, decisionOf(stays))).toBe(both.decision);
        expect(both.allowed && !without.allowed).toBe(false);
        expect(both.decision).toBe(decisionOf(both.reasons));
        const codes = both.reasons.map(({ code, subject }) => `${code} ${subject}`);
        for (const { code, subject } of stays) expect(codes).toContain(`${code} ${subject}`);
      }),
      { numRuns: 300, seed: 20_261_120 },
    );
  });
});
