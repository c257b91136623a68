import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { GateWaiters } from "../../../src/service/gate/gate-waiters.ts";

/** A gate that is looked at, and time that passes when it is told to. */
function world() {
  const slept: (() => void)[] = [];
  const waits: number[] = [];
  const waiters = new GateWaiters<string>((ms) => {
    waits.push(ms);
    return new Promise<void>((resolve) => slept.push(resolve));
  });
  const gate = { says: "unknown", away: false, looks: 0 };
  const watch = {
    pipeline_name: "p",
    async look() {
      gate.looks++;
      if (gate.away) throw new Error("away");
      return gate.says;
    },
    isDecided: (answer: string) => answer !== "unknown",
  };
  return { waiters, watch, gate, slept, waits };
}

const forever = () => new AbortController().signal;
const touched = new Set(["p"]);

test("who waits is answered at once where it is decided already", async () => {
  const { waiters, watch, gate } = world();
  gate.says = "pass";
  expect(await waiters.wait("k", watch, forever())).toBe("pass");
  expect(waiters.size).toBe(0);
});

test("a commit that touched the pipeline answers all who asked the same, by one look", async () => {
  const { waiters, watch, gate } = world();
  const both = [waiters.wait("k", watch, forever()), waiters.wait("k", watch, forever())];
  await setImmediate();
  expect(waiters.size).toBe(2);
  const before = gate.looks;
  waiters.wake(new Set(["other"]));
  await setImmediate();
  expect(gate.looks).toBe(before);
  gate.says = "block";
  waiters.wake(touched);
  expect(await Promise.all(both)).toEqual(["block", "block"]);
  expect([gate.looks, waiters.size]).toEqual([before + 1, 0]);
});

test("what a commit changes while a look is under way is looked at once more", async () => {
  const { waiters, watch, gate } = world();
  let answer = (_said: string) => {};
  const look = () => {
    gate.looks++;
    return gate.looks === 1 ? new Promise<string>((resolve) => (answer = resolve)) : watch.look();
  };
  const waited = waiters.wait("k", { ...watch, look }, forever());
  await setImmediate();
  gate.says = "pass";
  waiters.wake(touched);
  answer("unknown");
  expect(await waited).toBe("pass");
});

test("a look that failed is taken again after a second, and not where nobody waits any more", async () => {
  const { waiters, watch, gate, slept, waits } = world();
  gate.away = true;
  const waited = waiters.wait("k", watch, forever());
  await setImmediate();
  expect([gate.looks, waits]).toEqual([1, [1000]]);
  gate.away = false;
  gate.says = "pass";
  slept.pop()!();
  expect(await waited).toBe("pass");

  gate.away = true;
  const until = new AbortController();
  const gone = waiters.wait("k", watch, until.signal);
  await setImmediate();
  until.abort();
  expect(await gone).toBeNull();
  slept.pop()!();
  await setImmediate();
  expect(gate.looks).toBe(3);
});

test("when the time is over or the caller is gone there is no decision; an agent that stops has none either, and says so", async () => {
  const { waiters, watch } = world();
  const until = new AbortController();
  const one = waiters.wait("k", watch, until.signal);
  const other = waiters.wait("k", watch, forever());
  until.abort();
  expect(await one).toBeNull();
  expect(waiters.size).toBe(1);
  waiters.stop();
  await expect(other).rejects.toMatchObject({ code: "shutting_down", retry_after: 0 });
  expect(waiters.size).toBe(0);
  await expect(waiters.wait("k", watch, forever())).rejects.toMatchObject({ code: "shutting_down" });
  expect(await waiters.wait("k", watch, until.signal)).toBeNull();
});
