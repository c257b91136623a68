import { ADVISORY_LOCKS } from "../connection/advisory-locks.ts";
import { bigint, boolean, integer, nothing, nullable, text, time } from "../statement/columns.ts";
import { execute, statement } from "../statement/statement.ts";
import { AGENTS_CHANNEL } from "./channels.ts";
import type { Guard } from "./guard.ts";

/** An agent as the others on its database see it. */
export interface OtherAgent {
  host: string;
  pid: number;
  /** Milliseconds. */
  since: number;
}

/** An agent of which nothing was heard for so long is given up, by the server's clock. */
export const SILENT_AFTER_MS = 12_000;
export const LOCK_AGENTS = statement(
  "lock_agents",
  { pg_advisory_xact_lock: nothing },
  "SELECT pg_advisory_xact_lock($1)",
);

export const CALL_AGENTS = statement(
  "call_agents",
  { pg_notify: nothing },
  `SELECT pg_notify('${AGENTS_CHANNEL}', '')`,
);

/** Its first commits tell: whether there are others is looked at when it has joined. */
export const JOIN_AGENTS = statement(
  "join_agents",
  { agent_id: bigint, fence: bigint },
  `
  INSERT INTO agent (fence, host, pid, process, since, heartbeat_at, tells)
  VALUES (nextval('agent_fence'), $1, $2, $3, clock_timestamp(), clock_timestamp(), true)
  RETURNING agent_id, fence`,
);

export const OTHER_AGENTS = statement(
  "other_agents",
  {
    agent_id: bigint,
    fence: bigint,
    host: text,
    pid: integer,
    process: nullable(text),
    since: time,
    heartbeat: text,
    silent: boolean,
    tells: boolean,
  },
  `
  SELECT agent_id, fence, host, pid, process, since, heartbeat_at::text AS heartbeat, tells,
         heartbeat_at < clock_timestamp() - interval '${SILENT_AFTER_MS} ms' AS silent
    FROM agent WHERE agent_id <> $1::bigint ORDER BY agent_id`,
);

/** Waits for the transactions that were begun under its number. A heartbeat since the look keeps it. */
export const GIVE_UP_AGENT = statement(
  "give_up_agent",
  {},
  "DELETE FROM agent WHERE agent_id = $1::bigint AND fence = $2::bigint AND heartbeat_at::text = $3",
);

export const AGENT_BEATS = statement(
  "agent_beats",
  {},
  "UPDATE agent SET heartbeat_at = clock_timestamp() WHERE agent_id = $1::bigint",
);

/** Waits for the commits that tell nobody. */
export const TELL_FROM_NOW = statement(
  "tell_from_now",
  { fence: bigint },
  `UPDATE agent SET tells = true, fence = nextval('agent_fence') WHERE agent_id = $1::bigint RETURNING fence`,
);

export const TELL_NOBODY = statement(
  "tell_nobody",
  {},
  `UPDATE agent SET tells = false
    WHERE agent_id = $1::bigint AND NOT EXISTS (SELECT FROM agent o WHERE o.agent_id <> $1::bigint)`,
);

export const LEAVE_AGENTS = statement("leave_agents", {}, "DELETE FROM agent WHERE agent_id = $1::bigint");

export const IS_MEMBER = statement(
  "is_member",
  { member: boolean },
  "SELECT true AS member FROM agent WHERE fence = $1::bigint FOR KEY SHARE",
);

/** Nobody joins, or falls silent about its commits, before the transaction ends. */
export const agentsLocked: Guard = async (client) => {
  await execute(client, LOCK_AGENTS, [ADVISORY_LOCKS.agents]);
};
