import { setTimeout as sleep } from "node:timers/promises";

const RETRY_MS = 50;
const ANSWER_WITHIN_MS = 10_000;

/** Sends a report to any agent until one has it, as a client does, and keeps what it was answered otherwise. */
export class Sender {
  /** What was not answered with 200; 0: no answer came. */
  readonly failures: { at: number; status: number; path: string }[] = [];
  readonly #any: () => string;

  constructor(any: () => string) {
    this.#any = any;
  }

  async insist(path: string, body: { id: string; [key: string]: unknown }): Promise<void> {
    while (!(await this.#once(path, { method: "POST", body: JSON.stringify(body) }))) await sleep(RETRY_MS);
  }

  /** Asks once. Where nobody answers: null. */
  ask(path: string): Promise<string | null> {
    return this.#once(path, { method: "GET" });
  }

  async #once(path: string, request: { method: string; body?: string }): Promise<string | null> {
    let status = 0;
    try {
      const answer = await fetch(this.#any() + path, {
        ...request,
        headers: { "content-type": "application/json" },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await answer.text();
      status = answer.status;
      if (status === 200) return text;
    } catch {
      // Counted below: the client tries again.
    }
    this.failures.push({ at: performance.now(), status, path });
    return null;
  }
}
