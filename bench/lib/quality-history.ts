import pg from "pg";
import { Partitions } from "../../src/adapters/postgres/history/partitions.ts";
import { ROLLUPS } from "../fill/statements.ts";

export interface History {
  rows: number;
  pipelines: number;
  checks: number;
  days: number;
}

const DAY_MS = 86_400_000;

/**
 * Fills an agent's database with quality results spread evenly over the last days, and their rollups, by plain SQL: through
 * the agent it would take an hour.
 */
export async function fillQualityHistory(
  database_url: string,
  { rows, pipelines, checks, days }: History,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: database_url, max: 1, options: "-c TimeZone=UTC" });
  const now = Date.now();
  const everyDay = Array.from({ length: days + 2 }, (_, i) => now - i * DAY_MS);
  await new Partitions().prepare(pool, everyDay);
  const numbered = (prefix: string) =>
    `SELECT '${prefix}' || lpad(i::text, 4, '0') FROM generate_series(0, $1::int - 1) i`;
  await pool.query(
    `INSERT INTO pipeline (pipeline_name, born_at) SELECT n, now() - make_interval(days => $2) FROM (${numbered("pipeline_")}) t (n)`,
    [pipelines, days],
  );
  await pool.query(`INSERT INTO name (name) ${numbered("check_")} ON CONFLICT DO NOTHING`, [checks]);
  await pool.query(
    `INSERT INTO quality_result (pipeline_id, check_id, run_key, attempt, score, threshold, passed, severity, checked_at, recorded_at)
     SELECT p.ids[1 + i % $2], c.ids[1 + (i / $2) % $3], NULL, 1, 0.7 + (i % 29) / 100.0, 0.72, 0.7 + (i % 29) / 100.0 >= 0.72,
            'error', at, at
       FROM (SELECT i, now() - make_interval(secs => ($4::float8 * 86400 * i) / $1::float8) AS at
               FROM generate_series(0, $1::bigint - 1) i) t,
            (SELECT array_agg(pipeline_id ORDER BY pipeline_name) AS ids FROM pipeline WHERE pipeline_name LIKE 'pipeline\\_%') p,
            (SELECT array_agg(name_id ORDER BY name) AS ids FROM name WHERE name LIKE 'check\\_%') c`,
    [rows, pipelines, checks, days],
  );
  for (const [, sql] of ROLLUPS) await pool.query(sql);
  await pool.query("VACUUM ANALYZE");
  await pool.end();
}
