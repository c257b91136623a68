import { type Reference, rows as rowsOf } from "../../../domain/drift/drift.ts";
import { referenceKey } from "../../../domain/drift/reference-key.ts";
import type { Distribution } from "../../../histogram/distribution.ts";
import type { FeatureRef, NewReference, StoredHistogram } from "../../../ports.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts } from "../connection/values/array-literals.ts";
import { speakingFeatures } from "../runs/speaking-evidence.ts";
import { bigint, integer, jsonb, nullable, type RowOf, text } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { histogramFrom, histogramJson } from "./stored-histogram.ts";

export const ACTIVE_REFERENCES = statement(
  "active_references",
  { pipeline_id: integer, feature_id: integer, reference_id: bigint, version: text, histogram: jsonb<Distribution>() },
  `
  SELECT a.pipeline_id, a.feature_id, r.reference_id, r.version, r.histogram
    FROM unnest($1::int[], $2::int[]) AS u (pipeline_id, feature_id)
    JOIN active_reference a USING (pipeline_id, feature_id)
    JOIN feature_reference r USING (reference_id)`,
);

/** By pipeline and feature name, joined by a NUL. */
export async function activeReferences(
  query: Query,
  names: NameTable,
  refs: readonly FeatureRef[],
): Promise<Map<string, Reference>> {
  if (refs.length === 0) return new Map();
  const rows = await query(ACTIVE_REFERENCES, [
    numbers(refs.map(({ pipeline }) => pipeline.pipeline_id)),
    numbers(refs.map(({ feature_name }) => names.id(feature_name))),
  ]);
  const byIds = new Map(rows.map((row) => [`${row.pipeline_id} ${row.feature_id}`, row]));
  const references = new Map<string, Reference>();
  for (const { pipeline, feature_name } of refs) {
    const row = byIds.get(`${pipeline.pipeline_id} ${names.id(feature_name)}`);
    if (row !== undefined) references.set(referenceKey(pipeline.pipeline_name, feature_name), referenceOf(row));
  }
  return references;
}

function referenceOf({ reference_id, version, histogram }: RowOf<typeof FIND_REFERENCE.columns>): Reference {
  return { reference_id, version, histogram: histogramFrom(histogram) };
}

/** A source that says more than the one known is kept: inline < promoted < put. */
export const SAVE_REFERENCES = statement(
  "save_references",
  { pipeline_id: integer, feature_id: integer, reference_id: bigint, version: text, histogram: jsonb<Distribution>() },
  `
  INSERT INTO feature_reference AS r (pipeline_id, feature_id, version, histogram, n, source, run_id, note, created_at)
  SELECT pipeline_id, feature_id, version, histogram::jsonb, n, source, run_id, note, to_timestamp($9::float8)
    FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::text[], $8::text[])
         AS u (pipeline_id, feature_id, version, histogram, n, source, run_id, note)
      ON CONFLICT (pipeline_id, feature_id, version) DO UPDATE
     SET source = CASE WHEN r.source = 'inline' THEN excluded.source ELSE r.source END,
         run_id = coalesce(r.run_id, excluded.run_id), note = coalesce(excluded.note, r.note)
  RETURNING pipeline_id, feature_id, reference_id, version, histogram`,
);

/** By pipeline and feature name, joined by a NUL, a blank, and the version. */
export async function saveReferences(
  query: Query,
  names: NameTable,
  references: readonly NewReference[],
  now: number,
): Promise<Map<string, Reference>> {
  if (references.length === 0) return new Map();
  const rows = await query(SAVE_REFERENCES, [
    numbers(references.map(({ pipeline }) => pipeline.pipeline_id)),
    numbers(references.map(({ feature_name }) => names.id(feature_name))),
    texts(references.map(({ version }) => version)),
    texts(references.map(({ histogram }) => histogramJson(histogram))),
    numbers(references.map(({ histogram }) => rowsOf(histogram))),
    texts(references.map(({ source }) => source)),
    texts(references.map(({ run_id }) => run_id)),
    texts(references.map(({ note }) => note)),
    now / 1000,
  ]);
  const byIds = new Map(rows.map((row) => [`${row.pipeline_id} ${row.feature_id} ${row.version}`, row]));
  return new Map(
    references.map(({ pipeline, feature_name, version }) => {
      const row = byIds.get(`${pipeline.pipeline_id} ${names.id(feature_name)} ${version}`)!;
      return [referenceKey(pipeline.pipeline_name, feature_name, version), referenceOf(row)];
    }),
  );
}

