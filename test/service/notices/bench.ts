import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { vi } from "vitest";
import { postgresNotices } from "../../../src/adapters/postgres/notices/notice-store.ts";
import { PostgresStore } from "../../../src/adapters/postgres/store.ts";
import type { PlanSettings } from "../../../src/domain/notices/plan/planned.ts";
import type { TroubleChange } from "../../../src/domain/notices/trouble.ts";
import type { Log, Mute, Notifier } from "../../../src/ports.ts";
import { NoticeCourier } from "../../../src/service/notices/deliver-notices.ts";
import { planDueNotices } from "../../../src/service/notices/plan-notices.ts";
import { debianDatabase, type TestDatabase } from "../../support/database.ts";
import { NOW, trouble } from "../../support/notify/messages.ts";

export interface LogLine {
  level: string;
  fields: object;
  message: string;
}

/** Troubles, outbox and couriers over a real database, with a clock that the test moves. */
export class Workbench {
  readonly store: PostgresStore;
  readonly notices: ReturnType<typeof postgresNotices>;
  readonly lines: LogLine[] = [];
  readonly settled: [channel: string, outcome: string][] = [];
  mutes: Mute[] = [];
  now = NOW;
  readonly database: TestDatabase;
  readonly #couriers: NoticeCourier[] = [];

  constructor(database: TestDatabase) {
    this.database = database;
    this.store = new PostgresStore(database.pool);
    this.notices = postgresNotices(database.pool);
  }

  static async open(): Promise<Workbench> {
    return new Workbench(await debianDatabase());
  }

  get log(): Log {
    const line = (level: string) => (fields: object, message: string) =>
      void this.lines.push({ level, fields, message });
    return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  }

  courier(notifiers: Notifier[], settings: Partial<PlanSettings> = {}): NoticeCourier {
    const clock = { now: () => this.now };
    const newId = () => randomUUID();
    const courier = new NoticeCourier({
      notices: this.notices,
      notifiers,
      clock,
      log: this.log,
      metrics: { settled: (channel, outcome) => void this.settled.push([channel, outcome]) },
      plan: () =>
        planDueNotices({
          notices: this.notices,
          reader: { latestDrift: async () => [] },
          clock,
          log: this.log,
          settings: {
            channels: notifiers.map(({ channel, threads }) => ({ name: channel, threads })),
            routes: [{ covers: () => true, severity: "warning", channels: notifiers.map(({ channel }) => channel) }],
            pace: { group_wait: 0, repeat_interval: 4 * 3_600_000, quiet_hours: null },
            group_at: 5,
            ...settings,
          },
          mutes: async () => this.mutes,
          around: { blocks: () => [], links: () => [] },
          newId,
        }),
      newId,
      random: () => 0.5,
      // Stopping waits as long as it does in the agent; what waits between two tries does not.
      sleep: (ms, signal) => setTimeout(ms > 1000 ? ms : 5, undefined, { signal }),
      backoff: { first: 2000, most: 300_000 },
    });
    this.#couriers.push(courier);
    return courier;
  }

  /** What the gates of these pipelines say now. */
  async say(names: readonly string[], open: boolean, more: Partial<TroubleChange["trouble"]> = {}): Promise<void> {
    await this.store.prepare({ pipeline_names: names, names: [], times: [] });
    await this.store.transaction(async (tx) => {
      const pipelines = await tx.lockPipelines(names);
      const changes = names.map((pipeline_name) => ({
        pipeline_id: pipelines.get(pipeline_name)!.pipeline_id,
        pipeline_name,
        open,
        trouble: trouble(more),
        at: this.now,
      }));
      await tx.saveTroubles(
        changes.sort((a, b) => a.pipeline_id - b.pipeline_id),
        this.now,
      );
    });
  }

  /** Wakes the courier until there is so much of each state, and nothing else. */
  async until(courier: NoticeCourier, wanted: Record<string, number>): Promise<void> {
    await vi.waitFor(
      async () => {
        courier.wake();
        const found = await this.states();
        if (JSON.stringify(found) !== JSON.stringify(wanted)) {
          throw new Error(`${JSON.stringify(found)} where ${JSON.stringify(wanted)} is wanted`);
        }
      },
      { timeout: 25_000, interval: 20 },
    );
  }

  async states(): Promise<Record<string, number>> {
    const { rows } = await this.database.pool.query<{ state: string; count: number }>(
      "SELECT state, count(*) AS count FROM notice GROUP BY state ORDER BY state",
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async clear(): Promise<void> {
    await Promise.all(this.#couriers.splice(0).map((courier) => courier.stop()));
    await this.database.pool.query("TRUNCATE notice, notice_thread, notice_member, notice_trouble");
    this.lines.length = 0;
    this.settled.length = 0;
    this.mutes = [];
    this.now = NOW;
  }

  async close(): Promise<void> {
    await Promise.all(this.#couriers.splice(0).map((courier) => courier.stop()));
    await this.database.dispose();
  }
}
