import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { AgentMetrics, NoticeReadings } from "../adapters/metrics/agent-metrics.ts";
import { postgresNotices } from "../adapters/postgres/notices/notice-store.ts";
import type { OnStop } from "../adapters/teardown.ts";
import type { Config } from "../config.ts";
import { NOTICE_BACKOFF } from "../domain/notices/backoff.ts";
import type { Observed } from "../domain/observed.ts";
import type { Clock, Log, Notifier, Reader } from "../ports.ts";
import { NoticeCourier } from "../service/deliver-notices.ts";
import { noticeLinks } from "../service/notice-links.ts";
import { planDueNotices } from "../service/plan-notices.ts";
import { raiseNotices } from "../service/raise-notices.ts";
import { noticeRoutesOf } from "./notice-settings.ts";

export interface NoticesOptions {
  config: Config;
  /** The pool that writes. */
  pool: pg.Pool;
  reader: Reader;
  clock: Clock;
  log: Log;
  metrics: Pick<AgentMetrics, "notice">;
  /** The pipelines that wait for one. */
  dependentsOf: (pipeline_name: string) => string[];
  onStop: OnStop;
}

/** The part of the agent that tells people. Without a channel it tells nobody, and keeps nothing. */
export async function createNotices(options: NoticesOptions) {
  const { config, pool, reader, clock, log, metrics, dependentsOf, onStop } = options;
  const { channels, group_wait, group_at, repeat_interval, quiet_hours } = config.notices;
  const notices = postgresNotices(pool);
  const notifiers = await notifiersOf(config);
  const newId = () => randomUUID();
  const settings = {
    channels: notifiers.map(({ channel, threads }) => ({ name: channel, threads })),
    routes: noticeRoutesOf(config),
    pace: { group_wait, repeat_interval, quiet_hours },
    group_at,
  };
  const around = {
    blocks: dependentsOf,
    links: (about: { pipeline_name: string | null; code: string }) => noticeLinks(config.notices, about),
  };
  const mutes = () => reader.listMutes(clock.now());
  const courier = new NoticeCourier({
    notices,
    notifiers,
    clock,
    log,
    metrics: { settled: (channel, outcome) => metrics.notice(channel, outcome) },
    plan: () => planDueNotices({ notices, reader, clock, log, settings, mutes, around, newId }),
    newId,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    backoff: NOTICE_BACKOFF,
  });
  if (channels.length > 0) onStop("notices", () => courier.stop());
  return {
    /** null: nobody is told. */
    gates:
      channels.length === 0
        ? null
        : {
            raise: raiseNotices,
            afterCommit: {
              observe({ gates }: Observed) {
                if (gates.some(({ cause }) => cause !== null)) courier.wake();
              },
            },
          },
    readings: channels.length === 0 ? undefined : readings(config, courier, clock),
    routes: { notices, clock, channels: channels.map(({ name }) => name), newId, wake: () => courier.wake() },
    store: notices,
    courier,
    /** What happened while the agent was away, and what other channels and routes make of what is still wrong. */
    async catchUp(): Promise<void> {
      if (channels.length === 0) return;
      await notices.lookAgain(clock.now());
      courier.wake();
    },
  };
}

export type Notices = Awaited<ReturnType<typeof createNotices>>;

async function notifiersOf({ notices: { channels } }: Config): Promise<Notifier[]> {
  if (channels.length === 0) return [];
  const { createNotifiers } = await import("../adapters/notify/notifiers.ts");
  return createNotifiers(channels);
}

function readings({ notices }: Config, courier: NoticeCourier, clock: Clock): NoticeReadings {
  return {
    channels: notices.channels.map(({ name }) => name),
    pending: () => courier.waiting.pending,
    oldest_pending_seconds: () => {
      const { oldest_at } = courier.waiting;
      return oldest_at === null ? 0 : Math.max(0, (clock.now() - oldest_at) / 1000);
    },
  };
}