export const ACTIVATE_REFERENCE = statement(
  "activate_reference",
  {},
  `
  INSERT INTO active_reference (pipeline_id, feature_id, reference_id, activated_at)
  VALUES ($1, $2, $3, to_timestamp($4::float8))
      ON CONFLICT (pipeline_id, feature_id) DO UPDATE
     SET reference_id = excluded.reference_id, activated_at = excluded.activated_at`,
);

export async function activateReference(
  query: Query,
  names: NameTable,
  { pipeline, feature_name }: FeatureRef,
  reference_id: number,
  now: number,
): Promise<void> {
  await query(ACTIVATE_REFERENCE, [pipeline.pipeline_id, names.id(feature_name), reference_id, now / 1000]);
}

export const DEACTIVATE_REFERENCE = statement(
  "deactivate_reference",
  {},
  "DELETE FROM active_reference WHERE pipeline_id = $1 AND feature_id = $2",
);

/** Its versions and verdicts stay. */
export async function deactivateReference(
  query: Query,
  names: NameTable,
  { pipeline, feature_name }: FeatureRef,
): Promise<void> {
  await query(DEACTIVATE_REFERENCE, [pipeline.pipeline_id, names.id(feature_name)]);
}

export const FIND_REFERENCE = statement(
  "find_reference",
  { reference_id: bigint, version: text, histogram: jsonb<Distribution>() },
  `
  SELECT reference_id, version, histogram FROM feature_reference
   WHERE pipeline_id = $1 AND feature_id = $2 AND version = $3`,
);

export async function findReference(
  query: Query,
  names: NameTable,
  { pipeline, feature_name }: FeatureRef,
  version: string,
): Promise<Reference | null> {
  const [row] = await query(FIND_REFERENCE, [pipeline.pipeline_id, names.id(feature_name), version]);
  return row === undefined ? null : referenceOf(row);
}

export const REFERENCES_BY_ID = statement(
  "references_by_id",
  { reference_id: bigint, version: text, histogram: jsonb<Distribution>() },
  "SELECT reference_id, version, histogram FROM feature_reference WHERE reference_id = ANY ($1::bigint[])",
);

export async function referencesById(query: Query, reference_ids: readonly number[]): Promise<Map<number, Reference>> {
  if (reference_ids.length === 0) return new Map();
  const rows = await query(REFERENCES_BY_ID, [numbers(reference_ids)]);
  return new Map(rows.map((row) => [row.reference_id, referenceOf(row)]));
}

/** Without a run its own time is its place among the runs, as for its gauges. */
export const LATEST_HISTOGRAM = statement(
  "latest_histogram",
  { histogram: jsonb<Distribution>(), run_id: nullable(text), attempt: nullable(integer), try: nullable(integer) },
  `
  SELECT histogram, run_id, attempt, try FROM (
    (SELECT f.histogram, r.run_id, nullif(f.attempt, 0) AS attempt, nullif(f.try, 0) AS try, r.run_order AS place, f.at
       FROM run r CROSS JOIN LATERAL ${speakingFeatures("r", "$2")} f
      WHERE r.pipeline_id = $1 AND ($3::text IS NULL OR r.run_id = $3) AND f.histogram IS NOT NULL
      ORDER BY r.run_order DESC, f.at DESC LIMIT 1)
    UNION ALL
    (SELECT histogram, NULL, NULL, NULL, at, at FROM loose_histogram
      WHERE pipeline_id = $1 AND feature_id = $2 AND $3::text IS NULL)
  ) newest ORDER BY place DESC, at DESC LIMIT 1`,
);

export async function latestHistogram(
  query: Query,
  names: NameTable,
  { pipeline, feature_name }: FeatureRef,
  run_id: string | null,
): Promise<StoredHistogram | null> {
  const [row] = await query(LATEST_HISTOGRAM, [pipeline.pipeline_id, names.id(feature_name), run_id]);
  return row === undefined ? null : { ...row, histogram: histogramFrom(row.histogram) };
}
