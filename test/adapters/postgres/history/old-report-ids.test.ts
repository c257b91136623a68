import type pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BY_KEY, createPool } from "../../../../src/adapters/postgres/connection/pool.ts";
import { DELETE_OLD_IDS, OldReportIds } from "../../../../src/adapters/postgres/history/old-report-ids.ts";
import { bringUpToDate } from "../../../../src/adapters/postgres/migrate.ts";
import { SILENT } from "../../../support/database.ts";
import { type DebianPostgres, startDebianPostgres } from "../../../support/debian-postgres.ts";

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 20, 12);

let server: DebianPostgres;
let pool: pg.Pool;
beforeEach(async () => {
  // The table is vacuumed by the test alone.
  server = await startDebianPostgres({ settings: { autovacuum: "off" } });
  pool = createPool({ connection: server.url, size: 1, statementTimeout: 20_000, name: "test", settings: BY_KEY });
  await bringUpToDate(pool, SILENT);
});
afterEach(async () => {
  await pool.end();
  await server.dispose();
});

/** So many ids an hour, of hours after noon. */
async function store(perHour: number, from: number, until: number): Promise<void> {
  await pool.query(
    `INSERT INTO report_id (id_hash, content_hash, received_at)
     SELECT gen_random_uuid(), gen_random_uuid(), to_timestamp($1::float8 + 3600 * h) FROM generate_series($2::int, $3::int - 1) h, generate_series(1, $4)`,
    [NOON / 1000, from, until, perHour],
  );
}

/** How many are left of each hour. */
async function left(): Promise<Map<number, number>> {
  const { rows } = await pool.query(
    "SELECT (extract(epoch FROM received_at) - $1) / 3600 AS hour, count(*)::int AS n FROM report_id GROUP BY 1 ORDER BY 1",
    [NOON / 1000],
  );
  return new Map(rows.map(({ hour, n }) => [hour, n]));
}

/** A pool that counts what it is asked. */
function counting() {
  const counter = { asked: 0 };
  const query = (text: string, values: unknown[]) => {
    counter.asked++;
    return pool.query(text, values);
  };
  return { counter, db: { query } as unknown as pg.Pool };
}

it("deletes all that are old and no other, wherever they lie, and looks again only where there may be old ones", async () => {
  await store(4000, 0, 10);
  const ids = new OldReportIds();
  const { counter, db } = counting();
  expect(await ids.delete(db, NOON)).toBe(0);
  const steps = counter.asked - 1;
  expect(steps).toBeGreaterThan(4);
  expect(await ids.delete(db, NOON + 4 * HOUR)).toBe(16_000);
  await pool.query("VACUUM report_id");

  // They lie before the older ones now.
  await store(4000, 10, 13);
  counter.asked = 0;
  expect(await ids.delete(db, NOON + 4 * HOUR)).toBe(0);
  expect(await ids.delete(db, NOON + 4.5 * HOUR)).toBe(4000);
  expect(counter.asked).toBeLessThan(2 * steps);
  expect(await ids.delete(db, NOON + 12 * HOUR)).toBe(28_000);
  expect(await left()).toEqual(new Map([[12, 4000]]));

  await pool.query("DELETE FROM report_id");
  await pool.query("VACUUM report_id");
  expect(await ids.delete(db, NOON + 13 * HOUR)).toBe(0);
  await store(4000, 13, 15);
  expect(await ids.delete(db, NOON + 14 * HOUR)).toBe(4000);
  expect(await left()).toEqual(new Map([[14, 4000]]));
}, 60_000);

it("reads the pages of a step alone", async () => {
  await store(4000, 0, 10);
  await pool.query("VACUUM ANALYZE report_id");
  const { rows } = await pool.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${DELETE_OLD_IDS.text}`, [
    "(64,0)",
    "(128,0)",
    NOON / 1000,
  ]);
  const plan = rows[0]["QUERY PLAN"][0].Plan;
  expect(JSON.stringify(plan)).not.toContain("Seq Scan");
  expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(2 * 64 + 10);
});
