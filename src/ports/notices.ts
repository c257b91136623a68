import type { Plan, PlanInput, Planned } from "../domain/notices/plan/planned.ts";
import type { NoticeSeverity, TroubleChange } from "../domain/notices/trouble.ts";
import type { NoticeMessage } from "../domain/notices/words/message.ts";

/** The part of a transaction that is about notices. The pipelines are locked. */
export interface NoticeTx {
  /** One change a pipeline. What ends a trouble that nobody knows of is not kept. */
  saveTroubles(changes: readonly TroubleChange[], now: number): Promise<void>;
}

/** A message for the outbox. */
export interface NewNotice {
  notice_id: string;
  channel: string;
  message: NoticeMessage;
  /** All that it is about, those that the message does not show as well. */
  pipeline_names: readonly string[];
  /** Not kept where a notice with the same text is there already; null: it is said each time. */
  once: string | null;
}

export interface PlannedNotice {
  planned: Planned;
  notice: NewNotice;
}

/** A notice that is ours to send until the lease ends. */
export interface LeasedNotice {
  notice_id: string;
  lease: string;
  channel: string;
  message: NoticeMessage;
  /** This one included. */
  attempts: number;
  created_at: number;
  /** From then on it is dead when it fails again. */
  give_up_at: number;
  thread: SendingThread | null;
}

export interface SendingThread {
  thread_id: number;
  /** What the channel answered to the first message; null: this is the first, or none arrived. */
  ref: unknown;
}

/** What became of an attempt. `reason` holds no secret. */
export type Settlement =
  | { state: "sent"; ref: unknown }
  | { state: "pending"; reason: string; next_attempt_at: number }
  | { state: "dead"; reason: string };

export type NoticeState = "pending" | "sent" | "dead";

export interface NoticeRow {
  seq: number;
  notice_id: string;
  kind: NoticeMessage["kind"];
  /** null: it is about several, or none. */
  pipeline_name: string | null;
  code: string | null;
  severity: NoticeSeverity;
  state: NoticeState;
  channel: string;
  title: string;
  created_at: number;
  sent_at: number | null;
  attempts: number;
  next_attempt_at: number | null;
  last_error: string | null;
}

export interface NoticeFilter {
  pipeline_name: string | null;
  state: NoticeState | null;
  allowed: string[] | null;
  /** The `seq` of the last one that was seen. */
  after: number | null;
  limit: number;
}

/** Notices that are neither sent nor dead, and the channels of those that are due. */
export interface WaitingNotices {
  pending: number;
  /** When the oldest was made; null: none waits. */
  oldest_at: number | null;
  /** Channels of which one is due. */
  due: string[];
  /** Channels of all of them. */
  channels: string[];
}

export interface AbandonedNotice {
  notice_id: string;
  channel: string;
}

/** Troubles, threads and the outbox. Times: milliseconds. Methods throw StoreError. */
export interface NoticeStore {
  /**
   * Hands what may need saying to `work` and keeps what it plans, in one transaction; of several agents one plans at a time,
   * the others go away with nothing. Troubles that are due by `horizon` come along with those that are due now.
   * Answers how many messages were kept.
   */
  plan(
    now: number,
    horizon: number,
    work: (input: Omit<PlanInput, "mutes">) => Promise<{ looks: Plan["looks"]; notices: PlannedNotice[] }>,
  ): Promise<number>;
  /** Every open trouble is looked at again: what it is told to may have changed. */
  lookAgain(now: number): Promise<void>;
  /** Messages that belong to no trouble. Answers how many of them are new. */
  add(notices: readonly NewNotice[], now: number): Promise<number>;
  /** The next one that is due on the channel; of a thread only its first that is not settled. null: none. */
  lease(channel: string, lease: string, now: number, until: number): Promise<LeasedNotice | null>;
  /** false: the lease had ended, and somebody else has the notice. */
  settle(leased: LeasedNotice, settlement: Settlement, now: number): Promise<boolean>;
  /**
   * Other channels than these are gone: what waits for one ends as dead, for this reason, unless it is being sent; its threads
   * are over, and what it was told is forgotten. Answers what ended so.
   */
  abandon(kept: readonly string[], reason: string, now: number): Promise<AbandonedNotice[]>;
  waiting(now: number): Promise<WaitingNotices>;
  list(filter: NoticeFilter): Promise<NoticeRow[]>;
  /** Sends it again, whatever became of it. null: there is none, or it is not to be seen. */
  resend(notice_id: string, allowed: string[] | null, now: number, give_up_at: number): Promise<NoticeRow | null>;
  /** Deletes what is older, and waits for nothing. */
  forget(before: number): Promise<void>;
}

/** What became of a message that was handed to a channel. `reason` is for people and holds no secret. */
export type SendOutcome =
  | { outcome: "ok"; ref: unknown }
  /** Trying again may help, not sooner than after so many milliseconds where the channel said so. */
  | { outcome: "retry"; reason: string; after: number | null }
  /** Trying again would not help. */
  | { outcome: "permanent"; reason: string };

/** Sends and classifies, and nothing else: when to try again is decided in one place. Never throws, never logs. */
export interface Notifier {
  /** The name of the channel. */
  readonly channel: string;
  /** It keeps the messages of a thread together. */
  readonly threads: boolean;
  /** Ends within the lease. The same notice may be sent twice after a crash: `notice_id` tells. */
  send(notice: Pick<LeasedNotice, "notice_id" | "message" | "thread">): Promise<SendOutcome>;
  close(): void;
}

/** What the agent measures of its notices. */
export interface NoticeMetrics {
  settled(channel: string, outcome: "sent" | "retried" | "dead"): void;
}
