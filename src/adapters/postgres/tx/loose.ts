import type { LooseCheck, LooseFeature, LooseTally } from "../../../domain/tally-loose.ts";
import { numbers, texts, times } from "../array-literals.ts";
import type { NameTable } from "../names.ts";
import { histogramJson } from "../stored-histogram.ts";
import type { Query } from "./query.ts";

/** Of results of one check at one time the worse one stays. */
const SAVE_CHECKS = `
  INSERT INTO loose_check AS l (pipeline_id, at, check_id, score, threshold, severity, error)
  SELECT pipeline_id, to_timestamp(at), check_id, score, threshold, severity, error
    FROM unnest($1::int[], $2::float8[], $3::int[], $4::float8[], $5::float8[], $6::text[], $7::text[])
         AS u (pipeline_id, at, check_id, score, threshold, severity, error)
      ON CONFLICT (pipeline_id, at, check_id) DO UPDATE
     SET score = excluded.score, threshold = excluded.threshold, severity = excluded.severity, error = excluded.error
   WHERE (-coalesce(excluded.score, -1), excluded.threshold) >= (-coalesce(l.score, -1), l.threshold)`;

async function saveChecks(query: Query, pipelines: NameTable, names: NameTable, rows: LooseCheck[]): Promise<void> {
  if (rows.length === 0) return;
  await query("save_loose_checks", SAVE_CHECKS, [
    numbers(rows.map(({ pipeline_name }) => pipelines.id(pipeline_name))),
    times(rows.map(({ at }) => at)),
    numbers(rows.map(({ check }) => names.id(check.check_name))),
    numbers(rows.map(({ check }) => check.score)),
    numbers(rows.map(({ check }) => check.threshold)),
    texts(rows.map(({ check }) => check.severity)),
    texts(rows.map(({ check }) => check.error)),
  ]);
}

/** Of verdicts at one time the one on more rows stays, then that with the greater PSI. */
const SAVE_FEATURES = `
  INSERT INTO loose_feature AS l (pipeline_id, at, feature_id, verdict, psi, p_value, threshold, n_current)
  SELECT pipeline_id, to_timestamp(at), feature_id, verdict, psi, p_value, threshold, n_current
    FROM unnest($1::int[], $2::float8[], $3::int[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::float8[])
         AS u (pipeline_id, at, feature_id, verdict, psi, p_value, threshold, n_current)
      ON CONFLICT (pipeline_id, at, feature_id) DO UPDATE
     SET verdict = excluded.verdict, psi = excluded.psi, p_value = excluded.p_value, threshold = excluded.threshold,
         n_current = excluded.n_current
   WHERE (excluded.n_current, coalesce(excluded.psi, -1)) >= (l.n_current, coalesce(l.psi, -1))`;

const SAVE_HISTOGRAMS = `
  INSERT INTO loose_histogram AS l (pipeline_id, feature_id, at, n_current, histogram)
  SELECT DISTINCT ON (pipeline_id, feature_id) pipeline_id, feature_id, to_timestamp(at), n_current, histogram::jsonb
    FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::text[])
         AS u (pipeline_id, feature_id, at, n_current, histogram)
   ORDER BY pipeline_id, feature_id, at DESC, n_current DESC
      ON CONFLICT (pipeline_id, feature_id) DO UPDATE
     SET at = excluded.at, n_current = excluded.n_current, histogram = excluded.histogram
   WHERE (excluded.at, excluded.n_current) >= (l.at, l.n_current)`;

async function saveFeatures(query: Query, pipelines: NameTable, names: NameTable, rows: LooseFeature[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = numbers(rows.map(({ pipeline_name }) => pipelines.id(pipeline_name)));
  const features = numbers(rows.map(({ verdict }) => names.id(verdict.feature_name)));
  const at = times(rows.map((row) => row.at));
  const n_current = numbers(rows.map(({ verdict }) => verdict.n_current));
  await Promise.all([
    query("save_loose_features", SAVE_FEATURES, [
      ids,
      at,
      features,
      texts(rows.map(({ verdict }) => verdict.verdict)),
      numbers(rows.map(({ verdict }) => verdict.psi)),
      numbers(rows.map(({ verdict }) => verdict.p_value)),
      numbers(rows.map(({ verdict }) => verdict.threshold)),
      n_current,
    ]),
    query("save_loose_histograms", SAVE_HISTOGRAMS, [
      ids,
      features,
      at,
      n_current,
      texts(rows.map(({ verdict }) => histogramJson(verdict.current))),
    ]),
  ]);
}

export async function saveLoose(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  { loose_checks, loose_features }: LooseTally,
): Promise<void> {
  await Promise.all([
    saveChecks(query, pipelines, names, [...loose_checks.values()]),
    saveFeatures(query, pipelines, names, [...loose_features.values()]),
  ]);
}
