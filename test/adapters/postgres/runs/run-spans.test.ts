import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Query, queryOf } from "../../../../src/adapters/postgres/connection/query.ts";
import { runSpans } from "../../../../src/adapters/postgres/runs/run-spans.ts";
import { NOON, type Sent, TestAcceptor } from "../../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../../support/database.ts";

const RUNS = 300;
const TIMES = 250;
const START = NOON - 3_600_000;

let db: TestDatabase;
let client: pg.PoolClient;
let pipeline_id: number;
beforeAll(async () => {
  db = await debianDatabase();
  client = await db.pool.connect();
  const started = (i: number): Sent => {
    const at = (START + i * 1000) / 1000;
    return { kind: "run", pipeline_name: "many", run_id: `r${i}`, status: "started", at, started_at: at };
  };
  const outcomes = await new TestAcceptor(db.pool).send(...Array.from({ length: RUNS }, (_, i) => started(i)));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ accepted: true });
  pipeline_id = (await db.pool.query("SELECT pipeline_id FROM pipeline WHERE pipeline_name = 'many'")).rows[0]
    .pipeline_id;
});
afterAll(async () => {
  client.release();
  await db.dispose();
});

test("however many times are asked about at once, each run near them is read once, and each time is answered as alone", async () => {
  let rows = 0;
  const query = queryOf(client);
  const counting = (async (...asked: Parameters<Query>) => {
    const found = await query(...asked);
    rows += found.length;
    return found;
  }) as Query;
  // Every time twice.
  const asked = Array.from({ length: 2 * TIMES }, (_, i) => ({ pipeline_id, around: START + (i % TIMES) * 1200 }));
  const together = await runSpans(counting, asked);
  expect(rows).toBeLessThanOrEqual(RUNS);
  const names = (spans: (typeof together)[number]) => spans.map(({ run_id }) => run_id).sort();
  for (const i of [0, 1, 99, TIMES - 1, TIMES, 2 * TIMES - 1]) {
    const [alone] = await runSpans(counting, [asked[i]!]);
    expect(names(together[i]!)).toEqual(names(alone!));
    expect(names(alone!)).toHaveLength(i % TIMES === 0 ? 51 : new Set(names(alone!)).size);
  }
  expect(await runSpans(counting, [])).toEqual([]);
});
