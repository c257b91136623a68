import type { Tally } from "../../../domain/commit/tally.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { statement } from "../statement/statement.ts";

export const INSERT_SLA_EVENTS = statement(
  "insert_sla_events",
  {},
  `
  INSERT INTO sla_event (pipeline_id, kind, subject_id, run_key, passed, value, threshold, at, recorded_at, excluded)
  SELECT pipeline_id, kind, subject_id, run_key, passed, value, threshold, to_timestamp(at), to_timestamp($9::float8), excluded
    FROM unnest($1::int[], $2::text[], $3::int[], $4::bigint[], $5::boolean[], $6::float8[], $7::float8[], $8::float8[],
                $10::boolean[])
         AS u (pipeline_id, kind, subject_id, run_key, passed, value, threshold, at, excluded)`,
);

export async function insertSlaEvents(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  events: Tally["sla_events"],
  now: number,
): Promise<void> {
  if (events.length === 0) return;
  await query(INSERT_SLA_EVENTS, [
    numbers(events.map((event) => pipelines.id(event.pipeline_name))),
    texts(events.map((event) => event.kind)),
    numbers(events.map((event) => names.id(event.subject))),
    numbers(events.map((event) => event.entry?.key)),
    numbers(events.map((event) => event.passed)),
    numbers(events.map((event) => event.value)),
    numbers(events.map((event) => event.threshold)),
    times(events.map((event) => event.at)),
    now / 1000,
    numbers(events.map((event) => event.entry?.run.invalidated ?? false)),
  ]);
}
