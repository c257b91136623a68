import { setTimeout as sleep } from "node:timers/promises";
import type { Sender } from "./sender.ts";

/** After which an agent that cannot hear says `unknown`, and what a question may take. */
const BOUND_MS = 5_000 + 1_500;
const ANSWER_WITHIN_MS = 1_000;
const ASK_EVERY_MS = 50;

interface Decision {
  decision: string;
  allowed: boolean;
  run_id: string | null;
  reasons: { code: string }[];
}

/**
 * A gate that opens and closes again and again, reported to any agent and asked of all of them all the time: no agent lets a run pass
 * that is known to be bad for longer than the bound.
 */
export class Flips {
  readonly violations: string[] = [];
  readonly acknowledged: string[] = [];
  readonly lags: number[] = [];
  /** How often each decision was heard. */
  readonly heard = new Map<string, number>();
  readonly #all: () => string[];
  readonly #sender: Sender;
  /** When each run was closed for all, by its run_id. */
  readonly #closed = new Map<string, number>();
  #ids = 0;
  #serial = 0;
  #flipping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(all: () => string[], sender: Sender) {
    this.#all = all;
    this.#sender = sender;
  }

  get ids(): number {
    return this.#ids;
  }

  start(): void {
    this.#flipping = true;
    this.#running = Promise.all([this.#run(), ...this.#all().map((_, which) => this.#keepAsking(which))]);
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
      this.#closed.set(run_id, closed);
      await Promise.all(this.#all().map((url) => this.#untilClosed(url, closed)));
    }
  }

  /** Each has a score that no other report has. */
  async #check(run_id: string, about: number): Promise<void> {
    const parts = Math.round(about * 1e7) - this.#serial;
    const body = { run_id, check_name: "flip", score: parts / 1e7, threshold: 0.95 };
    await this.#report("/v1/quality", body, `quality ${parts}`);
  }

  async #report(path: string, body: object, mark: string): Promise<void> {
    await this.#sender.insist(path, { id: `${mark} flips`, pipeline_name: "flip", ...body });
    this.#ids++;
    this.acknowledged.push(mark);
  }

  /** Until this agent says that the gate is closed, does not know, is away, or the bound is over. */
  async #untilClosed(url: string, closed: number): Promise<void> {
    while (performance.now() - closed <= BOUND_MS) {
      const said = await this.#ask(url);
      if (said === null || said.decision === "unknown") return;
      if (said.decision === "block") {
        this.lags.push(performance.now() - closed);
        return;
      }
    }
  }

  /** Also of an agent that is asleep, cut off, or has just come back. */
  async #keepAsking(which: number): Promise<void> {
    for (; this.#flipping; await sleep(ASK_EVERY_MS)) {
      const url = this.#all()[which]!;
      const asked = performance.now();
      const said = await this.#ask(url);
      if (said === null) continue;
      const words = [said.decision, ...said.reasons.map(({ code }) => code)].join(" ");
      this.heard.set(words, (this.heard.get(words) ?? 0) + 1);
      const late = asked - (this.#closed.get(said.run_id ?? "") ?? asked);
      if (!said.allowed || late <= BOUND_MS) continue;
      this.violations.push(`${url} says ${said.decision} of ${said.run_id} ${Math.round(late)} ms after it was closed`);
    }
  }

  #ask(url: string): Promise<Decision | null> {
    return fetch(`${url}/v1/gates/flip`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
      .then(async (response) => (response.status === 200 ? ((await response.json()) as Decision) : null))
      .catch(() => null);
  }
}
