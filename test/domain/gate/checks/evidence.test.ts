import { describe, expect, test } from "vitest";
import { checkEvidenceAge, evidenceAt, noEvidence } from "../../../../src/domain/gate/checks/evidence.ts";
import { asking, check, evidence, feature, going, lines, MINUTE, NOW, nothing, policy, run } from "./evidence.ts";

describe("the age of evidence", () => {
  const stale = (max_age: number | null, now = NOW) =>
    checkEvidenceAge(evidence(), policy({ max_age }), asking({ now }));

  test("does not matter without a max_age", () => {
    expect(stale(null)).toEqual({ reasons: [], valid_until: null, judged: false });
  });

  test("is unknown past it: how old it is, and how old it may be", () => {
    expect(lines(stale(60 * MINUTE).reasons)).toEqual([
      "unknown evidence_stale r1: The newest evidence is 1 h 30 min old (2026-11-20 02:30 UTC), at most 1 h counts: has the pipeline run since?",
    ]);
    expect(stale(60 * MINUTE).reasons[0]).toMatchObject({ observed: 5400, threshold: 3600 });
  });

  test("runs out at the millisecond that was foretold", () => {
    const { valid_until, reasons } = stale(90 * MINUTE);
    expect(reasons).toEqual([]);
    expect(valid_until).toBe(NOW + 1);
    expect(lines(stale(90 * MINUTE, NOW + 1).reasons)[0]).toContain("is just over 1 h 30 min old");
  });

  test("is that of the latest thing reported", () => {
    expect(evidenceAt(evidence())).toBe(NOW - 90 * MINUTE);
    expect(evidenceAt(evidence({ checks: [check({ at: NOW - 5 })] }))).toBe(NOW - 5);
    expect(evidenceAt(evidence({ features: [feature({ at: NOW - 4 })] }))).toBe(NOW - 4);
    expect(evidenceAt(evidence({ run: going({ last_at: NOW - 3 }) }))).toBe(NOW - 3);
    expect(evidenceAt(evidence({ run: going({ started_at: null }) }))).toBe(NOW - 120 * MINUTE);
  });

  test("is how far the data reaches where nothing but freshness is known, and nothing where nothing is", () => {
    expect(
      evidenceAt(
        nothing({
          freshness: [
            { dataset: "a", data_through: 5 },
            { dataset: "b", data_through: 9 },
          ],
        }),
      ),
    ).toBe(9);
    expect(evidenceAt(nothing())).toBeNull();
    expect(checkEvidenceAge(nothing(), policy({ max_age: 1 }), asking()).reasons).toEqual([]);
  });
});

test("no evidence says what to report or set", () => {
  const advice =
    ": send POST /v1/quality, /v1/records or /v1/drift with its run_id, or set freshness or latency limits in the policy " +
    '("on_unknown: allow" goes on without knowing)';
  expect(lines([noEvidence(evidence())])).toEqual([
    `unknown no_evidence r1: Run r1 ended with success, but nothing that its policy judges was reported of its data${advice}`,
  ]);
  expect(lines([noEvidence(nothing())])).toEqual([
    `unknown no_evidence -: Nothing has been reported of pipeline orders_daily that its policy judges${advice}`,
  ]);
  expect(noEvidence(evidence({ run: run({ status: "failed" }) })).detail).toContain("Run r1 failed, but nothing");
});
