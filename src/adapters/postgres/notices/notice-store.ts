import type pg from "pg";
import type { NoticeStore } from "../../../ports.ts";
import { storeError } from "../store-errors.ts";
import { forgetNotices } from "./forget.ts";
import { listNotices, resendNotice } from "./list.ts";
import { addNotices, leaseNotice, settleNotice, waitingNotices } from "./outbox.ts";
import { lookAgain, planNotices } from "./plan.ts";

/** Troubles and outbox over the pool that writes. */
export function postgresNotices(db: pg.Pool): NoticeStore {
  return {
    plan: (now, horizon, work) => guard(() => planNotices(db, now, horizon, work)),
    lookAgain: (now) => guard(() => lookAgain(db, now)),
    add: (notices, now) => guard(() => addNotices(db, notices, now)),
    lease: (channel, lease, now, until) => guard(() => leaseNotice(db, channel, lease, now, until)),
    settle: (leased, settlement, now) => guard(() => settleNotice(db, leased, settlement, now)),
    waiting: (now) => guard(() => waitingNotices(db, now)),
    list: (filter) => guard(() => listNotices(db, filter)),
    resend: (notice_id, allowed, now, give_up_at) => guard(() => resendNotice(db, notice_id, allowed, now, give_up_at)),
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
