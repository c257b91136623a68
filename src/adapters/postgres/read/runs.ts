import type pg from "pg";
import { TOLERANCE } from "../../../domain/tolerance.ts";
import type { RunDetail, RunFilter, RunRow } from "../../../ports.ts";
import { numbers } from "../array-literals.ts";
import { standingItems } from "../rejected-evidence.ts";
import { newest, whose } from "./visible.ts";

const COLUMNS = `
  r.run_key, p.pipeline_name, r.run_id, r.status, r.attempt, r.started_at, r.finished_at, r.duration_seconds, r.error,
  r.data_interval_start, r.data_interval_end, r.traceparent, r.run_order`;

/** Latest run first. */
export async function listRuns(db: pg.Pool, filter: RunFilter): Promise<RunRow[]> {
  const values: unknown[] = [filter.limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const where: string[] = [];
  if (filter.status !== null) where.push(`status = ${parameter(filter.status)}`);
  if (filter.since !== null) where.push(`run_order >= to_timestamp(${parameter(filter.since / 1000)}::float8)`);
  if (filter.after !== null) {
    const [order, key] = [parameter(filter.after.run_order / 1000), parameter(filter.after.run_key)];
    where.push(`(run_order, run_key) < (to_timestamp(${order}::float8), ${key}::bigint)`);
  }
  const order = "run_order DESC, run_key DESC";
  const rows = newest("SELECT *", { table: "run", order, where, limit: "$1" }, await whose(db, filter, parameter));
  const text = `
    SELECT ${COLUMNS} FROM (${rows}) r JOIN pipeline p USING (pipeline_id) ORDER BY r.run_order DESC, r.run_key DESC`;
  return (await db.query<RunRow>(text, values)).rows;
}

export async function readRun(db: pg.Pool, pipeline_name: string, run_id: string): Promise<RunDetail | null> {
  const { rows } = await db.query<RunRow>(
    `SELECT ${COLUMNS} FROM run r JOIN pipeline p USING (pipeline_id) WHERE p.pipeline_name = $1 AND r.run_id = $2`,
    [pipeline_name, run_id],
  );
  const [run] = rows;
  return run === undefined ? null : { ...run, ...(await readEvidence(db, run.run_key)) };
}

/** What was reported in a run: its attempts, the counts of its stages, its checks. */
async function readEvidence(db: pg.Pool, run_key: number): Promise<Omit<RunDetail, keyof RunRow>> {
  const [attempts, stages, checks, rejected] = await Promise.all([
    db.query(
      `SELECT o.attempt, o.status, coalesce(o.started_at, s.started_at) AS started_at, o.finished_at,
              coalesce(o.duration_seconds, CASE
                WHEN o.finished_at >= coalesce(o.started_at, s.started_at)
                THEN round(extract(epoch FROM o.finished_at - coalesce(o.started_at, s.started_at)), 3)
              END) AS duration_seconds, o.error
         FROM run_outcome o
         LEFT JOIN run_outcome s ON s.run_key = o.run_key AND s.attempt = o.attempt AND s.status = 'started'
        WHERE o.run_key = $1
          AND (o.status <> 'started' OR NOT EXISTS (
                SELECT FROM run_outcome e WHERE e.run_key = o.run_key AND e.attempt = o.attempt AND e.status <> 'started'))
        ORDER BY o.attempt, o.at, o.status`,
      [run_key],
    ),
    stageCounts(db, [run_key]),
    db.query(
      `SELECT n.name AS check_name, c.score, c.threshold, c.score >= c.threshold - ${TOLERANCE} AS passed, c.severity, c.error,
              c.at AS checked_at
         FROM run_check c JOIN name n ON n.name_id = c.check_id WHERE c.run_key = $1 ORDER BY n.name`,
      [run_key],
    ),
    db.query(
      `SELECT x.kind, x.item, x.at, x.code, x.why
         FROM run r CROSS JOIN LATERAL (SELECT x.* FROM ${standingItems("r")}) x
        WHERE r.run_key = $1 ORDER BY x.kind, x.item, x.attempt`,
      [run_key],
    ),
  ]);
  return {
    attempts: attempts.rows,
    stages: stages.map(({ run_key: _, ...stage }) => stage),
    checks: checks.rows,
    rejected: rejected.rows,
  };
}

/** Parts add up; a stage's expected minimum is the sum of its parts'. */
async function stageCounts(db: pg.Pool, run_keys: number[]) {
  const { rows } = await db.query<RunDetail["stages"][number] & { run_key: number }>(
    `SELECT s.run_key, n.name AS stage, sum(s.count) AS count, sum(s.failed) AS failed,
            sum(s.expected_min) AS expected_min
       FROM run_records s JOIN name n ON n.name_id = s.stage_id
      WHERE s.run_key = ANY ($1::bigint[]) GROUP BY s.run_key, n.name ORDER BY n.name`,
    [numbers(run_keys)],
  );
  return rows;
}
