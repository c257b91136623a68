import { type KeptItem, RejectedItems } from "../../../domain/reports/merge-rejected.ts";
import type { NewRun, PlacedRejection } from "../../../ports.ts";
import { keepEarly, takeEarly } from "../commit/early-rejections.ts";
import { ITEM_COLUMNS, itemArrays, keptItem } from "../commit/rejected-items.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { bigint } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";

/** Runs among which one that says no run_id is looked for. */
const RUNS_BACK = 50;

/** The run that is named; where none is, that which started last by then. */
export const FIND_REJECTED_RUNS = statement(
  "find_rejected_runs",
  { place: bigint, run_key: bigint },
  `
  SELECT u.place, found.run_key
    FROM unnest($1::int[], $2::text[], $3::float8[]) WITH ORDINALITY AS u (pipeline_id, run_id, at, place)
   CROSS JOIN LATERAL (
           SELECT run_key FROM run WHERE pipeline_id = u.pipeline_id AND run_id = u.run_id
            UNION ALL
           (SELECT run_key
              FROM (SELECT run_key, coalesce(started_at, first_at) AS since FROM run
                     WHERE pipeline_id = u.pipeline_id AND u.run_id IS NULL
                     ORDER BY run_order DESC, run_key DESC LIMIT ${RUNS_BACK}) recent
             WHERE since <= to_timestamp(u.at) ORDER BY since DESC, run_key DESC LIMIT 1)
         ) found`,
);

export const LOAD_REJECTED_ITEMS = statement(
  "load_rejected_items",
  { run_key: bigint, ...ITEM_COLUMNS },
  `
  SELECT run_key, attempt, kind, item, at, code, why, first_at, seen FROM rejected_item WHERE run_key = ANY ($1::bigint[])`,
);

export const SAVE_REJECTED_ITEMS = statement(
  "save_rejected_items",
  {},
  `
  INSERT INTO rejected_item (run_key, attempt, kind, item, at, code, why, first_at, seen)
  SELECT run_key, attempt, kind, item, to_timestamp(at), code, why, to_timestamp(first_at), seen::uuid[]
    FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::float8[],
                $9::text[])
         AS u (run_key, attempt, kind, item, at, code, why, first_at, seen)
      ON CONFLICT (run_key, attempt, kind, item) DO UPDATE
     SET at = excluded.at, code = excluded.code, why = excluded.why, first_at = excluded.first_at, seen = excluded.seen`,
);

/** The pipelines are locked, so that nobody else changes what was read. */
export async function saveRejected(
  query: Query,
  rejections: readonly PlacedRejection[],
  new_runs: readonly NewRun[],
  now: number,
): Promise<Set<number>> {
  const run_keys = await runsOf(query, rejections);
  const early = rejections.filter(({ rejection }, i) => run_keys[i] == null && rejection.run_id !== null);
  await keepEarly(query, early, now);
  const pipelines = new Map<number, number>();
  for (const { run_key, pipeline_id } of new_runs) pipelines.set(run_key, pipeline_id);
  rejections.forEach(({ pipeline }, i) => {
    const run_key = run_keys[i];
    if (run_key != null) pipelines.set(run_key, pipeline.pipeline_id);
  });
  if (pipelines.size === 0) return new Set();
  const items = await loadItems(query, [...pipelines.keys()]);
  for (const { run_key, item } of await takeEarly(query, new_runs)) items.get(run_key)!.add(item);
  rejections.forEach(({ rejection }, i) => {
    const run_key = run_keys[i];
    if (run_key != null) items.get(run_key)!.addAll(rejection, now);
  });
  const changed = [...items].flatMap(([run_key, ofRun]) => ofRun.changed().map((item) => ({ run_key, ...item })));
  if (changed.length > 0) {
    await query(SAVE_REJECTED_ITEMS, [numbers(changed.map(({ run_key }) => run_key)), ...itemArrays(changed)]);
  }
  return new Set(changed.map(({ run_key }) => pipelines.get(run_key)!));
}

async function loadItems(query: Query, run_keys: readonly number[]): Promise<Map<number, RejectedItems>> {
  const kept = new Map(run_keys.map((run_key): [number, KeptItem[]] => [run_key, []]));
  for (const { run_key, ...row } of await query(LOAD_REJECTED_ITEMS, [numbers(run_keys)])) {
    kept.get(run_key)!.push(keptItem(row));
  }
  return new Map([...kept].map(([run_key, ofRun]) => [run_key, new RejectedItems(ofRun)]));
}

/** null: there is none, and none is made. */
async function runsOf(query: Query, rejections: readonly PlacedRejection[]): Promise<(number | null)[]> {
  const keys = rejections.map(({ run_key }) => run_key);
  const places = rejections.flatMap(({ run_key }, place) => (run_key === null ? [place] : []));
  if (places.length === 0) return keys;
  const asked = places.map((place) => rejections[place]!);
  const found = await query(FIND_REJECTED_RUNS, [
    numbers(asked.map(({ pipeline }) => pipeline.pipeline_id)),
    texts(asked.map(({ rejection }) => rejection.run_id)),
    times(asked.map(({ rejection }) => rejection.at)),
  ]);
  for (const { place, run_key } of found) keys[places[place - 1]!] = run_key;
  return keys;
}
