import type pg from "pg";
import { DAY, HOUR, startOfDay, startOfHour } from "../../../domain/words/time.ts";
import { integer, time } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { EACH_KIND, IS_BUSY, underTheirLocks } from "./fold.ts";
import { judgedRows } from "./judged-rows.ts";
import { addTo } from "./sla.ts";

/** Results that are counted at once, so that reports to their pipeline wait for moments. */
const STEP = 100_000;
/** Steps of one call, and pipelines that it looks for. */
const STEPS = 100;
const MOST = 200;

export const BUSY_PIPELINES = statement(
  "busy_pipelines",
  { pipeline_id: integer },
  `SELECT p.pipeline_id
     FROM pipeline p
    CROSS JOIN LATERAL (
            SELECT FROM sla_day d
             WHERE d.pipeline_id = p.pipeline_id AND d.kind = ANY (${EACH_KIND}) AND d.day >= to_timestamp($1::float8)
             GROUP BY d.kind, d.day HAVING ${IS_BUSY} LIMIT 1
          ) busy
    WHERE coalesce(p.sla_hours_until, '-infinity') < to_timestamp($2::float8)
    ORDER BY p.pipeline_id LIMIT ${MOST}`,
);

export const END_OF_STEP = statement(
  "end_of_step",
  { at: time },
  `SELECT checked_at AS at FROM quality_result
    WHERE pipeline_id = $1 AND checked_at >= to_timestamp($2::float8) AND checked_at < to_timestamp($3::float8)
    ORDER BY checked_at OFFSET $4::int LIMIT 1`,
);

/** From $2 to $3, inside the day that begins at $4. A day that turns out to be busy is counted from its beginning. */
const since = "CASE WHEN k.begun THEN to_timestamp($2::float8) ELSE to_timestamp($4::float8) END";
const within = `j.pipeline_id = $1 AND j.at >= ${since} AND j.at >= to_timestamp($4::float8) AND j.at < to_timestamp($3::float8)`;

export const FOLD_HOURS = statement(
  "fold_hours",
  {},
  addTo(
    "sla_hour",
    "hour",
    `SELECT $1::int, k.kind, date_trunc('hour', r.at), r.subject_id, sum(r.total), sum(r.passed), sum(r.excluded)
    FROM (SELECT kind, begun
            FROM unnest(${EACH_KIND}) AS u (kind)
           CROSS JOIN LATERAL (
                   SELECT EXISTS (SELECT FROM sla_hour h
                                   WHERE h.pipeline_id = $1 AND h.kind = u.kind AND h.hour >= to_timestamp($4::float8)
                                     AND h.hour < to_timestamp($4::float8) + interval '1 day') AS begun
                 ) b
           WHERE begun OR EXISTS (
                   SELECT FROM sla_day d WHERE d.pipeline_id = $1 AND d.kind = u.kind AND d.day = to_timestamp($4::float8)
                   HAVING ${IS_BUSY})) k
   CROSS JOIN LATERAL (
           SELECT * FROM (${judgedRows("quality_result", "k.kind")}) j WHERE k.kind = 'quality' AND ${within}
           UNION ALL
           SELECT * FROM (${judgedRows("sla_event", "k.kind")}) j WHERE k.kind <> 'quality' AND ${within}
         ) r
   GROUP BY 2, 3, 4`,
  ),
);

export const HOURS_FOLDED = statement(
  "hours_folded",
  {},
  "UPDATE pipeline SET sla_hours_until = to_timestamp($2::float8) WHERE pipeline_id = $1",
);

/**
 * Adds up the hours before `until` (the start of an hour, milliseconds) of the pipelines that are busy now, `step` results at once.
 * Answers whether there is more to do: it comes back after a while.
 */
export async function foldHours(db: pg.Pool, until: number, step = STEP): Promise<boolean> {
  const yesterday = startOfDay(until) - DAY;
  const busy = await select(db, BUSY_PIPELINES, [yesterday / 1000, until / 1000]);
  let steps = 0;
  for (const { pipeline_id } of busy) {
    while (await foldStep(db, pipeline_id, { yesterday, until, step })) if (++steps >= STEPS) return true;
    if (++steps >= STEPS) return true;
  }
  return busy.length >= MOST;
}

interface Folding {
  yesterday: number;
  until: number;
  step: number;
}

/** Answers whether there is more to do. */
export function foldStep(db: pg.Pool, pipeline_id: number, { yesterday, until, step }: Folding): Promise<boolean> {
  return underTheirLocks(db, [pipeline_id], async (client, [row]) => {
    const done = row?.sla_hours_until ?? null;
    if (row === undefined || (done !== null && done >= until)) return false;
    const from = beginOf(done, yesterday);
    const hour = Math.min(until, startOfHour(from) + HOUR);
    const [next] = await select(client, END_OF_STEP, [pipeline_id, from / 1000, hour / 1000, step]);
    const to = next === undefined || next.at <= from ? hour : next.at;
    await execute(client, FOLD_HOURS, [pipeline_id, from / 1000, to / 1000, startOfDay(from) / 1000]);
    await execute(client, HOURS_FOLDED, [pipeline_id, to / 1000]);
    return to < until;
  });
}

/** A day that was begun is finished. Those between it and yesterday have no hours, and stay so: they were not busy while they lasted. */
function beginOf(done: number | null, yesterday: number): number {
  if (done === null) return yesterday;
  return done < yesterday && done === startOfDay(done) ? yesterday : done;
}
