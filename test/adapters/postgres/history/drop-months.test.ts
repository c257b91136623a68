import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dropMonths } from "../../../../src/adapters/postgres/history/drop-months.ts";
import { PARTITIONED, Partitions } from "../../../../src/adapters/postgres/history/partitions.ts";
import { SERVERS, type TestDatabase } from "../../../support/database.ts";

const MAY = Date.UTC(2026, 4, 15);
const JUNE = Date.UTC(2026, 5, 15);
const BEFORE_JUNE = Date.UTC(2026, 5, 1);
const PATIENCE = 300;
const PATIENT = { timeout: 120_000, interval: 10 };

describe.each(SERVERS)("months that are past the retention, on $server", ({ open }) => {
  let db: TestDatabase;
  const partitions = new Partitions();
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.dispose());
  beforeEach(async () => {
    partitions.forget();
    await partitions.prepare(db.pool, [MAY, JUNE]);
    await db.pool.query("DELETE FROM quality_result");
    for (const at of [MAY, JUNE]) {
      await db.pool.query(
        `INSERT INTO quality_result (pipeline_id, check_id, score, threshold, passed, severity, checked_at, recorded_at)
         VALUES (1, 1, 1, 1, true, 'error', to_timestamp($1), now())`,
        [at / 1000],
      );
    }
  });

  const results = async () =>
    (await db.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM quality_result")).rows[0]!.n;
  const months = async () =>
    (
      await db.pool.query<{ name: string }>(
        "SELECT relname AS name FROM pg_class WHERE relname ~ '_2026_05$' ORDER BY 1",
      )
    ).rows.map(({ name }) => name);
  const ofMay = PARTITIONED.map((table) => `${table}_2026_05`);

  it("are dropped with all that is in them", async () => {
    expect((await dropMonths(db.pool, BEFORE_JUNE)).sort()).toEqual([...ofMay].sort());
    expect(await results()).toBe(1);
    expect(await months()).toEqual([]);
    expect(await dropMonths(db.pool, BEFORE_JUNE)).toEqual([]);
  });

  it("make nobody wait who comes while somebody still looks at them, and go with a later call", async () => {
    const looking = await db.pool.connect();
    await looking.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await looking.query("SELECT count(*) FROM quality_result");
    const dropping = dropMonths(db.pool, BEFORE_JUNE, PATIENCE);
    const others = await db.pool.connect();
    await others.query("SET lock_timeout = '200ms'");
    // Out of its table although it is still looked at.
    await expect
      .poll(async () => (await others.query("SELECT count(*)::int AS n FROM quality_result")).rows, PATIENT)
      .toEqual([{ n: 1 }]);
    await others.query(
      `INSERT INTO quality_result (pipeline_id, check_id, score, threshold, passed, severity, checked_at, recorded_at)
       VALUES (1, 1, 1, 1, true, 'error', to_timestamp($1), now())`,
      [JUNE / 1000],
    );
    await others.query("RESET lock_timeout");
    others.release();
    const dropped = await dropping;
    expect(dropped).not.toContain("quality_result_2026_05");
    expect(dropped).toContain("gate_transition_2026_05");
    // What was seen before is seen still.
    expect((await looking.query("SELECT count(*)::int AS n FROM quality_result_2026_05")).rows).toEqual([{ n: 1 }]);
    expect(await dropMonths(db.pool, BEFORE_JUNE, PATIENCE)).toEqual([]);
    await looking.query("COMMIT");
    looking.release();
    expect(await dropMonths(db.pool, BEFORE_JUNE, PATIENCE)).toEqual(["quality_result_2026_05"]);
    expect(await months()).toEqual([]);
    expect(await results()).toBe(2);
  });

  it("are dropped where their agent ended between taking them out and dropping them", async () => {
    await db.pool.query("ALTER TABLE quality_result DETACH PARTITION quality_result_2026_05 CONCURRENTLY");
    expect(await dropMonths(db.pool, BEFORE_JUNE)).toContain("quality_result_2026_05");
    expect(await months()).toEqual([]);
  });

  it("come back with what is in them where they are written to again before they are dropped", async () => {
    await db.pool.query("ALTER TABLE quality_result DETACH PARTITION quality_result_2026_05 CONCURRENTLY");
    expect(await results()).toBe(1);
    partitions.forget();
    await partitions.prepare(db.pool, [MAY]);
    expect(await results()).toBe(2);
    await dropMonths(db.pool, BEFORE_JUNE);
  });

  it("are each dropped once by two agents at the same time", async () => {
    const both = await Promise.all([dropMonths(db.pool, BEFORE_JUNE), dropMonths(db.pool, BEFORE_JUNE)]);
    const later = await dropMonths(db.pool, BEFORE_JUNE);
    expect(new Set([...both.flat(), ...later])).toEqual(new Set(ofMay));
    expect(await months()).toEqual([]);
  });
});
