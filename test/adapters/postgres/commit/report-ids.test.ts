import { afterAll, beforeAll, expect, it } from "vitest";
import { PostgresStore } from "../../../../src/adapters/postgres/store.ts";
import type { StoreTx } from "../../../../src/ports.ts";
import { NOON, type Sent, TestAcceptor } from "../../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../../support/database.ts";

const MINUTE = 60_000;

/** Counts what is tried, conflicts included. */
class CountingStore extends PostgresStore {
  tries = 0;

  override transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T> {
    this.tries++;
    return super.transaction(work);
  }
}

let db: TestDatabase;
beforeAll(async () => {
  db = await debianDatabase();
});
afterAll(() => db.dispose());

function openAgent() {
  const store = new CountingStore(db.pool);
  const clock = { time: NOON, now: () => clock.time };
  const agent = new TestAcceptor(store, { clock });
  const send = async (...ids: (string | [id: string, score: number])[]) => {
    store.tries = 0;
    const outcomes = await agent.send(...ids.map((id) => (typeof id === "string" ? quality(id) : quality(...id))));
    const said = outcomes.map((one) => (one.accepted ? (one.duplicate ? "again" : "new") : one.error.code));
    return { said, tries: store.tries };
  };
  return { send, clock };
}

function quality(id: string, score = 1): Sent {
  return { kind: "quality", id, pipeline_name: "resent", check_name: "c", score, at: NOON / 1000 };
}

async function stored(at: string): Promise<number> {
  const { rows } = await db.pool.query("SELECT count(*)::int AS n FROM quality_result WHERE checked_at = $1", [at]);
  return rows[0].n;
}

it("tries again once when an id comes again, and expects others for a minute", async () => {
  const { send, clock } = openAgent();
  expect(await send("a", "b")).toEqual({ said: ["new", "new"], tries: 1 });
  expect(await send("c", "a", "d")).toEqual({ said: ["new", "again", "new"], tries: 2 });
  clock.time += MINUTE - 1;
  expect(await send("b", "e")).toEqual({ said: ["again", "new"], tries: 1 });
  clock.time += MINUTE - 1;
  expect(await send("e")).toEqual({ said: ["again"], tries: 1 });
  clock.time += MINUTE;
  expect(await send("f")).toEqual({ said: ["new"], tries: 1 });
  expect(await send("f", "g")).toEqual({ said: ["again", "new"], tries: 2 });
  expect(await stored(new Date(NOON).toISOString())).toBe(7);
});

it("refuses an id with other content, at the first try or at the second", async () => {
  const { send } = openAgent();
  await send(["other", 1]);
  expect(await send(["other", 0.5], "beside it")).toEqual({ said: ["report_conflict", "new"], tries: 2 });
  expect(await send(["other", 0.6], ["other", 1])).toEqual({ said: ["report_conflict", "report_conflict"], tries: 1 });
});

it("sees an id that stands twice in one batch without the store", async () => {
  const { send } = openAgent();
  expect(await send("twice", "twice", ["twice", 0.2])).toEqual({ said: ["new", "again", "report_conflict"], tries: 1 });
});

it("stores a report once that two agents are sent at once", async () => {
  const agents = [openAgent(), openAgent()];
  for (let round = 0; round < 20; round++) {
    const ids = Array.from({ length: 10 }, (_, i) => `at once ${round} ${i}`);
    for (const { clock } of agents) clock.time += 2 * MINUTE;
    const [first, second] = await Promise.all([agents[0]!.send(...ids), agents[1]!.send(...ids.toReversed())]);
    const news = (said: string[]) => said.filter((one) => one === "new").length;
    expect(news(first.said) + news(second.said)).toBe(10);
    expect([...first.said, ...second.said].filter((one) => one === "again")).toHaveLength(10);
  }
});
