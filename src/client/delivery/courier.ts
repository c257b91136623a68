import { timeOfUuidV7 } from "../host/uuid-v7.ts";
import type { Losses } from "../losses/losses.ts";
import type { Claimed } from "../spool/claim.ts";
import type { Refusal } from "../spool/dead-letters.ts";
import type { Stats } from "../stats.ts";
import { batches } from "./batches.ts";
import { AgentContract } from "./post/agent-contract.ts";
import { postFitting } from "./post/post-fitting.ts";
import { type Posted, postReports, type Unusable } from "./post/post-reports.ts";
import type { Endpoint } from "./post/request.ts";
import { retryDelay } from "./post/retry-delay.ts";
import { unreferenced } from "./post/unreferenced.ts";
import type { ReportQueue } from "./report-queue.ts";

/** Milliseconds that reports wait for company before they are sent. */
const LINGER = 50;
/** Milliseconds after a failure in which the end of a run or of the process does not try again. */
const FRESH_FAILURE = 10_000;
/** The agent forgets ids after 7 days: what is older could count twice. */
const OLDEST = 6 * 24 * 3_600_000;
const POLL = 50;
/** Milliseconds of the end of a process that others' reports may take. */
const MOMENT = 1000;

export interface CourierDeps {
  endpoint: Endpoint;
  queue: ReportQueue;
  losses: Losses;
  stats: Stats;
  /** Milliseconds an answer may take. */
  timeout: number;
  warn: (message: string) => void;
  /** Parts of reports that the agent took, and could not use. */
  unusable: (parts: readonly Unusable[]) => void;
  info: (message: string) => void;
}

/** `more`: something was sent that others left behind, and there may be more of it. */
type Round = "away" | "idle" | "more";

/**
 * Brings what the queue and the spool hold to the agent, one request at a time. A round sends all that is this client's, in its order,
 * and one segment that was left behind: between two of those the process may end, however much there is.
 */
export class Courier {
  readonly #deps: CourierDeps;
  #round: Promise<Round> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #lastFailure = 0;
  #retryAt = 0;
  #claimed: Claimed | null = null;
  /** Each code is said once. */
  readonly #refusals = new Set<string>();
  #stopped = false;
  #abort = new AbortController();
  readonly #contract = new AgentContract();

  constructor(deps: CourierDeps) {
    this.#deps = deps;
  }

