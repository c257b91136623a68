import fc from "fast-check";

const NASTY_TEXTS = [
  "",
  ".",
  "..",
  "a/b",
  "\u0000",
  "a\nb",
  "\ud800",
  "\u202e",
  "𠮷",
  "%00",
  "NaN",
  "x".repeat(201),
  "x".repeat(5000),
  "__proto__",
  "'; DROP TABLE run; --",
  "{{7*7}}",
  "2026-13-01T00:00:00Z",
  "275760-09-13T00:00:00Z",
];
const NASTY_NUMBERS = [-1, 0, -0, 0.1 + 0.2, 1.2, 1.5, 1e30, 1e308, -1e308, 5e-324, 2 ** 53, 8.64e12, -62135596801];

export const text = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ maxLength: 20 }),
);
export const number = fc.oneof(fc.constantFrom(...NASTY_NUMBERS), fc.double({ noNaN: true, noDefaultInfinity: true }));
/** What nobody in their right mind would send. */
export const nasty: fc.Arbitrary<unknown> = fc.oneof(text, number, fc.jsonValue(), fc.constantFrom(null, true, [], {}));
