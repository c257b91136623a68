import type { Tally } from "../../../domain/commit/tally.ts";
import type { SlaDelta } from "../../../domain/commit/tally-sla.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { statement } from "../statement/statement.ts";

/** Adds to a rollup, whose table is `t`. `rows` selects its columns in their order. */
export function addTo(table: string, column: string, rows: string): string {
  return `
  INSERT INTO ${table} AS t (pipeline_id, kind, ${column}, subject_id, total, passed, excluded)
  ${rows}
      ON CONFLICT (pipeline_id, kind, ${column}, subject_id) DO UPDATE
     SET total = t.total + excluded.total, passed = t.passed + excluded.passed,
         excluded = t.excluded + excluded.excluded`;
}

const save = (table: string, column: string, where = "true") =>
  addTo(
    table,
    column,
    `SELECT pipeline_id, kind, to_timestamp(since), subject_id, total, passed, excluded
    FROM unnest($1::int[], $2::text[], $3::float8[], $4::int[], $5::int[], $6::int[], $7::int[])
         AS u (pipeline_id, kind, since, subject_id, total, passed, excluded)
   WHERE ${where}`,
  );

export const SAVE_DAYS = statement("save_sla_days", {}, save("sla_day", "day"));

/** A day without rows by hour stays so: its hours are counted from the results. */
const DAY_BY_HOUR = `
    EXISTS (SELECT FROM sla_hour h
             WHERE h.pipeline_id = u.pipeline_id AND h.kind = u.kind
               AND h.hour >= date_trunc('day', to_timestamp(u.since), 'UTC')
               AND h.hour < date_trunc('day', to_timestamp(u.since), 'UTC') + interval '1 day')`;

export const SAVE_LATE_HOURS = statement("save_late_sla_hours", {}, save("sla_hour", "hour", DAY_BY_HOUR));
export const SAVE_LATE_MONTHS = statement("save_late_sla_months", {}, save("sla_month", "month"));

export async function saveSla(query: Query, pipelines: NameTable, names: NameTable, tally: Tally): Promise<void> {
  const columns = (deltas: readonly SlaDelta[]) => [
    numbers(deltas.map((delta) => pipelines.id(delta.pipeline_name))),
    texts(deltas.map((delta) => delta.kind)),
    times(deltas.map((delta) => delta.since)),
    numbers(deltas.map((delta) => names.id(delta.subject))),
    numbers(deltas.map((delta) => delta.total)),
    numbers(deltas.map((delta) => delta.passed)),
    numbers(deltas.map((delta) => delta.excluded)),
  ];
  const saved = [
    [SAVE_DAYS, tally.sla_days],
    [SAVE_LATE_HOURS, tally.sla_late_hours],
    [SAVE_LATE_MONTHS, tally.sla_late_months],
  ] as const;
  await Promise.all(
    saved.flatMap(([saving, deltas]) => (deltas.size === 0 ? [] : [query(saving, columns([...deltas.values()]))])),
  );
}
