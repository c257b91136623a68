import type pg from "pg";
import { WAVE } from "../../../domain/notices/plan/plan-openings.ts";
import type { Member, Plan, PlanInput } from "../../../domain/notices/plan/planned.ts";
import type { TroubleState } from "../../../domain/notices/trouble.ts";
import type { NoticeStore, PlannedNotice } from "../../../ports.ts";
import { ADVISORY_LOCKS } from "../connection/advisory-locks.ts";
import { numbers, texts, times } from "../connection/values/array-literals.ts";
import { type Guard, underGuard } from "../replicas/guard.ts";
import { bigint, boolean, integer, jsonb, nullable, text, time, timeArray } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { insertNotices } from "./outbox.ts";

/** Troubles that are looked at in one go: bounds the memory. Those that are left are due still. */
const MOST = 20_000;

type StoredState = TroubleState & { revision: number };

export const PLAN_ALONE = statement("plan_alone", { ours: boolean }, "SELECT pg_try_advisory_xact_lock($1) AS ours");

export async function planNotices(
  db: pg.Pool,
  guard: Guard,
  now: number,
  horizon: number,
  work: Parameters<NoticeStore["plan"]>[2],
): Promise<number> {
  if (!(await anyDue(db, now))) return 0;
  return underGuard(db, guard, async (client) => {
    const rows = await select(client, PLAN_ALONE, [ADVISORY_LOCKS.notice_plan]);
    return rows[0]!.ours ? planIn(client, now, horizon, work) : 0;
  });
}

export const ANY_TROUBLE_DUE = statement(
  "any_trouble_due",
  {},
  "SELECT FROM notice_trouble WHERE look_at <= to_timestamp($1::float8) LIMIT 1",
);

async function anyDue(db: pg.Pool, now: number): Promise<boolean> {
  return (await execute(db, ANY_TROUBLE_DUE, [now / 1000])) !== 0;
}

async function planIn(
  client: pg.ClientBase,
  now: number,
  horizon: number,
  work: Parameters<NoticeStore["plan"]>[2],
): Promise<number> {
  const loaded = await load(client, now, horizon);
  const { looks, notices } = await work({ now, ...loaded });
  const threadIds = await saveThreads(client, notices, now);
  await insertNotices(
    client,
    notices.map(({ notice }, i) => ({ ...notice, thread_id: threadIds[i]! })),
    now,
  );
  await saveMembers(client, notices, threadIds, now);
  await saveLooks(client, loaded.states, looks);
  return notices.length;
}

export const TROUBLES_TO_PLAN = statement(
  "troubles_to_plan",
  {
    pipeline_id: integer,
    pipeline_name: text,
    open: boolean,
    trouble: jsonb<StoredState["trouble"]>(),
    opened_at: time,
    closed_at: nullable(time),
    flips: timeArray,
    archived: boolean,
    revision: bigint,
  },
  `SELECT t.pipeline_id, p.pipeline_name, t.open AND p.archived_at IS NULL AS open, t.trouble, t.opened_at,
            coalesce(t.closed_at, p.archived_at) AS closed_at, t.flips, p.archived_at IS NOT NULL AS archived, t.revision
       FROM notice_trouble t JOIN pipeline p USING (pipeline_id)
      WHERE t.pipeline_id = ANY (ARRAY(
              SELECT pipeline_id FROM notice_trouble WHERE look_at <= to_timestamp($1::float8) ORDER BY look_at LIMIT ${MOST}))
         OR t.pipeline_id = ANY (ARRAY(
              SELECT m.pipeline_id FROM notice_member m JOIN notice_thread g USING (thread_id)
               WHERE g.grouped AND g.closed_at IS NULL))
      ORDER BY t.pipeline_id`,
);

export const MEMBERS_OF = statement(
  "members_of",
  { channel: text, pipeline_id: integer, thread_id: bigint, told: jsonb<Member["told"]>(), told_at: time },
  `SELECT channel, pipeline_id, thread_id, told, told_at FROM notice_member WHERE pipeline_id = ANY ($1::int[])`,
);

export const THREADS_OF = statement(
  "threads_of",
  {
    thread_id: bigint,
    channel: text,
    code: text,
    grouped: boolean,
    opened_at: time,
    last_at: time,
    closed_at: nullable(time),
  },
  `SELECT thread_id, channel, code, grouped, opened_at, last_at, closed_at FROM notice_thread
      WHERE thread_id = ANY ($1::bigint[]) OR opened_at > to_timestamp($2::float8) OR (grouped AND closed_at IS NULL)
      ORDER BY thread_id`,
);

