import { retryAfter } from "../../domain/notices/plan/backoff.ts";
import type { Backoff } from "../../domain/words/backoff.ts";
import { unfailing } from "../../ports/eager.ts";
import type {
  Clock,
  LeasedNotice,
  Log,
  NoticeMetrics,
  NoticeStore,
  Notifier,
  SendOutcome,
  Settlement,
  WaitingNotices,
} from "../../ports.ts";

export interface DeliverNoticesDeps {
  notices: NoticeStore;
  notifiers: readonly Notifier[];
  clock: Clock;
  log: Log;
  metrics: NoticeMetrics;
  /** Brings what is to be said into the outbox. */
  plan: () => Promise<unknown>;
  newId: () => string;
  /** In [0, 1). */
  random: () => number;
  /** May reject when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  backoff: Backoff;
}

/** Longer than any notifier takes: whoever has not settled by then is dead. */
export const LEASE_MS = 60_000;
const SETTLE_AGAIN_MS = 500;
/** A stop of the agent has 10 s in all. */
const PATIENCE_MS = 4000;

/**
 * The courier: leases what is due, sends it, settles it. Each channel is served by itself, one message at a time, so that a
 * slow one keeps no other waiting. Several agents may do this at once: a lease has one holder. An agent that dies between
 * sending and settling leaves a lease that ends, and the notice is sent again: at least once, never not at all.
 */
export class NoticeCourier {
  readonly #deps: DeliverNoticesDeps;
  readonly #busy = new Map<string, Promise<void>>();
  /** Channels that asked for a pause, and until when. */
  readonly #paused = new Map<string, number>();
  #waiting: WaitingNotices = { pending: 0, oldest_at: null, due: [] };
  readonly #stopping = new AbortController();
  #round: Promise<void> | null = null;
  #again = false;

  constructor(deps: DeliverNoticesDeps) {
    this.#deps = deps;
  }

  /** Something may be due: returns at once, never throws. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#again = true;
    this.#round ??= unfailing(
      this.#rounds().finally(() => {
        this.#round = null;
      }),
    );
  }

  /** What waited when it was last looked. */
  get waiting(): WaitingNotices {
    return this.#waiting;
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      try {
        await this.#look();
      } catch (error) {
        this.#deps.log.warn({ err: error }, "notices: the store could not be asked, and will be again");
      }
    }
  }

  /** Plans, and sees to it that every channel with something due is being served. Waits for no channel. */
  async #look(): Promise<void> {
    const { plan, notices, clock, notifiers } = this.#deps;
    await plan();
    this.#waiting = await notices.waiting(clock.now());
    for (const notifier of notifiers) if (this.#waiting.due.includes(notifier.channel)) this.#serve(notifier);
  }

  #serve(notifier: Notifier): void {
    const { channel } = notifier;
    if (this.#busy.has(channel)) return;
    const work = this.#deliver(notifier)
      .catch((error) => this.#deps.log.warn({ err: error, channel }, "notices: the store could not be asked"))
      .finally(() => this.#busy.delete(channel));
    this.#busy.set(channel, work);
  }

  async #deliver(notifier: Notifier): Promise<void> {
    const { notices, clock, newId } = this.#deps;
    const { channel } = notifier;
    let sent = false;
    while (!this.#stopping.signal.aborted && clock.now() >= (this.#paused.get(channel) ?? 0)) {
      const now = clock.now();
      const leased = await notices.lease(channel, newId(), now, now + LEASE_MS);
      if (leased === null) break;
      await this.#settle(leased, await notifier.send(leased));
      sent = true;
    }
    // What was written meanwhile may be due; with nothing sent it waits for the timer, so that this ends.
    if (sent) setImmediate(() => this.wake());
  }

  async #settle(leased: LeasedNotice, sent: SendOutcome): Promise<void> {
    const { notices, clock, metrics, log } = this.#deps;
    const now = clock.now();
    const settlement = this.#settlement(leased, sent, now);
    const ours = await this.#insist(() => notices.settle(leased, settlement, clock.now()), now + LEASE_MS);
    if (!ours) return;
    const { channel, notice_id, attempts } = leased;
    const outcome = settlement.state === "pending" ? "retried" : settlement.state;
    metrics.settled(channel, outcome);
    if (settlement.state === "sent") log.info({ notice_id, channel, attempts }, "notice sent");
    else log.warn({ notice_id, channel, attempts, reason: settlement.reason }, `notice ${outcome}`);
  }

  #settlement(leased: LeasedNotice, sent: SendOutcome, now: number): Settlement {
    const { backoff, random } = this.#deps;
    if (sent.outcome === "ok") return { state: "sent", ref: sent.ref };
    if (sent.outcome === "permanent") return { state: "dead", reason: sent.reason };
    const wait = retryAfter(backoff, leased.attempts, sent.after, random());
    if (sent.after !== null) this.#paused.set(leased.channel, now + wait);
    if (now + wait >= leased.give_up_at) return { state: "dead", reason: `given up: ${sent.reason}` };
    return { state: "pending", reason: sent.reason, next_attempt_at: now + wait };
  }

  /** What was sent and cannot be settled would be sent again: the store is asked until the lease ends anyway. */
  async #insist<T>(work: () => Promise<T>, until: number): Promise<T> {
    const { clock, sleep } = this.#deps;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (clock.now() + SETTLE_AGAIN_MS >= until || this.#stopping.signal.aborted) throw error;
        await sleep(SETTLE_AGAIN_MS, this.#stopping.signal).catch(() => {});
      }
    }
  }

  /** Starts nothing new. What is being sent is sent and settled, unless the channel takes too long: then its lease ends by itself. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const patience = new AbortController();
    const late = this.#deps.sleep(PATIENCE_MS, patience.signal).catch(() => {});
    await Promise.race([Promise.all([this.#round, ...this.#busy.values()]), late]);
    patience.abort();
    for (const notifier of this.#deps.notifiers) notifier.close();
  }
}
