import fc from "fast-check";
import { expect, test } from "vitest";
import { type Reach, reached } from "../../../src/domain/reports/reach.ts";
import type { FreshnessReport } from "../../../src/domain/reports/report.ts";

const report = (at: number, data_through: number, ahead: number | null = null): FreshnessReport => ({
  kind: "freshness",
  pipeline_name: "p",
  run_id: null,
  attempt: 1,
  try: null,
  traceparent: null,
  dataset: "d",
  at,
  data_through,
  ahead,
});
const all = (reports: FreshnessReport[]) =>
  reports.reduce<Reach | undefined>((known, one) => reached(known, one), undefined);

test("the furthest stands, and the latest report says whether it was ahead", () => {
  expect(all([report(5, 4), report(6, 3)])).toEqual({ data_through: 4, reported_at: 6, ahead: null });
  expect(all([report(5, 5, 9), report(6, 3)])).toEqual({ data_through: 5, reported_at: 6, ahead: null });
  expect(all([report(6, 3), report(5, 5, 9)])).toEqual({ data_through: 5, reported_at: 6, ahead: null });
  expect(all([report(5, 5, 9), report(5, 4)])).toEqual({ data_through: 5, reported_at: 5, ahead: 9 });
});

test("in any order", () => {
  const any = fc
    .record({
      at: fc.integer({ min: 1, max: 4 }),
      through: fc.integer({ min: 1, max: 4 }),
      ahead: fc.option(fc.integer({ min: 9, max: 11 })),
    })
    .map(({ at, through, ahead }) => report(at, ahead === null ? through : at, ahead));
  fc.assert(
    fc.property(
      fc
        .array(any, { minLength: 1, maxLength: 6 })
        .chain((reports) =>
          fc.tuple(fc.constant(reports), fc.shuffledSubarray(reports, { minLength: reports.length })),
        ),
      ([one, other]) => {
        expect(all(other)).toEqual(all(one));
      },
    ),
  );
});
