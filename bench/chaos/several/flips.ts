import { setTimeout as sleep } from "node:timers/promises";

/** After which an agent that cannot hear says `unknown`, and what a question may take. */
const BOUND_MS = 5_000 + 1_500;
const RETRY_MS = 50;
const ANSWER_WITHIN_MS = 1_000;

/**
 * A gate that opens and closes again and again, reported to any agent and asked of all of them: no agent lets a run pass that is
 * known to be bad for longer than the bound.
 */
export class Flips {
  readonly violations: string[] = [];
  readonly acknowledged: string[] = [];
  readonly lags: number[] = [];
  readonly #all: () => string[];
  readonly #any: () => string;
  #ids = 0;
  #serial = 0;
  #flipping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(all: () => string[], any: () => string) {
    this.#all = all;
    this.#any = any;
  }

  get ids(): number {
    return this.#ids;
  }

  start(): void {
    this.#flipping = true;
    this.#running = this.#run();
  }

  async drain(): Promise<void> {
    this.#flipping = false;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#flipping) {
      const run_id = `flip-${++this.#serial}`;
      await this.#check(run_id, 1);
      await this.#report("/v1/runs", { run_id, status: "success" }, `run ${run_id} success`);
      await this.#check(run_id, 0.9);
      const closed = performance.now();
      await Promise.all(this.#all().map((url) => this.#watch(url, run_id, closed)));
    }
  }

  /** Each has a score that no other report has. */
  async #check(run_id: string, about: number): Promise<void> {
    const parts = Math.round(about * 1e7) - this.#serial;
    const body = { run_id, check_name: "flip", score: parts / 1e7, threshold: 0.95 };
    await this.#report("/v1/quality", body, `quality ${parts}`);
  }

  /** Sent to any agent until one has it. */
  async #report(path: string, body: object, mark: string): Promise<void> {
    const id = `${mark} flips`;
    for (;;) {
      const answer = await fetch(this.#any() + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id, pipeline_name: "flip", ...body }),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => null);
      await answer?.arrayBuffer().catch(() => {});
      if (answer?.status === 200) break;
      await sleep(RETRY_MS);
    }
    this.#ids++;
    this.acknowledged.push(mark);
  }

  /** Until this agent says that the gate is closed, is away, or the bound is over. */
  async #watch(url: string, run_id: string, closed: number): Promise<void> {
    for (;;) {
      const asked = performance.now();
      const answer = await fetch(`${url}/v1/gates/flip`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
        .then(async (response) => (response.status === 200 ? ((await response.json()) as { decision: string }) : null))
        .catch(() => null);
      if (answer === null || answer.decision === "unknown") return;
      if (answer.decision === "block") {
        this.lags.push(performance.now() - closed);
        return;
      }
      if (asked - closed > BOUND_MS) {
        this.violations.push(
          `${url} says ${answer.decision} of ${run_id} ${Math.round(asked - closed)} ms after it was closed`,
        );
        return;
      }
    }
  }
}