/** What is due, the groups that are not over with all that are in them, and what the channels were told of all these. */
async function load(
  client: pg.ClientBase,
  now: number,
  horizon: number,
): Promise<Omit<PlanInput, "mutes" | "now"> & { states: StoredState[] }> {
  const states = await select(client, TROUBLES_TO_PLAN, [horizon / 1000]);
  const members = await select(client, MEMBERS_OF, [numbers(states.map(({ pipeline_id }) => pipeline_id))]);
  const threads = await select(client, THREADS_OF, [
    numbers(members.map(({ thread_id }) => thread_id)),
    (now - WAVE) / 1000,
  ]);
  return { states, members, threads };
}

export const OPEN_THREADS = statement(
  "open_threads",
  { thread_id: bigint },
  `INSERT INTO notice_thread (channel, code, grouped, opened_at, last_at)
     SELECT channel, code, grouped, to_timestamp($4::float8), to_timestamp($4::float8)
       FROM unnest($1::text[], $2::text[], $3::boolean[]) WITH ORDINALITY AS u (channel, code, grouped, place) ORDER BY place
     RETURNING thread_id`,
);

export const GO_ON_WITH_THREADS = statement(
  "go_on_with_threads",
  {},
  `UPDATE notice_thread t
        SET last_at = to_timestamp($3::float8), closed_at = CASE WHEN u.closes THEN to_timestamp($3::float8) END
       FROM unnest($1::bigint[], $2::boolean[]) AS u (thread_id, closes) WHERE t.thread_id = u.thread_id`,
);

/** The thread of each notice, new ones made. */
async function saveThreads(client: pg.ClientBase, notices: readonly PlannedNotice[], now: number): Promise<number[]> {
  const fresh = notices.filter(({ planned }) => planned.thread === null).map(({ planned }) => planned);
  const rows = await select(client, OPEN_THREADS, [
    texts(fresh.map(({ channel }) => channel)),
    texts(fresh.map(({ code }) => code)),
    numbers(fresh.map(({ grouped }) => grouped)),
    now / 1000,
  ]);
  const known = notices.filter(({ planned }) => planned.thread !== null).map(({ planned }) => planned);
  await execute(client, GO_ON_WITH_THREADS, [
    numbers(known.map(({ thread }) => thread!.thread_id)),
    numbers(known.map(({ closes }) => closes)),
    now / 1000,
  ]);
  const made = rows.map(({ thread_id }) => thread_id)[Symbol.iterator]();
  return notices.map(({ planned }) => planned.thread?.thread_id ?? (made.next().value as number));
}

export const SAVE_MEMBERS = statement(
  "save_members",
  {},
  `INSERT INTO notice_member (channel, pipeline_id, thread_id, told, told_at)
     SELECT channel, pipeline_id, thread_id, told::jsonb, to_timestamp($5::float8)
       FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) AS u (channel, pipeline_id, thread_id, told)
     ON CONFLICT (channel, pipeline_id) DO UPDATE
        SET thread_id = excluded.thread_id, told = excluded.told, told_at = excluded.told_at`,
);

async function saveMembers(
  client: pg.ClientBase,
  notices: readonly PlannedNotice[],
  threadIds: readonly number[],
  now: number,
): Promise<void> {
  const rows = notices.flatMap(({ planned }, i) =>
    planned.tells.map(({ pipeline_id, told }) => ({
      channel: planned.channel,
      pipeline_id,
      thread_id: threadIds[i]!,
      told: JSON.stringify(told),
    })),
  );
  await execute(client, SAVE_MEMBERS, [
    texts(rows.map(({ channel }) => channel)),
    numbers(rows.map(({ pipeline_id }) => pipeline_id)),
    numbers(rows.map(({ thread_id }) => thread_id)),
    texts(rows.map(({ told }) => told)),
    now / 1000,
  ]);
}

export const SAVE_LOOKS = statement(
  "save_looks",
  {},
  `UPDATE notice_trouble t SET look_at = to_timestamp(u.look_at)
       FROM unnest($1::int[], $2::bigint[], $3::float8[]) AS u (pipeline_id, revision, look_at)
      WHERE t.pipeline_id = u.pipeline_id AND t.revision = u.revision`,
);

/** A trouble that has changed since it was read keeps the look it was given by that. */
async function saveLooks(client: pg.ClientBase, states: readonly StoredState[], looks: Plan["looks"]): Promise<void> {
  await execute(client, SAVE_LOOKS, [
    numbers(states.map(({ pipeline_id }) => pipeline_id)),
    numbers(states.map(({ revision }) => revision)),
    times(states.map(({ pipeline_id }) => looks.get(pipeline_id))),
  ]);
}

export const LOOK_AGAIN = statement(
  "look_again",
  {},
  "UPDATE notice_trouble SET look_at = to_timestamp($1::float8) WHERE open",
);

export async function lookAgain(db: Pick<pg.ClientBase, "query">, now: number): Promise<void> {
  await execute(db, LOOK_AGAIN, [now / 1000]);
}
