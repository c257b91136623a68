import { unfailing } from "../../ports/eager.ts";
import type { Log } from "../../ports.ts";

export type OnStop = (name: string, run: () => Promise<unknown> | unknown) => void;

/** Undoes what was set up, last in first out. Running it twice is harmless, and a step that fails does not keep the others. */
export class Teardown {
  readonly #log: Pick<Log, "error">;
  readonly #steps: { name: string; run: () => Promise<unknown> | unknown }[] = [];
  #running: Promise<void> | null = null;

  constructor(log: Pick<Log, "error">) {
    this.#log = log;
  }

  add(name: string, run: () => Promise<unknown> | unknown): void {
    this.#steps.push({ name, run });
  }

  run(): Promise<void> {
    this.#running ??= unfailing(this.#run());
    return this.#running;
  }

  async #run(): Promise<void> {
    for (const { name, run } of this.#steps.reverse()) {
      try {
        await run();
      } catch (error) {
        this.#log.error({ err: error }, `stopping: ${name}`);
      }
    }
  }
}
