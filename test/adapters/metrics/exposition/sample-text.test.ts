import fc from "fast-check";
import { expect, test } from "vitest";
import {
  boundText,
  labelText,
  VALUE_BYTES,
  valueText,
  writeValue,
} from "../../../../src/adapters/metrics/exposition/sample-text.ts";

test.each([
  [1, "1"],
  [0, "0"],
  [-0, "0"],
  [47500, "47500"],
  [Number.MAX_SAFE_INTEGER, "9007199254740991"],
  [1e21, "1e+21"],
  [0.1 + 0.2, "0.30000000000000004"],
  [-1.7976931348623157e308, "-1.7976931348623157e+308"],
  [-0.0000012345678901234567, "-0.0000012345678901234567".length > 24 ? "-1.2345678901234567e-6" : ""],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf"],
])("%d prints as %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});

test("every double fits its field, fills it from the right and reads back as itself", () => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (before, value) => {
      const text = Buffer.from(`<${" ".repeat(VALUE_BYTES)}>`);
      writeValue(text, 1, before);
      writeValue(text, 1, value);
      const [, field] = /^<( *\S+)>$/.exec(text.toString())!;
      expect(field).toHaveLength(VALUE_BYTES);
      expect(Number(field!.trim().replace("Inf", "Infinity"))).toBe(value + 0);
    }),
    { numRuns: 5000 },
  );
});

test("bounds are printed as floats", () => {
  expect([10, 3600, 0.05, 2.5, Number.POSITIVE_INFINITY].map(boundText)).toEqual([
    "10.0",
    "3600.0",
    "0.05",
    "2.5",
    "+Inf",
  ]);
});

test("backslashes, quotes and newlines in labels are escaped, all else stands as it is", () => {
  expect(labelText(["a", "b"], ['\\"\n', "مرحبا 🚀{}="])).toBe('a="\\\\\\"\\n",b="مرحبا 🚀{}="');
});
