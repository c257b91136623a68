import { expect, test } from "vitest";
import { type Change, NO_CHANGE } from "../../../src/domain/commit/change.ts";
import { type Committed, nothingCommitted } from "../../../src/domain/commit/committed.ts";
import { SluiceError } from "../../../src/errors.ts";
import { type PipelineRow, type Store, StoreError, type StoreTx } from "../../../src/ports.ts";
import { type ChangeDeps, changeUnderLocks } from "../../../src/service/under-locks/change-under-locks.ts";
import { InDoubt } from "../../../src/service/under-locks/in-doubt.ts";
import { gateDeps } from "../../support/gates.ts";

/** What happens, in its order; `failures`: how each try's commit ends, null: well. */
function world(failures: (Error | null)[] = []) {
  const steps: string[] = [];
  const shown: Committed[] = [];
  const told: Change[] = [];
  let now = 1000;
  const tx = {
    async lockPipelines(names: readonly string[]) {
      steps.push(`lock ${names}`);
      return new Map(
        names.map((pipeline_name, i) => [pipeline_name, { pipeline_id: i, pipeline_name } as PipelineRow]),
      );
    },
    async commit(change: Change) {
      told.push(change);
    },
  } as unknown as StoreTx;
  const store = {
    async prepare({ pipeline_names, names, times }: Parameters<Store["prepare"]>[0]) {
      steps.push(`prepare ${[...pipeline_names]} / ${[...names]} / ${[...times]}`);
    },
    async transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T> {
      const result = await work(tx);
      const failure = failures.shift() ?? null;
      steps.push(failure === null ? "commit" : "fail");
      if (failure !== null) throw failure;
      return result;
    },
  } as unknown as Store;
  const deps: ChangeDeps = {
    ...gateDeps(),
    store,
    clock: { now: () => now++ },
    doubt: new InDoubt(),
    afterCommit: {
      observe(committed) {
        steps.push("show");
        shown.push(committed);
      },
    },
  };
  return { deps, steps, shown, told };
}

const archived = ["a"];

function archive(deps: ChangeDeps, seen: number[] = []): Promise<string> {
  return changeUnderLocks(deps, { pipeline_names: ["a"], names: ["f"] }, async (_tx, pipelines, now) => {
    seen.push(now);
    return { result: [...pipelines.keys()].join(), committed: { ...nothingCommitted(), archived }, cause: null };
  });
}

async function inDoubt({ doubt }: ChangeDeps): Promise<string[]> {
  const asked: string[] = [];
  const store = {
    async *restore(names: readonly string[] = ["all"]) {
      asked.push(...names);
      yield nothingCommitted();
    },
  };
  await doubt.show(store, { observe() {} });
  return asked;
}

const conflict = () => new StoreError("conflict", "deadlock detected", { sqlstate: "40P01" });

test("nothing is shown before the commit, and what is shown is what was changed", async () => {
  const { deps, steps, shown, told } = world();
  expect(await archive(deps)).toBe("a");
  expect(told).toEqual([{ ...NO_CHANGE, touched: ["a"], archived }]);
  expect(steps).toEqual(["prepare a / f / 1000", "lock a", "commit", "show"]);
  expect(shown).toEqual([{ ...nothingCommitted(), archived }]);
  expect(await inDoubt(deps)).toEqual([]);
});

test("a conflict repeats all of it, at its own time, and is shown once", async () => {
  const { deps, steps, shown } = world([conflict(), conflict()]);
  const seen: number[] = [];
  expect(await archive(deps, seen)).toBe("a");
  expect(seen).toEqual([1000, 1001, 1002]);
  expect(steps.filter((step) => step === "show" || step === "commit")).toEqual(["commit", "show"]);
  expect([shown.length, await inDoubt(deps)]).toEqual([1, []]);
});

test("the time that was given stands over every try", async () => {
  const { deps, steps } = world([conflict()]);
  const seen: number[] = [];
  await changeUnderLocks(deps, { pipeline_names: ["a"], at: 7, times: [1, 2] }, async (_tx, _pipelines, now) => {
    seen.push(now);
    return { result: null, committed: nothingCommitted(), cause: null };
  });
  expect([seen, steps[0]]).toEqual([[7, 7], "prepare a /  / 1,2"]);
});

test.each([
  ["unavailable", ["a"]],
  ["broken", ["a"]],
  ["refused", []],
  ["conflict", []],
] as const)("after %s nothing is shown, and in doubt is %j", async (reason, doubtful) => {
  const failure = new StoreError(reason, "failed", {});
  const { deps, shown } = world(Array.from({ length: 5 }, () => failure));
  await expect(archive(deps)).rejects.toBe(failure);
  expect(shown).toEqual([]);
  expect(await inDoubt(deps)).toEqual(doubtful);
});

test("an error that nobody foresaw may have come after the commit", async () => {
  const { deps } = world([new Error("what?")]);
  await expect(archive(deps)).rejects.toThrow("what?");
  expect(await inDoubt(deps)).toEqual(["a"]);
});

test("a refusal by the work comes out as it is, is not repeated and leaves no doubt", async () => {
  const { deps, steps, shown } = world();
  const refusal = new SluiceError("not_found", "pipeline_name: no");
  const work = () => Promise.reject(refusal);
  await expect(changeUnderLocks(deps, { pipeline_names: ["a"] }, work)).rejects.toBe(refusal);
  expect([steps, shown, await inDoubt(deps)]).toEqual([["prepare a /  / 1000", "lock a"], [], []]);
});
