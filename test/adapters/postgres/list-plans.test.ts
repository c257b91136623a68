import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillHistory } from "../../../bench/fill/fill-history.ts";
import { listNotices } from "../../../src/adapters/postgres/notices/list.ts";
import { decisionAt } from "../../../src/adapters/postgres/read/decision-at.ts";
import { digestRows } from "../../../src/adapters/postgres/read/digest.ts";
import { driftHistory, latestDrift, listReferences, listVersions } from "../../../src/adapters/postgres/read/drift.ts";
import { gateHistory, listMutes, listOverrides } from "../../../src/adapters/postgres/read/gates.ts";
import { listPipelines, readPipeline } from "../../../src/adapters/postgres/read/pipelines.ts";
import { listQuality } from "../../../src/adapters/postgres/read/quality.ts";
import { listRuns, readRun } from "../../../src/adapters/postgres/read/runs.ts";
import { pipelinesWithResults, slaCounts } from "../../../src/adapters/postgres/read/sla.ts";
import { debianDatabase, type TestDatabase } from "../../support/database.ts";

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Plan[];
}

/** Those that grow with what is reported. */
const HISTORY =
  /^(quality_result|run|run_\w+|drift_result|gate_transition|sla_\w+|records_report|notice)(_\d{4}_\d\d)?$/;
const LIMIT = 100;
/** Rows that a page of 100 may look at, of 200 000 quality results, 20 000 runs and 40 000 verdicts. */
const MOST_READ = 30 * LIMIT;

let database: TestDatabase;
const NOW = Date.now();
const DAY = 86_400_000;

beforeAll(async () => {
  database = await debianDatabase();
  await fillHistory(database.pool, { pipelines: 200, rows: 200_000, checks: 10, runs: 100, days: 300 });
  await database.pool.query(`
    INSERT INTO notice (notice_id, kind, channel, pipeline_names, severity, title, message, state, created_at, next_attempt_at, give_up_at)
    SELECT gen_random_uuid(), 'blocked', 'c', ARRAY['pipeline_' || lpad((i % 200)::text, 5, '0')], 'critical', 't', '{}',
           CASE WHEN i % 5000 = 0 THEN 'pending' ELSE 'sent' END, now(), now(), now()
      FROM generate_series(1, 20000) i`);
  await database.pool.query(`
    INSERT INTO gate_override (override_id, pipeline_id, decision, reason, actor, created_at, expires_at)
    SELECT gen_random_uuid(), 1 + i % 200, 'pass', 'r', 'a', now() - i * interval '10 min', now() FROM generate_series(1, 20000) i`);
  await database.pool.query(`
    INSERT INTO mute (mute_id, reason, actor, created_at, expires_at)
    SELECT gen_random_uuid(), 'r', 'a', now() - interval '90 days', now() + (10 - i) * interval '1 h' FROM generate_series(1, 20000) i`);
  await database.pool.query("VACUUM ANALYZE");
});
afterAll(() => database.dispose());

/** Runs `list` on connections that explain each statement as well. */
async function plansOf(list: (db: pg.Pool) => Promise<unknown>): Promise<{ plans: Plan[]; answer: unknown }> {
  const plans: Plan[] = [];
  const explaining = {
    async query(text: string, values: unknown[]) {
      const { rows } = await database.pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
      plans.push(rows[0]["QUERY PLAN"][0].Plan);
      return database.pool.query(text, values);
    },
  };
  const answer = await list(explaining as unknown as pg.Pool);
  return { plans, answer };
}

