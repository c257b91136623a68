import type { Committed } from "../../../domain/commit/committed.ts";
import type { RunRecords } from "../../../domain/commit/kinds/records.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import { stagesOfParts } from "../../../domain/gate/evidence/stages-of-parts.ts";
import type { RecordsReport } from "../../../domain/reports/report.ts";
import { eager } from "../../../ports/eager.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import type { AskedGate, AskedGates } from "../gate/evidence/asked-gates.ts";
import { addHeldRows } from "../gate/evidence/held-rows.ts";
import { placeColumns } from "../runs/place-columns.ts";
import { speakingRecordsOf } from "../runs/speaking-evidence.ts";
import { bigint, integer, nullable, numeric, type RowOf, text, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { ofShown } from "./shown-pipelines.ts";

export const INSERT_RECORDS = statement(
  "insert_records",
  {},
  `
  INSERT INTO records_report (pipeline_id, stage_id, part_id, run_key, attempt, count, failed, expected_min, at, recorded_at,
                              try, stage_expected_min)
  SELECT pipeline_id, stage_id, part_id, run_key, attempt, count, failed, expected_min, to_timestamp(at),
         to_timestamp($10::float8), try, stage_expected_min
    FROM unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[],
                $9::float8[], $11::int[], $12::bigint[])
         AS u (pipeline_id, stage_id, part_id, run_key, attempt, count, failed, expected_min, at, try, stage_expected_min)`,
);

/** Counts that say the same and stand in the same attempt add up. */
export const SAVE_RUN_RECORDS = statement(
  "save_run_records",
  {},
  `
  INSERT INTO run_records AS r (run_key, stage_id, part_id, count, failed, expected_min, stage_expected_min, first_at,
                                last_at, attempt, try, attempt_no, try_no)
  SELECT run_key, stage_id, part_id, count, failed, expected_min, stage_expected_min, to_timestamp(first_at),
         to_timestamp(last_at), attempt, try, attempt_no, try_no
    FROM unnest($1::bigint[], $2::int[], $3::int[], $4::numeric[], $5::numeric[], $6::bigint[], $7::bigint[], $8::float8[],
                $9::float8[], $10::int[], $11::int[], $12::int[], $13::int[])
         AS u (run_key, stage_id, part_id, count, failed, expected_min, stage_expected_min, first_at, last_at, attempt, try,
               attempt_no, try_no)
      ON CONFLICT (run_key, stage_id, part_id, attempt, try, attempt_no) DO UPDATE
     SET count = r.count + excluded.count, failed = coalesce(r.failed + excluded.failed, r.failed, excluded.failed),
         expected_min = greatest(r.expected_min, excluded.expected_min),
         stage_expected_min = greatest(r.stage_expected_min, excluded.stage_expected_min),
         first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at),
         try_no = excluded.try_no`,
);

/** A row of run_records by the ids of its names. */
export type RecordsSum = Omit<RunRecords, "entry" | "stage" | "part"> & {
  run_key: number;
  stage_id: number;
  part_id: number;
};

export async function addRunRecords(query: Query, sums: readonly RecordsSum[]): Promise<void> {
  if (sums.length === 0) return;
  await query(SAVE_RUN_RECORDS, [
    numbers(sums.map(({ run_key }) => run_key)),
    numbers(sums.map(({ stage_id }) => stage_id)),
    numbers(sums.map(({ part_id }) => part_id)),
    numbers(sums.map(({ count }) => count)),
    numbers(sums.map(({ failed }) => failed)),
    numbers(sums.map(({ expected_min }) => expected_min)),
    numbers(sums.map(({ stage_expected_min }) => stage_expected_min)),
    times(sums.map(({ first_at }) => first_at)),
    times(sums.map(({ last_at }) => last_at)),
    ...placeColumns(sums),
  ]);
}

export const SAVE_RECORDS_TOTALS = statement(
  "save_records_totals",
  { pipeline_id: integer, stage_id: integer, processed: numeric, failed: numeric, born_at: time },
  `
  INSERT INTO records_total AS t (pipeline_id, stage_id, processed, failed, born_at)
  SELECT pipeline_id, stage_id, processed, failed, to_timestamp($5::float8)
    FROM unnest($1::int[], $2::int[], $3::numeric[], $4::numeric[]) AS u (pipeline_id, stage_id, processed, failed)
      ON CONFLICT (pipeline_id, stage_id) DO UPDATE
     SET processed = t.processed + excluded.processed, failed = t.failed + excluded.failed
  RETURNING pipeline_id, stage_id, processed, failed, born_at`,
);

async function saveRecords(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  tally: Tally,
  now: number,
): Promise<Committed["records"]> {
  const { records: rows } = tally;
  if (rows.length === 0) return [];
  const inserted = query(INSERT_RECORDS, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ report }) => names.id(report.stage))),
    numbers(rows.map(({ report }) => names.id(report.part))),
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ report }) => report.attempt)),
    numbers(rows.map(({ report }) => report.count)),
    numbers(rows.map(({ report }) => report.failed)),
    numbers(rows.map(({ report }) => minimumOf(report, "part"))),
    times(rows.map(({ report }) => report.at)),
    now / 1000,
    numbers(rows.map(({ report }) => report.try)),
    numbers(rows.map(({ report }) => minimumOf(report, "stage"))),
  ]);
  const evidence = [...tally.run_records.values()].map(({ entry, stage, part, ...sum }) => {
    return { ...sum, run_key: entry.key!, stage_id: names.id(stage), part_id: names.id(part) };
  });
  const evidenced = eager(addRunRecords(query, evidence));
  const totals = [...tally.records_totals.values()];
  const saving = query(SAVE_RECORDS_TOTALS, [
    numbers(totals.map((total) => pipelines.id(total.pipeline_name))),
    numbers(totals.map((total) => names.id(total.stage))),
    numbers(totals.map((total) => total.processed)),
    numbers(totals.map((total) => total.failed)),
    now / 1000,
  ]);
  const [saved] = await Promise.all([saving, inserted, evidenced]);
  const byIds = new Map(saved.map((row) => [`${row.pipeline_id} ${row.stage_id}`, row]));
  return totals.map(({ pipeline_name, stage }) => {
    const { processed, failed, born_at } = byIds.get(`${pipelines.id(pipeline_name)} ${names.id(stage)}`)!;
    return { pipeline_name, stage, processed, failed, born_at };
  });
}

