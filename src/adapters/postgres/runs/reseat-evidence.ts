import { GREATER_VERSION, LATEST, WEIGHTIER_VERDICT, WORSE_RESULT } from "../../../domain/commit/newest.ts";
import { coverageOf } from "../../../domain/runs/runless/runless-run.ts";
import type { Around } from "../../../domain/runs/runless/runless-runs.ts";
import type { Reseated, RunEntry } from "../../../domain/runs/runs-of-commit.ts";
import type { AskedAround, PipelineRow } from "../../../ports.ts";
import type { Query } from "../connection/query.ts";
import { numbers, times } from "../connection/values/array-literals.ts";
import { bigint, nullable, time } from "../statement/columns.ts";
import { statement } from "../statement/statement.ts";
import { orderBy, precedesSql } from "../tables/precedence-sql.ts";
import { placeNamed, recordsOfReports } from "./place-evidence.ts";

/** What makes a run-less run is counts alone, where runs of the pipeline have ids. */
export const EVIDENCE_AROUND = statement(
  "evidence_around",
  { place: bigint, before: nullable(time), after: nullable(time) },
  `
  SELECT u.place, max(e.at) FILTER (WHERE e.at <= to_timestamp(u.time)) AS before,
         min(e.at) FILTER (WHERE e.at > to_timestamp(u.time) AND (e.makes OR NOT u.named)) AS after
    FROM unnest($1::bigint[], $2::int[], $3::boolean[], $4::float8[]) WITH ORDINALITY
         AS u (run_key, pipeline_id, named, time, place)
    JOIN run r ON r.run_key = u.run_key
   CROSS JOIN LATERAL (
           SELECT at, true AS makes FROM records_report WHERE run_key = u.run_key AND at >= r.first_at
           UNION ALL
           SELECT checked_at, false FROM quality_result
            WHERE pipeline_id = u.pipeline_id AND run_key = u.run_key AND checked_at >= r.first_at
           UNION ALL
           SELECT at, false FROM drift_result
            WHERE pipeline_id = u.pipeline_id AND run_key = u.run_key AND at >= r.first_at
           UNION ALL
           SELECT at, false FROM schema_report
            WHERE pipeline_id = u.pipeline_id AND run_key = u.run_key AND at >= r.first_at
         ) e
   GROUP BY u.place, u.time`,
);

export async function evidenceAround(query: Query, asked: readonly AskedAround[]): Promise<Around[]> {
  const found: Around[] = asked.map(() => ({ before: null, after: null }));
  if (asked.length === 0) return found;
  const rows = await query(EVIDENCE_AROUND, [
    numbers(asked.map(({ run_key }) => run_key)),
    numbers(asked.map(({ pipeline_id }) => pipeline_id)),
    numbers(asked.map(({ named }) => named)),
    times(asked.map(({ time }) => time)),
  ]);
  for (const { place, before, after } of rows) found[place - 1] = { before, after };
  return found;
}

/** The run that covers the time of a row; what two cover is of the one that began later. */
function ownerOf(at: string): string {
  return `(SELECT c.run_key FROM unnest($2::bigint[], $3::float8[], $4::float8[]) AS c (run_key, since, until)
            WHERE ${at} >= to_timestamp(c.since) AND ${at} <= to_timestamp(c.until) ORDER BY c.since DESC LIMIT 1)`;
}

/** `keeps`: what no run covers stays where it is. Answers the rows that no run holds. */
function deal(table: string, at: string, { where = "true", keeps = false } = {}): string {
  const owner = keeps ? `coalesce(${ownerOf(`t.${at}`)}, t.run_key)` : ownerOf(`t.${at}`);
  return `
  WITH dealt AS (
    UPDATE ${table} t SET run_key = ${owner}
     WHERE t.pipeline_id = $1 AND t.${at} >= to_timestamp($5::float8) AND ${where}
       AND (t.run_key = ANY ($2::bigint[]) OR ($6::boolean AND t.run_key IS NULL AND ${ownerOf(`t.${at}`)} IS NOT NULL))
    RETURNING t.run_key, t.${at} AS at)
  SELECT max(at) AS at FROM dealt WHERE run_key IS NULL`;
}

