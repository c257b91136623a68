import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { slaCounts } from "../../../../src/adapters/postgres/read/sla.ts";
import { foldStep } from "../../../../src/adapters/postgres/sla/fold-hours.ts";
import { foldSla } from "../../../../src/adapters/postgres/sla/fold-sla.ts";
import type { SlaQuery, SlaRow } from "../../../../src/ports.ts";
import { NOON, TestAcceptor } from "../../../support/acceptor.ts";
import { debianDatabase, type TestDatabase } from "../../../support/database.ts";
import { randomOf } from "../../../support/history.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
/** Between retention and now lie three ends of months. */
const OLDEST = NOON - 80 * DAY;

let db: TestDatabase;
beforeAll(async () => {
  db = await debianDatabase();
});
afterAll(() => db.dispose());

/** A few times at which mistakes would hide, most of them in the days that are folded, and any others. */
const moment = fc.oneof(
  fc.integer({ min: OLDEST, max: NOON }),
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }).map((hours) => NOON - hours * HOUR) },
  fc.integer({ min: -2, max: 2 }).map((ms) => Date.UTC(2026, 10, 1) + ms),
  fc.integer({ min: -2, max: 2 }).map((ms) => Date.UTC(2026, 10, 19) + ms),
);
const pipeline = fc.integer({ min: 0, max: 1 });
const run = fc.constantFrom("r1", "r2");

