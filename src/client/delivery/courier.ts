import type { Claimed } from "../spool/claim.ts";
import type { Refusal } from "../spool/dead-letters.ts";
import type { Stats } from "../stats.ts";
import { timeOfUuidV7 } from "../uuid-v7.ts";
import { batches } from "./batches.ts";
import { type Posted, postReports } from "./post-reports.ts";
import type { ReportQueue } from "./report-queue.ts";
import type { Endpoint } from "./request.ts";
import { retryDelay } from "./retry-delay.ts";

/** Milliseconds that reports wait for company before they are sent. */
const LINGER = 50;
/** After a failure so recent, the end of the process does not try once more: the spool has it all. */
const FRESH_FAILURE = 10_000;
/** The agent forgets ids after 7 days: what is older could count twice. */
const OLDEST = 6 * 24 * 3_600_000;
const POLL = 50;

export interface CourierDeps {
  endpoint: Endpoint;
  queue: ReportQueue;
  stats: Stats;
  /** Milliseconds an answer may take. */
  timeout: number;
  warn: (message: string) => void;
  info: (message: string) => void;
}

/** Brings what the queue and the spool hold to the agent: one request at a time, own reports and left-over ones in turns. */
export class Courier {
  readonly #deps: CourierDeps;
  #round: Promise<boolean> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #lastFailure = 0;
  #retryAt = 0;
  #claimed: Claimed | null = null;
  /** Each code is said once. */
  readonly #refusals = new Set<string>();
  #stopped = false;
  #abort = new AbortController();

  constructor(deps: CourierDeps) {
    this.#deps = deps;
  }

  /** There is something to send: soon, or when the time for another attempt has come. */
  wake(): void {
    if (this.#stopped || this.#round !== null || this.#timer !== null) return;
    const wait = Math.max(this.#deps.queue.hasFullSegment ? 0 : LINGER, this.#retryAt - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#start();
    }, wait);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Tries until the agent has all that this client was told, or the time is over. */
  async flush(deadline: number): Promise<boolean> {
    while (!this.#isDone()) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await this.#within(left, this.#start());
      if (this.#isDone()) return true;
      // Another process may be sending what was ours.
      const wait = Math.max(POLL, this.#retryAt - Date.now());
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, Math.max(0, deadline - Date.now()))));
    }
    return true;
  }

  /** The process is about to end: one attempt at all there is; where the spool holds the rest, no second one. */
  async flushAtExit(deadline: number): Promise<void> {
    const { queue } = this.#deps;
    const isAway = this.#failures > 0 && Date.now() - this.#lastFailure < FRESH_FAILURE;
    if (queue.spool !== null && isAway) queue.handOverAll();
    else {
      await this.#within(deadline - Date.now(), this.#start());
      if (queue.isEmpty) return;
      if (queue.spool !== null) queue.handOverAll();
    }
    if (!queue.isEmpty) await this.flush(deadline);
  }

  /** No more waiting, at once: what is under way is given up and left to whoever comes next. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#abort.abort();
    this.#claimed?.release();
    this.#claimed = null;
    this.#deps.queue.handOverAll();
  }

  #isDone(): boolean {
    const { queue, stats } = this.#deps;
    return stats.queued === 0 && queue.isEmpty && queue.handedOver().size === 0;
  }

  async #within(ms: number, round: Promise<boolean>): Promise<void> {
    const timer = setTimeout(() => this.#abort.abort(), Math.max(0, ms));
    await round;
    clearTimeout(timer);
  }

  #start(): Promise<boolean> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#round === null) {
      if (this.#abort.signal.aborted) this.#abort = new AbortController();
      this.#round = this.#sendAll().finally(() => {
        this.#round = null;
        if (!this.#deps.queue.isEmpty || this.#failures > 0) this.wake();
      });
    }
    return this.#round;
  }

  async #sendAll(): Promise<boolean> {
    for (;;) {
      const own = await this.#sendOwn();
      const leftOver = own === false ? false : await this.#sendLeftOver();
      if (own === false || leftOver === false) return false;
      if (own === null && leftOver === null) return true;
    }
  }

  /** null: there was nothing; false: the agent is away. */
  async #sendOwn(): Promise<boolean | null> {
    const { queue } = this.#deps;
    const segment = queue.take();
    if (segment === null) return null;
    const posted = await this.#post(segment.lines);
    if (posted.again === null) {
      queue.settle(segment);
      return true;
    }
    queue.putBack(segment, posted.again.lines);
    return false;
  }

  async #sendLeftOver(): Promise<boolean | null> {
    const { queue, stats } = this.#deps;
    const claimed = queue.spool?.claim(queue.isMine, queue.handedOver()) ?? null;
    if (claimed === null) return null;
    this.#claimed = claimed;
    const oldest = Date.now() - OLDEST;
    const lines = claimed.lines.filter((line) => timeOf(line, claimed.id) >= oldest);
    stats.dropped += claimed.lines.length - lines.length;
    for (const batch of batches(lines)) {
      const { again } = await this.#post(batch);
      if (again !== null) {
        claimed.release();
        this.#claimed = null;
        return false;
      }
    }
    claimed.remove();
    this.#claimed = null;
    queue.handedOver();
    return true;
  }

  async #post(lines: string[]): Promise<Posted> {
    const { endpoint, timeout, stats, queue, info } = this.#deps;
    const posted = await postReports(endpoint, lines, { timeout, signal: this.#abort.signal });
    stats.sent += posted.accepted;
    stats.duplicates += posted.duplicates;
    stats.dead += posted.refused.length;
    if (posted.refused.length > 0) queue.spool?.bury(posted.refused);
    for (const { refusal } of posted.refused) this.#sayRefused(refusal);
    if (posted.again === null) {
      if (this.#failures > 0) info(`${endpoint.url} is back`);
      this.#failures = 0;
      this.#retryAt = 0;
    } else this.#failed(posted.again);
    return posted;
  }

  #sayRefused({ status, code, detail }: Refusal): void {
    if (this.#refusals.has(code)) return;
    this.#refusals.add(code);
    const { folder } = this.#deps.queue.spool ?? {};
    const where = folder === undefined ? "they are lost" : `they are kept in dead.ndjson of ${folder}`;
    this.#deps.warn(`the agent refuses reports (${status === 200 ? "" : `${status} `}${code}: ${detail}); ${where}`);
  }

  #failed({ why, retry_after }: { why: string; retry_after: number | null }): void {
    const { queue, warn } = this.#deps;
    this.#failures++;
    this.#lastFailure = Date.now();
    this.#retryAt = this.#lastFailure + retryDelay(this.#failures, retry_after, Math.random());
    const place = queue.spool === null ? "in memory" : `in ${queue.spool.folder}`;
    if (this.#failures === 1) warn(`${why}; reports wait ${place} until it takes them`);
  }
}

/** When a report was made: its id says so, and where that is another's, the segment's. */
function timeOf(line: string, segmentId: string): number {
  const id = /"id":\s*"([0-9a-f-]{36})"/.exec(line)?.[1];
  return (id === undefined ? null : timeOfUuidV7(id)) ?? timeOfUuidV7(segmentId) ?? 0;
}
