import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, reportKey } from "../../../src/http/bodies/canonical.ts";

/** The same value with the keys of all its objects in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

describe("canonical JSON", () => {
  test("is the same however the content was ordered or written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const canonical = canonicalJson(value);
        expect(canonicalJson(reordered(value))).toBe(canonical);
        expect(canonicalJson(JSON.parse(JSON.stringify(value, null, 3)))).toBe(canonical);
      }),
      { numRuns: 1000 },
    );
  });

  test("is JSON of the same content, so that other content is another text", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 1000 },
    );
  });

  test("keeps the order of arrays, and a __proto__ key", () => {
    expect(canonicalJson(JSON.parse('{"b": [2, 1], "__proto__": {"y": 1, "x": null}, "a": 1.0}'))).toBe(
      '{"__proto__":{"x":null,"y":1},"a":1,"b":[2,1]}',
    );
  });
});

describe("the key of a report", () => {
  const body = { pipeline_name: "p", count: 1, id: "a" };
  const key = (scope: string, id: string, kind: string, of: object = body) => reportKey(scope, id, kind, of);

  test("is 16 bytes for the id and 16 for the content", () => {
    expect(key("", "a", "records")).toEqual({
      id_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
      content_hash: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test("has the id of one API key apart from that of another, also where they run together", () => {
    const ids = [
      key("", "a", "records"),
      key("one", "a", "records"),
      key("onea", "", "records"),
      key("on", "ea", "records"),
    ];
    expect(new Set(ids.map(({ id_hash }) => id_hash)).size).toBe(4);
    expect(new Set(ids.map(({ content_hash }) => content_hash)).size).toBe(1);
  });

  test("is the one that was stored before, of an id and of an item of a key alike", () => {
    const stored = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);
    expect(key("etl", "a", "records").id_hash).toBe(stored("etl\u0000a"));
    expect(reportKey("etl", { key: "a#3" }, "records", body).id_hash).toBe(stored("etl\u0000a#3"));
  });

  test("of an id is never that of an item of a request's key, whatever the two are", () => {
    const id = fc.string({ unit: fc.constantFrom("a", "#", "0", "1"), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(id, id, fc.nat({ max: 12 }), (one, other, index) => {
        const item = reportKey("etl", { key: `${other}#${index}` }, "records", body).id_hash;
        expect(key("etl", one, "records").id_hash).not.toBe(item);
        expect(key("etl", `${other}#${index}`, "records").id_hash).not.toBe(item);
        expect(key("etl", one, "records").id_hash === key("etl", other, "records").id_hash).toBe(one === other);
      }),
    );
  });

  test("has the same content with and without id and kind in the body, and another one of another kind", () => {
    const { content_hash } = key("", "a", "records");
    expect(key("", "b", "records", { ...body, id: "b", kind: "records" }).content_hash).toBe(content_hash);
    expect(key("", "a", "quality").content_hash).not.toBe(content_hash);
  });
});
