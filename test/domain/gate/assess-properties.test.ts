import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOverride } from "../../../src/domain/gate/apply-override.ts";
import { type Assessment, assess, DECISIONS, type Decision, decisionOf } from "../../../src/domain/gate/assess.ts";
import { REASON_CODES, type Reason, SEVERITIES } from "../../../src/domain/gate/reason.ts";
import { withReasons } from "../../../src/domain/gate/with-upstreams.ts";
import { anyEvidence, anyOverlay, twoOrders } from "./checks/any-evidence.ts";
import { asking, MINUTE, NOW, policy } from "./checks/evidence.ts";

const anyAsking = fc.boolean().map((while_running) => asking({ while_running }));
const reason: fc.Arbitrary<Reason> = fc.record({
  code: fc.constantFrom(...REASON_CODES),
  severity: fc.constantFrom(...SEVERITIES),
  subject: fc.option(fc.constantFrom("a", "b")),
  observed: fc.constant(null),
  threshold: fc.constant(null),
  detail: fc.constantFrom("x", "y"),
});
const FIXED = { numRuns: 300, seed: 20_261_120 };

describe("whatever the evidence and the policy:", () => {
  test("the order in which evidence is listed does not matter", () => {
    fc.assert(
      fc.property(twoOrders, anyOverlay, anyAsking, ([one, other], overlay, how) => {
        expect(assess(other, policy(overlay), how)).toEqual(assess(one, policy(overlay), how));
      }),
      FIXED,
    );
  });

  test("nothing changes before valid_until, and nothing ever where there is none", () => {
    const words = ({ decision, reasons }: Assessment) => [
      decision,
      reasons.map(({ code, severity, subject }) => [code, severity, subject]),
    ];
    fc.assert(
      fc.property(anyEvidence, anyOverlay, anyAsking, fc.nat({ max: 1_000_000 }), (evidence, overlay, how, part) => {
        const now = assess(evidence, policy(overlay), how);
        const end = now.valid_until ?? NOW + 1e9 * MINUTE;
        expect(end).toBeGreaterThan(NOW);
        const later = NOW + Math.floor(((end - 1 - NOW) * part) / 1_000_000);
        for (const moment of [later, end - 1]) {
          expect(words(assess(evidence, policy(overlay), { ...how, now: moment }))).toEqual(words(now));
        }
      }),
      FIXED,
    );
  });

  test("without a score, a count, a verdict, a schema, a reach or a latency there is neither a pass nor a warning", () => {
    fc.assert(
      fc.property(anyEvidence, anyOverlay, anyAsking, (evidence, overlay, how) => {
        const checks = evidence.checks.map((check) => ({ ...check, score: null }));
        const features = evidence.features.map((feature) => ({ ...feature, verdict: "no_reference" as const }));
        const empty = { ...evidence, checks, features, schemas: [], stages: [], freshness: [], latencies: [] };
        expect(["block", "pending", "unknown"]).toContain(assess(empty, policy(overlay), how).decision);
      }),
      FIXED,
    );
  });

  test("the evidence made up here leads to every decision, often", () => {
    const sampled = fc.sample(fc.tuple(anyEvidence, anyOverlay, anyAsking), FIXED);
    const decisions = sampled.map(([evidence, overlay, how]) => assess(evidence, policy(overlay), how).decision);
    const count = (decision: Decision) => decisions.filter((one) => one === decision).length;
    expect(Object.fromEntries(DECISIONS.map((decision) => [decision, count(decision)]))).toSatisfy(
      (counts: Record<Decision, number>) => Object.values(counts).every((times) => times >= 5),
    );
  });

  test("the decision is that of the gravest reason, and block and pending are never allowed", () => {
    fc.assert(
      fc.property(anyEvidence, anyOverlay, anyAsking, (evidence, overlay, how) => {
        const { decision, allowed, reasons } = assess(evidence, policy(overlay), how);
        expect(decision).toBe(reasons[0]?.severity ?? "pass");
        expect(decision).toBe(decisionOf(reasons));
        expect(allowed).toBe(
          decision === "unknown" ? overlay.on_unknown === "allow" : ["pass", "warn"].includes(decision),
        );
      }),
      FIXED,
    );
  });

  test("more reasons only make it graver, and one that blocks is never allowed", () => {
    const block = {
      code: "upstream_blocked",
      severity: "block",
      subject: "x",
      observed: null,
      threshold: null,
      detail: "x",
    } as const;
    fc.assert(
      fc.property(anyEvidence, anyOverlay, fc.array(reason, { maxLength: 4 }), (evidence, overlay, more) => {
        const own = assess(evidence, policy(overlay), asking());
        const whole = withReasons(own, more, policy(overlay));
        expect(whole.decision).toBe(decisionOf([...own.reasons, ...more]));
        expect(whole.allowed && !own.allowed).toBe(false);
        expect(withReasons(own, [...more, block], policy(overlay))).toMatchObject({
          decision: "block",
          allowed: false,
        });
      }),
      FIXED,
    );
  });

  test("an override has the last word, and applied twice is applied once", () => {
    const override = {
      override_id: "o",
      reason: "r",
      actor: "a",
      created_at: NOW,
      expires_at: NOW + MINUTE,
      run_id: null,
    };
    fc.assert(
      fc.property(
        anyEvidence,
        anyOverlay,
        fc.constantFrom("pass", "block"),
        fc.array(reason),
        (evidence, overlay, decision, more) => {
          const over = { ...override, decision };
          const once = applyOverride(assess(evidence, policy(overlay), asking()), over);
          expect(applyOverride(once, over)).toEqual(once);
          const again = applyOverride(withReasons(once, more, policy(overlay)), over);
          expect([again.decision, again.allowed]).toEqual([decision, decision === "pass"]);
          expect(again.reasons.filter(({ detail }) => detail.startsWith("Blocked by"))).toHaveLength(
            decision === "block" ? 1 : 0,
          );
        },
      ),
      FIXED,
    );
  });
});
