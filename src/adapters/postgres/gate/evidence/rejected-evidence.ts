import { bigint, text, time } from "../../statement/columns.ts";
import { statement } from "../../statement/statement.ts";
import type { AskedGates } from "./asked-gates.ts";
import { runByKey } from "./chosen-run.ts";

/** A number that run reports say (1 only where a higher one is said too) is an attempt; any other only names a try. */
function isSaid(r: string): string {
  const said = `SELECT FROM ${runReports(r)} o WHERE o.attempt`;
  return `x.attempt > 0 AND EXISTS (${said} = x.attempt) AND (x.attempt > 1 OR EXISTS (${said} > 1))`;
}

/** What the run's reports said, as marks or as version 0.1 stored it. */
function runReports(r: string): string {
  return `(
    SELECT (m ->> 'attempt')::int AS attempt, m ->> 'status' AS status, to_timestamp((m ->> 'own_at')::float8 / 1000) AS at,
           (m ->> 'resumes')::boolean AS resumes
      FROM jsonb_array_elements(${r}.marks) m
     UNION ALL
    SELECT o.attempt, o.status, o.at, false FROM run_outcome o WHERE o.run_key = ${r}.run_key AND ${r}.marks IS NULL)`;
}

/**
 * Whether something of this name was true at the time of the refused item x, or later. Where x cannot be told by a name, only
 * what was true later: what came with it may have been anything else.
 */
function namesOrIsLater(name: string, at: string): string {
  return `CASE x.item WHEN '?' THEN ${at} > x.at ELSE ${at} >= x.at AND x.item = ${name} END`;
}

function later(r: string, table: string, name_id: string): string {
  return `
    EXISTS (SELECT FROM ${table} e JOIN name n ON n.name_id = e.${name_id}
             WHERE e.run_key = x.run_key AND e.attempt_no >= ${r}.evidence_from AND ${namesOrIsLater("n.name", "e.at")})`;
}

const STAGE = "CASE WHEN q.name = '' THEN n.name ELSE n.name || '/' || q.name END";
function laterRecords(r: string): string {
  return `
    EXISTS (SELECT FROM run_records e JOIN name n ON n.name_id = e.stage_id JOIN name q ON q.name_id = e.part_id
             WHERE e.run_key = x.run_key AND e.attempt_no >= ${r}.records_from AND ${namesOrIsLater(STAGE, "e.last_at")})`;
}

/** A schema of the dataset, or, of a refused column, one in which it could be read. */
function laterSchema(r: string): string {
  return `
    EXISTS (SELECT FROM run_schema e
              JOIN name n ON n.name_id = e.dataset_id
              JOIN schema_version v ON v.pipeline_id = ${r}.pipeline_id AND v.version = e.version
             WHERE e.run_key = x.run_key AND e.attempt_no >= ${r}.evidence_from
               AND (${namesOrIsLater("n.name", "e.at")}
                    OR (e.at >= x.at AND starts_with(x.item, n.name || '/')
                        AND EXISTS (SELECT FROM jsonb_array_elements(v.columns) c
                                     WHERE c ->> 'type' IS NOT NULL AND x.item = n.name || '/' || (c ->> 'name')))))`;
}

/** Whatever the run said after a start that was refused goes beyond it. */
const STATUS =
  "CASE x.item WHEN 'started' THEN 'started' ELSE CASE e.status WHEN 'retrying' THEN 'failed' ELSE e.status END END";
function isLaterStatus(r: string): string {
  return `EXISTS (SELECT FROM ${runReports(r)} e WHERE ${namesOrIsLater(STATUS, "e.at")})`;
}

/** Whether an accepted report of the same item, or of any where it is unreadable, was true then or later, whichever came first. */
function isEnded(r: string): string {
  const check = later(r, "run_check", "check_id");
  const feature = later(r, "run_feature", "feature_id");
  const records = laterRecords(r);
  const schema = laterSchema(r);
  return `
  CASE x.kind
    WHEN 'quality' THEN ${check}
    WHEN 'records' THEN ${records}
    WHEN 'drift' THEN ${feature}
    WHEN 'schema' THEN ${schema}
    WHEN 'run' THEN ${isLaterStatus(r)}
    WHEN '?' THEN x.code <> 'lost' AND (${check} OR ${records} OR ${feature} OR ${schema})
    ELSE false
  END`;
}

/** Whether a greater number was said that does not do only part of the work again: what was refused before it is over. */
function isOverByNumber(r: string): string {
  return `EXISTS (SELECT FROM ${runReports(r)} o
                   WHERE o.attempt > x.attempt
                     AND NOT EXISTS (SELECT FROM ${runReports(r)} a WHERE a.resumes AND coalesce(a.attempt, o.attempt) = o.attempt))`;
}

/** Whether its number was begun before what speaks: there own times cut inside it. */
function isCutInside(r: string): string {
  return `EXISTS (SELECT FROM ${runReports(r)} o WHERE o.attempt = x.attempt AND o.at < ${r}.evidence_since)`;
}

/**
 * Whether the item stands in the attempt that is judged, or in one that it resumes. A number that is said tells before times
 * do.
 */
function isOfAttempt(r: string): string {
  const byTime = `x.at >= coalesce(${r}.evidence_since, '-infinity')`;
  return `
  CASE WHEN ${isSaid(r)} THEN NOT ${isOverByNumber(r)} AND (${byTime} OR NOT ${isCutInside(r)}) ELSE ${byTime} END`;
}

/** Items that were refused in the attempt of the run `r` (run_key, marks, evidence_from …) that is judged, and stand. */
export function standingItems(r: string): string {
  return `
    rejected_item x
     WHERE x.run_key = ${r}.run_key AND ${isOfAttempt(r)} AND NOT ${isEnded(r)}`;
}

export const REJECTED_EVIDENCE = statement(
  "rejected_evidence",
  { run_key: bigint, kind: text, item: text, code: text, why: text, at: time },
  `
  SELECT x.run_key, x.kind, x.item, x.code, x.why, x.at
    FROM unnest($1::bigint[]) AS u (run_key)
   ${runByKey("r")}
   CROSS JOIN LATERAL (SELECT x.* FROM ${standingItems("r")} OFFSET 0) x
   ORDER BY x.kind, x.item, x.attempt`,
);

/** What could not be used of the runs' evidence and was not replaced since. */
export async function addRejected(gates: AskedGates): Promise<void> {
  const rows = await gates.askRuns(REJECTED_EVIDENCE, { of: ({ chosen }) => chosen.has_rejected });
  for (const { run_key, ...item } of rows) gates.ofRun(run_key).evidence.rejected!.push(item);
}
