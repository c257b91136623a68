import { expect, test } from "vitest";
import { judgingHistograms, readingFeatures } from "../../../src/domain/drift/drift.ts";
import { referenceHistogram } from "../../../src/domain/drift/histograms/reference-histogram.ts";
import { inSlices } from "../../../src/service/drift/in-slices.ts";

/** Turns of the event loop that others had meanwhile. */
async function turnsDuring<T>(work: () => Promise<T>): Promise<{ turns: number; result: T }> {
  let turns = 0;
  let going = true;
  const turn = () => {
    turns++;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  const result = await work();
  going = false;
  return { turns, result };
}

test("long work lets others have their turn, short work is done at once", async () => {
  function* steps(count: number, work: number): Generator<number, string> {
    for (let i = 0; i < count; i++) yield work;
    return "done";
  }
  const long = await turnsDuring(() => inSlices(steps(1000, 1000)));
  expect(long).toEqual({ turns: expect.any(Number), result: "done" });
  expect(long.turns).toBeGreaterThanOrEqual(99);
  expect(await turnsDuring(() => inSlices(steps(9, 1000)))).toEqual({ turns: 0, result: "done" });
});

test("ten thousand features of sixty values are read and judged in many turns", async () => {
  const reference = referenceHistogram({ values: Array.from({ length: 1000 }, (_, i) => i) });
  if (!reference.ok) throw new Error("the reference is not valid");
  const values = Array.from({ length: 60 }, (_, i) => i * 16);
  const features = Array.from({ length: 10_000 }, (_, i) => ({
    feature: { feature_name: `feature ${i}`, input: { values }, reference: null },
    reference: { reference_id: 1, version: "v", histogram: reference.value },
    settings: { alpha: 0.01, threshold: 0.2 },
  }));
  const { turns, result } = await turnsDuring(async () => {
    const read = await inSlices(readingFeatures(features));
    return inSlices(judgingHistograms(read.features));
  });
  expect(result).toHaveLength(10_000);
  expect(turns).toBeGreaterThan(20);
});
