import type { ReferenceTx, WindowStore, WindowTx } from "./ports/baselines/drift.ts";
import type { SchemaTx } from "./ports/baselines/schema.ts";
import type { CommitTx } from "./ports/commit.ts";
import type { GateStore, GateTx } from "./ports/gate.ts";
import type { HistoryStore } from "./ports/history.ts";
import type { NoticeTx } from "./ports/notices.ts";
import type { PipelineStore, PipelineTx } from "./ports/pipelines.ts";
import type { PolicyStore, ReplicaStore } from "./ports/replicas.ts";
import type { RunTx } from "./ports/runs.ts";

export type * from "./ports/agent.ts";
export type * from "./ports/baselines/drift.ts";
export type * from "./ports/baselines/schema.ts";
export type * from "./ports/commit.ts";
export type * from "./ports/gate.ts";
export type * from "./ports/history.ts";
export type * from "./ports/notices.ts";
export type * from "./ports/pipelines.ts";
export type * from "./ports/read/digest.ts";
export type * from "./ports/read/reader.ts";
export type * from "./ports/replicas.ts";
export type * from "./ports/runs.ts";
export type * from "./ports/sla.ts";

/**
 * The write side. Every method throws `StoreError`: `unavailable` (nothing was kept, or it cannot be known; try later),
 * `refused` (the data itself: the batch may be split to find it), `conflict` (another transaction was in the way; try at once), or
 * `broken` (a mistake of ours: trying again does not help).
 */
export interface Store extends PipelineStore, WindowStore, GateStore, HistoryStore, ReplicaStore, PolicyStore {
  /** All or nothing; resolves after the commit is durable. */
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
}

/**
 * Statements of one transaction, each of which touches its rows in key order: no deadlock between agents. The lock on the pipelines
 * comes first, then ids, references, runs, windows, evidence, the pipelines' rows and gates, as service/commit asks for them. They are
 * run in the order in which they are asked for; those that are asked for without waiting in between travel together (ports/together.ts).
 */
export interface StoreTx extends PipelineTx, CommitTx, RunTx, ReferenceTx, WindowTx, SchemaTx, GateTx, NoticeTx {}

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