export const DEAL_RECORDS = statement(
  "deal_records",
  { at: nullable(time) },
  deal("records_report", "at", { keeps: true }),
);
export const DEAL_CHECKS = statement("deal_quality", { at: nullable(time) }, deal("quality_result", "checked_at"));
export const DEAL_VERDICTS = statement("deal_drift", { at: nullable(time) }, deal("drift_result", "at"));
export const DEAL_SCHEMAS = statement("deal_schemas", { at: nullable(time) }, deal("schema_report", "at"));
export const DEAL_EVENTS = statement(
  "deal_sla_events",
  { at: nullable(time) },
  deal("sla_event", "at", { where: "t.kind = 'drift'" }),
);

export const CHECKS_OF_REPORTS = statement(
  "checks_of_reports",
  {},
  `
  INSERT INTO run_check (run_key, check_id, at, score, threshold, severity, error, attempt, try)
  SELECT DISTINCT ON (run_key, check_id, coalesce(attempt, 0), coalesce(try, 0))
         run_key, check_id, checked_at, score, threshold, severity, error, coalesce(attempt, 0), coalesce(try, 0)
    FROM quality_result
   WHERE pipeline_id = $1 AND run_key = ANY ($2::bigint[]) AND checked_at >= to_timestamp($3::float8)
   ORDER BY run_key, check_id, coalesce(attempt, 0), coalesce(try, 0), 
            ${orderBy([...LATEST, ...WORSE_RESULT], null, { at: "checked_at" })}`,
);

export const SCHEMAS_OF_REPORTS = statement(
  "schemas_of_reports",
  {},
  `
  INSERT INTO run_schema (run_key, dataset_id, at, version, attempt, try)
  SELECT DISTINCT ON (run_key, dataset_id, coalesce(attempt, 0), coalesce(try, 0))
         run_key, dataset_id, at, version, coalesce(attempt, 0), coalesce(try, 0)
    FROM schema_report
   WHERE pipeline_id = $1 AND run_key = ANY ($2::bigint[]) AND at >= to_timestamp($3::float8)
   ORDER BY run_key, dataset_id, coalesce(attempt, 0), coalesce(try, 0), ${orderBy([...LATEST, ...GREATER_VERSION], null)}`,
);

const NEWEST_VERDICT = [...LATEST, ...WEIGHTIER_VERDICT];
const DECIDING_FIRST = orderBy(NEWEST_VERDICT, null);
const DECIDES = precedesSql(NEWEST_VERDICT, "excluded", "k");

/** The latest verdicts go with their histograms to the run that covers them; where it has a later one that stays. */
export const FEATURES_MOVE = statement(
  "run_features_move",
  {},
  `
  WITH moved AS (
    DELETE FROM run_feature f
     USING drift_result d
     WHERE f.run_key = ANY ($2::bigint[]) AND d.pipeline_id = $1 AND d.feature_id = f.feature_id AND d.at = f.at
       AND d.n_current = f.n_current AND coalesce(d.attempt, 0) = f.attempt AND coalesce(d.try, 0) = f.try
       AND d.at >= to_timestamp($3::float8) AND d.run_key IS DISTINCT FROM f.run_key
       AND (d.run_key IS NULL OR d.run_key = ANY ($2::bigint[]))
    RETURNING d.run_key AS owner, f.*)
  INSERT INTO run_feature AS k (run_key, feature_id, at, verdict, psi, p_value, threshold, n_current, histogram, attempt, try,
                                detail, retyped)
  SELECT DISTINCT ON (owner, feature_id, attempt, try)
         owner, feature_id, at, verdict, psi, p_value, threshold, n_current, histogram, attempt, try, detail, retyped
    FROM moved WHERE owner IS NOT NULL
   ORDER BY owner, feature_id, attempt, try, ${DECIDING_FIRST}
      ON CONFLICT (run_key, feature_id, attempt, try) DO UPDATE
     SET at = excluded.at, verdict = excluded.verdict, psi = excluded.psi, p_value = excluded.p_value,
         threshold = excluded.threshold, n_current = excluded.n_current, histogram = excluded.histogram,
         detail = excluded.detail, retyped = excluded.retyped
   WHERE ${DECIDES}`,
);

