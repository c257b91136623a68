import type { LooseTally } from "../../../domain/commit/tally-loose.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { statement } from "../statement/statement.ts";
import { histogramJson } from "./stored-histogram.ts";

export const SAVE_LOOSE_HISTOGRAMS = statement(
  "save_loose_histograms",
  {},
  `
  INSERT INTO loose_histogram AS l (pipeline_id, feature_id, at, n_current, histogram)
  SELECT DISTINCT ON (pipeline_id, feature_id) pipeline_id, feature_id, to_timestamp(at), n_current, histogram::jsonb
    FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::text[])
         AS u (pipeline_id, feature_id, at, n_current, histogram)
   ORDER BY pipeline_id, feature_id, at DESC, n_current DESC
      ON CONFLICT (pipeline_id, feature_id) DO UPDATE
     SET at = excluded.at, n_current = excluded.n_current, histogram = excluded.histogram
   WHERE (excluded.at, excluded.n_current) >= (l.at, l.n_current)`,
);

/** The latest histogram of each feature that was judged without a run; the verdicts lie in the history. */
export async function saveLooseHistograms(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  { loose_features }: LooseTally,
): Promise<void> {
  if (loose_features.size === 0) return;
  const rows = [...loose_features.values()];
  await query(SAVE_LOOSE_HISTOGRAMS, [
    numbers(rows.map(({ pipeline_name }) => pipelines.id(pipeline_name))),
    numbers(rows.map(({ verdict }) => names.id(verdict.feature_name))),
    times(rows.map(({ at }) => at)),
    numbers(rows.map(({ verdict }) => verdict.n_current)),
    texts(rows.map(({ verdict }) => histogramJson(verdict.current))),
  ]);
}
