import type pg from "pg";
import { DAY } from "../../../domain/words/time.ts";
import type { LeasedNotice, NewNotice, Settlement, WaitingNotices } from "../../../ports.ts";
import { numbers, texts } from "../connection/values/array-literals.ts";
import { bigint, integer, jsonb, nullable, text, textArray, time, uuid } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";

/** A message that could not be delivered for so long is old news. */
export const GIVE_UP_AFTER = DAY;

export type NoticeToInsert = NewNotice & { thread_id: number | null };

export const INSERT_NOTICES = statement(
  "insert_notices",
  {},
  `
  INSERT INTO notice (notice_id, kind, channel, thread_id, pipeline_id, pipeline_names, code, severity, title, message, once,
                      state, created_at, next_attempt_at, give_up_at)
  SELECT u.notice_id::uuid, u.kind, u.channel, u.thread_id,
         (SELECT pipeline_id FROM pipeline p WHERE cardinality(u.names) = 1 AND p.pipeline_name = u.names[1]),
         u.names, u.code, u.severity, u.title, u.message::jsonb, u.once,
         'pending', to_timestamp($11::float8), to_timestamp($11::float8), to_timestamp($12::float8)
    FROM (SELECT notice_id, kind, channel, thread_id, ARRAY(SELECT jsonb_array_elements_text(names::jsonb)) AS names, code,
                 severity, title, message, once
            FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                        $9::text[], $10::text[])
                 WITH ORDINALITY
                 AS v (notice_id, kind, channel, thread_id, names, code, severity, title, message, once, place)
           ORDER BY place) u
  ON CONFLICT (once) DO NOTHING`,
);

/** In their order. */
export async function insertNotices(
  db: Pick<pg.ClientBase, "query">,
  notices: readonly NoticeToInsert[],
  now: number,
): Promise<number> {
  if (notices.length === 0) return 0;
  return execute(db, INSERT_NOTICES, [
    texts(notices.map(({ notice_id }) => notice_id)),
    texts(notices.map(({ message }) => message.kind)),
    texts(notices.map(({ channel }) => channel)),
    numbers(notices.map(({ thread_id }) => thread_id)),
    texts(notices.map(({ pipeline_names }) => JSON.stringify(pipeline_names))),
    texts(notices.map(({ message }) => message.code)),
    texts(notices.map(({ message }) => message.severity)),
    texts(notices.map(({ message }) => message.title)),
    texts(notices.map(({ message }) => JSON.stringify(message))),
    texts(notices.map(({ once }) => once)),
    now / 1000,
    (now + GIVE_UP_AFTER) / 1000,
  ]);
}

export function addNotices(
  db: Pick<pg.ClientBase, "query">,
  notices: readonly NewNotice[],
  now: number,
): Promise<number> {
  return insertNotices(
    db,
    notices.map((notice) => ({ ...notice, thread_id: null })),
    now,
  );
}

export const LEASE_NOTICE = statement(
  "lease_notice",
  {
    notice_id: uuid,
    lease: uuid,
    channel: text,
    message: jsonb<LeasedNotice["message"]>(),
    attempts: integer,
    created_at: time,
    give_up_at: time,
    thread_id: nullable(bigint),
    ref: nullable(jsonb<unknown>()),
  },
  `
  UPDATE notice SET lease = $2::uuid, leased_until = to_timestamp($4::float8), attempts = attempts + 1
   WHERE notice_id = (
           SELECT n.notice_id FROM notice n
            WHERE n.state = 'pending' AND n.channel = $1 AND n.next_attempt_at <= to_timestamp($3::float8)
              AND (n.leased_until IS NULL OR n.leased_until <= to_timestamp($3::float8))
              AND NOT EXISTS (
                    SELECT FROM notice e WHERE e.state = 'pending' AND e.thread_id = n.thread_id AND e.seq < n.seq)
            ORDER BY n.next_attempt_at, n.seq LIMIT 1
              FOR UPDATE SKIP LOCKED)
  RETURNING notice_id, lease, channel, message, attempts, created_at, give_up_at, thread_id,
            (SELECT t.ref FROM notice_thread t WHERE t.thread_id = notice.thread_id) AS ref`,
);

export async function leaseNotice(
  db: Pick<pg.ClientBase, "query">,
  channel: string,
  lease: string,
  now: number,
  until: number,
): Promise<LeasedNotice | null> {
  const values = [channel, lease, now / 1000, until / 1000];
  const rows = await select(db, LEASE_NOTICE, values);
  const [row] = rows;
  if (row === undefined) return null;
  const { thread_id, ref, ...notice } = row;
  return { ...notice, thread: thread_id === null ? null : { thread_id, ref } };
}

export const SETTLE_NOTICE = statement(
  "settle_notice",
  { settled: bigint },
  `
  WITH settled AS (
         UPDATE notice
            SET state = $3, lease = NULL, leased_until = NULL, last_error = $4,
                next_attempt_at = coalesce(to_timestamp($5::float8), next_attempt_at),
                sent_at = CASE WHEN $3 = 'sent' THEN to_timestamp($6::float8) ELSE sent_at END
          WHERE notice_id = $1::uuid AND lease = $2::uuid
         RETURNING thread_id
       ), kept AS (
         UPDATE notice_thread t SET ref = $7::jsonb
           FROM settled s WHERE t.thread_id = s.thread_id AND t.ref IS NULL AND $7::jsonb IS NOT NULL
       )
  SELECT count(*) AS settled FROM settled`,
);

/** Of a thread the place of its first message is kept, for those that follow. */
export async function settleNotice(
  db: Pick<pg.ClientBase, "query">,
  { notice_id, lease }: LeasedNotice,
  settlement: Settlement,
  now: number,
): Promise<boolean> {
  const rows = await select(db, SETTLE_NOTICE, [
    notice_id,
    lease,
    settlement.state,
    settlement.state === "sent" ? null : settlement.reason,
    settlement.state === "pending" ? settlement.next_attempt_at / 1000 : null,
    now / 1000,
    settlement.state === "sent" && settlement.ref != null ? JSON.stringify(settlement.ref) : null,
  ]);
  return rows[0]!.settled > 0;
}

export const WAITING_NOTICES = statement(
  "waiting_notices",
  { pending: bigint, oldest_at: nullable(time), due: textArray, channels: textArray },
  `SELECT count(*) AS pending, min(created_at) AS oldest_at,
            coalesce(array_agg(DISTINCT channel) FILTER (WHERE next_attempt_at <= to_timestamp($1::float8)), '{}') AS due,
            coalesce(array_agg(DISTINCT channel), '{}') AS channels
       FROM notice WHERE state = 'pending'`,
);

export async function waitingNotices(db: pg.Pool, now: number): Promise<WaitingNotices> {
  const rows = await select(db, WAITING_NOTICES, [now / 1000]);
  return rows[0]!;
}
