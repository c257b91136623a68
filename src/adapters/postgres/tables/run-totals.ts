import type { Committed } from "../../../domain/commit/committed.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { EndStatus } from "../../../domain/reports/report.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { arrays, numbers, texts } from "../connection/values/array-literals.ts";
import { addRunsGoingOn } from "../gate/evidence/runs-going-on.ts";
import { takeBackRunEvents } from "../runs/take-back-run-events.ts";
import { bigint, integer, text, word } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { HISTOGRAM, histogramTotal } from "./latency.ts";
import { ofShown } from "./shown-pipelines.ts";

export const SAVE_RUN_TOTALS = statement(
  "save_run_totals",
  { pipeline_id: integer, status: word<EndStatus>(), total: bigint },
  `
  INSERT INTO run_total AS t (pipeline_id, status, total)
  SELECT * FROM unnest($1::int[], $2::text[], $3::bigint[])
      ON CONFLICT (pipeline_id, status) DO UPDATE SET total = t.total + excluded.total
  RETURNING pipeline_id, status, total`,
);

async function saveRunTotals(query: Query, pipelines: NameTable, tally: Tally): Promise<Committed["runs"]> {
  const totals = [...tally.run_totals.values()];
  if (totals.length === 0) return [];
  const names = new Map(totals.map(({ pipeline_name }) => [pipelines.id(pipeline_name), pipeline_name]));
  const saved = await query(SAVE_RUN_TOTALS, [
    numbers(totals.map((total) => pipelines.id(total.pipeline_name))),
    texts(totals.map((total) => total.status)),
    numbers(totals.map((total) => total.count)),
  ]);
  return saved.map(({ pipeline_id, status, total }) => ({ pipeline_name: names.get(pipeline_id)!, status, total }));
}

export const SAVE_DURATIONS = statement(
  "save_durations",
  { pipeline_id: integer, ...HISTOGRAM },
  `
  INSERT INTO duration_total AS t (pipeline_id, buckets, count, sum_nanoseconds)
  SELECT pipeline_id, buckets::bigint[], count, sum_nanoseconds
    FROM unnest($1::int[], $2::text[], $3::bigint[], $4::numeric[]) AS u (pipeline_id, buckets, count, sum_nanoseconds)
      ON CONFLICT (pipeline_id) DO UPDATE
     SET buckets = add_buckets(t.buckets, excluded.buckets), count = t.count + excluded.count,
         sum_nanoseconds = t.sum_nanoseconds + excluded.sum_nanoseconds
  RETURNING pipeline_id, buckets, count, sum_nanoseconds`,
);

async function saveDurations(query: Query, pipelines: NameTable, tally: Tally): Promise<Committed["durations"]> {
  const totals = [...tally.durations];
  if (totals.length === 0) return [];
  const names = new Map(totals.map(([pipeline_name]) => [pipelines.id(pipeline_name), pipeline_name]));
  const saved = await query(SAVE_DURATIONS, [
    numbers(totals.map(([pipeline_name]) => pipelines.id(pipeline_name))),
    arrays(totals.map(([, { buckets }]) => buckets)),
    numbers(totals.map(([, { count }]) => count)),
    numbers(totals.map(([, { sum_nanoseconds }]) => sum_nanoseconds)),
  ]);
  return saved.map((row) => ({ pipeline_name: names.get(row.pipeline_id)!, histogram: histogramTotal(row) }));
}

export const RESTORE_RUN_TOTALS = ofShown(
  "restore_run_totals",
  { pipeline_name: text, status: word<EndStatus>(), total: bigint },
  "pipeline_name, status, total",
  "JOIN run_total USING (pipeline_id)",
);

export const RESTORE_DURATIONS = ofShown(
  "restore_durations",
  { pipeline_name: text, ...HISTOGRAM },
  "pipeline_name, buckets, count, sum_nanoseconds",
  "JOIN duration_total USING (pipeline_id)",
);

export const RUN_TABLE: KindTable<"run"> = {
  async save({ query, pipelines }, tally) {
    const [runs, durations] = await Promise.all([
      saveRunTotals(query, pipelines, tally),
      saveDurations(query, pipelines, tally),
      takeBackRunEvents(query, pipelines, tally.sla_taken_back),
    ]);
    return { runs, durations };
  },
  async restore(read) {
    const runs = await read(RESTORE_RUN_TOTALS);
    const durations = (await read(RESTORE_DURATIONS)).map((row) => {
      return { pipeline_name: row.pipeline_name, histogram: histogramTotal(row) };
    });
    return { runs, durations };
  },
  addEvidence: addRunsGoingOn,
};
