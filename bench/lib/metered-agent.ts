import { startDebianPostgres } from "../../test/support/debian-postgres.ts";
import { type Agent, startAgent } from "./agent.ts";
import { nextPrefix } from "./load-prefix.ts";
import { type Cost, Meter } from "./meter.ts";
import { wrk } from "./wrk.ts";

/** Clients that send single reports, and pipelines that they are of. */
export const CONNECTIONS = 64;
export const PIPELINES = 1000;
/** Reports of a batch, and clients that send batches. */
export const ITEMS = 1000;
export const BATCH_CLIENTS = 4;

export type Load = Cost & { reports: number; rate: number; p50_ms: number; p99_ms: number };

/** The agent on a PostgreSQL of its own, and what loads of reports cost the two of them. */
export class MeteredAgent {
  readonly agent: Agent;
  readonly database_url: string;
  readonly #meter: Meter;
  readonly #dispose: () => Promise<void>;

  private constructor(agent: Agent, database_url: string, meter: Meter, dispose: () => Promise<void>) {
    this.agent = agent;
    this.database_url = database_url;
    this.#meter = meter;
    this.#dispose = dispose;
  }

  static async start(): Promise<MeteredAgent> {
    const postgres = await startDebianPostgres();
    const agent = await startAgent({ database_url: postgres.url });
    const meter = await Meter.on(agent.pid, postgres.url);
    return new MeteredAgent(agent, postgres.url, meter, async () => {
      await meter.stop();
      await agent.dispose();
      await postgres.dispose();
    });
  }

  /** Single reports: 64 clients, 1 000 pipelines, runs that go on (of kind run: each second report ends one). */
  singles(kind: "quality" | "records" | "run", seconds: number): Promise<Load> {
    return this.#load("reports", CONNECTIONS, 1, [kind, PIPELINES, nextPrefix()], seconds);
  }

  /** Batches of 1 000 reports from 4 clients, their reports of so many pipelines in turn. */
  batches(kind: "quality" | "mixed", pipelines: number, seconds: number): Promise<Load> {
    return this.#load("batches", BATCH_CLIENTS, ITEMS, [kind, ITEMS, pipelines, nextPrefix()], seconds);
  }

  async dispose(): Promise<void> {
    await this.#dispose();
  }

  #load(script: string, connections: number, items: number, args: readonly (string | number)[], seconds: number) {
    return this.#meter.during(async () => {
      const options = { url: this.agent.url, script, connections, seconds, args };
      const { requests, rate, errors, p50_ms, p99_ms } = await wrk(options);
      if (errors > 0) throw new Error(`${errors} requests were not accepted:\n${this.agent.errors}`);
      if (requests === 0) throw new Error(`nothing was acknowledged within ${seconds} s: ask for more --seconds`);
      return { reports: requests * items, rate: rate * items, p50_ms, p99_ms };
    });
  }
}
