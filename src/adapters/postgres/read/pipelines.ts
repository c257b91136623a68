import type pg from "pg";
import type { PipelineDetail, PipelineFilter, PipelineSummary } from "../../../ports.ts";
import { json, nullable, text, time } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

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

const SUMMARY_COLUMNS = {
  pipeline_name: text,
  born_at: time,
  last_success_at: nullable(time),
  last_failure_at: nullable(time),
  last_run: nullable(json<NonNullable<PipelineSummary["last_run"]>>()),
};

export const PIPELINES_PAGE = statement(
  "list_pipelines",
  SUMMARY_COLUMNS,
  `${SUMMARY}
      AND ($2::text IS NULL OR p.pipeline_name > $2)
      AND ($3::text[] IS NULL OR p.pipeline_name ~ ANY ($3::text[]))
    ORDER BY p.pipeline_name LIMIT $1`,
);

/** By name. */
export async function listPipelines(db: pg.Pool, filter: PipelineFilter): Promise<PipelineSummary[]> {
  const rows = await select(db, PIPELINES_PAGE, [filter.limit, filter.after, filter.allowed]);
  return rows;
}

export const PIPELINE_NAMES = statement(
  "pipeline_names",
  { pipeline_name: text },
  "SELECT pipeline_name FROM pipeline WHERE born_at IS NOT NULL AND archived_at IS NULL ORDER BY pipeline_name",
);

export async function pipelineNames(db: pg.Pool): Promise<string[]> {
  const rows = await select(db, PIPELINE_NAMES);
  return rows.map(({ pipeline_name }) => pipeline_name);
}

export const READ_PIPELINE = statement("read_pipeline", SUMMARY_COLUMNS, `${SUMMARY} AND p.pipeline_name = $1`);

export const DATASETS_OF_PIPELINE = statement(
  "datasets_of_pipeline",
  { dataset: text, data_through: time },
  `SELECT n.name AS dataset, f.data_through
       FROM dataset_freshness f JOIN pipeline p USING (pipeline_id) JOIN name n ON n.name_id = f.dataset_id
      WHERE p.pipeline_name = $1 ORDER BY n.name`,
);

export async function readPipeline(db: pg.Pool, pipeline_name: string): Promise<PipelineDetail | null> {
  const rows = await select(db, READ_PIPELINE, [pipeline_name]);
  const [summary] = rows;
  if (summary === undefined) return null;
  const datasets = await select(db, DATASETS_OF_PIPELINE, [pipeline_name]);
  return { ...summary, datasets };
}
