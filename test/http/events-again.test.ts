import { expect, test } from "vitest";
import { EventIds } from "../../src/http/events/event-ids.ts";
import { launchAgent, startAgent, type TestAgent, testAgentOf, testServer } from "../support/agent.ts";
import { eventsIn, listen } from "../support/listeners.ts";

const server = await testServer();
const agent = await testAgentOf(server);
const LONG = { timeout: 60_000 };

type Listener = Awaited<ReturnType<typeof listen>>;

const comeBack = ({ port }: TestAgent, id: string) => listen(port, { "last-event-id": id });
const lastId = ({ text }: Listener) => [...text.matchAll(/^id: (\S+)$/gm)].at(-1)![1]!;
const runsIn = ({ text }: Listener) =>
  [...text.matchAll(/^event: run\ndata: .*?"run_id":"(.*?)"/gm)].map(([, id]) => id);
const connected = (listener: Listener) => expect.poll(() => listener.text, LONG).toContain("\n\n");

async function ended(of: TestAgent, ...run_ids: string[]): Promise<void> {
  for (const run_id of run_ids) {
    const { status } = await of.post("/v1/runs", { pipeline_name: "orders", run_id, status: "success" });
    expect(status).toBe(200);
  }
}

/** Cut off after it was told of the run. */
async function cutOff(of: TestAgent, run_id: string): Promise<string> {
  const listener = await listen(of.port);
  await ended(of, run_id);
  await expect.poll(() => runsIn(listener), LONG).toContain(run_id);
  await expect.poll(() => eventsIn(listener, "gate"), LONG).toBeGreaterThan(0);
  listener.leave();
  return lastId(listener);
}

test("who comes back is told what it missed, once, and goes on from there", async () => {
  const id = await cutOff(agent, "seen");
  await ended(agent, "missed-1", "missed-2");
  const back = await comeBack(agent, id);
  await expect.poll(() => runsIn(back), LONG).toEqual(["missed-1", "missed-2"]);
  await ended(agent, "new");
  await expect.poll(() => runsIn(back), LONG).toEqual(["missed-1", "missed-2", "new"]);
  expect(back.text).not.toContain("event: reset");
  back.leave();
});

test("who has just come can come back as well, and so can who missed nothing", async () => {
  const first = await listen(agent.port);
  await connected(first);
  first.leave();
  await ended(agent, "between");
  const back = await comeBack(agent, lastId(first));
  await expect.poll(() => runsIn(back), LONG).toEqual(["between"]);
  await expect.poll(() => eventsIn(back, "gate"), LONG).toBe(1);
  back.leave();
  const again = await comeBack(agent, lastId(back));
  await connected(again);
  await ended(agent, "later");
  await expect.poll(() => runsIn(again), LONG).toEqual(["later"]);
  expect(again.text).not.toContain("event: reset");
  again.leave();
});

test.each([
  ["another agent's", () => new EventIds("0123456789ab").of(1)],
  ["one to come", (id: string) => id.replace(/\d+$/, "999999")],
  ["nobody's", () => "yesterday"],
])("the event that is named is %s: the lists are to be read, and all goes on from there", async (_what, idOf) => {
  const known = await listen(agent.port);
  await connected(known);
  const back = await comeBack(agent, idOf(lastId(known)));
  known.leave();
  await expect.poll(() => back.text, LONG).toMatch(/event: reset\ndata: \{"reason":"[^"]*read the lists again"\}\n\n/);
  const id = lastId(back);
  back.leave();
  await ended(agent, "after-the-reset");
  const third = await comeBack(agent, id);
  await expect.poll(() => runsIn(third), LONG).toEqual(["after-the-reset"]);
  expect(third.text).not.toContain("event: reset");
  third.leave();
});

test("an agent that stops ends the events in order and asks to come back at once; the next one says what it does not know", async () => {
  const stopping = await startAgent(server);
  const listener = await listen(stopping.port);
  await ended(stopping, "1");
  await expect.poll(() => eventsIn(listener, "gate"), LONG).toBe(1);
  await stopping.stop();
  await expect.poll(() => listener.ended, LONG).toBe(true);
  expect(listener.text).toMatch(/\n\nretry: 250\n\n$/);
  const next = await (await launchAgent(stopping.database_url)).ready;
  const back = await comeBack(next, lastId(listener));
  await expect.poll(() => back.text, LONG).toContain("event: reset");
  back.leave();
  await next.stop();
});
