import type pg from "pg";
import type { PipelineDetail, PipelineFilter, PipelineSummary } from "../../../ports.ts";

const SUMMARY = `
  SELECT p.pipeline_name, p.born_at, p.last_success_at, p.last_failure_at, r.last_run
    FROM pipeline p
    LEFT JOIN LATERAL (
           SELECT json_build_object(
                    'run_id', run_id, 'status', status, 'attempt', attempt,
                    'started_at', round(extract(epoch FROM started_at) * 1000),
                    'finished_at', round(extract(epoch FROM finished_at) * 1000),
                    'duration_seconds', duration_seconds) AS last_run
             FROM run WHERE run.pipeline_id = p.pipeline_id ORDER BY run_order DESC, run_key DESC LIMIT 1
         ) r ON true
   WHERE p.born_at IS NOT NULL AND p.archived_at IS NULL`;

/** By name. */
export async function listPipelines(db: pg.Pool, filter: PipelineFilter): Promise<PipelineSummary[]> {
  const { rows } = await db.query<PipelineSummary>(
    `${SUMMARY}
      AND ($2::text IS NULL OR p.pipeline_name > $2)
      AND ($3::text[] IS NULL OR p.pipeline_name ~ ANY ($3::text[]))
    ORDER BY p.pipeline_name LIMIT $1`,
    [filter.limit, filter.after, filter.allowed],
  );
  return rows;
}

export async function pipelineNames(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ pipeline_name: string }>(
    "SELECT pipeline_name FROM pipeline WHERE born_at IS NOT NULL AND archived_at IS NULL ORDER BY pipeline_name",
  );
  return rows.map(({ pipeline_name }) => pipeline_name);
}

export async function readPipeline(db: pg.Pool, pipeline_name: string): Promise<PipelineDetail | null> {
  const { rows } = await db.query<PipelineSummary>(`${SUMMARY} AND p.pipeline_name = $1`, [pipeline_name]);
  const [summary] = rows;
  if (summary === undefined) return null;
  const { rows: datasets } = await db.query<{ dataset: string; data_through: number }>(
    `SELECT n.name AS dataset, f.data_through
       FROM dataset_freshness f JOIN pipeline p USING (pipeline_id) JOIN name n ON n.name_id = f.dataset_id
      WHERE p.pipeline_name = $1 ORDER BY n.name`,
    [pipeline_name],
  );
  return { ...summary, datasets };
}
