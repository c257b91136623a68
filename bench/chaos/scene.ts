import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../scripts/lib/free-port.mjs";
import { processesUsing } from "../../test/support/embedded-processes.ts";
import { type Agent, startAgent } from "../lib/agent.ts";
import { answers } from "../lib/servers.ts";
import { Clients, type Told } from "./clients.ts";
import { gateProblems } from "./gates.ts";
import { type Query, violations } from "./invariants.ts";
import { Random } from "./random.ts";
import { ReportMaker } from "./reports.ts";

export interface SceneOptions {
  seed: number;
  /** Absent: the embedded server. */
  database_url?: string;
  clients?: number;
  /** Each pipeline has a run that does not end: see ReportMaker. */
  runs_go_on?: boolean;
  /** How to reach the store, once the agent runs. */
  connection: (dataDir: string) => string | pg.ClientConfig;
}

const READY_WITHIN_MS = 60_000;

/** An agent under load, at an address that outlives it, and everything that its clients were told. */
export class Scene {
  readonly random: Random;
  readonly dataDir: string;
  agent: Agent;
  readonly #clients: Clients;
  readonly #options: SceneOptions;
  readonly #port: number;

  private constructor(options: SceneOptions, dataDir: string, port: number, agent: Agent) {
    this.#options = options;
    this.dataDir = dataDir;
    this.#port = port;
    this.agent = agent;
    this.random = new Random(options.seed);
    // The clients draw as the answers come, so they have their own: the faults' moments are the seed's alone.
    const random = new Random(options.seed + 1);
    const maker = new ReportMaker(random, Date.now(), options.runs_go_on);
    this.#clients = new Clients({ url: () => agent.url, count: options.clients ?? 8, maker, random });
  }

  static async open(options: SceneOptions): Promise<Scene> {
    const dataDir = await mkdtemp(join(tmpdir(), "sluice-chaos-"));
    // Counters show what they are at once, so that they can be compared.
    await writeFile(join(dataDir, "sluice.yaml"), "metrics:\n  birth_hold: 0s\n");
    const port = await freePort();
    return new Scene(options, dataDir, port, await Scene.#startAgent(options, dataDir, port));
  }

  static #startAgent({ database_url }: SceneOptions, dataDir: string, port: number): Promise<Agent> {
    const env = { SLUICE_CONFIG: join(dataDir, "sluice.yaml") };
    return startAgent({ dataDir, port, env, ...(database_url === undefined ? {} : { database_url }) });
  }

  get told(): Told {
    return this.#clients.told;
  }

  /** Starts an agent in place of one that was killed. */
  async restart(): Promise<void> {
    this.agent = await Scene.#startAgent(this.#options, this.dataDir, this.#port);
  }

  load(): void {
    this.#clients.start();
  }

  /** Waits until everything that was sent is acknowledged, and tells what is not as it must be. */
  async settle(): Promise<string[]> {
    await this.#ready();
    await this.#clients.drain();
    const client = new pg.Client(this.#options.connection(this.dataDir));
    await client.connect();
    try {
      await client.query("SET TimeZone = 'UTC'");
      const query: Query = async (sql) => (await client.query(sql)).rows;
      const metrics = await (await fetch(`${this.agent.url}/metrics`)).text();
      const { acknowledged, ids } = this.told;
      const found = await violations({ query, metrics, acknowledged, ids });
      return [...this.told.violations.splice(0), ...found, ...(await gateProblems(this.agent.url))];
    } finally {
      await client.end();
    }
  }

  /** Ends the agent in order and tells what it left behind. */
  async close(): Promise<string[]> {
    await this.agent.stop();
    let left = processesUsing(this.dataDir);
    for (let patience = 0; left.length > 0 && patience < 100; patience++) {
      await sleep(50);
      left = processesUsing(this.dataDir);
    }
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    return left.map(({ pid, name }) => `process ${pid} (${name}) was left over`);
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await answers(`${this.agent.url}/readyz`))) {
      if (performance.now() > deadline) throw new Error(`the agent is not ready again:\n${this.agent.errors}`);
      await sleep(50);
    }
  }
}
