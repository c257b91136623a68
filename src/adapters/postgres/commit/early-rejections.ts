import { type KeptItem, MOST_ITEMS, RejectedItems } from "../../../domain/reports/merge-rejected.ts";
import { join } from "../../../domain/words/key.ts";
import type { NewRun, PlacedRejection } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts } from "../connection/values/array-literals.ts";
import { bigint, integer, text } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { ITEM_COLUMNS, itemArrays, keptItem } from "./rejected-items.ts";

/** Refused reports of runs that nobody knows: they wait under the run_id that they give until the run comes. */

export const LOAD_EARLY_REJECTIONS = statement(
  "load_early_rejections",
  { pipeline_id: integer, run_id: text, ...ITEM_COLUMNS },
  `
  SELECT e.pipeline_id, e.run_id, e.attempt, e.kind, e.item, e.at, e.code, e.why, e.first_at, e.seen
    FROM unnest($1::int[], $2::text[]) AS u (pipeline_id, run_id) JOIN early_rejection e USING (pipeline_id, run_id)`,
);

export const SAVE_EARLY_REJECTIONS = statement(
  "save_early_rejections",
  {},
  `
    WITH flagged AS (
           UPDATE pipeline SET has_early_rejections = true
            WHERE pipeline_id = ANY ($1::int[]) AND NOT has_early_rejections)
  INSERT INTO early_rejection (pipeline_id, run_id, attempt, kind, item, at, code, why, first_at, seen)
  SELECT pipeline_id, run_id, attempt, kind, item, to_timestamp(at), code, why, to_timestamp(first_at), seen::uuid[]
    FROM unnest($1::int[], $2::text[], $3::int[], $4::text[], $5::text[], $6::float8[], $7::text[], $8::text[],
                $9::float8[], $10::text[])
         AS u (pipeline_id, run_id, attempt, kind, item, at, code, why, first_at, seen)
      ON CONFLICT (pipeline_id, run_id, attempt, kind, item) DO UPDATE
     SET at = excluded.at, code = excluded.code, why = excluded.why, first_at = excluded.first_at, seen = excluded.seen`,
);

/** A flood of made-up run_ids pushes out what came before it: a pipeline keeps no more than one run may. */
export const TRIM_EARLY_REJECTIONS = statement(
  "trim_early_rejections",
  {},
  `
  DELETE FROM early_rejection WHERE ctid = ANY (ARRAY(
    SELECT ctid
      FROM (SELECT ctid, row_number() OVER (PARTITION BY pipeline_id ORDER BY first_at DESC, run_id, attempt, kind, item) AS place
              FROM early_rejection WHERE pipeline_id = ANY ($1::int[])) ranked
     WHERE place > ${MOST_ITEMS}))`,
);

export const TAKE_EARLY_REJECTIONS = statement(
  "take_early_rejections",
  { place: bigint, ...ITEM_COLUMNS },
  `
    WITH asked AS MATERIALIZED (
           SELECT * FROM unnest($1::int[], $2::text[]) WITH ORDINALITY AS u (pipeline_id, run_id, place)
         ), unflagged AS (
           UPDATE pipeline p SET has_early_rejections = false
            WHERE p.pipeline_id = ANY ($1::int[])
              AND NOT EXISTS (SELECT FROM early_rejection e
                               WHERE e.pipeline_id = p.pipeline_id AND (e.pipeline_id, e.run_id) NOT IN (SELECT pipeline_id, run_id FROM asked)))
  DELETE FROM early_rejection e USING asked
   WHERE e.pipeline_id = asked.pipeline_id AND e.run_id = asked.run_id
  RETURNING asked.place, e.attempt, e.kind, e.item, e.at, e.code, e.why, e.first_at, e.seen`,
);

/** The pipelines are locked. */
export async function keepEarly(query: Query, rejections: readonly PlacedRejection[], now: number): Promise<void> {
  if (rejections.length === 0) return;
  const runs = new Map<string, { pipeline_id: number; run_id: string; kept: KeptItem[] }>();
  for (const { pipeline, rejection } of rejections) {
    const { pipeline_id } = pipeline;
    const run_id = rejection.run_id!;
    runs.set(join(pipeline_id, run_id), { pipeline_id, run_id, kept: [] });
  }
  const asked = [...runs.values()];
  const ids = numbers(asked.map(({ pipeline_id }) => pipeline_id));
  const rows = await query(LOAD_EARLY_REJECTIONS, [ids, texts(asked.map(({ run_id }) => run_id))]);
  for (const { pipeline_id, run_id, ...row } of rows) runs.get(join(pipeline_id, run_id))!.kept.push(keptItem(row));
  const items = new Map([...runs].map(([key, { kept }]) => [key, new RejectedItems(kept)]));
  for (const { pipeline, rejection } of rejections) {
    items.get(join(pipeline.pipeline_id, rejection.run_id!))!.addAll(rejection, now);
  }
  const changed = [...runs].flatMap(([key, { pipeline_id, run_id }]) =>
    items
      .get(key)!
      .changed()
      .map((item) => ({ pipeline_id, run_id, ...item })),
  );
  if (changed.length === 0) return;
  await query(SAVE_EARLY_REJECTIONS, [
    numbers(changed.map(({ pipeline_id }) => pipeline_id)),
    texts(changed.map(({ run_id }) => run_id)),
    ...itemArrays(changed),
  ]);
  await query(TRIM_EARLY_REJECTIONS, [ids]);
}

/** What was refused of these runs before they came; it is forgotten here, and the caller keeps it. The pipelines are locked. */
export async function takeEarly(query: Query, runs: readonly NewRun[]): Promise<{ run_key: number; item: KeptItem }[]> {
  if (runs.length === 0) return [];
  const rows = await query(TAKE_EARLY_REJECTIONS, [
    numbers(runs.map(({ pipeline_id }) => pipeline_id)),
    texts(runs.map(({ run_id }) => run_id)),
  ]);
  return rows.map(({ place, ...row }) => ({ run_key: runs[place - 1]!.run_key, item: keptItem(row) }));
}
