import { afterAll, beforeAll, expect, it } from "vitest";
import { NOON, restored, type Sent, TestAcceptor } from "../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../support/database.ts";
import { dump, forgottenTables } from "../../support/dump.ts";
import { history, randomOf, shuffled } from "../../support/history.ts";

const REPORTS = 10_000;
const SEED = 20261120;

let ordered: TestDatabase;
let disordered: TestDatabase;

beforeAll(async () => {
  [ordered, disordered] = await Promise.all([debianDatabase(), debianDatabase()]);
});
afterAll(() => Promise.all([ordered.dispose(), disordered.dispose()]));

it("compares every table, or says why not", async () => {
  expect(await forgottenTables(ordered.pool)).toEqual([]);
});

it("ends in the same tables and metrics whether sent once in order, or twice, shuffled, from eight senders to two agents", async () => {
  const reports = history(REPORTS, SEED);
  const inOrder = new TestAcceptor(ordered.pool);
  for (const part of parts(reports, 250)) expectAllAccepted(await inOrder.send(...part));

  const random = randomOf(SEED);
  const agents = [new TestAcceptor(disordered.pool), new TestAcceptor(disordered.pool)];
  const senders = Array.from({ length: 8 }, (_, n) =>
    shuffled([...reports, ...reports], random).filter((_r, i) => i % 8 === n),
  );
  // Each of the eight has an eighth of its own shuffle; what they miss between them is sent at the end.
  await Promise.all(
    senders.map(async (own, n) => {
      for (const part of parts(own, 1 + Math.floor(random() * 60)))
        expectAllAccepted(await agents[n % 2]!.send(...part));
      // Months are added up while others still report of them.
      await fold(agents[n % 2]!);
    }),
  );
  for (const part of parts(shuffled(reports, random), 500)) expectAllAccepted(await agents[0]!.send(...part));

  for (const agent of [inOrder, agents[0]!]) await fold(agent);
  const [expected, actual] = await Promise.all([dump(ordered.pool), dump(disordered.pool)]);
  for (const [table, rows] of Object.entries(expected)) {
    expect({ table, rows: actual[table] }).toEqual({ table, rows });
    expect(rows.length).toBeGreaterThan(0);
  }
  expect(withoutHistory(await restored(agents[0]!.store))).toEqual(withoutHistory(await inOrder.metrics()));
});

it("shows the same while it goes as after a restart, in any order", async () => {
  const database = await debianDatabase();
  try {
    const agent = new TestAcceptor(database.pool);
    const reports = shuffled(history(2000, SEED + 1), randomOf(SEED));
    for (const part of parts(reports, 100)) await agent.send(...part);
    expect(await agent.metrics()).toEqual(await restored(agent.store));
  } finally {
    await database.dispose();
  }
});

/** How often gates said something else on the way depends on the way, and which of several stated durations is observed. */
function withoutHistory(metrics: Map<string, number>): Map<string, number> {
  const dependent = /^(gate_decisions_total|pipeline_duration_seconds_(bucket|sum))/;
  return new Map([...metrics].filter(([series]) => !dependent.test(series)));
}

async function fold({ store }: TestAcceptor): Promise<void> {
  while (await store.foldSla(NOON)) {}
}

function expectAllAccepted(outcomes: { accepted: boolean }[]): void {
  expect(outcomes.filter(({ accepted }) => !accepted)).toEqual([]);
}

function parts(reports: readonly Sent[], size: number): Sent[][] {
  const result: Sent[][] = [];
  for (let i = 0; i < reports.length; i += size) result.push(reports.slice(i, i + size));
  return result;
}
