import type pg from "pg";
import type { Log } from "../../../ports.ts";
import { bigint, boolean, integer, nullable, text } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { type Guard, leaseLost } from "./guard.ts";
import type { OwnProcess } from "./own-process.ts";

export interface LeaseOptions {
  /** Of its own: a heartbeat waits for nobody's statement. */
  pool: pg.Pool;
  own: OwnProcess;
  /** Whether that process ran on this machine and has ended. */
  hasEnded: (process: string | null) => boolean;
  /** Nobody else can reach the database, so that what is left over of a holder is nobody. */
  alone: boolean;
  log: Log;
  /** Milliseconds that only grow. */
  now: () => number;
  agent_id: () => number;
}

/** A holder of which nothing was heard for so long has lost the lease, by the server's clock. */
export const HOLDER_SILENT_AFTER_MS = 6_000;
export const TEND_LEASE_EVERY_MS = 1_000;

/** Where nobody holds it there is no host and pid. Whoever is no member any more holds nothing. */
export const READ_HOLDER = statement(
  "read_holder",
  {
    fence: bigint,
    host: text,
    pid: integer,
    process: nullable(text),
    heartbeat: text,
    free: boolean,
    silent: boolean,
  },
  `
  SELECT fence, host, pid, process, heartbeat_at::text AS heartbeat,
         host IS NULL OR NOT EXISTS (SELECT FROM agent a WHERE a.agent_id = h.agent_id) AS free,
         heartbeat_at < clock_timestamp() - interval '${HOLDER_SILENT_AFTER_MS} ms' AS silent
    FROM agent_holder h`,
);

/** Waits for the transactions that were begun under the last number. A heartbeat since the look keeps the holder. */
export const TAKE_LEASE = statement(
  "take_lease",
  { fence: bigint },
  `
  UPDATE agent_holder
     SET fence = fence + 1, host = $3, pid = $4, process = $5, agent_id = $6, since = clock_timestamp(),
         heartbeat_at = clock_timestamp()
   WHERE fence = $1::bigint AND heartbeat_at::text = $2
  RETURNING fence`,
);

export const RENEW_LEASE = statement(
  "renew_lease",
  {},
  "UPDATE agent_holder SET heartbeat_at = clock_timestamp() WHERE fence = $1::bigint",
);

export const LET_GO_LEASE = statement(
  "let_go_lease",
  {},
  `
  UPDATE agent_holder SET host = NULL, pid = NULL, process = NULL, agent_id = NULL, heartbeat_at = '-infinity'
   WHERE fence = $1::bigint`,
);

/** Finds the row only under the own number, and keeps others from taking the lease until the transaction ends. */
export const HOLDS_LEASE = statement(
  "holds_lease",
  { holds: boolean },
  "SELECT true AS holds FROM agent_holder WHERE fence = $1::bigint FOR KEY SHARE",
);

/**
 * One of the agents on a database holds the lease and does what only one may do: it looks at the clock, plans notices, rings
 * digests, forgets, and shows the domain's metrics. The lease is a row with a fencing number, so that neither a lost host's session
 * nor a pooler can keep it, and a holder that slept can write nothing of its duties.
 */
export class Lease {
  readonly #options: LeaseOptions;
  #fence: number | null = null;
  #heard_at = Number.NEGATIVE_INFINITY;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** null: it does not hold it. */
  readonly fence = (): number | null => this.#fence;

  /** It holds the lease, and nobody can have taken it since. */
  get held(): boolean {
    return this.#fence !== null && this.#options.now() - this.#heard_at < HOLDER_SILENT_AFTER_MS;
  }

  /** Inside a transaction: nobody takes the lease before that ends. */
  readonly guard: Guard = async (client) => {
    if (this.#fence === null || (await execute(client, HOLDS_LEASE, [this.#fence])) === 0) throw leaseLost();
  };

  /** Renews it, or takes it where nobody holds it; at most one at a time. */
  async tend(): Promise<void> {
    const { pool, now } = this.#options;
    const asked = now();
    if (this.#fence !== null) {
      if ((await execute(pool, RENEW_LEASE, [this.#fence])) > 0) {
        this.#heard_at = asked;
        return;
      }
      this.#options.log.warn({}, "another agent holds the lease now");
      this.#fence = null;
    }
    await this.#takeIfFree();
  }

  /** The next agent need not wait. */
  async letGo(): Promise<void> {
    if (this.#fence === null) return;
    await execute(this.#options.pool, LET_GO_LEASE, [this.#fence]);
    this.#fence = null;
  }

  async #takeIfFree(): Promise<void> {
    const { pool, own, log, alone, now, hasEnded, agent_id } = this.#options;
    const asked = now();
    const row = (await select(pool, READ_HOLDER))[0]!;
    const { fence, host, pid, heartbeat, free, silent } = row;
    if (!(free || silent || alone || hasEnded(row.process))) return;
    const by = [own.host, own.pid, own.process, agent_id()];
    const [taken] = await select(pool, TAKE_LEASE, [fence, heartbeat, ...by]);
    if (taken === undefined) return;
    this.#fence = taken.fence;
    this.#heard_at = asked;
    if (free) log.info({}, "this agent holds the lease");
    else log.warn({ host, pid }, "the agent that held the lease is gone; this one holds it now");
  }
}
