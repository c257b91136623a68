import type { Tally } from "../../../domain/commit/tally.ts";
import type { SlaDelta } from "../../../domain/commit/tally-sla.ts";
import type { NameTable } from "../commit/names.ts";
import { numbers, texts, times } from "../connection/array-literals.ts";
import type { Query } from "../connection/query.ts";
import { statement } from "../statement/statement.ts";

const save = (table: string, column: string) => `
  INSERT INTO ${table} AS t (pipeline_id, kind, ${column}, subject_id, total, passed, excluded)
  SELECT pipeline_id, kind, to_timestamp(since), subject_id, total, passed, excluded
    FROM unnest($1::int[], $2::text[], $3::float8[], $4::int[], $5::int[], $6::int[], $7::int[])
         AS u (pipeline_id, kind, since, subject_id, total, passed, excluded)
      ON CONFLICT (pipeline_id, kind, ${column}, subject_id) DO UPDATE
     SET total = t.total + excluded.total, passed = t.passed + excluded.passed,
         excluded = t.excluded + excluded.excluded`;

export const SAVE_HOURS = statement("save_sla_hours", {}, save("sla_hour", "hour"));
export const SAVE_DAYS = statement("save_sla_days", {}, save("sla_day", "day"));

export async function saveSla(query: Query, pipelines: NameTable, names: NameTable, tally: Tally): Promise<void> {
  if (tally.sla_hours.size === 0) return;
  const columns = (deltas: readonly SlaDelta[]) => [
    numbers(deltas.map((delta) => pipelines.id(delta.pipeline_name))),
    texts(deltas.map((delta) => delta.kind)),
    times(deltas.map((delta) => delta.since)),
    numbers(deltas.map((delta) => names.id(delta.subject))),
    numbers(deltas.map((delta) => delta.total)),
    numbers(deltas.map((delta) => delta.passed)),
    numbers(deltas.map((delta) => delta.excluded)),
  ];
  await Promise.all([
    query(SAVE_HOURS, columns([...tally.sla_hours.values()])),
    query(SAVE_DAYS, columns([...tally.sla_days.values()])),
  ]);
}