function minimumOf(
  { expected_min, expected_min_of }: RecordsReport,
  of: RecordsReport["expected_min_of"],
): number | null {
  return expected_min_of === of ? expected_min : null;
}

export const RESTORE_RECORDS = ofShown(
  "restore_records",
  { pipeline_name: text, stage: text, processed: numeric, failed: numeric, born_at: time },
  "pipeline_name, n.name AS stage, processed, failed, t.born_at",
  "JOIN records_total t USING (pipeline_id) JOIN name n ON n.name_id = t.stage_id",
);

export const RECORDS_EVIDENCE = statement(
  "records_evidence",
  {
    run_key: bigint,
    stage: text,
    part_id: integer,
    count: numeric,
    failed: nullable(numeric),
    expected_min: nullable(bigint),
    stage_expected_min: nullable(bigint),
  },
  `
  SELECT run_key, stage, part_id, count, failed, expected_min, stage_expected_min
    FROM ${speakingRecordsOf("unnest($1::bigint[], $2::int[]) AS r (run_key, records_from)")} e
   ORDER BY run_key, stage`,
);

async function addStages(gates: AskedGates): Promise<void> {
  const parts = new Map<AskedGate, RowOf<typeof RECORDS_EVIDENCE.columns>[]>();
  for (const part of await gates.askRuns(RECORDS_EVIDENCE, { from: "records_from" })) {
    const gate = gates.ofRun(part.run_key);
    const known = parts.get(gate);
    if (known === undefined) parts.set(gate, [part]);
    else known.push(part);
  }
  for (const [{ evidence }, ofRun] of parts) {
    evidence.stages = stagesOfParts(ofRun).map((stage) => ({ ...stage, held_rows: null }));
  }
  await addHeldRows(gates);
}

export const RECORDS_TABLE: KindTable<"records"> = {
  save: async ({ query, pipelines, names, now }, tally) => ({
    records: await saveRecords(query, pipelines, names, tally, now),
  }),
  restore: async (read) => ({ records: await read(RESTORE_RECORDS) }),
  addEvidence: addStages,
};
