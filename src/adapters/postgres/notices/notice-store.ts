import type pg from "pg";
import type { NoticeStore } from "../../../ports.ts";
import { storeError } from "../connection/store-errors.ts";
import { type Guard, NO_GUARD, underGuard } from "../replicas/guard.ts";
import { abandonNotices } from "./abandon.ts";
import { forgetNotices } from "./forget.ts";
import { listNotices, resendNotice } from "./list.ts";
import { addNotices, leaseNotice, settleNotice, waitingNotices } from "./outbox.ts";
import { lookAgain, planNotices } from "./plan.ts";

/** Who may write what: `plan` is for one agent, all else is right whichever agent does it. */
export interface NoticeGuards {
  member: Guard;
  plan: Guard;
}

/** Troubles and outbox over the pool that writes. */
export function postgresNotices(
  db: pg.Pool,
  { member, plan }: NoticeGuards = { member: NO_GUARD, plan: NO_GUARD },
): NoticeStore {
  const run = <T>(guard: Guard, work: (client: pg.ClientBase) => Promise<T>) =>
    asStoreError(() => underGuard(db, guard, work));
  return {
    plan: (now, horizon, work) => asStoreError(() => planNotices(db, plan, now, horizon, work)),
    lookAgain: (now) => run(plan, (client) => lookAgain(client, now)),
    add: (notices, now) => run(member, (client) => addNotices(client, notices, now)),
    lease: (channel, lease, now, until) => run(member, (client) => leaseNotice(client, channel, lease, now, until)),
    settle: (leased, settlement, now) => run(member, (client) => settleNotice(client, leased, settlement, now)),
    abandon: (kept, reason, now) => run(member, (client) => abandonNotices(client, kept, reason, now)),
    waiting: (now) => asStoreError(() => waitingNotices(db, now)),
    list: (filter) => asStoreError(() => listNotices(db, filter)),
    resend: (notice_id, allowed, now, give_up_at) =>
      run(member, (client) => resendNotice(client, notice_id, allowed, now, give_up_at)),
    forget: (before) => asStoreError(() => forgetNotices(db, before)),
  };
}

async function asStoreError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}
