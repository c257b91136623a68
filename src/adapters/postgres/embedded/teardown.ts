import { unfailing } from "../../../ports/eager.ts";
import type { ServerLog } from "./server-log.ts";

/** Undoes the steps of a start, the last one first. A step that fails does not keep the others from being undone. */
export class Teardown {
  readonly #steps: Array<() => Promise<void>> = [];
  readonly #log: ServerLog;
  #running: Promise<void> | undefined;

  constructor(log: ServerLog) {
    this.#log = log;
  }

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  run(): Promise<void> {
    this.#running ??= unfailing(this.#undo());
    return this.#running;
  }

  async #undo(): Promise<void> {
    for (const step of this.#steps.reverse()) {
      await step().catch((error: unknown) => {
        this.#log.warn({ err: error }, "a step of stopping the embedded PostgreSQL failed");
      });
    }
  }
}
