import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { unfailing } from "../ports/eager.ts";
import type { Log } from "../ports.ts";
import type { OnStop } from "./teardown.ts";

export interface Cron {
  /** At once, and again so long after each end. */
  every(ms: number, name: string, work: () => Promise<void>): void;
  /** A quarter past each hour, when whoever works on the hour is done. */
  hourly(name: string, work: () => Promise<void>): Promise<void>;
  /** When the expression (five fields) rings in the time zone; `rung` is that time in milliseconds. Tried again after a failure. */
  at(expression: string, timezone: string, name: string, work: (rung: number) => Promise<void>): Promise<void>;
}

const TRIES = 10;
const TRY_AGAIN_MS = 60_000;

/**
 * Work by the clock. A failure is logged and does not end it; stopping waits for what is under way, so make it before
 * whatever has to stop without waiting for that.
 */
export function startCron({ log, onStop }: { log: Log; onStop: OnStop }): Cron {
  const guarded = (name: string, work: () => Promise<void>) =>
    work().catch((error) => log.warn({ err: error }, `${name}: failed, and will be tried again`));
  const stops: (() => Promise<unknown> | unknown)[] = [];
  onStop("cron", () => Promise.all(stops.map((stop) => stop())));
  return {
    every(ms, name, work) {
      let timer: NodeJS.Timeout | undefined;
      let stopped = false;
      let working = Promise.resolve();
      const again = () => {
        working = unfailing(
          guarded(name, work).then(() => {
            if (!stopped) timer = setTimeout(again, ms);
          }),
        );
      };
      again();
      stops.push(() => {
        stopped = true;
        clearTimeout(timer);
        return working;
      });
    },
    async hourly(name, work) {
      const { schedule } = await import("node-cron");
      const task = schedule("17 * * * *", () => guarded(name, work), { noOverlap: true });
      stops.push(() => task.destroy());
    },
    async at(expression, timezone, name, work) {
      const { schedule } = await import("node-cron");
      const stopping = new AbortController();
      const ring = async (rung: number) => {
        for (let tries = 1; tries <= TRIES && !stopping.signal.aborted; tries++) {
          try {
            return await work(rung);
          } catch (error) {
            log.warn({ err: error, tries }, `${name}: failed`);
          }
          await setTimeoutPromise(TRY_AGAIN_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
        }
      };
      const task = schedule(expression, ({ date }) => ring(Math.floor(date.getTime() / 60_000) * 60_000), {
        timezone,
        suppressMissedWarning: true,
      });
      stops.push(() => {
        stopping.abort();
        return task.destroy();
      });
    },
  };
}
