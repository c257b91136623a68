import type pg from "pg";
import { eager } from "../../../ports/eager.ts";
import { type Log, StoreError } from "../../../ports.ts";
import { storeError } from "../connection/store-errors.ts";
import { execute, select } from "../statement/statement.ts";
import {
  AGENT_BEATS,
  agentsLocked,
  CALL_AGENTS,
  GIVE_UP_AGENT,
  IS_MEMBER,
  JOIN_AGENTS,
  LEAVE_AGENTS,
  OTHER_AGENTS,
  type OtherAgent,
  TELL_FROM_NOW,
  TELL_NOBODY,
} from "./agent-rows.ts";
import { type Guard, givenUp, underGuard } from "./guard.ts";
import { OwnHeartbeats } from "./own-heartbeats.ts";
import type { OwnProcess } from "./own-process.ts";
import type { Standing, Writer } from "./writer.ts";

export interface MembershipOptions {
  /** Of its own: a heartbeat waits for nobody's statement. */
  pool: pg.Pool;
  own: OwnProcess;
  /** Whether that process ran on this machine and has ended. */
  hasEnded: (process: string | null) => boolean;
  /** Nobody else can reach the database, so that what is left over of another agent is nobody. */
  alone: boolean;
  log: Log;
  /** Milliseconds that only grow. */
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
  signal: AbortSignal;
  /** The others have given this agent up. Told once. */
  onLost: () => void;
}

export const HEARTBEAT_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 200;
const WARN_EVERY_LOOKS = 25;
/** Answers of the same time share a heartbeat. */
const FRESH_MS = 500;
const PATIENCE_MS = 1_000;

/**
 * This agent among those that work on its database. Each has a row with a number, under which it commits, and a heartbeat; one
 * that is silent is given up by the others, and can commit nothing more. Whoever is alone tells nobody of its commits, so that
 * this costs nothing; one that joins waits until all the others tell.
 */
export class Membership implements Writer {
  readonly #options: MembershipOptions;
  #standing: Standing = { agent_id: 0, fence: -1, tells: true };
  #others: OtherAgent[] = [];
  #waits_for: OtherAgent | null = null;
  #joined = false;
  readonly #heartbeats: OwnHeartbeats;
  #beating: Promise<void> | null = null;
  #lost = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#heartbeats = new OwnHeartbeats(options.now);
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** The agents beside it, as it heard last. */
  get others(): readonly OtherAgent[] {
    return this.#others;
  }

  /** Whom it waits for before it may work. */
  get waits_for(): OtherAgent | null {
    return this.#waits_for;
  }

  /** Others may have committed what it has not heard of. */
  get shares(): boolean {
    return this.#standing.tells;
  }

  /** Whether the last heartbeat came through, and not too long ago. */
  get up(): boolean {
    return !this.#lost && !this.#heartbeats.lapsed;
  }

  /** The agent may have slept or been cut off, so that the others may have given it up. */
  get doubtful(): boolean {
    return this.#joined && !this.up;
  }

  /** Inside a transaction: it stays a member until that ends. */
  readonly guard: Guard = async (client) => {
    for (let fence = this.#standing.fence!; (await execute(client, IS_MEMBER, [fence])) === 0; ) {
      const refusal = await this.refusal(fence);
      if (refusal.reason !== "conflict") throw refusal;
      fence = this.#standing.fence!;
    }
  };

