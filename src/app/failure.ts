import type { Log } from "../ports.ts";

/** That the agent cannot go on, and why. */
export interface Failure {
  /** Resolves with the reason, in a sentence, once there is one. Never rejects. */
  readonly failed: Promise<string>;
  /** The first reason stands. */
  fail(reason: string): void;
  /** An error that nobody handled: what it left half done is unknown, so that the agent finishes what it took and ends. */
  crash(error: unknown): void;
}

export function createFailure(log: Log & { fatal: Log["error"] }): Failure {
  let resolveFailed: (reason: string) => void;
  const failed = new Promise<string>((resolve) => {
    resolveFailed = resolve;
  });
  const fail = (reason: string) => resolveFailed(reason);
  return {
    failed,
    fail,
    crash(error) {
      log.fatal({ err: error }, "an error that nobody handled: the agent finishes what it took and ends");
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      fail(`an error that nobody handled ends the agent: ${message.split("\n")[0]} (the log has more)`);
    },
  };
}
