import type pg from "pg";
import { text } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

export const DUE_GATES = statement(
  "due_gates",
  { pipeline_name: text },
  `SELECT pipeline_name FROM gate JOIN pipeline USING (pipeline_id)
    WHERE valid_until <= to_timestamp($1::float8) AND archived_at IS NULL
    ORDER BY valid_until LIMIT $2::int`,
);

export async function dueGates(db: pg.Pool, now: number, limit: number): Promise<string[]> {
  const rows = await select(db, DUE_GATES, [now / 1000, limit]);
  return rows.map(({ pipeline_name }) => pipeline_name);
}
