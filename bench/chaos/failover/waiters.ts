import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, createClient } from "../../../src/client/index.ts";
import type { Random } from "../random.ts";
import type { Load } from "../several/load.ts";

/** Where what waiters report lies among the marks of quality: no other report has such a score. */
const GOOD = 6_000_000;
const BAD = 4_000_000;
const THRESHOLD = 0.5;
const LANES = 4;
const WAIT = "150s";
const SILENT = { warn() {}, error() {} };

/**
 * Runs that are reported with the TypeScript client, each waited for with another one: whoever waits is answered by what the run
 * said, whatever becomes of the agents meanwhile.
 */
export class Waiters implements Load {
  readonly violations: string[] = [];
  readonly acknowledged: string[] = [];
  /** Waits that were answered right, and how long the slowest of them took after its run had ended, in milliseconds. */
  answered = 0;
  slowest = 0;
  readonly #random: Random;
  readonly #reporter: Client;
  readonly #asker: Client;
  readonly #spool: string;
  readonly #reported: string[] = [];
  #serial = 0;
  #going = false;
  #running: Promise<unknown> = Promise.resolve();

  private constructor(url: string, random: Random, spool: string) {
    this.#random = random;
    this.#spool = spool;
    this.#reporter = createClient({ url, spool, signals: false, logger: SILENT });
    this.#asker = createClient({ url, spool: false, signals: false, logger: SILENT });
  }

  static async open(url: string, random: Random): Promise<Waiters> {
    return new Waiters(url, random, await mkdtemp(join(tmpdir(), "sluice-chaos-spool-")));
  }

  get ids(): number {
    const { sent, duplicates } = this.#reporter.stats();
    return sent + duplicates;
  }

  start(): void {
    this.#going = true;
    this.#running = Promise.all(Array.from({ length: LANES }, (_, lane) => this.#lane(lane)));
  }

  async drain(): Promise<void> {
    this.#going = false;
    await this.#running;
    if (!(await this.#reporter.flush({ deadlineSeconds: 60 }))) this.violations.push("a client could not hand over");
    this.acknowledged.push(...this.#reported.splice(0));
    const { dropped, dead, spooled, queued } = this.#reporter.stats();
    if (dropped + dead + spooled + queued > 0) {
      this.violations.push(`a client kept reports back: ${JSON.stringify(this.#reporter.stats())}`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#reporter.close(), this.#asker.close()]);
    await rm(this.#spool, { recursive: true, force: true });
  }

  async #lane(lane: number): Promise<void> {
    const pipeline_name = `waited_${lane}`;
    while (this.#going) {
      const serial = ++this.#serial;
      const run_id = `wait-${serial}`;
      const good = this.#random.next() < 0.5;
      const parts = (good ? GOOD : BAD) + serial;
      const gate = this.#asker.gate(pipeline_name, { onUnreachable: "block" });
      const asked = gate.decision({ run_id, wait: WAIT });
      await this.#reporter.pipeline(pipeline_name).run(
        async (run) => {
          run.quality("waited", parts / 1e7, { threshold: THRESHOLD });
          await sleep(this.#random.whole(0, 1500));
        },
        { run_id },
      );
      const ended = performance.now();
      this.#reported.push(`quality ${parts}`, `run ${run_id} started`, `run ${run_id} success`);
      const { decision, reasons, unreachable } = await asked;
      this.slowest = Math.max(this.slowest, performance.now() - ended);
      const right = good ? "pass" : "block";
      if (decision === right) this.answered++;
      else {
        const why = unreachable ?? reasons.map(({ code }) => code).join(", ");
        this.violations.push(`who waited for ${run_id} was answered ${decision} (${why}), and ${right} is right`);
      }
    }
  }
}
