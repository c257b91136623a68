import { Cron } from "croner";

/**
 * When a cron expression of five fields rings in a time zone, milliseconds. A time that the clock skips in spring rings when the
 * clock has jumped; one that comes twice in autumn rings the first time.
 */
export interface Rings {
  /** The first one after this moment. */
  next(after: number): number;
  /** The last one before this moment. */
  last(before: number): number;
}

/** @throws where the expression is none, or never rings */
export function ringsOf(expression: string, timezone: string): Rings {
  const cron = new Cron(expression, { timezone, paused: true, mode: "5-part" });
  const found = (date: Date | null | undefined): number => {
    if (date == null) throw new Error(`${expression} never rings`);
    return date.getTime();
  };
  return {
    next: (after) => found(cron.nextRun(new Date(after))),
    last: (before) => found(cron.previousRuns(1, new Date(before))[0]),
  };
}
