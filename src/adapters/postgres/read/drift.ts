import type pg from "pg";
import { WEIGHTIER_VERDICT } from "../../../domain/commit/newest.ts";
import type { Distribution } from "../../../histogram/distribution.ts";
import type { DriftFilter, DriftRow, ReferenceRow, VersionFilter } from "../../../ports.ts";
import { unpackCounts } from "../drift/pack-counts.ts";
import { histogramFrom } from "../drift/stored-histogram.ts";
import { speakingFeatures } from "../runs/speaking-evidence.ts";
import {
  bigint,
  boolean,
  bytes,
  float,
  jsonb,
  nullable,
  numeric,
  type RowOf,
  text,
  time,
  word,
} from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";
import { orderBy } from "../tables/precedence-sql.ts";

const PIPELINE = "(SELECT pipeline_id FROM pipeline WHERE pipeline_name = $1)";
const FEATURE = "(SELECT name_id FROM name WHERE name = $2)";

const COLUMNS = `
  d.result_id, n.name AS feature_name, r.run_id, d.verdict, d.psi, d.p_value, d.critical_psi, d.threshold, d.alpha,
  d.n_reference, d.n_current, d.rebin_error, d.counts, d.at, d.detail, d.tested, f.version, f.histogram`;

const JOINS = `
  JOIN name n ON n.name_id = d.feature_id
  LEFT JOIN run r ON r.run_key = d.run_key
  LEFT JOIN feature_reference f ON f.reference_id = d.reference_id`;

const VERDICT = {
  result_id: bigint,
  feature_name: text,
  run_id: nullable(text),
  verdict: word<DriftRow["verdict"]>(),
  psi: nullable(float),
  p_value: nullable(float),
  critical_psi: nullable(float),
  threshold: float,
  alpha: float,
  n_reference: float,
  n_current: float,
  rebin_error: nullable(float),
  counts: nullable(bytes),
  at: time,
  detail: nullable(text),
  tested: nullable(jsonb<NonNullable<DriftRow["tested"]>>()),
  version: nullable(text),
  histogram: nullable(jsonb<Distribution>()),
};

export const LATEST_DRIFT = statement(
  "latest_drift",
  VERDICT,
  `WITH RECURSIVE known (feature_id) AS (
            (SELECT feature_id FROM drift_result WHERE pipeline_id = ${PIPELINE} ORDER BY feature_id LIMIT 1)
             UNION ALL
            SELECT (SELECT feature_id FROM drift_result
                     WHERE pipeline_id = ${PIPELINE} AND feature_id > k.feature_id ORDER BY feature_id LIMIT 1)
              FROM known k WHERE k.feature_id IS NOT NULL
          )
     SELECT ${COLUMNS}
       FROM known k
      CROSS JOIN LATERAL (
              SELECT * FROM (
                (SELECT f.feature_id, f.run_key, f.at, run.run_order AS place
                   FROM run CROSS JOIN LATERAL ${speakingFeatures("run", "k.feature_id")} f
                  WHERE run.pipeline_id = ${PIPELINE}
                  ORDER BY run.run_order DESC, f.at DESC LIMIT 1)
                UNION ALL
                SELECT feature_id, NULL, at, at FROM loose_histogram
                 WHERE pipeline_id = ${PIPELINE} AND feature_id = k.feature_id
              ) one ORDER BY place DESC, at DESC LIMIT 1
            ) latest
       JOIN drift_result d ON d.pipeline_id = ${PIPELINE} AND d.feature_id = latest.feature_id AND d.at = latest.at
       ${JOINS}
      ORDER BY d.feature_id, (d.run_key IS NOT DISTINCT FROM latest.run_key) DESC, 
               ${orderBy(WEIGHTIER_VERDICT, "d")}`,
);

/**
 * The newest verdict on each feature: of the latest run that reported it, and within it the latest; a loose one by its time.
 * A run that brought rows to a window stands under a verdict that was given on an earlier run. Features and runs are stepped
 * through by their indexes: all that was ever reported is not gone through for its newest.
 */
export async function latestDrift(db: pg.Pool, pipeline_name: string): Promise<DriftRow[]> {
  const rows = await select(db, LATEST_DRIFT, [pipeline_name]);
  const newest = new Map<string, DriftRow>();
  for (const row of rows) if (!newest.has(row.feature_name)) newest.set(row.feature_name, driftRow(row));
  return [...newest.values()];
}

