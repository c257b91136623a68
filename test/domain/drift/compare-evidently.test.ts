import { describe, expect, test } from "vitest";
import {
  type ComparedShape,
  type OurWord,
  rightDraws,
  type TheirWord,
  wrongShapes,
} from "../../../bench/compare-evidently/compared-shape.ts";
import { markdownTable, summary } from "../../../bench/compare-evidently/markdown-table.ts";

const our = (verdict: OurWord["verdict"], ...decided_by: string[]): OurWord => ({ verdict, psi: 0.1234, decided_by });
const their = (drifted: boolean): TheirWord => ({ drifted, method: "K-S p_value", value: 0.000021 });
const shape = (truth: ComparedShape["truth"], ours: OurWord[], theirs: TheirWord[]): ComparedShape => ({
  name: `a ${truth} one`,
  truth,
  rows: [5000, 20_000],
  ours,
  theirs,
});

const found = shape(
  "drifted",
  [our("drifted", "psi", "nulls", "outside"), our("drifted", "psi")],
  [their(true), their(false)],
);
const same = shape("stable", [our("stable"), our("stable")], [their(true), their(true)]);
const few = shape("inconclusive", [our("inconclusive"), our("inconclusive")], [their(false), their(false)]);
const ended = shape(
  "drifted",
  [our("drifted", "nulls"), our("stable")],
  [{ error: "ValueError: empty" }, { error: "x" }],
);
const free = shape(null, [our("stable"), our("drifted", "psi")], [their(true), their(true)]);

describe("who is right", () => {
  test("is counted over the draws", () => {
    expect([found, same, few, ended].map(rightDraws)).toEqual([
      { ours: 2, theirs: 1 },
      { ours: 2, theirs: 0 },
      { ours: 2, theirs: 2 },
      { ours: 1, theirs: 0 },
    ]);
  });
  test("is nobody's question where the truth is free", () => {
    expect(rightDraws(free)).toEqual({ ours: null, theirs: null });
  });
  test("names the shapes on which one draw was wrong, and no free ones", () => {
    expect(wrongShapes([found, same, few, ended, free])).toEqual(["a drifted one"]);
    expect(wrongShapes([found, free])).toEqual([]);
  });
});

describe("the table", () => {
  const lines = markdownTable([found, same, few, ended, free]).split("\n").slice(2);

  test("has a line a shape", () => {
    expect(lines).toEqual([
      "| a drifted one | 5 000, 20 000 | drifted | drifted | 0.123, psi, nulls, 1 more | drift 1, no drift 1 | K-S p_value, 2e-5 | Sluice 2, Evidently 1 of 2 |",
      "| a stable one | 5 000, 20 000 | stable | stable | 0.123 | drift | K-S p_value, 2e-5 | Sluice |",
      "| a inconclusive one | 5 000, 20 000 | inconclusive | inconclusive | 0.123 | no drift | K-S p_value, 2e-5 | both |",
      "| a drifted one | 5 000, 20 000 | drifted | drifted 1, stable 1 | 0.123, nulls | error | ValueError | Sluice 1, Evidently 0 of 2 |",
      "| a null one | 5 000, 20 000 | free | stable 1, drifted 1 | 0.123, psi | drift | K-S p_value, 2e-5 | free |",
    ]);
  });
  test("is summed up over the shapes whose truth is known", () => {
    expect(summary([found, same, few, ended, free])).toContain(
      "of 4 shapes whose truth is known: Sluice right on 3, Evidently on 1",
    );
  });
});
