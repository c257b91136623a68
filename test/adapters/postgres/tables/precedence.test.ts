import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { orderBy, precedesSql } from "../../../../src/adapters/postgres/tables/precedence-sql.ts";
import { LATER_RUN, LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../../src/domain/commit/newest.ts";
import { type Precedence, precedes } from "../../../../src/domain/commit/precedence.ts";
import type { DriftState } from "../../../../src/domain/drift/drift.ts";
import { FURTHER_AHEAD } from "../../../../src/domain/reports/reach.ts";
import { debianDatabase, type TestDatabase } from "../../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await debianDatabase();
});

afterAll(() => database.dispose());

/** Few values, so that most pairs are equal in some of their fields and many in all. */
const few: fc.Arbitrary<number> = fc.constantFrom(0, 0.5, 1, 1e300);
const nothingOr = fc.option(few, { nil: null });
const outcome = fc.record({
  run_order: few,
  at: few,
  score: nothingOr,
  threshold: few,
  verdict: fc.constantFrom<DriftState>("stable", "drifted", "errored", "no_data"),
  n_current: few,
  psi: nothingOr,
  ahead: nothingOr,
});
type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Row = Of<typeof outcome>;

const COLUMNS =
  "run_order float8, at float8, score float8, threshold float8, verdict text, n_current float8, psi float8, ahead float8";

const precedences: [string, Precedence<Row>][] = [
  ["results of checks", [...LATEST, ...WORSE_RESULT]],
  ["verdicts on features", [...LATEST, ...WEIGHTIER_VERDICT]],
  ["results that gauges show", [...LATER_RUN, ...LATEST, ...WORSE_RESULT]],
  ["verdicts that gauges show", [...LATER_RUN, ...LATEST, ...WEIGHTIER_VERDICT]],
  ["reports of freshness", [...LATEST, ...FURTHER_AHEAD]],
];

describe.each(precedences)("the order of %s", (_, precedence) => {
  test("as a condition says of each pair what the domain says, ties among them", async () => {
    const pairs = fc.array(fc.tuple(outcome, outcome), { minLength: 300, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(pairs, async (asked) => {
        const { rows } = await database.pool.query<{ newer: boolean; newer_or_equal: boolean }>(
          `SELECT ${precedesSql(precedence, "a", "b")} AS newer,
                  ${precedesSql(precedence, "a", "b", { orEqual: true })} AS newer_or_equal
             FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS pair (both_of, place)
            CROSS JOIN LATERAL jsonb_to_record(both_of -> 0) AS a (${COLUMNS})
            CROSS JOIN LATERAL jsonb_to_record(both_of -> 1) AS b (${COLUMNS})
            ORDER BY place`,
          [JSON.stringify(asked)],
        );
        expect(rows).toEqual(
          asked.map(([a, b]) => ({ newer: precedes(precedence, a, b), newer_or_equal: !precedes(precedence, b, a) })),
        );
      }),
      { numRuns: 10 },
    );
  });

  test("as ORDER BY puts nothing behind what it precedes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(outcome, { minLength: 60, maxLength: 60 }), async (rows) => {
        const sorted = await database.pool.query<Row>(
          `SELECT r.* FROM jsonb_to_recordset($1::jsonb) AS r (${COLUMNS}) ORDER BY ${orderBy(precedence, "r")}`,
          [JSON.stringify(rows)],
        );
        const wrong = sorted.rows.slice(1).filter((row, i) => precedes(precedence, row, sorted.rows[i]!));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
