import type { Committed } from "./domain/commit/committed.ts";
import type { Tally } from "./domain/commit/tally.ts";
import type { Rejection } from "./domain/reports/rejection.ts";
import type { ReportKind } from "./domain/reports/report.ts";
import type { RunSpan } from "./domain/runs/run-span.ts";
import type { Answer } from "./ports/answers.ts";
import type { DueWindows, ReferenceTx, WindowTx } from "./ports/drift.ts";
import type { GateTx } from "./ports/gate.ts";
import type { NoticeTx } from "./ports/notices.ts";
import type { PipelineRow } from "./ports/pipeline-row.ts";
import type { RunTx } from "./ports/runs.ts";

export type * from "./ports/answers.ts";
export type * from "./ports/digest.ts";
export type * from "./ports/drift.ts";
export type * from "./ports/gate.ts";
export type * from "./ports/notices.ts";
export type * from "./ports/pipeline-row.ts";
export type * from "./ports/reader.ts";
export type * from "./ports/runs.ts";

/** Structured log, pino's shape: fields first. No secret and no report content goes in. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Milliseconds since 1970, UTC. */
export interface Clock {
  now(): number;
}

/** The view of the store that Prometheus scrapes. `observe` is called after a commit, in commit order, and never throws. */
export interface Metrics {
  observe(committed: Committed): void;
}

/** What the agent measures of itself. Where nobody listens every method is cheap. */
export interface Telemetry {
  /** Times a commit of so many reports; its span links to the traces they come from. */
  commit<T>(reports: number, traceparents: readonly string[], work: () => Promise<T>): Promise<T>;
  reports(kind: ReportKind, outcome: "accepted" | "duplicate" | "rejected", count: number): void;
}

/** 16-byte hashes as 32 hexadecimal digits: of (API key, id), and of the report's canonical content. */
export interface ReportKey {
  id_hash: string;
  content_hash: string;
}

/** A rejection of a pipeline that the transaction has locked. */
export interface PlacedRejection {
  rejection: Rejection;
  pipeline: PipelineRow;
  /** The run it belongs to, where that is known; null: the one that the rejection names, or was going on then. */
  run_key: number | null;
}

/** What a transaction needs to have ready before it starts: ids of names, and partitions for the months it writes. */
export interface Preparation {
  pipeline_names: Iterable<string>;
  /** By pipeline, the API key that names it: kept of those that are new. */
  key_names?: ReadonlyMap<string, string>;
  /** Stages, parts, checks, operations, datasets. */
  names: Iterable<string>;
  /** The `at` of each report, milliseconds. */
  times: Iterable<number>;
}

/**
 * The write side. Every method throws `StoreError`: `unavailable` (nothing was kept, or it cannot be known; try later),
 * `refused` (the data itself: the batch may be split to find it), `conflict` (another transaction was in the way; try at once), or
 * `broken` (a mistake of ours: trying again does not help).
 */
export interface Store {
  prepare(preparation: Preparation): Promise<void>;
  /** Which of these pipelines there are: a transaction may lock them as if they had been prepared. None is made. */
  findPipelines(names: readonly string[]): Promise<string[]>;
  /** All or nothing; resolves after the commit is durable. */
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
  /** Every total and state that the metrics show (of these pipelines only), and which are archived, in parts of bounded size. */
  restore(names?: readonly string[]): AsyncIterable<Committed>;
  /** What is due for closing by `now`, the earliest first, after the one given. */
  dueWindows(now: number, after: DueWindows | null, limit: number): Promise<DueWindows[]>;
  /** Drops history from before that time (milliseconds), in whole months; answers what was dropped. */
  dropHistory(before: number): Promise<string[]>;
  deleteReportIds(before: number): Promise<number>;
  /** Pipelines that reported and whose gate was never decided (by an older version of the agent). */
  undecidedPipelines(): Promise<string[]>;
  /** Gives pipelines another name, with all their history, where nothing goes by the new one; answers which. */
  renamePipelines(names: Readonly<Record<string, string>>): Promise<string[]>;
}

/**
 * Statements of one transaction, to be called in this order, each touching its rows in key order: no deadlock between agents.
 * They are run in the order in which they are asked for; those that are asked for without waiting in between travel together (ports/together.ts).
 */
export interface StoreTx extends GateTx, NoticeTx, ReferenceTx, RunTx, WindowTx {
  /** Locks the pipelines until the end of the transaction, so that whoever reports to the same ones waits. */
  lockPipelines(names: readonly string[]): Promise<Map<string, PipelineRow>>;
  /** Inserts the ids and gives back those that were there before. */
  admit(keys: readonly ReportKey[], now: number): Promise<Map<string, { content_hash: string; answer: Answer | null }>>;
  /** Keeps what could not be used with the runs it is about, as far as there are such; answers the pipelines where that changed something. */
  saveRejected(rejections: readonly PlacedRejection[], now: number): Promise<Set<number>>;
  /** The runs of each pipeline that were reported with a run_id, around a time; one answer for each. */
  runSpans(asked: readonly { pipeline_id: number; around: number }[]): Promise<RunSpan[][]>;
  /** Adds the tally to rows, evidence, rollups and totals; answers what the touched series show now. */
  saveTally(tally: Tally, now: number): Promise<Committed>;
  savePipelines(rows: readonly PipelineRow[]): Promise<void>;
  saveAnswers(answers: readonly { id_hash: string; answer: Answer }[]): Promise<void>;
  /** Ends the transaction; asked for together with the last writes it saves a way to the store and back. */
  commit(): Promise<void>;
  /** The check and feature gauges that are to be shown of these pipelines, after runs changed their order. */
  gauges(rows: readonly PipelineRow[]): Promise<Committed["rechecked"]>;
}

export class StoreError extends Error {
  readonly reason: "unavailable" | "refused" | "conflict" | "broken";
  /** The SQLSTATE, where the server said one. */
  readonly sqlstate: string | undefined;

  constructor(
    reason: StoreError["reason"],
    message: string,
    options: { sqlstate?: string | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "StoreError";
    this.reason = reason;
    this.sqlstate = options.sqlstate;
  }
}
