import type pg from "pg";
import { stagesOfParts } from "../../../domain/gate/evidence/stages-of-parts.ts";
import { type Attempt, durationOf, errorOf } from "../../../domain/runs/attempts/attempts.ts";
import { TOLERANCE } from "../../../domain/words/tolerance.ts";
import type { RunDetail, RunFilter, RunRow } from "../../../ports.ts";
import { standingItems } from "../gate/evidence/rejected-evidence.ts";
import { speakingChecks, speakingRecordsOf } from "../runs/speaking-evidence.ts";
import { MARK_COLUMNS, MARKS, storedAttempts } from "../runs/stored-marks.ts";
import { bigint, boolean, float, integer, nullable, numeric, text, time } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";
import { newest, visiblePipelines, whose } from "./visible.ts";

const COLUMNS = `
  r.run_key, p.pipeline_name, r.run_id, r.status, r.attempt, r.started_at, r.finished_at, r.duration_seconds, r.error,
  r.data_interval_start, r.data_interval_end, r.traceparent, r.run_order`;

const RUN = {
  run_key: bigint,
  pipeline_name: text,
  run_id: text,
  status: text,
  attempt: integer,
  started_at: nullable(time),
  finished_at: nullable(time),
  duration_seconds: nullable(float),
  error: nullable(text),
  data_interval_start: nullable(time),
  data_interval_end: nullable(time),
  traceparent: nullable(text),
  run_order: time,
};

/** Latest run first. */
export async function listRuns(db: pg.Pool, filter: RunFilter): Promise<RunRow[]> {
  const page = runsPage(filter, await visiblePipelines(db, filter));
  return select(db, page.statement, page.values);
}

export function runsPage(filter: RunFilter, pipeline_ids: readonly number[] | null): Filled<typeof RUN> {
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
  const rows = newest("SELECT *", { table: "run", order, where, limit: "$1" }, whose(pipeline_ids, parameter));
  const text = `
    SELECT ${COLUMNS} FROM (${rows}) r JOIN pipeline p USING (pipeline_id) ORDER BY r.run_order DESC, r.run_key DESC`;
  return { statement: statement("list_runs", RUN, text), values };
}

export const READ_RUN = statement(
  "read_run",
  { ...RUN, ...MARK_COLUMNS },
  `SELECT ${COLUMNS}, ${MARKS} FROM run r JOIN pipeline p USING (pipeline_id)
      WHERE p.pipeline_name = $1 AND r.run_id = $2`,
);

export async function readRun(db: pg.Pool, pipeline_name: string, run_id: string): Promise<RunDetail | null> {
  const rows = await select(db, READ_RUN, [pipeline_name, run_id]);
  const [row] = rows;
  if (row === undefined) return null;
  const { marks, outcomes, folded, ...run } = row;
  const { attempts } = storedAttempts({ marks, outcomes, folded });
  return { ...run, attempts: attempts.map(attemptRow), ...(await readEvidence(db, run.run_key)) };
}

function attemptRow(attempt: Attempt): RunDetail["attempts"][number] {
  const { number, ordinal, started_at, end } = attempt;
  return {
    attempt: number ?? ordinal,
    status: end?.status ?? "started",
    started_at,
    finished_at: end?.own_at ?? null,
    duration_seconds: durationOf(attempt),
    error: errorOf(attempt),
  };
}

export const STAGES_OF_RUN = statement(
  "stages_of_run",
  {
    stage: text,
    part_id: integer,
    count: numeric,
    failed: nullable(numeric),
    expected_min: nullable(bigint),
    stage_expected_min: nullable(bigint),
  },
  `SELECT stage, part_id, count, failed, expected_min, stage_expected_min
         FROM ${speakingRecordsOf("(SELECT run_key, records_from FROM run WHERE run_key = $1) r")} e ORDER BY stage`,
);

export const CHECKS_OF_RUN = statement(
  "checks_of_run",
  {
    check_name: text,
    score: nullable(float),
    threshold: float,
    passed: nullable(boolean),
    severity: text,
    error: nullable(text),
    checked_at: time,
  },
  `SELECT n.name AS check_name, c.score, c.threshold, c.score >= c.threshold - ${TOLERANCE} AS passed, c.severity, c.error,
              c.at AS checked_at
         FROM run r CROSS JOIN LATERAL ${speakingChecks("r")} c JOIN name n ON n.name_id = c.check_id
        WHERE r.run_key = $1 ORDER BY n.name`,
);

export const REJECTED_OF_RUN = statement(
  "rejected_of_run",
  { kind: text, item: text, at: time, code: text, why: text },
  `SELECT x.kind, x.item, x.at, x.code, x.why
         FROM run r CROSS JOIN LATERAL (SELECT x.* FROM ${standingItems("r")}) x
        WHERE r.run_key = $1 ORDER BY x.kind, x.item, x.attempt`,
);

/** What speaks of what was reported in a run: the counts of its stages, its checks, and what could not be used. */
async function readEvidence(db: pg.Pool, run_key: number): Promise<Pick<RunDetail, "stages" | "checks" | "rejected">> {
  const [parts, checks, rejected] = await Promise.all([
    select(db, STAGES_OF_RUN, [run_key]),
    select(db, CHECKS_OF_RUN, [run_key]),
    select(db, REJECTED_OF_RUN, [run_key]),
  ]);
  return { stages: stagesOfParts(parts), checks, rejected };
}
