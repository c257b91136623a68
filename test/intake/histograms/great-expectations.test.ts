import { describe, expect, test } from "vitest";
import { read, readOne, refusal } from "./read.ts";

const CONTINUOUS = { bins: [0, 30, 60, 90], weights: [0.5, 0.3, 0.2] };
const CATEGORICAL = { values: ["a", "b", "c"], weights: [0.5, 0.25, 0.25] };

describe("a partition of Great Expectations", () => {
  test("of bins becomes counts, with n as parameter or field; the field says more", () => {
    expect(readOne("great_expectations", CONTINUOUS, { n: 1000 })).toEqual({
      edges: [0, 30, 60, 90],
      counts: [500, 300, 200],
      nulls: 0,
    });
    expect(readOne("great_expectations", { ...CONTINUOUS, n: 10 }, { n: 1000 })).toMatchObject({ counts: [5, 3, 2] });
  });

  test("keeps n, to the row", () => {
    // 3.5, 2.1, 1.4 of 7: 3 + 2 + 1, and the one left over goes where most was lost.
    expect(readOne("great_expectations", { ...CONTINUOUS, n: 7 })).toMatchObject({ counts: [4, 2, 1] });
    const thirds = { values: ["x", "y", "z"], weights: [0.333, 0.333, 0.333], n: 1000 };
    expect(readOne("great_expectations", thirds)).toEqual({ categories: { x: 334, y: 333, z: 333 }, nulls: 0 });
  });

  test("has tails as open bins, as wide as the ones beside them", () => {
    const partition = { bins: [0, 10, 30], weights: [0.5, 0.3], tail_weights: [0.2, 0], n: 10 };
    expect(readOne("great_expectations", partition)).toEqual({
      edges: [-10, 0, 10, 30, 50],
      counts: [2, 5, 3, 0],
      nulls: 0,
    });
  });

  test("of values is one of categories", () => {
    expect(readOne("great_expectations", { ...CATEGORICAL, values: ["a", 1, true], n: 8 })).toEqual({
      categories: { a: 4, "1": 2, true: 2 },
      nulls: 0,
    });
  });

  test("may be one of many, by feature; what is none is left out", () => {
    expect(read("great_expectations", { age: CONTINUOUS, plan: CATEGORICAL, meta: { notes: 1 } }, { n: 100 })).toEqual({
      age: { edges: [0, 30, 60, 90], counts: [50, 30, 20], nulls: 0 },
      plan: { categories: { a: 50, b: 25, c: 25 }, nulls: 0 },
    });
  });

  test("without n is refused", () => {
    const message = "missing; weights are shares, so the number of rows they are of is needed: as n here or as ?n=";
    expect(refusal("great_expectations", CONTINUOUS, { feature_name: "age" })).toEqual({ n: message });
    expect(refusal("great_expectations", { age: CONTINUOUS })).toEqual({ "age.n": message });
  });

  test.each([
    [
      "weights that are no shares",
      { bins: [0, 1], weights: [5] },
      { "weights[0]": "5 given; must be a number from 0 to 1" },
    ],
    [
      "weights that are not all there",
      { bins: [0, 1, 2], weights: [0.5, 0.25] },
      { weights: "add up to 0.75; weights and tail_weights together must add up to 1" },
    ],
    ["too few bins", { bins: [0], weights: [1] }, { bins: "1 given; must be 2, one more than weights" }],
    ["no weights", { values: ["a"] }, { weights: "missing; must be an array" }],
    ["too many values", { values: ["a", "b"], weights: [1] }, { values: "2 given; must be 1, as many as weights" }],
    [
      "one tail",
      { bins: [0, 1], weights: [1], tail_weights: [0] },
      { tail_weights: "1 given; must be two, below and above the bins" },
    ],
    [
      "bins that fall",
      { bins: [1, 0], weights: [1] },
      { "bins[1]": "from 1 to 0 given; a bucket's lower bound must not be above its upper bound" },
    ],
    ["no object", [], { "": "an array given; must be an object" }],
    [
      "nothing",
      {},
      { "": "an empty object given; must be a partition with weights, or an object of partitions by feature" },
    ],
  ])("with %s is refused", (_what, partition, wrong) => {
    expect(refusal("great_expectations", partition, { n: 10, feature_name: "f" })).toEqual(wrong);
  });
});
