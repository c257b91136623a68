import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { VerdictAnswer } from "../../../src/ports.ts";
import { NOON } from "../../support/acceptor.ts";
import { SERVERS, type TestDatabase } from "../../support/database.ts";
import { randomOf, shuffled } from "../../support/history.ts";
import { answersOf, CALM, EDGES, HOUR, REFERENCE, SHIFTED, Stream } from "../../support/stream.ts";

describe.each(SERVERS)("sums of drift windows on $server", ({ open }) => {
  let db: TestDatabase;
  let stream: Stream;

  beforeAll(async () => {
    db = await open();
    stream = new Stream(db.pool);
  });
  afterAll(() => db.dispose());
  beforeEach(() => stream.begin());

  it("gives the verdict that one report with all the rows is given", async () => {
    const inputs = [
      { reference: REFERENCE, parts: [{ counts: CALM }, { values: [5, 25, null, 45] }, { counts: SHIFTED, nulls: 7 }] },
      {
        reference: { categories: { a: 500, b: 400, c: 100 } },
        parts: [{ categories: { a: 50, b: 60, new: 3 } }, { values: ["c", "new", "newer", null] }],
      },
      { reference: { counts: [10, 20, 30] }, parts: [{ counts: [5, 5, 5] }, { counts: [6, 0, 1] }] },
    ];
    const whole = [
      { edges: EDGES, counts: [501, 501, 451, 350, 200], nulls: 8 },
      // A window sums on the bins of its reference: names that it does not hold are one.
      { categories: { a: 50, b: 60, c: 1 }, folded: 5, nulls: 1 },
      { counts: [11, 5, 6] },
    ];
    for (const [i, { reference, parts }] of inputs.entries()) {
      await stream.put(`stream ${i}`, reference);
      await stream.put(`batch ${i}`, reference);
      let last: VerdictAnswer | undefined;
      for (const [minute, part] of parts.entries()) {
        last = (await stream.report(minute, { [`stream ${i}`]: part }))[`stream ${i}`];
      }
      const one = (await stream.report(0, { [`batch ${i}`]: whole[i] }))[`batch ${i}`];
      const { window: _window, ...soFar } = last!;
      expect(soFar).toEqual(one);
    }
  });

  it("ends in the same windows and verdicts in any order and any split", async () => {
    const random = randomOf(20261120);
    const some = (n: number) => Math.floor(random() * n);
    const references: Record<string, object> = {
      numbers: REFERENCE,
      colours: { categories: { red: 500, green: 400, blue: 100 } },
      places: { counts: [100, 200, 300] },
    };
    const currents: Record<string, () => object> = {
      numbers: () =>
        some(2) === 0
          ? { edges: [-10, 7, 33, 61, 110], counts: [some(40), some(40), some(40), some(40)], nulls: some(3) }
          : { values: Array.from({ length: some(60) }, () => some(120) - 10) },
      colours: () => ({ categories: { red: some(50), green: some(50), violet: some(9), [`c${some(9)}`]: some(3) } }),
      places: () => ({ counts: [some(50), some(50), some(50)] }),
    };
    const sent = Array.from({ length: 120 }, (_, i) => {
      const feature = Object.keys(currents)[i % 3]!;
      const at = (NOON - 6 * HOUR + some(4 * HOUR)) / 1000;
      return { feature, report: { at, id: `${i}`, run_id: `r${i}`, features: { [feature]: currents[feature]!() } } };
    });
    const outcomes: unknown[] = [];
    for (const [name, split] of [
      ["one by one", () => 1],
      ["in parts", () => 1 + some(20)],
      ["at once", () => sent.length],
    ] as const) {
      stream.now = NOON;
      for (const feature of Object.keys(references)) await stream.put("f", references[feature]!, `${name} ${feature}`);
      const rest = shuffled(sent, random).map((one) => ({
        ...one.report,
        kind: "drift" as const,
        id: `${name} ${one.report.id}`,
        pipeline_name: `${name} ${one.feature}`,
        features: { f: Object.values(one.report.features)[0] },
      }));
      while (rest.length > 0)
        for (const outcome of await stream.agent.send(...rest.splice(0, split()))) answersOf(outcome);
      await stream.sweep();
      for (const feature of Object.keys(references)) {
        const windows = await stream.windows(`${name} ${feature}`);
        const last = (await stream.results(`${name} ${feature}`)).filter(
          (one, i, all) => all.findLastIndex(({ at }) => at === one.at) === i,
        );
        expect(windows).toHaveLength(4);
        expect(last).toHaveLength(4);
        outcomes.push({ windows, last });
      }
    }
    expect(outcomes.slice(3, 6)).toEqual(outcomes.slice(0, 3));
    expect(outcomes.slice(6, 9)).toEqual(outcomes.slice(0, 3));
  });
});
