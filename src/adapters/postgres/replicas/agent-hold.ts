import type pg from "pg";
import { eager } from "../../../ports/eager.ts";
import { type Log, StoreError } from "../../../ports.ts";
import { storeError } from "../connection/store-errors.ts";
import { bigint, boolean, integer, nullable, text, time } from "../statement/columns.ts";
import { execute, select, statement } from "../statement/statement.ts";
import { takenOver } from "./fence.ts";
import type { OwnProcess } from "./own-process.ts";

/** Who holds the database, as the waiting agent says it. */
export interface Holder {
  host: string;
  pid: number;
  /** Milliseconds. */
  since: number;
}

export interface AgentHoldOptions {
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
  sleep: (ms: number) => Promise<unknown>;
  signal: AbortSignal;
  /** Another agent has taken the database. Told once. */
  onLost: () => void;
}

/** A holder of which nothing was heard for so long has lost the database, by the server's clock. */
export const SILENT_AFTER_MS = 12_000;
export const HEARTBEAT_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 1_000;
/** Answers of the same time share a heartbeat. */
const FRESH_MS = 500;

/** Where the database is free there is nobody, and so no host, pid and time. */
export const READ_HOLDER = statement(
  "read_holder",
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

/** Waits for the transactions that were begun under the last number. A heartbeat since the look keeps the holder. */
export const TAKE_HOLD = statement(
  "take_hold",
  { fence: bigint },
  `
  UPDATE agent_holder
     SET fence = fence + 1, host = $3, pid = $4, process = $5, since = clock_timestamp(), heartbeat_at = clock_timestamp()
   WHERE fence = $1::bigint AND heartbeat_at::text = $2
  RETURNING fence`,
);

export const HEARTBEAT = statement(
  "heartbeat",
  {},
  "UPDATE agent_holder SET heartbeat_at = clock_timestamp() WHERE fence = $1::bigint",
);

export const LET_GO = statement(
  "let_go_hold",
  {},
  `
  UPDATE agent_holder SET host = NULL, pid = NULL, process = NULL, heartbeat_at = '-infinity' WHERE fence = $1::bigint`,
);

/**
 * One agent works on a database at a time: a second one would show and answer by what it has seen itself. The holder is a row
 * with a fencing number, so that neither a lost host's session nor a pooler can keep it. Its heartbeat is a write: where it does
 * not come through, the store takes no reports either.
 */
export class AgentHold {
  readonly #options: AgentHoldOptions;
  #fence: number | null = null;
  #waits_for: Holder | null = null;
  #heard_at = Number.NEGATIVE_INFINITY;
  #beating: Promise<void> | null = null;
  #lost = false;

  constructor(options: AgentHoldOptions) {
    this.#options = options;
  }

  /** null: not held yet. */
  readonly fence = (): number | null => this.#fence;

  /** Who holds the database while this agent waits. */
  get waits_for(): Holder | null {
    return this.#waits_for;
  }

  /** Whether the last heartbeat came through, and not too long ago. */
  get up(): boolean {
    return !this.#lost && !this.#lapsed;
  }

  /** Resolves when this agent holds the database. While it cannot be asked, that is tried again. */
  async take(): Promise<void> {
    const { signal, sleep, log } = this.#options;
    while (!(await this.#tryToTake())) {
      const holder = this.#waits_for;
      if (holder !== null)
        log.warn(
          { ...holder, since: new Date(holder.since).toISOString() },
          "another agent holds the database; waiting",
        );
      for (;;) {
        await sleep(LOOK_EVERY_MS);
        signal.throwIfAborted();
        if (await this.#tryToTake()) return;
        if (this.#waits_for?.since !== holder?.since) break;
      }
    }
  }

  /** Says that this agent lives; fails where that could not be written. Those who ask at once share one. */
  async beat(): Promise<void> {
    if (this.#lost) throw takenOver();
    if (this.#options.now() - this.#heard_at < FRESH_MS) return;
    this.#beating ??= eager(
      this.#beat().finally(() => {
        this.#beating = null;
      }),
    );
    await this.#beating;
  }

  /** The agent may have slept or been cut off, so that another may work on what it remembers. */
  get doubtful(): boolean {
    return this.#fence !== null && !this.up;
  }

  /** Before something is answered from memory: fails where another has taken over. It does not wait for a store that is away. */
  async confirm(): Promise<void> {
    await Promise.race([this.beat(), this.#options.sleep(LOOK_EVERY_MS)]).catch(() => {});
    if (this.#lost) throw takenOver();
  }

  /** The next agent need not wait. */
  async letGo(): Promise<void> {
    if (this.#fence === null || this.#lost) return;
    await execute(this.#options.pool, LET_GO, [this.#fence]);
    this.#fence = null;
  }

  get #lapsed(): boolean {
    return this.#options.now() - this.#heard_at > SILENT_AFTER_MS;
  }

  async #tryToTake(): Promise<boolean> {
    const { pool, own, log, alone, now } = this.#options;
    try {
      const asked = now();
      const row = (await select(pool, READ_HOLDER))[0]!;
      if (!(row.free || row.silent || alone || this.#options.hasEnded(row.process))) {
        this.#waits_for = { host: row.host, pid: row.pid, since: row.since };
        return false;
      }
      const rows = await select(pool, TAKE_HOLD, [row.fence, row.heartbeat, own.host, own.pid, own.process]);
      if (rows.length === 0) return false;
      this.#fence = rows[0]!.fence;
      this.#heard_at = asked;
      this.#waits_for = null;
      if (!row.free)
        log.warn({ host: row.host, pid: row.pid }, "the agent that held the database is gone; taking its place");
      return true;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      log.warn({ err: error }, "the database could not be taken; trying each second");
      return false;
    }
  }

  async #beat(): Promise<void> {
    const asked = this.#options.now();
    try {
      const found = await execute(this.#options.pool, HEARTBEAT, [this.#fence]);
      if (found === 1) {
        this.#heard_at = asked;
        return;
      }
    } catch (error) {
      throw storeError(error);
    }
    if (!this.#lost) {
      this.#lost = true;
      this.#options.onLost();
    }
    throw takenOver();
  }
}

/** What a reader of /readyz is told of a heartbeat that failed; null: the store's own words are not for them. */
export function whyNotWritten(error: unknown): string | null {
  return error instanceof StoreError && error.sqlstate === "25006"
    ? "the store is read-only: nothing can be written"
    : null;
}
