import type pg from "pg";
import { type SlaKind, type Span, slaSpans } from "../../../domain/sla/sla.ts";
import type { SlaQuery, SlaRow } from "../../../ports.ts";
import { bigint, nullable, text, time } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";

/** Where the rows of a kind are: quality results have a table of their own. */
function rowsOf(kind: SlaKind): string {
  if (kind === "quality") {
    return `SELECT pipeline_id, check_id AS subject_id, checked_at AS at, (NOT excluded)::int AS total,
                   (passed AND NOT excluded)::int AS passed, excluded::int AS excluded
              FROM quality_result WHERE score IS NOT NULL`;
  }
  return `SELECT pipeline_id, subject_id, at, (NOT excluded)::int AS total, (passed AND NOT excluded)::int AS passed,
                 excluded::int AS excluded
            FROM sla_event WHERE kind = '${kind}'`;
}

/**
 * Counts over any window, exact: whole days and hours from the rollups, the broken hours at both ends from the rows, in one
 * statement and so in one snapshot.
 */
export async function slaCounts(db: pg.Pool, query: SlaQuery): Promise<SlaRow[]> {
  if (query.from >= query.to) return [];
  const sums = slaSums(query);
  return select(db, sums.statement, sums.values);
}

/** The migration that came with it, where the store is older. */
export const MEANING_SINCE = statement(
  "run_meaning_since",
  { applied_at: time },
  `
  SELECT applied_at FROM migration WHERE number = 6 AND EXISTS (SELECT FROM pipeline WHERE born_at < applied_at)`,
);

export async function runMeaningSince(db: pg.Pool): Promise<number | null> {
  const rows = await select(db, MEANING_SINCE);
  return rows[0]?.applied_at ?? null;
}

const SUMS = {
  pipeline_name: text,
  subject: nullable(text),
  day: nullable(time),
  total: bigint,
  passed: bigint,
  excluded: bigint,
};

export function slaSums(query: SlaQuery): Filled<typeof SUMS> {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const time = (value: number) => `to_timestamp(${parameter(value / 1000)}::float8)`;
  const within = (column: string, { from, to }: Span) => `${column} >= ${time(from)} AND ${column} < ${time(to)}`;
  const only: string[] = [];
  if (query.pipeline_name !== null) {
    only.push(
      `pipeline_id = (SELECT pipeline_id FROM pipeline WHERE pipeline_name = ${parameter(query.pipeline_name)})`,
    );
  }
  // All of them by name, as it were: the keys begin with the pipeline, and without it whole tables would be read.
  else only.push("pipeline_id = ANY (ARRAY(SELECT pipeline_id FROM pipeline))");
  if (query.subject !== null) {
    only.push(`subject_id = (SELECT name_id FROM name WHERE name = ${parameter(query.subject)})`);
  }
  const and = only.map((condition) => ` AND ${condition}`).join("");
  const columns = "pipeline_id, subject_id, total, passed, excluded";
  const spans = slaSpans(query);
  const parts = [
    ...spans.days.map(
      (span) => `SELECT ${columns}, day FROM sla_day WHERE kind = '${query.kind}' AND ${within("day", span)}${and}`,
    ),
    ...spans.hours.map(
      (span) =>
        `SELECT ${columns}, date_trunc('day', hour) FROM sla_hour WHERE kind = '${query.kind}' AND ${within("hour", span)}${and}`,
    ),
    ...spans.rows.map(
      (span) =>
        `SELECT ${columns}, date_trunc('day', at) FROM (${rowsOf(query.kind)}) r
          WHERE ${within("at", span)}${and}`,
    ),
  ];
  const day = query.by_day ? "day" : "NULL::timestamptz";
  const subject = query.by_subject ? "subject_id" : "NULL::int";
  const text = `
    WITH part (pipeline_id, subject_id, total, passed, excluded, day) AS (${parts.join(" UNION ALL ")}),
         summed AS (
           SELECT pipeline_id, ${subject} AS subject_id, ${day} AS day, sum(total)::bigint AS total,
                  sum(passed)::bigint AS passed, sum(excluded)::bigint AS excluded
             FROM part GROUP BY 1, 2, 3
         )
    SELECT p.pipeline_name, n.name AS subject, s.day, s.total, s.passed, s.excluded
      FROM summed s JOIN pipeline p USING (pipeline_id) LEFT JOIN name n ON n.name_id = s.subject_id
     ORDER BY p.pipeline_name, n.name, s.day`;
  return { statement: statement("sla_sums", SUMS, text), values };
}