export const DRIFT_HISTORY = statement(
  "drift_history",
  VERDICT,
  `SELECT ${COLUMNS} FROM drift_result d ${JOINS}
      WHERE d.pipeline_id = ${PIPELINE} AND d.feature_id = ${FEATURE}
        AND ($3::float8 IS NULL OR d.at >= to_timestamp($3::float8))
        AND ($4::float8 IS NULL OR d.at <= to_timestamp($4::float8))
        AND ($4::float8 IS NULL OR (d.at, d.result_id) < (to_timestamp($4::float8), $5::bigint))
      ORDER BY d.at DESC, d.result_id DESC LIMIT $6`,
);

/** Newest first. */
export async function driftHistory(db: pg.Pool, filter: DriftFilter): Promise<DriftRow[]> {
  const rows = await select(db, DRIFT_HISTORY, [
    filter.pipeline_name,
    filter.feature_name,
    filter.since === null ? null : filter.since / 1000,
    filter.after === null ? null : filter.after.at / 1000,
    filter.after?.result_id ?? null,
    filter.limit,
  ]);
  return rows.map(driftRow);
}

function driftRow({ counts, version, histogram, ...row }: RowOf<typeof VERDICT>): DriftRow {
  const reference = version === null || histogram === null ? null : { version, histogram: histogramFrom(histogram) };
  return { ...row, counts: counts === null ? null : unpackCounts(counts), reference };
}

const REFERENCE = `
  SELECT f.reference_id, n.name AS feature_name, f.version, f.histogram, f.n, f.source, f.run_id, f.note, f.created_at,
         a.activated_at, a.reference_id IS NOT NULL AS active
    FROM feature_reference f JOIN name n ON n.name_id = f.feature_id`;

const REFERENCE_COLUMNS = {
  reference_id: bigint,
  feature_name: text,
  version: text,
  histogram: jsonb<Distribution>(),
  n: numeric,
  source: word<ReferenceRow["source"]>(),
  run_id: nullable(text),
  note: nullable(text),
  created_at: time,
  activated_at: nullable(time),
  active: boolean,
};

export const ACTIVE_OF_PIPELINE = statement(
  "list_references",
  REFERENCE_COLUMNS,
  `${REFERENCE} JOIN active_reference a USING (pipeline_id, feature_id, reference_id) WHERE f.pipeline_id = ${PIPELINE} ORDER BY n.name`,
);

/** The active references of a pipeline, by feature. */
export async function listReferences(db: pg.Pool, pipeline_name: string): Promise<ReferenceRow[]> {
  const rows = await select(db, ACTIVE_OF_PIPELINE, [pipeline_name]);
  return rows;
}

export const ONE_REFERENCE = statement(
  "read_reference",
  REFERENCE_COLUMNS,
  `${REFERENCE} LEFT JOIN active_reference a USING (pipeline_id, feature_id, reference_id)
      WHERE f.pipeline_id = ${PIPELINE} AND f.feature_id = ${FEATURE}
        AND CASE WHEN $3::text IS NULL THEN a.reference_id IS NOT NULL ELSE f.version = $3 END`,
);

/** One version of a feature's reference; `version` null: the active one. */
export async function findReference(
  db: pg.Pool,
  pipeline_name: string,
  feature_name: string,
  version: string | null,
): Promise<ReferenceRow | null> {
  const rows = await select(db, ONE_REFERENCE, [pipeline_name, feature_name, version]);
  return rows[0] ?? null;
}

export const VERSIONS_PAGE = statement(
  "list_versions",
  REFERENCE_COLUMNS,
  `${REFERENCE} LEFT JOIN active_reference a USING (pipeline_id, feature_id, reference_id)
      WHERE f.pipeline_id = ${PIPELINE} AND f.feature_id = ${FEATURE}
        AND ($3::float8 IS NULL OR (f.created_at, f.reference_id) < (to_timestamp($3::float8), $4::bigint))
      ORDER BY f.created_at DESC, f.reference_id DESC LIMIT $5`,
);

/** Versions of a feature's reference, newest first. Each is as large as its histogram, so that they come in pages. */
export async function listVersions(db: pg.Pool, filter: VersionFilter): Promise<ReferenceRow[]> {
  const rows = await select(db, VERSIONS_PAGE, [
    filter.pipeline_name,
    filter.feature_name,
    filter.after === null ? null : filter.after.created_at / 1000,
    filter.after?.reference_id ?? null,
    filter.limit,
  ]);
  return rows;
}
