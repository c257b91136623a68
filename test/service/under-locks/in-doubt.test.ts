import { expect, test } from "vitest";
import { type Committed, nothingCommitted } from "../../../src/domain/commit/committed.ts";
import { InDoubt } from "../../../src/service/under-locks/in-doubt.ts";

function world() {
  const asked: (readonly string[] | undefined)[] = [];
  const shown: Committed[] = [];
  const world = {
    asked,
    shown,
    away: false,
    store: {
      async *restore(names?: readonly string[]) {
        asked.push(names);
        if (world.away) throw new Error("away");
        yield nothingCommitted();
      },
    },
    metrics: { observe: (part: Committed) => void shown.push(part) },
  };
  return world;
}

test("what is in doubt is read once, and again where the store was away", async () => {
  const { store, metrics, ...rest } = world();
  const doubt = new InDoubt();
  await doubt.show(store, metrics);
  expect(rest.asked).toEqual([]);
  doubt.add(["a", "b", "a"]);
  await doubt.show(store, metrics);
  expect([rest.asked, rest.shown.length, doubt.empty]).toEqual([[["a", "b"]], 1, true]);
});

test("what could not be read stays in doubt", async () => {
  const away = world();
  away.away = true;
  const doubt = new InDoubt();
  doubt.add(["a"]);
  await expect(doubt.show(away.store, away.metrics)).rejects.toThrow("away");
  away.away = false;
  await doubt.show(away.store, away.metrics);
  expect([away.asked, away.shown.length]).toEqual([[["a"], ["a"]], 1]);
});

test("what is archived while parts are read is not brought back by one that was read before", async () => {
  const doubt = new InDoubt();
  const shown: Committed[] = [];
  const metrics = { observe: (part: Committed) => void shown.push(part) };
  const births = [{ pipeline_name: "a", born_at: 0 }];
  const store = {
    async *restore() {
      doubt.archived(["a"]);
      yield { ...nothingCommitted(), births, archived: ["b"] };
    },
  };
  doubt.archived(["before"]);
  doubt.add(["a", "b"]);
  await doubt.show(store, metrics);
  expect(shown).toEqual([{ ...nothingCommitted(), births, archived: ["b", "a"] }]);
});

test("past ten thousand names everything is read", async () => {
  const { store, metrics, asked } = world();
  const doubt = new InDoubt();
  doubt.add(Array.from({ length: 10_001 }, (_, i) => `p${i}`));
  await doubt.show(store, metrics);
  expect(asked).toEqual([undefined]);
});
