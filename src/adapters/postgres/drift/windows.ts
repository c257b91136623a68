import { closesAt } from "../../../domain/drift/window.ts";
import type { FeatureRef, WindowRef, WindowRow } from "../../../ports.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { arrays, numbers, times } from "../connection/values/array-literals.ts";
import { bigint, boolean, float, floatArray, nullable } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

export const LOAD_WINDOWS = statement(
  "load_windows",
  {
    place: bigint,
    reference_id: bigint,
    counts: floatArray,
    rebin_rows: nullable(float),
    run_key: nullable(bigint),
    judged_rows: nullable(float),
    closed: boolean,
  },
  `
  SELECT u.place, w.reference_id, w.counts, w.rebin_rows, w.run_key, w.judged_rows, w.closed
    FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[]) WITH ORDINALITY
         AS u (pipeline_id, feature_id, window_start, window_end, place)
    JOIN drift_window w ON w.pipeline_id = u.pipeline_id AND w.feature_id = u.feature_id
                       AND w.window_start = to_timestamp(u.window_start) AND w.window_end = to_timestamp(u.window_end)`,
);

/** One answer for each, in their order; null: there is none yet. */
export async function loadWindows(
  query: Query,
  names: NameTable,
  refs: readonly WindowRef[],
): Promise<(WindowRow | null)[]> {
  const found: (WindowRow | null)[] = refs.map(() => null);
  if (refs.length === 0) return found;
  const rows = await query(LOAD_WINDOWS, [
    numbers(refs.map(({ pipeline }) => pipeline.pipeline_id)),
    numbers(refs.map(({ feature_name }) => names.id(feature_name))),
    times(refs.map(({ start }) => start)),
    times(refs.map(({ end }) => end)),
  ]);
  for (const { place, counts, ...row } of rows) {
    found[place - 1] = { ...refs[place - 1]!, ...row, counts: Float64Array.from(counts) };
  }
  return found;
}

export const SAVE_WINDOWS = statement(
  "save_windows",
  {},
  `
  INSERT INTO drift_window AS w (pipeline_id, feature_id, window_start, window_end, closes_at, reference_id, counts,
                                 rebin_rows, run_key, judged_rows, closed)
  SELECT pipeline_id, feature_id, to_timestamp(window_start), to_timestamp(window_end), to_timestamp(closes_at),
         reference_id, counts::float8[], rebin_rows, run_key, judged_rows, closed
    FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::float8[], $6::bigint[], $7::text[], $8::float8[],
                $9::bigint[], $10::float8[], $11::boolean[])
         AS u (pipeline_id, feature_id, window_start, window_end, closes_at, reference_id, counts, rebin_rows, run_key,
               judged_rows, closed)
      ON CONFLICT (pipeline_id, feature_id, window_start, window_end) DO UPDATE
     SET reference_id = excluded.reference_id, counts = excluded.counts, rebin_rows = excluded.rebin_rows,
         run_key = excluded.run_key, judged_rows = excluded.judged_rows, closed = excluded.closed`,
);

/** As they are now: the lock of their pipeline keeps others away since they were loaded. */
export async function saveWindows(query: Query, names: NameTable, rows: readonly WindowRow[]): Promise<void> {
  if (rows.length === 0) return;
  await query(SAVE_WINDOWS, [
    numbers(rows.map(({ pipeline }) => pipeline.pipeline_id)),
    numbers(rows.map(({ feature_name }) => names.id(feature_name))),
    times(rows.map(({ start }) => start)),
    times(rows.map(({ end }) => end)),
    times(rows.map(closesAt)),
    numbers(rows.map(({ reference_id }) => reference_id)),
    arrays(rows.map(({ counts }) => Array.from(counts))),
    numbers(rows.map(({ rebin_rows }) => rebin_rows)),
    numbers(rows.map(({ run_key }) => run_key)),
    numbers(rows.map(({ judged_rows }) => judged_rows)),
    numbers(rows.map(({ closed }) => closed)),
  ]);
}

export const DROP_OPEN_WINDOWS = statement(
  "drop_open_windows",
  {},
  "DELETE FROM drift_window WHERE pipeline_id = $1 AND feature_id = $2 AND NOT closed",
);

export async function dropOpenWindows(
  query: Query,
  names: NameTable,
  { pipeline, feature_name }: FeatureRef,
): Promise<void> {
  await query(DROP_OPEN_WINDOWS, [pipeline.pipeline_id, names.id(feature_name)]);
}
