import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresReader } from "../../../../src/adapters/postgres/read/reader.ts";
import type { Reader, SlaRow } from "../../../../src/ports.ts";
import { NOON, TestAcceptor } from "../../../support/acceptor.ts";
import { SERVERS, type TestDatabase } from "../../../support/database.ts";
import { randomOf } from "../../../support/history.ts";

const DAYS = 86_400_000;

describe.each(SERVERS)("SLA counts on $server", ({ open }) => {
  let db: TestDatabase;
  let reader: Reader;

  beforeAll(async () => {
    db = await open();
    reader = postgresReader(db.pool);
    const agent = new TestAcceptor(db.pool);
    const random = randomOf(7);
    const reports = Array.from({ length: 3000 }, () => ({
      kind: "quality" as const,
      pipeline_name: `pipeline ${Math.floor(random() * 3)}`,
      run_id: `run-${Math.floor(random() * 50)}`,
      check_name: `check ${Math.floor(random() * 3)}`,
      ...(random() < 0.05 ? { score: null, error: "not computed" } : { score: random() }),
      threshold: 0.2,
      // Many on the boundaries of hours and days, where a mistake would hide.
      at:
        (NOON - Math.floor(random() * 40) * (random() < 0.5 ? DAYS / 2 : 3_600_000) - Math.floor(random() * 3)) / 1000,
    }));
    for (let i = 0; i < reports.length; i += 500) await agent.send(...reports.slice(i, i + 500));
  });
  afterAll(() => db.dispose());

  it("equal the plain count over data_quality_sla for any window, also one that starts inside an hour", async () => {
    const moment = fc.oneof(
      fc.integer({ min: NOON - 41 * DAYS, max: NOON + DAYS }),
      fc.integer({ min: -1000, max: 30 }).map((hours) => NOON + hours * 3_600_000),
      fc
        .integer({ min: -40, max: 1 })
        .chain((days) => fc.integer({ min: -2, max: 2 }).map((ms) => NOON + (days + 0.5) * DAYS + ms)),
    );
    const name = fc.constantFrom(null, [], ["pipeline 0"], ["pipeline 2", "pipeline 1"], ["never heard of"]);
    const check = fc.constantFrom(null, "check 1", "never heard of");
    await fc.assert(
      fc.asyncProperty(
        moment,
        moment,
        name,
        check,
        fc.boolean(),
        fc.boolean(),
        async (a, b, pipeline_names, subject, by_subject, by_day) => {
          const query = { from: Math.min(a, b), to: Math.max(a, b), pipeline_names, subject, by_subject, by_day };
          const counted = await reader.slaCounts({ ...query, kind: "quality" });
          expect(plain(counted)).toEqual(plain(await count(query)));
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
  });

  async function count(query: Omit<Parameters<Reader["slaCounts"]>[0], "kind">): Promise<SlaRow[]> {
    const subject = query.by_subject ? "check_name" : "NULL::text";
    const day = query.by_day ? "date_trunc('day', checked_at)" : "NULL::timestamptz";
    const { rows } = await db.pool.query<SlaRow>(
      `SELECT pipeline_name, ${subject} AS subject, ${day} AS day, count(*) AS total,
              count(*) FILTER (WHERE passed) AS passed, 0 AS excluded
         FROM data_quality_sla
        WHERE checked_at >= to_timestamp($1::float8) AND checked_at < to_timestamp($2::float8)
          AND ($3::text[] IS NULL OR pipeline_name = ANY ($3)) AND ($4::text IS NULL OR check_name = $4)
        GROUP BY 1, 2, 3`,
      [query.from / 1000, query.to / 1000, query.pipeline_names, query.subject],
    );
    return rows;
  }

  function plain(rows: SlaRow[]): string[] {
    return rows
      .map((row) => JSON.stringify([row.pipeline_name, row.subject, row.day, row.total, row.passed, row.excluded]))
      .sort();
  }
});
