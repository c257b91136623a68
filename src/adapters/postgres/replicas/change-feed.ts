import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Change } from "../../../domain/commit/change.ts";
import { unfailing } from "../../../ports/eager.ts";
import type { Log } from "../../../ports.ts";
import { select } from "../statement/statement.ts";
import { CHANGES_SEEN, READ_CHANGES } from "./changes.ts";
import { AGENTS_CHANNEL, CHANGE_CHANNEL } from "./channels.ts";

export interface ChangeFeedOptions {
  /** Makes a connection of its own, which is not connected yet. */
  client: () => pg.Client;
  agent_id: () => number;
  /** What others committed, in the order of their commits a pipeline. What fails is read again. */
  onChanges: (changes: Change[]) => Promise<void>;
  /** The feed was cut off, so that anything may have happened. What fails is tried again. */
  onGap: () => Promise<void>;
  /** Somebody joined or left. Handles its failures. */
  onAgents: () => void;
  log: Log;
  /** Milliseconds that only grow. */
  now: () => number;
}

const POLL_EVERY_MS = 1_000;
const CONNECT_AGAIN_MS = 500;

/**
 * Reads what other agents commit, from where it has read to. A notification only says that there is something to read; where
 * none comes through, it looks each second.
 */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #stopping = new AbortController();
  #client: pg.Client | null = null;
  /** What the last reading saw. */
  #seen: string | null = null;
  #heard_at = Number.NEGATIVE_INFINITY;
  #hinted = false;
  #wake = () => {};
  #reading: Promise<void> | null = null;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  /** Milliseconds since all that was committed then was read. */
  get age(): number {
    return this.#options.now() - this.#heard_at;
  }

  /** What is committed from when this resolves on is read once `run` was called. Throws where the database cannot be asked. */
  async start(): Promise<void> {
    const asked = this.#options.now();
    const client = await this.#connect();
    this.#seen = (await select(client, CHANGES_SEEN))[0]!.seen;
    this.#heard_at = asked;
  }

  run(): void {
    this.#reading ??= unfailing(this.#run());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#hint();
    await this.#reading;
    await this.#client?.end().catch(() => {});
    this.#client = null;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { log } = this.#options;
    let failed = false;
    while (!signal.aborted) {
      try {
        if (this.#client === null) await this.#again();
        await this.#read();
        if (failed) log.info({}, "the changes of other agents are heard again");
        failed = false;
        await this.#untilHint();
      } catch (error) {
        if (!failed) log.warn({ err: error }, "the changes of other agents cannot be read; trying again");
        failed = true;
        // What it has not read may be trimmed by the time that it can: everything is read again.
        if (this.#client !== null) this.#drop(this.#client);
        await sleep(CONNECT_AGAIN_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  #hint(): void {
    this.#hinted = true;
    this.#wake();
  }

  async #untilHint(): Promise<void> {
    if (this.#hinted) return;
    const waiting = new AbortController();
    const hint = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([hint, sleep(POLL_EVERY_MS, undefined, { signal: waiting.signal })]);
    waiting.abort();
  }

  async #read(): Promise<void> {
    this.#hinted = false;
    const asked = this.#options.now();
    const [row] = await select(this.#client!, READ_CHANGES, [this.#seen, this.#options.agent_id()]);
    const { seen, whats } = row!;
    if (whats.length > 0) await this.#options.onChanges(whats);
    this.#seen = seen;
    this.#heard_at = asked;
  }

  /** The server may be another one than before, whose snapshots say nothing of what this one saw. */
  async #again(): Promise<void> {
    const client = await this.#connect();
    try {
      const { seen } = (await select(client, CHANGES_SEEN))[0]!;
      await this.#options.onGap();
      this.#seen = seen;
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = this.#options.client();
    client.on("error", () => this.#drop(client));
    client.on("end", () => this.#drop(client));
    client.on("notification", ({ channel }) => {
      if (channel === AGENTS_CHANNEL) this.#options.onAgents();
      else this.#hint();
    });
    await client.connect();
    await client.query(`LISTEN ${CHANGE_CHANNEL}`);
    await client.query(`LISTEN ${AGENTS_CHANNEL}`);
    this.#client = client;
    return client;
  }

  #drop(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#hint();
    client.end().catch(() => {});
  }
}
