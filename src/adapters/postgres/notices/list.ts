import type pg from "pg";
import type { NoticeFilter, NoticeRow } from "../../../ports.ts";
import { bigint, integer, nullable, text, time, uuid, word } from "../statement/columns.ts";
import { type Filled, select, statement } from "../statement/statement.ts";

const COLUMNS = `
  n.seq, n.notice_id, n.kind, (SELECT p.pipeline_name FROM pipeline p WHERE p.pipeline_id = n.pipeline_id) AS pipeline_name,
  n.code, n.severity, n.state, n.channel, n.title, n.created_at, n.sent_at, n.attempts,
  CASE WHEN n.state = 'pending' THEN n.next_attempt_at END AS next_attempt_at, n.last_error`;

/** Who may see only some pipelines sees notices that are about no other. */
const VISIBLE = (parameter: string) =>
  `(cardinality(n.pipeline_names) > 0
    AND NOT EXISTS (SELECT FROM unnest(n.pipeline_names) name WHERE name !~ ALL (${parameter}::text[])))`;

const NOTICE = {
  seq: bigint,
  notice_id: uuid,
  kind: word<NoticeRow["kind"]>(),
  pipeline_name: nullable(text),
  code: nullable(text),
  severity: word<NoticeRow["severity"]>(),
  state: word<NoticeRow["state"]>(),
  channel: text,
  title: text,
  created_at: time,
  sent_at: nullable(time),
  attempts: integer,
  next_attempt_at: nullable(time),
  last_error: nullable(text),
};

/** Newest first. */
export async function listNotices(db: pg.Pool, filter: NoticeFilter): Promise<NoticeRow[]> {
  const page = noticesPage(filter);
  return select(db, page.statement, page.values);
}

export function noticesPage(filter: NoticeFilter): Filled<typeof NOTICE> {
  const values: unknown[] = [filter.limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const where: string[] = [];
  if (filter.pipeline_name !== null)
    where.push(`n.pipeline_names @> ARRAY[${parameter(filter.pipeline_name)}]::text[] COLLATE "C"`);
  if (filter.state !== null) where.push(`n.state = ${parameter(filter.state)}`);
  if (filter.allowed !== null) {
    const allowed = parameter(filter.allowed);
    // By the index of names first: what is visible is about one of them.
    where.push(
      `n.pipeline_names && ARRAY(SELECT pipeline_name FROM pipeline WHERE pipeline_name ~ ANY (${allowed}::text[]))`,
    );
    where.push(VISIBLE(allowed));
  }
  if (filter.after !== null) where.push(`n.seq < ${parameter(filter.after)}::bigint`);
  const text = `
    SELECT ${COLUMNS} FROM notice n
     ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""}
     ORDER BY n.seq DESC LIMIT $1`;
  return { statement: statement("list_notices", NOTICE, text), values };
}

export const RESEND_NOTICE = statement(
  "resend_notice",
  NOTICE,
  `UPDATE notice n
        SET state = 'pending', next_attempt_at = to_timestamp($2::float8), give_up_at = to_timestamp($3::float8)
      WHERE n.notice_id = $1::uuid AND ($4::text[] IS NULL OR ${VISIBLE("$4")})
     RETURNING ${COLUMNS}`,
);

/** A notice that is being sent right now keeps its lease. */
export async function resendNotice(
  db: Pick<pg.ClientBase, "query">,
  notice_id: string,
  allowed: string[] | null,
  now: number,
  give_up_at: number,
): Promise<NoticeRow | null> {
  const rows = await select(db, RESEND_NOTICE, [notice_id, now / 1000, give_up_at / 1000, allowed]);
  return rows[0] ?? null;
}
