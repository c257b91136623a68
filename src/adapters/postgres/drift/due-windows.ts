import type pg from "pg";
import type { DueWindows } from "../../../ports.ts";
import { integer, text, textArray, time, timeArray } from "../statement/columns.ts";
import { select, statement } from "../statement/statement.ts";

/** By the index of open windows, which holds no others: as fast with years of windows as with none. */
export const DUE_WINDOWS = statement(
  "due_windows",
  {
    pipeline_id: integer,
    pipeline_name: text,
    closes_at: time,
    feature_names: textArray,
    starts: timeArray,
    ends: timeArray,
  },
  `
  SELECT w.pipeline_id, p.pipeline_name, w.closes_at, array_agg(n.name ORDER BY n.name_id, w.window_start) AS feature_names,
         array_agg(w.window_start ORDER BY n.name_id, w.window_start) AS starts,
         array_agg(w.window_end ORDER BY n.name_id, w.window_start) AS ends
    FROM drift_window w
    JOIN pipeline p USING (pipeline_id)
    JOIN name n ON n.name_id = w.feature_id
   WHERE NOT w.closed AND w.closes_at <= to_timestamp($1::float8)
     AND ($2::float8 IS NULL OR (w.closes_at, w.pipeline_id) > (to_timestamp($2::float8), $3::int))
   GROUP BY w.closes_at, w.pipeline_id, p.pipeline_name
   ORDER BY w.closes_at, w.pipeline_id
   LIMIT $4`,
);

/** The windows that are due for closing, by pipeline and time, the earliest first. */
export async function dueWindows(
  db: pg.Pool,
  now: number,
  after: DueWindows | null,
  limit: number,
): Promise<DueWindows[]> {
  const parameters = [now / 1000, after && after.closes_at / 1000, after?.pipeline_id ?? null, limit];
  const rows = await select(db, DUE_WINDOWS, parameters);
  return rows.map(({ feature_names, starts, ends, ...group }) => ({
    ...group,
    windows: feature_names.map((feature_name, i) => ({ feature_name, start: starts[i]!, end: ends[i]! })),
  }));
}
