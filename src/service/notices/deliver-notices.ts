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
  /** The notifiers at the start, one a channel; `replace` exchanges them. */
  notifiers: readonly Notifier[];
  clock: Clock;
  log: Log;
  metrics: NoticeMetrics;
  /** Writes the notices that are due into the outbox. */
  plan: () => Promise<unknown>;
  newId: () => string;
  /** In [0, 1). */
  random: () => number;
  /** May reject when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  backoff: Backoff;
}

/** A lease outlasts every send: an agent that has not settled by its end has died. */
export const LEASE_MS = 60_000;
const SETTLE_AGAIN_MS = 500;
/** The agent stops within 10 s in all: the rest belongs to others. */
const STOP_TIMEOUT_MS = 4000;
const NO_SUCH_CHANNEL = "the channel is no longer configured";

/**
 * Leases the notices that are due, sends them and settles them. Each channel sends by itself, one message at a time: a slow
 * channel delays no other. Several agents may deliver at once: a lease has one holder. Delivery is at least once: when an agent
 * dies between sending and settling, its lease ends and the notice is sent again.
 */
export class NoticeCourier {
  readonly #deps: DeliverNoticesDeps;
  #notifiers: readonly Notifier[];
  /** `replace` was called, and the store does not know yet which channels are left. */
  #replaced = false;
  readonly #busy = new Map<string, Promise<void>>();
  /** The end of the pause that a channel asked for, by channel. */
  readonly #paused = new Map<string, number>();
  #waiting: WaitingNotices = { pending: 0, oldest_at: null, due: [], channels: [] };
  readonly #stopping = new AbortController();
  #round: Promise<void> | null = null;
  #again = false;

  constructor(deps: DeliverNoticesDeps) {
    this.#deps = deps;
    this.#notifiers = deps.notifiers;
  }

  /** Starts a round, as something may be due. Returns at once and never throws. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#again = true;
    this.#round ??= unfailing(
      this.#rounds().finally(() => {
        this.#round = null;
      }),
    );
  }

  /**
   * Delivers through these notifiers from now on. A notifier of both lists goes on undisturbed. One that is missing from the new
   * list finishes its message and is closed; until then its channel starts no other. Notices of channels that are gone end as dead.
   */
  replace(notifiers: readonly Notifier[]): void {
    const retired = this.#notifiers.filter((notifier) => !notifiers.includes(notifier));
    this.#notifiers = notifiers;
    this.#replaced = true;
    for (const notifier of retired) {
      this.#paused.delete(notifier.channel);
      const sending = this.#busy.get(notifier.channel) ?? Promise.resolve();
      unfailing(sending.then(() => notifier.close()));
    }
    this.wake();
  }

  /** What the store had waiting in the last round. */
  get waiting(): WaitingNotices {
    return this.#waiting;
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false;
      try {
        await this.#startDue();
      } catch (error) {
        this.#deps.log.warn({ err: error }, "notices: the store could not be asked, and will be again");
      }
    }
  }

  /** Plans, and starts each channel that has a notice due. Does not wait for the channels. */
  async #startDue(): Promise<void> {
    const { plan, notices, clock } = this.#deps;
    await plan();
    this.#waiting = await notices.waiting(clock.now());
    await this.#abandon();
    for (const notifier of this.#notifiers) if (this.#waiting.due.includes(notifier.channel)) this.#serve(notifier);
  }

  async #abandon(): Promise<void> {
    const { notices, clock, metrics, log } = this.#deps;
    const channels = this.#notifiers.map(({ channel }) => channel);
    if (!this.#replaced && this.#waiting.channels.every((channel) => channels.includes(channel))) return;
    this.#replaced = false;
    for (const { notice_id, channel } of await notices.abandon(channels, NO_SUCH_CHANNEL, clock.now())) {
      metrics.settled(channel, "dead");
      log.warn({ notice_id, channel, reason: NO_SUCH_CHANNEL }, "notice dead");
    }
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
    const serves = () => !this.#stopping.signal.aborted && this.#notifiers.includes(notifier);
    while (serves() && clock.now() >= (this.#paused.get(channel) ?? 0)) {
      const now = clock.now();
      const leased = await notices.lease(channel, newId(), now, now + LEASE_MS);
      if (leased === null) break;
      await this.#settle(leased, await notifier.send(leased));
      sent = true;
    }
    // A notice may have become due while this one was sent. With nothing sent the timer wakes: otherwise this would never end.
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

  /** Tries until the lease ends: a notice that was sent and is not settled would be sent again. */
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

  /** Starts nothing new; waits until open messages are sent and settled, up to STOP_TIMEOUT_MS. After that a lease ends by itself. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const timeout = new AbortController();
    const late = this.#deps.sleep(STOP_TIMEOUT_MS, timeout.signal).catch(() => {});
    await Promise.race([Promise.all([this.#round, ...this.#busy.values()]), late]);
    timeout.abort();
    for (const notifier of this.#notifiers) notifier.close();
  }
}
