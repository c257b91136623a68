import type pg from "pg";

/** Rows a statement deletes. */
const STEP = 5000;

/** Settled notices of before that time, threads that are over and nobody refers to, and what was said in them. */
export async function forgetNotices(db: pg.Pool, before: number): Promise<void> {
  const cut = before / 1000;
  await inSteps(db, "notice", "created_at < to_timestamp($1::float8) AND state <> 'pending'", cut);
  await inSteps(
    db,
    "notice_member",
    `told_at < to_timestamp($1::float8) AND EXISTS (
       SELECT FROM notice_thread t WHERE t.thread_id = notice_member.thread_id AND t.closed_at IS NOT NULL)`,
    cut,
  );
  await inSteps(
    db,
    "notice_thread",
    `closed_at < to_timestamp($1::float8)
     AND NOT EXISTS (SELECT FROM notice_member m WHERE m.thread_id = notice_thread.thread_id)`,
    cut,
  );
  await inSteps(db, "notice_trouble", "closed_at < to_timestamp($1::float8) AND look_at IS NULL", cut);
}

async function inSteps(db: pg.Pool, table: string, condition: string, cut: number): Promise<void> {
  for (;;) {
    const { rowCount } = await db.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${STEP}))`,
      [cut],
    );
    if ((rowCount ?? 0) < STEP) return;
  }
}
