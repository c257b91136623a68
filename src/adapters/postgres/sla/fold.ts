import type pg from "pg";
import { SLA_KINDS } from "../../../domain/sla/sla.ts";
import { numbers } from "../connection/values/array-literals.ts";
import { integer, nullable, time } from "../statement/columns.ts";
import { type Db, select, statement } from "../statement/statement.ts";

/** As a list of SQL: the keys of the rollups go pipeline, kind, time, so that a time is found by them where the kinds are said. */
export const EACH_KIND = `'{${SLA_KINDS.join(",")}}'::text[]`;

/** Results of a stream (a check, a feature …) in a day, on average over those of its pipeline: from so many on it is kept by hour. */
const BUSY = 48;

/** For a HAVING over the daily rows of a pipeline and kind. */
export const IS_BUSY = `sum(total + excluded) >= ${BUSY} * count(*)`;

export const PIPELINES_TO_FOLD = statement(
  "pipelines_to_fold",
  { pipeline_id: integer, sla_hours_until: nullable(time), sla_months_until: nullable(time) },
  `SELECT pipeline_id, sla_hours_until, sla_months_until FROM pipeline WHERE pipeline_id = ANY ($1::int[])
    ORDER BY pipeline_id FOR NO KEY UPDATE`,
);

/** In one transaction that holds these pipelines: nobody adds results to them meanwhile. */
export async function underTheirLocks<T>(
  db: pg.Pool,
  pipeline_ids: readonly number[],
  work: (client: Db, rows: Awaited<ReturnType<typeof lock>>) => Promise<T>,
): Promise<T> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client, await lock(client, pipeline_ids));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

function lock(db: Db, pipeline_ids: readonly number[]) {
  return select(db, PIPELINES_TO_FOLD, [numbers(pipeline_ids)]);
}
