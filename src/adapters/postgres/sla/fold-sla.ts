import type pg from "pg";
import { DAY, startOfHour, startOfMonth } from "../../../domain/words/time.ts";
import { foldHours } from "./fold-hours.ts";
import { foldMonths } from "./fold-months.ts";

/** Most reports are there by then; each that comes later is added by itself. */
const LATE_MS = 10 * 60_000;

/** `step`: results that are added up at once. Answers whether there is more to do. */
export async function foldSla(db: pg.Pool, now: number, step?: number): Promise<boolean> {
  const more = await foldHours(db, startOfHour(now - LATE_MS), step);
  return (await foldMonths(db, startOfMonth(now - DAY))) || more;
}
