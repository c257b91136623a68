import fc from "fast-check";
import { expect, test } from "vitest";
import { TupleIndex } from "../../../../src/adapters/metrics/exposition/tuple-index.ts";

test("it answers as a Map would, whatever is set and deleted", () => {
  const id = fc.nat(12);
  const step = fc.record({ tuple: fc.tuple(id, id), number: fc.option(fc.nat(1000)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const index = new TupleIndex(2);
      const map = new Map<string, number>();
      for (const { tuple, number } of steps) {
        const key = Uint32Array.from(tuple);
        if (number === null) index.delete(key);
        else index.set(key, number);
        if (number === null) map.delete(key.join());
        else map.set(key.join(), number);
      }
      expect(index.size).toBe(map.size);
      for (let a = 0; a <= 12; a++) {
        for (let b = 0; b <= 12; b++) expect(index.get(Uint32Array.of(a, b))).toBe(map.get(`${a},${b}`) ?? -1);
      }
      const odd = index.filter((_, number) => number % 2 === 1).map((key) => key.join());
      expect(odd.sort()).toEqual(
        [...map]
          .filter(([, number]) => number % 2 === 1)
          .map(([key]) => key)
          .sort(),
      );
    }),
  );
});

test("a hundred thousand tuples are found again", () => {
  const index = new TupleIndex(3);
  for (let i = 0; i < 100_000; i++) index.set(Uint32Array.of(i, i % 7, 0), i);
  for (let i = 0; i < 100_000; i += 2) index.delete(Uint32Array.of(i, i % 7, 0));
  for (let i = 0; i < 100_000; i++) expect(index.get(Uint32Array.of(i, i % 7, 0))).toBe(i % 2 === 0 ? -1 : i);
});
