import type { Gate, GateOptions } from "./gate/gate.ts";
import type { Pipeline } from "./pipeline.ts";
import type { ReportBody } from "./report/wire.ts";
import type { Stats } from "./stats.ts";

export interface Client {
  pipeline(name: string): Pipeline;
  gate(name: string, options?: GateOptions): Gate;
  /** Any report of POST /v1/reports as it is; it gets an id and, unless it has one, `at`. */
  report(report: ReportBody): void;
  /**
   * Hands over what was reported. In an edge runtime, wait for it before the request ends: `context.waitUntil(client.flush())`.
   *
   * @returns true once the agent has everything; false when it has not after the deadline (default: flushDeadlineSeconds)
   */
  flush(options?: { deadlineSeconds?: number }): Promise<boolean>;
  stats(): Stats;
  /** Flushes, leaves the rest to the spool, and ends. What is reported later is dropped. Processes that just end need not call it. */
  close(): Promise<void>;
}
