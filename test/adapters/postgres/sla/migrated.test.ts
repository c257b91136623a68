import { afterAll, beforeAll, expect, it } from "vitest";
import { createPool } from "../../../../src/adapters/postgres/connection/pool.ts";
import { Partitions } from "../../../../src/adapters/postgres/history/partitions.ts";
import { migrate, readMigrations } from "../../../../src/adapters/postgres/migrate.ts";
import { slaCounts } from "../../../../src/adapters/postgres/read/sla.ts";
import type { SlaQuery, SlaRow } from "../../../../src/ports.ts";
import { TestAcceptor } from "../../../support/acceptor.ts";
import { startDebianPostgres } from "../../../support/debian-postgres.ts";
import { randomOf } from "../../../support/history.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.now();

/** From which on hours are not written with each result. */
const FOLDED_SINCE = 15;

const db = await startDebianPostgres();
const pool = createPool({ connection: db.url, size: 4, statementTimeout: 20_000, name: "test" });
pool.on("error", () => {});
afterAll(async () => {
  await pool.end();
  await db.dispose();
});

async function migrateWhere(wanted: (number: number) => boolean): Promise<void> {
  const client = await pool.connect();
  await migrate(
    client,
    (await readMigrations()).filter(({ number }) => wanted(number)),
  );
  client.release();
}

beforeAll(async () => {
  await migrateWhere((number) => number < FOLDED_SINCE);
  // Later migrations add tables.
  const { rows } = await pool.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relkind = 'p'");
  await new Partitions(rows.map(({ name }) => name)).prepare(
    pool,
    Array.from({ length: 72 }, (_, day) => NOW - day * DAY),
  );
  await pool.query(
    "INSERT INTO pipeline (pipeline_name, born_at) VALUES ('busy', now()), ('quiet', now()), ('silent', now())",
  );
  await pool.query("INSERT INTO name (name) VALUES ('a'), ('b')");
  // Every 10 minutes, and a few times a day; from 70 days ago until now.
  for (const [name, minutes] of [
    ["busy", 10],
    ["quiet", 400],
  ] as const) {
    await pool.query(
      `INSERT INTO quality_result (pipeline_id, check_id, attempt, score, threshold, passed, severity, excluded, checked_at, recorded_at)
       SELECT pipeline_id, name_id, 1, i % 3, 1, i % 3 >= 1, 'error', i % 50 = 0, to_timestamp($3) - i * $2 * interval '1 min', now()
         FROM pipeline, name, generate_series(0, 70 * 1440 / $2 - 1) i WHERE pipeline_name = $1`,
      [name, minutes, NOW / 1000],
    );
  }
  for (const unit of ["hour", "day"]) {
    await pool.query(
      `INSERT INTO sla_${unit} (pipeline_id, kind, ${unit}, subject_id, total, passed, excluded)
       SELECT pipeline_id, 'quality', date_trunc('${unit}', checked_at), check_id, count(*) FILTER (WHERE NOT excluded),
              count(*) FILTER (WHERE passed AND NOT excluded), count(*) FILTER (WHERE excluded)
         FROM quality_result GROUP BY 1, 3, 4`,
    );
  }
  await migrateWhere(() => true);
});

it("a store that was written with an hour for every result answers the same before and after it is added up, and while more comes", async () => {
  const agent = new TestAcceptor(pool, { clock: { now: () => NOW } });
  const more = (pipeline_name: string, ago: number) =>
    agent.send({ kind: "quality", pipeline_name, check_name: "a", score: 0, threshold: 1, at: (NOW - ago) / 1000 });
  await expectPlain();
  for (const name of ["busy", "quiet"]) for (const ago of [0, HOUR, 26 * HOUR, 40 * DAY]) await more(name, ago);
  await expectPlain();
  expect(await daysByHour("quiet")).toBeGreaterThan(60);
  while (await agent.store.foldSla(NOW)) {}
  await expectPlain();
  expect(await daysByHour("quiet")).toBe(0);
  expect(await daysByHour("busy")).toBeGreaterThan(60);
  for (const name of ["busy", "quiet"]) for (const ago of [0, HOUR, 26 * HOUR, 40 * DAY]) await more(name, ago);
  await expectPlain();
  while (await agent.store.foldSla(NOW + 5 * HOUR)) {}
  await expectPlain();
  const { rows } = await pool.query(
    "SELECT pipeline_name FROM pipeline JOIN sla_month USING (pipeline_id) GROUP BY 1 ORDER BY 1",
  );
  expect(rows).toEqual([{ pipeline_name: "busy" }, { pipeline_name: "quiet" }]);
});

async function daysByHour(pipeline_name: string): Promise<number> {
  const { rows } = await pool.query<{ days: number }>(
    "SELECT count(DISTINCT date_trunc('day', hour))::int AS days FROM sla_hour JOIN pipeline USING (pipeline_id) WHERE pipeline_name = $1",
    [pipeline_name],
  );
  return rows[0]!.days;
}

async function expectPlain(): Promise<void> {
  const random = randomOf(5);
  const moment = () => NOW + HOUR - Math.floor(random() * 71 * DAY);
  for (let i = 0; i < 20; i++) {
    const [a, b] = [moment(), i % 3 === 0 ? NOW + DAY : moment()];
    const query = {
      from: Math.min(a, b),
      to: Math.max(a, b),
      subject: null,
      by_subject: i % 2 === 0,
      by_day: i % 5 === 0,
    };
    const asked = {
      ...query,
      kind: "quality" as const,
      pipeline_names: i % 4 === 0 ? null : ["busy", "quiet", "silent"],
    };
    expect(sorted(await slaCounts(pool, asked))).toEqual(sorted(await count(asked)));
  }
}

async function count({ from, to, by_subject, by_day }: SlaQuery): Promise<SlaRow[]> {
  const { rows } = await pool.query<SlaRow>(
    `SELECT pipeline_name, ${by_subject ? "n.name" : "NULL::text"} AS subject,
            ${by_day ? "date_trunc('day', checked_at)" : "NULL::timestamptz"} AS day,
            count(*) FILTER (WHERE NOT excluded) AS total, count(*) FILTER (WHERE passed AND NOT excluded) AS passed,
            count(*) FILTER (WHERE excluded) AS excluded
       FROM quality_result JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = check_id
      WHERE checked_at >= to_timestamp($1::float8) AND checked_at < to_timestamp($2::float8) GROUP BY 1, 2, 3`,
    [from / 1000, to / 1000],
  );
  return rows;
}

function sorted(rows: SlaRow[]): string[] {
  return rows
    .map(({ pipeline_name, subject, day, total, passed, excluded }) =>
      JSON.stringify([pipeline_name, subject, day, total, passed, excluded]),
    )
    .sort();
}
