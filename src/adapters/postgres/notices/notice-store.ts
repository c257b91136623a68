import type pg from "pg";
import type { NoticeStore } from "../../../ports.ts";
import { storeError } from "../connection/store-errors.ts";
import { type Fence, NO_FENCE, underFence } from "../replicas/fence.ts";
import { abandonNotices } from "./abandon.ts";
import { forgetNotices } from "./forget.ts";
import { listNotices, resendNotice } from "./list.ts";
import { addNotices, leaseNotice, settleNotice, waitingNotices } from "./outbox.ts";
import { lookAgain, planNotices } from "./plan.ts";

/** Troubles and outbox over the pool that writes. To forget what is old is right whoever does it; all else is under the fence. */
export function postgresNotices(db: pg.Pool, fence: Fence = NO_FENCE): NoticeStore {
  const write = <T>(work: (client: pg.ClientBase) => Promise<T>) => guard(() => underFence(db, fence, work));
  return {
    plan: (now, horizon, work) => guard(() => planNotices(db, fence, now, horizon, work)),
    lookAgain: (now) => write((client) => lookAgain(client, now)),
    add: (notices, now) => write((client) => addNotices(client, notices, now)),
    lease: (channel, lease, now, until) => write((client) => leaseNotice(client, channel, lease, now, until)),
    settle: (leased, settlement, now) => write((client) => settleNotice(client, leased, settlement, now)),
    abandon: (kept, reason, now) => write((client) => abandonNotices(client, kept, reason, now)),
    waiting: (now) => guard(() => waitingNotices(db, now)),
    list: (filter) => guard(() => listNotices(db, filter)),
    resend: (notice_id, allowed, now, give_up_at) =>
      write((client) => resendNotice(client, notice_id, allowed, now, give_up_at)),
    forget: (before) => guard(() => forgetNotices(db, before)),
  };
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}
