import type pg from "pg";
import { execute, type Statement, statement } from "../statement/statement.ts";

/** Rows a statement deletes. */
const STEP = 5000;

/** What is older than $1 (seconds), a step of it. */
function older(table: string, condition: string): Statement {
  return statement(
    `older_${table}`,
    {},
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${STEP}))`,
  );
}

export const OLDER_NOTICES = [
  older("notice", "created_at < to_timestamp($1::float8) AND state <> 'pending'"),
  older(
    "notice_member",
    `told_at < to_timestamp($1::float8) AND EXISTS (
       SELECT FROM notice_thread t WHERE t.thread_id = notice_member.thread_id AND t.closed_at IS NOT NULL)`,
  ),
  older(
    "notice_thread",
    `closed_at < to_timestamp($1::float8)
     AND NOT EXISTS (SELECT FROM notice_member m WHERE m.thread_id = notice_thread.thread_id)`,
  ),
  older("notice_trouble", "closed_at < to_timestamp($1::float8) AND look_at IS NULL"),
];

/** Settled notices of before that time, threads that are over and nobody refers to, and what was said in them. */
export async function forgetNotices(db: pg.Pool, before: number): Promise<void> {
  for (const step of OLDER_NOTICES) while ((await execute(db, step, [before / 1000])) >= STEP);
}
