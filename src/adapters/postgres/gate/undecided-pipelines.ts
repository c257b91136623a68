import type pg from "pg";
import { text } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";

export const UNDECIDED_PIPELINES = statement(
  "undecided_pipelines",
  { pipeline_name: text },
  `SELECT pipeline_name FROM pipeline p
      WHERE born_at IS NOT NULL AND archived_at IS NULL
        AND NOT EXISTS (SELECT FROM gate g WHERE g.pipeline_id = p.pipeline_id)
      ORDER BY pipeline_name`,
);

export async function undecidedPipelines(db: pg.Pool): Promise<string[]> {
  const rows = await select(db, UNDECIDED_PIPELINES);
  return rows.map(({ pipeline_name }) => pipeline_name);
}

export const FORGET_UNUSED_NAME = statement(
  "forget_unused_name",
  {},
  "DELETE FROM pipeline WHERE pipeline_name = $1 AND born_at IS NULL",
);

export const RENAME_PIPELINE = statement(
  "rename_pipeline",
  {},
  `UPDATE pipeline SET pipeline_name = $2
    WHERE pipeline_name = $1 AND NOT EXISTS (SELECT FROM pipeline WHERE pipeline_name = $2)`,
);

export const KNOW_NAME = statement("know_name", {}, "INSERT INTO name (name) VALUES ($1) ON CONFLICT DO NOTHING");

/** A dataset that has the pipeline's name goes with it: reports that name no dataset are held against what it was. */
export const RENAME_OWN_DATASET = statement(
  "rename_own_dataset",
  {},
  `
  WITH ids AS (
    SELECT p.pipeline_id, old.name_id AS old_id, new.name_id AS new_id
      FROM pipeline p JOIN name old ON old.name = $1 JOIN name new ON new.name = $2 WHERE p.pipeline_name = $2),
  of_runs AS (
    UPDATE run_schema e SET dataset_id = i.new_id FROM ids i, run r
     WHERE r.pipeline_id = i.pipeline_id AND e.run_key = r.run_key AND e.dataset_id = i.old_id
       AND NOT EXISTS (SELECT FROM run_schema o WHERE o.run_key = e.run_key AND o.dataset_id = i.new_id)),
  baselines AS (
    UPDATE schema_baseline b SET dataset_id = i.new_id FROM ids i
     WHERE b.pipeline_id = i.pipeline_id AND b.dataset_id = i.old_id
       AND NOT EXISTS (SELECT FROM schema_baseline o WHERE o.pipeline_id = i.pipeline_id AND o.dataset_id = i.new_id))
  UPDATE schema_report s SET dataset_id = i.new_id FROM ids i
   WHERE s.pipeline_id = i.pipeline_id AND s.dataset_id = i.old_id`,
);

/** Names live in one row each, so that all history goes with them. A name that was looked up and never used makes place. */
export async function renamePipelines(db: pg.Pool, names: Readonly<Record<string, string>>): Promise<string[]> {
  const renamed: string[] = [];
  for (const [old_name, new_name] of Object.entries(names)) {
    const client = await db.connect();
    try {
      await client.query("BEGIN");
      await execute(client, FORGET_UNUSED_NAME, [new_name]);
      const renamed_rows = await execute(client, RENAME_PIPELINE, [old_name, new_name]);
      if (renamed_rows === 1) {
        await execute(client, KNOW_NAME, [new_name]);
        await execute(client, RENAME_OWN_DATASET, [old_name, new_name]);
      }
      await client.query("COMMIT");
      if (renamed_rows === 1) renamed.push(old_name);
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }
  return renamed;
}
