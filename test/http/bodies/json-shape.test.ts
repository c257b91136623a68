import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkJsonShape, type JsonBounds } from "../../../src/http/bodies/json-shape.ts";

/** Only large bodies are looked at. */
const PADDING = " ".repeat(65_536);
const WIDE: JsonBounds = { depth: 64, containers: 1000, fields: 1000 };

function refusal(text: string, bounds: Partial<JsonBounds> = {}): string | null {
  try {
    checkJsonShape(Buffer.from(PADDING + text), { ...WIDE, ...bounds });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the shape of a JSON body", () => {
  test("is bounded in depth, in objects and lists, and in the fields of one object", () => {
    expect(refusal("[".repeat(65))).toBe("the body has more than 64 objects and lists within one another");
    expect(refusal(`[${"{},".repeat(1000)}{}]`)).toBe(
      "the body holds more than 1000 objects and lists; send it in parts",
    );
    const fields = Array.from({ length: 1001 }, (_, i) => `"f${i}":0`).join();
    expect(refusal(`{${fields}}`)).toBe("an object in the body has more than 1000 fields");
    expect(refusal(`[${"0,".repeat(100_000)}0]`)).toBeNull();
  });

  test("is not looked at in small bodies, which cost little whatever they are", () => {
    expect(() => checkJsonShape(Buffer.from("[".repeat(65_536)), WIDE)).not.toThrow();
  });

  test("is exactly that of what would be parsed, whatever stands in its texts", () => {
    const json = fc.jsonValue({
      maxDepth: 6,
      stringUnit: fc.constantFrom("{", "[", ",", '"', "\\", "]", "é", "\u0000"),
    });
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        const shape = shapeOf(value);
        expect(refusal(text, shape)).toBeNull();
        for (const bound of ["depth", "containers", "fields"] as const) {
          if (shape[bound] > 0) expect(refusal(text, { ...shape, [bound]: shape[bound] - 1 })).not.toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** By the parsed value. An object of one field and an empty one are alike: a field is counted at its comma. */
function shapeOf(value: unknown): JsonBounds {
  if (typeof value !== "object" || value === null) return { depth: 0, containers: 0, fields: 0 };
  const inner = Object.values(value).map(shapeOf);
  const most = (of: keyof JsonBounds) => Math.max(0, ...inner.map((one) => one[of]));
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return {
    depth: 1 + most("depth"),
    containers: 1 + inner.reduce((sum, { containers }) => sum + containers, 0),
    fields: Math.max(own < 2 ? 0 : own, most("fields")),
  };
}
