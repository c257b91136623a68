import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Log } from "../../../ports.ts";
import { bigint, boolean, integer, nullable, text, time } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { type OtherAgent, SILENT_AFTER_MS } from "./agent-rows.ts";
import { hasEnded } from "./own-process.ts";

const LOOK_EVERY_MS = 1_000;

export interface LoneAgentOptions {
  log: Log;
  signal: AbortSignal;
  /** Told of whom it waits for; null: of nobody any more. */
  waitsFor: (holder: OtherAgent | null) => void;
}

/**
 * Resolves when no agent of a version that worked alone works on the database: it would hear nothing of others, and must not
 * find the schema changed under it. The number is another one then, so that one that slept writes nothing when it wakes.
 */
export async function waitForLoneAgent(pool: pg.Pool, { log, signal, waitsFor }: LoneAgentOptions): Promise<void> {
  for (let said = false; await mayHaveOne(pool); ) {
    const holder = await takeFromLoneAgent(pool);
    waitsFor(holder);
    if (holder === null) return;
    if (!said) log.warn({ ...holder }, "an agent of an older version holds the database; waiting");
    said = true;
    await sleep(LOOK_EVERY_MS);
    signal.throwIfAborted();
  }
}

export const MAY_HAVE_LONE_AGENT = statement(
  "may_have_lone_agent",
  { may: boolean },
  "SELECT to_regclass('agent_holder') IS NOT NULL AND to_regclass('agent') IS NULL AS may",
);

async function mayHaveOne(pool: pg.Pool): Promise<boolean> {
  return (await select(pool, MAY_HAVE_LONE_AGENT))[0]!.may;
}

/** Where nobody holds the database there is no host, pid and time. */
export const READ_LONE_AGENT = statement(
  "read_lone_agent",
  {
    fence: bigint,
    host: text,
    pid: integer,
    process: nullable(text),
    since: time,
    heartbeat: text,
    free: boolean,
    silent: boolean,
  },
  `
  SELECT fence, host, pid, process, since, heartbeat_at::text AS heartbeat, host IS NULL AS free,
         heartbeat_at < clock_timestamp() - interval '${SILENT_AFTER_MS} ms' AS silent
    FROM agent_holder`,
);

export const TAKE_FROM_LONE_AGENT = statement(
  "take_from_lone_agent",
  {},
  `
  UPDATE agent_holder SET fence = fence + 1, host = NULL, pid = NULL, process = NULL, heartbeat_at = '-infinity'
   WHERE fence = $1::bigint AND heartbeat_at::text = $2`,
);

/** Answers who holds the database, or null where nobody does. */
async function takeFromLoneAgent(pool: pg.Pool): Promise<OtherAgent | null> {
  const row = (await select(pool, READ_LONE_AGENT))[0]!;
  const { fence, host, pid, since, heartbeat, free, silent } = row;
  if (!(free || silent || hasEnded(row.process))) return { host, pid, since };
  return (await execute(pool, TAKE_FROM_LONE_AGENT, [fence, heartbeat])) === 1 ? null : { host, pid, since };
}
