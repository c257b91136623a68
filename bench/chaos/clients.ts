import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "./random.ts";
import type { ChaosReport, ReportMaker } from "./reports.ts";

export interface ClientsOptions {
  /** Where the next request goes. */
  url: () => string;
  count: number;
  maker: ReportMaker;
  random: Random;
}

/** What the clients were told over the whole run. */
export interface Told {
  /** Marks of the reports that were acknowledged. */
  acknowledged: string[];
  ids: number;
  /** Answers by status; 0: no answer came. */
  answers: Map<number, number>;
  /** What no client may be told. */
  violations: string[];
}

const PATHS: Record<string, string> = {
  quality: "/v1/quality",
  records: "/v1/records",
  latency: "/v1/latency",
  freshness: "/v1/freshness",
  run: "/v1/runs",
};

const RETRY_MS = 50;
const ANSWER_WITHIN_MS = 40_000;
const BATCH_SHARE = 0.3;
const LARGEST_BATCH = 40;

/** Clients that send single reports and batches and, like the SDKs, send the same again until it is acknowledged. */
export class Clients {
  readonly told: Told = { acknowledged: [], ids: 0, answers: new Map(), violations: [] };
  readonly #options: ClientsOptions;
  #sending = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sending = true;
    this.#running = Promise.all(Array.from({ length: this.#options.count }, () => this.#client()));
  }

  /** Nothing new is begun; resolves when all that was begun is acknowledged. */
  async drain(): Promise<void> {
    this.#sending = false;
    await this.#running;
  }

  async #client(): Promise<void> {
    const { maker, random } = this.#options;
    while (this.#sending) {
      const single = random.next() > BATCH_SHARE;
      const reports = Array.from({ length: single ? 1 : random.whole(2, LARGEST_BATCH) }, () => maker.next());
      while (!(await this.#send(reports, single))) await sleep(RETRY_MS);
      this.told.ids += reports.length;
      for (const { marks } of reports) this.told.acknowledged.push(...marks);
    }
  }

  /** Whether all of it was acknowledged. */
  async #send(reports: readonly ChaosReport[], single: boolean): Promise<boolean> {
    const bodies = reports.map(({ body }) => body);
    const answer = single ? await this.#post(singleBody(bodies[0]!)) : await this.#post(["/v1/reports", bodies]);
    if (answer === null) return false;
    const { status, retryAfter, text, ours } = answer;
    // A balancer says so that an agent went away, or that there is none.
    if (!ours && [502, 503, 504].includes(status)) return false;
    if (status === 503) {
      if (retryAfter === null) this.told.violations.push(`503 without Retry-After: ${text}`);
      return false;
    }
    if (status !== 200) {
      this.told.violations.push(`${status}: ${text.slice(0, 300)}`);
      return status < 500;
    }
    return single || this.#allTaken(text, reports.length);
  }

  #allTaken(text: string, sent: number): boolean {
    const { accepted, duplicates, rejected } = JSON.parse(text) as {
      accepted: number;
      duplicates: number;
      rejected: unknown[];
    };
    if (accepted + duplicates !== sent) {
      this.told.violations.push(
        `a batch of ${sent}: ${accepted} accepted, ${duplicates} duplicates, ${JSON.stringify(rejected)}`,
      );
    }
    return true;
  }

  async #post([path, body]: [string, unknown]): Promise<{
    status: number;
    retryAfter: string | null;
    text: string;
    /** Whether an agent said it. */
    ours: boolean;
  } | null> {
    let status = 0;
    try {
      const response = await fetch(this.#options.url() + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      status = response.status;
      const { headers } = response;
      const ours = headers.get("content-type")?.includes("json") === true;
      return { status, retryAfter: headers.get("retry-after"), text, ours };
    } catch {
      return null;
    } finally {
      this.told.answers.set(status, (this.told.answers.get(status) ?? 0) + 1);
    }
  }
}

function singleBody({ kind, ...body }: ChaosReport["body"]): [string, unknown] {
  return [PATHS[kind]!, body];
}
