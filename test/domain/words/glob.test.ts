import fc from "fast-check";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { globSource, matchesGlob, mostSpecific } from "../../../src/domain/words/glob.ts";
import { startDebianPostgres } from "../../support/debian-postgres.ts";

/** Globs and names of few different characters, so that they often match. */
const letter = fc.constantFrom(
  "a",
  "b",
  "A",
  "/",
  ".",
  "+",
  "\\",
  "[",
  "]",
  "(",
  ")",
  "{",
  "}",
  "^",
  "$",
  "|",
  "-",
  " ",
  "é",
  "😀",
  "\n",
);
const name = fc.string({ unit: letter, minLength: 1, maxLength: 6 });
const glob = fc.string({ unit: fc.oneof(letter, fc.constantFrom("*", "?")), minLength: 1, maxLength: 6 });

/** What `*` and `?` mean, without a regular expression. */
function matches(globs: string[], names: string[]): boolean {
  const [first, ...rest] = globs;
  if (first === undefined) return names.length === 0;
  if (first === "*") return matches(rest, names) || (names.length > 0 && matches(globs, names.slice(1)));
  return names.length > 0 && (first === "?" || first === names[0]) && matches(rest, names.slice(1));
}

describe("a glob", () => {
  test.each([
    ["orders", "orders", true],
    ["orders", "orders_eu", false],
    ["orders*", "orders", true],
    ["orders*", "orders/eu\nwest", true],
    ["*", "", true],
    ["orders?", "orders", false],
    ["orders?", "orders😀", true],
    ["o.ders", "orders", false],
    ["Orders", "orders", false],
    ["[a-z]*", "orders", false],
    ["a|b", "a", false],
    ["^a$", "^a$", true],
    ["*_daily", "orders_daily", true],
    ["*_daily", "orders_daily_2", false],
  ])("%j of %j is %j", (pattern, of, fits) => {
    expect(matchesGlob(pattern, of)).toBe(fits);
  });

  test("means what its two signs say, whatever else is in it", () => {
    fc.assert(
      fc.property(glob, name, (pattern, of) => {
        expect(matchesGlob(pattern, of)).toBe(matches([...pattern], [...of]));
      }),
      { numRuns: 2000 },
    );
  });

  test("means the same to Postgres", async () => {
    const server = await startDebianPostgres();
    const client = new pg.Client({ connectionString: server.url });
    try {
      await client.connect();
      const pairs = fc.sample(fc.tuple(glob, name), { numRuns: 3000, seed: 20_261_120 });
      const { rows } = await client.query<{ fits: boolean }>(
        "SELECT n ~ g AS fits FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS u (g, n, i) ORDER BY i",
        [pairs.map(([pattern]) => globSource(pattern)), pairs.map(([, of]) => of)],
      );
      const wrong = pairs.filter(([pattern, of], i) => rows[i]!.fits !== matchesGlob(pattern, of));
      expect(wrong).toEqual([]);
      expect(rows.filter(({ fits }) => fits).length).toBeGreaterThan(100);
    } finally {
      await client.end();
      await server.dispose();
    }
  });
});

describe("the most specific of several globs", () => {
  test.each([
    [["*", "orders*", "orders"], "orders", "orders"],
    [["*", "orders*", "orders"], "orders_eu", "orders*"],
    [["*", "orders*"], "users", "*"],
    [["order?", "orders"], "orders", "orders"],
    [["a*", "*a"], "aa", "a*"],
    [["users"], "orders", null],
    [[], "orders", null],
  ])("%j for %j is %j", (globs, of, best) => {
    expect(mostSpecific(globs, of)).toBe(best);
  });
});
