import { expect, test } from "vitest";
import { type StagePart, stagesOfParts } from "../../../../src/domain/gate/evidence/stages-of-parts.ts";

function part(stage: string, part_id: number, count: number, rest: Partial<StagePart> = {}): StagePart {
  return { stage, part_id, count, failed: null, expected_min: null, stage_expected_min: null, ...rest };
}

test("the parts of a stage add up, each stage by itself and in its place", () => {
  expect(stagesOfParts([part("load", 1, 10), part("load", 2, 5), part("transform", 1, 7)])).toEqual([
    { stage: "load", count: 15, failed: null, expected_min: null },
    { stage: "transform", count: 7, failed: null, expected_min: null },
  ]);
});

test("what failed is known where one part said it, and 0 is not the same as nothing", () => {
  expect(stagesOfParts([part("load", 1, 10), part("load", 2, 5, { failed: 0 })])[0]!.failed).toBe(0);
  expect(stagesOfParts([part("load", 1, 10, { failed: 2 }), part("load", 2, 5, { failed: 3 })])[0]!.failed).toBe(5);
});

test("minima of parts add up, the greatest of one part once", () => {
  const parts = [
    part("load", 1, 10, { expected_min: 100 }),
    part("load", 1, 10, { expected_min: 80 }),
    part("load", 2, 5, { expected_min: 50 }),
  ];
  expect(stagesOfParts(parts)[0]!.expected_min).toBe(150);
});

test("a minimum of the whole stage holds where it is the greater", () => {
  const parts = [part("load", 1, 10, { expected_min: 100, stage_expected_min: 120 }), part("load", 2, 5)];
  expect(stagesOfParts(parts)[0]!.expected_min).toBe(120);
  expect(stagesOfParts([...parts, part("load", 2, 5, { expected_min: 50 })])[0]!.expected_min).toBe(150);
});
