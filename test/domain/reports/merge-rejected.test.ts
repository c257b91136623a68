import { describe, expect, test } from "vitest";
import { type KeptItem, MOST_ITEMS, RejectedItems } from "../../../src/domain/reports/merge-rejected.ts";

const item = (over: Partial<KeptItem> = {}): KeptItem => ({
  kind: "records",
  item: "load",
  attempt: 0,
  at: 100,
  first_at: 100,
  code: "invalid_report",
  why: "count: -5 given",
  seen: ["a"],
  ...over,
});

function kept(before: KeptItem[], ...came: KeptItem[]): KeptItem[] {
  const items = new RejectedItems(before.map((one) => structuredClone(one)));
  for (const one of came) items.add(structuredClone(one));
  return items.changed();
}

describe("an item", () => {
  test("is kept once, with what was said of it last", () => {
    const later = item({ at: 200, first_at: 210, why: "count: -6 given", seen: ["b"] });
    const both = { ...later, first_at: 100 };
    expect(kept([], item(), later)).toEqual([{ ...both, seen: ["b", "a"] }]);
    expect(kept([], later, item())).toEqual([{ ...both, seen: ["a", "b"] }]);
    expect(kept([later], item())).toEqual([{ ...both, seen: ["a", "b"] }]);
  });

  test("of the same time is told by the greater text, in whichever order they came", () => {
    const other = item({ why: "failed: -1 given", seen: ["b"] });
    expect(kept([], item(), other)[0]).toMatchObject({ why: "failed: -1 given" });
    expect(kept([], other, item())[0]).toMatchObject({ why: "failed: -1 given" });
  });

  test("that comes again with an id or a content that it came with before changes nothing", () => {
    expect(kept([item({ seen: ["b", "a"] })], item({ at: 900, first_at: 900, seen: ["c", "a"] }))).toEqual([]);
  });

  test("of another attempt, kind or name is another one", () => {
    const others = [item({ attempt: 2 }), item({ kind: "quality" }), item({ item: "extract" })];
    expect(kept([item()], ...others)).toEqual(others);
  });

  test("forgets the oldest of what it came with", () => {
    const many = Array.from({ length: 40 }, (_, i) => item({ at: i, seen: [`id ${i}`, `content ${i}`] }));
    const [first] = kept([], ...many);
    expect(first!.seen).toHaveLength(16);
    expect(first!.seen.slice(0, 2)).toEqual(["id 39", "content 39"]);
  });
});

test("a flood of names ends in one item for each kind", () => {
  const flood = Array.from({ length: 100_000 }, (_, i) =>
    item({ item: `stage ${i}`, attempt: i, kind: i % 2 === 0 ? "records" : "quality", at: i, seen: [`${i}`] }),
  );
  const all = kept([], ...flood);
  expect(all).toHaveLength(MOST_ITEMS + 2);
  expect(all.filter(({ item }) => item === "?")).toMatchObject([
    { kind: "records", attempt: 0, at: 99_998 },
    { kind: "quality", attempt: 0, at: 99_999 },
  ]);
});
