import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ruleFor, unmatched } from "../../../src/domain/gate/names.ts";
import { literalLength, matchesGlob, mostSpecific } from "../../../src/domain/words/glob.ts";
import { GlobList, matchesAny } from "../../../src/domain/words/glob-list.ts";

/** The textbook table, a cell for each pair of beginnings: slow, and plainly right. */
function fits(glob: string, name: string): boolean {
  const [wanted, given] = [[...glob], [...name]];
  let row = [true, ...given.map(() => false)];
  for (const sign of wanted) {
    const next = [sign === "*" && row[0]!];
    for (let j = 1; j <= given.length; j++) {
      next.push(sign === "*" ? row[j]! || next[j - 1]! : row[j - 1]! && (sign === "?" || sign === given[j - 1]));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** Few different characters, so that they often match; some of two UTF-16 units, and the signs themselves in names. */
const letter = fc.constantFrom("a", "a", "b", "é", "😀", "😁", "\n", ".");
const name = fc.string({ unit: fc.oneof({ weight: 9, arbitrary: letter }, fc.constantFrom("*", "?")), maxLength: 90 });
const glob = fc.string({ unit: fc.oneof(letter, fc.constantFrom("*", "*", "?")), minLength: 1, maxLength: 80 });
/** Names made from a glob, with something in place of its signs: most of them fit. */
const pair = fc.oneof(
  fc.tuple(glob, name),
  glob.chain((pattern) =>
    fc
      .array(fc.string({ unit: letter, maxLength: 3 }), { minLength: 80, maxLength: 80 })
      .map((fill): [string, string] => [
        pattern,
        [...pattern].map((sign, i) => (sign === "*" ? fill[i]! : sign === "?" ? "b" : sign)).join(""),
      ]),
  ),
);

describe("a glob", () => {
  test("fits what the textbook table says it fits", () => {
    let fitting = 0;
    fc.assert(
      fc.property(pair, ([pattern, of]) => {
        const expected = fits(pattern, of);
        if (expected) fitting++;
        expect(matchesGlob(pattern, of)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    expect(fitting).toBeGreaterThan(1000);
  });

  test.each([
    ["*a*a*a*a*b", "a".repeat(190)],
    [`${"*a".repeat(99)}*b`, "a".repeat(200)],
    [`${"?*".repeat(99)}b`, "a".repeat(200)],
    [`*${"a".repeat(98)}?${"a".repeat(98)}b`, "a".repeat(200)],
    [`*${"a?".repeat(60)}*b*`, "a".repeat(200)],
  ])(
    "%j is answered for many long names, however it might be tried",
    (pattern, of) => {
      for (let i = 0; i < 10_000; i++) expect(matchesGlob(pattern, of)).toBe(false);
    },
    120_000,
  );
});

describe("many globs", () => {
  const globs = fc.array(fc.string({ unit: fc.oneof(letter, fc.constantFrom("*", "?")), minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 20,
  });
  const short = fc.string({ unit: fc.oneof(letter, fc.constantFrom("*", "?")), maxLength: 5 });

  test("say what each of them says", () => {
    fc.assert(
      fc.property(globs, short, (patterns, of) => {
        const list = new GlobList(patterns);
        const expected = patterns.flatMap((pattern, i) => (fits(pattern, of) ? [i] : []));
        const found: number[] = [];
        list.each(of, (index) => found.push(index));
        expect(found.sort((a, b) => a - b)).toEqual(expected);
        expect(list.some(of)).toBe(expected.length > 0);
        expect(matchesAny(patterns, of)).toBe(expected.length > 0);
        expect(list.written(of)).toBe(patterns.indexOf(of));
        const most = Math.max(...expected.map((i) => literalLength(patterns[i]!)));
        expect(list.best(of)).toBe(expected.find((i) => literalLength(patterns[i]!) === most) ?? -1);
        expect(mostSpecific(patterns, of)).toBe(patterns[list.best(of)] ?? null);
        expect(ruleFor(patterns, (pattern) => pattern, of)).toBe(patterns[list.best(of)]);
      }),
      { numRuns: 3000 },
    );
  });

  test("and many names: the globs that fit none of them are named", () => {
    fc.assert(
      fc.property(globs, fc.array(short, { maxLength: 10 }), (patterns, known) => {
        const expected = [...new Set(patterns)].filter(
          (pattern) => !known.some((of) => pattern === of || fits(pattern, of)),
        );
        expect(unmatched(patterns, known)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test("of which each begins with a text of its own cost a look-up, and no match of each", () => {
    const own = new GlobList(Array.from({ length: 1000 }, (_, i) => `check_${1000 + i}_*`));
    expect(own.cost).toBeLessThan(10);
    const anywhere = new GlobList(Array.from({ length: 1000 }, (_, i) => `*_${i}_*`));
    expect(anywhere.cost).toBeGreaterThanOrEqual(1000);
    const slow = new GlobList([`*a${"?".repeat(190)}*`]);
    expect(slow.cost).toBeGreaterThan(20);
  });
});
