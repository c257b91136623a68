import { describe, expect, test } from "vitest";
import { evidenceThen } from "../../../../src/domain/gate/evidence/evidence-then.ts";
import { alert, check, evidence, feature, MINUTE, NOW, nothing, run, stage } from "../checks/evidence.ts";

const UNTIL = NOW;
const late = NOW + MINUTE;

describe("the evidence of a past decision", () => {
  test("is what was stored with it, where the run is not known any more or there was none", () => {
    const stored = evidence({ checks: [check()] });
    expect(evidenceThen(stored, null, UNTIL)).toBe(stored);
    expect(evidenceThen(stored, nothing(), UNTIL)).toBe(stored);
    const none = nothing({ freshness: [{ dataset: "orders", data_through: NOW }] });
    expect(evidenceThen(none, evidence({ checks: [check()] }), UNTIL)).toBe(none);
  });

  test("has what was reported beside it while it stood, and nothing of what came after", () => {
    const stored = evidence({ checks: [check({ score: 0.97 })], features: [feature()], stages: [stage("load", 5)] });
    const later = evidence({
      checks: [
        check({ check_name: "a", score: 0.9 }),
        check({ score: 0.96, at: NOW }),
        check({ check_name: "z", at: late }),
      ],
      features: [feature({ psi: 0.5, at: late }), feature({ feature_name: "b" })],
      stages: [stage("extract", 9), stage("load", 6)],
    });
    const then = evidenceThen(stored, later, UNTIL);
    expect(then.checks.map(({ check_name, score }) => [check_name, score])).toEqual([
      ["a", 0.9],
      ["null_rate", 0.96],
    ]);
    expect(then.features.map(({ feature_name, psi }) => [feature_name, psi])).toEqual([
      ["amount", 0.01],
      ["b", 0.01],
    ]);
    expect(then.stages.map((one) => [one.stage, one.count])).toEqual([
      ["extract", 9],
      ["load", 6],
    ]);
    const standing = evidenceThen(stored, later, null);
    expect(standing.checks).toHaveLength(3);
  });

  test("knows of alerts, references, invalidation and runs going on what was known then", () => {
    const going_on = [{ run_id: "r0", status: "started" as const, attempt: 1, started_at: NOW, first_at: NOW }];
    const stored = evidence({ alerts: [alert()], referenced_features: ["amount"], going_on });
    const invalidated = { actor: "ana", reason: "vendor file", at: late };
    const later = evidence({ run: run({ invalidated }), alerts: [], referenced_features: ["amount", "age"] });
    expect(evidenceThen(stored, later, UNTIL)).toEqual(stored);
  });

  test("is only what was stored once the run was run again, or ended otherwise", () => {
    const stored = evidence();
    for (const other of [{ attempt: 2 }, { status: "failed" as const }, { finished_at: NOW }]) {
      const later = evidence({ run: run(other), checks: [check()] });
      expect(evidenceThen(stored, later, UNTIL)).toBe(stored);
    }
  });

  test("takes how far the run moved the data, where the pipeline was not further already", () => {
    const stored = evidence({ freshness: [{ dataset: "orders", data_through: NOW }] });
    const moved = [
      { dataset: "lines", data_through: NOW - MINUTE },
      { dataset: "orders", data_through: NOW - MINUTE },
    ];
    expect(evidenceThen(stored, evidence({ freshness: moved }), UNTIL).freshness).toEqual([
      { dataset: "lines", data_through: NOW - MINUTE },
      { dataset: "orders", data_through: NOW },
    ]);
  });

  test("keeps whether an empty stage had held records before; a store that did not ask yet is asked now", () => {
    const of = (held_rows: boolean | undefined, now: boolean) => {
      const stored = evidence({ stages: [held_rows === undefined ? stage("w", 0) : stage("w", 0, { held_rows })] });
      const later = evidence({ stages: [stage("w", 0, { held_rows: now })] });
      return evidenceThen(stored, later, UNTIL).stages[0]!.held_rows;
    };
    expect([of(false, true), of(true, false), of(undefined, true)]).toEqual([false, true, true]);
  });
});
