import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { promoteHistogram, removeReference } from "../../../src/service/drift/change-reference.ts";
import { SERVERS, type TestDatabase } from "../../support/database.ts";
import { CALM, CLOSES, EDGES, REFERENCE, Stream } from "../../support/stream.ts";

describe.each(SERVERS)("references of drift windows on $server", ({ open }) => {
  let db: TestDatabase;
  let stream: Stream;

  beforeAll(async () => {
    db = await open();
    stream = new Stream(db.pool);
  });
  afterAll(() => db.dispose());
  beforeEach(() => stream.begin());

  it("says no_reference without one, and keeps the histogram so that it can be promoted", async () => {
    const answer = await stream.report(1, { age: { edges: EDGES, counts: CALM } });
    expect(answer.age).toMatchObject({ verdict: "no_reference", n_current: 1000 });
    expect(answer.age).not.toHaveProperty("window");
    await promoteHistogram(stream.deps(), { ...stream.pipeline, feature_name: "age" }, "r1", null);
    expect((await stream.report(2, { age: { counts: CALM } })).age).toMatchObject({ verdict: "stable", psi: 0 });
  });

  it("sums on an inline reference, and closes on it", async () => {
    const reference = { categories: { a: 500, b: 500 } };
    for (const minute of [1, 2])
      await stream.report(minute, { country: { categories: { a: 10, b: 90, c: 5 }, reference } });
    stream.now = CLOSES;
    await stream.sweep();
    expect((await stream.results()).at(-1)).toMatchObject({ verdict: "drifted", n_current: 210 });
  });

  it("promotes the whole window, which opens what an outdated reference closed", async () => {
    const feature = { ...stream.pipeline, feature_name: "country" };
    await stream.put("country", { categories: { a: 500, b: 500 } });
    for (const minute of [1, 2]) await stream.report(minute, { country: { categories: { a: 100, b: 900, c: 5 } } });
    stream.now = CLOSES;
    await stream.sweep();
    expect((await stream.results()).at(-1)).toMatchObject({ verdict: "drifted", n_current: 2010 });
    stream.now++;
    const { reference, verdict } = await promoteHistogram(stream.deps(), feature, "r1", null);
    expect(reference.histogram).toMatchObject({ categories: ["a", "b"], folded: 10 });
    expect(verdict).toMatchObject({ verdict: "stable", psi: 0, n_current: 2010 });
  });

  it("takes the sum along to a new reference where it fits, and else starts anew", async () => {
    await stream.put("age", REFERENCE);
    await stream.put("place", { counts: [10, 20, 30] });
    await stream.put("colour", { categories: { red: 50, green: 50 } });
    await stream.report(1, {
      age: { counts: CALM },
      place: { counts: [1, 1, 1] },
      colour: { categories: { red: 1, blue: 2 } },
    });
    await stream.put("age", { edges: [0, 30, 60, 100], counts: [200, 400, 400] });
    await stream.put("place", { counts: [10, 20, 30, 40] });
    // The two blue ones are "other" in the sum: nobody can tell that they belong to the new category.
    await stream.put("colour", { categories: { red: 50, green: 40, blue: 10 } });
    const answer = await stream.report(2, {
      age: { counts: [10, 10, 10] },
      place: { counts: [1, 1, 1, 1] },
      colour: { categories: { blue: 3 } },
    });
    expect(answer.age).toMatchObject({ n_current: 1030, rebin_error: expect.closeTo(100 / 1030, 2) });
    expect(answer.age!.bins.map(({ actual }) => actual * 1030)).toEqual([210, 410, 410].map((n) => expect.closeTo(n)));
    expect(answer.place).toMatchObject({ n_current: 4 });
    expect(answer.colour).toMatchObject({ n_current: 3 });
  });

  it("closes on the reference that is active then, without a verdict where the sum does not fit it", async () => {
    await stream.put("age", REFERENCE);
    await stream.put("place", { counts: [10, 20, 30] });
    await stream.report(1, { age: { counts: [1, 1, 1, 1, 1] }, place: { counts: [1, 1, 1] } });
    const { reference } = await stream.put("age", { edges: EDGES, counts: CALM });
    await stream.put("place", { counts: [10, 20, 30, 40] });
    stream.now = CLOSES;
    await stream.sweep();
    expect(await stream.results()).toMatchObject([{ feature_name: "age", n_current: 5, version: reference.version }]);
    expect(await stream.windows()).toMatchObject([{ closed: true }, { closed: true }]);
  });

  it("forgets an open sum whose reference was removed", async () => {
    await stream.put("age", REFERENCE);
    await stream.report(1, { age: { counts: [1, 1, 1, 1, 1] } });
    await removeReference(stream.deps(), { ...stream.pipeline, feature_name: "age" });
    stream.now = CLOSES;
    await stream.sweep();
    expect(await stream.results()).toEqual([]);
  });
});
