import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Cron } from "../../adapters/cron/cron.ts";
import type { AgentMetrics } from "../../adapters/metrics/agent/agent-metrics.ts";
import { messagePage, messageText } from "../../adapters/notify/email/message-page.ts";
import { postgresNotices } from "../../adapters/postgres/notices/notice-store.ts";
import type { OnStop } from "../../adapters/process/teardown.ts";
import type { StartConfig } from "../../config.ts";
import type { Committed } from "../../domain/commit/committed.ts";
import type { Digest } from "../../domain/notices/digest.ts";
import { NOTICE_BACKOFF } from "../../domain/notices/plan/backoff.ts";
import { teamOf } from "../../domain/notices/team.ts";
import { digestRoute } from "../../http/routes/notices/digest.ts";
import { noticeRoutes } from "../../http/routes/notices/notices.ts";
import type { TypedApp } from "../../http/server/typed-app.ts";
import type { Clock, Log } from "../../ports.ts";
import { NoticeCourier } from "../../service/notices/deliver-notices.ts";
import { noticeLinks, pageLink } from "../../service/notices/notice-links.ts";
import { planDueNotices } from "../../service/notices/plan-notices.ts";
import { digestMessage } from "../../service/notices/send-digest.ts";
import type { Gates } from "../gates.ts";
import type { LiveSettings } from "../settings.ts";
import type { OpenStore } from "../store.ts";
import { Channels } from "./channels.ts";
import { Digests } from "./digests.ts";
import { noticeRoutesOf } from "./notice-settings.ts";

/** With what waits for others, a notice leaves within 5 s of its cause. */
const LOOK_EVERY_MS = 1000;

const SHOW = {
  html: (digest: Digest, now: number) => messagePage(digestMessage(digest, now, [])),
  text: (digest: Digest, now: number) => messageText(digestMessage(digest, now, [])),
};

export interface NoticesOptions {
  config: StartConfig;
  settings: LiveSettings;
  opened: Pick<OpenStore, "write" | "reader" | "replicas">;
  clock: Clock;
  log: Log;
  agent: Pick<AgentMetrics, "notice" | "readNotices">;
  gates: Pick<Gates, "gateViews" | "tell">;
  onStop: OnStop;
}

/** The part of the agent that tells people. Without a channel it tells nobody. */
export async function createNotices(options: NoticesOptions) {
  const { config, settings, opened, clock, log, agent, gates, onStop } = options;
  const { write, reader, replicas } = opened;
  const { membership, lease } = replicas;
  const notices = postgresNotices(write, { member: membership.guard, plan: lease.guard });
  const channels = new Channels();
  await channels.replace(settings.now.notices.channels);
  const newId = () => randomUUID();
  /** The channels, routes or teams may be others than when it was last looked at what is wrong. */
  let others = true;
  const courier = new NoticeCourier({
    notices,
    notifiers: channels.notifiers,
    clock,
    log,
    metrics: { settled: (channel, outcome) => agent.notice(channel, outcome) },
    plan,
    newId,
    random: Math.random,
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
    backoff: NOTICE_BACKOFF,
  });
  const digestDeps = {
    reader,
    targets: () => settings.now.sla,
    teamOf: (name: string) => teamOf(settings.now.teams, name),
  };
  const tells = () => lease.fence() !== null;
  const wake = () => {
    if (tells()) courier.wake();
  };
  const wakeWhereNeeded = () => {
    if (channels.names.length > 0 || courier.waiting.pending > 0) wake();
  };
  const links = () => pageLink(settings.now.notices.public_url);
  const sendDeps = { ...digestDeps, notices, clock, links, newId, wake };
  gates.tell({
    observe(committed: Committed) {
      if (committed.gates.some(({ cause }) => cause !== null)) wakeWhereNeeded();
    },
  });
  onStop("notices", () => courier.stop());
  let digests: Digests;
  showReadings();
  return {
    routing(routes: TypedApp): void {
      noticeRoutes(routes, { notices, clock, channels: () => channels.names, newId, wake });
      const teams = () => settings.now.teams.map(({ team }) => team);
      digestRoute(routes, { ...digestDeps, clock, teams, show: SHOW });
    },
    /** Tells what happened while the agent was away, and rings the digests. */
    async start(cron: Cron): Promise<void> {
      await cron.hourly("old notices", () => notices.forget(clock.now() - config.retention));
      digests = new Digests(cron, sendDeps);
      courier.replace(channels.notifiers);
      cron.every(LOOK_EVERY_MS, "notices", async () => wakeWhereNeeded());
      await digests.replace(settings.now.notices.digests);
    },
    /** Other channels, routes, teams or digests hold now. */
    async replace(): Promise<void> {
      await channels.replace(settings.now.notices.channels);
      showReadings();
      others = true;
      courier.replace(channels.notifiers);
      await digests.replace(settings.now.notices.digests);
    },
  };

  async function plan(): Promise<void> {
    const { names, notifiers } = channels;
    // A round may begin without the lease: at the start, when the channels change, and when the lease was lost meanwhile.
    if (names.length === 0 || !tells()) return;
    if (others) {
      others = false;
      await notices.lookAgain(clock.now()).catch((error) => {
        others = true;
        throw error;
      });
    }
    const { notices: now, teams } = settings.now;
    const { group_wait, group_at, repeat_interval, quiet_hours } = now;
    const planSettings = {
      channels: notifiers.map(({ channel, threads }) => ({ name: channel, threads })),
      routes: noticeRoutesOf(now, teams),
      pace: { group_wait, repeat_interval, quiet_hours },
      group_at,
    };
    const mutes = () => reader.listMutes(clock.now());
    const around = {
      blocks: (name: string) => gates.gateViews.dependentsOf(name),
      links: (about: { pipeline_name: string | null; code: string }) => noticeLinks(now, about),
    };
    await planDueNotices({ notices, reader, clock, log, settings: planSettings, mutes, around, newId });
  }

  function showReadings(): void {
    if (channels.names.length > 0) agent.readNotices({ channels: channels.names, ...readings(courier, clock, tells) });
  }
}

export type Notices = Awaited<ReturnType<typeof createNotices>>;

/** Of an agent that is not the one that tells people they are 0: what it knows is of the time when it was. */
function readings(courier: NoticeCourier, clock: Clock, tells: () => boolean) {
  return {
    pending: () => (tells() ? courier.waiting.pending : 0),
    oldest_pending_seconds: () => {
      const { oldest_at } = courier.waiting;
      return oldest_at === null || !tells() ? 0 : Math.max(0, (clock.now() - oldest_at) / 1000);
    },
  };
}
