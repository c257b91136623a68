import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTime } from "../../../src/domain/words/time.ts";
import { decodeCursor, encodeCursor, page } from "../../../src/http/parameters/cursor.ts";

const REFUSED = "cursor: must be the next_cursor of an earlier answer, unchanged";

describe("a cursor", () => {
  test("comes back as what it was made of, and is safe in a URL", () => {
    const values = fc.tuple(fc.integer({ min: -62135596800000, max: 253402300799999 }), fc.maxSafeNat(), fc.string());
    fc.assert(
      fc.property(values, ([time, key, name]) => {
        const names = name.replaceAll("\u0000", "");
        const cursor = encodeCursor([time, key, names]);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor, ["time", "key", "name"])).toEqual([time, key, JSON.parse(JSON.stringify(names))]);
      }),
    );
  });

  test("that was tampered with is refused, or holds only what a store can be asked for", () => {
    const forged = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64url"));
    const changed = fc
      .tuple(fc.integer(), fc.maxSafeNat(), fc.nat(), fc.string({ minLength: 1, maxLength: 2 }))
      .map(([time, key, place, other]) => {
        const cursor = encodeCursor([time, key]);
        return cursor.slice(0, place % cursor.length) + other + cursor.slice((place % cursor.length) + 1);
      });
    fc.assert(
      fc.property(fc.oneof(forged, changed, fc.string({ unit: "binary" })), (cursor) => {
        let values: [number, number] | null;
        try {
          values = decodeCursor(cursor, ["time", "key"]);
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid_cursor", message: REFUSED });
          return;
        }
        const [time, key] = values!;
        expect(Number.isInteger(time) && isTime(time) && Number.isSafeInteger(key) && key >= 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("that is missing is none", () => {
    expect(decodeCursor(undefined, ["name"])).toBeNull();
  });
});

describe("a page", () => {
  test("has a cursor where one more row was there than asked for", () => {
    const key = (n: number) => [n];
    expect(page([3, 2, 1], 2, key)).toEqual({ items: [3, 2], next_cursor: encodeCursor([2]) });
    expect(page([3, 2], 2, key)).toEqual({ items: [3, 2], next_cursor: null });
    expect(page([], 2, key)).toEqual({ items: [], next_cursor: null });
  });
});
