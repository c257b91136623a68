import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validateHistogram } from "../../../../src/domain/drift/histograms/validate-histogram.ts";
import { SluiceError } from "../../../../src/errors.ts";
import { type Bucket, histogramOfBuckets } from "../../../../src/intake/histograms/parts/histogram-of-buckets.ts";
import { Reading } from "../../../../src/intake/histograms/parts/reading.ts";

const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MINUS_INF } = Number;

const buckets = (rows: readonly (readonly [number, number, number])[]): Bucket[] =>
  rows.map(([low, high, count], i) => ({ low, high, count, path: `b[${i}]` }));

function histogram(rows: readonly (readonly [number, number, number])[], nulls = 0) {
  const reading = new Reading();
  const read = histogramOfBuckets(buckets(rows), nulls, reading);
  reading.throwIfWrong();
  return read;
}

describe("buckets become bins", () => {
  test.each([
    [
      "as they are",
      [
        [0, 1, 3],
        [1, 4, 5],
      ],
      [0, 1, 4],
      [3, 5],
    ],
    [
      "with what lies between them",
      [
        [0, 1, 3],
        [2, 4, 5],
      ],
      [0, 1, 2, 4],
      [3, 0, 5],
    ],
    [
      "that end where the next begins, but for rounding",
      [
        [0, 0.3, 1],
        [0.1 + 0.2, 1, 2],
      ],
      [0, 0.3, 1],
      [1, 2],
    ],
    [
      "open at both ends, as wide there as the bin beside",
      [
        [MINUS_INF, 0, 1],
        [0, 5, 2],
        [5, INF, 3],
      ],
      [-5, 0, 5, 10],
      [1, 2, 3],
    ],
    [
      "open, with nothing beside to tell a width",
      [
        [MINUS_INF, 8, 1],
        [8, INF, 2],
      ],
      [0, 8, 16],
      [1, 2],
    ],
    [
      "with the rows at infinity in the outer ones",
      [
        [MINUS_INF, MINUS_INF, 1],
        [0, 1, 2],
        [1, 2, 4],
        [INF, INF, 8],
      ],
      [-1, 0, 1, 2, 3],
      [1, 2, 4, 8],
    ],
  ] as const)("%s", (_what, rows, edges, counts) => {
    expect(histogram(rows)).toEqual({ edges: [...edges], counts: [...counts], nulls: 0 });
  });

  test("of one value get a bin around it, a millionth wide, within the others", () => {
    const { edges, counts } = histogram([
      [0, 10, 1],
      [10, 10, 2],
      [10, 10, 3],
      [10, 20, 4],
    ]);
    expect(counts).toEqual([1, 5, 4]);
    expect(edges).toEqual([0, 10 - 1e-5, 10 + 1e-5, 20]);
  });

  test("of one value at the ends get an empty bin beyond it, so that rows which leave it are seen", () => {
    expect(histogram([[0, 0, 7]])).toEqual({ edges: [-2e-9, -1e-9, 1e-9, 2e-9], counts: [0, 7, 0], nulls: 0 });
    const { edges, counts } = histogram([
      [1, 1, 2],
      [1, 4, 5],
      [4, 4, 1],
    ]);
    expect(counts).toEqual([0, 2, 5, 1, 0]);
    expect(edges).toEqual([1 - 2e-6, 1 - 1e-6, 1 + 1e-6, 4 - 4e-6, 4 + 4e-6, 4 + 8e-6]);
  });

  test("from the least to the greatest number there is are open, as those to infinity are", () => {
    const { MAX_VALUE } = Number;
    expect(
      histogram([
        [-MAX_VALUE, 0, 1],
        [0, 5, 2],
        [5, MAX_VALUE, 3],
      ]),
    ).toMatchObject({ edges: [-5, 0, 5, 10] });
  });

  test("of no rows are one bin that nothing is in, beside the nulls", () => {
    expect(histogram([], 12)).toEqual({ edges: [0, 1], counts: [0], nulls: 12 });
  });

  test("of estimates get whole counts with the same total", () => {
    expect(
      histogram(
        [
          [0, 1, 33.4],
          [1, 2, 33.4],
          [2, 3, 33.2],
        ],
        1.6,
      ),
    ).toMatchObject({ counts: [34, 33, 33], nulls: 2 });
  });

  test("by the thousand are merged by neighbours", () => {
    const { edges, counts } = histogram(Array.from({ length: 2500 }, (_, i) => [i, i + 1, 2]));
    expect([edges!.length, counts!.length]).toEqual([835, 834]);
    expect(Array.from(counts!).slice(0, 2)).toEqual([6, 6]);
    expect([counts![833], edges![833], edges![834]]).toEqual([2, 2499, 2500]);
  });
});

describe("buckets are refused", () => {
  test.each([
    ["upside down", [[2, 1, 3]], "from 2 to 1 given; a bucket's lower bound must not be above its upper bound"],
    [
      "one in another",
      [
        [0, 5, 1],
        [4, 9, 1],
      ],
      "starts at 4 before 5, where the bucket before it ends; must be in rising order",
    ],
    [
      "without any finite bound",
      [[MINUS_INF, INF, 3]],
      "a bucket from -∞ to ∞ given and no other; at least one finite bound is needed",
    ],
  ] as const)("%s", (_what, rows, message) => {
    expect(() => histogram(rows)).toThrow(SluiceError);
    expect(() => histogram(rows)).toThrow(message);
  });
});

test("whatever the bounds, the histogram is valid and no row is lost", () => {
  const bound = fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(INF, MINUS_INF, 0, 5e-324, 1e300),
  );
  const rows = fc
    .tuple(fc.array(bound, { minLength: 2, maxLength: 30 }), fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 }))
    .map(([bounds, counts]) => {
      const sorted = bounds.sort((a, b) => a - b);
      return sorted.slice(1).map((high, i) => [sorted[i]!, high, counts[i]!] as const);
    });
  fc.assert(
    fc.property(rows, (given) => {
      fc.pre(given.some(([low, high]) => Math.abs(low) < 1e300 || Math.abs(high) < 1e300));
      const read = histogram(given);
      expect(validateHistogram(read)).toEqual([]);
      const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
      expect(sum(Array.from(read.counts!))).toBe(sum(given.map(([, , count]) => count)));
    }),
    { numRuns: 2000 },
  );
});
