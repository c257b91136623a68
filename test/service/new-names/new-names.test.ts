import { describe, expect, test } from "vitest";
import { nothingCommitted } from "../../../src/domain/commit/committed.ts";
import { SluiceError } from "../../../src/errors.ts";
import type { Named } from "../../../src/service/new-names/named-by.ts";
import { type NameLimits, NewNames } from "../../../src/service/new-names/new-names.ts";

const DAY = 86_400_000;
const LIMITS: NameLimits = {
  new_pipelines_per_minute: 1000,
  pipelines_per_key: 20_000,
  names: { stage: 3, check: 3, feature: 3, operation: 3, dataset: 3 },
};

function newNames(limits: Partial<NameLimits> = {}) {
  const clock = { at: 0 };
  const names = new NewNames({ ...LIMITS, ...limits }, { now: () => clock.at });
  /** What becomes of a request: the codes of its items, or of the whole. */
  const ask = (key: string, ...named: Named[]): (string | null)[] | SluiceError => {
    try {
      return names.admit(key, named)?.map((error) => error?.code ?? null) ?? named.map(() => null);
    } catch (error) {
      if (error instanceof SluiceError) return error;
      throw error;
    }
  };
  return { clock, names, ask };
}

const runs = (...pipeline_names: string[]): Named[] =>
  pipeline_names.map((pipeline_name) => ({ pipeline_name, kind: null, names: [] }));
const stage = (name: string, pipeline_name = "p"): Named => ({ pipeline_name, kind: "stage", names: [name] });
const checks = (...names: string[]): Named => ({ pipeline_name: "p", kind: "check", names });

describe("new pipelines of a key", () => {
  test("so many a minute; the rest come later and none is lost: a first day of 10 000 takes nine minutes", () => {
    const { clock, ask } = newNames();
    let waited = 0;
    for (let i = 0; i < 10_000; i++) {
      for (;;) {
        const answer = ask("honest", ...runs(`pipeline ${i}`));
        if (Array.isArray(answer)) break;
        expect(answer.code).toBe("too_many_new");
        expect(answer.retry_after).toBeGreaterThanOrEqual(1);
        waited += answer.retry_after!;
        clock.at += answer.retry_after! * 1000;
      }
    }
    expect(waited).toBeGreaterThanOrEqual(530);
    expect(waited).toBeLessThanOrEqual(541);
  });

  test("what is known passes whatever the allowance says, and another key has its own", () => {
    const { ask } = newNames({ new_pipelines_per_minute: 2 });
    expect(ask("one", ...runs("a", "b"))).toEqual([null, null]);
    expect(ask("one", ...runs("c"))).toMatchObject({ code: "too_many_new", retry_after: 30 });
    expect(ask("one", ...runs("a", "b"))).toEqual([null, null]);
    expect(ask("other", ...runs("c"))).toEqual([null]);
  });

  test("a request is let in as a whole or not at all, and what it took too much is paid back", () => {
    const { clock, ask } = newNames({ new_pipelines_per_minute: 60 });
    expect(ask("k", ...runs(...Array.from({ length: 59 }, (_, i) => `a${i}`)))).toHaveLength(59);
    expect(ask("k", ...runs(...Array.from({ length: 60 }, (_, i) => `b${i}`)))).toHaveLength(60);
    expect(ask("k", ...runs("c"))).toMatchObject({ code: "too_many_new", retry_after: 60 });
    clock.at += 59_000;
    expect(ask("k", ...runs("c"))).toMatchObject({ code: "too_many_new", retry_after: 1 });
    clock.at += 1000;
    expect(ask("k", ...runs("c"))).toEqual([null]);
  });

  test("a request that could never fit is too large, upon which clients send halves", () => {
    const { ask } = newNames({ new_pipelines_per_minute: 2 });
    expect(ask("k", ...runs("a", "b", "c"))).toMatchObject({ code: "body_too_large" });
    expect(ask("k", ...runs("a", "b", "a", "b"))).toEqual([null, null, null, null]);
  });

  test("only the total is final, for the reports over it alone; who archives makes place", () => {
    const { names, ask } = newNames({ pipelines_per_key: 2 });
    expect(ask("k", ...runs("a", "b", "c", "a"))).toEqual([null, null, "too_many_names", null]);
    expect(ask("other", ...runs("c"))).toEqual([null]);
    names.forget(["a", "never heard of"]);
    expect(ask("k", ...runs("d", "a"))).toEqual([null, "too_many_names"]);
  });

  test("the total holds over a restart, as each pipeline's key is stored", () => {
    const { names, ask } = newNames({ pipelines_per_key: 2 });
    const births = [
      { pipeline_name: "a", born_at: 0, key_name: "k" },
      { pipeline_name: "b", born_at: 0, key_name: "k" },
      { pipeline_name: "old", born_at: 0, key_name: null },
    ];
    names.restore({ ...nothingCommitted(), births });
    expect(ask("k", ...runs("a", "old", "c"))).toEqual([null, null, "too_many_names"]);
  });

  test("none is called what /metrics calls those that found no room, but for one that is stored already", () => {
    const { names, ask } = newNames();
    expect(ask("k", ...runs("_other", "a"))).toEqual(["invalid_report", null]);
    names.restore({ ...nothingCommitted(), births: [{ pipeline_name: "_other", born_at: 0 }] });
    expect(ask("k", ...runs("_other"))).toEqual([null]);
  });
});

describe("names of a pipeline", () => {
  test("each kind has its bound, each pipeline its own, and what is known passes", () => {
    const { ask } = newNames();
    expect(ask("k", stage("a"), stage("b"), stage("c"), stage("d"), stage("a"))).toEqual([
      null,
      null,
      null,
      "too_many_names",
      null,
    ]);
    expect(ask("k", stage("d", "q"), checks("a", "b", "c"))).toEqual([null, null]);
    expect(ask("k", stage("c"), checks("b", "d"))).toEqual([null, "too_many_names"]);
  });

  test("a check that was not reported for a day makes place, one that was reported does not", () => {
    const { clock, ask } = newNames();
    expect(ask("k", checks("steady", "day 1", "day 2"))).toEqual([null]);
    expect(ask("k", checks("day 3"))).toEqual(["too_many_names"]);
    clock.at = DAY;
    // From here on it is looked who is still reported.
    expect(ask("k", checks("day 3"))).toEqual(["too_many_names"]);
    expect(ask("k", checks("steady"))).toEqual([null]);
    clock.at = 2 * DAY;
    expect(ask("k", checks("day 3"), checks("day 4"), checks("day 5"))).toEqual([null, null, "too_many_names"]);
    expect(ask("k", checks("steady"))).toEqual([null]);
  });

  test("stages stay, since their counters do", () => {
    const { clock, ask } = newNames();
    expect(ask("k", stage("a"), stage("b"), stage("c"))).toEqual([null, null, null]);
    for (clock.at = DAY; clock.at < 10 * DAY; clock.at += DAY) expect(ask("k", stage("d"))).toEqual(["too_many_names"]);
  });

  test("those that are stored count", () => {
    const { names, ask } = newNames();
    const records = ["a", "b", "c"].map((name) => ({
      pipeline_name: "p",
      stage: name,
      processed: 1,
      failed: 0,
      born_at: 0,
    }));
    names.restore({ ...nothingCommitted(), births: [{ pipeline_name: "p", born_at: 0 }], records });
    expect(ask("k", stage("b"), stage("d"))).toEqual([null, "too_many_names"]);
  });
});
