import type { Committed } from "../../../domain/commit/committed.ts";
import { passes } from "../../../domain/commit/kinds/quality.ts";
import { LATEST, WORSE_RESULT } from "../../../domain/commit/newest.ts";
import type { Tally } from "../../../domain/commit/tally.ts";
import type { CheckEvidence } from "../../../domain/gate/evidence/evidence.ts";
import { summarize } from "../../../domain/runs/run.ts";
import { eager } from "../../../ports/eager.ts";
import type { NameTable } from "../commit/names.ts";
import type { Query } from "../connection/query.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import type { AskedGates } from "../gate/evidence/asked-gates.ts";
import { CHECK_GAUGE_COLUMNS, CHECK_GAUGES, CHECK_GAUGES_ORDER, checksOf } from "../gate/gauge-rows.ts";
import { placeColumns } from "../runs/place-columns.ts";
import { speakingChecksOf } from "../runs/speaking-evidence.ts";
import { bigint, float, nullable, text, time, word } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import type { KindTable } from "./kind-table.ts";
import { precedesSql } from "./precedence-sql.ts";
import { SHOWN } from "./shown-pipelines.ts";

export const INSERT_QUALITY = statement(
  "insert_quality",
  {},
  `
  INSERT INTO quality_result (pipeline_id, check_id, run_key, attempt, score, threshold, passed, severity, error,
                              checked_at, recorded_at, excluded, try)
  SELECT pipeline_id, check_id, run_key, attempt, score, threshold, passed, severity, error, to_timestamp(checked_at),
         to_timestamp($11::float8), excluded, try
    FROM unnest($1::int[], $2::int[], $3::bigint[], $4::int[], $5::float8[], $6::float8[], $7::boolean[], $8::text[],
                $9::text[], $10::float8[], $12::boolean[], $13::int[])
         AS u (pipeline_id, check_id, run_key, attempt, score, threshold, passed, severity, error, checked_at, excluded,
               try)`,
);

async function saveQuality(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  tally: Tally,
  now: number,
): Promise<Committed["checks"]> {
  if (tally.checks.length === 0) return [];
  const inserted = eager(insertQuality(query, pipelines, names, tally.checks, now));
  const [checks] = await Promise.all([saveRunChecks(query, names, tally.run_checks), inserted]);
  return checks.concat(looseGauges(tally));
}

async function insertQuality(
  query: Query,
  pipelines: NameTable,
  names: NameTable,
  rows: Tally["checks"],
  now: number,
): Promise<void> {
  await query(INSERT_QUALITY, [
    numbers(rows.map(({ report }) => pipelines.id(report.pipeline_name))),
    numbers(rows.map(({ check }) => names.id(check.check_name))),
    numbers(rows.map(({ entry }) => entry?.key)),
    numbers(rows.map(({ report }) => report.attempt)),
    numbers(rows.map(({ check }) => check.score)),
    numbers(rows.map(({ check }) => check.threshold)),
    numbers(rows.map(({ check }) => passes(check))),
    texts(rows.map(({ check }) => check.severity)),
    texts(rows.map(({ check }) => check.error)),
    times(rows.map(({ report }) => report.at)),
    now / 1000,
    numbers(rows.map(({ entry }) => entry?.run.invalidated ?? false)),
    numbers(rows.map(({ report }) => report.try)),
  ]);
}

/** Of what says the same attempt and try the newest stays. */
export const SAVE_RUN_CHECKS = statement(
  "save_run_checks",
  {},
  `
  INSERT INTO run_check AS c (run_key, check_id, at, score, threshold, severity, error, attempt, try, attempt_no, try_no)
  SELECT run_key, check_id, to_timestamp(at), score, threshold, severity, error, attempt, try, attempt_no, try_no
    FROM unnest($1::bigint[], $2::int[], $3::float8[], $4::float8[], $5::float8[], $6::text[], $7::text[], $8::int[],
                $9::int[], $10::int[], $11::int[])
         AS u (run_key, check_id, at, score, threshold, severity, error, attempt, try, attempt_no, try_no)
      ON CONFLICT (run_key, check_id, attempt, try) DO UPDATE
     SET at = excluded.at, score = excluded.score, threshold = excluded.threshold, severity = excluded.severity,
         error = excluded.error, attempt_no = excluded.attempt_no, try_no = excluded.try_no
   WHERE ${precedesSql([...LATEST, ...WORSE_RESULT], "excluded", "c", { orEqual: true })}`,
);

/**
 * Tells the metrics every candidate: they keep the one that decides by the same rule. What attempts and tries decide is read
 * again by whoever knows that there are some (gauges).
 */
async function saveRunChecks(
  query: Query,
  names: NameTable,
  checks: Tally["run_checks"],
): Promise<Committed["checks"]> {
  const rows = [...checks.values()];
  if (rows.length === 0) return [];
  await query(SAVE_RUN_CHECKS, [
    numbers(rows.map(({ entry }) => entry.key)),
    numbers(rows.map(({ check }) => names.id(check.check_name))),
    times(rows.map(({ at }) => at)),
    numbers(rows.map(({ check }) => check.score)),
    numbers(rows.map(({ check }) => check.threshold)),
    texts(rows.map(({ check }) => check.severity)),
    texts(rows.map(({ check }) => check.error)),
    ...placeColumns(rows),
  ]);
  return rows.map(({ entry, check, at }) => ({
    pipeline_name: entry.run.pipeline_name,
    check_name: check.check_name,
    run_order: summarize(entry.run).run_order,
    at,
    score: check.score,
    threshold: check.threshold,
  }));
}

/** A loose result has no run: its own time is its place among the runs. */
function looseGauges({ loose_checks }: Tally): Committed["checks"] {
  return [...loose_checks.values()].map(({ pipeline_name, check, at }) => ({
    pipeline_name,
    check_name: check.check_name,
    run_order: at,
    at,
    score: check.score,
    threshold: check.threshold,
  }));
}

export const RESTORE_CHECKS = statement(
  "restore_checks",
  CHECK_GAUGE_COLUMNS,
  `${CHECK_GAUGES} FROM ${checksOf(SHOWN)} ${CHECK_GAUGES_ORDER}`,
);

export const CHECK_EVIDENCE = statement(
  "check_evidence",
  {
    run_key: bigint,
    check_name: text,
    score: nullable(float),
    threshold: float,
    severity: word<CheckEvidence["severity"]>(),
    error: nullable(text),
    at: time,
  },
  `
  SELECT run_key, check_name, score, threshold, severity, error, at
    FROM ${speakingChecksOf("unnest($1::bigint[], $2::int[]) AS r (run_key, evidence_from)")} c
   ORDER BY run_key, check_name`,
);

async function addChecks(gates: AskedGates): Promise<void> {
  for (const row of await gates.askRuns(CHECK_EVIDENCE, { from: "evidence_from" })) {
    const { run_key, check_name, score, threshold, severity, error, at } = row;
    gates.ofRun(run_key).evidence.checks.push({ check_name, score, threshold, severity, error, at });
  }
}

export const QUALITY_TABLE: KindTable<"quality"> = {
  save: async ({ query, pipelines, names, now }, tally) => ({
    checks: await saveQuality(query, pipelines, names, tally, now),
  }),
  restore: async (read) => ({ checks: await read(RESTORE_CHECKS) }),
  addEvidence: addChecks,
};