  /** There is something to send: soon, or when the time for another attempt has come. */
  wake(): void {
    if (this.#stopped || this.#round !== null || this.#timer !== null) return;
    const wait = Math.max(this.#deps.queue.hasFullSegment ? 0 : LINGER, this.#retryAt - Date.now());
    const attempt = () => {
      this.#timer = null;
      void this.#start();
    };
    this.#timer = unreferenced(setTimeout(attempt, wait));
  }

  /** Tries until the agent has all that this client was told, or the time is over. */
  async flush(deadline: number): Promise<boolean> {
    while (!this.#isDone()) {
      const left = deadline - Date.now();
      if (left <= 0) return false;
      if ((await this.#within(left, this.#start())) === "more" || this.#isDone()) continue;
      // Another process may be sending what was ours.
      const wait = Math.max(POLL, this.#retryAt - Date.now());
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, Math.max(0, deadline - Date.now()))));
    }
    return true;
  }

  /**
   * One attempt, none where one has just failed; what is left goes to the disk. The end of a run: nobody is kept waiting
   * for an agent that is away.
   */
  async handOver(deadline: number): Promise<Round> {
    const { queue } = this.#deps;
    const isAway = this.#failures > 0 && Date.now() < Math.max(this.#retryAt, this.#lastFailure + FRESH_FAILURE);
    const tries = !isAway && deadline > Date.now();
    const round = tries ? await this.#within(deadline - Date.now(), this.#start()) : "away";
    if (queue.spool !== null && round === "away") queue.handOverAll();
    return round;
  }

  /** The process is about to end: what no disk holds is tried until the time is over, what others left behind for a moment. */
  async flushAtExit(deadline: number): Promise<void> {
    let round = await this.handOver(deadline);
    if (!this.#deps.queue.isEmpty) await this.flush(deadline);
    const enough = Math.min(deadline, Date.now() + MOMENT);
    while (round === "more" && Date.now() < enough) round = await this.handOver(enough);
  }

  /** No more waiting, at once: what is under way is given up and left to whoever comes next. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#abort.abort();
    this.#claimed?.release();
    this.#claimed = null;
    this.#deps.queue.abandon();
  }

  #isDone(): boolean {
    const { queue, stats } = this.#deps;
    return stats.queued === 0 && queue.isEmpty && queue.handedOver().size === 0;
  }

  async #within(ms: number, round: Promise<Round>): Promise<Round> {
    const timer = setTimeout(() => this.#abort.abort(), Math.max(0, ms));
    const result = await round;
    clearTimeout(timer);
    return result;
  }

  #start(): Promise<Round> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#round === null) {
      if (this.#abort.signal.aborted) this.#abort = new AbortController();
      this.#round = this.#sendRound().then((result) => {
        this.#round = null;
        if (result !== "idle" || !this.#deps.queue.isEmpty) this.wake();
        return result;
      });
    }
    return this.#round;
  }

  async #sendRound(): Promise<Round> {
    for (;;) {
      // First, so that the end of a run does not overtake what was reported of it.
      const earlier = this.#deps.queue.handedOver();
      const own = (earlier.size > 0 ? await this.#sendLeftOver(earlier) : null) ?? (await this.#sendOwn());
      if (own === false) return "away";
      if (own === null) break;
    }
    const leftOver = await this.#sendLeftOver(null);
    return leftOver === null ? "idle" : leftOver ? "more" : "away";
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

  async #sendLeftOver(only: ReadonlySet<string> | null): Promise<boolean | null> {
    const { queue, stats, losses } = this.#deps;
    const claimed = queue.spool?.claim(queue.isMine, only) ?? null;
    if (claimed === null) return null;
    this.#claimed = claimed;
    const isYoung = (line: string) => timeOf(line, claimed.id) >= Date.now() - OLDEST;
    const lines = claimed.lines.filter(isYoung);
    stats.dropped += claimed.lines.length - lines.length;
    for (const line of claimed.lines) if (!isYoung(line)) losses.noteLine(line, "it waited longer than 6 days");
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
    const { endpoint, timeout, stats, queue, losses, unusable, info } = this.#deps;
    const limits = { timeout, signal: this.#abort.signal };
    const posted = await postFitting(lines, {
      post: (outgoing) => postReports(endpoint, outgoing, limits),
      contract: this.#contract,
      losses,
    });
    stats.reduced += posted.reduced;
    if (posted.reduced > 0) this.#sayReduced();
    stats.sent += posted.accepted;
    stats.duplicates += posted.duplicates;
    stats.dead += posted.refused.length;
    if (posted.refused.length > 0) queue.spool?.bury(posted.refused);
    for (const { line, refusal } of posted.refused) {
      this.#sayRefused(refusal);
      // What was refused by itself the agent remembers with its run; of a whole request it has read nothing.
      if (refusal.status !== 200) losses.noteLine(line, `it was refused: ${refusal.code}`);
    }
    if (posted.unusable.length > 0) unusable(posted.unusable);
    if (posted.again !== null) this.#failed(posted.again);
    else {
      if (this.#failures > 0) info(`${endpoint.url} is back`);
      this.#failures = this.#retryAt = 0;
    }
    return posted;
  }

  #sayReduced(): void {
    const { endpoint, warn } = this.#deps;
    warn(
      `the agent at ${endpoint.url} is older than this client: it does not know try, resumes, logical_date, lost, expected_min_of and what features tell of their rows beside the counts; reports are sent without them`,
    );
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
    this.#lastFailure = Date.now();
    this.#retryAt = this.#lastFailure + retryDelay(++this.#failures, retry_after, Math.random());
    const place = queue.spool === null ? "in memory" : `in ${queue.spool.folder}`;
    if (this.#failures === 1) warn(`${why}; reports wait ${place} until it takes them`);
  }
}

/** When a report was made: its id says so, and where that is another's, the segment's. */
function timeOf(line: string, segmentId: string): number {
  const id = /"id":\s*"([0-9a-f-]{36})"/.exec(line)?.[1];
  return (id === undefined ? null : timeOfUuidV7(id)) ?? timeOfUuidV7(segmentId) ?? 0;
}
