import type pg from "pg";
import { type Span, slaSpans } from "../../../domain/sla/sla.ts";
import { DAY, startOfDay } from "../../../domain/words/time.ts";
import type { SlaQuery, SlaRow } from "../../../ports.ts";
import { judgedRows } from "../sla/judged-rows.ts";
import { bigint, nullable, text, time } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";

/**
 * Counts over any window, exact: whole months, days and hours from the rollups, as far as they go, the rest from the results, in
 * one statement and so in one snapshot.
 */
export async function slaCounts(db: pg.Pool, query: SlaQuery): Promise<SlaRow[]> {
  if (query.from >= query.to) return [];
  const sums = slaSums(query);
  return select(db, sums.statement, sums.values);
}

const NAMES = { pipeline_name: text };

export function resultsWithin(spans: readonly Span[]): Filled<typeof NAMES> {
  const values: number[] = [];
  const time = (value: number) => `to_timestamp($${values.push(value / 1000)}::float8)`;
  const found = spans.map(
    ({ from, to }) =>
      `SELECT pipeline_id FROM quality_result WHERE checked_at >= ${time(from)} AND checked_at < ${time(to)} AND score IS NOT NULL`,
  );
  const text = `
    SELECT pipeline_name FROM (${found.join(" UNION ")}) found JOIN pipeline USING (pipeline_id) WHERE archived_at IS NULL`;
  return { statement: statement("results_within", NAMES, text), values };
}

export async function pipelinesWithResults(db: pg.Pool, spans: readonly Span[]): Promise<string[]> {
  const found = resultsWithin(spans);
  return (await select(db, found.statement, found.values)).map(({ pipeline_name }) => pipeline_name);
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

const COLUMNS = "pipeline_id, subject_id, total, passed, excluded";

export function slaSums(query: SlaQuery): Filled<typeof SUMS> {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const time = (value: number) => `to_timestamp(${parameter(value / 1000)}::float8)`;
  const within = (column: string, { from, to }: Span) => `${column} >= ${time(from)} AND ${column} < ${time(to)}`;
  // All of them by name, as it were: the keys begin with the pipeline, and without it whole tables would be read.
  const named =
    query.pipeline_names === null ? "" : `WHERE pipeline_name = ANY (${parameter(query.pipeline_names)}::text[])`;
  const subject =
    query.subject === null
      ? ""
      : ` AND subject_id = (SELECT name_id FROM name WHERE name = ${parameter(query.subject)})`;
  const asked = `pipeline_id = ANY (ARRAY(SELECT pipeline_id FROM asked))${subject}`;
  const kind = `'${query.kind}'`;
  const rows = judgedRows(query.kind === "quality" ? "quality_result" : "sla_event", kind);
  const rollup = (unit: string, span: Span, day: string) =>
    `SELECT ${COLUMNS}, ${day} FROM sla_${unit} WHERE kind = ${kind} AND ${within(unit, span)} AND ${asked}`;
  /** Of each pipeline by itself, from where its rollup ends: `since`, of a row `a` of the pipelines that are asked for. */
  const beyond = (since: string, rest: string, from = "asked") => `
    SELECT r.* FROM (SELECT a.pipeline_id, ${since} AS since FROM ${from} a) e CROSS JOIN LATERAL (${rest} OFFSET 0) r`;
  const hoursOf = (span: Span) => {
    const day = time(startOfDay(span.from));
    const rolled = `
      CASE WHEN EXISTS (SELECT FROM sla_hour h WHERE h.pipeline_id = a.pipeline_id AND h.kind = ${kind}
                           AND h.hour >= ${day} AND h.hour < ${day} + interval '1 day')
           THEN a.sla_hours_until ELSE '-infinity'::timestamptz END`;
    const rest = `
      SELECT ${COLUMNS}, date_trunc('day', at) FROM (${rows}) j
       WHERE j.pipeline_id = e.pipeline_id AND j.at >= e.since AND ${within("j.at", span)}${subject}`;
    return [rollup("hour", span, "date_trunc('day', hour)"), beyond(rolled, rest)];
  };
  const monthsOf = (span: Span) => {
    const rest = `
      SELECT ${COLUMNS}, NULL::timestamptz FROM sla_day d
       WHERE d.pipeline_id = e.pipeline_id AND d.kind = ${kind} AND d.day >= e.since AND ${within("d.day", span)}${subject}`;
    return [
      rollup("month", span, "NULL::timestamptz"),
      beyond("coalesce(a.sla_months_until, '-infinity'::timestamptz)", rest),
    ];
  };
  const spans = slaSpans(query, query.by_day);
  const parts = [
    ...spans.months.flatMap(monthsOf),
    ...spans.days.map((span) => rollup("day", span, "day")),
    ...spans.hours.flatMap(byDay).flatMap(hoursOf),
    ...spans.rows.map(
      (span) => `SELECT ${COLUMNS}, date_trunc('day', at) FROM (${rows}) r WHERE ${within("at", span)} AND ${asked}`,
    ),
  ];
  const day = query.by_day ? "day" : "NULL::timestamptz";
  const text = `
    WITH asked AS MATERIALIZED (SELECT pipeline_id, pipeline_name, sla_hours_until, sla_months_until FROM pipeline ${named}),
         part (pipeline_id, subject_id, total, passed, excluded, day) AS (${parts.join(" UNION ALL ")}),
         summed AS (
           SELECT pipeline_id, ${query.by_subject ? "subject_id" : "NULL::int"} AS subject_id, ${day} AS day, sum(total)::bigint AS total,
                  sum(passed)::bigint AS passed, sum(excluded)::bigint AS excluded
             FROM part GROUP BY 1, 2, 3 HAVING sum(total) + sum(excluded) > 0
         )
    SELECT p.pipeline_name, n.name AS subject, s.day, s.total, s.passed, s.excluded
      FROM summed s JOIN asked p USING (pipeline_id) LEFT JOIN name n ON n.name_id = s.subject_id
     ORDER BY p.pipeline_name, n.name, s.day`;
  return { statement: statement("sla_sums", SUMS, text), values };
}

function byDay({ from, to }: Span): Span[] {
  const parts: Span[] = [];
  for (let start = from; start < to; start = startOfDay(start) + DAY) {
    parts.push({ from: start, to: Math.min(to, startOfDay(start) + DAY) });
  }
  return parts;
}
