import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresNotices } from "../../../src/adapters/postgres/notices/notice-store.ts";
import { postgresReader } from "../../../src/adapters/postgres/read/reader.ts";
import { PostgresStore } from "../../../src/adapters/postgres/store.ts";
import { NOON, TestAcceptor } from "../../support/acceptor.ts";
import { SERVERS, type TestDatabase } from "../../support/database.ts";
import { dump } from "../../support/dump.ts";
import { storeContract } from "./contract/store-contract.ts";

const at = (minutes: number) => (NOON + minutes * 60_000) / 1000;

describe.each(SERVERS)("the store on $server", ({ open }) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.dispose());

  storeContract(() => ({
    store: new PostgresStore(db.pool),
    reader: postgresReader(db.pool),
    notices: postgresNotices(db.pool),
    async refuse(threshold) {
      await db.pool.query(`ALTER TABLE quality_result ADD CONSTRAINT refused CHECK (threshold <> ${threshold})`);
      return async () => {
        await db.pool.query("ALTER TABLE quality_result DROP CONSTRAINT refused");
      };
    },
  }));

  it("keeps rollups equal to the rows", async () => {
    const tables = await dump(db.pool);
    const { rows } = await db.pool.query(
      "SELECT kind, sum(total) AS days, sum(passed) AS passed FROM sla_day GROUP BY kind ORDER BY kind",
    );
    const judged = [
      ...tables.sla_event!.map((row) => JSON.parse(row)),
      ...tables.data_quality_sla!.map((row) => ({ ...JSON.parse(row), kind: "quality" })),
    ];
    const sums = (kind: string) => {
      const all = judged.filter((row) => row.kind === kind);
      return { kind, days: all.length, passed: all.filter(({ passed }) => passed).length };
    };
    expect(rows).toEqual(["drift", "quality", "run"].map(sums));
    for (const { days } of rows) expect(days).toBeGreaterThan(0);
  });

  it("makes a month again that was dropped behind its back", async () => {
    const agent = new TestAcceptor(db.pool);
    const report = {
      kind: "quality" as const,
      pipeline_name: "dropped",
      check_name: "c",
      score: 1,
      at: at(-60 * 24 * 100),
    };
    await agent.send(report);
    const { rows } = await db.pool.query(
      "SELECT tableoid::regclass::text AS name FROM quality_result ORDER BY checked_at LIMIT 1",
    );
    await db.pool.query(`DROP TABLE ${rows[0].name}`);
    expect(await agent.send(report)).toMatchObject([{ accepted: true }]);
  });
});
