import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { unfailing } from "../../ports/eager.ts";
import type { Clock, Log } from "../../ports.ts";
import type { OnStop } from "../process/teardown.ts";
import type { Rings } from "./rings.ts";

/** The time that a bell rings for: from the ring before it to this one, milliseconds. */
export interface Ring {
  from: number;
  to: number;
}

export interface Cron {
  /** At once, and again so long after each end. */
  every(ms: number, name: string, work: () => Promise<void>): void;
  /** A quarter past each hour, when whoever works on the hour is done. */
  hourly(name: string, work: () => Promise<void>): Promise<void>;
  /** When the expression (five fields) rings in the time zone. Tried again after a failure. Answers how to end it; what is under way goes on. */
  at(expression: string, timezone: string, name: string, work: (ring: Ring) => Promise<void>): Promise<() => void>;
}

const TRIES = 10;
const TRY_AGAIN_MS = 60_000;
const LONGEST_STEP_MS = 60_000;

/**
 * Work by the clock. A failure is logged and does not end it; stopping waits for what is under way, so make it before
 * whatever has to stop without waiting for that.
 */
export function startCron({ log, clock, onStop }: { log: Log; clock: Clock; onStop: OnStop }): Cron {
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
      const { ringsOf } = await import("./rings.ts");
      const stopping = new AbortController();
      const { signal } = stopping;
      const sleep = (ms: number) => setTimeoutPromise(ms, undefined, { signal, ref: false }).catch(() => {});
      const ring = async (at: Ring) => {
        for (let tries = 1; tries <= TRIES && !signal.aborted; tries++) {
          try {
            return await work(at);
          } catch (error) {
            log.warn({ err: error, tries }, `${name}: failed`);
          }
          await sleep(TRY_AGAIN_MS);
        }
      };
      const ringing = unfailing(
        ringOnTime(ringsOf(expression, timezone), { clock, sleep, ring, stopped: () => signal.aborted }),
      );
      stops.push(() => {
        stopping.abort();
        return ringing;
      });
      return () => stopping.abort();
    },
  };
}

interface Ringing {
  clock: Clock;
  sleep: (ms: number) => Promise<void>;
  ring: (at: Ring) => Promise<void>;
  stopped: () => boolean;
}

/** Looks at the clock in short steps, so that one that is set, or a machine that slept, does not ring late by that. */
export async function ringOnTime(rings: Rings, { clock, sleep, ring, stopped }: Ringing): Promise<void> {
  let last = rings.last(clock.now() + 1);
  while (!stopped()) {
    const next = rings.next(last);
    const wait = next - clock.now();
    if (wait > 0) {
      await sleep(Math.min(wait, LONGEST_STEP_MS));
      continue;
    }
    // What was slept through is told as one.
    const to = rings.last(clock.now() + 1);
    await ring({ from: last, to });
    last = to;
  }
}
