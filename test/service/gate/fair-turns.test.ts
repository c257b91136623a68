import { describe, expect, test } from "vitest";
import { FairTurns } from "../../../src/service/gate/fair-turns.ts";
import { GateWaiters } from "../../../src/service/gate/gate-waiters.ts";

/** Work that goes on until it is told to end, and what of it has begun, in order. */
class Works {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];
  most = 0;
  #going = 0;

  readonly work = (name: string) => async (): Promise<string> => {
    this.begun.push(name);
    this.most = Math.max(this.most, ++this.#going);
    await new Promise<void>((end) => this.#ends.push(end));
    this.#going--;
    return name;
  };

  /** Ends what goes on, and what begins then, until nothing is left. */
  async endAll(): Promise<void> {
    for (let end = this.#ends.shift(); end !== undefined; end = this.#ends.shift()) {
      end();
      await new Promise(setImmediate);
    }
  }
}

describe("turns", () => {
  test("a group with much to do keeps another waiting for one of its works alone", async () => {
    const works = new Works();
    const turns = new FairTurns(2);
    const all = Array.from({ length: 100 }, (_, i) => turns.take("many", works.work(`many ${i}`)));
    all.push(turns.take("one", works.work("one")));
    await works.endAll();
    expect(await Promise.all(all)).toHaveLength(101);
    expect(works.most).toBe(2);
    expect(works.begun.indexOf("one")).toBeLessThanOrEqual(3);
    expect(works.begun.filter((name) => name !== "one")).toEqual(Array.from({ length: 100 }, (_, i) => `many ${i}`));
  });

  test("work that fails gives its place on", async () => {
    const turns = new FairTurns(1);
    const failing = () => Promise.reject(new Error("no"));
    const all = await Promise.allSettled([
      turns.take("a", failing),
      turns.take("a", failing),
      turns.take("b", failing),
    ]);
    expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await turns.take("a", async () => "yes")).toBe("yes");
  });
});

describe("a thousand different questions about one pipeline", () => {
  test("are looked at one at a time after a commit, and another pipeline's has its turn between them", async () => {
    const works = new Works();
    const waiters = new GateWaiters<string>(async () => {});
    const ask = (pipeline_name: string, i: number) => {
      const look = works.work(`${pipeline_name} ${i}`);
      return waiters.wait(
        `${pipeline_name} ${i}`,
        { pipeline_name, look, isDecided: () => true },
        new AbortController().signal,
      );
    };
    const all = Array.from({ length: 1000 }, (_, i) => ask("many", i));
    all.push(ask("one", 0));
    await works.endAll();
    expect(await Promise.all(all)).not.toContain(null);
    expect(works.most).toBe(1);
    expect(works.begun.indexOf("one 0")).toBeLessThanOrEqual(2);
  });

  test("when their time is over, each is looked at once for all who asked it", async () => {
    const works = new Works();
    const waiters = new GateWaiters<string>(async () => {});
    const look = works.work("same");
    const all = Array.from({ length: 50 }, () => waiters.lookOnce("same", { pipeline_name: "many", look }));
    await works.endAll();
    expect(new Set(await Promise.all(all))).toEqual(new Set(["same"]));
    expect(works.begun).toEqual(["same"]);
  });
});
