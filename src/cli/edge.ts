import type { Environment } from "../config.ts";

/** What a command sees of the process around it. */
export interface Edge {
  env: Environment;
  /** Where relative paths start. */
  directory: string;
  /** To standard output: what was asked for. Ends the line. */
  out(text: string): void;
  /** To standard error: everything else. Ends the line. */
  err(text: string): void;
  /** Which of the two is a terminal: colours and progress bars go nowhere else. */
  terminal: { out: boolean; err: boolean };
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /**
   * Resolves when the process is asked to stop. From then on it has 10 seconds on top of these milliseconds, and being asked
   * again ends it at once. Until this is called a signal ends the process as usual.
   */
  stopRequested(delay_ms: number): Promise<void>;
  /**
   * Calls back with each error that nobody handled: an exception or the failure of a promise. From then on the process does not
   * end by itself; until this is called such an error ends it as usual.
   */
  onCrash(listener: (error: unknown) => void): void;
  /** Calls back when the process is asked to read its configuration again; answers how to stop that. */
  onReload(listener: () => void): () => void;
}
