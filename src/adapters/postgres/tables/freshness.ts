import type { Committed } from "../../../domain/commit/committed.ts";
import type { Precedence } from "../../../domain/commit/precedence.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { FreshnessEvidence } from "../../../domain/gate/evidence/evidence.ts";
import { FURTHER_AHEAD } from "../../../domain/reports/reach.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import type { AskedGate, AskedGates } from "../gate/evidence/asked-gates.ts";
import { bigint, integer, nullable, type RowOf, text, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { precedesSql } from "./precedence-sql.ts";
import { ofShown } from "./shown-pipelines.ts";

/** Of `reported_at` there is none where version 0.1 stored it. */
const REPORTED_LATER: Precedence<{ reported_at: number | null }> = [
  { of: "reported_at", first: "greatest", nulls: "last" },
];
const LATER = precedesSql([...REPORTED_LATER, ...FURTHER_AHEAD], "excluded", "f", { orEqual: true });

export const INSERT_FRESHNESS = statement(
  "insert_freshness",
  {},
  `
  INSERT INTO freshness_report (pipeline_id, dataset_id, run_key, data_through, at, recorded_at, ahead)
  SELECT pipeline_id, dataset_id, run_key, to_timestamp(data_through), to_timestamp(at), to_timestamp($6::float8),
         to_timestamp(ahead)
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::float8[], $5::float8[], $7::float8[])
         AS u (pipeline_id, dataset_id, run_key, data_through, at, ahead)`,
);

/** The SQL of `reached` in domain/reports/reach.ts: the greatest value ever reported, and how far the latest report was ahead. */
const REACHED = `
     SET data_through = greatest(f.data_through, excluded.data_through),
         ahead = CASE WHEN ${LATER} THEN excluded.ahead ELSE f.ahead END,
         reported_at = greatest(f.reported_at, excluded.reported_at)`;

export const SAVE_FRESHNESS = statement(
  "save_freshness",
  { pipeline_id: integer, dataset_id: integer, data_through: time },
  `
  INSERT INTO dataset_freshness AS f (pipeline_id, dataset_id, data_through, reported_at, ahead)
  SELECT pipeline_id, dataset_id, to_timestamp(data_through), to_timestamp(reported_at), to_timestamp(ahead)
    FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::float8[])
         AS u (pipeline_id, dataset_id, data_through, reported_at, ahead)
      ON CONFLICT (pipeline_id, dataset_id) DO UPDATE ${REACHED}
  RETURNING pipeline_id, dataset_id, data_through`,
);

export const SAVE_RUN_FRESHNESS = statement(
  "save_run_freshness",
  {},
  `
  INSERT INTO run_freshness AS f (run_key, dataset_id, data_through, reported_at, ahead)
  SELECT run_key, dataset_id, to_timestamp(data_through), to_timestamp(reported_at), to_timestamp(ahead)
    FROM unnest($1::bigint[], $2::int[], $3::float8[], $4::float8[], $5::float8[])
         AS u (run_key, dataset_id, data_through, reported_at, ahead)
      ON CONFLICT (run_key, dataset_id) DO UPDATE ${REACHED}`,
);

async function saveRunFreshness(query: Query, names: NameTable, { run_freshness }: Tally): Promise<void> {
  if (run_freshness.size === 0) return;
  const rows = [...run_freshness.values()];
  await query(SAVE_RUN_FRESHNESS, [
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ dataset }) => names.id(dataset))),
    times(rows.map(({ data_through }) => data_through)),
    times(rows.map(({ reported_at }) => reported_at)),
    times(rows.map(({ ahead }) => ahead)),
  ]);
}

async function saveFreshness(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  tally: Tally,
  now: number,
): Promise<Committed["freshness"]> {
  const { freshness: rows } = tally;
  if (rows.length === 0) return [];
  const inserted = query(INSERT_FRESHNESS, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ report }) => names.id(report.dataset))),
    numbers(rows.map(({ entry }) => entry?.key)),
    times(rows.map(({ report }) => report.data_through)),
    times(rows.map(({ report }) => report.at)),
    now / 1000,
    times(rows.map(({ report }) => report.ahead)),
  ]);
  const states = [...tally.data_through.values()];
  const saving = query(SAVE_FRESHNESS, [
    numbers(states.map((state) => pipelines.id(state.pipeline_name))),
    numbers(states.map((state) => names.id(state.dataset))),
    times(states.map((state) => state.data_through)),
    times(states.map((state) => state.reported_at)),
    times(states.map((state) => state.ahead)),
  ]);
  const [saved] = await Promise.all([saving, inserted]);
  const byIds = new Map(saved.map((row) => [`${row.pipeline_id} ${row.dataset_id}`, row.data_through]));
  return states.map(({ pipeline_name, dataset }) => {
    const data_through = byIds.get(`${pipelines.id(pipeline_name)} ${names.id(dataset)}`)!;
    return { pipeline_name, dataset, data_through };
  });
}

export const RESTORE_FRESHNESS = ofShown(
  "restore_freshness",
  { pipeline_name: text, dataset: text, data_through: time },
  "pipeline_name, n.name AS dataset, data_through",
  "JOIN dataset_freshness f USING (pipeline_id) JOIN name n ON n.name_id = f.dataset_id",
);

const REACHED_COLUMNS = { dataset: text, data_through: time, ahead: nullable(time), reported_at: nullable(time) };

export const FRESHNESS_EVIDENCE = statement(
  "freshness_evidence",
  { pipeline_id: integer, ...REACHED_COLUMNS },
  `
  SELECT f.pipeline_id, n.name AS dataset, f.data_through, f.ahead, f.reported_at
    FROM dataset_freshness f JOIN name n ON n.name_id = f.dataset_id
   WHERE f.pipeline_id = ANY ($1::int[])
   ORDER BY f.pipeline_id, n.name`,
);

export const RUN_FRESHNESS_EVIDENCE = statement(
  "run_freshness_evidence",
  { run_key: bigint, ...REACHED_COLUMNS },
  `
  SELECT f.run_key, n.name AS dataset, f.data_through, f.ahead, f.reported_at
    FROM run_freshness f JOIN name n ON n.name_id = f.dataset_id
   WHERE f.run_key = ANY ($1::bigint[])
   ORDER BY f.run_key, n.name`,
);

function reached({ dataset, data_through, ahead, reported_at }: RowOf<typeof REACHED_COLUMNS>): FreshnessEvidence {
  return { dataset, data_through, ...(ahead !== null && { ahead: { data_through: ahead, at: reported_at! } }) };
}

async function addFreshness(gates: AskedGates): Promise<void> {
  const of = ({ chosen }: AskedGate) => chosen.has_freshness;
  if (gates.runs_alone) {
    const rows = await gates.askRuns(RUN_FRESHNESS_EVIDENCE, { of });
    for (const row of rows) gates.ofRun(row.run_key).evidence.freshness.push(reached(row));
  } else {
    const rows = await gates.askPipelines(FRESHNESS_EVIDENCE, of);
    for (const row of rows) gates.ofPipeline(row.pipeline_id).evidence.freshness.push(reached(row));
  }
}

export const FRESHNESS_TABLE: KindTable<"freshness"> = {
  async save({ query, pipelines, names, now }, tally) {
    const [freshness] = await Promise.all([
      saveFreshness(query, pipelines, names, tally, now),
      saveRunFreshness(query, names, tally),
    ]);
    return { freshness };
  },
  restore: async (read) => ({ freshness: await read(RESTORE_FRESHNESS) }),
  addEvidence: addFreshness,
};
