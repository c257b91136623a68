import { describe, expect, test } from "vitest";
import { judgeInputs, judgeShape } from "../../../bench/calibrate/judge-shape.ts";
import { SHAPES } from "../../../bench/calibrate/shapes.ts";
import { hash, random } from "../../../bench/lib/random.ts";

describe("shapes of data", () => {
  test.each(SHAPES.filter(({ truth }) => truth !== null))("$name: $truth", (shape) => {
    const next = random(hash(shape.name));
    const verdicts = Array.from({ length: 5 }, () => judgeShape(shape, next).verdict);
    expect(verdicts).toEqual(new Array(5).fill(shape.truth));
  });
});

describe("what decided is told by name", () => {
  const by = (name: string) => judgeShape(SHAPES.find((shape) => shape.name === name)!, random(1));

  test.each([
    ["lognormal, top 1 % × 1000", ["outside"], /^\d.* % of the rows outside the reference's range$/],
    ["1 % become infinite", ["inf"], /^inf 0 % in the reference, [01]\.\d+ % now$/],
    ["nulls 5 → 15 %", ["nulls"], /^nulls 5[.\d]* % in the reference, 1[45][.\d]* % now$/],
    ["95 % zeros, now 88 %", ["value 0"], /^value 0 9[.\d]* % in the reference, 8[.\d]* % now$/],
    ["normal, one up", ["psi"], /^PSI 0\.9\d* above 0\.2|PSI 1.*$/],
  ])("%s", (name, decided, detail) => {
    const { tested } = by(name);
    expect(tested?.decided_by).toEqual(expect.arrayContaining(decided));
    expect(tested?.detail).toMatch(detail);
  });

  test("a PSI above its threshold that is not drift says so", () => {
    const { verdict, psi, tested } = judgeInputs({ counts: [6, 6, 6] }, { counts: [2, 5, 11] });
    expect(psi!).toBeGreaterThan(0.2);
    expect(verdict).toBe("inconclusive");
    expect(tested).toMatchObject({ decided_by: [], held_back_by: "chance", detail: null });
  });
});

describe("counts on bins of their own", () => {
  const poisson = SHAPES.find(({ name }) => name === "Poisson 3, the same")!;
  const heavy = SHAPES.find(({ name }) => name === "t(1.5), the same")!;

  /** Ten equal buckets of the side's own range, as some documents have them. */
  const inTen = (values: readonly number[]) => {
    const [least, greatest] = values.reduce(
      ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
      [Infinity, -Infinity],
    );
    const edges = Array.from({ length: 11 }, (_, i) => least + ((greatest - least) * i) / 10);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) counts[Math.min(9, Math.floor((10 * (value - least)) / (greatest - least)))]!++;
    return { edges, counts };
  };
  const values = (shape: typeof poisson, next: () => number) =>
    [shape.reference(shape.rows[0], next), shape.current(shape.rows[1], next)].map(({ values }) => values as number[]);

  test("never decide by how their rows are spread: a long tail in ten buckets of its own range", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const [before, now] = values(heavy, random(seed));
      const { verdict, tested } = judgeInputs(inTen(before!), inTen(now!));
      expect(verdict).not.toBe("drifted");
      if (verdict === "inconclusive") expect(tested?.held_back_by).toBe("rebin_error");
    }
  });

  test("a count of 3 on narrow bins of its own is stable, a count of 5 is not", () => {
    const narrow = (of: readonly number[]) => {
      const edges = Array.from({ length: 40 }, (_, i) => i - 0.5);
      const counts = new Array<number>(39).fill(0);
      for (const value of of) counts[value]!++;
      return { edges, counts, min: Math.min(...of), max: Math.max(...of) };
    };
    const [before, now] = values(poisson, random(1));
    expect(judgeInputs({ values: before! }, narrow(now!)).verdict).toBe("stable");
    expect(judgeInputs({ values: before! }, narrow(now!.map((value) => value + 2))).verdict).toBe("drifted");
  });
});
