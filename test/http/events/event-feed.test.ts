import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { EventFeed } from "../../../src/http/events/event-feed.ts";
import { AgentEvents } from "../../../src/service/after-commit/agent-events.ts";

const LONG = { timeout: 60_000 };

/** A feed behind a real server; every event has this many bytes. */
async function world({ bytes = 10, dataOf = async (): Promise<object> => ({ text: "x".repeat(bytes) }) } = {}) {
  const agentEvents = new AgentEvents();
  const feed = new EventFeed({ agentEvents, dataOf, timeout: 20_000, now: Date.now, life: "a" });
  const gone = vi.fn();
  const server = createServer((request, raw) => {
    raw.writeHead(200, { "content-type": "text/event-stream" });
    const lastEventId = (request.headers["last-event-id"] as string | undefined) ?? null;
    feed.add(raw, { maySee: null, lastEventId, onGone: gone });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    feed.stop();
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    tell: (pipeline_name: string) => agentEvents.showGates([{ pipeline_name }]),
    gone,
    async listen(id?: string) {
      const leaving = new AbortController();
      const headers = id === undefined ? {} : { "last-event-id": id };
      const { body } = await fetch(url, { headers, signal: leaving.signal });
      const listener = { text: "", leave: () => leaving.abort() };
      void (async () => {
        for await (const chunk of body!) listener.text += Buffer.from(chunk).toString();
      })().catch(() => {});
      await expect.poll(() => listener.text, LONG).toContain("\n\n");
      return listener;
    },
  };
}

type Listener = { text: string };
const idsIn = ({ text }: Listener) => [...text.matchAll(/^id: a-(\d+)\nevent: gate$/gm)].map(([, id]) => Number(id));
const isReset = ({ text }: Listener) => text.includes("event: reset");

test("what was told stays for who comes back, up to 4 MiB; who missed more is told to read the lists", async () => {
  const { tell, listen } = await world({ bytes: 1_048_576 });
  const first = await listen();
  for (let i = 1; i <= 6; i++) tell(`p${i}`);
  await expect.poll(() => idsIn(first), LONG).toEqual([1, 2, 3, 4, 5, 6]);
  const recent = await listen("a-3");
  await expect.poll(() => idsIn(recent), LONG).toEqual([4, 5, 6]);
  const late = await listen("a-1");
  await expect.poll(() => isReset(late), LONG).toBe(true);
  expect([idsIn(late), isReset(recent)]).toEqual([[], false]);
});

test("while nobody listens events are kept for a minute, and not for longer", async () => {
  const { tell, gone, listen } = await world();
  const first = await listen();
  // Of Node's own timers none is of this kind.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  first.leave();
  await vi.waitUntil(() => gone.mock.calls.length === 1, { timeout: 60_000 });
  tell("while nobody listens");
  vi.advanceTimersByTime(59_000);
  vi.useRealTimers();
  const second = await listen("a-0");
  await expect.poll(() => idsIn(second), LONG).toEqual([1]);

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  second.leave();
  await vi.waitUntil(() => gone.mock.calls.length === 2, { timeout: 60_000 });
  vi.advanceTimersByTime(61_000);
  vi.useRealTimers();
  tell("to nobody");
  const third = await listen("a-1");
  await expect.poll(() => isReset(third), LONG).toBe(true);
});

test("who is let go since a gate could not be read comes back to a reset, not to a gap", async () => {
  let away = false;
  const { tell, gone, listen } = await world({
    async dataOf() {
      if (away) throw new Error("the store is away");
      return {};
    },
  });
  const first = await listen();
  tell("p");
  await expect.poll(() => idsIn(first), LONG).toEqual([1]);
  away = true;
  tell("p");
  await expect.poll(() => gone.mock.calls.length, LONG).toBe(1);
  away = false;
  const back = await listen("a-1");
  await expect.poll(() => isReset(back), LONG).toBe(true);
  tell("p");
  await expect.poll(() => idsIn(back).length, LONG).toBe(1);
});