/** What was overtaken until now has no histogram any more. */
export const FEATURES_OF_REPORTS = statement(
  "features_of_reports",
  {},
  `
  INSERT INTO run_feature AS k (run_key, feature_id, at, verdict, psi, p_value, threshold, n_current, attempt, try, detail,
                                retyped)
  SELECT DISTINCT ON (run_key, feature_id, coalesce(attempt, 0), coalesce(try, 0))
         run_key, feature_id, at, verdict, psi, p_value, threshold, n_current, coalesce(attempt, 0), coalesce(try, 0),
         detail, retyped
    FROM drift_result
   WHERE pipeline_id = $1 AND run_key = ANY ($2::bigint[]) AND at >= to_timestamp($3::float8)
   ORDER BY run_key, feature_id, coalesce(attempt, 0), coalesce(try, 0), ${DECIDING_FIRST}
      ON CONFLICT (run_key, feature_id, attempt, try) DO UPDATE
     SET at = excluded.at, verdict = excluded.verdict, psi = excluded.psi, p_value = excluded.p_value,
         threshold = excluded.threshold, n_current = excluded.n_current, histogram = NULL, detail = excluded.detail,
         retyped = excluded.retyped
   WHERE ${DECIDES}`,
);

export const INVALIDATED_TOO = statement(
  "invalidated_too",
  {},
  `
  UPDATE run n
     SET invalidated_at = o.invalidated_at, invalidated_by = o.invalidated_by, invalidated_reason = o.invalidated_reason
    FROM unnest($1::bigint[], $2::bigint[]) AS u (run_key, origin) JOIN run o ON o.run_key = u.origin
   WHERE n.run_key = u.run_key`,
);

export const FORGET_RUN_CHECKS = statement(
  "forget_run_checks",
  {},
  "DELETE FROM run_check WHERE run_key = ANY ($1::bigint[])",
);
export const FORGET_RUN_SCHEMAS = statement(
  "forget_run_schemas",
  {},
  "DELETE FROM run_schema WHERE run_key = ANY ($1::bigint[])",
);

/** The runs are saved, the pipeline is locked. Rows move in the history, and what the runs' evidence sums up is made anew. */
export async function reseatEvidence(
  query: Query,
  { pipeline_id }: PipelineRow,
  { entries, adopts, origins }: Reseated,
): Promise<number | null> {
  const covers = entries.map(({ run }) => coverageOf(run));
  const since = Math.min(...covers.map(({ from }) => from)) / 1000;
  const keys = numbers(entries.map(({ key }) => key));
  const dealing = [
    pipeline_id,
    keys,
    times(covers.map(({ from }) => from)),
    times(covers.map(({ to }) => to)),
    since,
    adopts,
  ];
  const left = await Promise.all([
    query(DEAL_CHECKS, dealing),
    query(DEAL_VERDICTS, dealing),
    query(DEAL_SCHEMAS, dealing),
    query(DEAL_RECORDS, dealing),
    query(DEAL_EVENTS, dealing),
    ...invalidatedToo(query, origins),
  ]);
  const rows = [pipeline_id, keys, since];
  await Promise.all([
    query(FORGET_RUN_CHECKS, [keys]),
    query(CHECKS_OF_REPORTS, rows),
    query(FORGET_RUN_SCHEMAS, [keys]),
    query(SCHEMAS_OF_REPORTS, rows),
    query(FEATURES_MOVE, rows),
    query(FEATURES_OF_REPORTS, rows),
  ]);
  const runs = new Map(entries.map(({ key, run }) => [key!, run]));
  await placeNamed(query, runs);
  await recordsOfReports(query, runs);
  const loose = [left[0][0]?.at, left[1][0]?.at, left[2][0]?.at].filter((at) => at != null);
  return loose.length === 0 ? null : Math.max(...loose);
}

function invalidatedToo(query: Query, origins: ReadonlyMap<RunEntry, RunEntry>): Promise<unknown>[] {
  const pairs = [...origins].filter(([{ run }]) => run.invalidated);
  if (pairs.length === 0) return [];
  const columns = [numbers(pairs.map(([{ key }]) => key)), numbers(pairs.map(([, { key }]) => key))];
  return [query(INVALIDATED_TOO, columns)];
}
