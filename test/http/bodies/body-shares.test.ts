import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BodyShares, type Hold } from "../../../src/http/bodies/body-shares.ts";

const hold = (owner: string, since = 0): Hold & { dropped: boolean } => {
  const made = { owner, bytes: 0, since, complete: false, dropped: false, drop: () => {} };
  made.drop = () => {
    made.dropped = true;
  };
  return made;
};

describe("the memory of bodies", () => {
  test("may be filled by one body, where there is no other", () => {
    const shares = new BodyShares(1000);
    const one = hold("a");
    expect(shares.take(one, 600, 0)).toBe(true);
    expect(shares.take(one, 400, 0)).toBe(true);
    expect(shares.take(one, 1, 0)).toBe(false);
    expect(shares.used).toBe(1000);
  });

  test("is four fifths one owner's at most, so that another finds some free", () => {
    const shares = new BodyShares(1000);
    let taken = 0;
    while (shares.take(hold("greedy"), 10, 0)) taken += 10;
    expect(taken).toBe(800);
    expect(shares.take(hold("honest"), 100, 0)).toBe(true);
  });

  test("is taken from slow bodies of who holds most, the oldest first, and never from whole ones", () => {
    const shares = new BodyShares(1000);
    const [whole, first, second, other] = [hold("a", 0), hold("a", 10), hold("a", 20), hold("b", 0)];
    shares.take(whole, 300, 0);
    shares.complete(whole);
    for (const one of [first, second]) shares.take(one, 200, 30);
    shares.take(other, 100, 30);
    expect(shares.take(hold("c", 500), 250, 500), "nobody is slow yet").toBe(false);
    expect(shares.take(hold("c", 2000), 250, 2000)).toBe(true);
    expect([whole, first, second, other].map(({ dropped }) => dropped)).toEqual([false, true, false, false]);
  });

  test("is counted exactly, whatever is taken, finished and let go of, and is all free at the end", () => {
    const step = fc.record({
      owner: fc.constantFrom("a", "b", "c"),
      body: fc.nat({ max: 5 }),
      bytes: fc.integer({ min: 1, max: 400 }),
      what: fc.constantFrom("take", "take", "take", "complete", "release"),
      later: fc.nat({ max: 600 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const shares = new BodyShares(1000);
        const holds = new Map<string, Hold & { dropped: boolean }>();
        let now = 0;
        for (const { owner, body, bytes, what, later } of steps) {
          now += later;
          const key = `${owner}${body}`;
          const one = holds.get(key) ?? hold(owner, now);
          holds.set(key, one);
          const before = one.bytes;
          if (what === "take") {
            const taken = shares.take(one, bytes, now);
            expect([taken ? before + bytes : before]).toContain(one.bytes);
          } else if (what === "complete") shares.complete(one);
          else shares.release(one);
          const sum = [...holds.values()].reduce((total, each) => total + each.bytes, 0);
          expect(shares.used).toBe(sum);
          expect(shares.used).toBeLessThanOrEqual(1000);
        }
        for (const one of holds.values()) shares.release(one);
        expect(shares.used).toBe(0);
      }),
    );
  });
});