  async refusal(fence: number): Promise<StoreError> {
    // Its number may be changing.
    await this.#beating?.catch(() => {});
    if (this.#lost || this.#standing.fence === fence) return givenUp();
    return new StoreError("conflict", "the agent got another number meanwhile", {});
  }

  /** Resolves when all who work on the database tell this agent of what they commit. While it cannot be asked, that is tried again. */
  async join(): Promise<void> {
    const { signal, sleep, log } = this.#options;
    for (let looks = 0; !(await this.#tryToJoin()); looks++) {
      if (this.#waits_for !== null && looks % WARN_EVERY_LOOKS === 0) {
        const { host, pid } = this.#waits_for;
        log.warn({ host, pid }, "another agent has not answered yet; waiting until it does or is given up");
      }
      await sleep(LOOK_EVERY_MS);
      signal.throwIfAborted();
    }
    this.#joined = true;
  }

  /** Says that this agent lives, and looks who else does; fails where that could not be written. Those who ask at once share one. */
  async beat(): Promise<void> {
    if (this.#lost) throw givenUp();
    if (this.#heartbeats.age < FRESH_MS) return;
    await this.#beatNow();
  }

  /** Somebody came or went. */
  async look(): Promise<void> {
    if (!this.#joined || this.#lost) return;
    await this.#beating?.catch(() => {});
    await this.#beatNow();
  }

  /** Before something is answered from memory: fails where it was given up. It does not wait for a store that is away. */
  async confirm(): Promise<void> {
    await Promise.race([this.beat(), this.#options.sleep(PATIENCE_MS)]).catch(() => {});
    if (this.#lost) throw givenUp();
  }

  /** The others need not wait. */
  async leave(): Promise<void> {
    if (this.#standing.agent_id === 0 || this.#lost) return;
    await execute(this.#options.pool, LEAVE_AGENTS, [this.#standing.agent_id]);
    await this.#call();
  }

  #beatNow(): Promise<void> {
    this.#beating ??= eager(
      this.#beat().finally(() => {
        this.#beating = null;
      }),
    );
    return this.#beating;
  }

  async #tryToJoin(): Promise<boolean> {
    const { pool, own, log, now } = this.#options;
    try {
      if (this.#standing.agent_id === 0) {
        const { agent_id, fence } = await underGuard(pool, agentsLocked, async (client) => {
          return (await select(client, JOIN_AGENTS, [own.host, own.pid, own.process]))[0]!;
        });
        this.#standing = { agent_id, fence, tells: true };
        await this.#call();
      }
      const asked = now();
      if ((await execute(pool, AGENT_BEATS, [this.#standing.agent_id])) === 0) {
        this.#standing = { agent_id: 0, fence: -1, tells: true };
        return false;
      }
      this.#heartbeats.came(asked);
      this.#waits_for = await this.#lookAround();
      return this.#waits_for === null;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      log.warn({ err: error }, "the agent could not join the others on the database; trying again");
      return false;
    }
  }

  /** Gives up who is gone. Answers one that does not tell yet, or null. */
  async #lookAround(): Promise<OtherAgent | null> {
    const { pool, alone, hasEnded, log } = this.#options;
    const rows = await select(pool, OTHER_AGENTS, [this.#standing.agent_id]);
    const others: OtherAgent[] = [];
    let quiet: OtherAgent | null = null;
    for (const { agent_id, fence, host, pid, since, heartbeat, silent, tells, ...row } of rows) {
      const gone = (silent && this.#heartbeats.judge) || alone || hasEnded(row.process);
      if (gone && (await execute(pool, GIVE_UP_AGENT, [agent_id, fence, heartbeat])) > 0) {
        log.warn({ host, pid }, "another agent is gone");
        continue;
      }
      others.push({ host, pid, since });
      if (!tells) quiet = { host, pid, since };
    }
    if (others.length !== this.#others.length) log.info({ others }, "agents beside this one on the database");
    this.#others = others;
    if (others.length === 0 && this.#standing.tells) await this.#tellNobody();
    return quiet;
  }

  /** Nobody joins between the look and the word. */
  async #tellNobody(): Promise<void> {
    const { agent_id } = this.#standing;
    const alone = await underGuard(this.#options.pool, agentsLocked, (client) =>
      execute(client, TELL_NOBODY, [agent_id]),
    );
    if (alone > 0) this.#standing = { ...this.#standing, tells: false };
  }

  async #beat(): Promise<void> {
    const { pool, now } = this.#options;
    const asked = now();
    try {
      if ((await execute(pool, AGENT_BEATS, [this.#standing.agent_id])) > 0) {
        this.#heartbeats.reached(asked);
        await this.#lookAround();
        if (this.#others.length > 0 && !this.#standing.tells) await this.#tellFromNow();
        this.#heartbeats.came(asked);
        return;
      }
    } catch (error) {
      throw storeError(error);
    }
    if (!this.#lost) {
      this.#lost = true;
      this.#options.onLost();
    }
    throw givenUp();
  }

  /** Commits that are begun meanwhile find that the number is another one, and are tried again. */
  async #tellFromNow(): Promise<void> {
    const [row] = await select(this.#options.pool, TELL_FROM_NOW, [this.#standing.agent_id]);
    if (row !== undefined) this.#standing = { ...this.#standing, fence: row.fence, tells: true };
  }

  async #call(): Promise<void> {
    await select(this.#options.pool, CALL_AGENTS);
  }
}