function nodes(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

function isTable(node: Plan): boolean {
  return node["Relation Name"] !== undefined;
}

function readBy(node: Plan): number {
  const each =
    node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  return each * node["Actual Loops"];
}

const everything = { pipeline_name: null, allowed: null, since: null, until: null, after: null, limit: LIMIT };
const quality = (more: object = {}) => ({ ...everything, check_name: null, ...more }) as never;
const runs = (more: object = {}) => ({ ...everything, status: null, ...more }) as never;
const notices = (more: object = {}) => ({ ...everything, state: null, ...more }) as never;
const LONG_AGO_RESULT = { checked_at: NOW - 150 * DAY, result_id: 1 };
const LONG_AGO_RUN = { run_order: NOW - 150 * DAY, run_key: 1 };
const sla = (more: object = {}) =>
  ({
    kind: "quality",
    from: NOW - 290.3 * DAY,
    to: NOW,
    subject: null,
    by_subject: true,
    by_day: false,
    ...more,
  }) as never;
const FEW = ["^pipeline_0000[0-4]$"];
const MANY = ["^pipeline_00(0..|1[0-4].)$"];
const P = "pipeline_00007";

const LISTS: [string, (db: pg.Pool) => Promise<unknown>][] = [
  ["quality results", (db) => listQuality(db, quality())],
  ["quality results of a pipeline", (db) => listQuality(db, quality({ pipeline_name: P }))],
  ["quality results of a check", (db) => listQuality(db, quality({ check_name: "check_0003" }))],
  ["of a check of a pipeline", (db) => listQuality(db, quality({ pipeline_name: P, check_name: "check_0003" }))],
  ["quality results for a key of few pipelines", (db) => listQuality(db, quality({ allowed: FEW }))],
  ["quality results for a key of many pipelines", (db) => listQuality(db, quality({ allowed: MANY }))],
  ["a later page", (db) => listQuality(db, quality({ after: { checked_at: NOW - 150 * DAY, result_id: 1 } }))],
  ["a window long ago", (db) => listQuality(db, quality({ since: NOW - 200 * DAY, until: NOW - 190 * DAY }))],
  ["quality results of a pipeline that is not there", (db) => listQuality(db, quality({ pipeline_name: "nobody" }))],
  ["quality results of a check that is not there", (db) => listQuality(db, quality({ check_name: "nothing" }))],
  ["runs", (db) => listRuns(db, runs())],
  ["runs of a pipeline", (db) => listRuns(db, runs({ pipeline_name: P }))],
  ["failed runs", (db) => listRuns(db, runs({ status: "failed" }))],
  ["runs of a status that no run has", (db) => listRuns(db, runs({ status: "cancelled" }))],
  ["failed runs of a pipeline", (db) => listRuns(db, runs({ pipeline_name: P, status: "failed" }))],
  ["runs for a key of few pipelines", (db) => listRuns(db, runs({ allowed: FEW }))],
  ["a later page of runs", (db) => listRuns(db, runs({ after: { run_order: NOW - 150 * DAY, run_key: 1 } }))],
  ["a run", (db) => readRun(db, P, "run-50")],
  ["pipelines", (db) => listPipelines(db, { allowed: null, after: null, limit: LIMIT })],
  ["a pipeline", (db) => readPipeline(db, P)],
  ["the latest verdicts", (db) => latestDrift(db, P)],
  [
    "verdicts on a feature",
    (db) => driftHistory(db, { pipeline_name: P, feature_name: "feature_a", since: null, after: null, limit: LIMIT }),
  ],
  ["references", (db) => listReferences(db, P)],
  [
    "versions of a reference",
    (db) => listVersions(db, { pipeline_name: P, feature_name: "feature_a", after: null, limit: LIMIT }),
  ],
  ["decisions of a gate", (db) => gateHistory(db, { ...everything, pipeline_name: P } as never)],
  ["overrides of a gate", (db) => listOverrides(db, P, null, LIMIT)],
  ["mutes that hold", (db) => listMutes(db, NOW)],
  ["notices", (db) => listNotices(db, notices())],
  ["notices about a pipeline", (db) => listNotices(db, notices({ pipeline_name: P }))],
  ["notices that wait", (db) => listNotices(db, notices({ state: "pending" }))],
  ["notices for a key of few pipelines", (db) => listNotices(db, notices({ allowed: FEW }))],
  [
    "a later page of a pipeline's results",
    (db) => listQuality(db, quality({ pipeline_name: P, after: LONG_AGO_RESULT })),
  ],
  [
    "a later page of a check's results",
    (db) => listQuality(db, quality({ check_name: "check_0003", after: LONG_AGO_RESULT })),
  ],
  [
    "a later page for a key of few pipelines",
    (db) => listQuality(db, quality({ allowed: FEW, after: LONG_AGO_RESULT })),
  ],
  ["a later page of failed runs", (db) => listRuns(db, runs({ status: "failed", after: LONG_AGO_RUN }))],
  ["a later page of a pipeline's runs", (db) => listRuns(db, runs({ pipeline_name: P, after: LONG_AGO_RUN }))],
  ["runs since a day ago", (db) => listRuns(db, runs({ since: NOW - DAY }))],
  ["a later page of pipelines", (db) => listPipelines(db, { allowed: null, after: "pipeline_00150", limit: LIMIT })],
  [
    "a later page of verdicts",
    (db) =>
      driftHistory(db, {
        ...{ pipeline_name: P, feature_name: "feature_a", since: null, limit: LIMIT },
        after: { at: NOW - 150 * DAY, result_id: 1 },
      }),
  ],
  [
    "a later page of decisions",
    (db) => gateHistory(db, { ...everything, pipeline_name: P, after: { at: NOW - 150 * DAY, revision: 1 } } as never),
  ],
  ["the decision of a time long ago", (db) => decisionAt(db, P, null, NOW - 150 * DAY)],
  ["a later page of overrides", (db) => listOverrides(db, P, { at: NOW - 60 * DAY, id: "f" }, LIMIT)],
  ["a later page of notices", (db) => listNotices(db, notices({ after: 10_000 }))],
  ["a later page of a pipeline's notices", (db) => listNotices(db, notices({ pipeline_name: P, after: 10_000 }))],
  [
    "whose results left a window in a minute",
    (db) => pipelinesWithResults(db, [{ from: NOW - 7 * DAY, to: NOW - 7 * DAY + 60_000 }]),
  ],
  ["the service level of a pipeline over most of a year", (db) => slaCounts(db, sla({ pipeline_names: [P] }))],
  ["its service level by day", (db) => slaCounts(db, sla({ pipeline_names: [P], by_day: true }))],
  [
    "a week's digest",
    (db) => digestRows(db, { from: NOW - 7 * DAY, to: NOW, silent_since: NOW - 30 * DAY, allowed: null, limit: 20 }),
  ],
];

describe("every list is answered from an index", () => {
  test.each(LISTS)("%s", async (_what, list) => {
    const { plans } = await plansOf(list);
    expect(plans.length).toBeGreaterThan(0);
    const all = plans.flatMap(nodes);
    const whole = all.filter((node) => node["Node Type"] === "Seq Scan" && HISTORY.test(node["Relation Name"]!));
    // A month before the first and after the last report is empty, and needs no index.
    expect(whole.filter((node) => readBy(node) > 0).map((node) => node["Relation Name"])).toEqual([]);
    expect(
      all
        .filter(isTable)
        .map(readBy)
        .reduce((sum, read) => sum + read, 0),
    ).toBeLessThan(MOST_READ);
  });

  test("and says the same as the whole table", async () => {
    const { rows } = await database.pool.query(
      `SELECT result_id FROM quality_result q JOIN pipeline p USING (pipeline_id)
        WHERE p.pipeline_name ~ '^pipeline_0000[0-4]$' ORDER BY checked_at DESC, result_id DESC LIMIT 100`,
    );
    const listed = await listQuality(database.pool, quality({ allowed: FEW }));
    expect(listed.map(({ result_id }) => result_id)).toEqual(rows.map(({ result_id }) => result_id));
    const many = await listQuality(database.pool, quality({ allowed: MANY, check_name: "check_0003" }));
    expect(many).toHaveLength(LIMIT);
    expect(
      many.every(
        ({ pipeline_name, check_name }) => /^pipeline_00[01]/.test(pipeline_name) && check_name === "check_0003",
      ),
    ).toBe(true);
  });
});