const step = fc.oneof(
  // Of a check that is busy, so that its day is kept by hour, or not; at once or as it happens.
  fc.record({
    what: fc.constant("checks" as const),
    pipeline,
    check: fc.constantFrom("a", "b"),
    from: moment,
    count: fc.constantFrom(1, 3, 70, 140),
    every: fc.constantFrom(1, 10 * MINUTE, 20 * MINUTE, 3 * HOUR),
    run_id: fc.option(run),
    failing: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    what: fc.constant("run" as const),
    pipeline,
    run_id: run,
    at: moment,
    status: fc.constantFrom("started", "success", "failed", "cancelled"),
  }),
  fc.record({ what: fc.constant("invalidate" as const), pipeline, run_id: run }),
  fc.record({ what: fc.constant("archive" as const), pipeline }),
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("fold" as const),
      step: fc.constantFrom(2, 1000),
      at: fc.oneof(fc.integer({ min: -45 * 24, max: 2 }), { weight: 3, arbitrary: fc.integer({ min: -36, max: 2 }) }),
    }),
  },
  // As far as a fold comes that is cut off.
  fc.record({ what: fc.constant("steps" as const), pipeline, times: fc.integer({ min: 1, max: 60 }) }),
  fc.constant({ what: "retain" as const }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let played = 0;

async function play(steps: readonly Step[]): Promise<string[]> {
  const agent = new TestAcceptor(db.pool);
  const { store } = agent;
  const names = [0, 1].map((i) => `folded ${played} ${i}`);
  played++;
  const locked = (name: string, work: LockedWork) =>
    store.transaction(async (tx) => {
      const row = (await tx.lockPipelines([name])).get(name);
      if (row !== undefined) await work(tx, row.pipeline_id);
    });
  for (const name of names) {
    await agent.send(
      { kind: "run", pipeline_name: name, run_id: "r1", status: "failed", at: (OLDEST + 10 * DAY) / 1000 },
      { kind: "run", pipeline_name: name, run_id: "r2", status: "success", at: (Date.UTC(2026, 10, 1) - 1) / 1000 },
    );
  }
  // Both have a past; one of them is busy on the last whole day and the one before it.
  for (const name of names) await agent.send(...checks(name, { from: OLDEST, count: 80, every: DAY }));
  await agent.send(...checks(names[0]!, { from: NOON - 36 * HOUR, count: 120, every: 13 * MINUTE, run_id: "r1" }));
  for (const one of steps) {
    const name = "pipeline" in one ? names[one.pipeline]! : "";
    if (one.what === "checks") {
      await agent.send(...checks(name, one));
    } else if (one.what === "run") {
      await agent.send({ kind: "run", pipeline_name: name, run_id: one.run_id, status: one.status, at: one.at / 1000 });
    } else if (one.what === "invalidate") {
      await locked(name, (tx, id) => tx.invalidateRun(id, one.run_id, { actor: "a", reason: "r", at: NOON }));
    } else if (one.what === "archive") {
      await locked(name, (tx, id) => tx.archivePipelines([id], NOON));
    } else if (one.what === "fold") {
      while (await foldSla(db.pool, NOON + one.at * HOUR, one.step)) {}
    } else if (one.what === "steps") {
      const { rows } = await db.pool.query<{ id: number }>(
        "SELECT pipeline_id AS id FROM pipeline WHERE pipeline_name = $1",
        [name],
      );
      const folding = { yesterday: NOON - 36 * HOUR, until: NOON, step: 1 };
      for (let i = 0; i < one.times; i++) await foldStep(db.pool, rows[0]!.id, folding);
    } else {
      await store.dropHistory(OLDEST);
    }
  }
  return names;
}

interface Burst {
  check?: string;
  from: number;
  count: number;
  every: number;
  run_id?: string | null;
  failing?: number;
}

function checks(pipeline_name: string, { check = "a", from, count, every, run_id = null, failing = 2 }: Burst) {
  return Array.from({ length: count }, (_, i) => ({
    kind: "quality" as const,
    pipeline_name,
    check_name: check,
    score: i % failing === 0 ? 1 : 0,
    threshold: 0.5,
    at: Math.min(from + i * every, NOON) / 1000,
    ...(run_id === null ? {} : { run_id }),
  }));
}

type LockedWork = (
  tx: Parameters<Parameters<TestAcceptor["store"]["transaction"]>[0]>[0],
  id: number,
) => Promise<unknown>;

const window = fc.record({
  a: moment,
  b: fc.oneof(moment, fc.constant(NOON + DAY), fc.constant(OLDEST)),
  kind: fc.constantFrom("quality" as const, "run" as const),
  subject: fc.constantFrom(null, null, "b"),
  by_subject: fc.boolean(),
  by_day: fc.boolean(),
});

it("counts over any window equal the plain count, whatever was folded, came late, was taken back or invalidated", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.array(window, { minLength: 12, maxLength: 12 }),
      async (steps, windows) => {
        const pipeline_names = await play(steps);
        for (const { a, b, ...rest } of windows) {
          const query = { ...rest, from: Math.min(a, b), to: Math.max(a, b), pipeline_names };
          expect(plain(await slaCounts(db.pool, query))).toEqual(plain(await count(query)));
        }
        // The folds of the next steps have nothing to do with these.
        await db.pool.query("UPDATE pipeline SET sla_hours_until = 'infinity' WHERE pipeline_name = ANY ($1)", [
          pipeline_names,
        ]);
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
  // Otherwise nothing was tried of what this is about.
  const { rows } = await db.pool.query<{ hours: number; months: number }>(
    "SELECT (SELECT count(*) FROM sla_hour)::int AS hours, (SELECT count(*) FROM sla_month)::int AS months",
  );
  expect(rows[0]!.hours).toBeGreaterThan(100);
  expect(rows[0]!.months).toBeGreaterThan(20);
});

it("an invalidated run leaves the hour in whose middle a fold was cut off as its results are", async () => {
  const agent = new TestAcceptor(db.pool);
  const pipeline_names = ["cut off"];
  const day = Date.UTC(2026, 10, 18);
  await agent.send(...checks("cut off", { from: day, count: 96, every: 15 * MINUTE, run_id: "r1" }));
  const [{ id }] = (await db.pool.query("SELECT pipeline_id AS id FROM pipeline WHERE pipeline_name = 'cut off'"))
    .rows as [{ id: number }];
  for (let i = 0; i < 6; i++) await foldStep(db.pool, id, { yesterday: day, until: day + DAY, step: 1 });
  const { rows } = await db.pool.query("SELECT sla_hours_until AS until FROM pipeline WHERE pipeline_name = 'cut off'");
  expect(rows).toEqual([{ until: day + HOUR + 30 * MINUTE }]);
  const query = {
    kind: "quality" as const,
    from: day,
    to: day + 20 * HOUR,
    pipeline_names,
    subject: null,
    by_subject: true,
    by_day: false,
  };
  expect(plain(await slaCounts(db.pool, query))).toEqual(plain(await count(query)));
  await agent.store.transaction(async (tx) => {
    await tx.lockPipelines(pipeline_names);
    await tx.invalidateRun(id, "r1", { actor: "a", reason: "r", at: NOON });
  });
  expect(await slaCounts(db.pool, query)).toMatchObject([{ total: 0, passed: 0, excluded: 80 }]);
});

it("what several agents report while others fold is counted once", async () => {
  const agents = [new TestAcceptor(db.pool), new TestAcceptor(db.pool)];
  const pipeline_names = ["together 0", "together 1"];
  const random = randomOf(11);
  const some = (n: number) => Math.floor(random() * n);
  for (const name of pipeline_names) {
    await agents[0]!.send(...checks(name, { from: NOON - 36 * HOUR, count: 200, every: 10 * MINUTE, run_id: "r1" }));
  }
  let reporting = true;
  const folding = Array.from({ length: 2 }, async () => {
    while (reporting) {
      await foldSla(db.pool, NOON - some(30) * HOUR, 1 + some(8));
    }
  });
  await Promise.all(
    Array.from({ length: 6 }, async (_, sender) => {
      for (let i = 0; i < 25; i++) {
        const burst = {
          check: `c${some(2)}`,
          from: NOON - some(36 * 60) * MINUTE,
          count: 1 + some(6),
          every: 7 * MINUTE,
        };
        await agents[sender % 2]!.send(...checks(pipeline_names[some(2)]!, burst));
      }
    }),
  );
  reporting = false;
  await Promise.all(folding);
  while (await foldSla(db.pool, NOON)) {}
  for (const by_day of [false, true]) {
    const spans = [37, 35.5, 20, 11.2].map((hours) => ({
      from: NOON - hours * HOUR,
      to: NOON - some(8 * 60) * MINUTE,
    }));
    for (const span of spans) {
      const query = { ...span, kind: "quality" as const, pipeline_names, subject: null, by_subject: true, by_day };
      expect(plain(await slaCounts(db.pool, query))).toEqual(plain(await count(query)));
    }
  }
}, 60_000);

it("months are what their days add up to", async () => {
  const { rows } = await db.pool.query(
    `SELECT * FROM (SELECT pipeline_id, kind, date_trunc('month', day) AS month, subject_id, sum(total) AS total, sum(passed) AS passed,
                           sum(excluded) AS excluded
                      FROM sla_day JOIN pipeline USING (pipeline_id) WHERE day < sla_months_until GROUP BY 1, 2, 3, 4) d
       FULL JOIN sla_month m USING (pipeline_id, kind, month, subject_id)
      WHERE (d.total, d.passed, d.excluded) IS DISTINCT FROM (m.total, m.passed, m.excluded)
        AND coalesce(m.total, 1) + coalesce(m.excluded, 1) > 0`,
  );
  expect(rows).toEqual([]);
});

async function count(query: SlaQuery): Promise<SlaRow[]> {
  const subject = query.by_subject ? "n.name" : "NULL::text";
  const day = query.by_day ? "date_trunc('day', at)" : "NULL::timestamptz";
  const { rows } = await db.pool.query<SlaRow>(
    `SELECT pipeline_name, ${subject} AS subject, ${day} AS day, count(*) FILTER (WHERE NOT excluded) AS total,
            count(*) FILTER (WHERE passed AND NOT excluded) AS passed, count(*) FILTER (WHERE excluded) AS excluded
       FROM (SELECT 'quality' AS kind, pipeline_id, check_id AS subject_id, passed, excluded, checked_at AS at FROM quality_result
              WHERE score IS NOT NULL
              UNION ALL SELECT kind, pipeline_id, subject_id, passed, excluded, at FROM sla_event) r
       JOIN pipeline USING (pipeline_id) JOIN name n ON n.name_id = subject_id
      WHERE kind = $5 AND at >= to_timestamp($1::float8) AND at < to_timestamp($2::float8)
        AND ($3::text[] IS NULL OR pipeline_name = ANY ($3)) AND ($4::text IS NULL OR n.name = $4)
      GROUP BY 1, 2, 3`,
    [query.from / 1000, query.to / 1000, query.pipeline_names, query.subject, query.kind],
  );
  return rows;
}

function plain(rows: SlaRow[]): string[] {
  return rows
    .map((row) => JSON.stringify([row.pipeline_name, row.subject, row.day, row.total, row.passed, row.excluded]))
    .sort();
}
