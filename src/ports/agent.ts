import type { Committed } from "../domain/commit/committed.ts";
import type { ReportKind } from "../domain/reports/report.ts";

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

/** Whoever shows what is stored: /metrics, gates, events. `observe` is called after each commit, in commit order, and never throws. */
export interface AfterCommit {
  observe(committed: Committed): void;
}

/** What the agent measures of itself. Where nobody listens every method is cheap. */
export interface Telemetry {
  /** Times a commit of so many reports; its span links to the traces they come from. */
  commit<T>(reports: number, traceparents: readonly string[], work: () => Promise<T>): Promise<T>;
  reports(kind: ReportKind, outcome: "accepted" | "duplicate" | "rejected", count: number): void;
}
