import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type pg from "pg";
import type { Cron } from "../adapters/cron/cron.ts";
import type { AgentMetrics } from "../adapters/metrics/agent/agent-metrics.ts";
import { messagePage, messageText } from "../adapters/notify/email/message-page.ts";
import { postgresNotices } from "../adapters/postgres/notices/notice-store.ts";
import type { Fence } from "../adapters/postgres/replicas/fence.ts";
import type { OnStop } from "../adapters/process/teardown.ts";
import type { Config } from "../config.ts";
import type { Committed } from "../domain/commit/committed.ts";
import type { Digest } from "../domain/notices/digest.ts";
import { NOTICE_BACKOFF } from "../domain/notices/plan/backoff.ts";
import { teamOf } from "../domain/notices/team.ts";
import { digestRoute } from "../http/routes/notices/digest.ts";
import { noticeRoutes } from "../http/routes/notices/notices.ts";
import type { TypedApp } from "../http/server/typed-app.ts";
import type { Clock, Log, Notifier, Reader } from "../ports.ts";
import { NoticeCourier } from "../service/notices/deliver-notices.ts";
import { noticeLinks, pageLink } from "../service/notices/notice-links.ts";
import { planDueNotices } from "../service/notices/plan-notices.ts";
import { digestMessage, sendDigest } from "../service/notices/send-digest.ts";
import type { Gates } from "./gates.ts";
import { noticeRoutesOf } from "./notice-settings.ts";

/** With what waits for others, a notice leaves within 5 s of its cause. */
const LOOK_EVERY_MS = 1000;

const SHOW = {
  html: (digest: Digest, now: number) => messagePage(digestMessage(digest, now, [])),
  text: (digest: Digest, now: number) => messageText(digestMessage(digest, now, [])),
};

export interface NoticesOptions {
  config: Config;
  /** The pool that writes, and the fence it writes under. */
  write: { pool: pg.Pool; fence: Fence };
  reader: Reader;
  clock: Clock;
  log: Log;
  agent: Pick<AgentMetrics, "notice" | "readNotices">;
  gates: Pick<Gates, "board" | "tell">;
  onStop: OnStop;
}

/** The part of the agent that tells people. Without a channel it tells nobody, and keeps nothing. */
export async function createNotices(options: NoticesOptions) {
  const { config, write, reader, clock, log, agent, gates, onStop } = options;
  const { channels, group_wait, group_at, repeat_interval, quiet_hours } = config.notices;
  const notices = postgresNotices(write.pool, write.fence);
  const notifiers = await notifiersOf(config);
  const newId = () => randomUUID();
  const settings = {
    channels: notifiers.map(({ channel, threads }) => ({ name: channel, threads })),
    routes: noticeRoutesOf(config),
    pace: { group_wait, repeat_interval, quiet_hours },
    group_at,
  };
  const around = {
    blocks: (name: string) => gates.board.dependentsOf(name),
    links: (about: { pipeline_name: string | null; code: string }) => noticeLinks(config.notices, about),
  };
  const mutes = () => reader.listMutes(clock.now());
  const courier = new NoticeCourier({
    notices,
    notifiers,
    clock,
    log,
    metrics: { settled: (channel, outcome) => agent.notice(channel, outcome) },
    plan: () => planDueNotices({ notices, reader, clock, log, settings, mutes, around, newId }),
    newId,
    random: Math.random,
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
    backoff: NOTICE_BACKOFF,
  });
  const digestDeps = { reader, targets: config.sla, teamOf: (name: string) => teamOf(config.teams, name) };
  const digests = {
    ...digestDeps,
    notices,
    clock,
    links: () => pageLink(config.notices.public_url),
    newId,
    wake: () => courier.wake(),
  };
  if (channels.length > 0) {
    agent.readNotices(readings(config, courier, clock));
    gates.tell({
      observe(committed: Committed) {
        if (committed.gates.some(({ cause }) => cause !== null)) courier.wake();
      },
    });
    onStop("notices", () => courier.stop());
  }
  return {
    routing(routes: TypedApp): void {
      const names = channels.map(({ name }) => name);
      noticeRoutes(routes, { notices, clock, channels: names, newId, wake: () => courier.wake() });
      digestRoute(routes, { ...digestDeps, clock, teams: config.teams.map(({ team }) => team), show: SHOW });
    },
    /** Tells what happened while the agent was away, and rings the digests. */
    async start(cron: Cron): Promise<void> {
      await cron.hourly("old notices", () => notices.forget(clock.now() - config.retention));
      if (channels.length === 0) return;
      // The channels and routes may be others than before.
      await notices.lookAgain(clock.now());
      cron.every(LOOK_EVERY_MS, "notices", async () => courier.wake());
      for (const { period, team, cron: expression, timezone, channels: names } of config.notices.digests) {
        await cron.at(expression, timezone, "digest", (ring) => sendDigest(digests, { period, team, ...ring }, names));
      }
    },
  };
}

export type Notices = Awaited<ReturnType<typeof createNotices>>;

async function notifiersOf({ notices: { channels } }: Config): Promise<Notifier[]> {
  if (channels.length === 0) return [];
  const { createNotifiers } = await import("../adapters/notify/notifiers.ts");
  return createNotifiers(channels);
}

function readings({ notices }: Config, courier: NoticeCourier, clock: Clock) {
  return {
    channels: notices.channels.map(({ name }) => name),
    pending: () => courier.waiting.pending,
    oldest_pending_seconds: () => {
      const { oldest_at } = courier.waiting;
      return oldest_at === null ? 0 : Math.max(0, (clock.now() - oldest_at) / 1000);
    },
  };
}
