import type pg from "pg";
import type { QualityFilter, QualityRow } from "../../../ports.ts";
import { bigint, boolean, float, integer, nullable, text, time } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";
import { newest, visiblePipelines, whose } from "./visible.ts";

/** Rows of data_quality_sla, newest first. */
export async function listQuality(db: pg.Pool, filter: QualityFilter): Promise<QualityRow[]> {
  const page = qualityPage(filter, await visiblePipelines(db, filter));
  return select(db, page.statement, page.values);
}

const RESULT = {
  result_id: bigint,
  pipeline_name: text,
  check_name: text,
  score: float,
  threshold: float,
  passed: boolean,
  severity: text,
  run_id: nullable(text),
  attempt: integer,
  excluded: boolean,
  checked_at: time,
  recorded_at: time,
};

export function qualityPage(filter: QualityFilter, pipeline_ids: readonly number[] | null): Filled<typeof RESULT> {
  const values: unknown[] = [filter.limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const where = ["score IS NOT NULL"];
  if (filter.check_name !== null) {
    where.push(`check_id = (SELECT name_id FROM name WHERE name = ${parameter(filter.check_name)})`);
  }
  if (filter.since !== null) where.push(`checked_at >= to_timestamp(${parameter(filter.since / 1000)}::float8)`);
  if (filter.until !== null) where.push(`checked_at < to_timestamp(${parameter(filter.until / 1000)}::float8)`);
  if (filter.after !== null) {
    const [at, id] = [parameter(filter.after.checked_at / 1000), parameter(filter.after.result_id)];
    // The first of them alone says which months are not looked into.
    where.push(`checked_at <= to_timestamp(${at}::float8)`);
    where.push(`(checked_at, result_id) < (to_timestamp(${at}::float8), ${id}::bigint)`);
  }
  const order = "checked_at DESC, result_id DESC";
  const rows = newest(
    "SELECT *",
    { table: "quality_result", order, where, limit: "$1" },
    whose(pipeline_ids, parameter),
  );
  const text = `
    SELECT q.result_id, p.pipeline_name, n.name AS check_name, q.score, q.threshold, q.passed, q.severity, r.run_id,
           coalesce(q.attempt, 1) AS attempt, q.excluded, q.checked_at, q.recorded_at
      FROM (${rows}) q
      JOIN pipeline p USING (pipeline_id)
      JOIN name n ON n.name_id = q.check_id
      LEFT JOIN run r USING (run_key)
     ORDER BY q.checked_at DESC, q.result_id DESC`;
  return { statement: statement("list_quality", RESULT, text), values };
}
