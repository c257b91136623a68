import { describe, expect, test } from "vitest";
import { noveltyOf } from "../../../../../src/domain/drift/stats/shares/novelty.ts";
import { outsideP } from "../../../../../src/domain/drift/stats/shares/outside-p.ts";
import { sharePsi } from "../../../../../src/domain/drift/stats/shares/share-psi.ts";
import { twoSharesP } from "../../../../../src/domain/drift/stats/shares/two-shares-p.ts";
import { allDealings } from "../all-dealings.ts";

describe("the PSI of one share", () => {
  test.each([
    [0, 0.016],
    [0.001, 0.016],
    [0.005, 0.028],
    [0.01, 0.039],
    [0.02, 0.057],
    [0.05, 0.102],
    [0.1, 0.168],
    [0.2, 0.286],
    [0.3, 0.395],
    [0.5, 0.6],
  ])("from %d to %d is the small effect of 0.04", (from, to) => {
    expect(Math.abs(sharePsi(from, to, 0.001) - 0.04)).toBeLessThan(0.003);
    expect(sharePsi(1 - from, 1 - to, 0.001)).toBeCloseTo(sharePsi(from, to, 0.001), 12);
  });
  test("of what must not be there, half a per cent is enough", () => {
    expect(sharePsi(0, 0.005, 1e-6)).toBeGreaterThan(0.04);
  });
  test("of equal shares is 0", () => expect(sharePsi(0.3, 0.3, 0.001)).toBe(0));
});

describe("the p of two shares", () => {
  test("is the exact one, doubled, where few rows are expected", () => {
    for (const [nReference, nCurrent, kind] of [
      [12, 8, 3],
      [30, 4, 5],
      [9, 9, 2],
      [6, 20, 4],
    ] as const) {
      const dealt = allDealings([kind, nReference + nCurrent - kind], nCurrent);
      for (const { current } of dealt) {
        const seen = current[0]!;
        const chance = (holds: (x: number) => boolean) =>
          dealt.reduce((sum, one) => sum + (holds(one.current[0]!) ? one.chance : 0), 0);
        const expected = Math.min(
          1,
          2 *
            Math.min(
              chance((x) => x >= seen),
              chance((x) => x <= seen),
            ),
        );
        expect(twoSharesP(kind - seen, nReference, seen, nCurrent)).toBeCloseTo(expected, 10);
      }
    }
  });
  test("is not too small beside a far larger sample, where the χ² law says 6e-7", () => {
    // Twice hypergeom.sf(20, 5200, 200, 200) of SciPy 1.17.
    expect(twoSharesP(21, 200, 179, 5000)).toBeCloseTo(4.378672804e-5, 12);
  });
  test("is Pearson's of a 2 × 2 table where many are", () => {
    // z = 0.01 / √(0.305 · 0.695 · 2 / 10 000) = 1.5358
    expect(twoSharesP(3000, 10_000, 3100, 10_000)).toBeCloseTo(0.1245804845, 10);
  });
  test("is 1 where all rows or none are of the kind", () => {
    expect(twoSharesP(0, 10, 0, 10)).toBe(1);
    expect(twoSharesP(10, 10, 10, 10)).toBe(1);
  });
  test("is a number for the rarest", () => {
    expect(twoSharesP(0, 1e9, 1000, 1000)).toBeLessThan(1e-300);
    expect(twoSharesP(0, 1e6, 3, 100)).toBeGreaterThan(0);
  });
});

describe("the p of rows outside", () => {
  test("is the share of dealings with as many at both ends", () => {
    const [nReference, nCurrent] = [6, 5];
    const n = nReference + nCurrent;
    // Each row is a bin of its own: the order is all that there is.
    const dealt = allDealings(new Array(n).fill(1), nCurrent);
    const outside = (current: readonly number[]) => {
      const first = current.indexOf(0);
      const last = current.lastIndexOf(0);
      return current.filter((isCurrent, i) => isCurrent === 1 && (i < first || i > last)).length;
    };
    for (let j = 0; j <= nCurrent; j++) {
      const exact = dealt.reduce((sum, { current, chance }) => sum + (outside(current) >= j ? chance : 0), 0);
      expect(outsideP(j, nReference, nCurrent)).toBeCloseTo(exact, 10);
    }
  });
});

describe("novelty", () => {
  test("expects what all dealings bring on average", () => {
    const pooled = [5, 3, 2, 1, 1, 1];
    const nCurrent = 6;
    const dealt = allDealings(pooled, nCurrent);
    let mean = 0;
    for (const { current, chance } of dealt) {
      const novelty = noveltyOf(
        pooled.map((t, i) => t - current[i]!),
        current,
        13 - nCurrent,
        nCurrent,
      );
      mean += chance * novelty.rows;
      expect(novelty.expected).toBeCloseTo(noveltyOf(pooled, [0, 0, 0, 0, 0, 0], 7, 6).expected, 12);
    }
    expect(noveltyOf(pooled, [0, 0, 0, 0, 0, 0], 7, 6).expected).toBeCloseTo(mean, 10);
  });
  test("is no rarer than the dealings that bring as much", () => {
    const pooled = [4, 3, 2, 2, 1, 1];
    const dealt = allDealings(pooled, 6).map(({ current, chance }) => ({
      chance,
      novelty: noveltyOf(
        pooled.map((t, i) => t - current[i]!),
        current,
        7,
        6,
      ),
    }));
    for (const { novelty } of dealt) {
      const exact = dealt.reduce((sum, one) => sum + (one.novelty.rows >= novelty.rows ? one.chance : 0), 0);
      expect(novelty.p_value).toBeGreaterThanOrEqual(exact * 0.9);
    }
  });
  test("sees a fifth of the rows in 600 new names on a long tail, and no long tail that stayed", () => {
    const known = Array.from({ length: 2000 }, (_, i) => Math.floor(600 / (i + 1))).filter((count) => count > 0);
    const n = known.reduce((sum, count) => sum + count, 0);
    const reference = [...known, ...new Array(600).fill(0)];
    const current = [...known, ...new Array(600).fill(2)];
    expect(noveltyOf(reference, current, n, n + 1200).p_value).toBeLessThan(1e-6);
    expect(noveltyOf(known, known, n, n).p_value).toBe(1);
  });
});
