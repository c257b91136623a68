import Type from "typebox";
import { describe, expect, test } from "vitest";
import { compileCheck, show } from "../../src/contract/check.ts";

const check = compileCheck(
  Type.Object(
    {
      name: Type.String({ description: "a name" }),
      count: Type.Optional(Type.Integer({ minimum: 0, description: "a whole number" })),
      list: Type.Optional(Type.Array(Type.Number())),
      "a/b~c": Type.Optional(Type.Boolean({ description: "true or false" })),
    },
    { additionalProperties: false },
  ),
);

describe("a check", () => {
  test("finds nothing wrong with what fits, and changes nothing of it", () => {
    const value = Object.freeze({ name: "x", count: 1 });
    expect(check(value)).toBeNull();
  });

  test("tells everything that is wrong at once: the field, what was given, what is allowed", () => {
    expect(check({ count: -1, list: [1, "2", [3]], "a/b~c": 0, other: 1 })).toEqual([
      { path: "name", message: "missing; must be a name" },
      { path: "other", message: 'unknown field "other"; the fields are name, count, list, a/b~c' },
      { path: "count", message: "-1 given; must be a whole number" },
      { path: "list[1]", message: '"2" given; must be number' },
      { path: "list[2]", message: "an array given; must be number" },
      { path: "a/b~c", message: "0 given; must be true or false" },
    ]);
  });

  test("coerces nothing", () => {
    expect(check({ name: "x", count: "1" })).toEqual([{ path: "count", message: '"1" given; must be a whole number' }]);
    expect(check({ name: 1 })).toEqual([{ path: "name", message: "1 given; must be a name" }]);
  });

  test("tells each field once, and twenty fields at the most", () => {
    expect(check({ name: "x", count: -0.5 })).toHaveLength(1);
    const wrong = check({ name: "x", list: new Array(500).fill("y") });
    expect(wrong).toHaveLength(20);
  });

  test("tells only the first thing that is wrong with a long body", () => {
    const list = new Array(100_000).fill("y");
    expect(check({ count: -1, list })).toEqual([{ path: "name", message: "missing; must be a name" }]);
    const keys = Object.fromEntries(list.map((_, i) => [`k${i}`, 1]));
    expect(check({ name: "x", ...keys })).toHaveLength(1);
    let deep: unknown = "bottom";
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(check({ name: deep })).toEqual([{ path: "name", message: "an array given; must be a name" }]);
  });

  test("tells what is wrong with the body itself", () => {
    for (const [value, given] of [
      [null, "null"],
      [[], "an array"],
      ["x", '"x"'],
      [1, "1"],
      [undefined, "undefined"],
    ]) {
      expect(check(value)).toEqual([{ path: "", message: `${given} given; must be an object` }]);
    }
  });
});

describe("a value in a message", () => {
  test.each([
    ["x", '"x"'],
    ['a "quoted"\nline\u0000', '"a \\"quoted\\"\\nline\\u0000"'],
    ["x".repeat(80), `"${"x".repeat(80)}"`],
    ["x".repeat(81), `"${"x".repeat(80)}…" (81 characters)`],
    [`${"x".repeat(79)}😀`, `"${"x".repeat(79)}…" (81 characters)`],
    ["\ud800", '"\\ud800"'],
    [1e30, "1e+30"],
    [-0, "0"],
    [Number.NaN, "NaN"],
    [true, "true"],
    [null, "null"],
    [undefined, "undefined"],
    [[1], "an array"],
    [{ a: 1 }, "an object"],
  ])("%j is shown as %s", (value, shown) => {
    expect(show(value)).toBe(shown);
  });
});
